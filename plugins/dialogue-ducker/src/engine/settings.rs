//! What a player sets, in the units that are computed with.

/// How the engine learns that somebody speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detector {
    /// It listens for speech on the key.
    Speech,
    /// Any sound on the key that stands out of its noise floor counts.
    Level,
    /// It does not listen: Manual Duck says how far the bed yields.
    Manual,
}

/// How far ahead of the bed the key is heard. The bed is delayed by as much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookAhead {
    /// No delay, for live use: the bed yields a moment after the first syllable.
    None,
    /// 60 ms.
    Short,
    /// 120 ms.
    Medium,
    /// 200 ms: the bed has yielded when the first syllable sounds.
    Long,
}

impl LookAhead {
    /// The delay in seconds.
    pub fn seconds(self) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Short => 0.06,
            Self::Medium => 0.12,
            Self::Long => 0.2,
        }
    }

    /// Whether there is too little time to know speech before it sounds.
    pub fn is_short(self) -> bool {
        matches!(self, Self::None | Self::Short)
    }
}

/// All settings of the engine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// How far the dialogue is to stand above the bed, in LU, 0..30.
    pub target_lu: f32,
    /// The most that the bed ever yields, in dB, 0..60.
    pub max_depth_db: f32,
    /// What a fader behind this insert does to the bed, in dB, -60..24: changes what is measured, not what is heard.
    pub bed_trim_db: f32,
    /// What a fader does to the dialogue, in dB, -60..24: changes what is measured.
    pub key_trim_db: f32,
    /// How speech is found.
    pub detector: Detector,
    /// How readily the detector believes, 0..1.
    pub sensitivity: f32,
    /// How much of the depth the bed yields in the Manual detector, 0..1.
    pub manual_duck: f32,
    /// How far the key is heard ahead. Only `Engine::new` reads it: it fixes the latency.
    pub look_ahead: LookAhead,
    /// Seconds in which the bed yields, 0.03..5; none: all the time that the look-ahead leaves after detection.
    pub attack_s: Option<f32>,
    /// Seconds that the bed stays down after the last word, 0..10.
    pub hold_s: f32,
    /// Seconds in which the bed returns, 0.1..20.
    pub release_s: f32,
    /// The loudness of the dialogue in LUFS, -40..-10, that stands in until enough of it has been heard.
    pub anchor_lufs: f32,
    /// How far the measured loudness of the dialogue is followed, 0 (anchor only)..1.
    pub follow: f32,
    /// Gain at the output, in dB.
    pub output_db: f32,
    /// Whether the delayed input passes untouched.
    pub bypass: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            target_lu: 10.0,
            max_depth_db: 12.0,
            bed_trim_db: 0.0,
            key_trim_db: 0.0,
            detector: Detector::Speech,
            sensitivity: 0.5,
            manual_duck: 0.0,
            look_ahead: LookAhead::Long,
            attack_s: None,
            hold_s: 1.5,
            release_s: 2.5,
            anchor_lufs: -27.0,
            follow: 1.0,
            output_db: 0.0,
            bypass: false,
        }
    }
}
