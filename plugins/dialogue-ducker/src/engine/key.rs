//! The key: one or two channels of dialogue made one.

use green_ring_dsp::door::settle;
use green_ring_dsp::{CELL, Sound, units};

/// Seconds over which the sizes of the two channels are compared.
const COMPARE_S: f32 = 0.05;

/// Sums the key so that a voice in one channel and the same voice in both read the same: left + right, weighted by
/// the louder channel's share of their sizes.
#[derive(Clone, Debug)]
pub struct Key {
    keep: f32,
    /// Mean magnitude of the left and right channel.
    size: [f32; 2],
}

impl Key {
    /// A silent key at `rate_hz`.
    pub fn new(rate_hz: f64) -> Self {
        Self { keep: units::pole(COMPARE_S, rate_hz as f32), size: [0.0; 2] }
    }

    /// Equal to fresh.
    pub fn reset(&mut self) {
        self.size = [0.0; 2];
    }

    /// The sum of `frames` frames.
    pub fn sum(&mut self, key: &Sound, frames: usize) -> [f32; CELL] {
        let mut mono = [0.0; CELL];
        for k in 0..frames {
            let frame = [key[0][k], key[1][k]];
            for (size, x) in self.size.iter_mut().zip(frame) {
                *size = settle(x.abs() + self.keep * (*size - x.abs()));
            }
            let both = self.size[0] + self.size[1];
            if both > 0.0 {
                mono[k] = (frame[0] + frame[1]) * (self.size[0].max(self.size[1]) / both);
            }
        }
        mono
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_reads_the_same_on_one_channel_or_on_both() {
        let voice: [f32; CELL] = std::array::from_fn(|k| (k as f32 * 0.7).sin());
        let sum = |left, right| Key::new(48_000.0).sum(&[left, right], CELL);
        let silent = [0.0; CELL];
        assert_eq!(sum(voice, voice), voice);
        assert_eq!(sum(voice, silent), voice);
        assert_eq!(sum(silent, voice), voice);
        assert_eq!(sum(silent, silent), silent);
    }
}
