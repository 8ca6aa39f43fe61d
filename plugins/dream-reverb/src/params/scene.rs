//! What holds a scene or ends it, how it moves, and what goes out.

use green_ring_shell::params::{self, Sync};
use nice_plug::prelude::*;

/// Whom the wet sound yields to.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum DuckFrom {
    /// The dry sound.
    #[id = "dry"]
    Dry,
    /// The key input.
    #[id = "key"]
    Key,
}

/// What holds a scene, ends it, or makes room for another.
#[derive(Params)]
pub struct SceneParams {
    /// Holds the tail for ever and lets nothing new in.
    #[id = "freeze"]
    pub freeze: BoolParam,
    /// Holds the tail for ever and lets new sound in, at a level that is kept.
    #[id = "inf"]
    pub infinite: BoolParam,
    /// Chokes the wet sound to digital zero.
    #[id = "silen"]
    pub silence: BoolParam,
    /// How long that takes, in seconds.
    #[id = "silent"]
    pub silence_time: FloatParam,
    /// How far everything has gone away, dry and wet, in per cent.
    #[id = "recede"]
    pub recede: FloatParam,
    /// By how much the wet sound yields, in decibels.
    #[id = "duck"]
    pub duck: FloatParam,
    /// Whom it yields to.
    #[id = "duckfr"]
    pub duck_from: EnumParam<DuckFrom>,
}

impl Default for SceneParams {
    fn default() -> Self {
        Self {
            freeze: params::switch("Freeze", false),
            infinite: params::switch("Infinite", false),
            silence: params::switch("Silence", false),
            silence_time: params::seconds("Silence Time", 2.0, 0.05, 30.0),
            recede: params::percent("Recede", 0.0, 100.0),
            duck: params::decibels("Duck", 0.0, 0.0, 24.0),
            duck_from: EnumParam::new("Duck From", DuckFrom::Dry),
        }
    }
}

/// How the room moves.
#[derive(Params)]
pub struct MovementParams {
    /// How much the tail moves within itself, in per cent.
    #[id = "motion"]
    pub motion: FloatParam,
    /// How far the dream's clock wanders, in per cent.
    #[id = "drift"]
    pub drift: FloatParam,
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

impl Default for MovementParams {
    fn default() -> Self {
        Self {
            motion: params::percent("Motion", 35.0, 100.0),
            drift: params::percent("Drift", 25.0, 100.0),
            seed: params::seed(),
            sync: params::sync(Sync::Time),
            start: params::start(),
        }
    }
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

impl Default for OutParams {
    fn default() -> Self {
        Self {
            width: params::percent("Width", 100.0, 150.0),
            mix: params::percent("Mix", 30.0, 100.0),
            output: params::output(),
            bypass: params::bypass(),
        }
    }
}
