//! What the wet sound is made of: its power in each band, twenty times a second.

use std::f32::consts::TAU;
use std::sync::Arc;

use green_ring_editor::egui::lerp;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use super::bands::{self, BANDS, Bands};
use super::link::{FRAMES, Glimpse};

/// Looks in a second.
pub(crate) const LOOKS_HZ: f64 = 20.0;

/// Seconds of sound in a look, at least: short against any decay, long enough for a resolution of 12 Hz at 48 kHz.
const LOOK_S: f32 = 0.08;

/// What is drawn as nothing and as full height: decibels re full scale in a band. They are 60 dB and a little apart, so
/// that what has decayed for its told time has come from the top to the floor.
pub(crate) const FLOOR_DB: f32 = -88.0;
pub(crate) const TOP_DB: f32 = -22.0;

/// What was heard around a moment.
pub(crate) struct Look {
    /// Its number, counted from when the engine was made.
    pub number: usize,
    /// Its middle, in frames since then.
    pub at: usize,
    /// 0 at the floor to 1 at the top, even in decibels.
    pub levels: Bands,
}

/// Listens to glimpses, and looks.
pub(crate) struct Ear {
    rate_hz: f32,
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    /// The last frames of each side, oldest first.
    past: [Vec<f32>; 2],
    input: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    /// Power below each edge between two bins.
    below: Vec<f32>,
}

impl Ear {
    /// An ear for sound at `rate_hz`. Allocates.
    pub fn new(rate_hz: f32) -> Self {
        let length = ((LOOK_S * rate_hz) as usize).next_power_of_two();
        let fft = RealFftPlanner::new().plan_fft_forward(length);
        let hann = |n: usize| 0.5 - 0.5 * (TAU * n as f32 / length as f32).cos();
        Self {
            rate_hz,
            window: (0..length).map(hann).collect(),
            past: [vec![0.0; length], vec![0.0; length]],
            input: fft.make_input_vec(),
            spectrum: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            below: vec![0.0; length / 2 + 2],
            fft,
        }
    }

    /// The sample rate that it is for.
    pub fn rate_hz(&self) -> f32 {
        self.rate_hz
    }

    /// Hears a glimpse, and looks when it is time to.
    pub fn hear(&mut self, glimpse: &Glimpse) -> Option<Look> {
        for (side, past) in self.past.iter_mut().enumerate() {
            past.rotate_left(FRAMES);
            let latest = past.len() - FRAMES;
            past[latest..].iter_mut().zip(&glimpse.wet).for_each(|(to, frame)| *to = frame[side]);
        }
        let number = |frames: usize| (frames as f64 * LOOKS_HZ / f64::from(self.rate_hz)) as usize;
        let due = number(glimpse.heard);
        (due > number(glimpse.heard - FRAMES)).then(|| Look {
            number: due,
            at: glimpse.heard.saturating_sub(self.window.len() / 2),
            levels: self.levels(),
        })
    }

    fn levels(&mut self) -> Bands {
        self.sum_up();
        let bin_hz = self.rate_hz / self.window.len() as f32;
        let powers: Bands = std::array::from_fn(|band| {
            let [low, high] = [-0.5, 0.5].map(|side| bands::hz(band as f32 + side) / bin_hz + 0.5);
            // The lowest bands are narrower than what a look can tell apart.
            let (middle, half) = (0.5 * (low + high), (0.5 * (high - low)).max(1.0));
            let seen = (self.up_to(middle + half) - self.up_to(middle - half)).max(0.0);
            seen * 0.5 * (high - low) / half
        });
        let level = |power: f32| ((10.0 * (power + 1e-12).log10() - FLOOR_DB) / (TOP_DB - FLOOR_DB)).clamp(0.0, 1.0);
        smooth(&powers).map(level)
    }

    /// Power of both sides below each edge between two bins: a full-scale sine on both has 0.5 in all.
    fn sum_up(&mut self) {
        self.below.fill(0.0);
        let whole: f32 = self.window.iter().map(|w| w * w).sum::<f32>() * self.window.len() as f32;
        for past in &self.past {
            let windowed = self.input.iter_mut().zip(past).zip(&self.window);
            windowed.for_each(|((to, x), w)| *to = x * w);
            // It fails for buffers of the wrong length only, and these are its own.
            let _ = self.fft.process_with_scratch(&mut self.input, &mut self.spectrum, &mut self.scratch);
            let sums = self.below[1..].iter_mut().zip(&self.spectrum);
            sums.for_each(|(to, bin)| *to += bin.norm_sqr() / whole);
        }
        for edge in 1..self.below.len() {
            self.below[edge] += self.below[edge - 1];
        }
    }

    /// Power below `edge`, which may lie between two.
    fn up_to(&self, edge: f32) -> f32 {
        let edge = edge.clamp(0.0, (self.below.len() - 1) as f32);
        let (whole, part) = (edge as usize, edge.fract());
        lerp(self.below[whole]..=self.below[(whole + 1).min(self.below.len() - 1)], part)
    }
}

/// A look at noise is as rough as chance: neighbours even each other out.
fn smooth(powers: &Bands) -> Bands {
    let at = |band: usize| powers[band.min(BANDS - 1)];
    std::array::from_fn(|band| 0.25 * at(band.saturating_sub(1)) + 0.5 * at(band) + 0.25 * at(band + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::chance::Chance;

    /// The last look at a second of `sound`.
    fn look(rate_hz: f32, sound: impl Fn(usize) -> [f32; 2]) -> Look {
        let mut ear = Ear::new(rate_hz);
        let glimpse = |number: usize| Glimpse {
            wet: std::array::from_fn(|n| sound(number * FRAMES + n)),
            heard: (number + 1) * FRAMES,
            rate_hz,
            open: 1.0,
            memory_s: 1.0,
        };
        (0..rate_hz as usize / FRAMES).filter_map(|number| ear.hear(&glimpse(number))).last().expect("twenty looks")
    }

    fn db(level: f32) -> f32 {
        FLOOR_DB + level * (TOP_DB - FLOOR_DB)
    }

    #[test]
    fn a_tone_stands_in_its_band_at_its_level_at_every_rate() {
        for rate_hz in [8_000.0, 44_100.0, 48_000.0, 192_000.0] {
            for hz in [200.0, 1_000.0, 3_000.0] {
                let sine = |n: usize| [0.01 * (f64::from(TAU * hz) * n as f64 / f64::from(rate_hz)).sin() as f32; 2];
                let look = look(rate_hz, sine);
                let highest = (0..BANDS).max_by(|a, b| look.levels[*a].total_cmp(&look.levels[*b])).expect("bands");
                assert!((bands::hz(highest as f32) / hz).log2().abs() < 0.1, "{rate_hz} {hz}: {highest}");
                let told = db(look.levels[highest]);
                // 0.01 is -43 dB; smoothing and what a narrow band does not hold take some of it.
                assert!((-53.0..=-42.0).contains(&told), "{rate_hz} {hz}: {told}");
            }
        }
    }

    #[test]
    fn noise_has_its_power_and_silence_none() {
        // White noise at -40 dB on each side: a band of a tenth of an octave around 2 kHz has 140 of 24 000 Hz.
        let noise = look(48_000.0, |n| Chance::new(3, 8).normal(n as i64).map(|x| 0.01 * x));
        let near = (across(1_000.0)..across(4_000.0)).map(|band| db(noise.levels[band])).collect::<Vec<_>>();
        let width_hz = bands::hz(61.5) - bands::hz(60.5);
        let told = -40.0 + 10.0 * (width_hz / 24_000.0 * 2_000.0 / bands::hz(61.0)).log10();
        let mean = near.iter().sum::<f32>() / near.len() as f32;
        assert!((mean - told).abs() < 2.5, "{mean} for {told}");
        assert_eq!(look(48_000.0, |_| [0.0; 2]).levels, [0.0; BANDS]);
    }

    fn across(hz: f32) -> usize {
        (bands::across(hz) * BANDS as f32) as usize
    }

    #[test]
    fn one_side_is_heard_as_well_as_the_other_and_against_it() {
        let sine = |n: usize| 0.1 * (TAU * 0.02 * n as f32).sin();
        let loudest = |sound: &dyn Fn(usize) -> [f32; 2]| look(48_000.0, sound).levels.into_iter().fold(0.0, f32::max);
        let [left, against, both] =
            [loudest(&|n| [sine(n), 0.0]), loudest(&|n| [sine(n), -sine(n)]), loudest(&|n| [sine(n), sine(n)])];
        assert!((against - both).abs() < 1e-4 && (db(both) - db(left) - 3.0).abs() < 0.1, "{left} {against} {both}");
    }
}
