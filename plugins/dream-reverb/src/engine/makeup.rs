//! Makeup: a frozen room is as loud as it was before.
//!
//! Freeze closes the input, and the early reflections, which are the input, go with it: steady sound would fall by their
//! share. What is held is therefore made louder by what was lost, and when the freeze is let go it goes back while they
//! return. A tail that rang by itself when it was caught has lost nothing and is left as it is. So what counts is what was
//! heard: the power of the early reflections over that of all else, of late, but at most as in steady sound ([`share`]).

use super::balance::share;
use super::settings::Settings;
use green_ring_dsp::door::settle;
use green_ring_dsp::{CELL, Ramp, Sound, Spec, units};

/// Seconds over which power is followed: a syllable. Longer, a tail would still be reckoned as what made it.
const FOLLOW_S: f32 = 0.12;

/// Seconds in which the level moves, as the input closes.
const MOVE_S: f64 = 0.06;

/// What makes up for the early reflections.
#[derive(Debug)]
pub struct Makeup {
    keep: f32,
    /// Powers of the early reflections and of all that is heard: in this cell so far, and as they are followed.
    cell: [f32; 2],
    power: [f32; 2],
    frozen: bool,
    gain: Ramp,
}

impl Makeup {
    /// A makeup that has heard nothing.
    pub fn new(spec: &Spec) -> Self {
        Self {
            keep: units::pole(FOLLOW_S, spec.sample_rate as f32 / CELL as f32),
            cell: [0.0; 2],
            power: [0.0; 2],
            frozen: false,
            gain: Ramp::new(1.0, spec.samples(MOVE_S)),
        }
    }

    /// Has heard nothing.
    pub fn reset(&mut self) {
        (self.cell, self.power, self.frozen) = ([0.0; 2], [0.0; 2], false);
        self.gain.jump(1.0);
    }

    /// At a cell's edge: follows what was heard, or makes up for it under Freeze.
    pub fn latch(&mut self, settings: &Settings) {
        for (power, cell) in self.power.iter_mut().zip(&mut self.cell) {
            let heard = std::mem::take(cell);
            *power = settle(heard + self.keep * (*power - heard));
        }
        if settings.freeze != self.frozen {
            self.frozen = settings.freeze;
            self.gain.go(if self.frozen { self.lost(settings) } else { 1.0 });
        }
    }

    /// Hears `early`, the early reflections alone, and `all` of which they are a part.
    pub fn hear(&mut self, early: &Sound, all: &Sound, frames: usize) {
        for (cell, sound) in self.cell.iter_mut().zip([early, all]) {
            for (left, right) in sound[0].iter().zip(&sound[1]).take(frames) {
                *cell += left * left + right * right;
            }
        }
    }

    /// Makes up for what is lost of `frames` frames of the `room`.
    pub fn process(&mut self, room: &mut Sound, frames: usize) {
        if self.gain.rests_at(1.0) {
            return;
        }
        let gains = self.gain.ticks(frames);
        for side in room {
            side.iter_mut().zip(&gains).for_each(|(x, gain)| *x *= gain);
        }
    }

    /// The gain that gives what is held the power of all that was heard.
    fn lost(&self, settings: &Settings) -> f32 {
        let [early, all] = self.power;
        let heard = if all > 0.0 { (early / all).min(share(settings)) } else { 0.0 };
        (1.0 - heard).sqrt().recip()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gain under Freeze after a second of `early` and a tail, both of these powers.
    fn frozen(early: f32, tail: f32) -> f32 {
        let mut makeup = Makeup::new(&Spec { sample_rate: 48_000.0, channels: 2 });
        let mut room = [[1.0; CELL]; 2];
        for cell in 0..3_000 {
            makeup.latch(&Settings { freeze: cell >= 1_500, ..Settings::default() });
            if cell < 1_500 {
                makeup.hear(&[[early.sqrt(); CELL]; 2], &[[(early + tail).sqrt(); CELL]; 2], CELL);
            }
            room = [[1.0; CELL]; 2];
            makeup.process(&mut room, CELL);
        }
        room[1][CELL - 1]
    }

    #[test]
    fn what_was_lost_is_made_up_for_and_no_more() {
        assert!((units::db(frozen(0.1, 0.9)) - 0.458).abs() < 0.01);
        assert_eq!(frozen(0.0, 1.0), 1.0);
        assert_eq!(frozen(0.0, 0.0), 1.0);
        assert!((units::db(frozen(1.0, 0.0)) - 1.871).abs() < 0.01, "at most as in steady sound");
    }
}
