//! The transfer curve of biased tape.
//!
//! With enough bias the curve is straight in the middle, and what bends it first is a cubic: the third harmonic rises
//! with the square of the level, so that quiet sound stays clean. Then a fifth power joins in and the tape is full:
//!
//! ```text
//! f(x) = x / (1 + a x^2 + b x^4)^(1/4)          x = 1: peak of a sine at operating level
//!      = x - (a/4) x^3 - (b/4 - 5 a^2/32) x^5 + ...
//! ```
//!
//! a and b are fitted by least squares to the third harmonic that was measured on an ATR-102 at 30 ips: 0.005, 0.02,
//! 0.08 and 0.40 % at -12, -6, 0 and +6 dB, with the 3 % point at +12.85 dB (measured: +12): the later the tape is full,
//! the less a static make-up is wrong for programmes that are louder or quieter than it assumes. The curve is smooth
//! everywhere, and its singularities are far enough from the real axis for harmonics to die away fast (17th of a sine
//! at +19 dB: -97 dB): little is left to alias.

use green_ring_dsp::units;

use super::magnet;

const A: f32 = 0.012_389_11;
const B: f32 = 0.000_807_9;

/// Offset that gives a second harmonic as high as the third at operating level. The cubic alone gives 1/6; the fifth
/// power makes it a little less.
const OFFSET_AT_PARITY: f32 = 0.162_4;

/// Per-channel level in dBFS rms of the programme whose loudness the make-up holds exactly: halfway, in lost loudness,
/// between stereo music at -23 and at -16 LUFS.
const PROGRAMME_DB: f32 = -21.0;

/// Samples of music lie as Laplace's distribution has them, not as the normal one: half of the loudness that tape takes,
/// it takes from peaks that a normal distribution does not have.
fn density(deviations: f32) -> f32 {
    (-std::f32::consts::SQRT_2 * deviations).exp()
}

/// How much more music swings than a sine of its power: what follows the field follows the swing.
const PEAKY: f32 = std::f32::consts::SQRT_2;

/// What comes off the tape for `x` onto it, both in units of a sine's peak at operating level.
#[inline]
pub fn bend(x: f32) -> f32 {
    let square = x * x;
    x / (1.0 + square * (A + B * square)).sqrt().sqrt()
}

/// The offset on tape that makes the second harmonic `even` times the third at operating level. An offset makes H2
/// grow with the level and H3 with its square, so H2/H3 falls as the level rises.
pub fn offset(even: f32) -> f32 {
    even * OFFSET_AT_PARITY
}

/// Gain in dB that gives a programme back the loudness that saturation takes from it, at a gain of `onto_db` onto the
/// tape: -10 log10(E[f(x)^2] / E[x^2]), x distributed as music is. Of it a share of `behind` stays behind the field, and
/// loses what it does not follow. Static: nothing rides.
pub fn make_up_db(onto_db: f32, behind: f32) -> f32 {
    let rms = units::gain(PROGRAMME_DB + onto_db);
    let (mut kept, mut whole) = (0.0, 0.0);
    for step in 1..=48 {
        let z = step as f32 / 4.0;
        kept += density(z) * bend(z * rms).powi(2);
        whole += density(z) * (z * rms).powi(2);
    }
    let follows = 1.0 - behind * (1.0 - magnet::following(PEAKY * rms));
    units::power_db(whole / kept) - units::db(follows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn harmonic(level_db: f32, offset: f32, order: usize) -> f64 {
        let peak = 10f32.powf(level_db / 20.0);
        let (n, mut sum) = (4_096, 0.0);
        for k in 0..n {
            let angle = std::f64::consts::TAU * k as f64 / n as f64;
            sum += bend(peak * angle.cos() as f32 + offset) as f64 * (order as f64 * angle).cos();
        }
        2.0 * sum / n as f64
    }

    #[test]
    fn third_harmonic_rises_with_the_square_of_level() {
        for (level_db, percent) in [(-6.0, 0.02), (0.0, 0.08), (6.0, 0.40)] {
            let h3 = 100.0 * (harmonic(level_db, 0.0, 3) / harmonic(level_db, 0.0, 1)).abs();
            assert!((h3 / percent - 1.0).abs() < 0.1, "{level_db} dB: {h3} %");
        }
        let h3 = |db| 100.0 * (harmonic(db, 0.0, 3) / harmonic(db, 0.0, 1)).abs();
        assert!(h3(11.0) < 3.0 && h3(13.0) > 3.0, "{} {}", h3(11.0), h3(13.0));
    }

    #[test]
    fn second_harmonic_is_dialled_and_falls_behind_as_level_rises() {
        for even in [0.2, 0.5, 1.2] {
            let ratio = |db| (harmonic(db, offset(even), 2) / harmonic(db, offset(even), 3)).abs();
            assert!((ratio(0.0) / even as f64 - 1.0).abs() < 0.05, "{even}: {}", ratio(0.0));
            assert!(ratio(6.0) < 0.6 * ratio(0.0));
        }
    }

    #[test]
    fn the_curve_is_odd_rising_and_bounded() {
        assert!((1..2_000).all(|k| bend(k as f32 * 0.01) > bend((k - 1) as f32 * 0.01)));
        assert_eq!(bend(-3.0), -bend(3.0));
        assert!(bend(1e6) < 6.0 && bend(1e6) > 5.5);
    }

    #[test]
    fn make_up_is_nothing_below_saturation_and_grows_with_drive() {
        // Onto a tape at -18 dBFS, a sine's peak is 15 dB below full scale.
        let at_drive = |drive_db: f32| make_up_db(drive_db + 15.0, 0.0);
        assert!(at_drive(-12.0) < 0.01);
        assert!((0.6..1.2).contains(&at_drive(12.0)), "{}", at_drive(12.0));
        assert!(at_drive(24.0) > 4.0);
    }
}
