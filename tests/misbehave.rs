//! Misbehave: the laws, and what it must reach, measured on its engine.

#[path = "subjects/misbehave.rs"]
mod subject;

#[path = "misbehave/material.rs"]
mod material;
#[path = "misbehave/onsets.rs"]
mod onsets;
#[path = "misbehave/pitch.rs"]
mod pitch;
#[path = "misbehave/rise.rs"]
mod rise;
#[path = "misbehave/speed.rs"]
mod speed;

suite_tests::laws!(subject::subject());

#[path = "misbehave/control.rs"]
mod control;
#[path = "misbehave/feedback.rs"]
mod feedback;
#[path = "misbehave/hold.rs"]
mod hold;
#[path = "misbehave/lanes.rs"]
mod lanes;
#[path = "misbehave/notes.rs"]
mod notes;
#[path = "misbehave/score.rs"]
mod score;
#[path = "misbehave/time.rs"]
mod time;

use green_ring_dsp::{Song, Spec};
use misbehave::engine::{Engine, Event, Lane, Settings, Sync, events};
use suite_tests::signals::{self, Planar};

/// A playback: song position, tempo and how time is cut.
#[derive(Clone, Copy)]
struct Take<'a> {
    rate_hz: f64,
    tempo_bpm: f64,
    /// Song sample of the first frame.
    from: i64,
    /// Frames of the blocks, by turns.
    cuts: &'a [usize],
}

impl Take<'_> {
    const PLAIN: Take<'static> = Take { rate_hz: 48_000.0, tempo_bpm: 120.0, from: 0, cuts: &[512] };

    fn spec(&self) -> Spec {
        Spec { sample_rate: self.rate_hz, channels: 2 }
    }

    fn song(&self, sample: i64) -> Song {
        Song::new(true, sample, self.tempo_bpm, self.rate_hz)
    }

    /// What comes out of `engine` for `input`.
    fn play_on(&self, engine: &mut Engine, settings: &Settings, input: &Planar) -> Planar {
        let (mut out, mut done) = (input.clone(), 0);
        let total = input[0].len();
        for cut in self.cuts.iter().cycle() {
            let end = (done + cut).min(total);
            let mut block: Vec<&mut [f32]> = out.iter_mut().map(|channel| &mut channel[done..end]).collect();
            engine.process(settings, &self.song(self.from + done as i64), &mut block);
            done = end;
            if done == total {
                return out;
            }
        }
        unreachable!("there is at least one cut")
    }

    fn play(&self, settings: &Settings, input: &Planar) -> Planar {
        self.play_on(&mut Engine::new(&self.spec()), settings, input)
    }

    fn told(&self, settings: &Settings, range: std::ops::Range<i64>) -> Vec<Event> {
        let mut list = vec![];
        events(&self.spec(), settings, &self.song(range.start), range, &mut |event| list.push(event));
        list
    }
}

/// Order, short fades, every event of one lane.
fn order(lane: Lane) -> Settings {
    Settings { chaos: 0.0, edge: 0.5, weights: Lane::ALL.map(|l| f32::from(l == lane)), ..Settings::default() }
}

/// Chaos with everything in it, still on clean splices.
fn chaos() -> Settings {
    let weights = [0.6, 0.4, 0.3, 0.25, 0.2, 0.15, 0.3, 0.2];
    Settings { chaos: 1.0, activity: 0.6, edge: 0.5, seed: 7, weights, ..Settings::default() }
}

/// Noise: every sample differs from every other.
fn noise(seconds: f64, rate_hz: f64) -> Planar {
    signals::white(0.3, 3, 2, (seconds * rate_hz) as usize)
}

/// Whether two sounds are the same to the bit in frame `n`.
fn same(a: &Planar, b: &Planar, n: usize) -> bool {
    a.iter().zip(b).all(|(a, b)| a[n].to_bits() == b[n].to_bits())
}

/// Plays `input` in blocks of 512, after `change` did what it likes to the engine and its settings at the first frame of each.
fn played(settings: &Settings, input: &Planar, mut change: impl FnMut(usize, &mut Engine, &mut Settings)) -> Planar {
    let mut engine = Engine::new(&Take::PLAIN.spec());
    let (mut out, mut settings) = (input.clone(), *settings);
    for at in (0..input[0].len()).step_by(512) {
        change(at, &mut engine, &mut settings);
        let end = (at + 512).min(input[0].len());
        let mut block: Vec<&mut [f32]> = out.iter_mut().map(|channel| &mut channel[at..end]).collect();
        engine.process(&settings, &Take::PLAIN.song(at as i64), &mut block);
    }
    out
}
