//! The bank: eighteen minimum-phase bells in a row that move without a click.
//!
//! Each bell is a state-variable filter with trapezoidal integrators (V. Zavalishin, "The Art of VA Filter Design",
//! 2018, chapter 4) that keeps its frequency while its gain moves; the two numbers that carry the gain are interpolated
//! at every sample. Bells overlap: what each must do so that all together give the wanted curve is solved with the
//! matrix of their interaction (J. Rämö, J. Liski and V. Välimäki, "Third-octave and Bark graphic-equalizer design with
//! symmetric band filters", Applied Sciences 10(4), 2020), and corrected once at the centres.

use std::f64::consts::PI;

use super::bands::{BANDS, Bands, centre_hz};
use green_ring_dsp::door::settle;
use green_ring_dsp::{CELL, Sound};

/// A bell gives this share of its decibels at the centre of the next band: narrow enough that neighbours can differ,
/// wide enough that a plateau has no ripple.
const AT_NEIGHBOUR: f32 = 0.36;

/// Gain in dB of the bells whose interaction is measured.
const PROTOTYPE_DB: f32 = -6.0;

/// The most that one bell does, in dB either way, however its neighbours push it.
const MOST_DB: f32 = 36.0;

/// Bands above this share of the sample rate do not exist.
const HIGHEST: f64 = 0.4;

/// Half the natural logarithm of the power ratio of one dB: ln(10) / 20.
const NEPERS: f32 = 0.115_129_25;

/// The fixed part of a bell.
#[derive(Clone, Copy, Debug, Default)]
struct Bell {
    /// Its tuning: tan(pi f / rate).
    g: f32,
    /// Distance of the next band's centre, f / f0 - f0 / f, warped as the filter is.
    apart: f32,
}

impl Bell {
    /// Dampings of numerator and denominator at a gain of `db`. The bandwidth follows the gain so that the curve in dB
    /// keeps its shape: with u = ln of the power gain and c the share at the neighbour, the denominator's damping is
    /// apart x sqrt((e^cu - 1) / (e^u - e^cu)), written so that it holds at u = 0.
    fn dampings(&self, db: f32) -> [f32; 2] {
        let (nepers, c) = (NEPERS * db, AT_NEIGHBOUR);
        let shape = c / (1.0 - c) * sinhc(c * nepers) / sinhc((1.0 - c) * nepers);
        let gain = nepers.exp();
        let below = self.apart * (shape / gain).sqrt();
        [gain * below, below]
    }

    /// Gain in dB at a frequency whose tan(pi f / rate) is `at`.
    fn response_db(&self, dampings: [f32; 2], at: f32) -> f32 {
        let ratio = at / self.g;
        let square = (ratio - 1.0 / ratio).powi(2);
        10.0 * ((square + dampings[0].powi(2)) / (square + dampings[1].powi(2))).log10()
    }
}

/// sinh(x) / x by its series: within 1e-4 for |x| up to 3.
fn sinhc(x: f32) -> f32 {
    let s = x * x;
    1.0 + s / 6.0 * (1.0 + s / 20.0 * (1.0 + s / 42.0 * (1.0 + s / 72.0)))
}

/// The bells, their states, and where they are going.
#[derive(Clone, Debug)]
pub struct Bank {
    /// Bands that exist at this rate.
    count: usize,
    bells: [Bell; BANDS],
    /// Inverse of the interaction: row `i` turns a curve into the gain of bell `i`.
    inverse: [Bands; BANDS],
    /// 1 / (1 + g (g + damping)) of each bell, and what it adds of its band-pass: as they are, and their change a sample.
    divisor: [Bands; 2],
    share: [Bands; 2],
    states: [[[f32; 2]; 2]; BANDS],
    /// Cells for which all bells have asked for nothing.
    still: u32,
}

impl Bank {
    /// A bank at rest at `rate_hz`.
    pub fn new(rate_hz: f64) -> Self {
        let count = (0..BANDS).take_while(|b| centre_hz(*b) < HIGHEST * rate_hz).count();
        let tuning = |hz: f64| (PI * (hz / rate_hz).min(0.49)).tan();
        let bells: [Bell; BANDS] = std::array::from_fn(|b| {
            let (g, next) = (tuning(centre_hz(b)), tuning(centre_hz(b + 1)) / tuning(centre_hz(b)));
            Bell { g: g as f32, apart: (next - 1.0 / next) as f32 }
        });
        let rest = bells.map(|bell| divisor(&bell, bell.dampings(0.0)));
        Self {
            count,
            bells,
            inverse: inverse(&bells[..count]),
            divisor: [rest, [0.0; BANDS]],
            share: [[0.0; BANDS]; 2],
            states: [[[0.0; 2]; 2]; BANDS],
            still: 2,
        }
    }

    /// Equal to fresh.
    pub fn reset(&mut self) {
        self.divisor = [self.bells.map(|bell| divisor(&bell, bell.dampings(0.0))), [0.0; BANDS]];
        (self.share, self.states, self.still) = ([[0.0; BANDS]; 2], [[[0.0; 2]; 2]; BANDS], 2);
    }

    /// The gains in dB of the bells that together cut by `cut_db` at the centres.
    pub fn solve(&self, cut_db: &Bands) -> Bands {
        let mut wanted = cut_db.map(|db| -db);
        wanted[self.count..].fill(0.0);
        if wanted.iter().all(|db| *db == 0.0) {
            return [0.0; BANDS];
        }
        let first = self.unmix(&wanted);
        let reached = self.curve_db(&first);
        let missing = std::array::from_fn(|b| wanted[b] - reached[b]);
        let second = self.unmix(&missing);
        std::array::from_fn(|b| (first[b] + second[b]).clamp(-MOST_DB, MOST_DB))
    }

    fn unmix(&self, curve_db: &Bands) -> Bands {
        self.inverse.map(|row| row.iter().zip(curve_db).map(|(w, db)| w * db).sum())
    }

    /// The curve at the centres that bells of these gains make.
    fn curve_db(&self, gains_db: &Bands) -> Bands {
        let dampings: [[f32; 2]; BANDS] = std::array::from_fn(|b| self.bells[b].dampings(gains_db[b]));
        let at = |b: usize| -> f32 {
            (0..self.count).map(|k| self.bells[k].response_db(dampings[k], self.bells[b].g)).sum()
        };
        std::array::from_fn(|b| if b < self.count { at(b) } else { 0.0 })
    }

    /// At a cell's edge: the bells reach `gains_db` at the cell's end.
    pub fn steer(&mut self, gains_db: &Bands) {
        let still = gains_db.iter().all(|db| *db == 0.0);
        self.still = if still { (self.still + 1).min(2) } else { 0 };
        if self.rests() {
            return self.reset();
        }
        for (b, gain_db) in gains_db.iter().enumerate() {
            let dampings = self.bells[b].dampings(*gain_db);
            self.divisor[1][b] = (divisor(&self.bells[b], dampings) - self.divisor[0][b]) / CELL as f32;
            self.share[1][b] = (dampings[0] - dampings[1] - self.share[0][b]) / CELL as f32;
        }
    }

    /// Whether sound passes untouched until the next edge.
    pub fn rests(&self) -> bool {
        self.still >= 2
    }

    /// `frames` of sound through all bells, in place.
    pub fn process(&mut self, sound: &mut Sound, frames: usize) {
        if self.rests() {
            return;
        }
        let [left, right] = sound;
        for (left, right) in left.iter_mut().zip(right).take(frames) {
            for b in 0..BANDS {
                self.divisor[0][b] += self.divisor[1][b];
                self.share[0][b] += self.share[1][b];
            }
            let mut x = [*left, *right];
            for b in 0..self.count {
                let (g, divisor, share) = (self.bells[b].g, self.divisor[0][b], self.share[0][b]);
                let [s1, s2] = &mut self.states[b];
                for c in 0..2 {
                    let band = divisor * (s1[c] + g * (x[c] - s2[c]));
                    let low = s2[c] + g * band;
                    s1[c] = settle(2.0 * band - s1[c]);
                    s2[c] = settle(2.0 * low - s2[c]);
                    x[c] += share * band;
                }
            }
            (*left, *right) = (x[0], x[1]);
        }
    }
}

fn divisor(bell: &Bell, dampings: [f32; 2]) -> f32 {
    1.0 / (1.0 + bell.g * (bell.g + dampings[1]))
}

/// Inverse of the matrix of what a bell of 1 dB gives at each centre, by elimination; the rest stays zero.
fn inverse(bells: &[Bell]) -> [Bands; BANDS] {
    let n = bells.len();
    let mut rows = [[0.0f64; 2 * BANDS]; BANDS];
    for (i, row) in rows.iter_mut().enumerate().take(n) {
        for (k, bell) in bells.iter().enumerate() {
            let gain_db = bell.response_db(bell.dampings(PROTOTYPE_DB), bells[i].g);
            row[k] = f64::from(gain_db / PROTOTYPE_DB);
        }
        row[BANDS + i] = 1.0;
    }
    // The matrix is dominated by its diagonal, so no row need be exchanged.
    for i in 0..n {
        let pivot = rows[i].map(|x| x / rows[i][i]);
        rows[i] = pivot;
        for (_, row) in rows.iter_mut().enumerate().filter(|(k, _)| *k != i) {
            let factor = row[i];
            row.iter_mut().zip(&pivot).for_each(|(x, p)| *x -= factor * p);
        }
    }
    rows.map(|row| std::array::from_fn(|k| row[BANDS + k] as f32))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Response of a bank at rest at these cuts, in dB, at the frequencies asked for: the spectrum of its impulse response.
    fn response_db(rate_hz: f64, cut_db: &Bands, hz: &[f64]) -> Vec<f64> {
        let mut bank = Bank::new(rate_hz);
        let gains_db = bank.solve(cut_db);
        let mut impulse: Vec<f32> = vec![];
        let cells = (0.2 * rate_hz) as usize / CELL;
        for cell in 0..cells {
            bank.steer(&gains_db);
            let mut sound = [[0.0; CELL]; 2];
            sound[0][0] = if cell == 2 { 1.0 } else { 0.0 };
            bank.process(&mut sound, CELL);
            impulse.extend(sound[0]);
        }
        hz.iter()
            .map(|hz| {
                let (mut re, mut im) = (0.0, 0.0);
                for (n, x) in impulse.iter().enumerate() {
                    let (sin, cos) = (2.0 * PI * hz / rate_hz * n as f64).sin_cos();
                    (re, im) = (re + f64::from(*x) * cos, im + f64::from(*x) * sin);
                }
                10.0 * (re * re + im * im).log10()
            })
            .collect()
    }

    #[test]
    fn neighbours_may_differ_and_each_centre_is_met() {
        for rate_hz in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
            let centres: Vec<f64> = (0..BANDS).map(centre_hz).collect();
            for odd in [0, 1] {
                let cut: Bands = std::array::from_fn(|b| if b % 2 == odd { 6.0 } else { 0.0 });
                for (found, wanted) in response_db(rate_hz, &cut, &centres).iter().zip(cut) {
                    assert!((found + f64::from(wanted)).abs() < 0.5, "{rate_hz}: {found:.2} for {}", -wanted);
                }
            }
        }
    }

    #[test]
    fn a_plateau_has_little_ripple_and_ends_outside_the_bands() {
        let hz: Vec<f64> = (0..120).map(|k| 200.0 * 1.027f64.powi(k)).filter(|hz| *hz < 6_300.0).collect();
        let ripple = response_db(48_000.0, &[6.0; BANDS], &hz);
        assert!(ripple.iter().all(|db| (db + 6.0).abs() < 0.3), "{ripple:.2?}");
        let ends = response_db(48_000.0, &[6.0; BANDS], &[30.0, 18_000.0]);
        assert!(ends.iter().all(|db| db.abs() < 0.4), "{ends:.2?}");
    }

    #[test]
    fn with_nothing_to_do_it_does_nothing() {
        let mut bank = Bank::new(48_000.0);
        bank.steer(&bank.solve(&[0.0; BANDS]));
        let sound: Sound = [std::array::from_fn(|k| (k as f32).sin()); 2];
        let mut same = sound;
        bank.process(&mut same, CELL);
        assert!(bank.rests() && same == sound);
    }

    #[test]
    fn any_rate_and_any_curve_are_survived() {
        for rate_hz in [8_000.0, 22_050.0, 384_000.0] {
            let mut bank = Bank::new(rate_hz);
            for cell in 0..4_000 {
                let cut = std::array::from_fn(|b| if (cell / 7 + b) % 3 == 0 { 18.0 } else { 0.0 });
                bank.steer(&bank.solve(&cut));
                let mut sound = [[0.5; CELL]; 2];
                bank.process(&mut sound, CELL);
                assert!(sound.iter().flatten().all(|x| x.abs() < 100.0), "{rate_hz}");
            }
        }
    }
}
