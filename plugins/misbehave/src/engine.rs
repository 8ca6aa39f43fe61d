//! The engine of Misbehave: order to chaos, the same way every time.
//!
//! ```text
//! song, settings, notes -> ruler -> score -> conductor -> voice -> cuts
//!                         (grid)  (events)  (what is due)           |
//!                                                                   v
//! in --+--> record (by song position, or what is held) --> deck: heads --> deck: heads --> + --> output --> out
//!      |       |                                             ^  (sources)        (over it)   ^
//!      |       +---------------------------------------------|---------- rise ---------------+
//!      +---------------------- dry --------------------------+
//! ```
//!
//! An event is f(seed, lane, step from Start): it is looked up, never drawn, and never depends on the sound. The sound
//! only decides what is heard where an event lies. Latency is zero, and between events the input passes bit for bit.
//!
//! Sound is recorded under its song position. When the song jumps back into what was just played (a loop), what lies
//! before the new place is still its past, so each pass of a loop is the straight playback. When it jumps elsewhere, or
//! playing begins, the past is empty: events whose material was not heard pass the dry sound until it was.

pub mod align;
mod call;
mod cloud;
mod conductor;
mod crush;
mod deck;
mod event;
mod heads;
mod howl;
pub mod onsets;
mod outlook;
pub mod pitch;
pub mod reader;
pub mod record;
pub mod rise;
mod ruler;
mod score;
mod settings;
pub mod speed;
mod swap;
mod told;
mod turns;
mod voice;

use green_ring_dsp::{
    CELL, Grid, Part, Ramp, Song, Sound, Spec,
    mix::{Law, MIX_S, Output},
};

pub use event::{Event, Lane, events};
pub use outlook::Outlook;
pub use pitch::Interval;
pub use settings::{Envelope, Settings, Sync, Trigger};
pub use speed::Shape;

use align::Aligner;
use conductor::View;
use crush::Edges;
use deck::Deck;
use event::Layer;
use heads::Stock;
use record::Record;
use rise::{Bars, Plan, Rise};
use ruler::Ruler;
use voice::{fade_samples, reach_samples};

/// Seconds that events may read back from their beginning, whatever Reach is in seconds at a slow tempo.
const FARTHEST_S: f64 = 24.0;

/// Seconds that an event may last, whatever a bar is at a slow tempo.
const LONGEST_S: f64 = 16.0;

/// Seconds kept beyond those two, for fades.
const SPARE_S: f64 = 0.1;

/// The Edge up to which splices are free of clicks and events keep to the grid.
const CLEAN_EDGE: f32 = 0.7;

/// What the score is read under: notes only where they are asked for. A macro, so that the rest of the engine can change
/// meanwhile.
macro_rules! view {
    ($engine:ident) => {
        View {
            settings: &$engine.settings,
            ruler: &$engine.ruler,
            record: &$engine.record,
            aligner: &$engine.aligner,
            notes: if $engine.settings.trigger == Trigger::Itself { &[0.0; Lane::COUNT] } else { &$engine.notes },
        }
    };
}

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
    /// Strengths of the notes that are held, above 0, and which of them have come since the last block; `None` where
    /// none has come or gone.
    notes: [f32; Lane::COUNT],
    news: Option<[bool; Lane::COUNT]>,
    record: Record,
    edges: Edges,
    aligner: Aligner,
    decks: [Deck; 2],
    rise: Rise,
    mix: Ramp,
    output: Output,
}

impl Engine {
    /// An engine at rest. The only place that allocates: 8 bytes a frame for at least 40.1 s, and for four loops.
    pub fn new(spec: &Spec) -> Self {
        let settings = Settings::default();
        // The first engine of a process makes the kernels that all of them read with.
        reader::kernels();
        Self {
            spec: *spec,
            grid: Grid::default(),
            settings,
            song: None,
            measured: None,
            ruler: Ruler::new(&settings, &unheard(spec), spec.sample_rate),
            record: Record::new(spec.samples(FARTHEST_S + LONGEST_S + SPARE_S)),
            notes: [0.0; Lane::COUNT],
            news: None,
            edges: Edges::new(),
            aligner: Aligner::new(spec.sample_rate),
            decks: Layer::ALL.map(|layer| Deck::new(layer, loop_samples(spec, layer))),
            rise: Rise::new(spec),
            mix: Ramp::new(0.0, spec.samples(MIX_S)),
            output: Output::new(spec, Law::Linear),
        }
    }

    /// Equal to fresh, bit for bit. Does not allocate.
    pub fn reset(&mut self) {
        self.grid.reset();
        (self.song, self.measured) = (None, None);
        (self.notes, self.news) = ([0.0; Lane::COUNT], None);
        self.record.reset();
        for deck in &mut self.decks {
            deck.reset();
        }
        self.rise.reset();
        self.output.reset();
    }

    /// A note of `lane` is struck (`strength` above 0, up to 1) or let go (0), at the first frame of the next block.
    pub fn note(&mut self, lane: Lane, strength: f32) {
        self.notes[lane as usize] = strength;
        self.news.get_or_insert_default()[lane as usize] = strength > 0.0;
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
                let news = self.news.take();
                self.measured = self.measured.filter(|_| news.is_none());
                self.look(&part.song);
                self.listen(news, part.song.sample);
            }
            if part.edge {
                self.hold();
                self.lift(part.song.sample);
            }
            let dry = part.load(block);
            let mut wet = self.misbehave(&part, &dry);
            self.rise.process(&self.record, &mut wet, 0, part.frames);
            let mut out = wet;
            self.output.process(&wet, &mut out, part.frames);
            part.store(&out, block);
            done += part.frames;
        }
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
        let fade = fade_samples(&self.settings, &self.ruler);
        self.decks.iter_mut().for_each(|deck| deck.jump(fade));
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

    /// Does what the notes say that have come and gone, from song sample `now` on.
    fn listen(&mut self, news: Option<[bool; Lane::COUNT]>, now: i64) {
        let Some(came) = news else { return };
        let view = view!(self);
        for deck in &mut self.decks {
            let of_it = Lane::ALL.iter().zip(came).any(|(lane, came)| came && lane.layer() == deck.layer);
            deck.note(&view, of_it, now);
        }
    }

    /// Looks at the score anew where settings or tempo have changed.
    fn look(&mut self, song: &Song) {
        let beginning = song.moved(-song.sample);
        if self.measured.replace(beginning) == Some(beginning) {
            return;
        }
        self.ruler = Ruler::new(&self.settings, song, self.spec.sample_rate);
        let view = view!(self);
        self.decks.iter_mut().for_each(|deck| deck.look(&view, song.sample));
    }

    /// Begins or ends to hold the last Reach.
    fn hold(&mut self) {
        let length = self.settings.hold.then(|| reach_samples(&self.settings, &self.ruler).round() as i64);
        self.record.hold(length, fade_samples(&self.settings, &self.ruler));
    }

    /// Hands the rise what is asked of it at song sample `now`.
    fn lift(&mut self, now: i64) {
        let (settings, ruler) = (&self.settings, &self.ruler);
        let plan = Plan {
            level: settings.rise.clamp(0.0, 1.0) * self.mix.target(),
            cycle_bars: settings.rise_cycle(),
            down: settings.rise_down,
            kept: settings.rise_kept,
        };
        self.rise.latch(&plan, &Bars::of(ruler), now);
    }

    /// Plays one part, layer over layer.
    fn misbehave(&mut self, part: &Part, dry: &Sound) -> Sound {
        self.record.write(dry, part.frames);
        let mut mix = [0.0; CELL];
        mix[..part.frames].fill_with(|| self.mix.tick());
        let view = view!(self);
        let stock = Stock { record: &self.record, edges: &self.edges };
        let mut sound = *dry;
        for deck in &mut self.decks {
            sound = deck.play(&view, &stock, part.song.sample, &sound, &mix, part.frames);
        }
        self.song = Some(part.song.moved(part.frames as i64));
        sound
    }
}

/// Samples that the loops of a layer's heads need.
fn loop_samples(spec: &Spec, layer: Layer) -> usize {
    match layer {
        Layer::Source => spec.samples(howl::LONGEST_S) + 1,
        Layer::Over => 1,
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
        let sounding = engine.sounding()[0].unwrap();
        assert!((sounding.start_sample..sounding.end_sample()).contains(&100_000));
        // Between two steps nothing begins.
        play(&mut engine, &settings, 120.0, 1_000_001, 100);
        assert_eq!(engine.sounding(), [None; 2]);
    }
}
