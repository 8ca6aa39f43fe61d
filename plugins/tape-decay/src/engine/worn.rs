//! Wear, the one macro, and what passes add: to the dials, which stay where they are.
//!
//! Wear runs from New (0) to Ruined (1). The band of speech goes last: treble falls with the square of it, holes come with
//! its seventh power. At 0.75 a tone below 4 kHz has lost less than 6 dB, above 8 kHz more than 12 dB.
//!
//! Every pass is another replay and recording. The noise power of uncorrelated passes adds, so noise rises by 3 dB for
//! each doubling of the passes; their wow and flutter add as the square root. The first pass is that of any new tape: both
//! laws count from 1. Shares of the dials below are numbers of taste.

/// Passes that Wear adds when all is ruined, and the power by which they come.
const PASSES: f32 = 160.0;
const PASSES_POWER: i32 = 7;

/// Dropouts, spacing in seconds of tape travel, age in seconds ([`super::contact`]), noise in dB, wow and flutter that
/// Wear adds when all is ruined.
const DROPOUTS: f32 = 0.5;
const SPACING_S: f32 = 6e-6;
const AGE_S: f32 = 38e-6;
const NOISE_DB: f32 = 6.0;
const WOW: f32 = 0.004;
const FLUTTER: f32 = 0.001;

/// The ends of the dials of wow and flutter.
const MOST_WOW: f32 = 0.03;
const MOST_FLUTTER: f32 = 0.02;

/// What Wear and passes add to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dials {
    /// Passes so far, as [`super::reel::Reel::pass`] counts them.
    pub passes: f32,
    /// Dropouts, 0 to 1.
    pub dropouts: f32,
    /// Wow as AES6 weighted two-sigma deviation (0.01 is 1 %).
    pub wow: f32,
    /// Flutter as AES6 weighted two-sigma deviation.
    pub flutter: f32,
}

/// The sum of dials, Wear and passes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Worn {
    /// Passes that the oxide has lost to.
    pub passes: f32,
    /// Dropouts, 0 to 1.
    pub dropouts: f32,
    /// Wow as AES6 weighted two-sigma deviation, up to 0.03.
    pub wow: f32,
    /// Flutter as AES6 weighted two-sigma deviation, up to 0.02.
    pub flutter: f32,
    /// Spacing in seconds of tape travel, beyond that of the dial and of the holes.
    pub spacing_s: f32,
    /// Age of the tape in seconds: it takes e^(-(w age)^2 / 2).
    pub age_s: f32,
    /// How much hiss has risen, in dB.
    pub noise_db: f32,
}

/// What Wear, 0 to 1, and the passes make of `dials`. At no Wear and no passes, the dials.
pub fn worn(wear: f32, dials: &Dials) -> Worn {
    let passes = dials.passes + PASSES * wear.powi(PASSES_POWER);
    let played = passes.max(1.0);
    Worn {
        passes,
        dropouts: (dials.dropouts + DROPOUTS * wear * wear).min(1.0),
        wow: (dials.wow * played.sqrt() + WOW * wear * wear).min(MOST_WOW),
        flutter: (dials.flutter * played.sqrt() + FLUTTER * wear * wear).min(MOST_FLUTTER),
        spacing_s: SPACING_S * wear * wear,
        age_s: AGE_S * wear,
        noise_db: 10.0 * played.log10() + NOISE_DB * wear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIALS: Dials = Dials { passes: 0.0, dropouts: 0.2, wow: 0.001, flutter: 0.000_6 };

    #[test]
    fn new_tape_is_the_dials() {
        let Worn { passes, dropouts, wow, flutter, spacing_s, age_s, noise_db } = worn(0.0, &DIALS);
        assert_eq!((passes, dropouts, wow, flutter), (0.0, 0.2, 0.001, 0.000_6));
        assert_eq!((spacing_s, age_s, noise_db), (0.0, 0.0, 0.0));
    }

    #[test]
    fn everything_grows_and_stays_within_the_dials() {
        let numbers = |wear: f32, passes: f32| {
            let w = worn(wear, &Dials { passes, ..DIALS });
            [w.passes, w.dropouts, w.wow, w.flutter, w.spacing_s, w.age_s, w.noise_db]
        };
        for k in 0..100 {
            let (x, p) = (k as f32 / 100.0, 4.0 * k as f32);
            assert!(numbers(x, 3.0).iter().zip(numbers(x + 0.01, 3.0)).all(|(a, b)| *a <= b));
            assert!(numbers(0.3, p).iter().zip(numbers(0.3, p + 4.0)).all(|(a, b)| *a <= b));
        }
        let ruined = worn(1.0, &Dials { passes: 400.0, dropouts: 1.0, wow: 0.03, flutter: 0.02 });
        assert_eq!((ruined.dropouts, ruined.wow, ruined.flutter), (1.0, 0.03, 0.02));
    }

    #[test]
    fn noise_rises_by_three_decibels_for_each_doubling_and_wow_as_the_root() {
        let at = |passes| worn(0.0, &Dials { passes, ..DIALS });
        for passes in [1.0, 2.0, 3.0, 10.0, 50.0, 200.0] {
            let doubled_db = at(2.0 * passes).noise_db - at(passes).noise_db;
            assert!((doubled_db - 3.01).abs() <= 0.01, "{passes}: {doubled_db}");
        }
        assert!((at(100.0).wow / DIALS.wow - 10.0).abs() < 1e-3);
    }
}
