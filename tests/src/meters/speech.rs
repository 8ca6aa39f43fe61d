//! Speech and what is not speech: material for the Dialogue Ducker, and meters that listen to what it does.
//!
//! Everything is mono at 48 kHz.

use green_ring_dsp::Spec;
use green_ring_dsp::filter::OnePole;
use green_ring_dsp::loudness::{KWeighting, lufs};
use realfft::RealFftPlanner;

mod intelligibility;
mod made;
mod recorded;

pub use intelligibility::*;
pub use made::*;
pub use recorded::*;

/// Sample rate of all material, in hertz.
pub const RATE: f32 = 48_000.0;

/// The same as [`Spec`] wants it, for a stereo engine.
pub const SPEC: Spec = Spec { sample_rate: RATE as f64, channels: 2 };

/// A number of samples.
pub fn samples(seconds: f32) -> usize {
    (seconds * RATE).round() as usize
}

/// Sum of two sounds, as long as the first.
pub fn mix(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().enumerate().map(|(k, a)| a + b.get(k).unwrap_or(&0.0)).collect()
}

/// K-weighted power of `x`, sample by sample.
pub fn k_power(x: &[f32]) -> Vec<f64> {
    let mut k = KWeighting::new(RATE as f64);
    x.iter().map(|x| k.tick(*x).powi(2)).collect()
}

/// `x` scaled so that its mean loudness, ungated, is `level_lufs`.
pub fn at_level(x: Vec<f32>, level_lufs: f64) -> Vec<f32> {
    let power = k_power(&x).iter().sum::<f64>() / x.len() as f64;
    scaled(x, level_lufs - lufs(power))
}

/// `x` scaled so that its integrated loudness, gated after BS.1770, is `level_lufs`.
pub fn at_loudness(x: Vec<f32>, level_lufs: f64) -> Vec<f32> {
    let power = gated(&k_power(&x)).0;
    scaled(x, level_lufs - lufs(power))
}

/// `x` louder by `db`.
pub fn scaled(x: Vec<f32>, db: f64) -> Vec<f32> {
    let gain = 10f64.powf(db / 20.0) as f32;
    x.into_iter().map(|x| x * gain).collect()
}

/// Mean power of a K-weighted power over the 400 ms blocks, 100 ms apart, that pass both gates of BS.1770, and
/// where those blocks begin, in samples.
pub fn gated(power: &[f64]) -> (f64, Vec<usize>) {
    let (length, step) = (samples(0.4), samples(0.1));
    let mean = |at: usize| {
        let block = &power[at..(at + length).min(power.len())];
        block.iter().sum::<f64>() / length as f64
    };
    let starts: Vec<usize> = (0..power.len().saturating_sub(length / 2)).step_by(step).collect();
    let pass =
        |starts: &[usize], floor: f64| -> Vec<usize> { starts.iter().copied().filter(|s| mean(*s) > floor).collect() };
    let total = |starts: &[usize]| starts.iter().map(|s| mean(*s)).sum::<f64>() / starts.len().max(1) as f64;
    let loud = pass(&starts, green_ring_dsp::loudness::power(-70.0));
    let kept = pass(&loud, total(&loud) * 0.1);
    (total(&kept), kept)
}

/// Loudness of `speech` above `bed` in LU: the gated loudness of the one, the mean loudness of the other while there
/// is speech, which is between each pair of moments in `spans`.
pub fn difference(speech: &[f32], bed: &[f32], spans: &[(usize, usize)]) -> f64 {
    let power = k_power(bed);
    let energy: f64 = spans.iter().map(|(from, to)| power[*from..*to].iter().sum::<f64>()).sum();
    let length: usize = spans.iter().map(|(from, to)| to - from).sum();
    lufs(gated(&k_power(speech)).0) - lufs(energy / length as f64)
}

/// The same within every `window_s` seconds, 100 ms apart: mean power of speech over mean power of bed, in LU, both
/// only while there is speech. Windows begin with the first word.
pub fn short_term(speech: &[f32], bed: &[f32], spans: &[(usize, usize)], window_s: f32) -> Vec<f64> {
    let mut speaking = vec![false; speech.len()];
    spans.iter().for_each(|(from, to)| speaking[*from..*to].fill(true));
    let while_speaking = |x: &[f32]| -> Vec<f64> {
        k_power(x).iter().zip(&speaking).map(|(power, speaking)| if *speaking { *power } else { 0.0 }).collect()
    };
    let (speech, bed) = (while_speaking(speech), while_speaking(bed));
    let (window, end) = (samples(window_s), spans[spans.len() - 1].1);
    (spans[0].0..end - window)
        .step_by(samples(0.1))
        .map(|at| lufs(speech[at..at + window].iter().sum()) - lufs(bed[at..at + window].iter().sum()))
        .collect()
}

/// Movement of a gain in decibels between 0.5 and 8 Hz, rms: what is heard as pumping.
pub fn movement_db(gain_db: &[f32], rate_hz: f32) -> f32 {
    let (mut fast, mut slow) = (OnePole::default(), OnePole::default());
    fast.set_hz(8.0, rate_hz);
    slow.set_hz(0.5, rate_hz);
    fast.reset(gain_db[0]);
    slow.reset(gain_db[0]);
    let energy: f32 = gain_db.iter().map(|g| slow.high(fast.low(*g)).powi(2)).sum();
    (energy / gain_db.len() as f32).sqrt()
}

/// Energy of `x` further than `distance_hz` from `hz`, against all of it, in dB, under a Blackman-Harris window.
pub fn beyond_db(x: &[f32], hz: f32, distance_hz: f32) -> f64 {
    let n = x.len();
    let window = |k: usize| {
        let p = std::f64::consts::TAU * k as f64 / n as f64;
        0.35875 - 0.48829 * p.cos() + 0.14128 * (2.0 * p).cos() - 0.01168 * (3.0 * p).cos()
    };
    let mut windowed: Vec<f64> = x.iter().enumerate().map(|(k, x)| f64::from(*x) * window(k)).collect();
    let transform = RealFftPlanner::<f64>::new().plan_fft_forward(n);
    let mut bins = transform.make_output_vec();
    transform.process(&mut windowed, &mut bins).expect("sizes agree");
    let away = |k: usize| (k as f32 * RATE / n as f32 - hz).abs() > distance_hz;
    let beyond: f64 = bins.iter().enumerate().filter(|(k, _)| away(*k)).map(|(_, bin)| bin.norm_sqr()).sum();
    10.0 * (beyond / bins.iter().map(|bin| bin.norm_sqr()).sum::<f64>()).log10()
}

/// The first moment, in samples, at which `x` is within 30 dB of its loudest 10 ms.
pub fn onset(x: &[f32]) -> usize {
    let frame = samples(0.01);
    let power: Vec<f32> = x.chunks(frame).map(|f| f.iter().map(|x| x * x).sum()).collect();
    let loudest = power.iter().fold(0.0f32, |m, p| m.max(*p));
    power.iter().position(|p| *p > loudest * 1e-3).unwrap_or(0) * frame
}

/// The last such moment.
pub fn offset(x: &[f32]) -> usize {
    let reversed: Vec<f32> = x.iter().rev().copied().collect();
    x.len() - onset(&reversed)
}
