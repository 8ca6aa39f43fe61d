//! Tape Decay: a measured tape machine. Loud sound bends as on tape, and pitch wavers as much as the dials say.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`engine`] | what it does to sound |
//! | [`params`] | the parameters, and how they become settings |
//! | [`presets`] | the factory presets |
//! | `editor` | what the window shows |
//! | `picture` | the picture in it: the tape and its machine |
//! | `remote` | the pages of a controller with knobs |

mod editor;
pub mod engine;
mod help;
pub mod params;
mod picture;
pub mod presets;
mod remote;

use std::sync::Arc;

use engine::Engine;
use green_ring_shell::{Desk, Meters, desk, guard, state};
use nice_plug::prelude::*;
use params::TapeDecayParams;

/// The plugin as hosts see it: wiring only.
#[derive(Default)]
pub struct TapeDecay {
    params: Arc<TapeDecayParams>,
    meters: Arc<Meters>,
    line: picture::Line,
    active: Option<Active>,
}

/// What exists between activation and deactivation.
struct Active {
    desk: Desk,
    engine: Engine,
    /// Whether the host renders faster or slower than it plays. A host may tell so one activation late.
    offline: bool,
}

impl TapeDecay {
    /// The told memory at the present settings, in seconds: the pre-roll after which it no longer matters where
    /// playback began. 0 before activation.
    pub fn memory_s(&self) -> f32 {
        self.active.as_ref().map_or(0.0, |active| active.engine.memory(&self.params.settings()))
    }
}

impl Plugin for TapeDecay {
    const NAME: &'static str = "Tape Decay";
    const VENDOR: &'static str = desk::VENDOR;
    const URL: &'static str = "";
    const EMAIL: &'static str = "";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = desk::LAYOUTS;
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
        editor::open(&self.params, &self.meters, &self.line)
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
        let offline = config.process_mode == ProcessMode::Offline;
        context.set_latency_samples(engine.latency() as u32);
        self.active = Some(Active { desk: Desk::new(&spec, self.meters.clone()), engine, offline });
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
        _aux: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        let Some(Active { desk, engine, offline }) = &mut self.active else {
            return ProcessStatus::Error("not activated");
        };
        let settings = self.params.settings_for(*offline);
        let song = desk.song(context.transport(), buffer.samples());
        let block = buffer.as_slice();
        desk.input(block);
        engine.process(&settings, &song, block);
        desk.output(block);
        self.line.tell(engine, &settings, &song, block);
        desk::status(engine.tail(&settings))
    }
}

impl ClapPlugin for TapeDecay {
    const CLAP_ID: &'static str = "green-ring.tape-decay";
    const CLAP_DESCRIPTION: Option<&'static str> = Some("A measured tape machine, in units that can be checked");
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] =
        &[ClapFeature::AudioEffect, ClapFeature::Stereo, ClapFeature::Mono, ClapFeature::Distortion];

    fn remote_controls(&self, context: &mut impl RemoteControlsContext) {
        remote::pages(&self.params, context);
    }
}

impl Vst3Plugin for TapeDecay {
    const VST3_CLASS_ID: [u8; 16] = *b"GreenRingTapeDec";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = &[Vst3SubCategory::Fx, Vst3SubCategory::Distortion];
}

nice_export_clap!(TapeDecay);
nice_export_vst3!(TapeDecay);
