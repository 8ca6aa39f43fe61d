//! What was sounding when the song jumped, fading away.

use super::tail_ring::smooth;
use green_ring_dsp::{CELL, Sound, Spec};

/// Seconds in which it fades.
pub const FADE_S: f64 = 0.02;

/// A short piece of sound, rendered at the jump from a past that the jump then forgets.
#[derive(Debug)]
pub struct Ghost {
    sides: [Box<[f32]>; 2],
    at: usize,
}

impl Ghost {
    /// No ghost. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let frames = spec.samples(FADE_S).max(CELL);
        let side = || vec![0.0; frames].into_boxed_slice();
        Self { sides: [side(), side()], at: frames }
    }

    /// No ghost.
    pub fn reset(&mut self) {
        self.at = self.sides[0].len();
    }

    /// Catches what `play(offset, frames)` would sound like from here on, and what is left of an earlier ghost.
    pub fn catch(&mut self, mut play: impl FnMut(usize, usize) -> Sound) {
        let length = self.sides[0].len();
        for from in (0..length).step_by(CELL) {
            let frames = CELL.min(length - from);
            let sound = play(from, frames);
            for (side, sound) in self.sides.iter_mut().zip(&sound) {
                for (k, x) in (from..).zip(&sound[..frames]) {
                    let earlier = side.get(self.at + k).copied().unwrap_or(0.0);
                    side[k] = (x + earlier) * smooth((length - k) as f32 / length as f32);
                }
            }
        }
        self.at = 0;
    }

    /// Adds `frames` frames of it to `sound`.
    pub fn add(&mut self, sound: &mut Sound, frames: usize) {
        let end = (self.at + frames).min(self.sides[0].len());
        for (sound, side) in sound.iter_mut().zip(&self.sides) {
            sound.iter_mut().zip(&side[self.at..end]).for_each(|(y, x)| *y += x);
        }
        self.at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_where_the_sound_was_and_fades_also_when_caught_again() {
        let mut ghost = Ghost::new(&Spec { sample_rate: 48_000.0, channels: 2 });
        let mut heard = vec![1.0];
        for cell in 0..60 {
            if cell == 0 || cell == 5 {
                let level = if cell == 0 { 1.0 } else { 0.0 };
                ghost.catch(|_, _| [[level; CELL]; 2]);
            }
            let mut sound = [[0.0; CELL]; 2];
            ghost.add(&mut sound, CELL);
            heard.extend(sound[0]);
        }
        assert!(heard.windows(2).all(|w| (w[1] - w[0]).abs() < 0.006 && w[1] <= w[0] + 1e-6));
        assert_eq!(heard[60 * CELL], 0.0);
    }
}
