//! The parameters, in signal order, and the one place where they become [`Settings`].

use std::sync::Arc;

use green_ring_editor::WindowSize;
use green_ring_shell::{params, text};
use nice_plug::prelude::*;

use crate::engine::{self, Settings};

/// All parameters.
#[derive(Params)]
pub struct TapeDecayParams {
    /// Level, drive and colour of the tape.
    #[nested(group = "Tape")]
    pub tape: TapeParams,
    /// How unevenly the tape runs.
    #[nested(group = "Transport")]
    pub transport: TransportParams,
    /// What leaves the machine.
    #[nested(group = "Output")]
    pub output: OutputParams,
    /// Size of the editor's window.
    #[persist = "window"]
    pub window: Arc<WindowSize>,
}

/// Level, drive and colour of the tape.
#[derive(Params)]
pub struct TapeParams {
    /// Level in dBFS rms of the sine that is 0 VU on tape: lower bends more.
    #[id = "level"]
    pub operating_level: FloatParam,
    /// Gain in dB onto the tape; loudness is held.
    #[id = "drive"]
    pub drive: FloatParam,
    /// Second harmonic in per cent of the third, at operating level.
    #[id = "even"]
    pub even_harmonics: FloatParam,
    /// Oversampling of the tape's curve.
    #[id = "qual"]
    pub quality: EnumParam<Quality>,
}

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

/// What leaves the machine.
#[derive(Params)]
pub struct OutputParams {
    /// Level of the side signal in per cent: 0 is mono.
    #[id = "width"]
    pub width: FloatParam,
    /// Share of the machine's sound in per cent; the rest is the input, as late.
    #[id = "mix"]
    pub mix: FloatParam,
    /// Gain in dB behind everything.
    #[id = "out"]
    pub output: FloatParam,
    /// The host's bypass: the input, delayed by the told latency.
    #[id = "bypass"]
    pub bypass: BoolParam,
}

/// Oversampling of the tape's curve.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// Twice the sample rate.
    #[id = "2x"]
    #[name = "2x"]
    Two,
    /// Four times the sample rate.
    #[id = "4x"]
    #[name = "4x"]
    Four,
    /// Eight times the sample rate.
    #[id = "8x"]
    #[name = "8x"]
    Eight,
}

impl Default for TapeDecayParams {
    fn default() -> Self {
        Self {
            tape: TapeParams {
                operating_level: params::linear("Operating Level", -18.0, -24.0, -9.0, " dBFS", text::DECIBELS),
                drive: params::decibels("Drive", 4.0, -12.0, 24.0),
                even_harmonics: params::percent("Even Harmonics", 50.0, 120.0),
                quality: EnumParam::new("Quality", Quality::Four),
            },
            transport: TransportParams {
                wow: deviation("Wow", 0.08, 3.0),
                wow_rate: params::hertz("Wow Rate", 1.0, 0.2, 4.0),
                flutter: deviation("Flutter", 0.06, 2.0),
                flutter_rate: params::hertz("Flutter Rate", 9.0, 4.0, 60.0),
                scrape: deviation("Scrape", 0.0, 1.0),
                seed: params::seed(),
                sync: params::sync(params::Sync::Beats),
                start: params::start(),
            },
            output: OutputParams {
                width: params::percent("Width", 100.0, 200.0),
                mix: params::percent("Mix", 100.0, 100.0),
                output: params::output(),
                bypass: params::bypass(),
            },
            window: Arc::default(),
        }
    }
}

/// A deviation of speed in per cent. Half of the dial is for the tenth of its range in which healthy machines live.
fn deviation(name: &str, default: f32, max: f32) -> FloatParam {
    params::build(name, default, FloatRange::Skewed { min: 0.0, max, factor: 0.3 }, " %", text::PERCENT)
}

impl TapeDecayParams {
    /// The settings that the parameters stand for.
    pub fn settings(&self) -> Settings {
        let Self { tape, transport, output, .. } = self;
        Settings {
            operating_level_db: tape.operating_level.value(),
            drive_db: tape.drive.value(),
            even_harmonics: share(&tape.even_harmonics),
            wow: share(&transport.wow),
            wow_rate_hz: transport.wow_rate.value(),
            flutter: share(&transport.flutter),
            flutter_rate_hz: transport.flutter_rate.value(),
            scrape: share(&transport.scrape),
            width: share(&output.width),
            quality: match tape.quality.value() {
                Quality::Two => engine::Quality::Two,
                Quality::Four => engine::Quality::Four,
                Quality::Eight => engine::Quality::Eight,
            },
            seed: transport.seed.value() as u32,
            sync: match transport.sync.value() {
                params::Sync::Beats => engine::Sync::Beats,
                params::Sync::Time => engine::Sync::Time,
            },
            start: params::start_value(&transport.start),
            mix: share(&output.mix),
            output_db: output.output.value(),
            bypass: output.bypass.value(),
        }
    }
}

/// Per cent as a share.
fn share(param: &FloatParam) -> f32 {
    param.value() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_defaults_are_the_parameters_defaults() {
        assert_eq!(TapeDecayParams::default().settings(), Settings::default());
    }

    #[test]
    fn a_healthy_machine_lies_in_the_lower_half_of_the_wow_dial() {
        let wow = deviation("Wow", 0.08, 3.0);
        assert!((0.2..0.4).contains(&wow.preview_plain(0.5)));
    }
}
