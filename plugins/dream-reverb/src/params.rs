//! Parameters: what a player sees, and how it becomes the engine's settings.

mod dream;
mod room;
mod scene;

use std::sync::Arc;

use green_ring_editor::WindowSize;
use green_ring_shell::Shelf;
use green_ring_shell::params::{self, Sync};
use nice_plug::prelude::*;

use crate::engine::{self, Settings};

pub use dream::{DreamParams, ReverseLength};
pub use room::{PreDelaySync, RoomParams, TailParams, ToneParams};
pub use scene::{DuckFrom, MovementParams, OutParams, SceneParams};

/// Everything that a host can set and automate.
#[derive(Default, Params)]
pub struct DreamReverbParams {
    /// How far it is from the room to the dream, and what the dream is made of.
    #[nested(group = "Dream")]
    pub dream: DreamParams,
    /// The room's shape.
    #[nested(group = "Room")]
    pub room: RoomParams,
    /// How its sound dies.
    #[nested(group = "Tail")]
    pub tail: TailParams,
    /// What enters it.
    #[nested(group = "Tone")]
    pub tone: ToneParams,
    /// What holds a scene, ends it, or makes room for another.
    #[nested(group = "Scene")]
    pub scene: SceneParams,
    /// How it moves.
    #[nested(group = "Movement")]
    pub movement: MovementParams,
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

/// A share of something else, in per cent, that does not begin at zero.
fn share_of(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    params::linear(name, default, min, max, " %", green_ring_shell::text::PERCENT)
}

impl DreamReverbParams {
    /// The engine's settings as they are now.
    pub fn settings(&self) -> Settings {
        let share = |param: &FloatParam| param.value() / 100.0;
        let Self { dream, room, tail, tone, scene, movement, out, .. } = self;
        Settings {
            dream: share(&dream.dream),
            mix: share(&out.mix),
            output_db: out.output.value(),
            size_m: room.size.value(),
            pre_delay_s: room.pre_delay.value() / 1_000.0,
            pre_delay_quarters: room.pre_delay_sync.value().quarters(),
            early_db: room.early_db(),
            decay_s: tail.decay.value(),
            dream_decay_s: dream.decay.value(),
            low_decay: share(&tail.low_decay),
            low_crossover_hz: tail.low_crossover.value(),
            high_decay: share(&tail.high_decay),
            high_crossover_hz: tail.high_crossover.value(),
            diffusion: share(&room.diffusion),
            swell: share(&dream.swell),
            motion: share(&movement.motion),
            shimmer: share(&dream.shimmer),
            shimmer_cents: dream.shimmer_pitch.value(),
            reverse: share(&dream.reverse),
            reverse_quarters: dream.reverse_length.value().quarters(),
            reverse_s: dream.reverse_time.value(),
            grains: share(&dream.grains),
            grain_size_s: dream.grain_size.value() / 1_000.0,
            grain_spray: share(&dream.grain_spray),
            drift: share(&movement.drift),
            choir: share(&dream.choir),
            vowel: dream.vowel.value(),
            drone: share(&dream.drone),
            recede: share(&scene.recede),
            width: share(&out.width),
            low_cut_hz: tone.low_cut.value(),
            high_cut_hz: tone.high_cut.value(),
            freeze: scene.freeze.value(),
            infinite: scene.infinite.value(),
            silence: scene.silence.value(),
            silence_s: scene.silence_time.value(),
            duck_db: scene.duck.value(),
            duck_from: match scene.duck_from.value() {
                DuckFrom::Dry => engine::DuckFrom::Dry,
                DuckFrom::Key => engine::DuckFrom::Key,
            },
            glide: room.glide.value(),
            seed: movement.seed.value().max(0) as u32,
            sync: match movement.sync.value() {
                Sync::Beats => engine::Sync::Beats,
                Sync::Time => engine::Sync::Time,
            },
            start: params::start_value(&movement.start),
            bypass: out.bypass.value(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_engines() {
        assert_eq!(DreamReverbParams::default().settings(), Settings::default());
    }
}
