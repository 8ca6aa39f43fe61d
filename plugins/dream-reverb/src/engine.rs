//! The sound of Dream Reverb: a room that can become a dream.
//!
//! ```text
//! in ─┬─► cuts ─► pre-delay ─┬─► early reflections ──────────────────────────────────┐
//!     │                      └─► diffuser ─► swell ─►(+)─► network ─┬─► taps ─┬──────┴─►(+)─► recede ─► width
//!     │                                               ▲             │         │          ▲                │
//!     │                                               └── shimmer ◄─┘         └─► dream ─┘             silence
//!     │                                                                                                   │
//!     └─► recede ─────────────────────────────────────────────────────► dry/wet ◄────────────────────── duck
//! ```
//!
//! The dream is what is made of the tail's past: the spectral hold, Reverse, Grains, Choir and Drone ([`transforms`]).
//! Nothing is told as latency: a room answers later anyway.

pub mod absorb;
pub mod balance;
pub mod ceiling;
pub mod cell;
pub mod choir;
pub mod choke;
pub mod clock;
pub mod decay;
pub mod diffuser;
pub mod drone;
pub mod duck;
pub mod early;
pub mod fade;
pub mod formants;
pub mod frame;
pub mod ghost;
pub mod glide;
pub mod grains;
pub mod heard;
pub mod hold;
pub mod hum;
pub mod leak;
pub mod lines;
pub mod makeup;
pub mod motion;
pub mod network;
pub mod partials;
#[cfg(test)]
mod pink;
pub mod pre_delay;
pub mod recede;
pub mod reverse;
pub mod ring;
pub mod room;
pub mod scene;
pub mod settings;
pub mod shifter;
pub mod shimmer;
pub mod sine;
pub mod singers;
pub mod spectral;
pub mod spread;
pub mod stage;
pub mod sub_audio;
pub mod swarm;
pub mod sway;
pub mod swell;
pub mod tail_ring;
pub mod tone;
pub mod transforms;
pub mod turn;
pub mod wander;
pub mod wet;
pub mod width;

pub use cell::Cell;
pub use settings::{DuckFrom, Settings, Sync};

use cell::Cells;
use choke::{Choke, Task};
use duck::Duck;
use green_ring_dsp::mix::{Law, Output};
use green_ring_dsp::{Grid, Part, Song, Sound, Spec, Tail};
use heard::Heard;
use recede::Recede;
use wet::Wet;

/// The reverb.
#[derive(Debug)]
pub struct Engine {
    spec: Spec,
    grid: Grid,
    cells: Cells,
    wet: Wet,
    choke: Choke,
    task: Task,
    duck: Duck,
    duck_from: DuckFrom,
    /// Length of a quarter note as last told, for what the tail and the memory are.
    quarter_samples: f64,
    heard: Heard,
    recede: Recede,
    output: Output,
}

impl Engine {
    /// A reverb for any settings at `spec`. Allocates.
    pub fn new(spec: &Spec) -> Self {
        Self {
            spec: *spec,
            grid: Grid::default(),
            cells: Cells::default(),
            wet: Wet::new(spec),
            choke: Choke::new(spec),
            task: Task::Sound,
            duck: Duck::new(spec),
            duck_from: DuckFrom::Dry,
            quarter_samples: 0.5 * spec.sample_rate,
            heard: Heard::new(),
            recede: Recede::new(spec),
            output: Output::new(spec, Law::EqualPower),
        }
    }

    /// Silence; equal to a fresh engine. Does not allocate.
    pub fn reset(&mut self) {
        self.grid.reset();
        self.cells.reset();
        self.wet.reset();
        self.choke.reset();
        self.duck.reset();
        self.recede.reset();
        self.output.reset();
    }

    /// Reverberates `block`, one or two channels of at least one frame, in place. `key` is what the wet sound may yield to;
    /// missing or short channels of it are silence.
    pub fn process(&mut self, settings: &Settings, song: &Song, block: &mut [&mut [f32]], key: &[&[f32]]) {
        let (frames, mut done) = (block[0].len(), 0);
        while let Some(part) = self.grid.part(song, done, frames) {
            if part.edge {
                self.latch(&settings.held(), &part.song);
            }
            let mut dry = part.load(block);
            if block.len() == 1 {
                dry[1] = dry[0];
            }
            let mut wet = self.answer(&dry, &part.load_key(key), &part);
            self.heard.note(&wet, part.frames);
            self.recede.process(&mut dry, part.frames);
            self.output.process(&dry, &mut wet, part.frames);
            part.store(&wet, block);
            done += part.frames;
            self.cells.pass(part.frames);
        }
    }

    /// Samples by which the dry sound comes late: none.
    pub fn latency(&self) -> usize {
        0
    }

    /// How long the room sounds after its input has gone silent: for ever while it is held.
    pub fn tail(&self, settings: &Settings) -> Tail {
        let settings = settings.held();
        if settings.silence {
            return Tail::Samples(self.spec.samples(f64::from(settings.silence_s) + 0.1) as u32);
        }
        if settings.freeze || settings.infinite {
            return Tail::Infinite;
        }
        // From the loudest sound that comes in (+60 dBFS), with 40 dB for a tone that meets resonances, down to where the
        // network lets go (-200 dBFS).
        Tail::Samples(self.spec.samples(self.wet.falls_by(&settings, 300.0, self.quarter_samples)) as u32)
    }

    /// Seconds of pre-roll after which it no longer matters where playback began: the tail has by then fallen by 120 dB,
    /// and 20 dB more for a sound that was louder before.
    pub fn memory(&self, settings: &Settings) -> f32 {
        let settings = settings.held();
        let ducked_s = if settings.duck_db > 0.0 { duck::MEMORY_S } else { 0.0 };
        self.wet.falls_by(&settings, 140.0, self.quarter_samples) as f32 + ducked_s
    }

    /// What was heard wet of late, at full level whatever Mix is. For pictures.
    pub fn heard(&self) -> &Heard {
        &self.heard
    }

    /// How far Silence lets the wet sound through: 1 all of it, 0 none. For pictures.
    pub fn open(&self) -> f32 {
        self.choke.open()
    }

    /// Samples a second.
    pub fn rate_hz(&self) -> f32 {
        self.spec.sample_rate as f32
    }

    /// At a cell's edge: the only place where settings are read.
    fn latch(&mut self, settings: &Settings, song: &Song) {
        let cell = self.cells.begin(song);
        self.task = self.choke.latch(settings.silence, settings.silence_s);
        match self.task {
            Task::Sound => self.wet.latch(settings, song, &cell),
            Task::Wipe(part) => self.wet.wipe(part),
            Task::Rest => {}
        }
        self.duck_from = settings.duck_from;
        self.quarter_samples = song.quarter_samples();
        self.duck.latch(settings.duck_db);
        self.recede.latch(settings.recede);
        self.output.set(settings.mix, settings.output_db, settings.bypass);
    }

    /// The wet sound of one part.
    fn answer(&mut self, dry: &Sound, key: &Sound, part: &Part) -> Sound {
        let mut wet = match self.task {
            Task::Sound => self.wet.process(&self.choke.enter(dry, part.frames), part.frames),
            Task::Wipe(_) | Task::Rest => Sound::default(),
        };
        self.choke.process(&mut wet, part.frames);
        let source = match self.duck_from {
            DuckFrom::Dry => dry,
            DuckFrom::Key => key,
        };
        self.duck.process(source, &mut wet, part.frames);
        wet
    }
}

#[cfg(test)]
mod tests;
