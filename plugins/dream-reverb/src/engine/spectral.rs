//! Freeze for as long as one likes: the lossless network goes over into the spectral hold.
//!
//! The network holds a tail at once and without loss, but it is a few seconds of sound that go round. So while it holds,
//! the spectral hold listens to it, and takes over when it is ready. The two have nothing in common, so their powers are
//! crossed. When the freeze is let go the network still has what it held.

use super::hold::Hold;
use super::tail_ring::TailRing;
use green_ring_dsp::{CELL, Ramp, Sound, Spec};
use std::f32::consts::FRAC_PI_2;

/// Seconds in which the hold takes over.
const OVER_S: f64 = 1.5;

/// Seconds in which it is let go: less than a frame of it lasts.
const BACK_S: f64 = 0.08;

/// The spectral hold, and how far it has taken over.
#[derive(Debug)]
pub struct Spectral {
    hold: Hold,
    on: bool,
    works: bool,
    over: Ramp,
    back: Ramp,
}

impl Spectral {
    /// A hold of nothing. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let (over, back) = (Ramp::new(0.0, spec.samples(OVER_S)), Ramp::new(0.0, spec.samples(BACK_S)));
        Self { hold: Hold::new(spec), on: false, works: false, over, back }
    }

    /// Holds nothing.
    pub fn reset(&mut self) {
        self.hold.reset();
        (self.on, self.works) = (false, false);
        self.over.jump(0.0);
        self.back.jump(0.0);
    }

    /// At the edge of the cell that begins at song sample `at`, before `ring` seeks it.
    pub fn latch(&mut self, freeze: bool, at: i64, seed: u32, ring: &TailRing) {
        if !freeze {
            self.on = false;
            self.back.go(0.0);
        } else if !self.on && self.back.rests_at(0.0) {
            // A freeze that comes back at once waits until the last one has faded: it has to listen anew.
            self.on = true;
            self.over.jump(0.0);
            self.back.jump(1.0);
        }
        let worked = self.works;
        self.works = self.on || !self.back.rests_at(0.0);
        if self.works {
            self.hold.latch(self.on, at, seed, ring);
        } else if worked {
            self.hold.reset();
        }
        if self.on && self.hold.ready() {
            self.over.go(1.0);
        }
    }

    /// What is held of `frames` frames of `room`, or the room itself.
    pub fn process(&mut self, room: &Sound, frames: usize) -> Sound {
        if !self.works {
            return *room;
        }
        let mut sound = self.hold.process(frames);
        let mut gains = [[0.0; 2]; CELL];
        for gain in &mut gains[..frames] {
            let (sin, cos) = (FRAC_PI_2 * self.over.tick() * self.back.tick()).sin_cos();
            *gain = [cos, sin];
        }
        for (held, room) in sound.iter_mut().zip(room) {
            for ((held, room), [from, to]) in held.iter_mut().zip(room).zip(&gains[..frames]) {
                *held = from * room + to * *held;
            }
        }
        sound
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::chance::Chance;

    #[test]
    fn it_takes_over_at_the_level_of_the_room_and_goes_back_to_it() {
        let spec = Spec { sample_rate: 48_000.0, channels: 2 };
        let (mut spectral, mut ring, chance) = (Spectral::new(&spec), TailRing::new(&spec), Chance::new(1, 1));
        let (mut power, mut last) = ([0.0f64; 12], ([[0.0; CELL]; 2], [[0.0; CELL]; 2]));
        for cell in 0..18_000i64 {
            let freeze = (1_500..15_000).contains(&cell);
            let at = cell * CELL as i64;
            spectral.latch(freeze, at, 1, &ring);
            ring.seek(at);
            let noise: [[f32; 2]; CELL] = std::array::from_fn(|n| chance.normal(at + n as i64));
            let room: Sound = std::array::from_fn(|side| noise.map(|x| x[side]));
            ring.write(&room, CELL);
            let heard = spectral.process(&room, CELL);
            power[cell as usize / 1_500] += heard[0].iter().map(|x| f64::from(x * x)).sum::<f64>() / 48_000.0;
            if cell == 14_000 {
                assert_ne!(heard, room);
            }
            last = (room, heard);
        }
        assert!(power.iter().all(|power| (10.0 * power.log10()).abs() < 0.7), "{power:.2?}");
        assert_eq!(last.0, last.1);
    }
}
