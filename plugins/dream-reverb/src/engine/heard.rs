//! The latest of the wet sound, kept for whoever draws it. Nothing that is heard depends on it.

use green_ring_dsp::Sound;

/// Frames that are kept: 0.34 s at 48 kHz, more than a host hands over at once.
pub const KEPT: usize = 1 << 14;

/// A ring of what was heard wet, and a count of all of it.
#[derive(Debug)]
pub struct Heard {
    ring: Box<[[f32; 2]]>,
    count: usize,
}

impl Heard {
    /// Nothing heard yet. Allocates.
    pub fn new() -> Self {
        Self { ring: vec![[0.0; 2]; KEPT].into(), count: 0 }
    }

    /// Keeps `frames` frames of `sound`.
    pub fn note(&mut self, sound: &Sound, frames: usize) {
        for (l, r) in sound[0].iter().zip(&sound[1]).take(frames) {
            self.ring[self.count % KEPT] = [*l, *r];
            self.count += 1;
        }
    }

    /// Frames heard since the engine was made.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Left and right of frame number `at`, one of the last [`KEPT`].
    pub fn frame(&self, at: usize) -> [f32; 2] {
        self.ring[at % KEPT]
    }
}

impl Default for Heard {
    fn default() -> Self {
        Self::new()
    }
}
