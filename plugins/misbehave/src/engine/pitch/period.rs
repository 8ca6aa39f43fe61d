//! How long a period of the sound is.

use super::super::record::Record;

/// Rate at which it is listened, and the window and the periods in frames of that: 25 ms, and 1.7 to 16.7 ms (60 to 600 Hz).
const LISTEN_HZ: f64 = 12_000.0;
const WINDOW: usize = 300;
const SHORTEST: usize = 20;
const LONGEST: usize = 200;

/// A sound that is less like itself a period before has none.
const VOICED: f32 = 0.6;

/// Of periods that fit nearly as well as the best, the shortest is meant: two periods fit as well as one.
const NEARLY: f32 = 0.9;

/// Seconds that lie behind a place to tell its period.
pub(super) const HEARD_S: f64 = (WINDOW + LONGEST + 2) as f64 / LISTEN_HZ;
/// The longest period, in seconds.
pub(super) const LONGEST_S: f64 = LONGEST as f64 / LISTEN_HZ;

/// The period of the sound before song sample `at`, in samples with their fraction; `None` for noise. From the peak of the normalised
/// autocorrelation (Boersma, IFA Proceedings 17, 1993). Bounded work, no allocation.
pub(super) fn period(record: &Record, at: i64, rate_hz: f64) -> Option<f64> {
    let stride = (rate_hz / LISTEN_HZ).round().max(1.0) as i64;
    let sound: [f32; WINDOW + LONGEST + 1] = std::array::from_fn(|k| {
        let last = at - 1 - k as i64 * stride;
        (0..stride).map(|n| record.frame(last - n)).map(|[left, right]| left + 0.7 * right).sum()
    });
    let power = |from: usize| sound[from..from + WINDOW].iter().map(|x| x * x).sum::<f32>();
    let (own, mut other) = (power(0), power(SHORTEST - 1));
    let mut fits = [0.0f32; LONGEST + 1];
    for (lag, fit) in fits.iter_mut().enumerate().skip(SHORTEST) {
        other += sound[lag + WINDOW - 1].powi(2) - sound[lag - 1].powi(2);
        *fit = dot(&sound[..WINDOW], &sound[lag..lag + WINDOW]) / (own * other.max(0.0)).sqrt().max(1e-9);
    }
    let best = fits.iter().fold(0.0, |best: f32, fit| best.max(*fit));
    let peak = |lag: usize| fits[lag] >= fits[lag - 1] && fits[lag] >= fits[lag + 1] && fits[lag] > NEARLY * best;
    let lag = (SHORTEST + 1..LONGEST).find(|&lag| best > VOICED && peak(lag))?;
    // The top of the parabola through the peak and its neighbours.
    let [a, b, c] = [fits[lag - 1], fits[lag], fits[lag + 1]];
    let top = 0.5 * (a - c) / (a - 2.0 * b + c).min(-1e-9);
    Some((lag as f64 + f64::from(top.clamp(-0.5, 0.5))) * stride as f64)
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 4];
    for (a, b) in a.chunks_exact(4).zip(b.chunks_exact(4)) {
        for k in 0..4 {
            sums[k] += a[k] * b[k];
        }
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use green_ring_dsp::chance::Chance;

    use super::*;

    fn record(f: impl Fn(usize) -> f32) -> Record {
        let mut record = Record::new(1 << 14);
        for cell in 0..300 {
            record.write(&[std::array::from_fn(|k| f(cell * 32 + k)); 2], 32);
        }
        record
    }

    #[test]
    fn periods_are_found_and_noise_has_none() {
        for period_samples in [90.0, 218.18, 400.5, 700.0] {
            // A pulse with many harmonics.
            let record = record(|n| (-(n as f64 % period_samples) / 20.0).exp() as f32);
            let found = period(&record, 9_000, 48_000.0).unwrap();
            assert!((found / period_samples - 1.0).abs() < 0.01, "{period_samples}: {found}");
        }
        let noise = Chance::new(1, 1);
        assert_eq!(period(&record(|n| noise.uniform(n as i64)[0] - 0.5), 9_000, 48_000.0), None);
        assert_eq!(period(&record(|_| 0.0), 9_000, 48_000.0), None);
    }
}
