//! Silence before the room answers. Its length changes by crossfade.

use super::Cell;
use super::lines::Lines;
use green_ring_dsp::{Sound, Spec};

/// The longest pre-delay in seconds.
pub const LONGEST_S: f64 = 1.0;

/// Two sides, delayed alike.
#[derive(Debug)]
pub struct PreDelay {
    rate_hz: f64,
    /// A bank for each side, so that both change in the same turn.
    sides: [Lines<1>; 2],
}

impl PreDelay {
    /// A pre-delay of up to a second. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let longest = spec.samples(LONGEST_S);
        Self { rate_hz: spec.sample_rate, sides: std::array::from_fn(|_| Lines::new(spec, longest)) }
    }

    /// Silence; the next length is taken at once.
    pub fn reset(&mut self) {
        self.sides.iter_mut().for_each(Lines::reset);
    }

    /// One of [`WIPES`](super::ring::WIPES) parts of a reset, without the rest of it.
    pub fn wipe(&mut self, part: usize) {
        self.sides.iter_mut().for_each(|side| side.wipe(part));
    }

    /// At the edge of `cell`: moves to a delay of `seconds`.
    pub fn latch(&mut self, cell: &Cell, seconds: f64) {
        let length = (seconds.min(LONGEST_S) * self.rate_hz).round() as usize;
        self.sides.iter_mut().for_each(|side| side.aim(cell.number, &[length]));
    }

    /// Delays `frames` frames of `sound`.
    pub fn process(&mut self, sound: &mut Sound, frames: usize) {
        for (side, sound) in self.sides.iter_mut().zip(sound) {
            let sound = std::array::from_mut(sound);
            side.write(sound, frames);
            side.read(sound, frames);
            side.advance(frames);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::CELL;

    #[test]
    fn it_is_as_long_as_told() {
        let mut delay = PreDelay::new(&Spec { sample_rate: 48_000.0, channels: 2 });
        let mut heard = vec![];
        for number in 0..20 {
            delay.latch(&Cell { number, frames: CELL, leapt: false }, 0.01);
            let mut sound = [[0.0; CELL]; 2];
            sound[1][0] = if number == 0 { 1.0 } else { 0.0 };
            delay.process(&mut sound, CELL);
            heard.extend(sound[1]);
        }
        assert_eq!(heard.iter().position(|x| *x != 0.0), Some(480));
    }
}
