//! The room: its shape, how its sound dies, and what enters it.

use green_ring_shell::params;
use nice_plug::prelude::*;

use super::share_of;

/// The lowest value of Early, which means none at all.
const EARLY_OFF_DB: f32 = -60.0;

/// Note values of the pre-delay. D is dotted, T is a triplet.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names that players see say it")]
pub enum PreDelaySync {
    #[id = "free"]
    Free,
    #[id = "64"]
    #[name = "1/64"]
    SixtyFourth,
    #[id = "32"]
    #[name = "1/32"]
    ThirtySecond,
    #[id = "16t"]
    #[name = "1/16 T"]
    SixteenthTriplet,
    #[id = "16"]
    #[name = "1/16"]
    Sixteenth,
    #[id = "16d"]
    #[name = "1/16 D"]
    SixteenthDotted,
    #[id = "8t"]
    #[name = "1/8 T"]
    EighthTriplet,
    #[id = "8"]
    #[name = "1/8"]
    Eighth,
    #[id = "8d"]
    #[name = "1/8 D"]
    EighthDotted,
    #[id = "4"]
    #[name = "1/4"]
    Quarter,
}

impl PreDelaySync {
    /// Its length in quarter notes; none where Pre-Delay is free.
    pub fn quarters(self) -> Option<f64> {
        Some(match self {
            Self::Free => return None,
            Self::SixtyFourth => 1.0 / 16.0,
            Self::ThirtySecond => 1.0 / 8.0,
            Self::SixteenthTriplet => 1.0 / 6.0,
            Self::Sixteenth => 1.0 / 4.0,
            Self::SixteenthDotted => 3.0 / 8.0,
            Self::EighthTriplet => 1.0 / 3.0,
            Self::Eighth => 1.0 / 2.0,
            Self::EighthDotted => 3.0 / 4.0,
            Self::Quarter => 1.0,
        })
    }
}

/// The room's shape.
#[derive(Params)]
pub struct RoomParams {
    /// Length of the room in metres: spacing of its echoes. Moves without a change of pitch.
    #[id = "size"]
    pub size: FloatParam,
    /// Size moves with a change of pitch.
    #[id = "glide"]
    pub glide: BoolParam,
    /// Silence before the room answers, in milliseconds.
    #[id = "pre"]
    pub pre_delay: FloatParam,
    /// The same as a note value, in place of Pre-Delay; up to a second.
    #[id = "presyn"]
    pub pre_delay_sync: EnumParam<PreDelaySync>,
    /// Level of the early reflections, in decibels.
    #[id = "early"]
    pub early: FloatParam,
    /// How far an onset is spread before it enters the tail, in per cent.
    #[id = "diff"]
    pub diffusion: FloatParam,
}

impl Default for RoomParams {
    fn default() -> Self {
        Self {
            size: params::metres("Size", 14.0, 2.0, 60.0),
            glide: params::switch("Glide", false),
            pre_delay: params::milliseconds("Pre-Delay", 12.0, 500.0),
            pre_delay_sync: EnumParam::new("Pre-Delay Sync", PreDelaySync::Free),
            early: params::decibels_or_silence("Early", 0.0, EARLY_OFF_DB, 6.0),
            diffusion: params::percent("Diffusion", 70.0, 100.0),
        }
    }
}

impl RoomParams {
    /// Level of the early reflections; minus infinity at the lowest value.
    pub fn early_db(&self) -> f32 {
        let early_db = self.early.value();
        if early_db <= EARLY_OFF_DB { f32::NEG_INFINITY } else { early_db }
    }
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
}

impl Default for TailParams {
    fn default() -> Self {
        Self {
            decay: params::seconds("Decay", 1.1, 0.05, 20.0),
            low_decay: share_of("Low Decay", 110.0, 25.0, 200.0),
            low_crossover: params::hertz("Low Crossover", 250.0, 80.0, 800.0),
            high_decay: share_of("High Decay", 55.0, 10.0, 100.0),
            high_crossover: params::hertz("High Crossover", 4_000.0, 1_500.0, 12_000.0),
        }
    }
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

impl Default for ToneParams {
    fn default() -> Self {
        Self {
            low_cut: params::hertz("Low Cut", 80.0, 20.0, 1_000.0),
            high_cut: params::hertz("High Cut", 12_000.0, 1_000.0, 20_000.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_early_is_silence() {
        let lowest = RoomParams::default().early.preview_plain(0.0);
        assert!(lowest <= EARLY_OFF_DB);
    }
}
