//! What a player asks of the engine, in plain units.

use super::{Lane, pitch::Interval, speed::Shape};

/// What positions and lengths are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// Quarter notes of the host's tempo. A bar is four of them.
    Beats,
    /// Seconds, whatever the tempo. A bar is two of them: four quarter notes at 120 bpm.
    Time,
}

/// What makes events begin, beside the Fire switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Chance and balance. Notes are ignored.
    Itself,
    /// Notes only.
    Notes,
    /// Both; while a note is held, its lane sounds instead.
    Both,
}

/// How loud reversed sound is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// Forward in order, and more and more often as it is in chaos.
    Either,
    /// As loud as the sound would be forwards.
    Forward,
    /// As it is: it swells.
    Plain,
}

/// All that can be asked of the engine. Shares and weights are fractions: 1 is 100 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Order to chaos, 0..1: how often chance decides instead of balance. At 0 the events are the Euclidean pattern,
    /// on the grid, the lanes taking turns.
    pub chaos: f32,
    /// By how much Chaos has grown (or sunk) Growth Over after Start, -1..1. It climbs in a straight line, and stays.
    pub growth: f32,
    /// Length of the growth under [`Sync::Beats`], in bars, 1 to 256.
    pub growth_over_bars: f64,
    /// Length of the growth under [`Sync::Time`], in seconds, 1 to 256.
    pub growth_over_s: f64,
    /// Share of grid steps that carry an event, 0..1.
    pub activity: f32,
    /// Length of a grid step under [`Sync::Beats`], in quarter notes, 1/24 to 6.
    pub grid_quarters: f64,
    /// Length of a grid step under [`Sync::Time`], in seconds, 0.02 to 4.
    pub grid_s: f64,
    /// Beautiful to jarring, 0..1: long fades on the grid, through short ones, to hard splices off the grid.
    pub edge: f32,
    /// How many of the events fall to each lane, relative to the others, 0..1, in the order of [`Lane::ALL`].
    pub weights: [f32; Lane::COUNT],
    /// Lanes that are made to sound now, in the order of [`Lane::ALL`]. The first of them wins.
    pub fire: [bool; Lane::COUNT],
    /// Slowing down to quickening, -1..1: how a stutter rolls. At 0 it is even in order, and anything in chaos.
    pub stutter_roll: f32,
    /// How loud reversed sound is.
    pub reverse_envelope: Envelope,
    /// What the tape does in Speed.
    pub speed_shape: Shape,
    /// How far the tape's rate leaves 1, 0..1.
    pub speed_amount: f32,
    /// Grains at once in order, 1 to 32. Chaos makes more of them.
    pub scatter_grains: u32,
    /// Share of Reach that grains are taken from, 0..1, and at least two steps. Chaos widens it.
    pub scatter_spread: f32,
    /// Resolution of a crushed sound, 1 to 16 bits.
    pub crush_bits: f32,
    /// Rate of a crushed sound, in hertz, 200 to 20 000.
    pub crush_rate_hz: f32,
    /// Share of a gate's time that it is open, 0..1.
    pub gate_open: f32,
    /// Which notes chance may move an event of Pitch to.
    pub pitch_interval: Interval,
    /// The formants stay where they are when the pitch moves.
    pub pitch_formants: bool,
    /// How much of a feedback loop comes round again, 0..1. Above 0.83 it howls.
    pub feedback_amount: f32,
    /// The peak that no feedback exceeds, in dBFS, -24 to -1.
    pub feedback_ceiling_db: f32,
    /// Level of the eternal accelerando, 0..1: at 1 it is as loud as what it is made of.
    pub rise: f32,
    /// Bars in which the rise quickens by an octave, 4 to 128.
    pub rise_cycle_bars: f64,
    /// The rise slows down instead.
    pub rise_down: bool,
    /// The rise keeps the pitch; only its rhythm quickens.
    pub rise_kept: bool,
    /// How far back events may read, in bars, 0.25 to 8.
    pub reach_bars: f64,
    /// How far the plugin's own clock slides against the host's, in seconds, 0 to 0.08.
    pub clock_drift_s: f64,
    /// Bars after which the clock is back with the host's, counted from Start; 0 is never.
    pub relock_bars: u32,
    /// The last Reach of sound is kept, and events read from it for as long.
    pub hold: bool,
    /// What makes events begin.
    pub trigger: Trigger,
    /// Events repeat after so many bars from Start, 0 to 64; 0 is never.
    pub repeat_bars: u32,
    /// Which of 65 536 sets of events it is.
    pub seed: u32,
    /// Whether events follow the tempo or the clock.
    pub sync: Sync,
    /// The place in the song from which everything is counted: in quarter notes, or in seconds under [`Sync::Time`].
    pub start: f64,
    /// Share of an event's sound that replaces the dry sound, 0..1.
    pub mix: f32,
    /// Gain of the output, in decibels, -24 to 24.
    pub output_db: f32,
    /// The input passes untouched.
    pub bypass: bool,
}

impl Settings {
    /// Bars in which the rise quickens by an octave, held to their range.
    pub(super) fn rise_cycle(&self) -> f64 {
        self.rise_cycle_bars.clamp(4.0, 128.0)
    }

    /// Whether the answers to "which event, where, how long" are the same as under `other`.
    pub(super) fn same_choice(&self, other: &Self) -> bool {
        self.chaos == other.chaos
            && self.growth == other.growth
            && self.growth_over_bars == other.growth_over_bars
            && self.growth_over_s == other.growth_over_s
            && self.activity == other.activity
            && self.edge == other.edge
            && self.weights == other.weights
            && self.seed == other.seed
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            chaos: 0.2,
            growth: 0.0,
            growth_over_bars: 16.0,
            growth_over_s: 32.0,
            activity: 0.3,
            grid_quarters: 0.25,
            grid_s: 0.125,
            edge: 0.15,
            weights: [0.6, 0.4, 0.0, 0.25, 0.0, 0.15, 0.0, 0.0],
            fire: [false; Lane::COUNT],
            stutter_roll: 0.0,
            reverse_envelope: Envelope::Either,
            speed_shape: Shape::Stop,
            speed_amount: 1.0,
            scatter_grains: 4,
            scatter_spread: 0.0,
            crush_bits: 6.0,
            crush_rate_hz: 6_000.0,
            gate_open: 0.5,
            pitch_interval: Interval::Octaves,
            pitch_formants: false,
            feedback_amount: 0.6,
            feedback_ceiling_db: -12.0,
            rise: 0.0,
            rise_cycle_bars: 32.0,
            rise_down: false,
            rise_kept: false,
            reach_bars: 1.0,
            clock_drift_s: 0.0,
            relock_bars: 8,
            hold: false,
            trigger: Trigger::Itself,
            repeat_bars: 0,
            seed: 0,
            sync: Sync::Beats,
            start: 0.0,
            mix: 1.0,
            output_db: 0.0,
            bypass: false,
        }
    }
}
