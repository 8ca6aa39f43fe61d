//! What happens, and how it sounds.

use green_ring_shell::{params, text, text::Suffix};
use nice_plug::prelude::*;

use crate::engine::{self, Lane};

/// The resolution of a crushed sound.
const BITS: &[Suffix] = &[("bits", 1.0), ("bit", 1.0)];

/// How loud reversed sound is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// Forward in order, plain more and more often in chaos.
    #[id = "either"]
    Either,
    /// As loud as the sound would be forwards.
    #[id = "forward"]
    Forward,
    /// As it is: it swells.
    #[id = "plain"]
    Plain,
}

impl Envelope {
    pub(super) fn of_engine(self) -> engine::Envelope {
        match self {
            Self::Either => engine::Envelope::Either,
            Self::Forward => engine::Envelope::Forward,
            Self::Plain => engine::Envelope::Plain,
        }
    }
}

/// What the tape does in an event of Speed.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpeedShape {
    /// It slows down evenly, at full amount to a standstill.
    #[id = "stop"]
    Stop,
    /// It starts from as slow as that and ends at its own speed.
    #[id = "spin"]
    #[name = "Spin-Up"]
    SpinUp,
    /// It glides up or down, at full amount by two octaves.
    #[id = "ramp"]
    Ramp,
    /// It wanders around its own speed.
    #[id = "drift"]
    Drift,
}

/// Which notes chance may move an event of Pitch to.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// Any, up to an octave up or down.
    #[id = "free"]
    Free,
    /// An octave up or down.
    #[id = "octave"]
    Octaves,
    /// Root and fifth.
    #[id = "fifth"]
    Fifths,
    /// A minor chord on the sound's own note.
    #[id = "minor"]
    Minor,
    /// A major chord on it.
    #[id = "major"]
    Major,
}

impl Interval {
    pub(super) fn of_engine(self) -> engine::Interval {
        match self {
            Self::Free => engine::Interval::Free,
            Self::Octaves => engine::Interval::Octaves,
            Self::Fifths => engine::Interval::Fifths,
            Self::Minor => engine::Interval::Minor,
            Self::Major => engine::Interval::Major,
        }
    }
}

impl SpeedShape {
    pub(super) fn of_engine(self) -> engine::Shape {
        match self {
            Self::Stop => engine::Shape::Stop,
            Self::SpinUp => engine::Shape::SpinUp,
            Self::Ramp => engine::Shape::Ramp,
            Self::Drift => engine::Shape::Drift,
        }
    }
}

/// What happens: how many of the events fall to each lane, relative to the others, in per cent.
#[derive(Params)]
pub struct LaneParams {
    /// Repeats a slice, evenly or in rolls.
    #[id = "stut"]
    pub stutter: FloatParam,
    /// Plays what was just heard backwards.
    #[id = "revs"]
    pub reverse: FloatParam,
    /// Stops the tape, starts it, lets it run away or drift.
    #[id = "speed"]
    pub speed: FloatParam,
    /// Turns the last moments into a cloud of grains.
    #[id = "scat"]
    pub scatter: FloatParam,
    /// Leaves fewer bits at a lower rate.
    #[id = "crush"]
    pub crush: FloatParam,
    /// Cuts rhythmic holes.
    #[id = "gate"]
    pub gate: FloatParam,
    /// Moves to another note.
    #[id = "pitch"]
    pub pitch: FloatParam,
    /// Goes round in a loop that may howl.
    #[id = "feed"]
    pub feedback: FloatParam,
}

impl LaneParams {
    /// The weights in the order of [`Lane::ALL`].
    pub fn all(&self) -> [&FloatParam; Lane::COUNT] {
        [&self.stutter, &self.reverse, &self.speed, &self.scatter, &self.crush, &self.gate, &self.pitch, &self.feedback]
    }
}

impl Default for LaneParams {
    fn default() -> Self {
        let percent = |name, default| params::percent(name, default, 100.0);
        Self {
            stutter: percent("Stutter", 60.0),
            reverse: percent("Reverse", 40.0),
            speed: percent("Speed", 0.0),
            scatter: percent("Scatter", 25.0),
            crush: percent("Crush", 0.0),
            gate: percent("Gate", 15.0),
            pitch: percent("Pitch", 0.0),
            feedback: percent("Feedback", 0.0),
        }
    }
}

/// How the lanes sound. An event keeps what it began with.
#[derive(Params)]
pub struct ShapeParams {
    /// How a stutter rolls, in per cent: slowing down below 0, quickening above.
    #[id = "stroll"]
    pub stutter_roll: FloatParam,
    /// How loud reversed sound is.
    #[id = "revenv"]
    pub reverse_envelope: EnumParam<Envelope>,
    /// What the tape does in an event of Speed.
    #[id = "spshap"]
    pub speed_shape: EnumParam<SpeedShape>,
    /// How far the tape leaves its own speed, in per cent.
    #[id = "spamt"]
    pub speed_amount: FloatParam,
    /// Grains at once, in order; chaos makes up to eight times as many.
    #[id = "scgrn"]
    pub scatter_grains: IntParam,
    /// Share of Reach that grains are taken from, in per cent.
    #[id = "scspr"]
    pub scatter_spread: FloatParam,
    /// Resolution of a crushed sound, in bits.
    #[id = "crbits"]
    pub crush_bits: FloatParam,
    /// Rate of a crushed sound, in hertz.
    #[id = "crrate"]
    pub crush_rate: FloatParam,
    /// Share of a gate's time that it is open, in per cent.
    #[id = "gopen"]
    pub gate_open: FloatParam,
    /// Which notes chance may choose from.
    #[id = "pintv"]
    pub pitch_interval: EnumParam<Interval>,
    /// The formants stay where they are.
    #[id = "pform"]
    pub pitch_formants: BoolParam,
    /// How much of a feedback loop comes round again, in per cent; above 83 % it howls.
    #[id = "fdamt"]
    pub feedback_amount: FloatParam,
    /// The peak that no feedback exceeds, in dBFS.
    #[id = "fdceil"]
    pub feedback_ceiling: FloatParam,
}

impl Default for ShapeParams {
    fn default() -> Self {
        let percent = |name, default| params::percent(name, default, 100.0);
        Self {
            stutter_roll: params::linear("Stutter Roll", 0.0, -100.0, 100.0, " %", text::PERCENT),
            reverse_envelope: EnumParam::new("Reverse Envelope", Envelope::Either),
            speed_shape: EnumParam::new("Speed Shape", SpeedShape::Stop),
            speed_amount: percent("Speed Amount", 100.0),
            scatter_grains: IntParam::new("Scatter Grains", 4, IntRange::Linear { min: 1, max: 32 }),
            scatter_spread: percent("Scatter Spread", 0.0),
            crush_bits: params::linear("Crush Bits", 6.0, 1.0, 16.0, " bits", BITS),
            crush_rate: params::hertz("Crush Rate", 6_000.0, 200.0, 20_000.0),
            gate_open: percent("Gate Open", 50.0),
            pitch_interval: EnumParam::new("Pitch Interval", Interval::Octaves),
            pitch_formants: params::switch("Keep Formants", false),
            feedback_amount: percent("Feedback Amount", 60.0),
            feedback_ceiling: params::decibels("Feedback Ceiling", -12.0, -24.0, -1.0),
        }
    }
}
