//! Contact between tape and head: what a gap of air between them takes from the sound.
//!
//! Replay through a spacing d loses e^(-k d), k = 2 pi f / v (R. L. Wallace, "The reproduction of magnetically recorded
//! signals", Bell System Technical Journal 30, 1951): 54.6 dB for each wavelength. With d in samples of tape travel the
//! taps of that gain, e^(-|w| d) up to half the sample rate, are closed:
//!
//! ```text
//! h(n) = d / (pi (d^2 + n^2)) (1 - (-1)^n e^(-pi d))
//! ```
//!
//! The filter has linear phase, as the loss itself has: a hole in the tape does not move the sound. Behind it comes what
//! age takes from the treble, e^(-(w s)^2 / 2), and the level.

use std::f64::consts::PI;

use green_ring_dsp::{CELL, Sound, Spec};

use super::bank::Bank;
use super::passage::Passage;

/// The largest spacing in seconds of tape travel: 30 um at 1.875 ips.
pub const LARGEST_S: f64 = 630e-6;

/// The largest s of age in seconds.
pub const OLDEST_S: f64 = 42e-6;

/// Taps to either side of the middle, in spacings, and more of them for the smallest. Fewer, and the corner of the gain
/// at zero hertz would be rounded by more than half a decibel.
const REACH: f64 = 8.5;
const MORE: f64 = 6.0;

/// Where within the reach taps begin to fade out, and how much of the sum that is cut off is spread over all taps again:
/// both by search for the least error in decibels at any loss up to 30 dB.
const FADE_FROM: f64 = 0.75;
const GIVEN_BACK: f64 = 0.36;

/// The lowest rate in Hz of the steps of a staircase.
const LOWEST_STEPS_HZ: f64 = 22_000.0;

/// What one channel of the tape does to the sound, frame by frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pull {
    /// Spacing between tape and head in seconds of tape travel, at most [`LARGEST_S`].
    pub spacing_s: [f32; CELL],
    /// Level of what is left, 0 to 1.
    pub level: [f32; CELL],
}

impl Pull {
    /// Perfect contact with perfect tape.
    pub const NONE: Self = Self { spacing_s: [0.0; CELL], level: [1.0; CELL] };
}

/// The contact of all channels.
#[derive(Debug)]
pub struct Contact {
    rate_hz: f32,
    air: Bank,
    age: Bank,
    airs: Vec<Passage>,
    ages: Vec<Passage>,
}

impl Contact {
    /// Perfect contact. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let rate_hz = spec.sample_rate;
        let air = Bank::new((LARGEST_S * rate_hz) as f32, block(rate_hz), spaced);
        let age = Bank::new((OLDEST_S * rate_hz) as f32, 1, aged);
        let passages = |bank: &Bank| (0..spec.channels).map(|_| Passage::new(bank)).collect();
        Self { rate_hz: rate_hz as f32, airs: passages(&air), ages: passages(&age), air, age }
    }

    /// Forgets all sound, without allocating.
    pub fn reset(&mut self) {
        self.airs.iter_mut().chain(&mut self.ages).for_each(Passage::reset);
    }

    /// Samples that the sound is late, at any spacing.
    pub fn latency(&self) -> usize {
        self.air.reach() + self.age.reach()
    }

    /// Passes `frames` frames of `sound` in place, each channel under its `pull`, on tape that has aged by `age_s`.
    pub fn process(&mut self, pull: &[Pull; 2], age_s: &[f32; CELL], frames: usize, sound: &mut Sound) {
        for (((air, age), pull), sound) in self.airs.iter_mut().zip(&mut self.ages).zip(pull).zip(sound) {
            for (k, x) in sound[..frames].iter_mut().enumerate() {
                let near = pull.level[k] * air.tick(*x, pull.spacing_s[k] * self.rate_hz, &self.air);
                *x = age.tick(near, age_s[k] * self.rate_hz, &self.age);
            }
        }
    }
}

/// Samples that far taps may share: what a staircase of such steps adds lies around the steps' rate, and beyond hearing.
fn block(rate_hz: f64) -> usize {
    let most = (rate_hz / LOWEST_STEPS_HZ).max(1.0);
    1 << most.log2() as u32
}

/// The taps of e^(-|w| d), from the middle on.
fn spaced(d: f64) -> Vec<f64> {
    let length = (REACH * d + MORE) as usize + 1;
    let window = |n: usize| {
        let faded = ((n as f64 / length as f64 - FADE_FROM) / (1.0 - FADE_FROM)).max(0.0);
        (PI / 2.0 * faded).cos().powi(2)
    };
    let mut taps: Vec<f64> = (0..length).map(|n| window(n) * d / (PI * (d * d + (n * n) as f64))).collect();
    // What all taps of the endless kernel add up to: those without the factor of parity, by Poisson's sum.
    let missing = 1.0 / (PI * d).tanh() - (2.0 * taps.iter().sum::<f64>() - taps[0]);
    let spread = GIVEN_BACK * missing / (2 * length - 1) as f64;
    let alternating = (-PI * d).exp();
    for (n, tap) in taps.iter_mut().enumerate() {
        *tap = (*tap + spread) * if n % 2 == 0 { 1.0 - alternating } else { 1.0 + alternating };
    }
    taps
}

/// The taps of e^(-(w s)^2 / 2), from the middle on, by quadrature.
fn aged(s: f64) -> Vec<f64> {
    let (length, steps) = ((4.5 * s + 4.0) as usize + 1, 256);
    let tap = |n: usize| {
        let part = |step: usize| {
            let w = PI * (step as f64 + 0.5) / steps as f64;
            (-0.5 * (w * s).powi(2)).exp() * (w * n as f64).cos()
        };
        (0..steps).map(part).sum::<f64>() / steps as f64
    };
    let taps: Vec<f64> = (0..length).map(tap).collect();
    let sum = 2.0 * taps.iter().sum::<f64>() - taps[0];
    taps.iter().map(|h| h / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::chance::Chance;

    const TAU: f64 = std::f64::consts::TAU;

    fn loss_db(taps: &[f64], w: f64) -> f64 {
        let gain = taps.iter().enumerate().map(|(n, h)| h * (w * n as f64).cos() * if n == 0 { 1.0 } else { 2.0 });
        -20.0 * gain.sum::<f64>().abs().log10()
    }

    #[test]
    fn the_loss_is_wallaces_from_zero_hertz_to_fifteen_kilohertz() {
        for rate_hz in [32_000.0, 44_100.0, 48_000.0, 192_000.0] {
            for ips in [1.875, 3.75, 7.5, 15.0, 30.0] {
                for um in [0.3, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0] {
                    let d = um * 1e-6 / (ips * 0.0254) * rate_hz;
                    let (taps, mut worst) = (spaced(d), 0.0f64);
                    for hz in (0..1_500).map(|k| 10.0 * k as f64) {
                        let w = TAU * hz / rate_hz;
                        let asked_db = 20.0 * std::f64::consts::LOG10_E * w * d;
                        if asked_db <= 30.0 {
                            worst = worst.max((loss_db(&taps, w) - asked_db).abs());
                        }
                    }
                    assert!(worst < 0.5, "{um} um at {ips} ips, {rate_hz} Hz: {worst:.2} dB");
                }
            }
        }
    }

    #[test]
    fn taps_that_share_samples_lose_the_same_and_add_nothing() {
        for rate_hz in [44_100.0, 96_000.0, 192_000.0] {
            let bank = Bank::new((LARGEST_S * rate_hz) as f32, block(rate_hz), spaced);
            for spacing_s in [60e-6, 150e-6, 333e-6, LARGEST_S] {
                let mut passage = Passage::new(&bank);
                let size = (spacing_s * rate_hz) as f32;
                let mut out: Vec<f64> = (0..=2 * bank.reach())
                    .map(|k| f64::from(passage.tick(if k == 0 { 1.0 } else { 0.0 }, size, &bank)))
                    .collect();
                let taps = out.split_off(bank.reach());
                assert!(out.iter().rev().zip(&taps[1..]).all(|(old, young)| (old - young).abs() < 1e-7));
                for hz in (0..1_500).map(|k| 10.0 * k as f64) {
                    let asked_db = 20.0 * std::f64::consts::LOG10_E * TAU * hz * spacing_s;
                    let found_db = loss_db(&taps, TAU * hz / rate_hz);
                    let told = format!("{spacing_s} s, {rate_hz} Hz, {hz} Hz: {found_db:.2} for {asked_db:.2} dB");
                    assert!(asked_db > 30.0 || (found_db - asked_db).abs() < 0.5, "{told}");
                    assert!(asked_db < 40.0 || found_db > 30.0, "{told}");
                }
            }
        }
    }

    #[test]
    fn age_takes_by_the_square_of_frequency() {
        for s in [0.2, 1.0, 2.0, 8.0] {
            for asked_db in [1.0, 6.0, 20.0] {
                let w = (asked_db / 4.343f64).sqrt() / s;
                if w < 2.0 {
                    assert!((loss_db(&aged(s), w) - asked_db).abs() < 0.3, "{s} {asked_db} {}", loss_db(&aged(s), w));
                }
            }
        }
    }

    fn play(pull: impl Fn(usize) -> Pull, x: impl Fn(usize) -> f32, cuts: &[usize]) -> (Vec<f32>, usize) {
        let mut contact = Contact::new(&Spec { sample_rate: 48_000.0, channels: 1 });
        let (mut at, mut out) = (0, vec![]);
        for cut in cuts.iter().cycle().take(3_000) {
            let mut sound: Sound = [std::array::from_fn(|k| x(at + k)), [0.0; CELL]];
            contact.process(&[pull(at), Pull::NONE], &[0.0; CELL], *cut, &mut sound);
            out.extend(&sound[0][..*cut]);
            at += cut;
        }
        (out, contact.latency())
    }

    #[test]
    fn perfect_contact_is_a_delay_bit_for_bit() {
        let chance = Chance::new(1, 1);
        let x = |k: usize| chance.uniform(k as i64)[0] - 0.5;
        let (out, late) = play(|_| Pull::NONE, x, &[32]);
        assert!((late..out.len()).all(|k| out[k] == x(k - late)));
        assert!(late < 290, "{late}");
    }

    #[test]
    fn moving_spacing_is_followed_and_any_cut_gives_the_same_sound() {
        let travel_s = |k: usize| 1.575e-4 * (0.5 - 0.5 * (k as f32 * 1e-3).cos());
        let pull = |at: usize| Pull { spacing_s: std::array::from_fn(|k| travel_s(at + k)), ..Pull::NONE };
        let x = |k: usize| (k as f64 * TAU / 48.0).sin() as f32;
        let (whole, _) = play(pull, x, &[32]);
        let (cut, _) = play(pull, x, &[7, 1, 24]);
        let same = whole.len().min(cut.len());
        assert_eq!(whole[..same], cut[..same]);
        // A tone at 1 kHz: its level is the formula's at every moment.
        for k in (4_000..same - 48).step_by(500) {
            let power = whole[k..k + 48].iter().map(|y| f64::from(*y).powi(2)).sum::<f64>() / 24.0;
            let asked_db = 8.686 * TAU * 1_000.0 * f64::from(travel_s(k + 24));
            assert!((10.0 * power.log10() + asked_db).abs() < 0.5, "{k}: {:.2} {asked_db:.2}", 10.0 * power.log10());
        }
    }
}
