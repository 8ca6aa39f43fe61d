//! Pitch by overlapped grains: the past, read faster or slower, in short pieces that fade into each other.
//!
//! Grain n begins at (n + a little chance) steps of a clock and lasts until grain n + 2 begins; while one rises the one
//! before it falls, and their powers sum to one. Where a grain begins to read is left to chance over more than a period of
//! the lowest sound that passes, so that two grains never meet in a phase that could be foretold: there is no comb at the
//! grain rate, and power in is power out on average for any sound, a tone included. Chance also gives each grain one of its
//! side's two taps, and the signs with which it goes to its side's four channels.

mod grain;

use super::Cell;
use super::ceiling::Ceiling;
use super::lines::Wide;
use super::network::TAPS;
use super::ring::Ring;
use super::room::CHANNELS;
use grain::{Grain, REACH};
use green_ring_dsp::chance::Chance;
use green_ring_dsp::door::settle;
use green_ring_dsp::filter::SvfBank;
use green_ring_dsp::sinc::Sinc;
use green_ring_dsp::{CELL, Ramp, Spec};
use std::f32::consts::FRAC_1_SQRT_2;

/// Seconds from grain to grain. Long enough for a pitch, short enough to keep the words of a phrase in order.
const STEP_S: f64 = 0.06;

/// Seconds that a grain lasts, but for chance.
pub const GRAIN_S: f64 = 2.0 * STEP_S;

/// Chance in a grain's beginning, as a share of a step either way.
const LOOSE: f64 = 0.2;

/// Seconds over which chance spreads the places where grains begin to read: two and a half periods at 80 Hz.
const SPREAD_S: f64 = 0.03;

/// Below this nothing is shifted: grains are too short for it, and steps downwards would pile up there.
const LOW_CUT_HZ: f32 = 80.0;

/// Highest pitch that a shift gives, in hertz and as a share of the rate.
const TOP_HZ: f32 = 18_000.0;
const TOP_SHARE: f32 = 0.375;

/// The widest shift, in octaves either way.
const WIDEST: f64 = 2.0;

/// The shortest delay of a read: a cell's sound is written after the shifted sound has been read.
const LEAST: usize = CELL + REACH + 2;

/// Seconds that the ceiling takes to another pitch.
const GLIDE_S: f64 = 0.05;

/// Two overlap at any time; a jump of the song may leave two more to end.
const GRAINS: usize = 4;

/// Lane of chance for beginnings and places.
const LANE: u32 = 43;

/// A pitch shifter from four taps (left, left, right, right) to eight channels, four of each side.
#[derive(Debug)]
pub struct Shifter {
    spec: Spec,
    sinc: Sinc,
    low: SvfBank<TAPS>,
    /// Octaves under its rest that the ceiling is lowered by.
    lowered: Ramp,
    ceiling: Ceiling,
    past: [Ring; TAPS],
    now: usize,
    /// Samples of the past that were heard since the last silence, and the most that are remembered.
    heard: usize,
    longest: usize,
    grains: [Grain; GRAINS],
    fresh: bool,
}

impl Shifter {
    /// A shifter at rest. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let longest_s = (1.0 + 2.0 * LOOSE) * GRAIN_S * (WIDEST.exp2() - 1.0) + SPREAD_S;
        let longest = spec.samples(longest_s) + 2 * LEAST;
        let mut low = SvfBank::default();
        low.set(LOW_CUT_HZ, FRAC_1_SQRT_2, spec.sample_rate as f32);
        Self {
            spec: *spec,
            sinc: Sinc::new(REACH, 512),
            low,
            lowered: Ramp::new(0.0, spec.samples(GLIDE_S) / CELL + 1),
            ceiling: Ceiling::default(),
            past: std::array::from_fn(|_| Ring::new(longest)),
            now: 0,
            heard: 0,
            longest,
            grains: Default::default(),
            fresh: true,
        }
    }

    /// Silence. What is left in the rings is older than what was heard and never read: this costs nothing.
    pub fn reset(&mut self) {
        self.low.reset();
        self.ceiling.reset();
        (self.heard, self.grains, self.fresh) = (0, Default::default(), true);
    }

    /// Mean delay in seconds of sound that is shifted by `octaves`.
    pub fn delay_s(&self, octaves: f64) -> f64 {
        LEAST as f64 / self.spec.sample_rate + (octaves.exp2() - 1.0).abs() * STEP_S + 0.5 * SPREAD_S
    }

    /// At the edge of `cell`, which lasts from `from_s` to `to_s` in seconds from Start (true seconds, not scaled by a tempo):
    /// a grain that begins in it gets its shift of `octaves` (-2..2) for life.
    pub fn latch(&mut self, cell: &Cell, [from_s, to_s]: [f64; 2], seed: u32, octaves: f64) {
        self.lower(octaves.max(0.0) as f32);
        self.ceiling.calm();
        let chance = Chance::new(seed, LANE);
        let next = (to_s / STEP_S).floor() as i64;
        for number in [next, next + 1] {
            let begin_s = onset_s(&chance, number);
            if (from_s..to_s).contains(&begin_s) {
                let wait = ((begin_s - from_s) / (to_s - from_s) * cell.frames as f64) as usize;
                self.begin(wait, octaves, &chance, number);
            }
        }
    }

    /// The shifted sound of `frames` frames: a side's power is spread evenly over its channels.
    pub fn read(&mut self, frames: usize) -> Wide<CHANNELS> {
        let mut wide = [[0.0; CELL]; CHANNELS];
        for grain in self.grains.iter_mut().filter(|grain| !grain.done()) {
            let sides = grain.read(&self.past, self.now, &self.sinc, frames);
            for (k, (wide, sign)) in wide.iter_mut().zip(&grain.signs).enumerate() {
                wide.iter_mut().zip(&sides[k / (CHANNELS / 2)]).for_each(|(x, y)| *x += sign * y);
            }
        }
        wide
    }

    /// Takes in `frames` frames of the `taps`, after they have been read over.
    pub fn write(&mut self, taps: &[[f32; CELL]; TAPS], frames: usize) {
        let mut below = [[0.0; CELL]; TAPS];
        for frame in 0..frames {
            let above = self.low.tick(std::array::from_fn(|tap| taps[tap][frame])).high;
            let x = self.ceiling.tick(above.map(settle));
            (0..TAPS).for_each(|tap| below[tap][frame] = settle(x[tap]));
        }
        for (past, below) in self.past.iter_mut().zip(&below) {
            past.write(self.now, &below[..frames]);
        }
        self.now = self.now.wrapping_add(frames);
        self.heard = (self.heard + frames).min(self.longest);
    }

    fn begin(&mut self, wait: usize, octaves: f64, chance: &Chance, number: i64) {
        let between = |n| self.spec.samples(onset_s(chance, n + 1) - onset_s(chance, n)).max(1);
        let (rise, fall) = (between(number), between(number + 1));
        let gain = octaves.exp2() - 1.0;
        let spread = SPREAD_S * self.spec.sample_rate * chance.uniform(number)[1] as f64;
        let bits = chance.bits(number)[2];
        let taps = [bits >> 8 & 1, 2 + (bits >> 9 & 1)].map(|tap| tap as usize);
        let signs = std::array::from_fn(|k| if bits >> k & 1 == 0 { 0.5 } else { -0.5 });
        let delay = LEAST as f64 + spread + (gain * (rise + fall) as f64).max(0.0);
        // A clock that leaps again and again, as under a tempo ramp, does not pile grains up.
        let crowded = self.grains.iter().any(|grain| !grain.done() && grain.age + wait < grain.rise / 2);
        let heard = delay as usize + REACH < self.heard;
        if let Some(grain) = self.grains.iter_mut().find(|grain| grain.done() && heard && !crowded) {
            *grain = Grain { wait, age: 0, rise, fall, delay, gain, taps, signs };
        }
    }

    fn lower(&mut self, octaves: f32) {
        self.lowered.go(octaves);
        let fresh = std::mem::take(&mut self.fresh);
        if fresh {
            self.lowered.jump(octaves);
        }
        if fresh || self.lowered.moving() {
            let rate_hz = self.spec.sample_rate as f32;
            let hz = TOP_HZ.min(TOP_SHARE * rate_hz) * (-self.lowered.tick()).exp2();
            self.ceiling.set(hz, rate_hz);
        }
    }
}

/// When grain `number` begins, in seconds from Start.
fn onset_s(chance: &Chance, number: i64) -> f64 {
    STEP_S * (number as f64 + LOOSE * (2.0 * chance.uniform(number)[0] as f64 - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

    /// What comes out on the left, `seconds` of it, for the sound that `x` makes of the time in seconds.
    fn shifted(octaves: f64, seconds: f64, x: impl Fn(f64) -> f64) -> Vec<f32> {
        let (mut shifter, mut heard) = (Shifter::new(&SPEC), vec![]);
        for number in 0..(seconds * 1_500.0) as i64 {
            let at = |n: i64| (number * CELL as i64 + n) as f64 / 48_000.0;
            shifter.latch(&Cell { number, frames: CELL, leapt: false }, [at(0), at(CELL as i64)], 1, octaves);
            heard.extend(shifter.read(CELL)[0].map(|x| 2.0 * x));
            shifter.write(&[std::array::from_fn(|n| x(at(n as i64)) as f32); TAPS], CELL);
        }
        heard
    }

    fn sine(hz: f64) -> impl Fn(f64) -> f64 {
        move |t| (std::f64::consts::TAU * hz * t).sin()
    }

    fn power_db(sound: &[f32]) -> f64 {
        10.0 * (sound.iter().map(|x| (*x as f64).powi(2)).sum::<f64>() / sound.len() as f64).log10()
    }

    /// The place of the strongest of 400 tones within a quarter tone of `hz`, in cents from it.
    fn cents_off(sound: &[f32], hz: f64) -> f64 {
        let power = |cents: f64| {
            let w = std::f64::consts::TAU * hz * (cents / 1_200.0).exp2() / 48_000.0;
            // Half-second pieces, their powers averaged: grains have no phase in common.
            let piece = |piece: &[f32]| {
                let (mut c, mut s) = (0.0, 0.0);
                for (n, x) in piece.iter().enumerate() {
                    let hann = 1.0 - (std::f64::consts::TAU * n as f64 / piece.len() as f64).cos();
                    (c, s) = (c + hann * *x as f64 * (w * n as f64).cos(), s + hann * *x as f64 * (w * n as f64).sin());
                }
                c * c + s * s
            };
            sound.chunks_exact(9_600).map(piece).sum::<f64>()
        };
        let tried: Vec<f64> = (-25..=25).map(|k| 2.0 * k as f64).collect();
        let powers: Vec<f64> = tried.iter().map(|cents| power(*cents)).collect();
        tried.iter().zip(&powers).map(|(c, p)| c * p).sum::<f64>() / powers.iter().sum::<f64>()
    }

    #[test]
    fn pitch_is_as_told() {
        for (octaves, hz) in [(1.0, 440.0), (-1.0, 880.0), (7.0 / 12.0, 440.0), (2.0, 300.0), (-2.0, 2_000.0)] {
            let heard = shifted(octaves, 9.0, sine(hz));
            let off = cents_off(&heard[48_000..], hz * octaves.exp2());
            assert!(off.abs() < 6.0, "{octaves}: {off} cents");
        }
    }

    #[test]
    fn power_stays_for_tones_and_at_any_shift() {
        for octaves in [-2.0, -1.0, 0.0, 0.01, 1.0, 2.0] {
            let levels = [150.0, 440.0, 2_000.0].map(|hz| power_db(&shifted(octaves, 12.0, sine(hz))[48_000..]) + 3.01);
            let mean = levels.iter().sum::<f64>() / 3.0;
            assert!(mean.abs() < 0.7 && levels.iter().all(|db| db.abs() < 1.2), "{octaves}: {levels:.2?}");
        }
    }

    #[test]
    fn nothing_folds_back() {
        for (octaves, hz) in [(1.0, 13_000.0), (1.0, 20_000.0), (2.0, 7_000.0), (2.0, 12_500.0), (0.5, 18_000.0)] {
            let level = power_db(&shifted(octaves, 2.0, sine(hz))[24_000..]);
            assert!(level < -70.0, "{hz} Hz by {octaves}: {level}");
        }
    }

    #[test]
    fn grains_leave_no_tremolo_of_their_own_on_noise() {
        let noise = |t: f64| Chance::new(3, 3).normal((t * 48_000.0).round() as i64)[0] as f64;
        let heard = shifted(1.0, 40.0, noise);
        let powers: Vec<f64> = heard[48_000..].chunks_exact(240).map(|c| 10f64.powf(power_db(c) / 10.0)).collect();
        let mean = powers.iter().sum::<f64>() / powers.len() as f64;
        for rate_hz in [8.0, 1.0 / STEP_S, 2.0 / STEP_S] {
            let w = std::f64::consts::TAU * rate_hz * 0.005;
            let (c, s) = powers.iter().enumerate().fold((0.0, 0.0), |(c, s), (k, p)| {
                (c + (p - mean) * (w * k as f64).cos(), s + (p - mean) * (w * k as f64).sin())
            });
            let depth = 2.0 * f64::hypot(c, s) / powers.len() as f64 / mean;
            assert!(depth < 0.05, "{rate_hz} Hz: {depth}");
        }
    }

    #[test]
    fn from_anywhere_it_is_the_same_and_after_a_reset_too() {
        let noise = |n: i64| Chance::new(3, 3).normal(n)[0];
        let play = |shifter: &mut Shifter, from: i64, to: i64| -> Vec<f32> {
            let cell = |number: i64| {
                let at = |n: i64| (number * CELL as i64 + n) as f64 / 48_000.0;
                shifter.latch(&Cell { number, frames: CELL, leapt: false }, [at(0), at(CELL as i64)], 1, 1.0);
                let [.., heard, _, _] = shifter.read(CELL);
                shifter.write(&[std::array::from_fn(|n| noise(number * CELL as i64 + n as i64)); TAPS], CELL);
                heard
            };
            (from..to).flat_map(cell).collect()
        };
        let mut shifter = Shifter::new(&SPEC);
        let (early, late) = (play(&mut shifter, 0, 3_000), play(&mut Shifter::new(&SPEC), 1_007, 3_000));
        let apart =
            early[1_600 * CELL..].iter().zip(&late[593 * CELL..]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < 1e-6, "{apart}");
        shifter.reset();
        assert!(play(&mut shifter, 0, 3_000) == early);
    }
}
