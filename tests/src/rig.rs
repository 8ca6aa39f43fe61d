//! A plugin driven in this process, without a host.
//!
//! The rig stands where a host and the framework's wrapper stand: it cuts time into blocks, splits them at automation
//! as both wrappers do, tells the transport, and hands in the key. Everything through the plugin's public traits.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use green_ring_dsp::chance::Chance;
use green_ring_shell::presets::Preset;
use nice_plug::context::PluginApi;
use nice_plug::context::process::SendEventError;
use nice_plug::midi::{Channel, Key, VoiceID};
use nice_plug::prelude::*;

use crate::signals::Planar;

/// Sets `params` to what a preset says, the text of whose file this is; nobody else may set them meanwhile. Gives its name.
pub fn load(params: &dyn Params, file: &str) -> String {
    let preset = Preset::parse(file).expect("a preset");
    for (param, normalized) in preset.values(params).expect("parameters of this plugin") {
        // SAFETY: the pointer is to a parameter of `params`, which is alive.
        unsafe { param._internal_set_normalized_value(normalized) };
    }
    preset.name
}

/// How a host cuts time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cut {
    /// Blocks of one length.
    Blocks(usize),
    /// Blocks of 1 to 1024 frames, by chance under this seed.
    Random(u32),
}

impl Cut {
    /// The eight cuts of the laws.
    pub const ALL: [Self; 8] = [
        Self::Blocks(1),
        Self::Blocks(7),
        Self::Blocks(32),
        Self::Blocks(64),
        Self::Blocks(480),
        Self::Blocks(1_024),
        Self::Blocks(4_096),
        Self::Random(5),
    ];

    fn frames(self, block: usize) -> usize {
        match self {
            Self::Blocks(frames) => frames,
            Self::Random(seed) => 1 + (Chance::new(seed, 0).bits(block as i64)[0] % 1_024) as usize,
        }
    }
}

/// What the transport does from a frame on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Motion {
    /// Frame of the run at which this begins.
    pub frame: usize,
    /// Whether the song moves.
    pub playing: bool,
    /// Song position at that frame, in samples.
    pub sample: i64,
    /// Tempo in quarter notes a minute.
    pub tempo_bpm: f64,
}

impl Motion {
    /// Playing at 120 bpm from song sample `sample`, from the run's first frame on.
    pub fn from(sample: i64) -> Self {
        Self { frame: 0, playing: true, sample, tempo_bpm: 120.0 }
    }
}

/// One value of one parameter, at a frame of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Frame of the run.
    pub frame: usize,
    /// Parameter id.
    pub id: String,
    /// Normalized value, 0..1.
    pub normalized: f32,
}

/// A note that is struck or let go, at a frame of the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Note {
    /// Frame of the run.
    pub frame: usize,
    /// MIDI key.
    pub key: u8,
    /// Velocity above 0, up to 1; 0 lets it go.
    pub velocity: f32,
}

/// A run: what goes in, and how.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// The main input.
    pub input: &'a Planar,
    /// The key input, where the plugin has one and something is connected.
    pub key: Option<&'a Planar>,
    /// How time is cut.
    pub cut: Cut,
    /// What the transport does; in order of frames, the first at frame 0. Empty: the host tells no transport.
    pub motions: &'a [Motion],
    /// Automation, in order of frames.
    pub changes: &'a [Change],
}

impl<'a> Run<'a> {
    /// `input` played from song sample 0 in blocks of 512, nothing automated, no key.
    pub fn of(input: &'a Planar) -> Self {
        Self { input, key: None, cut: Cut::Blocks(512), motions: &[], changes: &[] }
    }
}

/// A plugin under test, activated.
pub struct Rig<P: Plugin> {
    /// The plugin itself.
    pub plugin: P,
    /// Sample rate in hertz.
    pub rate_hz: f64,
    /// Channels of the main bus.
    pub channels: usize,
    /// Told latency in samples.
    pub latency: usize,
    /// What the last call of `process` told.
    pub status: ProcessStatus,
    /// How long each call of `process` took, where asked for.
    pub times: Option<Vec<std::time::Duration>>,
    /// Notes that are played in every run, in order of frames.
    pub notes: Vec<Note>,
    layout: AudioIOLayout,
    params: Arc<dyn Params>,
    map: Vec<(String, ParamPtr, String)>,
}

impl<P: Plugin> Rig<P> {
    /// A fresh instance, activated at `rate_hz` with 1 or 2 channels after `values` (id, plain value) were set.
    pub fn new(rate_hz: f64, channels: usize, values: &[(&str, f32)]) -> Self {
        let plugin = P::default();
        let wide = |l: &&AudioIOLayout| l.main_output_channels.is_some_and(|n| n.get() as usize == channels);
        let layout = *P::AUDIO_IO_LAYOUTS.iter().find(wide).expect("a layout of that width");
        let params = plugin.params();
        let map = params.param_map();
        let status = ProcessStatus::Normal;
        let (times, notes) = (None, vec![]);
        let mut rig = Self { plugin, rate_hz, channels, latency: 0, status, times, notes, layout, params, map };
        for (id, plain) in values {
            rig.set(id, *plain);
        }
        rig.activate();
        rig
    }

    /// Deactivates (if need be), activates and resets, as hosts do.
    pub fn activate(&mut self) {
        let config = BufferConfig {
            sample_rate: self.rate_hz as f32,
            min_buffer_size: None,
            max_buffer_size: 4_096,
            process_mode: ProcessMode::Realtime,
        };
        let context = Activation { latency: AtomicU32::new(0) };
        self.plugin.deactivate();
        assert!(self.plugin.activate(&self.layout, &config, &mut &context), "activation was refused");
        self.plugin.reset();
        self.latency = context.latency.load(Relaxed) as usize;
    }

    /// Every parameter id, in order.
    pub fn ids(&self) -> Vec<String> {
        self.map.iter().map(|(id, ..)| id.clone()).collect()
    }

    /// The parameter with this id.
    pub fn param(&self, id: &str) -> ParamPtr {
        self.map.iter().find(|(known, ..)| known == id).unwrap_or_else(|| panic!("no parameter \"{id}\"")).1
    }

    /// The group that the parameter with this id is shown in.
    pub fn group(&self, id: &str) -> &str {
        &self.map.iter().find(|(known, ..)| known == id).expect("a known id").2
    }

    /// All parameters.
    pub fn params(&self) -> &dyn Params {
        &*self.params
    }

    /// Normalized value of `plain` for the parameter with this id.
    pub fn normalized(&self, id: &str, plain: f32) -> f32 {
        // SAFETY: the pointer is to a field of `self.params`, which is alive.
        unsafe { self.param(id).preview_normalized(plain) }
    }

    /// The present plain value of a parameter; for a choice its index.
    pub fn plain(&self, id: &str) -> f32 {
        // SAFETY: as above.
        unsafe { self.param(id).unmodulated_plain_value() }
    }

    /// Sets a parameter to a plain value; for a choice its index.
    pub fn set(&mut self, id: &str, plain: f32) {
        self.set_normalized(id, self.normalized(id, plain));
    }

    /// Sets a parameter to a normalized value.
    pub fn set_normalized(&mut self, id: &str, normalized: f32) {
        // SAFETY: as above; nobody else sets values meanwhile.
        unsafe { self.param(id)._internal_set_normalized_value(normalized) };
    }

    /// Loads a preset, the text of its file, and activates anew. Gives its name.
    pub fn load(&mut self, file: &str) -> String {
        let name = load(self.params(), file);
        self.activate();
        name
    }

    /// Plays a run and returns what came out, as long as what went in.
    pub fn run(&mut self, run: &Run) -> Planar {
        let total = run.input[0].len();
        let mut out = run.input[..self.channels].to_vec();
        let (mut host, mut block, mut next) = (0, 0, 0);
        while host < total {
            let cut = run.cut.frames(block).min(total - host);
            let end = run.motions.iter().map(|m| m.frame).filter(|f| *f > host).fold(host + cut, usize::min);
            let mut at = host;
            while at < end {
                while let Some(change) = run.changes.get(next).filter(|c| c.frame <= at) {
                    self.set_normalized(&change.id.clone(), change.normalized);
                    next += 1;
                }
                let until = run.changes.get(next).map_or(end, |c| c.frame.min(end));
                self.block(run, &mut out, at, until);
                at = until;
            }
            (host, block) = (end, block + 1);
        }
        out
    }

    /// Plays `input` once in blocks of 64 in a child process that the kernel ends at its first system call other than
    /// read, write and exit (seccomp's strict mode); whether it came through. Blocks are laid out before.
    #[cfg(target_os = "linux")]
    pub fn plays_without_system_calls(&mut self, input: &Planar) -> bool {
        const BLOCK: usize = 64;
        let mut sound = input.clone();
        let mut chunks: Vec<Vec<&mut [f32]>> = vec![];
        for channel in &mut sound {
            for (k, chunk) in channel.chunks_exact_mut(BLOCK).enumerate() {
                if chunks.len() <= k {
                    chunks.push(vec![]);
                }
                chunks[k].push(chunk);
            }
        }
        let mut blocks: Vec<Buffer> = vec![];
        for chunk in chunks {
            let mut buffer = Buffer::default();
            // SAFETY: the slices live until the buffers are dropped, and have the length that is told.
            unsafe { buffer.set_slices(BLOCK, |slices| *slices = chunk) };
            blocks.push(buffer);
        }
        // SAFETY: the child touches nothing but the plugin and the blocks laid out for it, makes no call into the C
        // library that could wait for a lock of a thread that it does not have, and ends by the bare system call.
        unsafe {
            let child = libc::fork();
            if child == 0 {
                libc::prctl(libc::PR_SET_SECCOMP, 1);
                for buffer in &mut blocks {
                    let mut aux = AuxiliaryBuffers { inputs: &mut [], outputs: &mut [] };
                    let transport = Transport::new(self.rate_hz as f32);
                    self.plugin.process(buffer, &mut aux, &mut Processing { transport, from: 0, notes: &[] });
                }
                libc::syscall(libc::SYS_exit, 0);
            }
            let mut status = 0;
            assert_eq!(libc::waitpid(child, &mut status, 0), child);
            libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0
        }
    }

    /// One call of `process`, over frames `at..until`. Nothing may be allocated in it.
    fn block(&mut self, run: &Run, out: &mut Planar, at: usize, until: usize) {
        let mut main = Buffer::default();
        // SAFETY: the slices live until `main` is dropped, and have the length that is told.
        unsafe {
            main.set_slices(until - at, |slices| slices.extend(out.iter_mut().map(|channel| &mut channel[at..until])));
        }
        let mut key_sound: Planar = run.key.map_or(vec![], |key| key.iter().map(|c| c[at..until].to_vec()).collect());
        let mut keys: Vec<Buffer> = vec![];
        if !self.layout.aux_input_ports.is_empty() {
            let mut key = Buffer::default();
            // SAFETY: as above.
            unsafe { key.set_slices(until - at, |slices| slices.extend(key_sound.iter_mut().map(|c| &mut c[..]))) };
            keys.push(key);
        }
        let mut aux = AuxiliaryBuffers { inputs: &mut keys, outputs: &mut [] };
        let transport = transport(run.motions, at, self.rate_hz);
        let within = |frame| self.notes.partition_point(|note| note.frame < frame);
        let mut context = Processing { transport, from: at, notes: &self.notes[within(at)..within(until)] };
        let before = nice_assert_no_alloc::violation_count();
        let begin = std::time::Instant::now();
        self.status = nice_assert_no_alloc::assert_no_alloc(|| self.plugin.process(&mut main, &mut aux, &mut context));
        if let Some(times) = &mut self.times {
            times.push(begin.elapsed());
        }
        assert_eq!(nice_assert_no_alloc::violation_count(), before, "process() allocated");
        assert!(!matches!(self.status, ProcessStatus::Error(_)), "{:?}", self.status);
    }
}

/// What a host tells at frame `at` of a run.
fn transport(motions: &[Motion], at: usize, rate_hz: f64) -> Transport {
    let mut transport = Transport::new(rate_hz as f32);
    if let Some(motion) = motions.iter().rev().find(|m| m.frame <= at) {
        let moved = if motion.playing { (at - motion.frame) as i64 } else { 0 };
        let sample = motion.sample + moved;
        transport.playing = motion.playing;
        transport.tempo = Some(motion.tempo_bpm);
        transport.pos_samples = Some(sample);
        transport.pos_beats = Some(sample as f64 / rate_hz / 60.0 * motion.tempo_bpm);
        (transport.time_sig_numerator, transport.time_sig_denominator) = (Some(4), Some(4));
    }
    transport
}

/// Stands in for the framework's wrapper at activation.
struct Activation {
    latency: AtomicU32,
}

impl<P: Plugin> ActivateContext<P> for &Activation {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }

    fn execute(&self, _: P::BackgroundTask) {}

    fn set_latency_samples(&self, samples: u32) {
        self.latency.store(samples, Relaxed);
    }

    fn set_current_voice_capacity(&self, _: u32) {}
}

/// Stands in for the framework's wrapper while it processes a block from frame `from` of the run on.
struct Processing<'a> {
    transport: Transport,
    from: usize,
    notes: &'a [Note],
}

impl<P: Plugin> ProcessContext<P> for Processing<'_> {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }

    fn execute_background(&self, _: P::BackgroundTask) {}

    fn execute_gui(&self, _: P::BackgroundTask) {}

    fn transport(&self) -> &Transport {
        &self.transport
    }

    fn next_event(&mut self) -> Option<PluginNoteEvent<P>> {
        let (note, rest) = self.notes.split_first()?;
        self.notes = rest;
        let (timing, key) = ((note.frame - self.from) as u32, Key::Number(note.key));
        let (voice_id, channel, velocity) = (VoiceID::Wildcard, Channel::Number(0), note.velocity);
        Some(if velocity > 0.0 {
            NoteEvent::NoteOn { timing, voice_id, channel, key, velocity }
        } else {
            NoteEvent::NoteOff { timing, voice_id, channel, key, velocity }
        })
    }

    fn try_send_event(&mut self, event: PluginNoteEvent<P>) -> Result<(), (PluginNoteEvent<P>, SendEventError)> {
        Err((event, SendEventError::NoOutputBuffer))
    }

    fn set_latency_samples(&self, _: u32) {
        panic!("latency is set in activate() only");
    }

    fn request_restart(&self) {}

    fn set_current_voice_capacity(&self, _: u32) {}
}
