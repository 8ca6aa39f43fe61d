//! The oxide that is left on a stretch of tape, and the sound that the head has met on it.

use std::collections::VecDeque;
use std::ops::Range;

use crate::engine::oxide::Oxide;
use crate::engine::reel::Reel;
use crate::engine::{Map, Settings};

use super::stretch::{Key, PASSED, VIEW_BEATS};
pub use super::stretch::{Lift, Section};

/// The tape in view.
#[derive(Debug)]
pub struct OxideMap {
    oxide: Oxide,
    key: Option<Key>,
    first: i64,
    sections: VecDeque<Section>,
    lifts: Vec<Lift>,
    /// Where the head is, in beats from Start, and the last section that has met it.
    head: f64,
    met: i64,
}

impl OxideMap {
    /// A map that has yet to be looked up.
    pub fn new() -> Self {
        Self {
            oxide: Oxide::new(),
            key: None,
            first: 0,
            sections: VecDeque::new(),
            lifts: Vec::new(),
            head: 0.0,
            met: i64::MIN,
        }
    }

    /// Looks up the tape around `head` (beats from Start, of `beat_ms` milliseconds) in `columns` sections. Returns
    /// whether it looks different. Allocates.
    pub fn look(&mut self, settings: &Settings, head: f64, beat_ms: f64, columns: usize, mono: bool) -> bool {
        let Settings { wear, passes, shed_rate, dropouts, spacing_um, speed_ips, .. } = *settings;
        let dials = [wear, passes, shed_rate, dropouts, spacing_um * 1e-6 / (0.025_4 * speed_ips)];
        let key = Key { reel: Reel::new(settings), columns, dials, mono, beat_ms };
        let (first, count) = key.window(head);
        let before = (self.key.replace(key), self.first, std::mem::replace(&mut self.head, head));
        if before.0.is_none_or(|old| (old.reel, old.columns) != (key.reel, columns)) {
            self.sections.clear();
            self.met = i64::MIN;
        }
        let kept = self.keep(first);
        let from = if before.0 == Some(key) { kept } else { 0 };
        self.first = first;
        self.sections.resize(count, Section::default());
        for k in from..count {
            let section = key.section(&mut self.oxide, first + k as i64, self.sections[k].sound);
            self.sections[k] = section;
        }
        if from < count {
            self.lifts = key.lifts(self.beats());
        }
        before != (Some(key), first, head)
    }

    /// Lets go of the sections before `first`; gives how many are left. A jump backwards keeps none.
    fn keep(&mut self, first: i64) -> usize {
        let gone = usize::try_from(first - self.first).unwrap_or(usize::MAX);
        self.sections.drain(..gone.min(self.sections.len()));
        self.sections.len()
    }

    /// The head has met `sound` (a gain, 1 at operating level) up to `beats` from Start.
    pub fn meet(&mut self, beats: f64, sound: f32) {
        let Some(key) = self.key else { return };
        let at = (beats / key.section_beats()).floor() as i64;
        // After a jump nothing lies between.
        let near = (0..=self.sections.len() as i64 / 8).contains(&at.saturating_sub(self.met));
        let from = if near { self.met + i64::from(at > self.met) } else { at };
        for number in from..=at {
            let place = usize::try_from(number - self.first).unwrap_or(usize::MAX);
            if let Some(section) = self.sections.get_mut(place) {
                section.sound = if number == self.met { section.sound.max(sound) } else { sound };
            }
        }
        self.met = at;
    }

    /// The sections, from left to right.
    pub fn sections(&self) -> impl ExactSizeIterator<Item = &Section> {
        self.sections.iter()
    }

    /// The dropouts in view.
    pub fn lifts(&self) -> &[Lift] {
        &self.lifts
    }

    /// What is in view, in beats from Start.
    pub fn view(&self) -> Range<f64> {
        let Some(key) = self.key else { return 0.0..1.0 };
        let from = match key.reel.map {
            Map::Loop => self.first as f64 * key.section_beats(),
            Map::WholeTape => self.head - PASSED * VIEW_BEATS,
        };
        from..from + key.span()
    }

    /// Where the scale begins to count, in beats from Start: a loop's own beginning, or Start.
    pub fn zero(&self) -> f64 {
        if self.key.is_some_and(|key| key.reel.map == Map::Loop) { self.view().start } else { 0.0 }
    }

    /// Where the sections lie, in beats from Start: as wide as the view, or a little wider.
    pub fn beats(&self) -> Range<f64> {
        let beats = self.key.map_or(1.0, |key| key.section_beats());
        self.first as f64 * beats..(self.first + self.sections.len() as i64) as f64 * beats
    }

    /// Where the head is, in beats from Start.
    pub fn head(&self) -> f64 {
        self.head
    }

    /// The mean of what is left of the oxide in view, 0 to 1.
    pub fn left(&self) -> f32 {
        let sum: f32 = self.sections.iter().map(|section| 0.5 * (section.level[0] + section.level[1])).sum();
        sum / self.sections.len().max(1) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::PassMode;

    fn settings(map: Map) -> Settings {
        Settings { map, passes: 90.0, dropouts: 0.7, pass_length_bars: 2.0, seed: 4, ..Settings::default() }
    }

    fn looked(settings: &Settings, head: f64) -> OxideMap {
        let mut map = OxideMap::new();
        map.look(settings, head, 500.0, 200, false);
        map
    }

    #[test]
    fn sections_are_what_the_oxide_tells() {
        let settings = settings(Map::Loop);
        let map = looked(&settings, 9.0);
        assert_eq!(map.view(), 8.0..16.0);
        let mut told = [0.0; 200];
        Oxide::new().read(&Reel::new(&settings), [8.0, 16.0], |_| 90.0, &mut told);
        let apart = map.sections().zip(told).map(|(s, told)| (s.level[0] - told).abs()).fold(0.0, f32::max);
        assert!(apart < 0.05, "{apart}");
        let mean = told.iter().sum::<f32>() / 200.0;
        assert!((0.5 * (map.left() + mean) - mean).abs() < 0.03, "{} {mean}", map.left());
    }

    #[test]
    fn the_loop_is_worn_by_the_next_pass_as_it_comes_round() {
        let song = Settings { pass_mode: PassMode::Song, shed_rate: 10.0, ..settings(Map::Loop) };
        let left: Vec<f32> = (0..20).map(|turn| looked(&song, 8.0 * f64::from(turn) + 1.0).left()).collect();
        assert!(left[0] > 0.99 && left[19] < 0.3 && left.windows(2).all(|w| w[1] < w[0]), "{left:?}");
    }

    #[test]
    fn a_tape_that_has_moved_on_is_the_tape_at_that_place() {
        for map in [Map::Loop, Map::WholeTape] {
            let settings = settings(map);
            let mut moved = looked(&settings, 3.0);
            for head in [3.0, 3.01, 3.3, 4.9, 9.7, 60.0, 2.0] {
                moved.look(&settings, head, 500.0, 200, false);
                let fresh = looked(&settings, head);
                assert_eq!((moved.first, &moved.sections, &moved.lifts), (fresh.first, &fresh.sections, &fresh.lifts));
            }
            assert!(!moved.look(&settings, 2.0, 500.0, 200, false), "nothing new");
            assert!(moved.look(&Settings { wear: 0.9, ..settings }, 2.0, 500.0, 200, false));
        }
    }

    #[test]
    fn sound_stays_where_the_head_met_it() {
        let mut map = looked(&settings(Map::WholeTape), 0.0);
        for k in 0..100 {
            map.meet(0.02 * f64::from(k), 0.5);
            map.look(&settings(Map::WholeTape), 0.02 * f64::from(k), 500.0, 200, false);
        }
        let beats = |k: usize| map.beats().start + (k as f64 + 0.5) * VIEW_BEATS / 200.0;
        for (k, section) in map.sections().enumerate() {
            assert_eq!(section.sound > 0.0, (0.0..2.0).contains(&beats(k)), "{}", beats(k));
        }
    }

    #[test]
    fn dropouts_lie_where_the_engine_has_them() {
        let map = looked(&settings(Map::WholeTape), 0.0);
        assert!(map.lifts().len() > 5);
        let reel = Reel::new(&settings(Map::WholeTape));
        for lift in map.lifts().iter().filter(|lift| lift.depth_um > 1.0) {
            let middle = 0.5 * (lift.beats[0] + lift.beats[1]);
            let mut dropouts = crate::engine::dropouts::Dropouts::new(false);
            let um = dropouts.um(&reel, middle, 500.0, 0.7, 0.3);
            for track in 0..2 {
                assert!(!lift.hits[track] || um[track] > 0.9 * lift.depth_um, "{lift:?} {um:?}");
            }
        }
    }
}
