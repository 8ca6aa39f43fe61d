//! The engine: it hears the dialogue first and the bed later, and lets the bed yield by what the dialogue lacks.
//!
//! ```text
//! key ─▶ one channel ─┬▶ 16 kHz ─▶ frames ─▶ speech? ─▶ when ────────────┐
//!                     └▶ K-weighting ─▶ loudness over speech ─┐           │ share 0..1
//!                                                             ├▶ depth ─▶ ×
//! bed ─┬▶ K-weighting ─▶ loudness of 400 ms ──────────────────┘           │ gain in dB
//!      └▶ delay (look-ahead) ───────────────────────────────────────────▶ × ─▶ output
//! ```
//!
//! Everything left of the multipliers happens once a frame of 16 ms, and frames lie where the song says. The key is
//! heard when it comes; the bed, and the settings that act on it, come out a look-ahead later.

mod convert;
mod depth;
mod ear;
mod floor;
mod glide;
mod judge;
mod key;
mod loudness;
mod reading;
mod rise;
mod settings;
mod voicing;
mod yielding;

pub use reading::Reading;
pub use settings::{Detector, LookAhead, Settings};
pub use yielding::State;

use depth::Depth;
use ear::Ear;
use green_ring_dsp::delay::DelayLine;
use green_ring_dsp::mix::{Law, Output};
use green_ring_dsp::{CELL, Grid, Leg, Song, Sound, Spec, Tail, Trail};
use judge::Judge;
use key::Key;
use loudness::Levels;
use rise::Rise;
use yielding::Yielding;

/// log2(10) / 20.
const OCTAVES_PER_DB: f32 = 0.166_096_4;

/// Seconds of memory besides those of the settings: the noise floor (8 s) decides about speech, whose loudness is
/// remembered for 10 s, and the depth follows.
const MEMORY_S: f32 = 20.0;

/// The sound of the Dialogue Ducker.
pub struct Engine {
    latency: usize,
    look_ahead: LookAhead,
    grid: Grid,
    /// Song sample at which the next cell begins if nothing unexpected happens.
    next: Option<i64>,
    now: Settings,
    key: Key,
    ear: Ear,
    judge: Judge,
    rise: Rise,
    levels: Levels,
    trail: Trail<Settings>,
    bed: [DelayLine; 2],
    depth: Depth,
    yielding: Yielding,
    output: Output,
    reading: Reading,
}

impl Engine {
    /// An engine at rest, whose latency the Look-Ahead of `settings` fixes. The only place that allocates.
    pub fn new(spec: &Spec, settings: &Settings) -> Self {
        let cells = (settings.look_ahead.seconds() * spec.sample_rate / CELL as f64).ceil() as usize;
        let latency = cells * CELL;
        Self {
            latency,
            look_ahead: settings.look_ahead,
            grid: Grid::default(),
            next: None,
            now: *settings,
            key: Key::new(spec.sample_rate),
            ear: Ear::new(spec.sample_rate),
            judge: Judge::new(),
            rise: Rise::new(),
            levels: Levels::new(spec),
            trail: Trail::new(latency, *settings),
            bed: [DelayLine::new(latency), DelayLine::new(latency)],
            depth: Depth::new(spec.sample_rate),
            yielding: Yielding::new(spec.sample_rate, latency, settings.look_ahead),
            output: Output::new(spec, Law::Linear),
            reading: Reading::SILENT,
        }
    }

    /// Equal to fresh, without allocating.
    pub fn reset(&mut self) {
        self.grid.reset();
        self.next = None;
        self.key.reset();
        self.levels.reset();
        self.trail.reset();
        self.bed.iter_mut().for_each(DelayLine::reset);
        self.depth.reset();
        self.yielding.reset();
        self.output.reset();
        self.reading = Reading::SILENT;
    }

    /// Takes the bed in `block`, of one or two channels and any number of frames, and gives back the yielding bed in
    /// place. `key` is the dialogue; what is missing of it is silence.
    pub fn process(&mut self, settings: &Settings, song: &Song, block: &mut [&mut [f32]], key: &[&[f32]]) {
        let (frames, mut done) = (block[0].len(), 0);
        while let Some(part) = self.grid.part(song, done, frames) {
            if part.edge {
                self.edge(settings, &part.song);
            }
            let bed = part.load(block);
            self.hear(&bed, &part.load_key(key), part.frames);
            self.trail.push(self.now, &part);
            let mut wet = [[0.0; CELL]; 2];
            let mut at = 0;
            while at < part.frames {
                let leg = self.trail.pop(part.frames - at);
                self.leg(&leg, at, &bed, &mut wet);
                at += leg.frames;
            }
            part.store(&wet, block);
            done += part.frames;
        }
    }

    /// Latency in samples: the look-ahead, rounded up to whole cells.
    pub fn latency(&self) -> usize {
        self.latency
    }

    /// Whether `settings` ask for another latency than this engine was built with: heard after the next activation.
    pub fn outdated(&self, settings: &Settings) -> bool {
        settings.look_ahead != self.look_ahead
    }

    /// The bed is silent once its delay is.
    pub fn tail(&self, _settings: &Settings) -> Tail {
        Tail::Samples(self.latency as u32)
    }

    /// Seconds of pre-roll after which the gain is the same, within 0.1 dB, as if playback had begun earlier.
    pub fn memory(&self, settings: &Settings) -> f32 {
        let attack_s = settings.attack_s.unwrap_or(0.0);
        MEMORY_S + self.look_ahead.seconds() as f32 + attack_s + settings.hold_s + settings.release_s
    }

    /// What the engine hears and does now.
    pub fn reading(&self) -> Reading {
        self.reading
    }

    /// A cell begins: a jump is noticed, settings are latched, and the last frame is judged if it is complete.
    fn edge(&mut self, settings: &Settings, song: &Song) {
        if self.next != Some(song.sample) {
            self.forget(song.sample);
        }
        self.now = *settings;
        let Some(heard) = self.ear.listen() else { return };
        let verdict = self.judge.judge(&heard, settings.detector, settings.sensitivity);
        let short = self.look_ahead.is_short() && settings.detector == Detector::Speech;
        let raised = self.rise.hear(&heard) && short && self.judge.between_phrases();
        self.yielding.hear(verdict, raised, settings);
        self.levels.close(verdict.frames_before());
        self.reading.probability = heard.probability;
        self.reading.key = heard.level_db > ear::SILENCE_DB;
    }

    /// The song has jumped to `sample`: hold is dropped, and the estimates go back to the anchor.
    fn forget(&mut self, sample: i64) {
        self.next = Some(sample);
        self.ear.anchor(sample);
        self.judge = Judge::new();
        self.rise = Rise::new();
        self.levels.forget();
        self.yielding.forget();
    }

    fn hear(&mut self, bed: &Sound, key: &Sound, frames: usize) {
        let mono = self.key.sum(key, frames);
        self.ear.push(&mono[..frames]);
        self.levels.hear(bed, &mono, frames);
        self.next = self.next.map(|sample| sample + frames as i64);
    }

    /// A stretch of delayed bed under one latch of settings, `at` frames into the part.
    fn leg(&mut self, leg: &Leg<Settings>, at: usize, bed: &Sound, wet: &mut Sound) {
        if leg.edge {
            self.steer(&leg.settings);
        }
        let mut dry = [[0.0; CELL]; 2];
        for ((dry, bed), line) in dry.iter_mut().zip(bed).zip(&mut self.bed) {
            for (dry, x) in dry.iter_mut().zip(&bed[at..at + leg.frames]) {
                *dry = line.tick(*x, self.latency);
            }
        }
        let mut sound = dry;
        self.yield_bed(&mut sound, leg.frames);
        self.output.process(&dry, &mut sound, leg.frames);
        for (wet, sound) in wet.iter_mut().zip(&sound) {
            for (wet, x) in wet[at..].iter_mut().zip(&sound[..leg.frames]) {
                *wet = calm(*x);
            }
        }
    }

    /// Where depth, share and output go from here on.
    fn steer(&mut self, settings: &Settings) {
        let dialogue_lufs = self.levels.dialogue.lufs(settings.anchor_lufs, settings.key_trim_db, settings.follow);
        let bed_lufs = self.levels.bed.lufs();
        self.depth.solve(settings, dialogue_lufs, bed_lufs);
        let depth_db = self.depth.skip(0);
        self.yielding.steer(settings, depth_db);
        self.output.set(1.0, settings.output_db, settings.bypass);
        self.reading.dialogue_lufs = self.levels.dialogue.measured();
        (self.reading.bed_lufs, self.reading.depth_db) = (bed_lufs, depth_db as f32);
        self.reading.state = self.yielding.state();
    }

    /// The bed yields by the same gain in both channels: a share of the depth, in dB.
    fn yield_bed(&mut self, sound: &mut Sound, frames: usize) {
        self.yielding.pass(frames);
        if self.yielding.rests() {
            self.depth.skip(frames);
            self.reading.gain_db = 0.0;
            return;
        }
        let mut gain_db = 0.0;
        let [left, right] = sound;
        for (left, right) in left.iter_mut().zip(right).take(frames) {
            gain_db = -self.yielding.tick() * self.depth.skip(1);
            let gain = (gain_db as f32 * OCTAVES_PER_DB).exp2();
            *left *= gain;
            *right *= gain;
        }
        self.reading.gain_db = gain_db as f32;
    }
}

/// Gain may have made a subnormal of a very small sample.
#[inline]
fn calm(x: f32) -> f32 {
    if x.is_subnormal() { 0.0 } else { x }
}

#[cfg(test)]
mod tests;
