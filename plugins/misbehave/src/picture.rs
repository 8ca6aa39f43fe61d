//! The picture: the score of the future, with the playhead in it, and behind it what was played.
//!
//! | file | what it is |
//! | --- | --- |
//! | `coming` | the events that will happen, and those that did |
//! | `scene` | what there is to be seen at one moment |
//! | `sheet` | where everything lies |
//! | `ground` | bar lines, names, the playhead |
//! | `curves` | Chaos, the own clock, the rise |
//! | `blocks` | the events |
//! | `words` | what it does, in words |

mod blocks;
mod coming;
mod curves;
mod ground;
mod scene;
mod sheet;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use green_ring_dsp::{Song, Spec, song::DEFAULT_TEMPO_BPM};
use green_ring_editor::{
    Picture, PictureOf,
    egui::{Painter, Rect},
    theme::Theme,
};
use green_ring_shell::{Listener, Meters, Teller};
use nice_plug::prelude::Param;

use crate::{
    engine::{Engine, Event, Settings},
    params::MisbehaveParams,
};
use scene::Scene;
use sheet::Sheet;

/// Readings that the wire holds: 85 ms of blocks of 64 frames at 384 kHz.
pub(crate) const WIRE: usize = 512;

/// Momentary loudness below which nothing is heard, in LUFS.
const QUIET_LUFS: f32 = -70.0;

/// Looks without a reading after which the audio stands still: a third of a second.
const PATIENCE: u32 = 10;

/// What the audio thread tells after a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    spec: Spec,
    /// The song as the next frame finds it.
    song: Song,
    heard_samples: i64,
    memory_s: f32,
    sounding: [Option<Event>; 2],
}

/// Tells what `engine` did, if anyone may look. Does not allocate.
pub(crate) fn tell(teller: &mut Teller<Reading>, engine: &Engine, settings: &Settings) {
    if let Some(song) = engine.song().filter(|_| teller.is_open()) {
        let (spec, heard_samples) = (engine.spec(), engine.heard_samples());
        let (memory_s, sounding) = (engine.memory(settings), engine.sounding());
        teller.tell(Reading { spec, song, heard_samples, memory_s, sounding });
    }
}

/// The picture for each window that opens, under the large gesture of Chaos.
pub(crate) fn of(params: &Arc<MisbehaveParams>, meters: &Arc<Meters>, listener: &Listener<Reading>) -> PictureOf {
    let (params, meters, listener) = (params.clone(), meters.clone(), listener.clone());
    let make = move || Box::new(Score::new(&params, &meters, &listener)) as Box<dyn Picture>;
    PictureOf { make: Arc::new(make), gesture: "chaos" }
}

/// The score of the future.
struct Score {
    params: Arc<MisbehaveParams>,
    meters: Arc<Meters>,
    listener: Listener<Reading>,
    /// The lanes' names.
    names: Vec<String>,
    /// What was told since the last look, and how many looks ago something was; `None` before the first look.
    readings: Vec<Reading>,
    waited: Option<u32>,
    scene: Scene,
}

impl Score {
    fn new(params: &Arc<MisbehaveParams>, meters: &Arc<Meters>, listener: &Listener<Reading>) -> Self {
        let spec = Spec { sample_rate: 48_000.0, channels: 2 };
        let song = Song::new(false, 0, DEFAULT_TEMPO_BPM, spec.sample_rate);
        Self {
            params: params.clone(),
            meters: meters.clone(),
            listener: listener.clone(),
            names: params.lanes.all().map(|lane| lane.name().to_owned()).into(),
            readings: Vec::with_capacity(WIRE),
            waited: None,
            scene: Scene::new(&spec, &params.settings(), &song),
        }
    }

    /// Takes down what was told since the last look.
    fn hear(&mut self) {
        self.readings.clear();
        if self.waited.is_none() {
            self.listener.clear();
        }
        let readings = &mut self.readings;
        self.listener.hear(|reading| readings.push(reading));
        let waited = self.waited.map_or(PATIENCE, |waited| waited.saturating_add(1));
        self.waited = Some(if self.readings.is_empty() { waited } else { 0 });
    }

    /// Whether there is any sound to do something to. With the transport stopped the engine runs on all the same.
    fn audible(&self) -> bool {
        let Meters { input, output, .. } = &*self.meters;
        input.loudness_lufs().max(output.loudness_lufs()) > QUIET_LUFS
    }
}

impl Picture for Score {
    fn advance(&mut self) -> bool {
        self.hear();
        let settings = self.params.settings();
        let before = self.scene.looks();
        let running = self.readings.last().is_some_and(|last| last.song.playing || self.audible());
        if running {
            self.scene.play(&settings, &self.readings);
        } else if let Some(last) = self.readings.last() {
            self.scene.stand(&settings, &last.spec, &last.song);
        } else {
            self.scene.wait(&settings, self.waited >= Some(PATIENCE));
        }
        self.scene.looks() != before
    }

    fn paint(&self, painter: &Painter, area: Rect, theme: Theme) {
        let painter = painter.with_clip_rect(area.intersect(painter.clip_rect()));
        let sheet = Sheet::new(area, theme, &self.scene);
        ground::lines(&painter, &sheet, &self.scene);
        curves::paint(&painter, &sheet, &self.scene);
        blocks::paint(&painter, &sheet, &self.scene);
        ground::playhead(&painter, &sheet, &self.scene);
        ground::names(&painter, &sheet, &self.scene, &self.names);
    }

    fn words(&self) -> String {
        words::of(&self.scene, &self.names)
    }
}
