//! The engine: it hears the dialogue first and the bed later, and lets the bed yield by what the dialogue lacks.
//!
//! ```text
//! key ─▶ one channel ─┬▶ 16 kHz ─▶ frames ─▶ speech? ─▶ when ─────────────────────┐
//!                     └▶ K-weighting ─▶ loudness over speech ─┐                    │ share 0..1
//!                                                             ├▶ depth ─▶ focus ─▶ ×
//! bed ─┬▶ K-weighting, bands ─▶ loudness of 400 ms ───────────┘                    │ gains in dB
//!      └▶ delay (look-ahead) ─────────────────────────────▶ bells ─▶ even gain ─▶ × ─▶ pull-out ─▶ output
//! ```
//!
//! Everything left of the multipliers happens once a frame of 16 ms, and frames lie where the song says. The key is
//! heard when it comes; the bed, and the settings that act on it, come out a look-ahead later.

mod bands;
mod bank;
mod convert;
mod curve;
mod depth;
mod ear;
mod expand;
mod floor;
mod focus;
mod glide;
mod judge;
mod key;
mod listen;
mod loudness;
mod partials;
mod pull;
mod reading;
mod rise;
mod settings;
mod settled;
mod spectrum;
mod stage;
mod voicing;
mod yielding;

pub use bands::{BANDS, Bands};
pub use reading::Reading;
pub use settings::{Detector, Listen, LookAhead, Return, Settings};
pub use yielding::State;

use ear::Ear;
use focus::Scene;
use green_ring_dsp::delay::DelayLine;
use green_ring_dsp::mix::{Law, Output};
use green_ring_dsp::{CELL, Grid, Leg, Song, Sound, Spec, Tail, Trail};
use judge::Judge;
use key::Key;
use listen::Monitor;
use loudness::Levels;
use rise::Rise;
use spectrum::Spectrum;
use stage::Stage;

/// Seconds of memory besides those of the settings: the noise floor (8 s) decides about speech, whose loudness is
/// remembered for 10 s, and the depth follows.
const MEMORY_S: f32 = 20.0;

/// Seconds in which the narrowest bell falls by 300 dB, to exact silence: at 160 Hz and raised by its neighbours as far as
/// any bell may be, its quality is 31.
const RING_S: f64 = 2.2;

/// The sound of the Dialogue Ducker.
pub struct Engine {
    latency: usize,
    /// Samples in which the bells ring out.
    ring: usize,
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
    spectrum: Spectrum,
    trail: Trail<Settings>,
    bed: [DelayLine; 2],
    stage: Stage,
    monitor: Monitor,
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
            ring: spec.samples(RING_S),
            look_ahead: settings.look_ahead,
            grid: Grid::default(),
            next: None,
            now: *settings,
            key: Key::new(spec.sample_rate),
            ear: Ear::new(spec.sample_rate),
            judge: Judge::new(),
            rise: Rise::new(),
            levels: Levels::new(spec),
            spectrum: Spectrum::new(spec.sample_rate),
            trail: Trail::new(latency, *settings),
            bed: [DelayLine::new(latency), DelayLine::new(latency)],
            stage: Stage::new(spec, latency, settings.look_ahead),
            monitor: Monitor::new(spec, latency),
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
        self.spectrum.reset();
        self.trail.reset();
        self.bed.iter_mut().for_each(DelayLine::reset);
        self.stage.reset();
        self.monitor.reset();
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
            let key = part.load_key(key);
            self.hear(&bed, &key, part.frames);
            self.trail.push(self.now, &part);
            let mut wet = [[0.0; CELL]; 2];
            let mut at = 0;
            while at < part.frames {
                let leg = self.trail.pop(part.frames - at);
                self.leg(&leg, at, [&bed, &key], &mut wet);
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

    /// The bed is silent once its delay is and the bells have rung out.
    pub fn tail(&self, _settings: &Settings) -> Tail {
        Tail::Samples((self.latency + self.ring) as u32)
    }

    /// Seconds of pre-roll after which the gain is the same, within 0.1 dB, as if playback had begun earlier. A bed that
    /// is pulled out until Pull-Out is switched off remembers from the first line on.
    pub fn memory(&self, settings: &Settings) -> f32 {
        let attack_s = settings.attack_s.unwrap_or(0.0);
        let return_s = settings.release_s * (1.0 + settings.highs_first * yielding::RETURNS_LATER as f32);
        let pull_s = settings.pull_fade_s + settings.return_after_s + settings.return_fade_s;
        let pull_s = if settings.pull_out { pull_s } else { 0.0 };
        MEMORY_S + self.look_ahead.seconds() as f32 + attack_s + settings.hold_s + return_s + pull_s
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
        let mut bands = [0.0; BANDS];
        if Stage::needs_bands(settings) {
            self.spectrum.close();
            bands = *self.spectrum.key();
        }
        let bed_power = self.levels.close(&bands, verdict.frames_before());
        self.stage.hear(verdict, raised, bed_power, settings);
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
        self.spectrum.forget();
        self.stage.forget();
    }

    fn hear(&mut self, bed: &Sound, key: &Sound, frames: usize) {
        let mono = self.key.sum(key, frames);
        self.ear.push(&mono[..frames]);
        self.levels.hear(bed, &mono, frames);
        if Stage::needs_bands(&self.now) {
            self.spectrum.hear(bed, &mono, frames);
        }
        self.next = self.next.map(|sample| sample + frames as i64);
    }

    /// A stretch of delayed bed under one latch of settings, `at` frames into the part of bed and key that comes in.
    fn leg(&mut self, leg: &Leg<Settings>, at: usize, [bed, key]: [&Sound; 2], wet: &mut Sound) {
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
        self.stage.process(&mut sound, leg.frames);
        self.stage.read(&mut self.reading);
        self.monitor.process(key, at, &dry, &mut sound, leg.frames);
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
        let scene = |spectrum: &Spectrum, (voice, trust): (&Bands, f32)| {
            let (bed, inside) = (spectrum.power(), spectrum.inside());
            Scene { dialogue_lufs, voice: *voice, trust: trust * settings.follow, bed, inside }
        };
        self.stage.steer(settings, [dialogue_lufs, bed_lufs], || scene(&self.spectrum, self.levels.dialogue.voice()));
        self.monitor.steer(settings.listen);
        self.output.set(1.0, settings.output_db, settings.bypass);
        self.reading.dialogue_lufs = self.levels.dialogue.measured();
        self.reading.spoken = self.levels.dialogue.spoken();
        self.reading.bed_lufs = bed_lufs;
    }
}

/// Gain may have made a subnormal of a very small sample.
#[inline]
fn calm(x: f32) -> f32 {
    if x.is_subnormal() { 0.0 } else { x }
}

#[cfg(test)]
mod tests;
