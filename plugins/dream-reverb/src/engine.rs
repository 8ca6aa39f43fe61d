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
pub mod singers;
pub mod spectral;
pub mod spread;
pub mod stage;
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
mod tests {
    use super::*;
    use green_ring_dsp::chance::Chance;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

    /// Noise through `engine` from song sample `from` to `to`, cut by `cut`, with `settings` for each 512 samples.
    fn play(
        engine: &mut Engine,
        from: i64,
        to: i64,
        cut: impl Fn(i64) -> i64,
        settings: impl Fn(i64) -> Settings,
    ) -> Vec<f32> {
        let (mut at, mut heard) = (from, vec![]);
        while at < to {
            let end = (at + cut(at)).min(to).min((at / 512 + 1) * 512);
            let noise = |side: usize| (at..end).map(|n| 0.2 * Chance::new(3, 8).normal(n)[side]).collect::<Vec<f32>>();
            let (mut left, mut right) = (noise(0), noise(1));
            let song = Song::new(true, at, 120.0, 48_000.0);
            engine.process(&settings(at / 512), &song, &mut [&mut left[..], &mut right[..]], &[]);
            heard.extend(left.iter().zip(&right).flat_map(|(l, r)| [*l, *r]));
            at = end;
        }
        heard
    }

    fn automated(step: i64) -> Settings {
        let [a, b, c, d] = Chance::new(4, 8).uniform(step / 20);
        let [e, f, ..] = Chance::new(5, 8).uniform(step / 20);
        Settings {
            mix: a,
            size_m: 2.0 + 40.0 * b,
            decay_s: 0.1 + 0.3 * c,
            diffusion: d,
            motion: e,
            width: 1.5 * f,
            pre_delay_s: 0.1 * a,
            low_cut_hz: 50.0 + 300.0 * d,
            dream: if e > 0.5 { f } else { 0.0 },
            freeze: (step / 20) % 7 == 3,
            infinite: (step / 20) % 5 == 3,
            silence: (step / 20) % 9 == 5,
            silence_s: 0.1,
            glide: c > 0.5,
            recede: (2.0 * d - 1.0).max(0.0),
            duck_db: 24.0 * (2.0 * a - 1.0).max(0.0),
            ..Settings::default()
        }
    }

    #[test]
    fn any_cut_and_a_reset_give_the_same_bits() {
        let mut engine = Engine::new(&SPEC);
        let whole = play(&mut engine, 1_000, 150_000, |_| 4_096, automated);
        engine.reset();
        assert!(whole == play(&mut engine, 1_000, 150_000, |_| 4_096, automated), "reset");
        assert!(whole == play(&mut Engine::new(&SPEC), 1_000, 150_000, |at| 1 + at * 7 % 61, automated), "cut");
    }

    #[test]
    fn started_late_it_agrees_after_the_told_memory() {
        let settings = Settings { decay_s: 0.5, motion: 1.0, mix: 1.0, ..Settings::default() };
        let memory = SPEC.samples(Engine::new(&SPEC).memory(&settings) as f64);
        let (from, to) = (50_003, 50_003 + memory as i64 + 20_000);
        let early = play(&mut Engine::new(&SPEC), 0, to, |_| 512, |_| settings);
        let late = play(&mut Engine::new(&SPEC), from, to, |_| 512, |_| settings);
        let apart = |at: usize| (early[2 * from as usize + at] - late[at]).abs();
        assert!((0..2_000).map(apart).fold(0.0, f32::max) > 1e-2);
        let worst = (2 * memory..late.len()).map(apart).fold(0.0, f32::max);
        assert!(worst < 1e-6, "{worst}");
    }

    #[test]
    fn after_the_told_tail_it_is_silent_to_the_last_bit() {
        let settings = Settings { mix: 1.0, decay_s: 0.3, low_decay: 2.0, low_cut_hz: 20.0, ..Settings::default() };
        let mut engine = Engine::new(&SPEC);
        let Tail::Samples(tail) = engine.tail(&settings) else { panic!("endless") };
        let mut left: Vec<f32> = (0..48_000).map(|n| 999.0 * (n as f32 * 0.01).sin()).collect();
        left.resize(48_000 + tail as usize + 1_000, 0.0);
        let mut right = left.clone();
        engine.process(&settings, &Song::new(true, 0, 120.0, 48_000.0), &mut [&mut left[..], &mut right[..]], &[]);
        let end = left.iter().zip(&right).rposition(|(l, r)| *l != 0.0 || *r != 0.0).unwrap() - 48_000;
        assert!(end < tail as usize && end > tail as usize / 3, "{end} of {tail}");
        assert!(left.iter().all(|x| !x.is_subnormal()));
    }

    #[test]
    fn bypassed_or_dry_it_is_not_there() {
        for settings in [Settings { bypass: true, ..Settings::default() }, Settings { mix: 0.0, ..Settings::default() }]
        {
            let noise: Vec<f32> = (0..5_000).map(|n| Chance::new(3, 8).normal(n)[0]).collect();
            let mut mono = noise.clone();
            let spec = Spec { channels: 1, ..SPEC };
            Engine::new(&spec).process(&settings, &Song::new(true, 0, 120.0, 48_000.0), &mut [&mut mono[..]], &[]);
            assert!(noise == mono);
        }
    }
}
