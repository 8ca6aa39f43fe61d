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

/// What brings a bed back that has been pulled out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Return {
    /// The end of Hold after the last word.
    AfterHold,
    /// So many seconds without speech.
    AfterSilence,
    /// Nothing but Pull-Out being switched off.
    WhenOff,
}

/// What is listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listen {
    /// The yielding bed.
    Normal,
    /// The key.
    Key,
    /// What has been taken from the bed.
    Removed,
}

/// All settings of the engine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// How far the dialogue is to stand above the bed, in LU, 0..30.
    pub target_lu: f32,
    /// The most that the bed ever yields, in dB, 0..60.
    pub max_depth_db: f32,
    /// How much of the difference is made in the bands where speech needs it, 0 (evenly)..1.
    pub focus: f32,
    /// Whether a bed that does not mask speech is left alone.
    pub only_when_masked: bool,
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
    /// How far the top end leaves before the rest and returns after it, 0..1.
    pub highs_first: f32,
    /// Whether the bed leaves altogether under a line.
    pub pull_out: bool,
    /// Seconds in which it leaves, 0.03..8.
    pub pull_fade_s: f32,
    /// What brings it back.
    pub back: Return,
    /// Seconds without speech that bring it back, 0.5..30.
    pub return_after_s: f32,
    /// Seconds in which it comes back, 0.5..20.
    pub return_fade_s: f32,
    /// How much quieter the quiet moments of the bed become under speech, 0..1.
    pub bed_expand: f32,
    /// The loudness of the dialogue in LUFS, -40..-10, that stands in until enough of it has been heard.
    pub anchor_lufs: f32,
    /// How far the measured loudness of the dialogue is followed, 0 (anchor only)..1.
    pub follow: f32,
    /// What is listened to.
    pub listen: Listen,
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
            focus: 0.5,
            only_when_masked: false,
            bed_trim_db: 0.0,
            key_trim_db: 0.0,
            detector: Detector::Speech,
            sensitivity: 0.5,
            manual_duck: 0.0,
            look_ahead: LookAhead::Long,
            attack_s: None,
            hold_s: 1.5,
            release_s: 2.5,
            highs_first: 0.3,
            pull_out: false,
            pull_fade_s: 0.4,
            back: Return::AfterSilence,
            return_after_s: 4.0,
            return_fade_s: 3.0,
            bed_expand: 0.0,
            anchor_lufs: -27.0,
            follow: 1.0,
            listen: Listen::Normal,
            output_db: 0.0,
            bypass: false,
        }
    }
}
