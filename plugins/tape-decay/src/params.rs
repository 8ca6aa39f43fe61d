//! The parameters, in signal order, and the one place where they become [`Settings`].

pub mod decay;
pub mod machine;
pub mod tape;
pub mod transport;

use std::sync::Arc;

use green_ring_editor::WindowSize;
use green_ring_shell::{Shelf, params};
use nice_plug::prelude::*;

use crate::engine::{self, Settings};
use decay::DecayParams;
use machine::MachineParams;
use tape::TapeParams;
use transport::TransportParams;

/// All parameters.
#[derive(Default, Params)]
pub struct TapeDecayParams {
    /// How worn the tape is.
    #[nested(group = "Decay")]
    pub decay: DecayParams,
    /// Level, drive and colour of the tape.
    #[nested(group = "Tape")]
    pub tape: TapeParams,
    /// Which machine plays the tape, and how it is aligned.
    #[nested(group = "Machine")]
    pub machine: MachineParams,
    /// How unevenly the tape runs.
    #[nested(group = "Transport")]
    pub transport: TransportParams,
    /// What leaves the machine.
    #[nested(group = "Output")]
    pub output: OutputParams,
    /// Size of the editor's window.
    #[persist = "window"]
    pub window: Arc<WindowSize>,
    /// Locks, the chosen preset, A and B.
    #[persist = "shelf"]
    pub shelf: Arc<Shelf>,
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

impl Default for OutputParams {
    fn default() -> Self {
        Self {
            width: params::percent("Width", 100.0, 200.0),
            mix: params::percent("Mix", 100.0, 100.0),
            output: params::output(),
            bypass: params::bypass(),
        }
    }
}

impl TapeDecayParams {
    /// The settings that the parameters stand for while the host plays.
    pub fn settings(&self) -> Settings {
        self.settings_for(false)
    }

    /// The settings that the parameters stand for, `offline` or while the host plays.
    pub fn settings_for(&self, offline: bool) -> Settings {
        let Self { decay, tape, machine, transport, output, .. } = self;
        Settings {
            wear: share(&decay.wear),
            pass_mode: decay.pass_mode.value().into(),
            passes: decay.passes.value(),
            map: decay.map.value().into(),
            pass_length_bars: decay.pass_length_bars.value(),
            pass_length_s: decay.pass_length.value(),
            shed_rate: decay.shed_rate.value(),
            dropouts: share(&decay.dropouts),
            spacing_um: decay.spacing.value(),
            operating_level_db: tape.operating_level.value(),
            drive_db: tape.drive.value(),
            bias_db: tape.bias.value(),
            hysteresis: share(&tape.hysteresis),
            even_harmonics: share(&tape.even_harmonics),
            hiss_db: or_silence(&tape.hiss),
            modulation_noise: share(&tape.modulation_noise),
            print_through_db: or_silence(&tape.print_through),
            quality: tape.quality(offline),
            machine: machine.machine.value().into(),
            speed_ips: machine.speed.value().ips(),
            equalisation: machine.equalisation.value().into(),
            head_bump: share(&machine.head_bump),
            azimuth_arcmin: machine.azimuth.value(),
            crosstalk_db: or_silence(&machine.crosstalk),
            wow: share(&transport.wow),
            wow_rate_hz: transport.wow_rate.value(),
            flutter: share(&transport.flutter),
            flutter_rate_hz: transport.flutter_rate.value(),
            scrape: share(&transport.scrape),
            tape_stop: transport.tape_stop.value(),
            stop_time_s: transport.stop_time.value(),
            seed: transport.seed.value() as u32,
            sync: match transport.sync.value() {
                params::Sync::Beats => engine::Sync::Beats,
                params::Sync::Time => engine::Sync::Time,
            },
            start: params::start_value(&transport.start),
            width: share(&output.width),
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

/// Decibels of which the dial's lowest value means none.
fn or_silence(param: &FloatParam) -> f32 {
    if param.value() <= param.preview_plain(0.0) { f32::NEG_INFINITY } else { param.value() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_defaults_are_the_parameters_defaults() {
        assert_eq!(TapeDecayParams::default().settings(), Settings::default());
    }
}
