//! A grain of the shifter: a piece of the past, read faster or slower, that rises and falls.

use crate::engine::network::TAPS;
use crate::engine::ring::Ring;
use crate::engine::room::CHANNELS;
use green_ring_dsp::sinc::Sinc;

/// Samples on either side from which one between them is read.
pub const REACH: usize = 8;

/// One piece of the past on its way.
#[derive(Clone, Copy, Debug, Default)]
pub struct Grain {
    /// Frames until it begins.
    pub wait: usize,
    /// Frames that are done.
    pub age: usize,
    /// Frames in which it rises, and in which it falls.
    pub rise: usize,
    pub fall: usize,
    /// Delay of its first sample, and how much nearer the reading comes with each sample.
    pub delay: f64,
    pub gain: f64,
    /// The tap that each side is read from, and signs of the channels.
    pub taps: [usize; 2],
    pub signs: [f32; CHANNELS],
}

impl Grain {
    /// Whether nothing of it is left to play.
    pub fn done(&self) -> bool {
        self.age >= self.rise + self.fall
    }

    /// Adds its next frames to `wide`, out of the `past` of the four taps, in which the next sample will be written at `now`.
    pub fn read(&mut self, past: &[Ring; TAPS], now: usize, sinc: &Sinc, wide: &mut [[f32; CHANNELS]]) {
        if self.done() {
            return;
        }
        let from = self.wait.min(wide.len());
        self.wait -= from;
        let to = wide.len().min(from + self.rise + self.fall - self.age);
        for (frame, wide) in wide.iter_mut().enumerate().take(to).skip(from) {
            let delay = self.delay - self.gain * self.age as f64;
            let oldest = now.wrapping_add(frame).wrapping_sub(delay as usize + REACH);
            let (weight, fraction) = (self.weight(), delay.fract() as f32);
            let sides = self.taps.map(|tap| weight * sinc.sum(past[tap].read(oldest, 2 * REACH), 0, fraction));
            for (k, x) in wide.iter_mut().enumerate() {
                *x += self.signs[k] * sides[k / (CHANNELS / 2)];
            }
            self.age += 1;
        }
    }

    fn weight(&self) -> f32 {
        if self.age < self.rise {
            rise(self.age as f32 / self.rise as f32)
        } else {
            rise(1.0 - (self.age - self.rise) as f32 / self.fall as f32)
        }
    }
}

/// Root of the smooth step of order seven: powers of this and of its mirror image sum to one, and it leaves zero with no
/// corner, which would be a click.
#[inline]
fn rise(t: f32) -> f32 {
    t * t * (35.0 - t * (84.0 - t * (70.0 - 20.0 * t))).max(0.0).sqrt()
}
