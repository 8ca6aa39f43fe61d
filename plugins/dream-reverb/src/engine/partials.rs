//! Which low tones a sound holds: a bank of slow resonators, a quarter tone apart, over three octaves.
//!
//! It works on every 32nd sample or so of what is left below 340 Hz. Each resonator is a complex one-pole, twice in a row
//! (a leaky Goertzel analysis); its bandwidth is a share of its frequency, so that it takes a dozen periods to believe.

use super::Cell;
use green_ring_dsp::door::settle64;
use green_ring_dsp::filter::SvfBank;
use green_ring_dsp::{CELL, Sound, Spec};
use std::f64::consts::TAU;

/// Quarter tones in an octave.
pub const SLOTS: usize = 24;

/// The lowest tone: three and a half octaves below 440 Hz, so that tuned instruments meet the grid.
pub const LOWEST_HZ: f64 = 38.890_873;

/// Octaves of tones that are looked for.
const OCTAVES: usize = 3;
const TONES: usize = SLOTS * OCTAVES;

/// Above this nothing is looked for.
const TOP_HZ: f32 = 340.0;

/// Below this nothing is: an offset is no tone.
const BOTTOM_HZ: f32 = 34.0;

/// Half the bandwidth of a resonator as a share of its frequency.
const HALF_WIDTH: f64 = 0.012;

/// Qualities of the two sections of a Butterworth filter of order four.
const QUALITIES: [f32; 2] = [0.541_196, 1.306_563];

/// One value for each tone.
type Bank = [f64; TONES];

/// What is looked at, and the resonators.
#[derive(Debug)]
pub struct Partials {
    tops: [SvfBank<2>; 2],
    bottom: SvfBank<2>,
    stride: usize,
    /// Frame of the cell that is next.
    at: usize,
    /// Real and imaginary part of each pole, and the gain before it.
    pole: [Bank; 2],
    gain: Bank,
    /// The two stages, real and imaginary.
    state: [[Bank; 2]; 2],
    power: f64,
    count: usize,
}

impl Partials {
    /// An analysis at rest.
    pub fn new(spec: &Spec) -> Self {
        let rate_hz = spec.sample_rate as f32;
        // At least 1300 looks a second, at places that are the same in every cell.
        let stride = (0..6).map(|k| CELL >> k).find(|stride| rate_hz / *stride as f32 >= 1_300.0).unwrap_or(1);
        let looks_hz = spec.sample_rate / stride as f64;
        let hz: Bank = std::array::from_fn(|tone| LOWEST_HZ * (tone as f64 / SLOTS as f64).exp2());
        let keep = hz.map(|hz| (-TAU * HALF_WIDTH * hz / looks_hz).exp());
        let turn = hz.map(|hz| (TAU * hz / looks_hz).sin_cos());
        let mut bottom = SvfBank::default();
        bottom.set(BOTTOM_HZ, std::f32::consts::FRAC_1_SQRT_2, looks_hz as f32);
        Self {
            tops: QUALITIES.map(|quality| {
                let mut top = SvfBank::default();
                top.set(TOP_HZ, quality, rate_hz);
                top
            }),
            bottom,
            stride,
            at: 0,
            pole: [
                std::array::from_fn(|tone| keep[tone] * turn[tone].1),
                std::array::from_fn(|tone| keep[tone] * turn[tone].0),
            ],
            gain: keep.map(|keep| 1.0 - keep),
            state: [[[0.0; TONES]; 2]; 2],
            power: 0.0,
            count: 0,
        }
    }

    /// Nothing was heard.
    pub fn reset(&mut self) {
        self.tops.iter_mut().chain([&mut self.bottom]).for_each(SvfBank::reset);
        self.state = [[[0.0; TONES]; 2]; 2];
        (self.at, self.power, self.count) = (0, 0.0, 0);
    }

    /// At the edge of `cell`: mean power of a side in the band since the last, if there was a look at it.
    pub fn latch(&mut self, cell: &Cell) -> Option<f64> {
        self.at = CELL - cell.frames;
        self.state.as_flattened_mut().as_flattened_mut().iter_mut().for_each(|s| *s = settle64(*s));
        let power = std::mem::take(&mut self.power);
        let count = std::mem::take(&mut self.count);
        (count > 0).then(|| power / (2 * count) as f64)
    }

    /// Listens to `frames` frames of `sound`.
    pub fn listen(&mut self, sound: &Sound, frames: usize) {
        for (left, right) in sound[0].iter().zip(&sound[1]).take(frames) {
            let low = self.tops.iter_mut().fold([*left, *right], |x, top| top.tick(x).low);
            if self.at.is_multiple_of(self.stride) {
                self.look(low);
            }
            self.at += 1;
        }
    }

    /// Power of each tone's pitch, octaves added up.
    pub fn powers(&self) -> [f64; SLOTS] {
        let [re, im] = &self.state[1];
        let power = |tone: usize| re[tone] * re[tone] + im[tone] * im[tone];
        std::array::from_fn(|slot| (0..OCTAVES).map(|octave| power(slot + SLOTS * octave)).sum())
    }

    fn look(&mut self, low: [f32; 2]) {
        let [left, right] = self.bottom.tick(low).high;
        self.power += (left * left + right * right) as f64;
        self.count += 1;
        let x = 0.5 * (left + right) as f64;
        let [[re1, im1], [re2, im2]] = &mut self.state;
        for tone in 0..TONES {
            let (c, s, gain) = (self.pole[0][tone], self.pole[1][tone], self.gain[tone]);
            let (re, im) = (re1[tone], im1[tone]);
            (re1[tone], im1[tone]) = (c * re - s * im + gain * x, s * re + c * im);
            let (re, im) = (re2[tone], im2[tone]);
            re2[tone] = c * re - s * im + gain * re1[tone];
            im2[tone] = s * re + c * im + gain * im1[tone];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strongest(hz: f64, rate: f64) -> (usize, f64) {
        let mut partials = Partials::new(&Spec { sample_rate: rate, channels: 2 });
        let mut power = 0.0;
        for number in 0..(3.0 * rate) as i64 / CELL as i64 {
            power = partials.latch(&Cell { number, frames: CELL, leapt: false }).unwrap_or(power);
            let tone = |n: usize| (TAU * hz * ((number * CELL as i64) as f64 + n as f64) / rate).sin() as f32;
            partials.listen(&[std::array::from_fn(tone); 2], CELL);
        }
        let powers = partials.powers();
        let sum: f64 = powers.iter().sum();
        let best = (0..SLOTS).max_by(|a, b| powers[*a].total_cmp(&powers[*b])).unwrap();
        (best, powers[best] / sum)
    }

    #[test]
    fn tones_are_found_in_their_slot_in_every_octave_and_at_every_rate() {
        for rate in [8_000.0, 44_100.0, 48_000.0, 192_000.0] {
            // D sharp, A and B flat: 0, 12 and 14 quarter tones up.
            for (hz, slot) in [(77.78, 0), (110.0, 12), (220.0, 12), (116.54, 14), (233.08, 14)] {
                let (found, share) = strongest(hz, rate);
                assert!(found == slot && share > 0.8, "{rate} {hz}: {found}, {share}");
            }
        }
    }

    #[test]
    fn what_lies_above_is_not_taken_for_low() {
        let mut partials = Partials::new(&Spec { sample_rate: 48_000.0, channels: 2 });
        let mut powers = [0.0; 2];
        for (power, hz) in powers.iter_mut().zip([150.0, 1_600.0]) {
            partials.reset();
            for number in 0..3_000i64 {
                *power =
                    partials.latch(&Cell { number, frames: CELL, leapt: false }).unwrap_or(0.0) * 0.01 + 0.99 * *power;
                let tone = |n: usize| (TAU * hz * ((number * CELL as i64) as f64 + n as f64) / 48_000.0).sin() as f32;
                partials.listen(&[std::array::from_fn(tone); 2], CELL);
            }
        }
        assert!(powers[0] > 0.4 && powers[1] < 1e-4, "{powers:?}");
    }
}
