//! Dialogue Ducker: on the music bus, keyed from dialogue. The bed yields to speech by a loudness difference.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`engine`] | what it does to sound |
//! | [`params`] | the parameters, and how they become settings |
//! | [`presets`] | the factory presets |
//! | [`listening`] | what is listened to, which is no parameter |
//! | `editor` | what the window shows |
//! | `picture` | its picture |
//! | `remote` | the pages of a controller with knobs |

mod editor;
pub mod engine;
mod help;
pub mod listening;
pub mod params;
mod picture;
pub mod presets;
mod remote;

use std::sync::Arc;

use engine::{Engine, Settings};
use green_ring_shell::{Desk, Meters, desk, guard, key, state};
use listening::Listening;
use nice_plug::prelude::*;
use params::DialogueDuckerParams;
use picture::line::Line;

/// The plugin as hosts see it: wiring only.
#[derive(Default)]
pub struct DialogueDucker {
    params: Arc<DialogueDuckerParams>,
    meters: Arc<Meters>,
    listening: Arc<Listening>,
    line: Line,
    active: Option<Active>,
}

/// What exists between activation and deactivation.
struct Active {
    desk: Desk,
    engine: Engine,
    /// Whether the host was asked for the activation that a new look-ahead waits for.
    asked: bool,
}

impl DialogueDucker {
    /// Where it is told what to listen to.
    pub fn listening(&self) -> Arc<Listening> {
        self.listening.clone()
    }

    /// What the engine hears and does now; nothing before activation.
    pub fn reading(&self) -> Option<engine::Reading> {
        self.active.as_ref().map(|active| active.engine.reading())
    }

    /// The told memory at the present settings, in seconds: the pre-roll after which it no longer matters where
    /// playback began. 0 before activation.
    pub fn memory_s(&self) -> f32 {
        self.active.as_ref().map_or(0.0, |active| active.engine.memory(&self.params.settings()))
    }
}

impl Plugin for DialogueDucker {
    const NAME: &'static str = "Dialogue Ducker";
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
        editor::open(&self.params, &self.meters, &self.listening, self.line.ends())
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
        let engine = Engine::new(&spec, &self.params.settings());
        context.set_latency_samples(engine.latency() as u32);
        self.line.activate(spec.sample_rate);
        self.active = Some(Active { desk: Desk::new(&spec, self.meters.clone()), engine, asked: false });
        true
    }

    fn deactivate(&mut self) {
        self.active = None;
    }

    fn reset(&mut self) {
        if let Some(Active { desk, engine, .. }) = &mut self.active {
            desk.reset();
            engine.reset();
        }
    }

    fn process(
        &mut self,
        buffer: &mut Buffer,
        aux: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        let Some(Active { desk, engine, asked }) = &mut self.active else {
            return ProcessStatus::Error("not activated");
        };
        let settings = Settings { listen: self.listening.get(), ..self.params.settings() };
        let outdated = engine.outdated(&settings);
        if outdated && !std::mem::replace(asked, outdated) {
            context.request_restart();
        }
        let song = desk.song(context.transport(), buffer.samples());
        let block = buffer.as_slice();
        desk.input(block);
        self.line.hear(block);
        engine.process(&settings, &song, block, &key::channels(aux));
        desk.output(block);
        self.line.tell(block[0].len(), engine, &settings, &self.meters);
        desk::status(engine.tail(&settings))
    }
}

impl ClapPlugin for DialogueDucker {
    const CLAP_ID: &'static str = "green-ring.dialogue-ducker";
    const CLAP_DESCRIPTION: Option<&'static str> = Some("The bed yields to speech, by a loudness difference");
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] =
        &[ClapFeature::AudioEffect, ClapFeature::Stereo, ClapFeature::Mono, ClapFeature::Mixing];

    fn remote_controls(&self, context: &mut impl RemoteControlsContext) {
        remote::pages(&self.params, context);
    }
}

impl Vst3Plugin for DialogueDucker {
    const VST3_CLASS_ID: [u8; 16] = *b"GreenRingDialDuk";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = &[Vst3SubCategory::Fx, Vst3SubCategory::Dynamics];
}

nice_export_clap!(DialogueDucker);
nice_export_vst3!(DialogueDucker);
