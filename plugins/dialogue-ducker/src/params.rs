//! The parameters, in signal order, and the one place where they become [`Settings`].

use std::sync::Arc;

use green_ring_editor::WindowSize;
use green_ring_shell::{Shelf, params, text};
use nice_plug::prelude::*;

use crate::engine::{self, Settings};

/// An Attack below this is Auto, in seconds.
const SHORTEST_ATTACK_S: f32 = 0.03;

/// All parameters.
#[derive(Params)]
pub struct DialogueDuckerParams {
    /// How far the bed yields.
    #[nested(group = "Difference")]
    pub difference: DifferenceParams,
    /// What counts as dialogue.
    #[nested(group = "Dialogue")]
    pub dialogue: DialogueParams,
    /// When the bed yields and when it returns.
    #[nested(group = "Movement")]
    pub movement: MovementParams,
    /// Whether the bed leaves altogether, and what brings it back.
    #[nested(group = "Pull-Out")]
    pub pull: PullParams,
    /// What leaves the plugin.
    #[nested(group = "Output")]
    pub output: OutputParams,
    /// Size of the editor's window.
    #[persist = "window"]
    pub window: Arc<WindowSize>,
    /// Locks, the chosen preset, A and B.
    #[persist = "shelf"]
    pub shelf: Arc<Shelf>,
}

/// How far the bed yields.
#[derive(Params)]
pub struct DifferenceParams {
    /// How far the dialogue is to stand above the bed, in LU.
    #[id = "target"]
    pub target: FloatParam,
    /// The most that the bed ever yields, in dB.
    #[id = "depth"]
    pub max_depth: FloatParam,
    /// How much of the difference is made only in the bands where speech needs it, in per cent.
    #[id = "focus"]
    pub focus: FloatParam,
    /// A bed that does not mask speech is left alone.
    #[id = "masked"]
    pub only_when_masked: BoolParam,
    /// How much quieter the quiet moments of the bed become under speech, in per cent.
    #[id = "expand"]
    pub bed_expand: FloatParam,
    /// What the fader behind this insert does to the bed, in dB; measured, not heard.
    #[id = "bedtr"]
    pub bed_trim: FloatParam,
    /// What the dialogue's fader does behind the point where the key is taken, in dB; measured, not heard.
    #[id = "keytr"]
    pub key_trim: FloatParam,
    /// Loudness of the dialogue in LUFS that stands in until enough of it has been heard.
    #[id = "anchor"]
    pub anchor: FloatParam,
    /// How far the measured loudness of the dialogue is followed instead, in per cent.
    #[id = "follow"]
    pub follow: FloatParam,
}

/// What counts as dialogue.
#[derive(Params)]
pub struct DialogueParams {
    /// How the plugin learns that somebody speaks.
    #[id = "detect"]
    pub detector: EnumParam<Detector>,
    /// How readily it believes so, in per cent.
    #[id = "sens"]
    pub sensitivity: FloatParam,
    /// In the Manual detector: how much of the depth the bed yields, in per cent.
    #[id = "manual"]
    pub manual_duck: FloatParam,
    /// How far ahead of the bed the key is heard: the latency. A change is heard at the next activation.
    #[id = "look"]
    pub look_ahead: EnumParam<LookAhead>,
}

/// When the bed yields and when it returns.
#[derive(Params)]
pub struct MovementParams {
    /// Seconds in which the bed yields; Auto takes the time that the look-ahead leaves.
    #[id = "attack"]
    pub attack: FloatParam,
    /// Seconds that the bed stays down after the last word.
    #[id = "hold"]
    pub hold: FloatParam,
    /// Seconds in which the bed returns.
    #[id = "releas"]
    pub release: FloatParam,
    /// How far the top end leaves before the rest and returns after it, in per cent.
    #[id = "highs"]
    pub highs_first: FloatParam,
}

/// Whether the bed leaves altogether, and what brings it back.
#[derive(Params)]
pub struct PullParams {
    /// The bed goes to digital silence under a line and stays out.
    #[id = "pull"]
    pub pull_out: BoolParam,
    /// Seconds in which it leaves.
    #[id = "pfade"]
    pub pull_fade: FloatParam,
    /// What brings it back.
    #[id = "return"]
    pub back: EnumParam<Return>,
    /// Seconds without speech that bring it back, where Return is After Silence.
    #[id = "rafter"]
    pub return_after: FloatParam,
    /// Seconds in which it comes back.
    #[id = "rfade"]
    pub return_fade: FloatParam,
}

/// What leaves the plugin.
#[derive(Params)]
pub struct OutputParams {
    /// Gain in dB.
    #[id = "out"]
    pub output: FloatParam,
    /// The bed passes untouched, delayed by the latency.
    #[id = "bypass"]
    pub bypass: BoolParam,
}

/// How the plugin learns that somebody speaks.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detector {
    /// It knows speech from noise, blows and most music.
    #[id = "speech"]
    Speech,
    /// Any sound on the key that stands out of its noise floor counts.
    #[id = "level"]
    Level,
    /// Manual Duck, automated, says so.
    #[id = "manual"]
    Manual,
}

/// How far ahead of the bed the key is heard.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookAhead {
    /// No latency.
    #[id = "0"]
    #[name = "0 ms"]
    None,
    /// 60 ms of latency.
    #[id = "60"]
    #[name = "60 ms"]
    Short,
    /// 120 ms of latency.
    #[id = "120"]
    #[name = "120 ms"]
    Medium,
    /// 200 ms of latency.
    #[id = "200"]
    #[name = "200 ms"]
    Long,
}

/// What brings a bed back that has been pulled out.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Return {
    /// The end of Hold after the last word.
    #[id = "hold"]
    #[name = "After Hold"]
    AfterHold,
    /// So many seconds without speech.
    #[id = "silence"]
    #[name = "After Silence"]
    AfterSilence,
    /// Nothing but Pull-Out being switched off.
    #[id = "off"]
    #[name = "When Off"]
    WhenOff,
}

impl Default for DialogueDuckerParams {
    fn default() -> Self {
        Self {
            difference: DifferenceParams::default(),
            dialogue: DialogueParams::default(),
            movement: MovementParams::default(),
            pull: PullParams::default(),
            output: OutputParams { output: params::output(), bypass: params::bypass() },
            window: Arc::default(),
            shelf: Arc::default(),
        }
    }
}

impl Default for DifferenceParams {
    fn default() -> Self {
        Self {
            target: params::loudness("Target", 10.0, 0.0, 30.0, " LU"),
            max_depth: params::decibels("Max Depth", 12.0, 0.0, 60.0),
            focus: params::percent("Focus", 50.0, 100.0),
            only_when_masked: params::switch("Only When Masked", false),
            bed_expand: params::percent("Bed Expand", 0.0, 100.0),
            bed_trim: params::decibels("Bed Trim", 0.0, -60.0, 24.0),
            key_trim: params::decibels("Key Trim", 0.0, -60.0, 24.0),
            anchor: params::loudness("Dialogue Anchor", -27.0, -40.0, -10.0, " LUFS"),
            follow: params::percent("Follow Dialogue", 100.0, 100.0),
        }
    }
}

impl Default for DialogueParams {
    fn default() -> Self {
        Self {
            detector: EnumParam::new("Detector", Detector::Speech),
            sensitivity: params::percent("Sensitivity", 50.0, 100.0),
            manual_duck: params::percent("Manual Duck", 0.0, 100.0),
            look_ahead: EnumParam::new("Look-Ahead", LookAhead::Long).non_automatable(),
        }
    }
}

impl Default for MovementParams {
    fn default() -> Self {
        let hold = FloatRange::Skewed { min: 0.0, max: 10.0, factor: 0.5 };
        Self {
            attack: attack(),
            hold: params::build("Hold", 1.5, hold, " s", text::SECONDS),
            release: params::seconds("Release", 2.5, 0.1, 20.0),
            highs_first: params::percent("Highs First", 30.0, 100.0),
        }
    }
}

impl Default for PullParams {
    fn default() -> Self {
        Self {
            pull_out: params::switch("Pull-Out", false),
            pull_fade: params::seconds("Pull Fade", 0.4, 0.03, 8.0),
            back: EnumParam::new("Return", Return::AfterSilence),
            return_after: params::seconds("Return After", 4.0, 0.5, 30.0),
            return_fade: params::seconds("Return Fade", 3.0, 0.5, 20.0),
        }
    }
}

/// Attack, whose dial ends at Auto.
fn attack() -> FloatParam {
    let is_auto = |seconds: f32| seconds < SHORTEST_ATTACK_S;
    let show = move |x: f32| if is_auto(x) { "Auto".into() } else { format!("{} s", text::number(x)) };
    let read = |text: &str| match text.trim().to_ascii_lowercase().as_str() {
        "auto" => Some(0.0),
        text => text::parse(text, text::SECONDS),
    };
    FloatParam::new("Attack", 0.0, FloatRange::Skewed { min: 0.0, max: 5.0, factor: 0.4 })
        .with_value_to_string(Arc::new(show))
        .with_string_to_value(Arc::new(read))
}

impl DialogueDuckerParams {
    /// What the parameters say now, in the engine's units. What is listened to is no parameter, and is Normal here.
    pub fn settings(&self) -> Settings {
        let Self { difference, dialogue, movement, pull, output, .. } = self;
        let attack_s = movement.attack.value();
        Settings {
            target_lu: difference.target.value(),
            max_depth_db: difference.max_depth.value(),
            focus: difference.focus.value() / 100.0,
            only_when_masked: difference.only_when_masked.value(),
            bed_trim_db: difference.bed_trim.value(),
            key_trim_db: difference.key_trim.value(),
            anchor_lufs: difference.anchor.value(),
            follow: difference.follow.value() / 100.0,
            detector: dialogue.detector.value().into(),
            sensitivity: dialogue.sensitivity.value() / 100.0,
            manual_duck: dialogue.manual_duck.value() / 100.0,
            look_ahead: dialogue.look_ahead.value().into(),
            attack_s: (attack_s >= SHORTEST_ATTACK_S).then_some(attack_s),
            hold_s: movement.hold.value(),
            release_s: movement.release.value(),
            highs_first: movement.highs_first.value() / 100.0,
            pull_out: pull.pull_out.value(),
            pull_fade_s: pull.pull_fade.value(),
            back: pull.back.value().into(),
            return_after_s: pull.return_after.value(),
            return_fade_s: pull.return_fade.value(),
            bed_expand: difference.bed_expand.value() / 100.0,
            listen: engine::Listen::Normal,
            output_db: output.output.value(),
            bypass: output.bypass.value(),
        }
    }
}

impl From<Detector> for engine::Detector {
    fn from(detector: Detector) -> Self {
        match detector {
            Detector::Speech => Self::Speech,
            Detector::Level => Self::Level,
            Detector::Manual => Self::Manual,
        }
    }
}

impl From<LookAhead> for engine::LookAhead {
    fn from(look_ahead: LookAhead) -> Self {
        match look_ahead {
            LookAhead::None => Self::None,
            LookAhead::Short => Self::Short,
            LookAhead::Medium => Self::Medium,
            LookAhead::Long => Self::Long,
        }
    }
}

impl From<Return> for engine::Return {
    fn from(back: Return) -> Self {
        match back {
            Return::AfterHold => Self::AfterHold,
            Return::AfterSilence => Self::AfterSilence,
            Return::WhenOff => Self::WhenOff,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_the_engines() {
        assert_eq!(DialogueDuckerParams::default().settings(), Settings::default());
    }

    #[test]
    fn attack_ends_at_auto_and_is_typed_in_seconds() {
        let attack = attack();
        assert_eq!(attack.normalized_value_to_string(0.0, true), "Auto");
        for (text, seconds) in [("Auto", 0.0), ("250 ms", 0.25), ("0.25", 0.25)] {
            let plain = attack.preview_plain(attack.string_to_normalized_value(text).unwrap());
            assert!((plain - seconds).abs() < 1e-5, "{text}");
        }
        assert_eq!(attack.normalized_value_to_string(attack.preview_normalized(0.25), true), "0.25 s");
    }
}
