//! Rise: an accelerando that never arrives.
//!
//! Four copies of a loop play at once, an octave of speed apart, and all of them quicken together. Each comes in unheard two
//! octaves below its own speed and leaves unheard two above; when one has gone, a new one takes its place, and after a
//! cycle everything is as it was, though nothing ever slowed down (Risset's eternal accelerando; rates and amplitudes
//! after Stowell, "Scheduling and composing with Risset eternal accelerando rhythms", ICMC 2011).
//!
//! Rate and place of each copy are closed forms of the song position. The loop is the last whole bar that was heard when
//! a copy comes to its end: it goes with the music, and is the same wherever playback began.

mod runner;

use green_ring_dsp::{CELL, Ramp, Sound, Spec, door::settle};

use super::{align::Aligner, record::Record, ruler::Ruler};
use runner::{COPIES, Material, Runner};

/// Seconds in which the layer comes and goes.
const FADE_S: f64 = 0.02;

/// Bounds of the loop, in seconds: a bar is halved or doubled into them. A copy a quarter as fast plays four loops'
/// length, of material up to two loops old.
const LONGEST_LOOP_S: f64 = 6.0;
const SHORTEST_LOOP_S: f64 = 0.25;
const LOOPS_KEPT: f64 = 6.0;

/// What is asked of the layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// Gain of the layer, 0..1: at 1 it is as loud as what it is made of.
    pub level: f32,
    /// Bars in which everything quickens by an octave, 4 to 128.
    pub cycle_bars: f64,
    /// It slows down for ever instead.
    pub down: bool,
    /// The pitch stays; only the rhythm quickens.
    pub kept: bool,
}

/// Where bars lie in the song, at the present tempo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bars {
    /// Song position of Start in samples, with its fraction.
    pub zero: f64,
    /// Samples in a bar.
    pub bar_samples: f64,
}

impl Bars {
    /// The bars that `ruler` counts.
    pub(super) fn of(ruler: &Ruler) -> Self {
        Self { zero: ruler.sample_of(ruler.start()), bar_samples: ruler.bar() * ruler.unit_samples() }
    }

    /// Samples in which a cycle of so many bars quickens by an octave: at least a second.
    pub fn cycle_samples(&self, cycle_bars: f64, rate_hz: f64) -> f64 {
        (cycle_bars * self.bar_samples).max(rate_hz)
    }
}

/// What the copies follow: lengths in samples.
#[derive(Clone, Copy, Debug)]
struct Course {
    zero: f64,
    cycle: f64,
    looped: f64,
    down: bool,
}

/// The layer.
#[derive(Debug)]
pub struct Rise {
    rate_hz: f64,
    aligner: Aligner,
    level: Ramp,
    /// What sounds, which may not yet be what is asked for; `None` before anything was.
    plan: Option<Plan>,
    course: Course,
    /// It fades out, because what it followed is no longer so.
    leaving: bool,
    /// The song sample that it plays next. While it leaves after a jump, it goes on as if there had been none.
    at: i64,
    copies: [Runner; COPIES],
}

impl Rise {
    /// A layer at rest. Does not allocate, but for the kernels that all readers share.
    pub fn new(spec: &Spec) -> Self {
        let rate_hz = spec.sample_rate;
        Self {
            rate_hz,
            aligner: Aligner::new(rate_hz),
            level: Ramp::new(0.0, spec.samples(FADE_S)),
            plan: None,
            course: Course { zero: 0.0, cycle: 1.0, looped: 1.0, down: false },
            leaving: false,
            at: 0,
            copies: std::array::from_fn(|slot| Runner::new(slot, rate_hz)),
        }
    }

    /// Equal to fresh. Does not allocate.
    pub fn reset(&mut self) {
        *self = Self::new(&Spec { sample_rate: self.rate_hz, channels: 2 });
    }

    /// Seconds of the past that the layer is made of, where `bar_s` are the seconds of a bar.
    pub fn memory_s(bar_s: f64) -> f64 {
        LOOPS_KEPT * loop_length(bar_s, 1.0) + 0.5
    }

    /// Takes in what is asked for, at a cell's edge that lies at song sample `now`. A jump of the song, another cycle, direction or
    /// kind is heard once the layer has faded out; tempo is followed at once.
    pub fn latch(&mut self, plan: &Plan, bars: &Bars, now: i64) {
        let other = |old: Plan| Plan { level: 0.0, ..old } != Plan { level: 0.0, ..*plan };
        let jumped = !self.leaving && now != self.at;
        self.leaving |= jumped || self.plan.is_some_and(other);
        if self.leaving && !self.level.rests_at(0.0) {
            self.level.go(0.0);
            return;
        }
        if self.leaving || jumped {
            self.copies.iter_mut().for_each(Runner::forget);
        }
        (self.leaving, self.plan, self.at) = (false, Some(*plan), now);
        self.level.go(plan.level.clamp(0.0, 1.0));
        let cycle = bars.cycle_samples(plan.cycle_bars, self.rate_hz);
        let looped = loop_length(bars.bar_samples, self.rate_hz);
        self.course = Course { zero: bars.zero, cycle, looped, down: plan.down };
    }

    /// Adds the layer to the frames `from` up to `to` of `sound`. The record must hold what was heard up to there.
    pub fn process(&mut self, record: &Record, sound: &mut Sound, from: usize, to: usize) {
        let mut done = from;
        while done < to {
            // Rates are straight lines within a cell of the song.
            let into = self.at.rem_euclid(CELL as i64);
            let frames = (CELL - into as usize).min(to - done);
            if !self.level.rests_at(0.0) {
                self.sound(record, sound, into, done, frames);
            }
            self.at += frames as i64;
            done += frames;
        }
    }

    fn sound(&mut self, record: &Record, sound: &mut Sound, into: i64, first: usize, frames: usize) {
        let kept = self.plan.is_some_and(|plan| plan.kept);
        let material = Material { record, aligner: &self.aligner };
        let mut layer = [[0.0; 2]; CELL];
        for copy in &mut self.copies {
            let layer = &mut layer[..frames];
            if kept {
                copy.grains(&self.course, &material, self.at, layer);
            } else {
                copy.tape(&self.course, &material, [self.at - into, into], layer);
            }
        }
        for (k, frame) in layer[..frames].iter().enumerate() {
            let gain = self.level.tick();
            // Where it has come to rest, not even the sign of zero is touched.
            for (sound, x) in sound.iter_mut().zip(frame).filter(|_| gain != 0.0) {
                sound[first + k] = settle(sound[first + k] + gain * x);
            }
        }
    }
}

/// A bar, halved or doubled until it is a loop, in the unit of `second`.
fn loop_length(bar: f64, second: f64) -> f64 {
    let bar = bar.clamp(1e-6 * second, 1e6 * second);
    let halvings = (bar / (LONGEST_LOOP_S * second)).log2().ceil().max(0.0);
    let doublings = (SHORTEST_LOOP_S * second / bar).log2().ceil().max(0.0);
    bar * (doublings - halvings).exp2()
}
