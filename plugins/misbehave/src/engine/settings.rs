//! What a player asks of the engine, in plain units.

use super::Lane;

/// What positions and lengths are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// Quarter notes of the host's tempo. A bar is four of them.
    Beats,
    /// Seconds, whatever the tempo. A bar is two of them: four quarter notes at 120 bpm.
    Time,
}

/// All that can be asked of the engine. Shares and weights are fractions: 1 is 100 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Order to chaos, 0..1: how often chance decides instead of balance. At 0 the events are the Euclidean pattern,
    /// on the grid, the lanes taking turns.
    pub chaos: f32,
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
    /// How far back events may read, in bars, 0.25 to 8.
    pub reach_bars: f64,
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
    /// The lane that a Fire switch makes sound.
    pub(super) fn fired(&self) -> Option<Lane> {
        Lane::ALL.into_iter().zip(self.fire).find_map(|(lane, fire)| fire.then_some(lane))
    }

    /// Whether the answers to "which event, where, how long" are the same as under `other`.
    pub(super) fn same_choice(&self, other: &Self) -> bool {
        self.chaos == other.chaos
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
            activity: 0.3,
            grid_quarters: 0.25,
            grid_s: 0.125,
            edge: 0.15,
            weights: [0.6, 0.4, 0.25, 0.15],
            fire: [false; Lane::COUNT],
            reach_bars: 1.0,
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
