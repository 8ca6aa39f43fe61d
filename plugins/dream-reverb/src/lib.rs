//! Dream Reverb: puts sound into a room that becomes a dream, and stays whole while everything about it is automated.
//!
//! | file | what it is |
//! | --- | --- |
//! | [`params`] | parameters, and how they become the engine's settings |
//! | [`engine`] | the sound |
//! | [`presets`] | the factory presets |
//! | `editor` | what the window shows |
//! | `picture` | the space: the sound as it dies, over the decay that is told |
//! | `remote` | the pages of a controller with knobs |

mod editor;
pub mod engine;
mod help;
pub mod params;
mod picture;
pub mod presets;
mod remote;

use std::sync::Arc;

use green_ring_shell::{Desk, Meters, desk, guard, key, state};
use nice_plug::prelude::*;

use engine::Engine;
use params::DreamReverbParams;

/// The plugin as hosts see it: wiring only.
#[derive(Default)]
pub struct DreamReverb {
    params: Arc<DreamReverbParams>,
    meters: Arc<Meters>,
    link: picture::Link,
    active: Option<Active>,
}

/// What exists between activation and deactivation.
struct Active {
    desk: Desk,
    engine: Engine,
}

impl DreamReverb {
    /// Seconds of pre-roll after which it no longer matters where playback began; 0 while the plugin is not active.
    pub fn memory_s(&self) -> f32 {
        self.active.as_ref().map_or(0.0, |active| active.engine.memory(&self.params.settings()))
    }
}

impl Plugin for DreamReverb {
    const NAME: &'static str = "Dream Reverb";
    const VENDOR: &'static str = desk::VENDOR;
    const URL: &'static str = "";
    const EMAIL: &'static str = "";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = desk::LAYOUTS_WITH_DIALOGUE;
    const SAMPLE_ACCURATE_AUTOMATION: bool = true;

    type Editor = green_ring_editor::Editor;
    type SysExMessage = ();
    type BackgroundTask = guard::Task;

    fn task_executor(&mut self) -> TaskExecutor<Self> {
        guard::executor::<Self>()
    }

    fn params(&self) -> Arc<dyn Params> {
        self.params.clone()
    }

    fn editor(&mut self, executor: AsyncExecutor<Self>) -> Option<Self::Editor> {
        guard::catch(&executor);
        editor::open(&self.params, &self.meters, self.link.listener())
    }

    fn filter_state(state: &mut PluginState) {
        state::check::<Self>(state);
    }

    fn activate(
        &mut self,
        layout: &AudioIOLayout,
        config: &BufferConfig,
        context: &mut impl ActivateContext<Self>,
    ) -> bool {
        guard::arm::<Self>(context.plugin_api());
        let spec = desk::spec(layout, config);
        let engine = Engine::new(&spec);
        context.set_latency_samples(engine.latency() as u32);
        self.active = Some(Active { desk: Desk::new(&spec, self.meters.clone()), engine });
        true
    }

    fn deactivate(&mut self) {
        self.active = None;
    }

    fn reset(&mut self) {
        if let Some(active) = &mut self.active {
            active.desk.reset();
            active.engine.reset();
        }
    }

    fn process(
        &mut self,
        buffer: &mut Buffer,
        aux: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        let Some(Active { desk, engine }) = &mut self.active else {
            return ProcessStatus::Error("not activated");
        };
        let settings = self.params.settings();
        let song = desk.song(context.transport(), buffer.samples());
        let block = buffer.as_slice();
        desk.input(block);
        engine.process(&settings, &song, block, &key::channels(aux));
        desk.output(block);
        self.link.tell(engine, &settings);
        desk::status(engine.tail(&settings))
    }
}

impl ClapPlugin for DreamReverb {
    const CLAP_ID: &'static str = "green-ring.dream-reverb";
    const CLAP_DESCRIPTION: Option<&'static str> =
        Some("From reality to dream in one gesture, at one loudness and without a moment");
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] =
        &[ClapFeature::AudioEffect, ClapFeature::Reverb, ClapFeature::Stereo, ClapFeature::Mono];

    fn remote_controls(&self, context: &mut impl RemoteControlsContext) {
        remote::pages(&self.params, context);
    }
}

impl Vst3Plugin for DreamReverb {
    const VST3_CLASS_ID: [u8; 16] = *b"GreenRingDreamRv";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] =
        &[Vst3SubCategory::Fx, Vst3SubCategory::Reverb, Vst3SubCategory::Stereo];
}

nice_export_clap!(DreamReverb);
nice_export_vst3!(DreamReverb);
