//! What a listener hears, as numbers.

use green_ring_dsp::loudness::{KWeighting, lufs};

pub mod click;
pub mod decay;
pub mod events;
pub mod speech;
pub mod tape;

/// Decibels of an amplitude.
pub fn db(x: f64) -> f64 {
    20.0 * x.log10()
}

/// Root mean square.
pub fn rms(x: &[f32]) -> f64 {
    (x.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / x.len().max(1) as f64).sqrt()
}

/// Largest magnitude.
pub fn peak(x: &[f32]) -> f32 {
    x.iter().fold(0.0, |peak, x| peak.max(x.abs()))
}

/// Largest difference of two sounds, in dBFS; `-inf` when they are equal.
pub fn difference_db(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    db(a.iter().zip(b).fold(0.0f64, |worst, (a, b)| worst.max(f64::from((a - b).abs()))))
}

/// Loudness in LUFS of the whole of `sound`, K-weighted, without gates.
pub fn loudness(sound: &[Vec<f32>], rate_hz: f64) -> f64 {
    let power: f64 = sound
        .iter()
        .map(|channel| {
            let mut weighting = KWeighting::new(rate_hz);
            channel.iter().map(|x| weighting.tick(*x).powi(2)).sum::<f64>() / channel.len() as f64
        })
        .sum();
    lufs(power)
}
