//! What meters show.

use super::State;

/// What the engine hears and does, for meters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Whether anything at all arrives on the key.
    pub key: bool,
    /// Probability of speech, 0..1.
    pub probability: f32,
    /// Loudness of the speech heard in the last 10 s, in LUFS, before Key Trim; none if there was none.
    pub dialogue_lufs: Option<f32>,
    /// Loudness of the incoming bed over 400 ms, in LUFS, before Bed Trim.
    pub bed_lufs: f32,
    /// How far the bed must yield under speech, in dB.
    pub depth_db: f32,
    /// Gain of the bed now, in dB, never above 0.
    pub gain_db: f32,
    /// What the bed is doing.
    pub state: State,
}

impl Reading {
    /// Before anything has been heard.
    pub(super) const SILENT: Self = Self {
        key: false,
        probability: 0.0,
        dialogue_lufs: None,
        bed_lufs: f32::NEG_INFINITY,
        depth_db: 0.0,
        gain_db: 0.0,
        state: State::Resting,
    };
}
