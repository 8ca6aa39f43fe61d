//! What is too low to be heard is kept from the loudspeakers.
//!
//! No steady offset enters the room, but the windows of grains and segments make slow movement out of lows, and a blow (an
//! offset that sets in) rings in a long tail with all that the cut lets through. Neither is sound.

use green_ring_dsp::filter::OnePole;
use green_ring_dsp::{Sound, Spec};

/// Below this the wet sound falls by 6 dB an octave.
const LOWEST_HZ: f32 = 10.0;

/// Two high-passes.
#[derive(Debug)]
pub struct SubAudio {
    sides: [OnePole; 2],
}

impl SubAudio {
    /// High-passes at rest.
    pub fn new(spec: &Spec) -> Self {
        let mut side = OnePole::default();
        side.set_hz(LOWEST_HZ, spec.sample_rate as f32);
        Self { sides: [side; 2] }
    }

    /// Silence.
    pub fn reset(&mut self) {
        self.sides.iter_mut().for_each(|side| side.reset(0.0));
    }

    /// Takes the lowest out of `frames` frames of `sound`.
    pub fn process(&mut self, sound: &mut Sound, frames: usize) {
        let ([left, right], [low_left, low_right]) = (sound, &mut self.sides);
        for (l, r) in left.iter_mut().zip(right).take(frames) {
            (*l, *r) = (low_left.high(*l), low_right.high(*r));
        }
    }
}
