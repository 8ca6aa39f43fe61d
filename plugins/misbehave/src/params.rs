//! Parameters: what a player sees, and how it becomes the engine's settings.

mod fire;
mod lanes;
mod out;
mod rise;
mod time;

pub use fire::FireParams;
pub use lanes::{Envelope, Interval, LaneParams, ShapeParams, SpeedShape};
pub use out::OutParams;
pub use rise::{Direction, Pitch, RiseParams};
pub use time::{Relock, SongParams, TimeParams, Trigger};

use std::sync::Arc;

use green_ring_editor::WindowSize;
use green_ring_shell::{Shelf, params, params::Sync};
use nice_plug::prelude::*;

use crate::engine::{self, Settings};

/// Everything that a host can set and automate.
#[derive(Default, Params)]
pub struct MisbehaveParams {
    /// When something happens.
    #[nested(group = "Time")]
    pub time: TimeParams,
    /// What happens.
    #[nested(group = "Lanes")]
    pub lanes: LaneParams,
    /// How the lanes sound.
    #[nested(group = "Shapes")]
    pub shapes: ShapeParams,
    /// Lanes that are made to sound, drawn to picture.
    #[nested(group = "Fire")]
    pub fire: FireParams,
    /// A continuous layer that rises for ever.
    #[nested(group = "Rise")]
    pub rise: RiseParams,
    /// How the song's clock and the recorded sound are treated.
    #[nested(group = "Song")]
    pub song: SongParams,
    /// What goes out.
    #[nested(group = "Output")]
    pub out: OutParams,
    /// The size of the window.
    #[persist = "window"]
    pub window: Arc<WindowSize>,
    /// Locks, the chosen preset, A and B.
    #[persist = "shelf"]
    pub shelf: Arc<Shelf>,
}

/// A share of 0..1 out of per cent.
fn share(param: &FloatParam) -> f32 {
    param.value() / 100.0
}

impl MisbehaveParams {
    /// The engine's settings as they are now.
    pub fn settings(&self) -> Settings {
        let (time, lanes, shapes, song) = (&self.time, &self.lanes, &self.shapes, &self.song);
        Settings {
            chaos: share(&time.chaos),
            growth: share(&song.growth),
            growth_over_bars: f64::from(song.growth_over.value()),
            growth_over_s: f64::from(song.growth_over_time.value()),
            activity: share(&time.activity),
            grid_quarters: time.grid.value().quarters(),
            grid_s: f64::from(time.grid_time.value()),
            edge: share(&time.edge),
            weights: lanes.all().map(share),
            fire: self.fire.all().map(|fire| fire.value()),
            stutter_roll: share(&shapes.stutter_roll),
            reverse_envelope: shapes.reverse_envelope.value().of_engine(),
            speed_shape: shapes.speed_shape.value().of_engine(),
            speed_amount: share(&shapes.speed_amount),
            scatter_grains: shapes.scatter_grains.value().max(1) as u32,
            scatter_spread: share(&shapes.scatter_spread),
            crush_bits: shapes.crush_bits.value(),
            crush_rate_hz: shapes.crush_rate.value(),
            gate_open: share(&shapes.gate_open),
            pitch_interval: shapes.pitch_interval.value().of_engine(),
            pitch_formants: shapes.pitch_formants.value(),
            feedback_amount: share(&shapes.feedback_amount),
            feedback_ceiling_db: shapes.feedback_ceiling.value(),
            rise: share(&self.rise.rise),
            rise_cycle_bars: f64::from(self.rise.cycle.value()),
            rise_down: self.rise.direction.value() == Direction::Down,
            rise_kept: self.rise.pitch.value() == Pitch::Kept,
            reach_bars: f64::from(time.reach.value()),
            clock_drift_s: f64::from(song.drift.value()) / 1_000.0,
            relock_bars: song.relock.value().bars(),
            hold: song.hold.value(),
            trigger: song.trigger.value().of_engine(),
            repeat_bars: time.repeat.value().max(0) as u32,
            seed: time.seed.value().max(0) as u32,
            sync: match time.sync.value() {
                Sync::Beats => engine::Sync::Beats,
                Sync::Time => engine::Sync::Time,
            },
            start: params::start_value(&time.start),
            mix: share(&self.out.mix),
            output_db: self.out.output.value(),
            bypass: self.out.bypass.value(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_engines() {
        let (have, want) = (MisbehaveParams::default().settings(), Settings::default());
        assert_eq!(Settings { grid_s: want.grid_s, ..have }, want);
        assert!((have.grid_s - want.grid_s).abs() < 1e-6);
    }
}
