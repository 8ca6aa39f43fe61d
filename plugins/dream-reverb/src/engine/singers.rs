//! The singers of the choir: how each sways and comes nearer, as a function of the song's place and the seed.

use super::formants::VOICES;
use green_ring_dsp::chance::Chance;
use green_ring_dsp::{CELL, Ramp, Spec};
use std::f64::consts::TAU;

/// Rates of vibrato in hertz.
const VIBRATO_HZ: [f64; 2] = [4.6, 5.8];

/// Seconds of sway by vibrato, which bend a tone by 8 cents.
pub const VIBRATO_S: f64 = 0.000_15;

/// Rates of the slow drift in hertz.
const DRIFT_HZ: [f64; 2] = [0.09, 0.23];

/// Seconds of sway by drift, which bend a tone by 6 cents.
pub const DRIFT_S: f64 = 0.002;

/// Seconds that movement takes to go over to another place.
const JUMP_S: f64 = 0.12;

/// Lane of chance for rates and phases.
const LANE: u32 = 44;

/// Where each voice stands: seconds of sway and nearness (-1..1), as functions of place that are glided between when the
/// song jumps.
#[derive(Debug)]
pub struct Movement {
    seed: u32,
    rates_hz: [[f64; 3]; VOICES],
    phases: [[f64; 3]; VOICES],
    expected_s: f64,
    at: [[f64; 2]; VOICES],
    /// What is left of a jump, and its weight.
    offset: [[f64; 2]; VOICES],
    left: Ramp,
}

impl Movement {
    /// Singers that stand where the first place puts them.
    pub fn new(spec: &Spec) -> Self {
        let rest = [[0.0; 2]; VOICES];
        let draws = [[0.0; 3]; VOICES];
        let left = Ramp::new(0.0, spec.samples(JUMP_S) / CELL + 1);
        Self { seed: 0, rates_hz: draws, phases: draws, expected_s: 0.0, at: rest, offset: rest, left }
    }

    /// Moves to the end of a cell that lasts over these seconds; `fresh`: at once.
    pub fn advance(&mut self, [from_s, to_s]: [f64; 2], seed: u32, fresh: bool) {
        let leapt = self.expected_s != from_s || self.seed != seed;
        let before = self.places();
        if fresh || self.seed != seed {
            self.draw(seed);
        }
        if fresh {
            self.left.jump(0.0);
        } else if leapt {
            self.offset = difference(&before, &self.functions(from_s));
            self.left.jump(1.0);
            self.left.go(0.0);
        }
        self.left.tick();
        (self.expected_s, self.at) = (to_s, self.functions(to_s));
    }

    /// Sway in seconds and nearness (-1..1) of each voice.
    pub fn places(&self) -> [[f64; 2]; VOICES] {
        let left = self.left.value() as f64;
        std::array::from_fn(|voice| std::array::from_fn(|k| self.at[voice][k] + left * self.offset[voice][k]))
    }

    fn functions(&self, at_s: f64) -> [[f64; 2]; VOICES] {
        std::array::from_fn(|voice| {
            let sine = |k: usize| (TAU * (self.rates_hz[voice][k] * at_s + self.phases[voice][k]).fract()).sin();
            [VIBRATO_S * sine(0) + DRIFT_S * sine(1), sine(2)]
        })
    }

    fn draw(&mut self, seed: u32) {
        self.seed = seed;
        let chance = Chance::new(seed, LANE);
        for voice in 0..VOICES {
            let [rates, phases] = [0, 1].map(|k| chance.uniform(2 * voice as i64 + k).map(f64::from));
            let between = |[slow, fast]: [f64; 2], share: f64| slow * (fast / slow).powf(share);
            self.rates_hz[voice] =
                [between(VIBRATO_HZ, rates[0]), between(DRIFT_HZ, rates[1]), between(DRIFT_HZ, rates[2])];
            self.phases[voice] = [phases[0], phases[1], phases[2]];
        }
    }
}

fn difference(a: &[[f64; 2]; VOICES], b: &[[f64; 2]; VOICES]) -> [[f64; 2]; VOICES] {
    std::array::from_fn(|voice| std::array::from_fn(|k| a[voice][k] - b[voice][k]))
}
