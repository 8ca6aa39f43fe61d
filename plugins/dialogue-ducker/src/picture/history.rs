//! The last 20 s, in columns of 50 ms.

use green_ring_editor::egui::Rect;
use green_ring_editor::history;

use super::line::Told;
use crate::engine::{Detector, Settings, State};

/// Columns in the picture.
pub const COLUMNS: usize = 400;

/// Seconds in a column.
pub const COLUMN_S: f32 = 0.05;

/// The bottom of the picture, in LUFS and in dB: what is quieter is not drawn.
pub const FLOOR_DB: f32 = -60.0;

/// Seconds after the bed's way down in which its loudness, measured over 400 ms, still counts some of that way.
const WINDOW_S: f32 = 0.5;

/// A bed that stands so little above its place is where it belongs: the least that is noticed.
const TOLERANCE_LU: f32 = 1.0;

/// What of the light is left a column later.
const AFTERGLOW: f32 = 0.85;

/// To a tenth, within the picture: nothing finer can be seen, and nothing finer need be drawn anew.
pub fn tenths(db: f32) -> f32 {
    if db.is_nan() { FLOOR_DB } else { (db.clamp(FLOOR_DB, 0.0) * 10.0).round() / 10.0 }
}

/// Loudness of the dialogue that the bed has to lie under, in LUFS: the anchor until speech was measured.
pub fn level_lufs(settings: &Settings, dialogue_lufs: Option<f32>) -> f32 {
    let Settings { anchor_lufs, key_trim_db, follow, .. } = *settings;
    dialogue_lufs.map_or(anchor_lufs, |lufs| anchor_lufs + follow * (lufs + key_trim_db - anchor_lufs))
}

/// Loudness of the bed where the fader behind this insert has put it, in LUFS: before and after it has yielded.
pub fn bed_lufs(told: &Told) -> [f32; 2] {
    let Settings { bed_trim_db, output_db, bypass, .. } = told.settings;
    let output_db = if bypass { 0.0 } else { output_db };
    [told.reading.bed_lufs + bed_trim_db, told.out_lufs - output_db + bed_trim_db]
}

/// How much it looks as if somebody spoke, 0..1, to the detector that is chosen.
pub fn belief(told: &Told) -> f32 {
    match told.settings.detector {
        Detector::Speech if !told.reading.key => 0.0,
        Detector::Speech => told.reading.probability,
        Detector::Level => f32::from(told.reading.state == State::Yielding),
        Detector::Manual => told.settings.manual_duck,
    }
}

/// A moment. Loudness in LUFS and gain in dB, to a tenth, and nothing below the floor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// The bed before and after it has yielded.
    pub before: f32,
    pub after: f32,
    /// The dialogue that was measured, or the floor.
    pub dialogue: f32,
    /// The dialogue that counts, and where the bed has to lie under it.
    pub level: f32,
    pub edge: f32,
    /// Even gain of the bed.
    pub gain: f32,
    /// How much it looks as if somebody spoke, 0..1, with an afterglow.
    pub light: f32,
    /// Whether the bed stands above the edge, under a line that has lasted so long that it should not.
    pub short: bool,
    /// Whether the bed is pulled out.
    pub out: bool,
}

impl Column {
    /// Silence under these settings.
    fn rest(settings: &Settings) -> Self {
        let level = level_lufs(settings, None);
        let (level, edge) = (tenths(level), tenths(level - settings.target_lu));
        let (before, after, dialogue) = (FLOOR_DB, FLOOR_DB, FLOOR_DB);
        Self { before, after, dialogue, level, edge, gain: 0.0, light: 0.0, short: false, out: false }
    }

    fn of(told: &Told, light: f32, lasted_s: f32) -> Self {
        let (reading, settings) = (&told.reading, &told.settings);
        let [before, after] = bed_lufs(told);
        let level = level_lufs(settings, reading.dialogue_lufs);
        let edge = tenths(level - settings.target_lu);
        let settled = lasted_s > WINDOW_S + settings.attack_s.unwrap_or(told.latency_s);
        let asked = settings.detector != Detector::Manual;
        Self {
            before: tenths(before),
            after: tenths(after),
            dialogue: tenths(reading.dialogue_lufs.map_or(FLOOR_DB, |lufs| lufs + settings.key_trim_db)),
            level: tenths(level),
            edge,
            gain: if settings.bypass { 0.0 } else { tenths(reading.gain_db) },
            light: (light * 20.0).round() / 20.0,
            short: asked && settled && tenths(after) > edge + TOLERANCE_LU,
            out: reading.state == State::PulledOut && !settings.bypass,
        }
    }
}

/// The columns, oldest first.
#[derive(Clone, Debug)]
pub struct History {
    columns: history::History<Column>,
    /// Seconds told since the last column, and how long the line that sounds has lasted.
    due_s: f32,
    lasted_s: f32,
    light: f32,
}

impl History {
    /// 20 s of silence under these settings. Allocates.
    pub fn new(settings: &Settings) -> Self {
        let columns = history::History::new(COLUMNS, Column::rest(settings));
        Self { columns, due_s: 0.0, lasted_s: 0.0, light: 0.0 }
    }

    /// Silence under these settings, where nothing has been told yet.
    pub fn rest(&mut self, settings: &Settings) {
        self.columns.fill(Column::rest(settings));
    }

    /// Takes in what was told. Returns whether the columns look different.
    pub fn hear(&mut self, told: &Told) -> bool {
        let sounds = told.reading.state == State::Yielding;
        self.lasted_s = if sounds { self.lasted_s + told.seconds } else { 0.0 };
        self.light = self.light.max(belief(told));
        self.due_s = (self.due_s + told.seconds).min(COLUMNS as f32 * COLUMN_S);
        let mut moved = false;
        while self.due_s >= COLUMN_S {
            self.due_s -= COLUMN_S;
            moved |= self.columns.push(Column::of(told, self.light, self.lasted_s));
            self.light *= AFTERGLOW;
        }
        moved
    }

    /// The column with this index: 0 is the oldest.
    pub fn column(&self, index: usize) -> &Column {
        self.columns.column(index)
    }

    /// Place of a column over a field.
    pub fn x(&self, field: Rect, index: usize) -> f32 {
        self.columns.x(field, index)
    }
}
