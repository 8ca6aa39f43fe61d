//! The noise floor under the dialogue: what the room does while nobody speaks.

/// Frames in one stretch of which the quietest moment is kept: about 1 s.
const STRETCH: i64 = 62;

/// Stretches that are remembered: about 8 s.
const STRETCHES: usize = 8;

/// Level where no floor has been learned, and the lowest that is believed, in dBFS.
const QUIETEST_DB: f32 = -75.0;

/// Above this speech probability nothing is learned.
const SPEECH: f32 = 0.3;

/// Share of the old level that a frame keeps while levels are smoothed before the minimum is taken.
const KEEP: f32 = 0.8;

/// Minimum statistics (R. Martin, "Noise power spectral density estimation based on optimal smoothing and minimum
/// statistics", IEEE Trans. SAP 9(5), 2001), of the level alone.
#[derive(Clone, Debug)]
pub struct Floor {
    smooth_db: f32,
    /// Quietest smoothed level of each stretch, with the stretch's index.
    minima: [(i64, f32); STRETCHES],
}

impl Floor {
    /// Nothing learned.
    pub fn new() -> Self {
        Self { smooth_db: 0.0, minima: [(i64::MIN, 0.0); STRETCHES] }
    }

    /// Takes in the level of frame `index`, unless it may be speech.
    pub fn learn(&mut self, index: i64, level_db: f32, probability: f32) {
        self.smooth_db = level_db + KEEP * (self.smooth_db - level_db);
        if probability >= SPEECH {
            return;
        }
        let stretch = index.div_euclid(STRETCH);
        let (of, least) = &mut self.minima[stretch.rem_euclid(STRETCHES as i64) as usize];
        if *of != stretch {
            (*of, *least) = (stretch, self.smooth_db);
        }
        *least = least.min(self.smooth_db);
    }

    /// The floor in dBFS as of frame `index`.
    pub fn db(&self, index: i64) -> f32 {
        let oldest = index.div_euclid(STRETCH) - STRETCHES as i64;
        let known = self.minima.iter().filter(|(of, _)| *of > oldest).map(|(_, least)| *least);
        known.reduce(f32::min).unwrap_or(QUIETEST_DB).max(QUIETEST_DB)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_the_room_between_words_and_forgets_an_old_room() {
        let mut floor = Floor::new();
        assert_eq!(floor.db(0), QUIETEST_DB);
        for k in 0..600 {
            let speaking = k % 60 < 40;
            floor.learn(k, if speaking { -20.0 } else { -50.0 }, if speaking { 0.9 } else { 0.1 });
        }
        assert!((floor.db(600) + 50.0).abs() < 1.5, "{}", floor.db(600));
        for k in 600..1_200 {
            floor.learn(k, -40.0, 0.0);
        }
        assert!((floor.db(1_200) + 40.0).abs() < 0.1);
        assert_eq!(floor.db(1_200 + 10 * STRETCH), QUIETEST_DB);
    }
}
