//! The audio thread's side of the CLAP host.

use std::collections::HashMap;

use clack_extensions::tail::{PluginTail, TailLength};
use clack_host::events::event_types::{ParamValueEvent, TransportEvent, TransportFlags};
use clack_host::events::spaces::CoreEventSpace;
use clack_host::events::{EventFlags, EventHeader, Pckn, UnknownEvent};
use clack_host::prelude::*;
use clack_host::utils::{BeatTime, SecondsTime};

use super::clap_id;
use super::handlers::TestHost;
use crate::host::{Audio, Block, Key, Setup, Song};

/// What the plugin tells of the user's hand: the parameter's number, and a normalised value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told {
    /// A gesture begins.
    Begin(u32),
    /// The parameter moves.
    Value(u32, f64),
    /// The gesture ends.
    End(u32),
}

/// An active CLAP instance.
pub struct ClapAudio {
    processor: StartedPluginAudioProcessor<TestHost>,
    setup: Setup,
    has_key: bool,
    steps: HashMap<u32, u32>,
    told: Vec<Told>,
}

impl ClapAudio {
    pub(super) fn new(
        processor: StartedPluginAudioProcessor<TestHost>,
        setup: Setup,
        has_key: bool,
        steps: HashMap<u32, u32>,
    ) -> ClapAudio {
        ClapAudio { processor, setup, has_key, steps, told: Vec::new() }
    }

    pub(super) fn stop(self) -> StoppedPluginAudioProcessor<TestHost> {
        self.processor.stop_processing()
    }

    /// The input ports of a block: main, and key where plugin and host have one.
    fn ports(&self, block: &Block) -> Vec<Vec<Vec<f32>>> {
        let mut ports = vec![block.input.to_vec()];
        match block.key {
            Key::Sound(key) if self.has_key => ports.push(key.to_vec()),
            Key::Empty if self.has_key => ports.push(Vec::new()),
            _ => {}
        }
        ports
    }

    /// What the plugin has told since the last call.
    pub fn told(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.told)
    }

    fn read(&self, event: &UnknownEvent) -> Option<Told> {
        let id = |id: Option<clack_host::utils::ClapId>| id.map(|id| id.get());
        match event.as_core_event()? {
            CoreEventSpace::ParamGestureBegin(event) => id(event.param_id()).map(Told::Begin),
            CoreEventSpace::ParamGestureEnd(event) => id(event.param_id()).map(Told::End),
            CoreEventSpace::ParamValue(event) => {
                let id = id(event.param_id())?;
                Some(Told::Value(id, event.value() / f64::from(self.steps[&id].max(1))))
            }
            _ => None,
        }
    }

    fn events(&self, block: &Block) -> EventBuffer {
        let mut events = EventBuffer::new();
        for change in block.changes {
            let value = change.value * f64::from(self.steps[&change.id].max(1));
            let id = clap_id(change.id);
            events.push(&ParamValueEvent::new(change.frame as u32, id, Pckn::match_all(), value));
        }
        events
    }
}

impl Audio for ClapAudio {
    fn process(&mut self, block: &Block) -> Vec<Vec<f32>> {
        let mut output = vec![vec![f32::NAN; block.input[0].len()]; self.setup.channels];
        let mut inputs = self.ports(block);
        let transport = block.song.map(|song| transport(song, self.setup.rate_hz));
        let events = self.events(block);

        let mut in_ports = AudioPorts::with_capacity(4, 2);
        let inputs = in_ports.with_input_buffers(inputs.iter_mut().map(|port| AudioPortBuffer {
            latency: 0,
            channels: AudioPortBufferType::f32_input_only(port.iter_mut().map(InputChannel::variable)),
        }));
        let mut out_ports = AudioPorts::with_capacity(2, 1);
        let mut outputs = out_ports.with_output_buffers([AudioPortBuffer {
            latency: 0,
            channels: AudioPortBufferType::f32_output_only(output.iter_mut().map(Vec::as_mut_slice)),
        }]);
        let mut told = EventBuffer::new();
        self.processor
            .process(&inputs, &mut outputs, &events.as_input(), &mut told.as_output(), None, transport.as_ref())
            .expect("a processed block");
        let told: Vec<Told> = told.iter().filter_map(|event| self.read(event)).collect();
        self.told.extend(told);
        output
    }

    fn tail(&mut self) -> u32 {
        let plugin = self.processor.plugin_handle();
        match plugin.get_extension::<PluginTail>().expect("a tail").get(&plugin) {
            TailLength::Finite(frames) => frames,
            TailLength::Infinite => u32::MAX,
        }
    }
}

fn transport(song: Song, rate_hz: f64) -> TransportEvent {
    let none = (BeatTime::from_float(0.0), SecondsTime::from_float(0.0));
    let quarters = song.quarters(rate_hz);
    let bar = (quarters / 4.0).floor();
    let told = TransportFlags::HAS_TEMPO
        | TransportFlags::HAS_BEATS_TIMELINE
        | TransportFlags::HAS_SECONDS_TIMELINE
        | TransportFlags::HAS_TIME_SIGNATURE;
    TransportEvent {
        header: EventHeader::new_core(0, EventFlags::empty()),
        flags: if song.playing { told | TransportFlags::IS_PLAYING } else { told },
        song_pos_beats: BeatTime::from_float(quarters),
        song_pos_seconds: SecondsTime::from_float(song.seconds(rate_hz)),
        tempo: song.tempo_bpm,
        tempo_inc: 0.0,
        loop_start_beats: none.0,
        loop_end_beats: none.0,
        loop_start_seconds: none.1,
        loop_end_seconds: none.1,
        bar_start: BeatTime::from_float(bar * 4.0),
        bar_number: bar as i32,
        time_signature_numerator: 4,
        time_signature_denominator: 4,
    }
}
