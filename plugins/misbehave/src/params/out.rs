//! What goes out.

use green_ring_shell::params;
use nice_plug::prelude::*;

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

impl Default for OutParams {
    fn default() -> Self {
        Self { mix: params::percent("Mix", 100.0, 100.0), output: params::output(), bypass: params::bypass() }
    }
}
