//! A continuous layer, not a chance: it rises for ever.

use green_ring_shell::params;
use nice_plug::prelude::*;

/// Which way it goes.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It quickens for ever.
    #[id = "up"]
    Up,
    /// It slows down for ever.
    #[id = "down"]
    Down,
}

/// What becomes of the pitch.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pitch {
    /// It goes with the rhythm.
    #[id = "rises"]
    Rises,
    /// It stays.
    #[id = "kept"]
    Kept,
}

/// A continuous layer, not a chance: it rises for ever.
#[derive(Params)]
pub struct RiseParams {
    /// Level of the layer, in per cent; at 100 % it is as loud as what it is made of.
    #[id = "rise"]
    pub rise: FloatParam,
    /// How long it takes to quicken by an octave, in bars.
    #[id = "rcycle"]
    pub cycle: FloatParam,
    /// Which way it goes.
    #[id = "rdir"]
    pub direction: EnumParam<Direction>,
    /// What becomes of the pitch.
    #[id = "rpitch"]
    pub pitch: EnumParam<Pitch>,
}

impl Default for RiseParams {
    fn default() -> Self {
        Self {
            rise: params::percent("Rise", 0.0, 100.0),
            cycle: params::bars("Rise Cycle", 32.0, 4.0, 128.0),
            direction: EnumParam::new("Rise Direction", Direction::Up),
            pitch: EnumParam::new("Rise Pitch", Pitch::Rises),
        }
    }
}
