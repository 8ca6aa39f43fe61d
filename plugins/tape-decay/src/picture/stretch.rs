//! What can be known of a stretch of tape in view, from its settings.

use std::f32::consts::TAU;
use std::ops::Range;

use green_ring_dsp::units;

use crate::engine::Map;
use crate::engine::dropouts::{Dropout, SLOT_BEATS};
use crate::engine::oxide::Oxide;
use crate::engine::reel::Reel;
use crate::engine::worn::{Dials, Worn, worn};

/// Beats of the whole tape that are in view, and the share of them that has passed the head.
pub const VIEW_BEATS: f64 = 16.0;
pub const PASSED: f64 = 0.3;

/// Places that are looked at for one part.
const LOOKS: usize = 2;

/// The treble whose loss is shown, in hertz.
const TREBLE_HZ: f32 = 8_000.0;

/// What is known of one part of the tape.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Section {
    /// Level that is left of what is recorded, 0 to 1, on either track.
    pub level: [f32; 2],
    /// What contact and age leave of the treble, 0 to 1, on either track.
    pub treble: [f32; 2],
    /// What the VU meter showed as the head was there, as a gain: 1 is a sine at operating level, 0 is nothing yet.
    pub sound: f32,
}

/// A dropout in view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lift {
    /// Its middle, first and last, in beats from Start.
    pub beats: [f64; 2],
    /// How far the tape lifts, in micrometres.
    pub depth_um: f32,
    /// The tracks that it hits.
    pub hits: [bool; 2],
}

/// What decides on the sections, but for their place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// The tape.
    pub reel: Reel,
    /// Sections in view.
    pub columns: usize,
    /// Wear, passes, shed rate, dropouts, spacing in seconds of tape travel.
    pub dials: [f32; 5],
    /// Whether there is but one track.
    pub mono: bool,
    /// Length of a beat in milliseconds.
    pub beat_ms: f64,
}

impl Key {
    /// Beats in view.
    pub fn span(&self) -> f64 {
        match self.reel.map {
            Map::Loop => self.reel.pass_beats,
            Map::WholeTape => VIEW_BEATS,
        }
    }

    /// Beats of a section.
    pub fn section_beats(&self) -> f64 {
        self.span() / self.columns as f64
    }

    /// Number of the first section in view with the head at `head`, and how many there are: the loop as it is in this
    /// pass, or the whole tape from what has passed the head to what comes.
    pub fn window(&self, head: f64) -> (i64, usize) {
        match self.reel.map {
            Map::Loop => ((head / self.span()).floor() as i64 * self.columns as i64, self.columns),
            Map::WholeTape => (((head - PASSED * VIEW_BEATS) / self.section_beats()).floor() as i64, self.columns + 1),
        }
    }

    /// Dials, Wear and passes at a place.
    fn worn(&self, beats: f64) -> Worn {
        let [wear, passes, shed_rate, dropouts, _] = self.dials;
        worn(wear, &Dials { passes: self.reel.pass(beats, passes, shed_rate), dropouts, ..Dials::default() })
    }

    /// Section `number`, on which there is `sound`: the mean of a few looks.
    pub fn section(&self, oxide: &mut Oxide, number: i64, sound: f32) -> Section {
        let mut section = Section { sound, ..Section::default() };
        for look in 0..LOOKS {
            let beats = (number as f64 + (look as f64 + 0.5) / LOOKS as f64) * self.section_beats();
            let worn = self.worn(beats);
            let aged = -0.5 * (TAU * TREBLE_HZ * worn.age_s).powi(2);
            for (track, lost) in oxide.losses(&self.reel, beats, worn.passes).into_iter().enumerate() {
                let spacing_s = self.dials[4] + worn.spacing_s + lost.spacing_s;
                section.level[track] += units::gain(lost.level_db) / LOOKS as f32;
                section.treble[track] += (aged - TAU * TREBLE_HZ * spacing_s).exp() / LOOKS as f32;
            }
        }
        section
    }

    /// The dropouts within `beats`.
    pub fn lifts(&self, beats: Range<f64>) -> Vec<Lift> {
        let spots = self.reel.grid(SLOT_BEATS);
        // The longest that reach into it begin two slots before.
        let slots = (beats.start / spots.beats).floor() as i64 - 2..(beats.end / spots.beats).ceil() as i64;
        let lift = |slot: i64| {
            let dial = self.worn(slot as f64 * spots.beats).dropouts;
            let found = Dropout::find(self.reel.seed, &spots, slot, dial, self.mono)?;
            let Dropout { depth_um, hits, .. } = found;
            Some(Lift { beats: found.stretch(&spots, self.beat_ms), depth_um, hits })
        };
        slots.filter_map(lift).collect()
    }
}
