//! The dream: how far it is, and what it is made of.

use std::sync::Arc;

use green_ring_shell::{params, text};
use nice_plug::prelude::*;

/// Lengths of a backward segment, where Sync is Beats. A bar has four quarter notes.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names that players see say it")]
pub enum ReverseLength {
    #[id = "8"]
    #[name = "1/8"]
    Eighth,
    #[id = "4"]
    #[name = "1/4"]
    Quarter,
    #[id = "2"]
    #[name = "1/2"]
    Half,
    #[id = "2d"]
    #[name = "1/2 D"]
    HalfDotted,
    #[id = "1bar"]
    #[name = "1 bar"]
    Bar,
    #[id = "2bars"]
    #[name = "2 bars"]
    TwoBars,
    #[id = "4bars"]
    #[name = "4 bars"]
    FourBars,
}

impl ReverseLength {
    /// Its length in quarter notes.
    pub fn quarters(self) -> f64 {
        match self {
            Self::Eighth => 0.5,
            Self::Quarter => 1.0,
            Self::Half => 2.0,
            Self::HalfDotted => 3.0,
            Self::Bar => 4.0,
            Self::TwoBars => 8.0,
            Self::FourBars => 16.0,
        }
    }
}

/// How far the dream is, and what Dream 100 % brings.
#[derive(Params)]
pub struct DreamParams {
    /// From the room (0) to the dream (100 %).
    #[id = "dream"]
    pub dream: FloatParam,
    /// Decay at Dream 100 %, in seconds.
    #[id = "drdec"]
    pub decay: FloatParam,
    /// How slowly the tail builds instead of striking, in per cent.
    #[id = "swell"]
    pub swell: FloatParam,
    /// How much of the tail comes back at another pitch, in per cent.
    #[id = "shim"]
    pub shimmer: FloatParam,
    /// That pitch, in cents.
    #[id = "shimct"]
    pub shimmer_pitch: FloatParam,
    /// How much is the past played backwards, in per cent.
    #[id = "rev"]
    pub reverse: FloatParam,
    /// Length of a backward segment where Sync is Beats.
    #[id = "revlen"]
    pub reverse_length: EnumParam<ReverseLength>,
    /// Length of a backward segment where Sync is Time, in seconds.
    #[id = "revtim"]
    pub reverse_time: FloatParam,
    /// How much is grains of the past, in per cent.
    #[id = "grains"]
    pub grains: FloatParam,
    /// Length of a grain, in milliseconds.
    #[id = "grsize"]
    pub grain_size: FloatParam,
    /// How far grains are spread in time, place and level, in per cent.
    #[id = "grspr"]
    pub grain_spray: FloatParam,
    /// How much of the tail sings, in per cent.
    #[id = "choir"]
    pub choir: FloatParam,
    /// What it sings: A, E, I, O, U, or between two of them.
    #[id = "vowel"]
    pub vowel: FloatParam,
    /// How much is a low voice that holds on to what the tail held, in per cent.
    #[id = "drone"]
    pub drone: FloatParam,
}

impl Default for DreamParams {
    fn default() -> Self {
        let size = params::geometric(20.0, 1_000.0);
        Self {
            dream: params::percent("Dream", 0.0, 100.0),
            decay: params::seconds("Dream Decay", 9.0, 0.5, 60.0),
            swell: params::percent("Swell", 35.0, 100.0),
            shimmer: params::percent("Shimmer", 0.0, 100.0),
            shimmer_pitch: params::linear("Shimmer Pitch", 1_200.0, -2_400.0, 2_400.0, " ct", CENTS),
            reverse: params::percent("Reverse", 30.0, 100.0),
            reverse_length: EnumParam::new("Reverse Length", ReverseLength::Bar),
            reverse_time: params::seconds("Reverse Time", 2.0, 0.2, 12.0),
            grains: params::percent("Grains", 35.0, 100.0),
            grain_size: params::build("Grain Size", 180.0, size, " ms", text::MILLISECONDS),
            grain_spray: params::percent("Grain Spray", 30.0, 100.0),
            choir: params::percent("Choir", 0.0, 100.0),
            vowel: vowel(),
            drone: params::percent("Drone", 0.0, 100.0),
        }
    }
}

/// Units of pitch; the kind's own unit is the cent.
const CENTS: &[text::Suffix] = &[("ct", 1.0), ("cents", 1.0), ("cent", 1.0), ("st", 100.0), ("oct", 1_200.0)];

/// The vowels in their order.
const VOWELS: &str = "AEIOU";

/// A way through the five vowels. Shown as the vowel that is left and how far it is to the next: "A" or "A+0.25".
fn vowel() -> FloatParam {
    FloatParam::new("Vowel", 0.0, FloatRange::Linear { min: 0.0, max: 4.0 })
        .with_value_to_string(Arc::new(|x| {
            let hundredths = (x * 100.0).round() as usize;
            let letter = &VOWELS[hundredths / 100..][..1];
            match hundredths % 100 {
                0 => letter.into(),
                rest => format!("{letter}+0.{rest:02}"),
            }
        }))
        .with_string_to_value(Arc::new(read_vowel))
}

/// What a vowel's text means; a bare number from 0 to 4 will do as well.
fn read_vowel(text: &str) -> Option<f32> {
    let text = text.trim().to_ascii_uppercase();
    let letter = text.chars().next().and_then(|first| VOWELS.find(first));
    let rest = if letter.is_some() { text[1..].trim().trim_start_matches('+') } else { &text[..] };
    let beyond = if letter.is_some() && rest.is_empty() { 0.0 } else { rest.parse::<f32>().ok()? };
    Some(letter.unwrap_or(0) as f32 + beyond).filter(|x| x.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vowels_read_as_they_are_shown() {
        let vowel = vowel();
        for (text, plain) in [("A", 0.0), ("e", 1.0), ("I+0.25", 2.25), ("U", 4.0), ("1.5", 1.5)] {
            let read = vowel.preview_plain(vowel.string_to_normalized_value(text).unwrap());
            assert!((read - plain).abs() < 1e-5, "{text}: {read}");
        }
        assert_eq!(vowel.normalized_value_to_string(vowel.preview_normalized(2.25), true), "I+0.25");
        assert_eq!(vowel.string_to_normalized_value("x"), None);
    }
}
