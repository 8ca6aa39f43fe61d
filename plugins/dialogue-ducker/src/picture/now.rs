//! The numbers and the words of this moment.

use super::history::{COLUMN_S, FLOOR_DB, bed_lufs, belief, level_lufs, tenths};
use super::line::Told;
use super::spectrum::Spectrum;
use crate::engine::{BANDS, Bands, Detector, Settings, State};

/// What of the picture is of this moment only. Equal moments look the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Now {
    /// What the plugin does, in a few words.
    pub words: String,
    /// The dialogue that counts in LUFS, how far the bed has to lie under it in LU, and whether it was measured.
    pub level: f32,
    pub target_lu: f32,
    pub measured: bool,
    /// The bed that comes out, in LUFS.
    pub after: f32,
    /// Whether a line sounds.
    pub speaks: bool,
    /// Even gain in dB; the floor where the bed is pulled out and silent.
    pub gain: f32,
    /// How much it looks as if somebody spoke, 0..1, and to whom.
    pub belief: f32,
    pub detector: Detector,
    /// Level of each band of the bed before it yields, and gain of each, in dB.
    pub bed: Bands,
    pub bands: Bands,
    /// Whether dialogue is needed on the key and none has ever come.
    pub keyless: bool,
    /// Columns by which the bed comes out later than it is heard.
    pub late: usize,
}

impl Now {
    /// This moment, under the settings of this moment, after what was told last.
    pub fn of(settings: &Settings, told: Option<&Told>, spectrum: &Spectrum) -> Self {
        let level = tenths(level_lufs(settings, told.and_then(|told| told.reading.dialogue_lufs)));
        let (gain, bands) = told.filter(|_| !settings.bypass).map_or((0.0, [0.0; BANDS]), gains);
        Self {
            words: words(settings, told),
            level,
            target_lu: (settings.target_lu * 10.0).round() / 10.0,
            measured: told.is_some_and(|told| told.reading.dialogue_lufs.is_some()),
            after: told.map_or(FLOOR_DB, |told| tenths(bed_lufs(told)[1])),
            speaks: told.is_some_and(|told| matches!(told.reading.state, State::Yielding | State::Holding(_))),
            gain,
            belief: told.map_or(0.0, |told| (belief(told) * 20.0).round() / 20.0),
            detector: settings.detector,
            bed: spectrum.db().map(|db| tenths(db + settings.bed_trim_db)),
            bands,
            keyless: settings.detector != Detector::Manual && told.is_none_or(|told| !told.keyed),
            late: told.map_or(0, |told| (told.latency_s / COLUMN_S).round() as usize),
        }
    }

    /// How far the dialogue stands above the bed that comes out, in LU; none where one of them is not heard.
    pub fn difference_lu(&self) -> Option<f32> {
        (self.measured && self.after > FLOOR_DB).then_some(self.level - self.after)
    }
}

/// The even gain, and that of each band, in dB: the floor once nothing is left of a bed that is pulled out.
fn gains(told: &Told) -> (f32, Bands) {
    let Told { reading, out_lufs, .. } = told;
    match reading.state {
        State::PulledOut if tenths(*out_lufs) == FLOOR_DB => (FLOOR_DB, [FLOOR_DB; BANDS]),
        _ => (tenths(reading.gain_db), reading.bands_db.map(tenths)),
    }
}

fn words(settings: &Settings, told: Option<&Told>) -> String {
    let state = match told {
        _ if settings.bypass => "bypassed".into(),
        None => "waiting for sound".into(),
        Some(told) => doing(told),
    };
    match told {
        Some(told) if told.outdated => format!("{state}, restart pending"),
        _ => state,
    }
}

fn doing(told: &Told) -> String {
    let Told { reading, settings, memory_s, .. } = told;
    match reading.state {
        State::Yielding if is_limited(told) => format!("{reading}, held by Max Depth"),
        State::PulledOut | State::Returning => reading.to_string(),
        _ if settings.detector == Detector::Manual && reading.gain_db == 0.0 => "by hand, at rest".into(),
        _ if settings.detector == Detector::Manual => format!("by hand, {:.1} dB", reading.gain_db),
        State::Resting if reading.key => format!("{reading}, pre-roll {memory_s:.0} s"),
        _ => reading.to_string(),
    }
}

/// Whether more is lacking than the bed may ever yield, by more than anyone hears.
fn is_limited(told: &Told) -> bool {
    let settings = &told.settings;
    let above_lu = level_lufs(settings, told.reading.dialogue_lufs) - bed_lufs(told)[0];
    settings.target_lu - above_lu > settings.max_depth_db + 0.5
}
