//! Sines of cycles, in arithmetic alone, so that many at once become vector code.

use std::f64::consts::TAU;

/// What is left of `cycles` (up to 2^51) when whole ones are taken away: -0.5..0.5.
#[inline]
pub fn turned(cycles: f64) -> f64 {
    // Sums of this size have no room for a fraction.
    const WHOLE: f64 = 6_755_399_441_055_744.0;
    cycles - ((cycles + WHOLE) - WHOLE)
}

/// The sine of `cycles` (1 is once around), within 1e-10.
#[inline]
pub fn sine(cycles: f64) -> f64 {
    /// (-1)^k / (2 k)!, the cosine's series.
    const SERIES: [f64; 8] = [
        1.0,
        -1.0 / 2.0,
        1.0 / 24.0,
        -1.0 / 720.0,
        1.0 / 40_320.0,
        -1.0 / 3_628_800.0,
        1.0 / 479_001_600.0,
        -1.0 / 87_178_291_200.0,
    ];
    let cycles = turned(cycles);
    let angle = TAU * (cycles.abs() - 0.25);
    let square = angle * angle;
    let size = SERIES.iter().rev().fold(0.0, |sum, c| sum * square + c);
    size.copysign(cycles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_sine() {
        for k in -40_000..40_000 {
            let cycles = k as f64 * 0.000_37;
            assert!((sine(cycles) - (TAU * cycles).sin()).abs() < 1e-10, "{cycles}");
            assert!(turned(cycles).abs() <= 0.5);
        }
    }
}
