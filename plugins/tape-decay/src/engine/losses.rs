//! What is lost between the tape and the replay head, as gains by frequency, by the formulas.
//!
//! All are functions of the wave number k = 2 pi f / v: the shorter the wave on the tape, the more is lost. Wallace,
//! "The reproduction of magnetically recorded signals", Bell System Technical Journal 30, 1951.

use std::f64::consts::{PI, TAU};

/// Micrometres in an inch.
const UM_AN_INCH: f64 = 25_400.0;

/// Radians for each micrometre of tape at `hz` and `ips` inches a second.
pub fn wave_number(hz: f64, ips: f64) -> f64 {
    TAU * hz / um_a_second(ips)
}

/// Micrometres a second of `ips` inches a second.
pub fn um_a_second(ips: f64) -> f64 {
    ips * UM_AN_INCH
}

/// The tape is `um` micrometres off the head: 54.6 dB for each wavelength.
pub fn spacing(k: f64, um: f64) -> f64 {
    (-k * um).exp()
}

/// The coating is `um` micrometres thick, and its depth is further away than its surface.
pub fn thickness(k: f64, um: f64) -> f64 {
    let depth = k * um;
    if depth < 1e-6 { 1.0 } else { -(-depth).exp_m1() / depth }
}

/// The head's gap is `um` micrometres long and averages over it.
pub fn gap(k: f64, um: f64) -> f64 {
    sinc(k * um / 2.0)
}

/// The head is turned by `arcmin` minutes of arc against a track `width_um` micrometres wide.
pub fn azimuth(k: f64, width_um: f64, arcmin: f64) -> f64 {
    gap(k, width_um * slope(arcmin))
}

/// tan of `arcmin` minutes of arc.
pub fn slope(arcmin: f64) -> f64 {
    (arcmin / 60.0 * PI / 180.0).tan()
}

fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-6 { 1.0 } else { x.sin() / x }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn db(gain: f64) -> f64 {
        20.0 * gain.log10()
    }

    #[test]
    fn spacing_costs_54_6_db_a_wavelength() {
        // 10 kHz at 7.5 ips is 19.05 um long.
        assert!((db(spacing(wave_number(10_000.0, 7.5), 19.05)) + 54.58).abs() < 0.01);
    }

    #[test]
    fn thickness_falls_by_6_db_an_octave_and_a_gap_has_its_null() {
        assert!((db(thickness(20.0, 1.0) / thickness(40.0, 1.0)) - 6.02).abs() < 0.01);
        assert!(gap(TAU / 2.5, 2.5).abs() < 1e-12);
        assert!((thickness(0.0, 10.0), gap(0.0, 3.0)) == (1.0, 1.0));
    }
}
