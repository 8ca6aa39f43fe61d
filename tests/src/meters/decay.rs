//! How a room dies: decay per octave, echo density, ringing, likeness of the sides, colour.
//!
//! Methods: ISO 3382 (backward integration after Schroeder 1965, T30 from -5 to -35 dB); J. S. Abel & P. Huang, "A simple,
//! robust measure of reverberation echo density", AES 121, 2006.

use realfft::RealFftPlanner;
use std::f64::consts::{PI, TAU};

/// The octave of `sound` about `hz`: a Butterworth band-pass of third order.
///
/// The three poles of the low-pass each become two, s = (p b +- sqrt((p b)^2 - 4 w^2)) / 2, in the bilinear transform's
/// warped frequency; three of the six and their conjugates make three biquads with zeros at 0 Hz and at Nyquist.
pub fn octave(sound: &[f32], hz: f64, rate_hz: f64) -> Vec<f64> {
    let warp = |hz: f64| (PI * hz.min(0.49 * rate_hz) / rate_hz).tan();
    let (low, high) = (warp(hz * 0.5f64.sqrt()), warp(hz * 2f64.sqrt()));
    let (width, square) = (high - low, low * high);
    let mut y: Vec<f64> = sound.iter().map(|x| f64::from(*x)).collect();
    for pole in [[-1.0, 0.0], [-0.5, 0.75f64.sqrt()], [-0.5, -(0.75f64.sqrt())]] {
        let [re, im] = [pole[0] * width, pole[1] * width];
        // The root with a positive imaginary part of (re + i im)^2 - 4 square.
        let (a, b) = (re * re - im * im - 4.0 * square, 2.0 * re * im);
        let size = a.hypot(b);
        let root = [((size + a) / 2.0).max(0.0).sqrt() * if b < 0.0 { -1.0 } else { 1.0 }, ((size - a) / 2.0).sqrt()];
        band(&mut y, (re + root[0]) / 2.0, (im + root[1]) / 2.0, width);
    }
    y
}

/// width s / (s^2 - 2 re s + re^2 + im^2), bilinear, in place.
fn band(sound: &mut [f64], re: f64, im: f64, width: f64) {
    let square = re * re + im * im;
    let a0 = 1.0 - 2.0 * re + square;
    let (a1, a2) = (2.0 * (square - 1.0) / a0, (1.0 + 2.0 * re + square) / a0);
    let mut s = [0.0; 2];
    for x in sound {
        let u = width / a0 * *x;
        let out = u + s[0];
        s = [-a1 * out + s[1], -u - a2 * out];
        *x = out;
    }
}

/// Third-order Butterworth high-pass or low-pass, in place: a one-pole and a biquad of quality 1, bilinear.
pub fn cut(sound: &mut [f64], hz: f64, rate_hz: f64, high: bool) {
    let w = (PI * hz / rate_hz).tan();
    let (pole, gain) = ((1.0 - w) / (1.0 + w), if high { 1.0 } else { w } / (1.0 + w));
    let a0 = 1.0 + w + w * w;
    let (a1, a2) = (2.0 * (w * w - 1.0) / a0, (1.0 - w + w * w) / a0);
    let (sign, gain2) = if high { (-1.0, 1.0 / a0) } else { (1.0, w * w / a0) };
    let (mut last, mut y1, mut s) = (0.0, 0.0, [0.0; 2]);
    for x in sound {
        y1 = gain * (*x + sign * last) + pole * y1;
        last = *x;
        let u = gain2 * y1;
        let out = u + s[0];
        s = [2.0 * sign * u - a1 * out + s[1], u - a2 * out];
        *x = out;
    }
}

/// Energy per frame, summed over the channels, from the onset on, added to `sum`.
pub fn add_energy(sum: &mut Vec<f64>, channels: &[Vec<f64>], onset: usize) {
    let frames = channels[0].len() - onset;
    if sum.is_empty() {
        sum.resize(frames, 0.0);
    }
    sum.truncate(frames);
    for channel in channels {
        sum.iter_mut().zip(&channel[onset..]).for_each(|(sum, x)| *sum += x * x);
    }
}

/// The first frame that comes within 60 dB of the peak of any channel.
pub fn onset(channels: &[Vec<f32>]) -> usize {
    let peak = channels.iter().map(|c| super::peak(c)).fold(0.0, f32::max);
    channels.iter().filter_map(|c| c.iter().position(|x| x.abs() > 1e-3 * peak)).min().unwrap_or(0)
}

/// A straight line through a decay, in decibels.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Seconds for 60 dB, from the 30 dB below -5 dB.
    pub t30_s: f64,
    /// Power per frame where the line meets the first frame, in decibels.
    pub start_db: f64,
}

/// The line through the decay of `energy` (per frame).
pub fn line(energy: &[f64], rate_hz: f64) -> Line {
    let mut left: Vec<f64> = energy.to_vec();
    for k in (0..left.len() - 1).rev() {
        left[k] += left[k + 1];
    }
    let db = |k: usize| 10.0 * (left[k] / left[0]).log10();
    let points: Vec<(f64, f64)> = (0..left.len())
        .map(|k| (k as f64 / rate_hz, db(k)))
        .skip_while(|(_, db)| *db > -5.0)
        .take_while(|(_, db)| *db > -35.0)
        .collect();
    let n = points.len() as f64;
    let (mean_t, mean_db) = points.iter().fold((0.0, 0.0), |(t, d), p| (t + p.0 / n, d + p.1 / n));
    let (over, under) = points.iter().fold((0.0, 0.0), |(over, under), (t, db)| {
        (over + (t - mean_t) * (db - mean_db), under + (t - mean_t).powi(2))
    });
    let slope = over / under;
    // What is left falls like the power does, and is the power times the time constant.
    let frames_per_neper = 10.0 / 10f64.ln() / -slope * rate_hz;
    let start_db = mean_db - slope * mean_t + 10.0 * (left[0] / frames_per_neper).log10();
    Line { t30_s: -60.0 / slope, start_db }
}

/// Echo density about every 128th frame: seconds after `from`, and the share of samples outside one standard deviation
/// re that of Gaussian noise, under a window of 1024 frames.
pub fn echo_density(sound: &[f32], from: usize, rate_hz: f64) -> Vec<(f64, f64)> {
    const WINDOW: usize = 1_024;
    let hann: Vec<f64> = (0..WINDOW).map(|k| (PI * (k as f64 + 0.5) / WINDOW as f64).sin().powi(2)).collect();
    let total: f64 = hann.iter().sum();
    let padded = |n: isize| if n < 0 { 0.0 } else { f64::from(sound[n as usize]) };
    let density = |middle: usize| {
        let x = |k: usize| padded((middle + k) as isize - (WINDOW / 2) as isize);
        let power: f64 = hann.iter().enumerate().map(|(k, w)| w * x(k).powi(2)).sum::<f64>() / total;
        let out: f64 = hann.iter().enumerate().filter(|(k, _)| x(*k).powi(2) > power).map(|(_, w)| w).sum();
        out / total / 0.317_3
    };
    let last = sound.len() - WINDOW / 2;
    (from..last).step_by(128).map(|n| ((n - from) as f64 / rate_hz, density(n))).collect()
}

/// Power per bin of `sound` under a Hann window; bin k is at k x rate / length.
pub fn spectrum(sound: &[f32]) -> Vec<f64> {
    let n = sound.len();
    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(n);
    let hann = |k: usize| 0.5 - 0.5 * (TAU * k as f64 / n as f64).cos();
    let mut input: Vec<f64> = sound.iter().enumerate().map(|(k, x)| f64::from(*x) * hann(k)).collect();
    let mut bins = fft.make_output_vec();
    fft.process(&mut input, &mut bins).expect("lengths agree");
    bins.iter().map(|bin| bin.norm_sqr()).collect()
}

/// Standard deviation of the decibels of a tail's spectrum between 500 Hz and 4 kHz, and its 99.9th percentile over its
/// median. Gaussian noise has 5.57 dB and about 10 dB; a tail that rings has more.
///
/// `tail` is one second of it; `decay_s` flattens it.
pub fn ringing(tail: &[f32], decay_s: f64, rate_hz: f64) -> (f64, f64) {
    let rise = |k: usize| 10f64.powf(3.0 * k as f64 / (decay_s * rate_hz));
    let flat: Vec<f32> = tail.iter().enumerate().map(|(k, x)| (f64::from(*x) * rise(k)) as f32).collect();
    let bin = |hz: f64| (hz * tail.len() as f64 / rate_hz) as usize;
    let mut db: Vec<f64> = spectrum(&flat)[bin(500.0)..bin(4_000.0)].iter().map(|p| 10.0 * p.log10()).collect();
    db.sort_by(f64::total_cmp);
    let mean = db.iter().sum::<f64>() / db.len() as f64;
    let deviation = (db.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / db.len() as f64).sqrt();
    (deviation, db[(db.len() as f64 * 0.999) as usize] - db[db.len() / 2])
}

/// Correlation of two sounds, -1..1.
pub fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    product(a, b) / (product(a, a) * product(b, b)).sqrt()
}

/// The centre of gravity of a sound's power spectrum, in hertz: how bright it is. Averaged over windows of `2^15` frames.
pub fn centroid_hz(sound: &[f32], rate_hz: f64) -> f64 {
    let (mut moment, mut power) = (0.0, 0.0);
    for window in sound.chunks_exact(1 << 15) {
        for (k, p) in spectrum(window).iter().enumerate() {
            moment += p * k as f64 * rate_hz / window.len() as f64;
            power += p;
        }
    }
    moment / power
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals;
    use green_ring_dsp::chance::Chance;

    const RATE: f64 = 48_000.0;

    /// Gaussian noise that falls by 60 dB in `decay_s`.
    fn tail(decay_s: f64, seed: u32) -> Vec<f32> {
        let fall = |n: usize| 10f64.powf(-3.0 * n as f64 / (decay_s * RATE));
        (0..72_000).map(|n| (fall(n) * f64::from(Chance::new(seed, 1).normal(n as i64)[0])) as f32).collect()
    }

    #[test]
    fn an_ideal_tail_reads_as_made() {
        let mut energy = vec![];
        for seed in 0..8 {
            add_energy(&mut energy, &[octave(&tail(0.8, seed), 1_000.0, RATE)], 0);
        }
        let line = line(&energy, RATE);
        assert!((line.t30_s / 0.8 - 1.0).abs() < 0.02, "{line:?}");
        // An octave about 1 kHz is 707 of 24 000 Hz; eight tails of unit power.
        let told = 10.0 * (8.0 * 707.0 / 24_000.0f64).log10();
        assert!((line.start_db - told).abs() < 0.5, "{line:?} {told}");
        let dense = echo_density(&tail(4.0, 1), 1_024, RATE);
        let mean = dense.iter().map(|d| d.1).sum::<f64>() / dense.len() as f64;
        assert!((mean - 1.0).abs() < 0.02);
        let (deviation, peak) = ringing(&tail(4.0, 2)[..48_000], 4.0, RATE);
        assert!((deviation - 5.57).abs() < 0.25 && (peak - 10.0).abs() < 1.0, "{deviation} {peak}");
    }

    #[test]
    fn sparse_and_ringing_sounds_are_told_apart() {
        let mut clicks = vec![0.0; 48_000];
        clicks.iter_mut().step_by(2_000).for_each(|x| *x = 1.0);
        assert!(echo_density(&clicks, 1_024, RATE).iter().all(|d| d.1 < 0.1));
        let comb: Vec<f32> = clicks.iter().zip(tail(1e6, 1)).map(|(c, n)| c + 1e-3 * n).collect();
        assert!(ringing(&comb, 1e6, RATE).0 > 8.0);
    }

    #[test]
    fn octaves_and_colour_are_where_they_should_be() {
        let sine = |hz| signals::sine(hz, 1.0, RATE, 1, 98_304).remove(0);
        let level = |sound: &[f64]| 10.0 * (sound[48_000..].iter().map(|x| x * x).sum::<f64>() / 25_152.0).log10();
        assert!(level(&octave(&sine(1_000.0), 1_000.0, RATE)).abs() < 0.2);
        assert!(level(&octave(&sine(4_000.0), 1_000.0, RATE)) < -25.0);
        assert!((centroid_hz(&sine(3_000.0), RATE) - 3_000.0).abs() < 1.0);
        assert!((correlation(&sine(100.0), &sine(100.0)) - 1.0).abs() < 1e-9);
    }
}
