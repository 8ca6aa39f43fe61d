//! When something happens.

use std::sync::Arc;

use green_ring_shell::{params, params::Sync, text};
use nice_plug::prelude::*;

use crate::engine;
use crate::grid::Grid;

/// When something happens.
#[derive(Params)]
pub struct TimeParams {
    /// Order to chaos, in per cent: how often chance decides instead of balance.
    #[id = "chaos"]
    pub chaos: FloatParam,
    /// Share of grid steps that carry an event, in per cent.
    #[id = "activ"]
    pub activity: FloatParam,
    /// Beautiful to jarring, in per cent: soft splices on the grid to hard ones off it.
    #[id = "edge"]
    pub edge: FloatParam,
    /// Length of a grid step under Sync Beats.
    #[id = "grid"]
    pub grid: EnumParam<Grid>,
    /// Length of a grid step under Sync Time, in seconds.
    #[id = "gridt"]
    pub grid_time: FloatParam,
    /// How far back events may read, in bars.
    #[id = "reach"]
    pub reach: FloatParam,
    /// The events repeat after so many bars; 0 is never.
    #[id = "repeat"]
    pub repeat: IntParam,
    /// Which set of events it is.
    #[id = "seed"]
    pub seed: IntParam,
    /// Whether events follow the tempo or the clock.
    #[id = "sync"]
    pub sync: EnumParam<Sync>,
    /// The place from which everything is counted, in quarter notes or seconds.
    #[id = "start"]
    pub start: FloatParam,
}

impl Default for TimeParams {
    fn default() -> Self {
        let percent = |name, default| params::percent(name, default, 100.0);
        Self {
            chaos: percent("Chaos", 20.0),
            activity: percent("Activity", 30.0),
            edge: percent("Edge", 15.0),
            grid: EnumParam::new("Grid", Grid::Sixteenth),
            grid_time: params::seconds("Grid Time", 0.125, 0.02, 4.0),
            reach: params::bars("Reach", 1.0, 0.25, 8.0),
            repeat: repeat(),
            seed: params::seed(),
            sync: params::sync(Sync::Beats),
            start: params::start(),
        }
    }
}

fn repeat() -> IntParam {
    let parse = |text: &str| match text.trim().to_ascii_lowercase().as_str() {
        "never" => Some(0),
        text => text::parse(text, text::BARS).map(|bars| bars.round() as i32),
    };
    IntParam::new("Repeat Every", 0, IntRange::Linear { min: 0, max: 64 })
        .with_value_to_string(Arc::new(|bars| match bars {
            0 => "Never".into(),
            1 => "1 bar".into(),
            bars => format!("{bars} bars"),
        }))
        .with_string_to_value(Arc::new(parse))
}

/// After how long the own clock is back with the host's.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names that players see say it")]
pub enum Relock {
    #[id = "1"]
    #[name = "1 bar"]
    One,
    #[id = "2"]
    #[name = "2 bars"]
    Two,
    #[id = "4"]
    #[name = "4 bars"]
    Four,
    #[id = "8"]
    #[name = "8 bars"]
    Eight,
    #[id = "16"]
    #[name = "16 bars"]
    Sixteen,
    #[id = "32"]
    #[name = "32 bars"]
    ThirtyTwo,
    #[id = "never"]
    Never,
}

impl Relock {
    /// Bars, or 0 for never.
    pub fn bars(self) -> u32 {
        if self == Self::Never { 0 } else { 1 << self.to_index() }
    }
}

/// What makes events begin.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Chance and balance.
    #[id = "self"]
    #[name = "Self"]
    Itself,
    /// Notes only.
    #[id = "notes"]
    Notes,
    /// Both.
    #[id = "both"]
    Both,
}

impl Trigger {
    pub(super) fn of_engine(self) -> engine::Trigger {
        match self {
            Self::Itself => engine::Trigger::Itself,
            Self::Notes => engine::Trigger::Notes,
            Self::Both => engine::Trigger::Both,
        }
    }
}

/// How the song's clock and the recorded sound are treated.
#[derive(Params)]
pub struct SongParams {
    /// By how much Chaos grows (or sinks) from Start over Growth Over, in per cent.
    #[id = "growth"]
    pub growth: FloatParam,
    /// Length of the growth under Sync Beats, in bars.
    #[id = "growb"]
    pub growth_over: FloatParam,
    /// Length of the growth under Sync Time, in seconds.
    #[id = "growt"]
    pub growth_over_time: FloatParam,
    /// How far the own clock slides against the host's, in milliseconds.
    #[id = "drift"]
    pub drift: FloatParam,
    /// After how long the own clock is back with the host's.
    #[id = "relock"]
    pub relock: EnumParam<Relock>,
    /// The last Reach of sound is kept.
    #[id = "hold"]
    pub hold: BoolParam,
    /// What makes events begin.
    #[id = "trig"]
    pub trigger: EnumParam<Trigger>,
}

impl Default for SongParams {
    fn default() -> Self {
        Self {
            growth: params::linear("Growth", 0.0, -100.0, 100.0, " %", text::PERCENT),
            growth_over: params::bars("Growth Over", 16.0, 1.0, 256.0),
            growth_over_time: params::seconds("Growth Over Time", 32.0, 1.0, 256.0),
            drift: params::milliseconds("Clock Drift", 0.0, 80.0),
            relock: EnumParam::new("Relock", Relock::Eight),
            hold: params::switch("Hold", false),
            trigger: EnumParam::new("Trigger", Trigger::Itself),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeat_reads_what_it_shows() {
        let repeat = repeat();
        for bars in [0, 1, 2, 64] {
            let normalized = repeat.preview_normalized(bars);
            let shown = repeat.normalized_value_to_string(normalized, true);
            assert_eq!(repeat.string_to_normalized_value(&shown), Some(normalized), "{shown}");
        }
    }

    #[test]
    fn relock_is_in_bars() {
        use Relock::{Never, One, ThirtyTwo};
        assert_eq!([One, ThirtyTwo, Never].map(Relock::bars), [1, 32, 0]);
    }
}
