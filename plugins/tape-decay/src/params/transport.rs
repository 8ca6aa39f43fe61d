//! How unevenly the tape runs, and where.

use green_ring_shell::{params, text};
use nice_plug::prelude::*;

/// How unevenly the tape runs.
#[derive(Params)]
pub struct TransportParams {
    /// Slow wander of pitch, in weighted per cent (AES6-2008).
    #[id = "wow"]
    pub wow: FloatParam,
    /// Turning rate behind the wow in Hz.
    #[id = "wrate"]
    pub wow_rate: FloatParam,
    /// Fast wander of pitch, in weighted per cent (AES6-2008).
    #[id = "flut"]
    pub flutter: FloatParam,
    /// Turning rate behind the flutter in Hz.
    #[id = "frate"]
    pub flutter_rate: FloatParam,
    /// Roughness of tape that rubs over the heads, in unweighted per cent of speed.
    #[id = "scrape"]
    pub scrape: FloatParam,
    /// The transport is braked; released, it spins up and rejoins the present.
    #[id = "stop"]
    pub tape_stop: BoolParam,
    /// Seconds from full speed to standstill, and back.
    #[id = "stopt"]
    pub stop_time: FloatParam,
    /// Which machine this is: the same seed at the same place wavers the same way.
    #[id = "seed"]
    pub seed: IntParam,
    /// Whether Start is in quarter notes or in seconds.
    #[id = "sync"]
    pub sync: EnumParam<params::Sync>,
    /// Where the machine's clock reads zero.
    #[id = "start"]
    pub start: FloatParam,
}

impl Default for TransportParams {
    fn default() -> Self {
        Self {
            wow: deviation("Wow", 0.08, 3.0),
            wow_rate: params::hertz("Wow Rate", 1.0, 0.2, 4.0),
            flutter: deviation("Flutter", 0.06, 2.0),
            flutter_rate: params::hertz("Flutter Rate", 9.0, 4.0, 60.0),
            scrape: deviation("Scrape", 0.0, 1.0),
            tape_stop: params::switch("Tape Stop", false),
            stop_time: params::seconds("Stop Time", 1.2, 0.1, 10.0),
            seed: params::seed(),
            sync: params::sync(params::Sync::Beats),
            start: params::start(),
        }
    }
}

/// A deviation of speed in per cent. Half of the dial is for the tenth of its range in which healthy machines live.
fn deviation(name: &str, default: f32, max: f32) -> FloatParam {
    params::build(name, default, FloatRange::Skewed { min: 0.0, max, factor: 0.3 }, " %", text::PERCENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_healthy_machine_lies_in_the_lower_half_of_the_wow_dial() {
        let wow = deviation("Wow", 0.08, 3.0);
        assert!((0.2..0.4).contains(&wow.preview_plain(0.5)));
    }
}
