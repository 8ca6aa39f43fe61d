//! Loudness after ITU-R BS.1770-5: K-weighting, and the gliding loudness that meters show.

use crate::Spec;
use crate::door::settle64;
use crate::follower::GlidingMean;

/// BS.1770 adds this so that a 997 Hz sine at 0 dBFS in one channel reads -3.01 LKFS.
const OFFSET_LU: f64 = -0.691;

/// Loudness in LUFS of a K-weighted mean square that is summed over channels. Silence gives `-inf`.
pub fn lufs(power: f64) -> f64 {
    OFFSET_LU + 10.0 * power.log10()
}

/// The K-weighted mean square that reads `lufs`.
pub fn power(lufs: f64) -> f64 {
    10f64.powf((lufs - OFFSET_LU) / 10.0)
}

/// A biquad in transposed direct form II, double precision.
#[derive(Clone, Copy, Debug, Default)]
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    s: [f64; 2],
}

impl Biquad {
    #[inline]
    fn tick(&mut self, x: f64) -> f64 {
        let y = self.b[0] * x + self.s[0];
        self.s[0] = settle64(self.b[1] * x - self.a[0] * y + self.s[1]);
        self.s[1] = settle64(self.b[2] * x - self.a[1] * y);
        y
    }
}

/// The K-weighting of one channel: a high shelf for the head, then a high-pass.
///
/// The standard gives coefficients for 48 kHz only. For other rates the two analogue prototypes behind them are
/// transformed anew; their parameters are those that reproduce the standard's table (B. De Man, "Evaluation of
/// implementations of the EBU R128 loudness measurement", AES 145, 2018).
#[derive(Clone, Copy, Debug)]
pub struct KWeighting {
    shelf: Biquad,
    high_pass: Biquad,
}

impl KWeighting {
    /// The weighting at `rate_hz`.
    pub fn new(rate_hz: f64) -> Self {
        Self { shelf: shelf(rate_hz), high_pass: high_pass(rate_hz) }
    }

    /// Forgets its sound.
    pub fn reset(&mut self) {
        (self.shelf.s, self.high_pass.s) = ([0.0; 2], [0.0; 2]);
    }

    /// The weighted sample.
    #[inline]
    pub fn tick(&mut self, x: f32) -> f64 {
        self.high_pass.tick(self.shelf.tick(x as f64))
    }
}

fn shelf(rate_hz: f64) -> Biquad {
    let (hz, gain_db, q) = (1_681.974_450_955_533, 3.999_843_853_973_347, 0.707_175_236_955_419_6);
    let k = (std::f64::consts::PI * hz / rate_hz).tan();
    let high = 10f64.powf(gain_db / 20.0);
    let band = high.powf(0.499_666_774_154_541_6);
    let a0 = 1.0 + k / q + k * k;
    Biquad {
        b: [(high + band * k / q + k * k) / a0, 2.0 * (k * k - high) / a0, (high - band * k / q + k * k) / a0],
        a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0],
        s: [0.0; 2],
    }
}

fn high_pass(rate_hz: f64) -> Biquad {
    let (hz, q) = (38.135_470_876_024_44, 0.500_327_037_323_877_3);
    let denominator = |rate_hz: f64| {
        let k = (std::f64::consts::PI * hz / rate_hz).tan();
        (k, 1.0 + k / q + k * k)
    };
    let (k, a0) = denominator(rate_hz);
    // The standard's table leaves the numerator unnormalised (1, -2, 1), and so has a gain that belongs to 48 kHz;
    // every other rate is given the same gain.
    let gain = denominator(48_000.0).1 / a0;
    Biquad { b: [gain, -2.0 * gain, gain], a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0], s: [0.0; 2] }
}

/// Gliding loudness over a window, updated every 10 ms: 400 ms is BS.1770's momentary, 3 s its short-term loudness.
#[derive(Clone, Debug)]
pub struct LoudnessMeter {
    weighting: [KWeighting; 2],
    window: GlidingMean,
}

impl LoudnessMeter {
    /// A meter over `window_s` seconds. Allocates.
    pub fn new(spec: &Spec, window_s: f64) -> Self {
        let window = GlidingMean::new((window_s * 100.0).round() as usize, spec.samples(0.01));
        Self { weighting: [KWeighting::new(spec.sample_rate); 2], window }
    }

    /// A window of silence.
    pub fn reset(&mut self) {
        self.weighting.iter_mut().for_each(KWeighting::reset);
        self.window.reset();
    }

    /// Takes in one frame of one or two channels; every 10 ms gives the mean square over the window.
    #[inline]
    pub fn tick(&mut self, frame: &[f32]) -> Option<f64> {
        let power = frame.iter().zip(&mut self.weighting).map(|(x, k)| k.tick(*x).powi(2)).sum();
        self.window.tick(power)
    }

    /// Loudness over the window in LUFS; `-inf` when silent.
    pub fn lufs(&self) -> f64 {
        lufs(self.window.mean())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine_reads(hz: f64, rate: f64, channels: usize) -> f64 {
        let mut meter = LoudnessMeter::new(&Spec { sample_rate: rate, channels }, 0.4);
        for n in 0..(2.0 * rate) as usize {
            let x = (std::f64::consts::TAU * hz * n as f64 / rate).sin() as f32;
            meter.tick(&[x, x][..channels]);
        }
        meter.lufs()
    }

    #[test]
    fn the_standards_calibration_tone_at_every_rate() {
        for rate in [44_100.0, 48_000.0, 88_200.0, 96_000.0, 192_000.0] {
            assert!((sine_reads(997.0, rate, 1) + 3.01).abs() < 0.02, "{rate}: {}", sine_reads(997.0, rate, 1));
            assert!((sine_reads(997.0, rate, 2) - 0.0).abs() < 0.02);
        }
    }

    #[test]
    fn coefficients_at_48_khz_are_the_standards() {
        let k = KWeighting::new(48_000.0);
        let table = [1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85];
        assert!(k.shelf.b.iter().zip(table).all(|(a, b)| (a - b).abs() < 1e-6), "{:?}", k.shelf.b);
        assert!(
            (k.shelf.a[0] + 1.690_659_293_182_41).abs() < 1e-6 && (k.shelf.a[1] - 0.732_480_774_215_85).abs() < 1e-6
        );
        assert!((k.high_pass.a[0] + 1.990_047_454_833_98).abs() < 1e-6);
        assert!((k.high_pass.a[1] - 0.990_072_250_366_21).abs() < 1e-6);
    }

    #[test]
    fn lufs_and_power_are_inverse() {
        assert!((lufs(power(-23.0)) + 23.0).abs() < 1e-9);
        assert_eq!(lufs(0.0), f64::NEG_INFINITY);
    }
}
