//! Hysteresis: what part of the magnetisation stays behind the field.
//!
//! Jiles & Atherton, "Theory of ferromagnetic hysteresis", J. Magnetism and Magnetic Materials 61, 1986, with the
//! anhysteretic curve of [`law`](super::law) and without coupling between domains (alpha, 1.6e-3 in Chowdhury, DAFx-19,
//! moves the result by less than that):
//!
//! ```text
//! M = c A(H) + (1 - c) m        dm/dH = d (A(H) - m) / k  where d (A - m) > 0, else 0;  d = sign(dH)
//! ```
//!
//! c = 1 is the biased tape's own curve, so the dial is 1 - c and never leaves hysteresis alone with quiet sound. Over a
//! step in which A moves evenly with H the equation has an exact solution, which is what is computed: no step is too
//! large for it. Magnetism that nothing moves creeps to A within hundredths of a second, so that the tape forgets.

use green_ring_dsp::{Spec, door::settle};

/// Field in operating levels (a sine's peak) that it takes to turn the tape.
const K: f32 = 1.0;

/// The share 1 - c of what stays behind at the dial's end.
const MOST: f32 = 0.3;

/// Seconds in which magnetism creeps to 1/e.
const CREEP_S: f64 = 0.02;

/// Seconds after which it has forgotten, to -120 dB; and to nothing.
pub const MEMORY_S: f64 = 0.3;

/// Seconds after which what is left of it is exactly zero.
pub const TAIL_S: f64 = 0.8;

/// The part of one channel's tape that stays behind.
#[derive(Clone, Debug, Default)]
pub struct Magnet {
    /// Share of what is left that creeps away at each sample.
    creep: f32,
    lives: bool,
    /// Field, anhysteretic magnetisation and irreversible magnetisation at the last sample, both over what the
    /// offset alone makes.
    field: f32,
    follows: f32,
    stays: f32,
}

impl Magnet {
    /// A tape that is erased, at `times` the sample rate.
    pub fn new(spec: &Spec, times: usize) -> Self {
        let samples = CREEP_S * spec.sample_rate * times as f64;
        Self { creep: -(-1.0 / samples).exp_m1() as f32, ..Self::default() }
    }

    /// Erased.
    pub fn reset(&mut self) {
        *self = Self { creep: self.creep, ..Self::default() };
    }

    /// The irreversible magnetisation at `field`, where an ideal tape would have `follows`.
    #[inline]
    pub fn tick(&mut self, field: f32, follows: f32) -> f32 {
        if !self.lives {
            (self.lives, self.field, self.follows, self.stays) = (true, field, follows, follows);
        }
        let travel = field - self.field;
        let side = 1f32.copysign(travel);
        let z = travel.abs() / K;
        // exp(-z) and (1 - exp(-z)) / z, as one rational that is right to the third power and stable at any z.
        let below = 1.0 / (1.0 + z * (1.0 + z * (0.5 + z / 6.0)));
        let mean = (1.0 + z * (0.5 + z / 6.0)) * below;
        let before = (side * (self.follows - self.stays)).max(0.0);
        let behind = (side * (follows - self.stays)).max(0.0);
        self.stays += side * (behind - before * below - (behind - before) * mean);
        self.stays = settle(self.stays + self.creep * (follows - self.stays));
        (self.field, self.follows) = (field, follows);
        self.stays
    }
}

/// The share 1 - c at `dial`, 0 to 1: the square, as a little is heard at once on what is else clean.
pub fn share(dial: f32) -> f32 {
    MOST * dial * dial
}

/// How much of a programme of `rms` operating levels (peaks of a sine) follows the field through [`Magnet`], as a gain:
/// fitted to the fundamental of a sine of that power, within 0.05.
pub fn following(rms: f32) -> f32 {
    let turns = (std::f32::consts::SQRT_2 * rms / K).powf(1.3);
    turns / (turns + 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::law;

    /// Field and magnetisation over one period of 1 kHz.
    fn sine(amplitude: f32, steps: usize) -> Vec<[f32; 2]> {
        let spec = Spec { sample_rate: 250.0 * steps as f64, channels: 1 };
        let mut magnet = Magnet::new(&spec, 4);
        let point = |k: usize| {
            let field = amplitude * (std::f32::consts::TAU * k as f32 / steps as f32).sin();
            [field, magnet.tick(field, law::bend(field))]
        };
        (0..4 * steps).map(point).collect::<Vec<_>>().split_off(3 * steps)
    }

    #[test]
    fn it_runs_behind_and_encloses_a_loop() {
        let turn = sine(1.0, 192);
        let area: f32 = (0..192).map(|k| turn[k][1] * (turn[(k + 1) % 192][0] - turn[k][0])).sum();
        assert!(area.abs() > 0.1, "{area}");
        // Going up through zero field it is still below zero.
        assert!(turn[0][1] < -0.02, "{}", turn[0][1]);
    }

    #[test]
    fn steps_of_any_size_stay_within_the_ideal_curve() {
        let coarse = sine(100.0, 7);
        assert!(coarse.iter().all(|[_, m]| m.abs() <= law::bend(100.0)));
        let (few, many) = (sine(2.0, 96), sine(2.0, 960));
        let apart = (0..96).map(|k| (few[k][1] - many[10 * k][1]).abs()).fold(0.0, f32::max);
        assert!(apart < 0.02, "{apart}");
    }

    #[test]
    fn what_follows_is_the_fundamental() {
        for amplitude in [0.1, 0.5, 1.0, 2.0, 4.0] {
            let turn = |k: usize| (std::f32::consts::TAU * k as f32 / 192.0).sin_cos();
            let parts = sine(amplitude, 192)
                .iter()
                .enumerate()
                .fold([0.0; 2], |[s, c], (k, point)| [s + point[1] * turn(k).0, c + point[1] * turn(k).1]);
            let gain = parts[0].hypot(parts[1]) / 96.0 / amplitude;
            let told = following(amplitude * std::f32::consts::FRAC_1_SQRT_2);
            assert!((gain - told).abs() < 0.05, "{amplitude}: {gain} for {told}");
        }
    }

    #[test]
    fn it_forgets() {
        let spec = Spec { sample_rate: 48_000.0, channels: 1 };
        let mut magnet = Magnet::new(&spec, 2);
        magnet.tick(0.0, 0.0);
        magnet.tick(3.0, law::bend(3.0));
        let rest = (0..(TAIL_S * 96_000.0) as usize).map(|_| magnet.tick(0.0, 0.0)).last();
        assert_eq!(rest, Some(0.0));
    }
}
