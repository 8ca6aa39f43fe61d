//! Which machine plays the tape, and how it is aligned.

use green_ring_shell::{params, text};
use nice_plug::prelude::*;

use crate::engine;

/// Which machine plays the tape, and how it is aligned.
#[derive(Params)]
pub struct MachineParams {
    /// Heads, tape and electronics.
    #[id = "mach"]
    pub machine: EnumParam<Machine>,
    /// Speed of the tape.
    #[id = "speed"]
    pub speed: EnumParam<Speed>,
    /// The standard of recording and replay.
    #[id = "eq"]
    pub equalisation: EnumParam<Equalisation>,
    /// Share of the replay head's bass contour in per cent.
    #[id = "bump"]
    pub head_bump: FloatParam,
    /// Angle of the replay head in minutes of arc.
    #[id = "azim"]
    pub azimuth: FloatParam,
    /// Each channel in the other, in dB.
    #[id = "xtalk"]
    pub crosstalk: FloatParam,
}

/// Heads, tape and electronics.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    /// A quarter-inch studio recorder.
    #[id = "studio"]
    Studio,
    /// A reel-to-reel recorder for the home.
    #[id = "home"]
    Domestic,
    /// A cassette deck.
    #[id = "cass"]
    Cassette,
    /// A pocket recorder for speech.
    #[id = "dict"]
    Dictaphone,
}

/// Speed of the tape.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speed {
    /// 30 inches a second.
    #[id = "30"]
    #[name = "30 ips"]
    Thirty,
    /// 15 inches a second.
    #[id = "15"]
    #[name = "15 ips"]
    Fifteen,
    /// 7.5 inches a second.
    #[id = "7.5"]
    #[name = "7.5 ips"]
    SevenAndAHalf,
    /// 3.75 inches a second.
    #[id = "3.75"]
    #[name = "3.75 ips"]
    ThreeAndThreeQuarters,
    /// 1.875 inches a second.
    #[id = "1.875"]
    #[name = "1.875 ips"]
    OneAndSevenEighths,
}

/// The standard of recording and replay.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Equalisation {
    /// IEC, at 30 ips AES.
    #[id = "iec"]
    #[name = "IEC"]
    Iec,
    /// NAB.
    #[id = "nab"]
    #[name = "NAB"]
    Nab,
}

impl Default for MachineParams {
    fn default() -> Self {
        Self {
            machine: EnumParam::new("Machine", Machine::Domestic),
            speed: EnumParam::new("Speed", Speed::SevenAndAHalf),
            equalisation: EnumParam::new("Equalisation", Equalisation::Iec),
            head_bump: params::percent("Head Bump", 50.0, 100.0),
            azimuth: params::build(
                "Azimuth",
                0.0,
                FloatRange::Skewed { min: 0.0, max: 60.0, factor: 0.5 },
                " arcmin",
                ANGLES,
            ),
            crosstalk: params::decibels_or_off("Crosstalk", -60.0, -60.0, -20.0),
        }
    }
}

/// Angles; the kind's own unit is the minute of arc.
const ANGLES: &[text::Suffix] = &[("arcmin", 1.0), ("'", 1.0), ("deg", 60.0)];

impl Speed {
    /// Inches a second.
    pub fn ips(self) -> f32 {
        match self {
            Self::Thirty => 30.0,
            Self::Fifteen => 15.0,
            Self::SevenAndAHalf => 7.5,
            Self::ThreeAndThreeQuarters => 3.75,
            Self::OneAndSevenEighths => 1.875,
        }
    }
}

impl From<Machine> for engine::Machine {
    fn from(machine: Machine) -> Self {
        match machine {
            Machine::Studio => Self::Studio,
            Machine::Domestic => Self::Domestic,
            Machine::Cassette => Self::Cassette,
            Machine::Dictaphone => Self::Dictaphone,
        }
    }
}

impl From<Equalisation> for engine::Equalisation {
    fn from(equalisation: Equalisation) -> Self {
        match equalisation {
            Equalisation::Iec => Self::Iec,
            Equalisation::Nab => Self::Nab,
        }
    }
}
