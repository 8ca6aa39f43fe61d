//! A frame of the held sound, and how far it has sounded.

use green_ring_dsp::Sound;
use std::ops::Range;

/// A frame of the held sound.
#[derive(Debug)]
pub struct Frame {
    /// Left and right.
    pub sides: [Box<[f32]>; 2],
    /// How much of it has sounded.
    pub at: usize,
}

impl Frame {
    /// One that is over. Allocates.
    pub fn new(size: usize) -> Self {
        Self { sides: std::array::from_fn(|_| vec![0.0; size].into_boxed_slice()), at: size }
    }

    /// Adds its next frames to `part` of `sound`, until it is over.
    pub fn add(&mut self, sound: &mut Sound, part: Range<usize>) {
        let end = (self.at + part.len()).min(self.sides[0].len());
        for (sound, side) in sound.iter_mut().zip(&self.sides) {
            sound[part.clone()].iter_mut().zip(&side[self.at..end]).for_each(|(y, x)| *y += x);
        }
        self.at = end;
    }
}
