//! Parameters: what a player sees, and how it becomes the engine's settings.

use std::sync::Arc;

use green_ring_editor::WindowSize;
use green_ring_shell::{params, params::Sync, text::Suffix};
use nice_plug::prelude::*;

use crate::engine::{self, Settings};
use crate::grid::Grid;

/// Units of length in the song; the kind's own unit is the bar.
const BARS: &[Suffix] = &[("bars", 1.0), ("bar", 1.0)];

/// Everything that a host can set and automate.
#[derive(Params)]
pub struct MisbehaveParams {
    /// When something happens.
    #[nested(group = "Time")]
    pub time: TimeParams,
    /// What happens.
    #[nested(group = "Lanes")]
    pub lanes: LaneParams,
    /// Lanes that are made to sound, drawn to picture.
    #[nested(group = "Fire")]
    pub fire: FireParams,
    /// What goes out.
    #[nested(group = "Output")]
    pub out: OutParams,
    /// The size of the window.
    #[persist = "window"]
    pub window: Arc<WindowSize>,
}

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

/// What happens: how many of the events fall to each lane, relative to the others, in per cent.
#[derive(Params)]
pub struct LaneParams {
    /// Repeats a slice, evenly or in rolls.
    #[id = "stut"]
    pub stutter: FloatParam,
    /// Plays what was just heard backwards.
    #[id = "revs"]
    pub reverse: FloatParam,
    /// Turns the last moments into a cloud of grains.
    #[id = "scat"]
    pub scatter: FloatParam,
    /// Cuts rhythmic holes.
    #[id = "gate"]
    pub gate: FloatParam,
}

/// While one is on, its lane sounds from grid step to grid step and nothing else does.
#[derive(Params)]
pub struct FireParams {
    /// Stutters for as long as it is on.
    #[id = "fstut"]
    pub stutter: BoolParam,
    /// Reverses for as long as it is on.
    #[id = "frevs"]
    pub reverse: BoolParam,
    /// Scatters for as long as it is on.
    #[id = "fscat"]
    pub scatter: BoolParam,
    /// Cuts holes for as long as it is on.
    #[id = "fgate"]
    pub gate: BoolParam,
}

/// What goes out.
#[derive(Params)]
pub struct OutParams {
    /// Share of an event that replaces the dry sound, in per cent.
    #[id = "mix"]
    pub mix: FloatParam,
    /// Gain of everything, in decibels.
    #[id = "out"]
    pub output: FloatParam,
    /// The input passes untouched.
    #[id = "bypass"]
    pub bypass: BoolParam,
}

impl Default for MisbehaveParams {
    fn default() -> Self {
        let percent = |name, default| params::percent(name, default, 100.0);
        let switch = |name| params::switch(name, false);
        Self {
            time: TimeParams {
                chaos: percent("Chaos", 20.0),
                activity: percent("Activity", 30.0),
                edge: percent("Edge", 15.0),
                grid: EnumParam::new("Grid", Grid::Sixteenth),
                grid_time: params::seconds("Grid Time", 0.125, 0.02, 4.0),
                reach: params::build("Reach", 1.0, params::geometric(0.25, 8.0), " bars", BARS),
                repeat: repeat(),
                seed: params::seed(),
                sync: params::sync(Sync::Beats),
                start: params::start(),
            },
            lanes: LaneParams {
                stutter: percent("Stutter", 60.0),
                reverse: percent("Reverse", 40.0),
                scatter: percent("Scatter", 25.0),
                gate: percent("Gate", 15.0),
            },
            fire: FireParams {
                stutter: switch("Fire Stutter"),
                reverse: switch("Fire Reverse"),
                scatter: switch("Fire Scatter"),
                gate: switch("Fire Gate"),
            },
            out: OutParams { mix: percent("Mix", 100.0), output: params::output(), bypass: params::bypass() },
            window: Arc::default(),
        }
    }
}

fn repeat() -> IntParam {
    let parse = |text: &str| match text.trim().to_ascii_lowercase().as_str() {
        "never" => Some(0),
        text => green_ring_shell::text::parse(text, BARS).map(|bars| bars.round() as i32),
    };
    IntParam::new("Repeat Every", 0, IntRange::Linear { min: 0, max: 64 })
        .with_value_to_string(Arc::new(|bars| match bars {
            0 => "Never".into(),
            1 => "1 bar".into(),
            bars => format!("{bars} bars"),
        }))
        .with_string_to_value(Arc::new(parse))
}

impl MisbehaveParams {
    /// The engine's settings as they are now.
    pub fn settings(&self) -> Settings {
        let share = |param: &FloatParam| param.value() / 100.0;
        let (time, lanes, fire) = (&self.time, &self.lanes, &self.fire);
        Settings {
            chaos: share(&time.chaos),
            activity: share(&time.activity),
            grid_quarters: time.grid.value().quarters(),
            grid_s: f64::from(time.grid_time.value()),
            edge: share(&time.edge),
            weights: [share(&lanes.stutter), share(&lanes.reverse), share(&lanes.scatter), share(&lanes.gate)],
            fire: [fire.stutter.value(), fire.reverse.value(), fire.scatter.value(), fire.gate.value()],
            reach_bars: f64::from(time.reach.value()),
            repeat_bars: time.repeat.value().max(0) as u32,
            seed: time.seed.value().max(0) as u32,
            sync: match time.sync.value() {
                Sync::Beats => engine::Sync::Beats,
                Sync::Time => engine::Sync::Time,
            },
            start: params::start_value(&time.start),
            mix: share(&self.out.mix),
            output_db: self.out.output.value(),
            bypass: self.out.bypass.value(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_engines() {
        let (have, want) = (MisbehaveParams::default().settings(), Settings::default());
        assert_eq!(Settings { grid_s: want.grid_s, ..have }, want);
        assert!((have.grid_s - want.grid_s).abs() < 1e-6);
    }

    #[test]
    fn repeat_reads_what_it_shows() {
        let repeat = repeat();
        for bars in [0, 1, 2, 64] {
            let normalized = repeat.preview_normalized(bars);
            let shown = repeat.normalized_value_to_string(normalized, true);
            assert_eq!(repeat.string_to_normalized_value(&shown), Some(normalized), "{shown}");
        }
    }
}
