//! Misbehave: breaks sound on purpose, from order to chaos, and breaks it the same way on every playback.
//!
//! | file | what it is |
//! | --- | --- |
//! | [`params`] | parameters, and how they become the engine's settings |
//! | [`grid`] | the note values that a grid step may have |
//! | [`engine`] | the sound |
//! | `notes` | what a host plays on the lanes |
//! | [`presets`] | the factory presets |
//! | `editor` | what the window shows |
//! | `picture` | the score of the future, drawn in it |
//! | `remote` | what a controller's knobs are |

mod editor;
pub mod engine;
pub mod grid;
mod help;
mod notes;
pub mod params;
mod picture;
pub mod presets;
mod remote;

use std::sync::Arc;

use green_ring_shell::{Desk, Listener, Meters, Teller, desk, guard, state, wire};
use nice_plug::prelude::*;

use engine::Engine;
use params::MisbehaveParams;
use picture::Reading;

/// The plugin as hosts see it: wiring only.
pub struct Misbehave {
    params: Arc<MisbehaveParams>,
    meters: Arc<Meters>,
    teller: Teller<Reading>,
    listener: Listener<Reading>,
    active: Option<Active>,
}

impl Default for Misbehave {
    fn default() -> Self {
        let (teller, listener) = wire(picture::WIRE);
        Self { params: Arc::default(), meters: Arc::default(), teller, listener, active: None }
    }
}

/// What exists between activation and deactivation.
struct Active {
    desk: Desk,
    engine: Engine,
}

impl Misbehave {
    /// Seconds of pre-roll after which it no longer matters where playback began, at the tempo heard last; 0 while the
    /// plugin is not active.
    pub fn memory_s(&self) -> f32 {
        self.active.as_ref().map_or(0.0, |active| active.engine.memory(&self.params.settings()))
    }
}

impl Plugin for Misbehave {
    const NAME: &'static str = "Misbehave";
    const VENDOR: &'static str = desk::VENDOR;
    const URL: &'static str = "";
    const EMAIL: &'static str = "";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = desk::LAYOUTS;
    const SAMPLE_ACCURATE_AUTOMATION: bool = true;
    const MIDI_INPUT: MidiConfig = MidiConfig::Basic;

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
        editor::open(&self.params, &self.meters, &self.listener)
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
        _aux: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        let Some(Active { desk, engine }) = &mut self.active else {
            return ProcessStatus::Error("not activated");
        };
        let settings = self.params.settings();
        let song = desk.song(context.transport(), buffer.samples());
        let block = buffer.as_slice();
        desk.input(block);
        notes::play(engine, &settings, &song, block, || context.next_event());
        desk.output(block);
        picture::tell(&mut self.teller, engine, &settings);
        desk::status(engine.tail(&settings))
    }
}

impl ClapPlugin for Misbehave {
    const CLAP_ID: &'static str = "green-ring.misbehave";
    const CLAP_DESCRIPTION: Option<&'static str> = Some("Order to chaos, the same way every time");
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] =
        &[ClapFeature::AudioEffect, ClapFeature::Glitch, ClapFeature::Stereo, ClapFeature::Mono];

    fn remote_controls(&self, context: &mut impl RemoteControlsContext) {
        remote::pages(&self.params, context);
    }
}

impl Vst3Plugin for Misbehave {
    const VST3_CLASS_ID: [u8; 16] = *b"GreenRingMisbehv";
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] =
        &[Vst3SubCategory::Fx, Vst3SubCategory::Modulation, Vst3SubCategory::Stereo];
}

nice_export_clap!(Misbehave);
nice_export_vst3!(Misbehave);
