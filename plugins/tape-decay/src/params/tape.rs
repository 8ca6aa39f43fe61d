//! Level, drive and colour of the tape.

use green_ring_shell::{params, text};
use nice_plug::prelude::*;

use crate::engine;

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
    /// Bias in dB re what the tape asks for: more costs treble, less bends sooner.
    #[id = "bias"]
    pub bias: FloatParam,
    /// How much of the magnetisation stays behind the field.
    #[id = "hyst"]
    pub hysteresis: FloatParam,
    /// Hiss in dB, A-weighted, re the level of 3 % third harmonic.
    #[id = "hiss"]
    pub hiss: FloatParam,
    /// Noise that follows the signal.
    #[id = "modn"]
    pub modulation_noise: FloatParam,
    /// What the next layer on the reel prints, in dB.
    #[id = "print"]
    pub print_through: FloatParam,
    /// Oversampling of the tape's curve.
    #[id = "qual"]
    pub quality: EnumParam<Quality>,
    /// Oversampling while the host renders offline.
    #[id = "offq"]
    pub offline_quality: EnumParam<OfflineQuality>,
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

/// Oversampling while the host renders offline.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfflineQuality {
    /// That of Quality: the bounce is the playback.
    #[id = "same"]
    Same,
    /// Sixteen times the sample rate.
    #[id = "16x"]
    #[name = "16x"]
    Sixteen,
}

impl Default for TapeParams {
    fn default() -> Self {
        Self {
            operating_level: params::linear("Operating Level", -18.0, -24.0, -9.0, " dBFS", text::DECIBELS),
            drive: params::decibels("Drive", 4.0, -12.0, 24.0),
            bias: params::decibels("Bias", 0.0, -4.0, 8.0),
            hysteresis: params::percent("Hysteresis", 20.0, 100.0),
            even_harmonics: params::percent("Even Harmonics", 50.0, 120.0),
            hiss: params::decibels_or_off("Hiss", -90.0, -90.0, -30.0),
            modulation_noise: params::percent("Modulation Noise", 20.0, 100.0),
            print_through: params::decibels_or_off("Print-Through", -70.0, -70.0, -45.0),
            quality: EnumParam::new("Quality", Quality::Four),
            // A change between playback and bounce is nothing to draw a curve for.
            offline_quality: EnumParam::new("Offline Quality", OfflineQuality::Same).non_automatable(),
        }
    }
}

impl TapeParams {
    /// The oversampling to use, `offline` or not.
    pub fn quality(&self, offline: bool) -> engine::Quality {
        match (self.quality.value(), self.offline_quality.value()) {
            (_, OfflineQuality::Sixteen) if offline => engine::Quality::Sixteen,
            (Quality::Two, _) => engine::Quality::Two,
            (Quality::Four, _) => engine::Quality::Four,
            (Quality::Eight, _) => engine::Quality::Eight,
        }
    }
}
