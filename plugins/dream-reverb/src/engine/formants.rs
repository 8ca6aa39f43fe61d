//! Vowels: five resonances each, for four voices side by side.
//!
//! Frequencies, levels and bandwidths are those of the Csound reference manual's appendix "Formant Values" (after X. Rodet,
//! Y. Potard & J.-B. Barrière, "The CHANT project", Computer Music Journal 8(3), 1984), tenor and alto.

use green_ring_dsp::door::settle;
use green_ring_dsp::units::gain;
use std::f32::consts::{FRAC_PI_2, PI};

/// Voices that are filtered side by side.
pub const VOICES: usize = 4;

/// Resonances of a vowel.
const FORMANTS: usize = 5;

/// One value for each voice.
pub type Lanes = [f32; VOICES];

/// Frequency in hertz, level in dB, bandwidth in hertz.
type Vowel = [[f32; 3]; FORMANTS];

/// Sung a, e, i, o, u.
const TENOR: [Vowel; 5] = [
    [
        [650.0, 0.0, 80.0],
        [1_080.0, -6.0, 90.0],
        [2_650.0, -7.0, 120.0],
        [2_900.0, -8.0, 130.0],
        [3_250.0, -22.0, 140.0],
    ],
    [
        [400.0, 0.0, 70.0],
        [1_700.0, -14.0, 80.0],
        [2_600.0, -12.0, 100.0],
        [3_200.0, -14.0, 120.0],
        [3_580.0, -20.0, 120.0],
    ],
    [
        [290.0, 0.0, 40.0],
        [1_870.0, -15.0, 90.0],
        [2_800.0, -18.0, 100.0],
        [3_250.0, -20.0, 120.0],
        [3_540.0, -30.0, 120.0],
    ],
    [
        [400.0, 0.0, 70.0],
        [800.0, -10.0, 80.0],
        [2_600.0, -12.0, 100.0],
        [2_800.0, -12.0, 130.0],
        [3_000.0, -26.0, 135.0],
    ],
    [
        [350.0, 0.0, 40.0],
        [600.0, -20.0, 60.0],
        [2_700.0, -17.0, 100.0],
        [2_900.0, -14.0, 120.0],
        [3_300.0, -26.0, 120.0],
    ],
];
const ALTO: [Vowel; 5] = [
    [
        [800.0, 0.0, 80.0],
        [1_150.0, -4.0, 90.0],
        [2_800.0, -20.0, 120.0],
        [3_500.0, -36.0, 130.0],
        [4_950.0, -60.0, 140.0],
    ],
    [
        [400.0, 0.0, 60.0],
        [1_600.0, -24.0, 80.0],
        [2_700.0, -30.0, 120.0],
        [3_300.0, -35.0, 150.0],
        [4_950.0, -60.0, 200.0],
    ],
    [
        [350.0, 0.0, 50.0],
        [1_700.0, -20.0, 100.0],
        [2_700.0, -30.0, 120.0],
        [3_700.0, -36.0, 150.0],
        [4_950.0, -60.0, 200.0],
    ],
    [
        [450.0, 0.0, 70.0],
        [800.0, -9.0, 80.0],
        [2_830.0, -16.0, 100.0],
        [3_500.0, -28.0, 130.0],
        [4_950.0, -55.0, 135.0],
    ],
    [
        [325.0, 0.0, 50.0],
        [700.0, -12.0, 60.0],
        [2_530.0, -30.0, 170.0],
        [3_500.0, -40.0, 180.0],
        [4_950.0, -64.0, 200.0],
    ],
];

/// Who sings, and how much shorter than the table's each throat is: no two are alike.
const SINGERS: [(&[Vowel; 5], f32); VOICES] = [(&TENOR, 0.97), (&ALTO, 1.02), (&ALTO, 0.98), (&TENOR, 1.03)];

/// Nepers from the lowest to the highest pink noise that is heard, 60 Hz to 14 kHz.
const HEARD: f32 = 5.452;

/// One resonance in each voice: three coefficients of a state-variable filter (A. Simper, Cytomic 2011) and its gain.
type Resonance = [Lanes; 4];

/// Five resonances in each of four voices.
#[derive(Debug)]
pub struct Formants {
    rate_hz: f32,
    now: [Resonance; FORMANTS],
    goal: [Resonance; FORMANTS],
    step: [Resonance; FORMANTS],
    moving: bool,
    state: [[Lanes; 2]; FORMANTS],
}

impl Formants {
    /// Throats that are closed until a vowel comes.
    pub fn new(rate_hz: f64) -> Self {
        let rest = [[[0.0; VOICES]; 4]; FORMANTS];
        let state = [[[0.0; VOICES]; 2]; FORMANTS];
        Self { rate_hz: rate_hz as f32, now: rest, goal: rest, step: rest, moving: false, state }
    }

    /// Silence.
    pub fn reset(&mut self) {
        self.state = [[[0.0; VOICES]; 2]; FORMANTS];
    }

    /// Stands at `vowel` (0..4: a, e, i, o, u, and all between) at once.
    pub fn jump(&mut self, vowel: f32) {
        self.goal = design(vowel, self.rate_hz);
        (self.now, self.moving) = (self.goal, false);
    }

    /// Moves to `vowel` over the next `frames` frames.
    pub fn glide(&mut self, vowel: f32, frames: usize) {
        self.goal = design(vowel, self.rate_hz);
        let (now, goal) = (self.now.as_flattened().as_flattened(), self.goal.as_flattened().as_flattened());
        let steps = self.step.as_flattened_mut().as_flattened_mut().iter_mut();
        steps.zip(now).zip(goal).for_each(|((step, now), goal)| *step = (goal - now) / frames as f32);
        self.moving = true;
    }

    /// Rests exactly where it was going.
    pub fn settle(&mut self) {
        if std::mem::take(&mut self.moving) {
            self.now = self.goal;
        }
    }

    /// Lets what is far below hearing die. To be called at each cell edge.
    pub fn calm(&mut self) {
        self.state.as_flattened_mut().as_flattened_mut().iter_mut().for_each(|s| *s = settle(*s));
    }

    /// What the voices make of `x`.
    #[inline(always)]
    pub fn tick(&mut self, x: &Lanes) -> Lanes {
        if self.moving {
            self.advance();
        }
        let mut sum = [0.0; VOICES];
        for ([a1, a2, a3, gain], [s1, s2]) in self.now.iter().zip(&mut self.state) {
            for k in 0..VOICES {
                let v = x[k] - s2[k];
                let band = a1[k] * s1[k] + a2[k] * v;
                let low = s2[k] + a2[k] * s1[k] + a3[k] * v;
                s1[k] = 2.0 * band - s1[k];
                s2[k] = 2.0 * low - s2[k];
                sum[k] += gain[k] * band;
            }
        }
        sum
    }

    #[inline(never)]
    fn advance(&mut self) {
        let steps = self.step.as_flattened().as_flattened();
        self.now.as_flattened_mut().as_flattened_mut().iter_mut().zip(steps).for_each(|(now, step)| *now += step);
    }
}

fn design(vowel: f32, rate_hz: f32) -> [Resonance; FORMANTS] {
    let mut bank = [[[0.0; VOICES]; 4]; FORMANTS];
    for (voice, (table, throat)) in SINGERS.iter().enumerate() {
        let formants = between(table, vowel).map(|[hz, db, width_hz]| [throat * hz, gain(db), throat * width_hz]);
        // A resonance of bandwidth b passes pi b / 2 of a spectrum: of pink noise of unit power, pi b / 2 f over its nepers.
        let power: f32 = formants.iter().map(|[hz, gain, width]| gain * gain * FRAC_PI_2 * width / (hz * HEARD)).sum();
        for (f, [hz, gain, width_hz]) in formants.into_iter().enumerate() {
            let g = (PI * (hz / rate_hz).min(0.47)).tan();
            let damping = width_hz / hz;
            let a1 = 1.0 / (1.0 + g * (g + damping));
            // Above Nyquist there is no resonance. Neighbours have opposite signs, so that no hole opens between them.
            let open = if hz < 0.45 * rate_hz { 1.0 } else { 0.0 };
            let sign = if f % 2 == 0 { open } else { -open };
            let values = [a1, g * a1, g * g * a1, sign * gain * damping / power.sqrt()];
            (0..4).for_each(|c| bank[f][c][voice] = values[c]);
        }
    }
    bank
}

/// The vowel at `place` of the row: frequencies and bandwidths go over by equal ratios, levels by equal decibels.
fn between(table: &[Vowel; 5], place: f32) -> Vowel {
    let from = (place as usize).min(3);
    let (share, [from, to]) = (place - from as f32, [table[from], table[from + 1]]);
    std::array::from_fn(|f| {
        let ratio = |c: usize| from[f][c] * (to[f][c] / from[f][c]).powf(share);
        [ratio(0), from[f][1] + share * (to[f][1] - from[f][1]), ratio(2)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f32 = 48_000.0;

    /// Power of `voice` at `hz` on `vowel`, in dB.
    fn response_db(vowel: f32, voice: usize, hz: f32, rate: f32) -> f64 {
        let mut formants = Formants::new(rate as f64);
        formants.jump(vowel);
        let (mut sum, n) = (0.0f64, rate as usize / 2);
        for k in 0..n {
            let x = (std::f64::consts::TAU * (hz / rate) as f64 * k as f64).sin() as f32;
            let y = formants.tick(&[x; VOICES])[voice] as f64;
            sum += if k >= n / 2 { y * y } else { 0.0 };
        }
        10.0 * (sum / (n / 4) as f64).log10()
    }

    #[test]
    fn each_vowel_stands_where_its_table_has_it() {
        for (vowel, rows) in TENOR.iter().enumerate() {
            // What is 20 dB down lies on the skirt of the first, and is no peak.
            for [hz, db, _] in rows[..2].iter().filter(|row| row[1] > -16.0) {
                let at = |share: f32| response_db(vowel as f32, 0, share * 0.97 * hz, RATE);
                assert!(at(1.0) > at(0.88) + 2.0 && at(1.0) > at(1.12) + 2.0, "{vowel}: {hz} Hz");
                let first = response_db(vowel as f32, 0, 0.97 * rows[0][0], RATE);
                assert!((at(1.0) - first - *db as f64).abs() < 2.5, "{vowel}: {hz} Hz {} {first}", at(1.0));
            }
        }
    }

    #[test]
    fn half_way_between_two_vowels_lies_the_geometric_mean_at_every_rate() {
        for rate in [44_100.0, 192_000.0] {
            let hz = 0.97 * (650.0f32 * 400.0).sqrt();
            let at = |share: f32| response_db(0.5, 0, share * hz, rate);
            assert!(at(1.0) > at(0.93) + 1.0 && at(1.0) > at(1.07) + 1.0);
        }
    }

    #[test]
    fn low_rates_lose_the_high_resonances_and_nothing_else() {
        assert!(response_db(0.0, 0, 630.0, 8_000.0).is_finite());
        assert!((response_db(0.0, 0, 630.0, 8_000.0) - response_db(0.0, 0, 630.0, RATE)).abs() < 0.5);
    }
}
