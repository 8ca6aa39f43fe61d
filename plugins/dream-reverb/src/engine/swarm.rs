//! The grains that sound, each under its window.

use super::tail_ring::TailRing;
use green_ring_dsp::{CELL, Sound};

/// Grains that may sound at once. A grain whose place is taken, as after a leap of the size, is left out.
pub const PLACES: usize = 24;

/// One recollection.
#[derive(Clone, Copy, Debug)]
pub struct Grain {
    /// The song sample with which it begins to sound.
    pub from: i64,
    /// The one before which it is over.
    pub to: i64,
    /// The song sample that it recollects first.
    pub source: i64,
    /// Whether it goes back from there.
    pub reversed: bool,
    /// Its gains, left and right.
    pub gains: [f32; 2],
}

impl Grain {
    /// Adds what it sounds like from song sample `from` on to `frames` frames of `sound`.
    pub fn add(&self, ring: &TailRing, from: i64, sound: &mut Sound, frames: usize) {
        let (first, end) = (self.from.max(from), self.to.min(from + frames as i64));
        if first >= end {
            return;
        }
        let (age, count) = (first - self.from, (end - first) as usize);
        let past = if self.reversed {
            ring.backward(self.source - age, count)
        } else {
            ring.forward(self.source + age, count)
        };
        let (skip, step) = ((first - from) as usize, 1.0 / (self.to - self.from) as f32);
        let mut window = [0.0; CELL];
        for (k, w) in window[..count].iter_mut().enumerate() {
            let x = ((age + k as i64) as f32 + 0.5) * step;
            let arch = 4.0 * x * (1.0 - x);
            *w = arch * arch;
        }
        for ((sound, past), gain) in sound.iter_mut().zip(&past).zip(self.gains) {
            for ((y, x), w) in sound[skip..].iter_mut().zip(&past[..count]).zip(&window) {
                *y += gain * w * x;
            }
        }
    }
}

/// The grains that sound, each at the place of its number, so that they always add up in the same order.
#[derive(Debug)]
pub struct Swarm {
    /// A grain at each taken place.
    pub places: [Option<Grain>; PLACES],
}

impl Swarm {
    /// What sounds from song sample `from` on; grains that are over leave.
    pub fn play(&mut self, ring: &TailRing, from: i64, frames: usize) -> Sound {
        let mut sound = [[0.0; CELL]; 2];
        for place in &mut self.places {
            if let Some(grain) = place {
                grain.add(ring, from, &mut sound, frames);
                if grain.to <= from + frames as i64 {
                    *place = None;
                }
            }
        }
        sound
    }
}
