//! The audio thread's side of the VST3 host.

use vst3::ComPtr;
use vst3::Steinberg::Vst::ProcessContext_::StatesAndFlags_::{
    kBarPositionValid, kPlaying, kProjectTimeMusicValid, kTempoValid, kTimeSigValid,
};
use vst3::Steinberg::Vst::ProcessModes_::kRealtime;
use vst3::Steinberg::Vst::SymbolicSampleSizes_::kSample32;
use vst3::Steinberg::Vst::{
    AudioBusBuffers, AudioBusBuffers__type0, IAudioProcessor, IAudioProcessorTrait, ProcessContext, ProcessData,
};
use vst3::Steinberg::kResultOk;

use super::objects::Changes;
use crate::host::{Audio, Block, Key, Setup, Song};

/// An active VST3 instance.
pub struct Vst3Audio {
    processor: ComPtr<IAudioProcessor>,
    setup: Setup,
    has_key: bool,
}

impl Vst3Audio {
    pub(super) fn new(processor: ComPtr<IAudioProcessor>, setup: Setup, has_key: bool) -> Vst3Audio {
        Vst3Audio { processor, setup, has_key }
    }

    /// The key bus of a block. VST3 busses cannot be left out, so a host without the bus gives one with no channels.
    fn key(&self, block: &Block) -> Option<Bus> {
        self.has_key.then(|| match block.key {
            Key::Sound(key) => Bus::new(key.to_vec()),
            Key::Missing | Key::Empty => Bus::new(Vec::new()),
        })
    }
}

impl Audio for Vst3Audio {
    fn process(&mut self, block: &Block) -> Vec<Vec<f32>> {
        let frames = block.input[0].len();
        let mut main = Bus::new(block.input.to_vec());
        let mut key = self.key(block);
        let mut output = Bus::new(vec![vec![f32::NAN; frames]; self.setup.channels]);
        let mut inputs: Vec<_> = [&mut main].into_iter().chain(&mut key).map(Bus::told).collect();
        let mut outputs = [output.told()];
        let changes = Changes::object(block.changes);
        let mut context = block.song.map(|song| context(song, self.setup.rate_hz));

        let mut data = ProcessData {
            processMode: kRealtime as i32,
            symbolicSampleSize: kSample32 as i32,
            numSamples: frames as i32,
            numInputs: inputs.len() as i32,
            numOutputs: 1,
            inputs: inputs.as_mut_ptr(),
            outputs: outputs.as_mut_ptr(),
            inputParameterChanges: changes.as_ptr(),
            outputParameterChanges: std::ptr::null_mut(),
            inputEvents: std::ptr::null_mut(),
            outputEvents: std::ptr::null_mut(),
            processContext: context.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut),
        };
        // SAFETY: all that `data` points to lives until the end of this function.
        assert_eq!(unsafe { self.processor.process(&mut data) }, kResultOk);
        output.channels
    }

    fn tail(&mut self) -> u32 {
        // SAFETY: no pointers are passed.
        unsafe { self.processor.getTailSamples() }
    }
}

/// Sound and the pointers to it.
struct Bus {
    channels: Vec<Vec<f32>>,
    pointers: Vec<*mut f32>,
}

impl Bus {
    fn new(channels: Vec<Vec<f32>>) -> Bus {
        Bus { channels, pointers: Vec::new() }
    }

    /// As the plugin is told of it; valid while the bus lives. No channels go with a null pointer.
    fn told(&mut self) -> AudioBusBuffers {
        self.pointers = self.channels.iter_mut().map(Vec::as_mut_ptr).collect();
        let none = self.pointers.is_empty();
        let pointers = if none { std::ptr::null_mut() } else { self.pointers.as_mut_ptr() };
        AudioBusBuffers {
            numChannels: self.channels.len() as i32,
            silenceFlags: 0,
            __field0: AudioBusBuffers__type0 { channelBuffers32: pointers },
        }
    }
}

#[allow(clippy::unnecessary_cast)] // The constants' type differs from system to system.
fn context(song: Song, rate_hz: f64) -> ProcessContext {
    let told = kProjectTimeMusicValid | kBarPositionValid | kTempoValid | kTimeSigValid;
    let quarters = song.quarters(rate_hz);
    // SAFETY: plain data, all zero is a value.
    let mut context: ProcessContext = unsafe { std::mem::zeroed() };
    context.state = told as u32 | if song.playing { kPlaying as u32 } else { 0 };
    context.sampleRate = rate_hz;
    context.projectTimeSamples = song.frame;
    context.projectTimeMusic = quarters;
    context.barPositionMusic = (quarters / 4.0).floor() * 4.0;
    context.tempo = song.tempo_bpm;
    context.timeSigNumerator = 4;
    context.timeSigDenominator = 4;
    context
}
