//! The machine: what it does to sound, from input to output.
//!
//! ```text
//! in -+-> [record: drive -> oversample -> curve -> back -> make-up -> high-pass] -> [transport: wow, flutter, scrape] -> width -+-> mix -> out
//!     +-> delay by the told latency ----------------------------------------------------------------------------------------- -+
//! ```
//!
//! Settings ride with the sound on trails: each stage takes those that were drawn over the sound it holds.

pub mod fir;
pub mod lane;
pub mod law;
pub mod oversampler;
pub mod record;
pub mod settings;
pub mod transport;
pub mod wander;
pub mod weighting;
pub mod width;

use green_ring_dsp::delay::DelayLine;
use green_ring_dsp::mix::{Law, Output};
use green_ring_dsp::{CELL, Grid, Part, Song, Sound, Spec, Tail, Trail};

use record::Record;
pub use settings::{Quality, Settings, Sync};
use transport::Transport;
pub use transport::{Reached, reached};
use width::Width;

/// The tape machine.
#[derive(Debug)]
pub struct Engine {
    sample_rate: f64,
    latency: usize,
    grid: Grid,
    dry: Vec<DelayLine>,
    record: Record,
    /// Settings on their way with the sound, to everything behind the tape.
    trail: Trail<Settings>,
    transport: Transport,
    width: Width,
    output: Output,
}

impl Engine {
    /// A machine at rest. The only place that allocates.
    pub fn new(spec: &Spec) -> Self {
        let latency = (oversampler::LATENCY + transport::least_mean(spec)).div_ceil(CELL) * CELL;
        Self {
            sample_rate: spec.sample_rate,
            latency,
            grid: Grid::default(),
            dry: (0..spec.channels).map(|_| DelayLine::new(latency)).collect(),
            record: Record::new(spec),
            trail: Trail::new(latency, Settings::default()),
            transport: Transport::new(spec, latency - oversampler::LATENCY),
            width: Width::new(spec),
            output: Output::new(spec, Law::Linear),
        }
    }

    /// Equal to fresh, bit for bit, without allocating.
    pub fn reset(&mut self) {
        self.grid.reset();
        self.dry.iter_mut().for_each(DelayLine::reset);
        self.record.reset();
        self.trail.reset();
        self.transport.reset();
        self.width.reset();
        self.output.reset();
    }

    /// Latency in samples at every setting: the oversampler, and the mean of the delay that wow swings around.
    pub fn latency(&self) -> usize {
        self.latency
    }

    /// After so many samples of silence the output is exactly zero: the high-pass has died and the latest read is
    /// past.
    pub fn tail(&self, _settings: &Settings) -> Tail {
        let rest = 2 * self.latency + oversampler::TAIL;
        Tail::Samples((rest + (record::TAIL_S * self.sample_rate) as usize) as u32)
    }

    /// Seconds of pre-roll after which it no longer matters where playback began.
    pub fn memory(&self, _settings: &Settings) -> f32 {
        let delayed = (2 * self.latency) as f64 / self.sample_rate;
        (delayed + record::MEMORY_S + transport::MEMORY_S) as f32
    }

    /// How far the replay of the last frame was behind (or, negative, before) its mean, in milliseconds.
    pub fn swing_ms(&self) -> f32 {
        1_000.0 * self.transport.swing_s() as f32
    }

    /// Processes `block`, one or two channels, in place. The song stands at `song` at its first frame.
    pub fn process(&mut self, settings: &Settings, song: &Song, block: &mut [&mut [f32]]) {
        let frames = block[0].len();
        let mut done = 0;
        while let Some(part) = self.grid.part(song, done, frames) {
            self.trail.push(*settings, &part);
            let mut wet = part.load(block);
            let dry = self.delayed(&wet, part.frames);
            self.record.process(settings, &part, &mut wet);
            self.replay(&part, &dry, &mut wet);
            part.store(&wet, block);
            done += part.frames;
        }
    }

    /// The dry sound, as late as the wet.
    fn delayed(&mut self, sound: &Sound, frames: usize) -> Sound {
        let mut dry = *sound;
        for (line, dry) in self.dry.iter_mut().zip(&mut dry) {
            for x in &mut dry[..frames] {
                *x = line.tick(*x, self.latency);
            }
        }
        dry
    }

    /// Everything behind the tape, in place of `wet`.
    fn replay(&mut self, part: &Part, dry: &Sound, wet: &mut Sound) {
        let mut done = 0;
        while done < part.frames {
            let leg = self.trail.pop(part.frames - done);
            if leg.edge {
                let Settings { width, mix, output_db, bypass, .. } = leg.settings;
                self.transport.latch(&leg);
                self.width.set(width);
                self.output.set(mix, output_db, bypass);
            }
            let (dry, mut out) = (cut(dry, done, leg.frames), cut(wet, done, leg.frames));
            self.transport.process(&leg, &mut out);
            self.width.process(&mut out, leg.frames);
            self.output.process(&dry, &mut out, leg.frames);
            for (wet, out) in wet.iter_mut().zip(out) {
                wet[done..done + leg.frames].copy_from_slice(&out[..leg.frames]);
            }
            done += leg.frames;
        }
    }
}

/// `frames` frames of `sound` from `from` on.
fn cut(sound: &Sound, from: usize, frames: usize) -> Sound {
    let mut out = [[0.0; CELL]; 2];
    for (out, sound) in out.iter_mut().zip(sound) {
        out[..frames].copy_from_slice(&sound[from..from + frames]);
    }
    out
}
