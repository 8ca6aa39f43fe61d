//! Where bed and dialogue have their power: third-octave bands, of the bed over 208 ms.

use std::f64::consts::PI;

use super::bands::{BANDS, Bands, centre_hz};
use green_ring_dsp::door::settle;
use green_ring_dsp::filter::Svf;
use green_ring_dsp::loudness::KWeighting;
use green_ring_dsp::{CELL, Sound};

/// Frames (208 ms) over which the bed's bands are measured: with the time that the curve takes to follow, the measure is
/// centred on the bed that sounds after the longest look-ahead.
const FRAMES: usize = 13;

/// Quality of the band-passes: their half-power points meet at the edges of the bands.
const QUALITY: f64 = 4.318;

/// Band-passes of one channel, padded to whole vectors; and of the bed's two channels and the key.
const GROUP: usize = 20;
const LANES: usize = 3 * GROUP;

/// Edges of the bands in hertz, and the qualities of two filters that make a Butterworth of fourth order.
const EDGES_HZ: [f32; 2] = [141.0, 9_000.0];
const QUALITIES: [f32; 2] = [0.541_2, 1.306_6];

/// How much of a channel's loudness lies within the bands: sharper at their ends than the band-passes are.
#[derive(Clone, Debug)]
struct Inside {
    weighting: KWeighting,
    above: [Svf; 2],
    below: [Svf; 2],
}

impl Inside {
    fn new(rate_hz: f64) -> Self {
        let tuned = |hz: f32| {
            QUALITIES.map(|q| {
                let mut filter = Svf::default();
                filter.set(hz.min(0.45 * rate_hz as f32), q, rate_hz as f32);
                filter
            })
        };
        Self { weighting: KWeighting::new(rate_hz), above: tuned(EDGES_HZ[0]), below: tuned(EDGES_HZ[1]) }
    }

    fn reset(&mut self) {
        self.weighting.reset();
        self.above.iter_mut().chain(&mut self.below).for_each(Svf::reset);
    }

    /// K-weighted power of a sample, in all and within the bands.
    fn tick(&mut self, x: f32) -> [f32; 2] {
        let all = self.weighting.tick(x) as f32;
        let above = self.above.iter_mut().fold(all, |x, filter| filter.tick(x).high);
        let within = self.below.iter_mut().fold(above, |x, filter| filter.tick(x).low);
        let (all, within) = (settle(all), settle(within));
        [all * all, within * within]
    }
}

/// Eighteen band-passes for each channel of the bed and for the key, side by side: state-variable filters, which hold at any tuning in single precision.
#[derive(Clone, Debug)]
pub struct Spectrum {
    g: [f32; LANES],
    divisor: [f32; LANES],
    states: [[f32; LANES]; 2],
    energy: [f32; LANES],
    inside: [Inside; 2],
    /// K-weighted energy in all and within the bands.
    loud: [f32; 2],
    /// What the energy of a band-pass is to be multiplied by so that pink noise has its power in each band.
    scale: f32,
    count: usize,
    /// Power of each band of the key in the last frame.
    key: Bands,
    /// Power of each band of the bed in the last frames, newest at `at`.
    frames: [Bands; FRAMES],
    louds: [[f32; 2]; FRAMES],
    at: usize,
    filled: usize,
}

impl Spectrum {
    /// Silence at `rate_hz`.
    pub fn new(rate_hz: f64) -> Self {
        let tuning = |lane: usize| (PI * (centre_hz(lane % GROUP) / rate_hz).min(0.45)).tan();
        let damping = 1.0 / QUALITY;
        // A band-pass of this quality lets through pi/2 x f/Q of noise, a third of an octave is 0.2316 f.
        let scale = damping * damping * 0.231_56 * 2.0 * QUALITY / PI;
        Self {
            g: std::array::from_fn(|lane| tuning(lane) as f32),
            divisor: std::array::from_fn(|lane| (1.0 / (1.0 + tuning(lane) * (tuning(lane) + damping))) as f32),
            states: [[0.0; LANES]; 2],
            energy: [0.0; LANES],
            inside: [Inside::new(rate_hz), Inside::new(rate_hz)],
            loud: [0.0; 2],
            scale: scale as f32,
            count: 0,
            key: [0.0; BANDS],
            frames: [[0.0; BANDS]; FRAMES],
            louds: [[0.0; 2]; FRAMES],
            at: 0,
            filled: 0,
        }
    }

    /// Equal to fresh.
    pub fn reset(&mut self) {
        (self.states, self.frames) = ([[0.0; LANES]; 2], [[0.0; BANDS]; FRAMES]);
        (self.louds, self.at, self.filled) = ([[0.0; 2]; FRAMES], 0, 0);
        self.key = [0.0; BANDS];
        self.inside.iter_mut().for_each(Inside::reset);
        self.forget();
    }

    /// Drops the frame that is not complete.
    pub fn forget(&mut self) {
        (self.energy, self.loud, self.count) = ([0.0; LANES], [0.0; 2], 0);
    }

    /// Takes in `frames` frames of the bed and of the key.
    pub fn hear(&mut self, bed: &Sound, key: &[f32; CELL], frames: usize) {
        let Self { g, divisor, states: [s1, s2], energy, inside, loud, .. } = self;
        for ((left, right), key) in bed[0].iter().zip(&bed[1]).zip(key).take(frames) {
            // One input a group, so that the lanes of a group are whole vectors.
            for (k, x) in lanes([*left, *right, *key]).into_iter().enumerate() {
                let band = divisor[k] * (s1[k] + g[k] * (x - s2[k]));
                let low = s2[k] + g[k] * band;
                s1[k] = settle(2.0 * band - s1[k]);
                s2[k] = settle(2.0 * low - s2[k]);
                let band = settle(band);
                energy[k] += band * band;
            }
            for (inside, x) in inside.iter_mut().zip([*left, *right]) {
                let power = inside.tick(x);
                (loud[0], loud[1]) = (loud[0] + power[0], loud[1] + power[1]);
            }
        }
        self.count += frames;
    }

    /// A frame ends here.
    pub fn close(&mut self) {
        let scale = self.scale / self.count.max(1) as f32;
        self.frames[self.at] = std::array::from_fn(|b| scale * (self.energy[b] + self.energy[GROUP + b]));
        self.key = std::array::from_fn(|b| scale * self.energy[2 * GROUP + b]);
        self.louds[self.at] = self.loud.map(|x| x / self.count.max(1) as f32);
        self.at = (self.at + 1) % FRAMES;
        self.filled = (self.filled + 1).min(FRAMES);
        self.forget();
    }

    /// Power of each band of the key in the frame that was closed last.
    pub fn key(&self) -> &Bands {
        &self.key
    }

    /// Power of each band of the bed over 208 ms.
    pub fn power(&self) -> Bands {
        let share = 1.0 / self.filled.max(1) as f32;
        let mut sum = [0.0; BANDS];
        for frame in &self.frames {
            sum.iter_mut().zip(frame).for_each(|(sum, p)| *sum += p * share);
        }
        sum
    }

    /// Share of the K-weighted power of 208 ms that lies within the bands, 0..1.
    pub fn inside(&self) -> f32 {
        let sum = |k: usize| self.louds.iter().map(|loud| loud[k]).sum::<f32>();
        (sum(1) / sum(0).max(f32::MIN_POSITIVE)).min(1.0)
    }
}

/// Each input in all lanes of its group.
#[inline]
fn lanes(inputs: [f32; 3]) -> [f32; LANES] {
    let mut lanes = [0.0; LANES];
    for (group, x) in lanes.chunks_exact_mut(GROUP).zip(inputs) {
        group.fill(x);
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Power of each band, and the share inside them, after half a second of a sine of amplitude 1 in both channels.
    fn heard(hz: f64, rate_hz: f64) -> (Bands, f32) {
        let mut spectrum = Spectrum::new(rate_hz);
        for cell in 0..(0.5 * rate_hz) as usize / CELL {
            let x = std::array::from_fn(|k| (2.0 * PI * hz / rate_hz * (cell * CELL + k) as f64).sin() as f32);
            spectrum.hear(&[x, x], &x, CELL);
            if cell % 24 == 23 {
                spectrum.close();
            }
        }
        (spectrum.power(), spectrum.inside())
    }

    #[test]
    fn a_tone_is_found_in_its_band_and_inside_at_every_rate() {
        for rate_hz in [44_100.0, 48_000.0, 192_000.0] {
            for b in [2, 8, 14] {
                let (power, inside) = heard(centre_hz(b), rate_hz);
                let loudest = (0..BANDS).max_by(|i, k| power[*i].total_cmp(&power[*k]));
                assert_eq!(loudest, Some(b));
                assert!((power[b] - 0.635).abs() < 0.03 && inside > 0.95, "{rate_hz}: {} {inside}", power[b]);
            }
            assert!(heard(60.0, rate_hz).1 < 0.01 && heard(16_000.0, rate_hz).1 < 0.05);
        }
    }
}
