//! One-pole and state-variable filters, safe to retune at every sample.

use crate::door::{settle, settle64};
use crate::units;

/// A one-pole low-pass: 6 dB an octave, and the smoother of levels.
#[derive(Clone, Copy, Debug, Default)]
pub struct OnePole {
    /// Share of the old state that is kept at each sample, 0..1.
    keep: f32,
    state: f32,
}

impl OnePole {
    /// Cut at `hz` (-3 dB), by the matched pole exp(-2 pi hz / rate).
    pub fn set_hz(&mut self, hz: f32, rate_hz: f32) {
        self.keep = (-units::radians(hz, rate_hz)).exp();
    }

    /// Falls to 1/e within `seconds`.
    pub fn set_seconds(&mut self, seconds: f32, rate_hz: f32) {
        self.keep = units::pole(seconds, rate_hz);
    }

    /// Stands at `value`.
    pub fn reset(&mut self, value: f32) {
        self.state = value;
    }

    /// The low-passed sample.
    #[inline]
    pub fn low(&mut self, x: f32) -> f32 {
        self.state = settle(x + self.keep * (self.state - x));
        self.state
    }

    /// What the low-pass leaves: the high-passed sample.
    #[inline]
    pub fn high(&mut self, x: f32) -> f32 {
        x - self.low(x)
    }
}

/// The outputs of a state-variable filter, all at once.
#[derive(Clone, Copy, Debug)]
pub struct SvfOut<T = f32> {
    /// Low-pass, 12 dB an octave.
    pub low: T,
    /// Band-pass, unity at its centre when multiplied by the damping.
    pub band: T,
    /// High-pass, 12 dB an octave.
    pub high: T,
}

/// The state-variable filter with trapezoidal integrators (A. Simper, "Linear Trapezoidal Integrated State Variable
/// Filter", Cytomic 2011, and V. Zavalishin, "The Art of VA Filter Design", 2018, chapter 4). Stays stable and
/// click-free while it is retuned.
#[derive(Clone, Copy, Debug, Default)]
pub struct Svf(SvfBank<1>);

impl Svf {
    /// Tunes to `hz` with quality `q` (0.7071 is Butterworth).
    pub fn set(&mut self, hz: f32, q: f32, rate_hz: f32) {
        self.0.set(hz, q, rate_hz);
    }

    /// Forgets its sound; stays tuned.
    pub fn reset(&mut self) {
        self.0.reset();
    }

    /// One sample through.
    #[inline]
    pub fn tick(&mut self, x: f32) -> SvfOut {
        let SvfOut { low: [low], band: [band], high: [high] } = self.0.tick([x]);
        SvfOut { low, band, high }
    }
}

/// [`Svf`] for `N` channels that are tuned alike, side by side, so that it becomes vector code.
#[derive(Clone, Copy, Debug)]
pub struct SvfBank<const N: usize> {
    a1: f64,
    a2: f64,
    a3: f64,
    damping: f64,
    /// Integrator states: in double precision, for a low cut at 192 kHz.
    s1: [f64; N],
    s2: [f64; N],
}

impl<const N: usize> Default for SvfBank<N> {
    fn default() -> Self {
        Self { a1: 0.0, a2: 0.0, a3: 0.0, damping: 0.0, s1: [0.0; N], s2: [0.0; N] }
    }
}

impl<const N: usize> SvfBank<N> {
    /// Tunes to `hz` with quality `q` (0.7071 is Butterworth).
    pub fn set(&mut self, hz: f32, q: f32, rate_hz: f32) {
        let g = (std::f64::consts::PI * (hz as f64 / rate_hz as f64).clamp(1e-6, 0.49)).tan();
        self.damping = 1.0 / q as f64;
        self.a1 = 1.0 / (1.0 + g * (g + self.damping));
        self.a2 = g * self.a1;
        self.a3 = g * self.a2;
    }

    /// Forgets its sound; stays tuned.
    pub fn reset(&mut self) {
        (self.s1, self.s2) = ([0.0; N], [0.0; N]);
    }

    /// One sample of each channel through.
    #[inline]
    pub fn tick(&mut self, x: [f32; N]) -> SvfOut<[f32; N]> {
        let mut out = SvfOut { low: [0.0; N], band: [0.0; N], high: [0.0; N] };
        for k in 0..N {
            let x = x[k] as f64;
            let v3 = x - self.s2[k];
            let band = self.a1 * self.s1[k] + self.a2 * v3;
            let low = self.s2[k] + self.a2 * self.s1[k] + self.a3 * v3;
            self.s1[k] = settle64(2.0 * band - self.s1[k]);
            self.s2[k] = settle64(2.0 * low - self.s2[k]);
            (out.low[k], out.band[k]) = (low as f32, band as f32);
            out.high[k] = (x - self.damping * band - low) as f32;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::FRAC_1_SQRT_2;

    fn level(hz: f32, rate: f32, mut filter: impl FnMut(f32) -> f32) -> f32 {
        let n = rate as usize;
        let (mut sum, w) = (0.0f64, std::f64::consts::TAU * (hz / rate) as f64);
        for k in 0..n {
            let y = filter((w * k as f64).sin() as f32) as f64;
            if k >= n / 2 {
                sum += y * y;
            }
        }
        10.0 * (sum / (n / 2) as f64 * 2.0).log10() as f32
    }

    #[test]
    fn butterworth_corners_at_every_rate() {
        for rate in [44_100.0, 192_000.0] {
            for hz in [80.0, 1_000.0, 8_000.0] {
                let tuned = || {
                    let mut f = Svf::default();
                    f.set(hz, FRAC_1_SQRT_2, rate);
                    f
                };
                let (mut l, mut h, mut far) = (tuned(), tuned(), tuned());
                assert!((level(hz, rate, |x| l.tick(x).low) + 3.01).abs() < 0.05);
                assert!((level(hz, rate, |x| h.tick(x).high) + 3.01).abs() < 0.05);
                if hz < 2_000.0 {
                    assert!((level(hz / 8.0, rate, |x| far.tick(x).high) + 36.1).abs() < 0.5);
                }
            }
        }
    }

    #[test]
    fn one_pole_corner_and_death() {
        let mut f = OnePole::default();
        f.set_hz(500.0, 48_000.0);
        assert!((level(500.0, 48_000.0, |x| f.low(x)) + 3.01).abs() < 0.3);
        for _ in 0..48_000 {
            f.low(0.0);
        }
        assert_eq!(f.low(0.0), 0.0);
    }

    #[test]
    fn svf_survives_wild_retuning_and_dies_to_zero() {
        let mut f = Svf::default();
        for k in 0..100_000u32 {
            f.set(20.0 * 1000f32.powf((k.wrapping_mul(2_654_435_761) >> 8) as f32 / 16_777_216.0), 4.0, 48_000.0);
            let y = f.tick(if k % 3 == 0 { 1.0 } else { -0.5 });
            assert!(y.low.abs() < 20.0 && y.high.abs() < 20.0);
        }
        f.set(100.0, 0.7, 48_000.0);
        for _ in 0..48_000 {
            f.tick(0.0);
        }
        assert_eq!(f.tick(0.0).low, 0.0);
    }
}
