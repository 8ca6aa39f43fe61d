//! A grain of the shifter: a piece of the past, read faster or slower, that rises and falls.

use crate::engine::network::TAPS;
use crate::engine::ring::Ring;
use crate::engine::room::CHANNELS;
use green_ring_dsp::Sound;
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

    /// Its next `frames` frames, left and right, out of the `past` of the four taps, in which the next sample will be written
    /// at `now`.
    pub fn read(&mut self, past: &[Ring; TAPS], now: usize, sinc: &Sinc, frames: usize) -> Sound {
        let mut sound = Sound::default();
        let from = self.wait.min(frames);
        self.wait -= from;
        let to = frames.min(from + self.rise + self.fall - self.age);
        let [lefts, rights] = &mut sound;
        for (frame, (l, r)) in lefts.iter_mut().zip(rights).enumerate().take(to).skip(from) {
            let delay = self.delay - self.gain * self.age as f64;
            let whole = delay as usize;
            let oldest = now.wrapping_add(frame).wrapping_sub(whole + REACH);
            let read = self.taps.map(|tap| past[tap].read(oldest, 2 * REACH));
            let [left, right] = sinc.sum_pair(read, 0, (delay - whole as f64) as f32);
            let weight = self.weight();
            (*l, *r) = (weight * left, weight * right);
            self.age += 1;
        }
        sound
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
