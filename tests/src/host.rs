//! What a test asks of a host, the same for both plugin formats. [`crate::clap_host`] and [`crate::vst3_host`] speak to
//! the built bundles through their real ABIs.

use crate::bundle::Bundle;
use crate::window::Window;

/// A parameter as the host lists it. Its values are normalised here, 0 to 1, in both formats.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// The number that stands for the plugin's own text id.
    pub id: u32,
    /// Shown to the user.
    pub name: String,
    /// Path of the group, levels parted by `/`; empty at the root.
    pub group: String,
    /// Steps between the ends of the range; 0 is continuous.
    pub steps: u32,
    /// Normalised default.
    pub default: f64,
    /// May be automated.
    pub automatable: bool,
    /// Not shown to the user.
    pub hidden: bool,
    /// Is the host's own bypass switch.
    pub bypass: bool,
}

impl Param {
    /// The nearest value to `value` (0 to 1) that the parameter can have.
    pub fn snap(&self, value: f64) -> f64 {
        let steps = f64::from(self.steps);
        if self.steps == 0 { value } else { (value * steps).round() / steps }
    }
}

/// An audio port.
#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    /// Shown where the user routes.
    pub name: String,
    /// Width in channels.
    pub channels: u32,
    /// Main port, or a side input.
    pub main: bool,
}

/// What the host promises at activation.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Samples per second.
    pub rate_hz: f64,
    /// Longest block.
    pub max_frames: u32,
    /// Width of the main input and output, and of the key where there is one.
    pub channels: usize,
}

/// A parameter takes a normalised value from one frame of the block on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Counted from the block's start.
    pub frame: usize,
    /// [`Param::id`]
    pub id: u32,
    /// 0 to 1
    pub value: f64,
}

/// What the host gives to the key port.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// The host knows of no such port and passes the main input only.
    Missing,
    /// The port is passed with no channels.
    Empty,
    /// Sound, of any number of channels.
    Sound(&'a [Vec<f32>]),
}

/// The host's transport at the start of a block, in 4/4.
#[derive(Clone, Copy, Debug)]
pub struct Song {
    /// Running, or standing at `frame`.
    pub playing: bool,
    /// Frames since the song's start.
    pub frame: i64,
    /// Quarter notes per minute.
    pub tempo_bpm: f64,
}

impl Song {
    /// Seconds since the song's start.
    pub fn seconds(&self, rate_hz: f64) -> f64 {
        self.frame as f64 / rate_hz
    }

    /// Quarter notes since the song's start.
    pub fn quarters(&self, rate_hz: f64) -> f64 {
        self.seconds(rate_hz) / 60.0 * self.tempo_bpm
    }
}

/// One call of the audio thread.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    /// A vector a channel, all of one length.
    pub input: &'a [Vec<f32>],
    /// Side input, as long as `input`.
    pub key: Key<'a>,
    /// In order of time.
    pub changes: &'a [Change],
    /// `None`: the host tells no transport.
    pub song: Option<Song>,
}

/// An active instance as the audio thread has it.
pub trait Audio: Send + 'static {
    /// The output, a vector a channel.
    fn process(&mut self, block: &Block) -> Vec<Vec<f32>>;
    /// Frames of sound after the input ends; `u32::MAX` is for ever.
    fn tail(&mut self) -> u32;
}

/// An instance as the main thread has it.
pub trait Host: Sized {
    /// Its other half.
    type Audio: Audio;
    /// For messages.
    const FORMAT: &'static str;

    /// Loads the bundle and makes an instance. Libraries stay loaded.
    fn open(bundle: &Bundle) -> Self;
    /// All parameters in the plugin's order.
    fn params(&mut self) -> Vec<Param>;
    /// Present normalised value.
    fn value(&mut self, id: u32) -> f64;
    /// Sets normalised values, outside of audio.
    fn set(&mut self, values: &[(u32, f64)]);
    /// A normalised value as the user reads it, with its unit.
    fn text(&mut self, id: u32, value: f64) -> String;
    /// What the user typed as a normalised value.
    fn parse(&mut self, id: u32, text: &str) -> Option<f64>;
    /// The plugin's state, without what the format puts around it: JSON, the same in both formats.
    fn save(&mut self) -> Vec<u8>;
    /// True where the plugin accepts the state.
    fn load(&mut self, state: &[u8]) -> bool;
    /// Input ports, main first.
    fn inputs(&mut self) -> Vec<Port>;
    /// Output ports.
    fn outputs(&mut self) -> Vec<Port>;
    /// Told latency, in samples.
    fn latency(&mut self) -> u32;
    /// Chooses the layout, activates and starts processing.
    fn activate(&mut self, setup: Setup) -> Self::Audio;
    /// Stops processing and deactivates.
    fn deactivate(&mut self, audio: Self::Audio);
    /// Opens the editor in the window. `run_loop` only matters to VST3: whether the host lends its own event loop.
    fn open_editor(&mut self, window: &Window, run_loop: bool);
    /// Closes it.
    fn close_editor(&mut self);
    /// One turn of the host's main thread: what the plugin asked to be called for.
    fn idle(&mut self);
}

/// Plays `input` in blocks of `frames`, from `song` on, with the changes counted from the first frame of all.
pub fn play(audio: &mut impl Audio, whole: &Block, frames: usize) -> Vec<Vec<f32>> {
    let total = whole.input[0].len();
    let mut output = vec![Vec::with_capacity(total); whole.input.len()];
    for start in (0..total).step_by(frames) {
        let range = start..total.min(start + frames);
        let cut = |channels: &[Vec<f32>]| channels.iter().map(|c| c[range.clone()].to_vec()).collect::<Vec<_>>();
        let key = if let Key::Sound(key) = whole.key { cut(key) } else { Vec::new() };
        let changes: Vec<_> = (whole.changes.iter())
            .filter(|change| range.contains(&change.frame))
            .map(|change| Change { frame: change.frame - start, ..*change })
            .collect();
        let block = Block {
            input: &cut(whole.input),
            key: if let Key::Sound(_) = whole.key { Key::Sound(&key) } else { whole.key },
            changes: &changes,
            song: whole.song.map(|song| song.after(start)),
        };
        for (all, new) in output.iter_mut().zip(audio.process(&block)) {
            all.extend(new);
        }
    }
    output
}

impl Song {
    /// The transport `frames` later.
    pub fn after(self, frames: usize) -> Song {
        let moved = if self.playing { frames as i64 } else { 0 };
        Song { frame: self.frame + moved, ..self }
    }
}
