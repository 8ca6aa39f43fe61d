//! Levels of the bands without the chance of their measurement, so that bands do not tremble where nothing changes.

use super::bands::{BANDS, Bands, WIDTH, centre_hz};
use super::ear::FRAME_S;

/// Seconds in which a level that stays within its play is followed.
const FOLLOW_S: f64 = 1.0;

/// Play of the bed's levels, in standard deviations of what is measured of noise within the bed's window.
const DEVIATIONS: f64 = 1.5;
const WINDOW_S: f64 = 0.208;

/// Decibels of one standard deviation of a power that is as uncertain as its mean: 10 / ln(10).
const DB: f64 = 4.342_945;

/// Play of the voice's levels, in dB: so much a word moves the mean of ten seconds.
const WORD_DB: f32 = 3.0;

/// Eighteen levels in dB, each followed slowly within its play and at once beyond, as a gear follows with backlash.
#[derive(Clone, Debug)]
pub struct Settled {
    play_db: Bands,
    levels_db: Option<Bands>,
}

impl Settled {
    /// Levels of a bed: a band of noise W wide, measured for T, is uncertain by 1 / sqrt(W T) of its power (J. S. Bendat and
    /// A. G. Piersol, "Random Data", 4th ed. 2010, chapter 8).
    pub fn bed() -> Self {
        let play_db = |b: usize| DEVIATIONS * DB / (f64::from(WIDTH) * centre_hz(b) * WINDOW_S).sqrt();
        Self { play_db: std::array::from_fn(|b| play_db(b) as f32), levels_db: None }
    }

    /// Levels of a voice.
    pub fn voice() -> Self {
        Self { play_db: [WORD_DB; BANDS], levels_db: None }
    }

    /// The next levels are taken at once.
    pub fn reset(&mut self) {
        self.levels_db = None;
    }

    /// Takes in what was measured in a frame; gives the levels.
    pub fn follow(&mut self, measured_db: &Bands) -> Bands {
        let share = (1.0 - (-FRAME_S / FOLLOW_S).exp()) as f32;
        let before_db = self.levels_db.unwrap_or(*measured_db);
        let levels_db = std::array::from_fn(|b| {
            let (measured_db, play_db) = (measured_db[b], self.play_db[b]);
            let followed_db = before_db[b] + share * (measured_db - before_db[b]);
            followed_db.clamp(measured_db - play_db, measured_db + play_db)
        });
        self.levels_db = Some(levels_db);
        levels_db
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_trembles_stands_still_and_what_moves_is_followed() {
        let mut settled = Settled::voice();
        assert_eq!(settled.follow(&[-30.0; BANDS])[0], -30.0);
        let trembling: Vec<f32> =
            (0..60).map(|k| settled.follow(&[if k % 2 == 0 { -28.5 } else { -31.5 }; BANDS])[5]).collect();
        assert!(trembling.iter().all(|db| (db + 30.0).abs() < 0.05), "{trembling:?}");
        assert_eq!(settled.follow(&[-50.0; BANDS])[0], -50.0 + WORD_DB);
        let later = (0..300).fold(0.0, |_, _| settled.follow(&[-50.0; BANDS])[0]);
        assert!((later + 50.0).abs() < 0.05, "{later}");
    }

    #[test]
    fn narrow_bands_are_less_certain() {
        let play_db = Settled::bed().play_db;
        assert!((play_db[0] - 2.35).abs() < 0.05 && (play_db[17] - 0.33).abs() < 0.05, "{play_db:?}");
    }
}
