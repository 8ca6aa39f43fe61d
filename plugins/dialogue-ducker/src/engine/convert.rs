//! Rate conversion of the key to the 16 kHz that the speech detector hears.
//!
//! A fixed polyphase low-pass (Crochiere and Rabiner, "Multirate Digital Signal Processing", 1983). Where its
//! output samples lie is addressed by the song and not counted from the start of playback, so the detector's frames
//! fall on the same sounds wherever playback began.

use std::f64::consts::PI;

use green_ring_dsp::CELL;
use green_ring_dsp::sinc::bessel_i0;

/// The rate that the detector hears, in hertz.
pub const EAR_HZ: i64 = 16_000;

/// Zero crossings of the kernel on either side of its centre: 1 ms at 16 kHz, all of the key path's own delay.
const REACH: f64 = 16.0;

/// Cutoff as a share of the lower of the two rates. With the Kaiser window below, aliasing is 60 dB down from
/// 0.49 of 16 kHz on.
const CUTOFF: f64 = 0.435;

/// Kaiser parameter for 60 dB of stopband (Kaiser's formula: 0.1102 x (60 - 8.7)).
const BETA: f64 = 5.65;

/// Kernels that are kept at most: 44.1 kHz needs 160, rates of no common divisor take the nearest.
const MOST_PHASES: i64 = 320;

/// Converts the key to 16 kHz.
#[derive(Clone, Debug)]
pub struct Converter {
    rate_hz: i64,
    phases: i64,
    taps: usize,
    /// One kernel for each phase, oldest tap first.
    rows: Box<[f32]>,
    /// The last `taps` samples of the past, then what came in since the last [`Converter::drain`].
    past: Box<[f32]>,
    filled: usize,
    /// Song sample that comes in next.
    sample: i64,
    /// Index at 16 kHz, counted from song sample 0, of the sample that goes out next.
    next: i64,
}

impl Converter {
    /// A converter from `rate_hz`. Allocates.
    pub fn new(rate_hz: f64) -> Self {
        let rate = rate_hz.round().max(1.0) as i64;
        let phases = (EAR_HZ / common_divisor(rate, EAR_HZ)).min(MOST_PHASES);
        let stretch = (rate as f64 / EAR_HZ as f64).max(1.0);
        let taps = 2 * (REACH * stretch).ceil() as usize;
        let rows = (0..phases).flat_map(|p| row(taps, p as f64 / phases as f64, stretch)).collect();
        let past = vec![0.0; taps + 2 * CELL].into_boxed_slice();
        Self { rate_hz: rate, phases, taps, rows, past, filled: taps, sample: 0, next: 0 }
    }

    /// Forgets all sound; the next sample that comes in is song sample `sample`.
    pub fn anchor(&mut self, sample: i64) {
        self.past.fill(0.0);
        self.filled = self.taps;
        self.sample = sample;
        self.next = -(-sample * EAR_HZ).div_euclid(self.rate_hz);
    }

    /// Takes in at most a cell of sound.
    pub fn push(&mut self, sound: &[f32]) {
        self.past[self.filled..self.filled + sound.len()].copy_from_slice(sound);
        self.filled += sound.len();
        self.sample += sound.len() as i64;
    }

    /// Hands every sample at 16 kHz that is now complete to `take`, with its index counted from song sample 0.
    pub fn drain(&mut self, mut take: impl FnMut(i64, f32)) {
        let reach = (self.taps / 2) as i64;
        loop {
            let place = self.next * self.rate_hz;
            let newest = place.div_euclid(EAR_HZ) + reach;
            if newest >= self.sample {
                break;
            }
            let end = self.filled - (self.sample - newest - 1) as usize;
            let phase = (place.rem_euclid(EAR_HZ) * self.phases / EAR_HZ) as usize;
            let row = &self.rows[phase * self.taps..][..self.taps];
            take(self.next, dot(&self.past[end - self.taps..end], row));
            self.next += 1;
        }
        self.past.copy_within(self.filled - self.taps..self.filled, 0);
        self.filled = self.taps;
    }
}

fn common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// The kernel for a place `fraction` of an input sample after the middle tap; unity at zero hertz.
fn row(taps: usize, fraction: f64, stretch: f64) -> Vec<f32> {
    let reach = taps as f64 / 2.0;
    let kernel = |k: usize| {
        let t = k as f64 + 1.0 - reach - fraction;
        let x = 2.0 * PI * CUTOFF / stretch * t;
        let window = (1.0 - (t / reach).powi(2)).max(0.0).sqrt();
        (if x == 0.0 { 1.0 } else { x.sin() / x }) * bessel_i0(BETA * window)
    };
    let row: Vec<f64> = (0..taps).map(kernel).collect();
    let sum: f64 = row.iter().sum();
    row.iter().map(|w| (w / sum) as f32).collect()
}

/// Sum of products in eight lanes, so that it becomes vector code.
fn dot(x: &[f32], w: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    let (xs, ws) = (x.chunks_exact(8), w.chunks_exact(8));
    let rest: f32 = xs.remainder().iter().zip(ws.remainder()).map(|(x, w)| x * w).sum();
    for (x, w) in xs.zip(ws) {
        for k in 0..8 {
            lanes[k] += x[k] * w[k];
        }
    }
    rest + lanes.iter().sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Level in decibels, out against in, of a sine at `hz`, and the indices that came out.
    fn convert(rate: f64, hz: f64, start: i64, cuts: &[usize]) -> (f64, Vec<(i64, f32)>) {
        let mut converter = Converter::new(rate);
        converter.anchor(start);
        let (mut out, mut at) = (vec![], start);
        for k in 0..(rate as usize / 8) {
            let n = cuts[k % cuts.len()];
            let sound: Vec<f32> =
                (0..n as i64).map(|i| (2.0 * PI * hz * (at + i) as f64 / rate).sin() as f32).collect();
            converter.push(&sound);
            converter.drain(|m, y| out.push((m, y)));
            at += n as i64;
        }
        let steady = &out[64..];
        let power = steady.iter().map(|(_, y)| (*y as f64).powi(2)).sum::<f64>() / steady.len() as f64;
        (10.0 * (2.0 * power).log10(), out)
    }

    #[test]
    fn speech_passes_and_aliases_do_not_at_any_rate() {
        for rate in [8_000.0, 22_050.0, 44_100.0, 47_999.0, 48_000.0, 88_200.0, 192_000.0, 384_000.0] {
            let top = f64::min(rate / 2.0, 8_000.0);
            assert!(convert(rate, 300.0, 0, &[32]).0.abs() < 0.1, "{rate}");
            assert!(convert(rate, 0.7 * top, 0, &[32]).0.abs() < 0.2, "{rate}");
            if rate > 16_000.0 {
                assert!(convert(rate, 8_400.0, 0, &[32]).0 < -50.0, "{rate}: {}", convert(rate, 8_400.0, 0, &[32]).0);
            }
        }
    }

    #[test]
    fn samples_lie_where_the_song_says_however_it_is_cut() {
        for rate in [44_100.0, 48_000.0, 96_000.0] {
            let (_, whole) = convert(rate, 440.0, 7, &[32]);
            let (_, cut) = convert(rate, 440.0, 7, &[1, 5, 31, 32]);
            assert!(cut.iter().zip(&whole).all(|(a, b)| a.0 == b.0 && a.1.to_bits() == b.1.to_bits()));
            let (_, later) = convert(rate, 440.0, 1_000, &[32]);
            let offset = (later[0].0 - whole[0].0) as usize;
            assert!(
                later[64..500].iter().zip(&whole[offset + 64..]).all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() < 1e-5)
            );
        }
    }

    #[test]
    fn it_is_on_time() {
        let (_, out) = convert(48_000.0, 500.0, 0, &[32]);
        for (m, y) in &out[64..200] {
            assert!((*y as f64 - (2.0 * PI * 500.0 * *m as f64 / 16_000.0).sin()).abs() < 0.01);
        }
    }
}
