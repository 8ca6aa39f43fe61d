//! Parameters: what a player sees, and how it becomes the engine's settings.

use std::sync::Arc;

use green_ring_editor::WindowSize;
use green_ring_shell::{params, params::Sync};
use nice_plug::prelude::*;

use crate::engine::{self, Settings};

/// The lowest value of Early, which means none at all.
const EARLY_OFF_DB: f32 = -60.0;

/// Everything that a host can set and automate.
#[derive(Params)]
pub struct DreamReverbParams {
    /// The room's shape.
    #[nested(group = "Room")]
    pub room: RoomParams,
    /// How its sound dies.
    #[nested(group = "Tail")]
    pub tail: TailParams,
    /// What enters it.
    #[nested(group = "Tone")]
    pub tone: ToneParams,
    /// How it moves.
    #[nested(group = "Movement")]
    pub movement: MovementParams,
    /// What goes out.
    #[nested(group = "Output")]
    pub out: OutParams,
    /// The size of the window.
    #[persist = "window"]
    pub window: Arc<WindowSize>,
}

/// The room's shape.
#[derive(Params)]
pub struct RoomParams {
    /// Length of the room in metres: spacing of its echoes. Moves without a change of pitch.
    #[id = "size"]
    pub size: FloatParam,
    /// Silence before the room answers, in milliseconds.
    #[id = "pre"]
    pub pre_delay: FloatParam,
    /// Level of the early reflections, in decibels.
    #[id = "early"]
    pub early: FloatParam,
    /// How far an onset is spread before it enters the tail, in per cent.
    #[id = "diff"]
    pub diffusion: FloatParam,
}

/// How the room's sound dies.
#[derive(Params)]
pub struct TailParams {
    /// Seconds in which the middle of the spectrum falls by 60 dB.
    #[id = "decay"]
    pub decay: FloatParam,
    /// Decay of the lows, in per cent of Decay.
    #[id = "lodec"]
    pub low_decay: FloatParam,
    /// Where the lows end, in hertz.
    #[id = "lox"]
    pub low_crossover: FloatParam,
    /// Decay of the highs, in per cent of Decay.
    #[id = "hidec"]
    pub high_decay: FloatParam,
    /// Where the highs begin, in hertz.
    #[id = "hix"]
    pub high_crossover: FloatParam,
    /// Holds the tail for ever and lets nothing new in.
    #[id = "freeze"]
    pub freeze: BoolParam,
}

/// What enters the room.
#[derive(Params)]
pub struct ToneParams {
    /// Nothing below enters the room, in hertz.
    #[id = "locut"]
    pub low_cut: FloatParam,
    /// Nothing above enters the room, in hertz.
    #[id = "hicut"]
    pub high_cut: FloatParam,
}

/// How the room moves.
#[derive(Params)]
pub struct MovementParams {
    /// How much the tail moves within itself, in per cent.
    #[id = "motion"]
    pub motion: FloatParam,
    /// Which room of its kind it is, and how it moves.
    #[id = "seed"]
    pub seed: IntParam,
    /// Whether movement follows the tempo or the clock.
    #[id = "sync"]
    pub sync: EnumParam<Sync>,
    /// The place from which movement is counted, in quarter notes or seconds.
    #[id = "start"]
    pub start: FloatParam,
}

/// What goes out.
#[derive(Params)]
pub struct OutParams {
    /// Width of the wet sound, in per cent; 0 is mono.
    #[id = "width"]
    pub width: FloatParam,
    /// Share of wet sound, in per cent, at equal power.
    #[id = "mix"]
    pub mix: FloatParam,
    /// Gain of everything, in decibels.
    #[id = "out"]
    pub output: FloatParam,
    /// The input passes untouched.
    #[id = "bypass"]
    pub bypass: BoolParam,
}

impl Default for DreamReverbParams {
    fn default() -> Self {
        Self {
            room: RoomParams {
                size: params::metres("Size", 14.0, 2.0, 60.0),
                pre_delay: params::milliseconds("Pre-Delay", 12.0, 500.0),
                early: params::decibels_or_silence("Early", 0.0, EARLY_OFF_DB, 6.0),
                diffusion: params::percent("Diffusion", 70.0, 100.0),
            },
            tail: TailParams {
                decay: params::seconds("Decay", 1.1, 0.05, 20.0),
                low_decay: share("Low Decay", 110.0, 25.0, 200.0),
                low_crossover: params::hertz("Low Crossover", 250.0, 80.0, 800.0),
                high_decay: share("High Decay", 55.0, 10.0, 100.0),
                high_crossover: params::hertz("High Crossover", 4_000.0, 1_500.0, 12_000.0),
                freeze: params::switch("Freeze", false),
            },
            tone: ToneParams {
                low_cut: params::hertz("Low Cut", 80.0, 20.0, 1_000.0),
                high_cut: params::hertz("High Cut", 12_000.0, 1_000.0, 20_000.0),
            },
            movement: MovementParams {
                motion: params::percent("Motion", 35.0, 100.0),
                seed: params::seed(),
                sync: params::sync(Sync::Time),
                start: params::start(),
            },
            out: OutParams {
                width: params::percent("Width", 100.0, 150.0),
                mix: params::percent("Mix", 30.0, 100.0),
                output: params::output(),
                bypass: params::bypass(),
            },
            window: Arc::default(),
        }
    }
}

/// A share of something else, in per cent, that does not begin at zero.
fn share(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    params::linear(name, default, min, max, " %", green_ring_shell::text::PERCENT)
}

impl DreamReverbParams {
    /// The engine's settings as they are now.
    pub fn settings(&self) -> Settings {
        let share = |param: &FloatParam| param.value() / 100.0;
        let Self { room, tail, tone, movement, out, .. } = self;
        let early_db = room.early.value();
        Settings {
            mix: share(&out.mix),
            output_db: out.output.value(),
            size_m: room.size.value(),
            pre_delay_s: room.pre_delay.value() / 1_000.0,
            early_db: if early_db <= EARLY_OFF_DB { f32::NEG_INFINITY } else { early_db },
            decay_s: tail.decay.value(),
            low_decay: share(&tail.low_decay),
            low_crossover_hz: tail.low_crossover.value(),
            high_decay: share(&tail.high_decay),
            high_crossover_hz: tail.high_crossover.value(),
            diffusion: share(&room.diffusion),
            motion: share(&movement.motion),
            width: share(&out.width),
            low_cut_hz: tone.low_cut.value(),
            high_cut_hz: tone.high_cut.value(),
            freeze: tail.freeze.value(),
            seed: movement.seed.value().max(0) as u32,
            sync: match movement.sync.value() {
                Sync::Beats => engine::Sync::Beats,
                Sync::Time => engine::Sync::Time,
            },
            start: params::start_value(&movement.start),
            bypass: out.bypass.value(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_engines() {
        assert_eq!(DreamReverbParams::default().settings(), Settings::default());
    }

    #[test]
    fn the_lowest_early_is_silence() {
        let params = DreamReverbParams::default();
        let lowest = params.room.early.preview_plain(0.0);
        assert!(lowest <= EARLY_OFF_DB);
    }
}
