//! A plugin at work: activated, fed block by block with events and a transport, and put to rest on drop.

use anyhow::{Context, Result, anyhow};
use clack_extensions::latency::PluginLatency;
use clack_extensions::tail::{PluginTail, TailLength};
use clack_host::events::event_types::TransportEvent;
use clack_host::events::io::EventBuffer;
use clack_host::prelude::{
    AudioPortBuffer, AudioPortBufferType, AudioPorts, InputChannel, PluginAudioConfiguration,
    StartedPluginAudioProcessor,
};

use super::handlers::Handlers;
use super::params::Setting;
use super::{Hosted, Layout};

/// Samples by channel.
type Channels = Vec<Vec<f32>>;

/// An activated plugin with its buffers of one block.
pub struct Playing<'h> {
    hosted: &'h mut Hosted,
    processor: Option<StartedPluginAudioProcessor<Handlers>>,
    /// Filled by the caller before each block: the main input, then the key input where there is one.
    pub inputs: Vec<Channels>,
    /// What the plugin made of the last block.
    pub output: Channels,
    played_samples: u64,
}

impl Hosted {
    /// Activates the plugin in a layout, at a sample rate, for blocks of at most `block` frames.
    pub fn play(&mut self, layout: Layout, rate: u32, block: usize) -> Result<Playing<'_>> {
        let configuration = PluginAudioConfiguration {
            sample_rate: f64::from(rate),
            min_frames_count: 1,
            max_frames_count: block as u32,
        };
        let stopped = self.instance.activate(|_, _| (), configuration)?;
        let processor = stopped.start_processing().map_err(|_| anyhow!("it does not start to process"))?;
        let silence = |channels: usize| vec![vec![0.0; block]; channels];
        Ok(Playing {
            hosted: self,
            processor: Some(processor),
            inputs: [Some(layout.channels), layout.key].into_iter().flatten().map(silence).collect(),
            output: silence(layout.channels),
            played_samples: 0,
        })
    }
}

impl Playing<'_> {
    /// The latency that it tells, in samples.
    pub fn latency(&mut self) -> usize {
        let handle = self.hosted.instance.plugin_handle();
        let latency = handle.get_extension::<PluginLatency>();
        latency.map_or(0, |latency| latency.get(&handle) as usize)
    }

    /// The tail that it tells after the block that it played last, in samples; `None` is without end.
    pub fn tail(&mut self) -> Option<usize> {
        let handle = self.processor.as_mut()?.plugin_handle();
        let length = handle.get_extension::<PluginTail>().map(|tail| tail.get(&handle));
        match length.unwrap_or_default() {
            TailLength::Finite(samples) => Some(samples as usize),
            TailLength::Infinite => None,
        }
    }

    /// Plays the first `frames` of the inputs into the output. Settings carry their sample in the block, in order.
    pub fn process(&mut self, frames: usize, settings: &[(u32, Setting)], song: &TransportEvent) -> Result<()> {
        let mut events = EventBuffer::new();
        for (sample, setting) in settings {
            events.push(&setting.at(*sample));
        }
        let width = self.inputs.iter().map(Vec::len).sum();
        let mut ports = AudioPorts::with_capacity(width, self.inputs.len());
        let inputs = ports.with_input_buffers(self.inputs.iter_mut().map(|port| {
            let channels = port.iter_mut().map(|channel| &mut channel[..frames]);
            let channels = channels.map(InputChannel::variable);
            let channels = AudioPortBufferType::f32_input_only(channels);
            AudioPortBuffer { latency: 0, channels }
        }));
        let mut ports = AudioPorts::with_capacity(self.output.len(), 1);
        let channels = self.output.iter_mut().map(|channel| &mut channel[..frames]);
        let channels = AudioPortBufferType::f32_output_only(channels);
        let mut outputs = ports.with_output_buffers([AudioPortBuffer { latency: 0, channels }]);
        let mut answers = EventBuffer::new();
        self.processor.as_mut().context("it is not playing")?.process(
            &inputs,
            &mut outputs,
            &events.as_input(),
            &mut answers.as_output(),
            Some(self.played_samples),
            Some(song),
        )?;
        self.played_samples += frames as u64;
        Ok(())
    }
}

impl Drop for Playing<'_> {
    fn drop(&mut self) {
        if let Some(processor) = self.processor.take() {
            self.hosted.instance.deactivate(processor.stop_processing());
        }
    }
}
