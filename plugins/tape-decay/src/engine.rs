//! The machine: what it does to sound, from input to output.
//!
//! ```text
//! in -+-> [record: equaliser -> drive -> oversample -> curve, hysteresis -> back -> make-up -> mirror -> high-pass]
//!     |     -> [medium: modulation noise -> tape (holes, dropouts, spacing, age) -> print-through -> hiss]
//!     |     -> [playback: transport (wow, flutter, scrape, azimuth, stop) -> response -> contour -> crosstalk -> width] -+-> mix -> out
//!     +-> delay by the told latency -----------------------------------------------------------------------------+
//! ```
//!
//! Settings ride with the sound on trails: each side takes those that were drawn over the sound that leaves it.

pub mod azimuth;
pub mod bank;
pub mod contact;
pub mod contour;
pub mod course;
pub mod crosstalk;
pub mod dropouts;
pub mod emphasis;
pub mod fir;
pub mod grain;
pub mod halfband;
pub mod hiss;
pub mod lane;
pub mod law;
pub mod losses;
pub mod machine;
pub mod magnet;
pub mod medium;
pub mod oversampler;
pub mod oxide;
pub mod passage;
pub mod playback;
pub mod print_through;
pub mod record;
pub mod reel;
pub mod section;
pub mod settings;
pub mod shaper;
pub mod spline;
pub mod tape;
pub mod tape_stop;
pub mod transport;
pub mod wander;
pub mod weighting;
pub mod width;
pub mod worn;

use green_ring_dsp::delay::DelayLine;
use green_ring_dsp::mix::{Law, Output};
use green_ring_dsp::{CELL, Grid, Leg, Part, Song, Sound, Spec, Tail, Trail};

pub use course::{Reached, reached};
use medium::Medium;
use playback::Playback;
use print_through::Print;
use record::Record;
pub use settings::{Equalisation, Machine, Map, PassMode, Quality, Settings, Sync};
pub use tape_stop::Run;

/// The tape machine.
#[derive(Debug)]
pub struct Engine {
    sample_rate: f64,
    latency: usize,
    grid: Grid,
    dry: Vec<DelayLine>,
    record: Record,
    /// Settings on their way with the sound: off the tape, and out of the machine.
    off_tape: Trail<Settings>,
    medium: Medium,
    out: Trail<Settings>,
    playback: Playback,
    output: Output,
}

impl Engine {
    /// A machine at rest. The only place that allocates.
    pub fn new(spec: &Spec) -> Self {
        let medium = Medium::new(spec);
        let off_tape = oversampler::LATENCY + medium.latency();
        let least = off_tape + transport::least_mean(spec) + shaper::delay(spec);
        let latency = least.div_ceil(CELL) * CELL;
        Self {
            sample_rate: spec.sample_rate,
            latency,
            grid: Grid::default(),
            dry: (0..spec.channels).map(|_| DelayLine::new(latency)).collect(),
            record: Record::new(spec),
            off_tape: Trail::new(off_tape, Settings::default()),
            medium,
            out: Trail::new(latency, Settings::default()),
            playback: Playback::new(spec, latency - off_tape - shaper::delay(spec)),
            output: Output::new(spec, Law::Linear),
        }
    }

    /// Equal to fresh, bit for bit, without allocating.
    pub fn reset(&mut self) {
        self.grid.reset();
        self.dry.iter_mut().for_each(DelayLine::reset);
        self.record.reset();
        self.off_tape.reset();
        self.medium.reset();
        self.out.reset();
        self.playback.reset();
        self.output.reset();
    }

    /// Latency in samples at every setting: the filters, and the mean of the delay that wow swings around.
    pub fn latency(&self) -> usize {
        self.latency
    }

    /// After so many samples of silence the output is exactly zero: magnetism and the high-passes have died, the latest
    /// read is past, and so is the print of the reel's last turn. Hiss goes on for ever.
    pub fn tail(&self, settings: &Settings) -> Tail {
        if settings.hiss_db > f32::NEG_INFINITY {
            return Tail::Infinite;
        }
        let held_s = if self.playback.in_step() && !settings.tape_stop { 0.0 } else { tape_stop::LONGEST_S };
        let seconds = record::TAIL_S + contour::TAIL_S + held_s + self.medium.printed_s() + print_through::TAIL_S;
        Tail::Samples((2 * self.latency + oversampler::TAIL + (seconds * self.sample_rate) as usize) as u32)
    }

    /// Seconds of pre-roll after which it no longer matters where playback began. Tape Stop remembers from the moment
    /// that it was thrown.
    pub fn memory(&self, settings: &Settings) -> f32 {
        let printed_s = if settings.print_through_db > f32::NEG_INFINITY {
            Print::new(settings.machine, settings.speed_ips).turn_s + print_through::TAIL_S
        } else {
            0.0
        };
        let delayed = (2 * self.latency) as f64 / self.sample_rate;
        let sought = transport::MEMORY_S.max(tape::MEMORY_S) + contour::MEMORY_S;
        (delayed + record::MEMORY_S + sought + printed_s) as f32
    }

    /// How far the replay of the last frame was behind (or, negative, before) its mean, in milliseconds.
    pub fn swing_ms(&self) -> f32 {
        1_000.0 * self.playback.swing_s() as f32
    }

    /// How the tape runs, wow and flutter apart.
    pub fn run(&self) -> Run {
        self.playback.run()
    }

    /// What the VU meter shows, in dB: 0 for a sine at operating level.
    pub fn vu_db(&self) -> f32 {
        self.record.vu_db()
    }

    /// Processes `block`, one or two channels, in place. The song stands at `song` at its first frame.
    pub fn process(&mut self, settings: &Settings, song: &Song, block: &mut [&mut [f32]]) {
        let frames = block[0].len();
        let mut done = 0;
        while let Some(part) = self.grid.part(song, done, frames) {
            self.off_tape.push(*settings, &part);
            self.out.push(*settings, &part);
            let mut wet = part.load(block);
            let dry = self.delayed(&wet, part.frames);
            self.record.process(settings, &part, &mut wet);
            self.tape(&part, &mut wet);
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

    /// The tape itself, in place of `wet`.
    fn tape(&mut self, part: &Part, wet: &mut Sound) {
        legs(&mut self.off_tape, part, |leg, from| {
            let mut sound = cut(wet, from, leg.frames);
            self.medium.process(leg, &mut sound);
            paste(&sound, wet, from, leg.frames);
        });
    }

    /// Everything behind the tape, in place of `wet`.
    fn replay(&mut self, part: &Part, dry: &Sound, wet: &mut Sound) {
        legs(&mut self.out, part, |leg, from| {
            if leg.edge {
                let Settings { mix, output_db, bypass, .. } = leg.settings;
                self.output.set(mix, output_db, bypass);
            }
            let (dry, mut sound) = (cut(dry, from, leg.frames), cut(wet, from, leg.frames));
            self.playback.process(leg, &mut sound);
            self.output.process(&dry, &mut sound, leg.frames);
            paste(&sound, wet, from, leg.frames);
        });
    }
}

/// Calls `each` with the legs of `trail` that fill `part`, and the frame that each begins at.
fn legs(trail: &mut Trail<Settings>, part: &Part, mut each: impl FnMut(&Leg<Settings>, usize)) {
    let mut done = 0;
    while done < part.frames {
        let leg = trail.pop(part.frames - done);
        each(&leg, done);
        done += leg.frames;
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

/// Puts the first `frames` frames of `sound` into `out`, from `from` on.
fn paste(sound: &Sound, out: &mut Sound, from: usize, frames: usize) {
    for (sound, out) in sound.iter().zip(out) {
        out[from..from + frames].copy_from_slice(&sound[..frames]);
    }
}
