//! Conversions between the units that people read and the numbers that sound is computed with.

use std::f32::consts::TAU;

/// Decibels to linear gain. `-inf` gives exactly 0.
#[inline]
pub fn gain(db: f32) -> f32 {
    10f32.powf(db * 0.05)
}

/// Linear gain to decibels. 0 gives `-inf`.
#[inline]
pub fn db(gain: f32) -> f32 {
    20.0 * gain.log10()
}

/// Mean square (power) to decibels. 0 gives `-inf`.
#[inline]
pub fn power_db(power: f32) -> f32 {
    10.0 * power.log10()
}

/// Feedback coefficient of a one-pole that falls to 1/e within `seconds`; 0 for no time at all.
#[inline]
pub fn pole(seconds: f32, rate_hz: f32) -> f32 {
    if seconds <= 0.0 { 0.0 } else { (-1.0 / (seconds * rate_hz)).exp() }
}

/// Angular frequency of `hz` in radians a sample, held below Nyquist.
#[inline]
pub fn radians(hz: f32, rate_hz: f32) -> f32 {
    TAU * (hz / rate_hz).clamp(0.0, 0.499)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decibels_round_trip_and_silence_is_zero() {
        for x in [-120.0, -6.0, 0.0, 24.0] {
            assert!((db(gain(x)) - x).abs() < 1e-3);
        }
        assert_eq!(gain(f32::NEG_INFINITY), 0.0);
        assert_eq!(db(0.0), f32::NEG_INFINITY);
        assert!((power_db(0.5) + 3.0103).abs() < 1e-3);
    }

    #[test]
    fn pole_falls_to_one_over_e() {
        let p = pole(0.1, 1_000.0);
        assert!((p.powi(100) - (-1f32).exp()).abs() < 1e-4);
        assert_eq!(pole(0.0, 48_000.0), 0.0);
    }
}
