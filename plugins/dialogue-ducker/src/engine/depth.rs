//! How far the bed must yield.

use super::Settings;
use super::glide::Glide;
use green_ring_dsp::CELL;

/// The deepest duck, in dB: the top of Max Depth.
pub const DEEPEST_DB: f32 = 60.0;

/// Seconds in which the depth follows a bed that grows louder or speech that grows softer.
const FOLLOW_S: f64 = 0.2;

/// How fast the depth gives way when less is needed, in dB a second: slower than a bar of music breathes.
const EASE_DB_S: f32 = 6.0;

/// The depth in dB: solved from two loudnesses, deepened at once and eased slowly, without a corner.
#[derive(Clone, Debug)]
pub struct Depth {
    follow_samples: usize,
    /// What is given way at each cell's edge.
    ease_db: f32,
    needed_db: Option<f32>,
    fresh: bool,
    glide: Glide,
}

impl Depth {
    /// No depth, at `rate_hz`.
    pub fn new(rate_hz: f64) -> Self {
        Self {
            follow_samples: (FOLLOW_S * rate_hz).round() as usize,
            ease_db: EASE_DB_S * CELL as f32 / rate_hz as f32,
            needed_db: None,
            fresh: true,
            glide: Glide::new(DEEPEST_DB as f64),
        }
    }

    /// Equal to fresh.
    pub fn reset(&mut self) {
        *self = Self { needed_db: None, fresh: true, glide: Glide::new(DEEPEST_DB as f64), ..*self };
    }

    /// What the dialogue lacks of Target above the bed at a cell's edge, between 0, Max Depth and `most_db`: at once
    /// when it grows, eased when it falls.
    pub fn need(&mut self, settings: &Settings, dialogue_lufs: f32, bed_lufs: f32, most_db: f32) -> f32 {
        let most_db = settings.max_depth_db.clamp(0.0, DEEPEST_DB).min(most_db);
        let lacking_db = settings.target_lu - (dialogue_lufs - bed_lufs - settings.bed_trim_db);
        let lacking_db = lacking_db.clamp(0.0, most_db);
        let eased_db = self.needed_db.map_or(0.0, |needed_db| needed_db - self.ease_db);
        let needed_db = lacking_db.max(eased_db.min(settings.max_depth_db).max(0.0));
        self.needed_db = Some(needed_db);
        needed_db
    }

    /// Moves to `even_db`, the part of the need that is met evenly.
    pub fn go(&mut self, even_db: f32) {
        if std::mem::take(&mut self.fresh) {
            self.glide.jump(f64::from(even_db));
        } else {
            self.glide.go(f64::from(even_db), self.follow_samples);
        }
    }

    /// The depth `samples` later, in dB.
    #[inline]
    pub fn skip(&mut self, samples: usize) -> f64 {
        self.glide.skip(samples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: f32, depth: &mut Depth, settings: &Settings, dialogue: f32, bed: f32) -> f64 {
        let cells = (seconds * 48_000.0 / CELL as f32) as usize;
        (0..cells).fold(0.0, |_, _| {
            let needed_db = depth.need(settings, dialogue, bed, DEEPEST_DB);
            depth.go(needed_db);
            depth.skip(CELL)
        })
    }

    #[test]
    fn it_is_what_the_dialogue_lacks_within_its_limits() {
        let settings = Settings { target_lu: 12.0, max_depth_db: 20.0, ..Settings::default() };
        for (dialogue, bed, wanted) in [(-27.0, -24.0, 15.0), (-20.0, -40.0, 0.0), (-40.0, -20.0, 20.0)] {
            assert_eq!(after(0.01, &mut Depth::new(48_000.0), &settings, dialogue, bed), wanted);
        }
        let silent = after(0.01, &mut Depth::new(48_000.0), &settings, -27.0, f32::NEG_INFINITY);
        assert_eq!(silent, 0.0);
        let faded = Settings { bed_trim_db: -10.0, ..settings };
        assert_eq!(after(0.01, &mut Depth::new(48_000.0), &faded, -27.0, -24.0), 5.0);
    }

    #[test]
    fn it_deepens_fast_and_eases_slowly() {
        let settings = Settings { target_lu: 12.0, max_depth_db: 40.0, ..Settings::default() };
        let mut depth = Depth::new(48_000.0);
        after(0.1, &mut depth, &settings, -27.0, -27.0);
        assert!((after(0.25, &mut depth, &settings, -27.0, -17.0) - 22.0).abs() < 0.2);
        assert!((after(1.0, &mut depth, &settings, -27.0, -27.0) - (22.0 - EASE_DB_S as f64)).abs() < 1.0);
        assert!((after(1.5, &mut depth, &settings, -27.0, -27.0) - 12.0).abs() < 0.1);
    }
}
