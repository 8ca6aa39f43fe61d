//! The third-octave bands in which speech is understood, and what each of them is worth.

use std::f64::consts::TAU;

use green_ring_dsp::loudness::{self, KWeighting};

/// Bands from 160 Hz to 8 kHz.
pub const BANDS: usize = 18;

/// One number for each band.
pub type Bands = [f32; BANDS];

/// Importance of each band to speech, of 1 in all (ANSI S3.5-1997, table 3).
pub const IMPORTANCE: Bands = [
    0.0083, 0.0095, 0.0150, 0.0289, 0.0440, 0.0578, 0.0653, 0.0711, 0.0818, 0.0844, 0.0882, 0.0898, 0.0868, 0.0844,
    0.0771, 0.0527, 0.0364, 0.0185,
];

/// Spectrum level of speech of normal effort in dB SPL a hertz (the same table).
const SPEECH_DB: Bands = [
    32.41, 34.48, 34.75, 33.98, 34.59, 34.27, 32.06, 28.30, 25.01, 23.00, 20.15, 17.32, 13.18, 11.55, 9.33, 5.31, 2.59,
    1.13,
];

/// Signal over noise in a band, in dB, from which nothing more is understood; and as far below 0 dB nothing is.
pub const AUDIBLE_DB: f32 = 15.0;

/// Width of a third-octave band, as a share of its centre.
pub const WIDTH: f32 = 0.231_56;

/// Centre of band `b` in hertz: exact base-10 thirds of an octave.
pub fn centre_hz(b: usize) -> f64 {
    1_000.0 * 10f64.powf((b as f64 - 8.0) / 10.0)
}

/// Power gain of K-weighting at each centre: what its answer to an impulse, 40 ms of it, holds of that frequency.
pub fn k_gains(rate_hz: f64) -> Bands {
    let mut weighting = KWeighting::new(rate_hz);
    let mut sums = [[0.0f64; 2]; BANDS];
    for n in 0..(0.04 * rate_hz) as usize {
        let y = weighting.tick(if n == 0 { 1.0 } else { 0.0 });
        for (b, [re, im]) in sums.iter_mut().enumerate() {
            let (sin, cos) = (TAU * (centre_hz(b) / rate_hz).min(0.45) * n as f64).sin_cos();
            (*re, *im) = (*re + y * cos, *im + y * sin);
        }
    }
    sums.map(|[re, im]| (re * re + im * im) as f32)
}

/// Power of each band of speech of normal effort at 0 LUFS, when `k` are the gains of K-weighting.
pub fn normal_voice(k: &Bands) -> Bands {
    let power = |b: usize| WIDTH * centre_hz(b) as f32 * 10f32.powf(SPEECH_DB[b] / 10.0);
    at_0_lufs(&std::array::from_fn(power), k).unwrap_or_default()
}

/// The same spectrum at 0 LUFS; none of silence.
pub fn at_0_lufs(power: &Bands, k: &Bands) -> Option<Bands> {
    let weighted: f32 = power.iter().zip(k).map(|(p, k)| k * p).sum();
    (weighted > f32::MIN_POSITIVE).then(|| power.map(|p| p * loudness::power(0.0) as f32 / weighted))
}

/// How much of speech is audible, 0..1, when each band stands so many dB above the bed (ANSI S3.5-1997 without spread
/// of masking, which a bank of bands has by itself).
pub fn audibility(above_db: &Bands) -> f32 {
    let share = |above_db: f32| ((above_db + AUDIBLE_DB) / (2.0 * AUDIBLE_DB)).clamp(0.0, 1.0);
    above_db.iter().zip(&IMPORTANCE).map(|(db, importance)| importance * share(*db)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speech_of_normal_effort_has_the_level_that_the_standard_tells() {
        let power: f32 = (0..BANDS).map(|b| 10f32.powf(SPEECH_DB[b] / 10.0) * WIDTH * centre_hz(b) as f32).sum();
        assert!((10.0 * power.log10() - 62.35).abs() < 0.15, "{}", 10.0 * power.log10());
        assert!((IMPORTANCE.iter().sum::<f32>() - 1.0).abs() < 1e-3);
    }

    #[test]
    fn audibility_goes_from_nothing_to_all_within_thirty_decibels() {
        assert_eq!(audibility(&[-15.0; BANDS]), 0.0);
        assert!((audibility(&[0.0; BANDS]) - 0.5).abs() < 1e-3 && (audibility(&[40.0; BANDS]) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn bands_of_speech_sum_to_its_loudness() {
        let k = k_gains(48_000.0);
        let sum = |voice: Bands| voice.iter().zip(&k).map(|(p, k)| k * p).sum::<f32>() / loudness::power(0.0) as f32;
        assert!((sum(normal_voice(&k)) - 1.0).abs() < 1e-4);
        assert!((sum(at_0_lufs(&[3.0; BANDS], &k).unwrap()) - 1.0).abs() < 1e-4);
        assert_eq!(at_0_lufs(&[0.0; BANDS], &k), None);
    }
}
