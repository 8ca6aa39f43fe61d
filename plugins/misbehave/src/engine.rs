//! The engine of Misbehave: order to chaos, the same way every time.
//!
//! ```text
//! song, settings -> ruler -> score -> conductor -> voice -> cuts
//!                  (grid)  (events)   (what is due)           |
//!                                                             v
//! in --+----------------> record (by song position) -----> heads --> mix --> output --> out
//!      |                                                      ^
//!      +---------------------- dry ---------------------------+
//! ```
//!
//! An event is f(seed, lane, step from Start): it is looked up, never drawn, and never depends on the sound. The sound
//! only decides what is heard where an event lies. Latency is zero, and between events the input passes bit for bit.
//!
//! Sound is recorded under its song position. When the song jumps back into what was just played (a loop), what lies
//! before the new place is still its past, so each pass of a loop is the straight playback. When it jumps elsewhere, or
//! playing begins, the past is empty: events whose material was not heard pass the dry sound until it was.

mod cloud;
mod conductor;
mod event;
mod heads;
mod record;
mod ruler;
mod score;
mod settings;
mod swap;
mod voice;

use green_ring_dsp::{
    CELL, Grid, Part, Ramp, Song, Sound, Spec, Tail,
    mix::{Law, MIX_S, Output},
};

pub use event::{Event, Lane, events};
pub use settings::{Settings, Sync};

use conductor::{Conductor, View};
use heads::Heads;
use record::Record;
use ruler::Ruler;
use voice::{Cut, fade_samples, reach_samples};

/// Seconds that events may read back from their beginning, whatever Reach is in seconds at a slow tempo.
const FARTHEST_S: f64 = 24.0;

/// Seconds that an event may last, whatever a bar is at a slow tempo.
const LONGEST_S: f64 = 16.0;

/// Seconds kept beyond those two, for fades.
const SPARE_S: f64 = 0.1;

/// The Edge up to which splices are free of clicks and events keep to the grid.
const CLEAN_EDGE: f32 = 0.7;

/// Misbehave.
#[derive(Debug)]
pub struct Engine {
    spec: Spec,
    grid: Grid,
    settings: Settings,
    /// The song as the next frame is expected to find it; `None` before the first.
    song: Option<Song>,
    /// The song's beginning at the tempo that the ruler was made for; `None`: it must be made anew.
    measured: Option<Song>,
    ruler: Ruler,
    record: Record,
    conductor: Conductor,
    heads: Heads,
    mix: Ramp,
    output: Output,
}

impl Engine {
    /// An engine at rest. The only place that allocates: 8 bytes a frame for at least 40.1 s.
    pub fn new(spec: &Spec) -> Self {
        let settings = Settings::default();
        Self {
            spec: *spec,
            grid: Grid::default(),
            settings,
            song: None,
            measured: None,
            ruler: Ruler::new(&settings, &unheard(spec), spec.sample_rate),
            record: Record::new(spec.samples(FARTHEST_S + LONGEST_S + SPARE_S)),
            conductor: Conductor::default(),
            heads: Heads::new(),
            mix: Ramp::new(0.0, spec.samples(MIX_S)),
            output: Output::new(spec, Law::Linear),
        }
    }

    /// Equal to fresh, bit for bit. Does not allocate.
    pub fn reset(&mut self) {
        self.grid.reset();
        (self.song, self.measured) = (None, None);
        self.conductor.reset();
        self.heads = Heads::new();
        self.output.reset();
    }

    /// Processes a block of any length in place. Does not allocate.
    pub fn process(&mut self, settings: &Settings, song: &Song, block: &mut [&mut [f32]]) {
        let frames = block.first().map_or(0, |channel| channel.len());
        let mut done = 0;
        while let Some(part) = self.grid.part(song, done, frames) {
            self.arrive(&part.song);
            if part.edge {
                self.latch(settings);
            }
            if part.edge || done == 0 {
                self.look(&part.song);
            }
            let dry = part.load(block);
            let mut wet = dry;
            self.misbehave(&part, &dry, &mut wet);
            let mut out = wet;
            self.output.process(&wet, &mut out, part.frames);
            part.store(&out, block);
            done += part.frames;
        }
    }

    /// Samples by which the output lags: none.
    pub fn latency(&self) -> usize {
        0
    }

    /// The last event that finds sound to read may begin Reach after it, and last as long as any, at the tempo heard last.
    pub fn tail(&self, settings: &Settings) -> Tail {
        Tail::Samples((self.memory(settings) as f64 * self.spec.sample_rate).ceil() as u32)
    }

    /// Seconds of pre-roll after which it no longer matters where playback began, at the tempo heard last: Reach and the
    /// longest event.
    pub fn memory(&self, settings: &Settings) -> f32 {
        let song = self.song.unwrap_or_else(|| unheard(&self.spec));
        let ruler = Ruler::new(settings, &song, self.spec.sample_rate);
        let step_s = ruler.step() * ruler.unit_samples() / self.spec.sample_rate;
        let longest_s = (score::longest_steps(&ruler) * step_s).min(LONGEST_S);
        let reach_s = reach_samples(settings, &ruler) / self.spec.sample_rate;
        (reach_s + longest_s + SPARE_S) as f32
    }

    /// The event that sounds now.
    pub fn sounding(&self) -> Option<Event> {
        self.conductor.sounding()
    }

    /// Notices where the song went on elsewhere, or began to play.
    fn arrive(&mut self, song: &Song) {
        match self.song {
            Some(due) if due.sample == song.sample && (due.playing || !song.playing) => return,
            Some(due) if due.playing && song.playing => self.record.jump(song.sample),
            // What was heard while the song stood still is not the song.
            _ => self.record.clear(song.sample),
        }
        self.measured = None;
        self.conductor.jump();
        self.heads.release(fade_samples(&self.settings, &self.ruler));
    }

    fn latch(&mut self, settings: &Settings) {
        if self.settings != *settings {
            self.settings = *settings;
            self.measured = None;
        }
        let mix = if settings.bypass { 0.0 } else { settings.mix.clamp(0.0, 1.0) };
        if self.song.is_none() {
            self.mix.jump(mix);
        }
        self.mix.go(mix);
        // Mix has acted on the heads: the output stage finds nothing to mix, and at 0 dB passes what comes bit for bit.
        self.output.set(0.0, settings.output_db, settings.bypass);
    }

    /// Looks at the score anew where settings or tempo have changed.
    fn look(&mut self, song: &Song) {
        let beginning = song.moved(-song.sample);
        if self.measured.replace(beginning) == Some(beginning) {
            return;
        }
        self.ruler = Ruler::new(&self.settings, song, self.spec.sample_rate);
        let view = View { settings: &self.settings, ruler: &self.ruler, record: &self.record };
        self.conductor.look(&view, song.sample);
    }

    /// Plays one part: from cut to cut.
    fn misbehave(&mut self, part: &Part, dry: &Sound, wet: &mut Sound) {
        self.record.write(dry, part.frames);
        let mut mix = [0.0; CELL];
        mix[..part.frames].fill_with(|| self.mix.tick());
        let mut at = 0;
        while at < part.frames {
            let now = part.song.sample + at as i64;
            let until = self.conductor.next();
            if until <= now {
                self.cut(now);
                continue;
            }
            let end = until.saturating_sub(part.song.sample).min(part.frames as i64) as usize;
            self.heads.process(&self.record, dry, wet, &mix, [at, end]);
            at = end;
        }
        self.song = Some(part.song.moved(part.frames as i64));
    }

    fn cut(&mut self, now: i64) {
        let view = View { settings: &self.settings, ruler: &self.ruler, record: &self.record };
        let fade = fade_samples(&self.settings, &self.ruler);
        match self.conductor.act(&view, now) {
            Some((Cut::Splice(reader), strength)) => self.heads.splice(reader, strength, fade),
            Some((Cut::Open | Cut::End, _)) => self.heads.release(fade),
            None => {}
        }
    }
}

/// The song before any was heard.
fn unheard(spec: &Spec) -> Song {
    Song::new(false, 0, green_ring_dsp::song::DEFAULT_TEMPO_BPM, spec.sample_rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 1 };

    /// Plays `frames` of noise-like sound from song sample `from` and returns what came out.
    fn play(engine: &mut Engine, settings: &Settings, tempo_bpm: f64, from: i64, frames: usize) -> Vec<f32> {
        let mut sound: Vec<f32> = (0..frames).map(|n| ((n * n) as f32 * 0.37).sin()).collect();
        engine.process(settings, &Song::new(true, from, tempo_bpm, 48_000.0), &mut [&mut sound[..]]);
        sound
    }

    #[test]
    fn no_tempo_and_no_place_breaks_it() {
        let settings = Settings { activity: 1.0, chaos: 1.0, ..Settings::default() };
        for tempo_bpm in [1e-20, 1.0, 20.0, 960.0, 1e6, 1e30] {
            for (from, start) in [(0, 0.0), (-1_000_000, 4.0), (1 << 50, f64::NAN), (i64::MIN / 4, 1e30)] {
                let mut engine = Engine::new(&SPEC);
                let out = play(&mut engine, &Settings { start, ..settings }, tempo_bpm, from, 20_000);
                assert!(out.iter().all(|x| x.is_finite()), "{tempo_bpm} bpm, from {from}");
            }
        }
    }

    #[test]
    fn what_sounds_is_told_and_ends_with_a_jump() {
        let settings = Settings { activity: 1.0, chaos: 0.0, ..Settings::default() };
        let mut engine = Engine::new(&SPEC);
        play(&mut engine, &settings, 120.0, 0, 100_000);
        let sounding = engine.sounding().unwrap();
        assert!((sounding.start_sample..sounding.end_sample()).contains(&100_000));
        // Between two steps nothing begins.
        play(&mut engine, &settings, 120.0, 1_000_001, 100);
        assert_eq!(engine.sounding(), None);
    }

    #[test]
    fn memory_is_reach_and_the_longest_event() {
        let engine = Engine::new(&SPEC);
        let memory = |settings| engine.memory(&settings);
        let d = Settings::default();
        assert!((memory(d) - 3.1).abs() < 1e-3, "a bar and half a bar at 120 bpm");
        assert!((memory(Settings { reach_bars: 8.0, grid_quarters: 4.0, ..d }) - 18.1).abs() < 1e-3);
        let time = Settings { sync: Sync::Time, grid_s: 4.0, reach_bars: 0.25, ..d };
        assert!((memory(time) - 4.6).abs() < 1e-3);
        assert_eq!(engine.tail(&d), Tail::Samples((memory(d) as f64 * 48_000.0).ceil() as u32));
    }
}
