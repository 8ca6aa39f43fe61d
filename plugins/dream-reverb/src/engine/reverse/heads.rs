//! The heads of Reverse: from which lines sound runs backwards, and how one hands over to the next.

use crate::engine::clock::Line;
use crate::engine::tail_ring::{TailRing, smooth};
use green_ring_dsp::{CELL, Sound};
use std::f32::consts::FRAC_PI_2;
use std::ops::Range;

/// The lines from which sound runs backwards: the present one, and the one that hands over to it.
#[derive(Debug)]
pub struct Heads {
    /// The present line.
    pub head: Line,
    last: Option<Line>,
    /// Frames of the handing over that are done, and that it takes.
    faded: u32,
    fade: u32,
}

impl Heads {
    /// One head that has long set out.
    pub fn at(head: Line) -> Self {
        Self { head, last: None, faded: 1, fade: 1 }
    }

    /// Whether no handing over is under way.
    pub fn done(&self) -> bool {
        self.faded == self.fade
    }

    /// Hands over to `head` in `fade` frames, from `last` or from silence.
    pub fn cross_to(&mut self, head: Line, last: Option<Line>, fade: u32) {
        *self = Self { head, last, faded: 0, fade };
    }

    /// Plays `part` of `sound`, whose first frame is song sample `from`.
    pub fn play(&mut self, ring: &TailRing, from: i64, sound: &mut Sound, part: Range<usize>) {
        let (at, frames) = (from + part.start as i64, part.len());
        let read = |line: Line| ring.backward(2 * line.sample - at, frames);
        let mut new = read(self.head);
        if !self.done() {
            self.cross(&mut new, &self.last.map_or([[0.0; CELL]; 2], read), frames);
        }
        for (sound, new) in sound.iter_mut().zip(&new) {
            sound[part.clone()].copy_from_slice(&new[..frames]);
        }
    }

    /// Fades `new` in and `old` out, at equal power: the two have nothing in common.
    fn cross(&mut self, new: &mut Sound, old: &Sound, frames: usize) {
        for k in 0..frames {
            let angle = FRAC_PI_2 * smooth(self.faded as f32 / self.fade as f32);
            let (rising, falling) = if self.done() { (1.0, 0.0) } else { angle.sin_cos() };
            for (new, old) in new.iter_mut().zip(old) {
                new[k] = rising * new[k] + falling * old[k];
            }
            self.faded = (self.faded + 1).min(self.fade);
        }
    }
}
