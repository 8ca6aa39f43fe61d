//! What meters show.

use std::fmt;

use super::State;
use super::bands::{BANDS, Bands};
use super::ear::FRAME_S;
use green_ring_dsp::loudness::lufs;

/// What the engine hears and does, for meters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Whether anything at all arrives on the key.
    pub key: bool,
    /// Probability of speech, 0..1.
    pub probability: f32,
    /// Loudness of the speech heard in the last 10 s, in LUFS, before Key Trim; none if there was none.
    pub dialogue_lufs: Option<f32>,
    /// All speech since the engine was made, before Key Trim: the sum of the K-weighted powers of its frames of
    /// [`FRAME_S`], and its length in seconds. Only differences count.
    pub spoken: (f64, f64),
    /// Loudness of the incoming bed over 400 ms, in LUFS, before Bed Trim.
    pub bed_lufs: f32,
    /// How far the bed must yield evenly under speech, in dB.
    pub depth_db: f32,
    /// Even gain of the bed now, in dB, never above 0.
    pub gain_db: f32,
    /// Gain of each third-octave band from 160 Hz to 8 kHz now, in dB, the even gain included.
    pub bands_db: Bands,
    /// What the bed is doing.
    pub state: State,
}

impl Reading {
    /// Before anything has been heard.
    pub(super) const SILENT: Self = Self {
        key: false,
        probability: 0.0,
        dialogue_lufs: None,
        spoken: (0.0, 0.0),
        bed_lufs: f32::NEG_INFINITY,
        depth_db: 0.0,
        gain_db: 0.0,
        bands_db: [0.0; BANDS],
        state: State::Resting,
    };

    /// Loudness of the speech heard since `before`, a reading of the same engine, in LUFS, and its length in seconds.
    pub fn spoken_since(&self, before: &Self) -> (f32, f32) {
        let (energy, seconds) = (self.spoken.0 - before.spoken.0, self.spoken.1 - before.spoken.1);
        (lufs(energy * FRAME_S / seconds.max(FRAME_S)) as f32, seconds as f32)
    }

    /// How far the dialogue stands above the incoming bed, in LU, under these trims in dB: what Target asks for.
    pub fn difference_lu(&self, key_trim_db: f32, bed_trim_db: f32) -> Option<f32> {
        self.dialogue_lufs.map(|lufs| lufs + key_trim_db - self.bed_lufs - bed_trim_db)
    }
}

/// The state in words, as meters show it: "holding 0.4 s".
impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.state {
            State::Holding(seconds) => write!(f, "holding {seconds:.1} s"),
            State::Yielding => f.write_str("yielding"),
            State::NotMasking => f.write_str("not masking"),
            State::PulledOut => f.write_str("pulled out"),
            State::Returning => f.write_str("returning"),
            State::Resting if !self.key => f.write_str("no dialogue on the key"),
            State::Resting => f.write_str("listening"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_told_in_words() {
        let words = |state, key| Reading { state, key, ..Reading::SILENT }.to_string();
        assert_eq!(words(State::Holding(0.42), true), "holding 0.4 s");
        assert_eq!(words(State::NotMasking, true), "not masking");
        assert_eq!(words(State::Resting, false), "no dialogue on the key");
    }

    #[test]
    fn the_difference_counts_the_faders() {
        let reading = Reading { dialogue_lufs: Some(-27.0), bed_lufs: -24.0, ..Reading::SILENT };
        assert_eq!(reading.difference_lu(3.0, -6.0), Some(6.0));
    }
}
