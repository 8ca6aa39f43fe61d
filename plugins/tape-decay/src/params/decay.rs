//! How worn the tape is.

use green_ring_shell::{params, text};
use nice_plug::prelude::*;

use crate::engine;

/// How worn the tape is.
#[derive(Params)]
pub struct DecayParams {
    /// The one macro, from new to ruined: adds to everything that wears.
    #[id = "wear"]
    pub wear: FloatParam,
    /// Where the number of the pass comes from.
    #[id = "pmode"]
    pub pass_mode: EnumParam<PassMode>,
    /// Passes that the tape has behind it, in manual mode.
    #[id = "passes"]
    pub passes: FloatParam,
    /// What the oxide map lies on.
    #[id = "map"]
    pub map: EnumParam<Map>,
    /// Length of a pass in bars of four quarter notes, where Sync is Beats.
    #[id = "pbars"]
    pub pass_length_bars: FloatParam,
    /// Length of a pass in seconds, where Sync is Time.
    #[id = "psecs"]
    pub pass_length: FloatParam,
    /// Passes' worth of oxide that each pass of the song sheds.
    #[id = "shed"]
    pub shed_rate: FloatParam,
    /// How often and how badly the tape leaves the head.
    #[id = "drop"]
    pub dropouts: FloatParam,
    /// Distance of the tape from the head in micrometres.
    #[id = "space"]
    pub spacing: FloatParam,
}

/// Where the number of the pass comes from.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassMode {
    /// From the dial.
    #[id = "manual"]
    Manual,
    /// From the song position.
    #[id = "song"]
    Song,
}

/// What the oxide map lies on.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Map {
    /// A tape as long as the song.
    #[id = "whole"]
    #[name = "Whole Tape"]
    WholeTape,
    /// A loop of one pass length.
    #[id = "loop"]
    Loop,
}

impl Default for DecayParams {
    fn default() -> Self {
        Self {
            wear: params::percent("Wear", 0.0, 100.0),
            pass_mode: EnumParam::new("Pass Mode", PassMode::Manual),
            passes: params::linear("Passes", 0.0, 0.0, 400.0, "", PASSES),
            map: EnumParam::new("Map", Map::WholeTape),
            pass_length_bars: params::bars("Pass Length (Bars)", 8.0, 0.25, 64.0),
            pass_length: params::seconds("Pass Length (Time)", 10.0, 1.0, 120.0),
            shed_rate: params::build("Shed Rate", 1.0, params::geometric(0.1, 10.0), "", PASSES),
            dropouts: params::percent("Dropouts", 0.0, 100.0),
            spacing: params::build(
                "Spacing",
                0.0,
                FloatRange::Skewed { min: 0.0, max: 30.0, factor: 0.5 },
                " um",
                MICROMETRES,
            ),
        }
    }
}

/// A bare number.
const PASSES: &[text::Suffix] = &[("passes", 1.0), ("x", 1.0)];
/// Lengths; the kind's own unit is the micrometre.
const MICROMETRES: &[text::Suffix] = &[("um", 1.0), ("\u{b5}m", 1.0), ("nm", 1e-3)];

impl From<PassMode> for engine::PassMode {
    fn from(mode: PassMode) -> Self {
        match mode {
            PassMode::Manual => Self::Manual,
            PassMode::Song => Self::Song,
        }
    }
}

impl From<Map> for engine::Map {
    fn from(map: Map) -> Self {
        match map {
            Map::WholeTape => Self::WholeTape,
            Map::Loop => Self::Loop,
        }
    }
}
