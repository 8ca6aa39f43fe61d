//! The room's movement: twelve slow values that are a function of the song's place and the seed.
//!
//! Each is a sum of two sines whose rates have no common measure, so that it never repeats within a film, and has no
//! past, so that a bounce from any bar finds it where a full playback has it. When the song jumps, the values go over
//! to the new place within a moment instead of leaping.

use super::sine::sine;
use green_ring_dsp::chance::Chance;
use green_ring_dsp::{CELL, Ramp, Spec};

/// Pairs of lines that turn into each other.
pub const TURNS: usize = 8;
/// Taps that sway in time.
pub const SWAYS: usize = 4;
const VALUES: usize = TURNS + SWAYS;

/// Seconds that movement takes to go over to another place, seed or amount.
const GLIDE_S: f64 = 0.12;

/// Slowest and fastest movement in hertz. By the literature's "slow" example (1 Hz) downwards: faster than this a held
/// chord is heard to shake.
const RATES_HZ: [f64; 2] = [0.07, 0.45];

/// Share of the second sine.
const SECOND: f64 = 0.6;

/// Lane of chance for rates and phases.
const LANE: u32 = 5;

/// Twelve moving values, each within -1..1.
#[derive(Debug)]
pub struct Motion {
    seed: Option<u32>,
    sines: [[Sine; 2]; VALUES],
    /// When and where the last cell was to end, and the values then, with what is left of a jump and by the amount.
    expected_s: f64,
    expected: [f32; VALUES],
    value: [f32; VALUES],
    /// What is left of a jump, and its weight.
    offset: [f32; VALUES],
    left: Ramp,
    amount: Ramp,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sine {
    rate_hz: f64,
    phase: f64,
}

impl Motion {
    /// Movement that begins where the first settings put it.
    pub fn new(spec: &Spec) -> Self {
        let glide_cells = spec.samples(GLIDE_S) / CELL + 1;
        Self {
            seed: None,
            sines: Default::default(),
            expected_s: 0.0,
            expected: [0.0; VALUES],
            value: [0.0; VALUES],
            offset: [0.0; VALUES],
            left: Ramp::new(0.0, glide_cells),
            amount: Ramp::new(0.0, glide_cells),
        }
    }

    /// The next place is taken at once.
    pub fn reset(&mut self) {
        self.seed = None;
        self.left.jump(0.0);
    }

    /// Moves to the end of a cell that lasts from `from_s` to `to_s` on the movement's clock.
    pub fn advance(&mut self, from_s: f64, to_s: f64, seed: u32, amount: f32) {
        let fresh = self.seed.is_none();
        let leapt = self.seed != Some(seed) || self.expected_s != from_s;
        if self.seed != Some(seed) {
            self.draw(seed);
        }
        self.amount.go(amount);
        if fresh {
            self.amount.jump(amount);
        } else if leapt {
            self.catch_jump(&self.places(from_s));
        }
        let (amount, left) = (self.amount.tick(), self.left.tick());
        (self.expected_s, self.expected) = (to_s, self.places(to_s));
        for k in 0..VALUES {
            self.value[k] = amount * (self.expected[k] + left * self.offset[k]);
        }
    }

    /// How far each pair of lines has turned, -1..1 times the amount.
    pub fn turns(&self) -> &[f32] {
        &self.value[..TURNS]
    }

    /// How far each tap has swayed, -1..1 times the amount.
    pub fn sways(&self) -> &[f32] {
        &self.value[TURNS..]
    }

    /// Keeps the values where they are if the song or the seed has leapt, to glide from there.
    fn catch_jump(&mut self, places: &[f32; VALUES]) {
        let leapt = places.iter().zip(&self.expected).any(|(place, expected)| (place - expected).abs() > 1e-5);
        if leapt {
            let left = self.left.value();
            for ((offset, expected), place) in self.offset.iter_mut().zip(&self.expected).zip(places) {
                *offset = expected + left * *offset - place;
            }
            self.left.jump(1.0);
            self.left.go(0.0);
        }
    }

    fn places(&self, at_s: f64) -> [f32; VALUES] {
        let sine = |s: &Sine| sine(s.rate_hz * at_s + s.phase);
        self.sines.map(|[a, b]| ((sine(&a) + SECOND * sine(&b)) / (1.0 + SECOND)) as f32)
    }

    fn draw(&mut self, seed: u32) {
        self.seed = Some(seed);
        let [slowest, fastest] = RATES_HZ;
        for (k, pair) in self.sines.iter_mut().enumerate() {
            let [a, b, c, d] = Chance::new(seed, LANE).uniform(k as i64).map(f64::from);
            let rate = |chance: f64| slowest * (fastest / slowest).powf(chance);
            *pair = [Sine { rate_hz: rate(a), phase: b }, Sine { rate_hz: rate(c), phase: d }];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELL_S: f64 = CELL as f64 / 48_000.0;

    fn motion() -> Motion {
        Motion::new(&Spec { sample_rate: 48_000.0, channels: 2 })
    }

    fn run(motion: &mut Motion, cells: std::ops::Range<i64>, amount: f32) -> Vec<[f32; VALUES]> {
        let place = |cell: i64| cell as f64 * CELL_S;
        cells.map(|c| (motion.advance(place(c), place(c + 1), 9, amount), motion.value).1).collect()
    }

    #[test]
    fn it_stands_still_at_zero_and_is_slow_and_centred_at_one() {
        assert!(run(&mut motion(), 0..100, 0.0).as_flattened().iter().all(|v| *v == 0.0));
        let values = run(&mut motion(), 0..400_000, 1.0);
        for k in 0..VALUES {
            let mean = values.iter().map(|v| v[k]).sum::<f32>() / values.len() as f32;
            let fastest = values.windows(2).map(|w| (w[1][k] - w[0][k]).abs()).fold(0.0, f32::max);
            assert!(mean.abs() < 0.05 && fastest < 0.003 && fastest > 0.0001, "{k}: {mean} {fastest}");
        }
    }

    #[test]
    fn a_jump_is_glided_over_and_then_forgotten() {
        let mut jumped = motion();
        run(&mut jumped, 0..1_000, 1.0);
        let before = jumped.value;
        let after = run(&mut jumped, 50_000..50_300, 1.0);
        assert!(before.iter().zip(&after[0]).all(|(a, b)| (a - b).abs() < 0.01));
        let straight = run(&mut motion(), 50_000..50_300, 1.0);
        assert_ne!(after[50], straight[50]);
        assert_eq!(after[299], straight[299]);
    }
}
