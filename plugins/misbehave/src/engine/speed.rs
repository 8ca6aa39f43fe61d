//! Speed: a tape that stops, starts, runs away or drifts.
//!
//! The place that is read is a closed form of the time since the event began: nothing adds up, so a read in the middle of an
//! event is the read of a full playback. Only what was heard is read: an event that runs faster than the song begins so much
//! earlier.

use std::f64::consts::{LN_2, TAU};

use super::{
    align::Strand,
    reader::{Kernels, kernels},
    record::{Frame, Record},
};

/// What the tape does over an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// It slows down evenly, at full amount to a standstill.
    Stop,
    /// It starts from as slow as that and ends at its own speed.
    SpinUp,
    /// It glides, up or down as chance says, at full amount by two octaves.
    Ramp,
    /// It wanders around its own speed, at full amount by up to a half of it.
    Drift,
}

/// Octaves of a full ramp.
const OCTAVES: f64 = 2.0;

/// Largest deviation of a full drift from the speed, as a fraction, and the periods of its two waves: slower than wow,
/// and in no simple ratio.
const DRIFT: f64 = 0.5;
const PERIODS_S: [f64; 2] = [1.9, 0.73];

/// Below this rate the sound fades with the rate, as the voltage of a playback head does: a tape that stands is silent,
/// not a constant.
const SLOW: f64 = 0.125;

/// A rate this close to 1 is the tape's own: over the 10 ms by which sounds are compared, treble stays in step.
const OWN: f64 = 0.005;

/// Seconds that an event may outlast its length by, for the splice that ends it.
const SPARE_S: f64 = 0.02;

/// Where an event of Speed reads, as a function of time.
#[derive(Clone, Copy, Debug)]
pub struct Speed {
    motion: Motion,
    length: f64,
    /// Samples before the event's first sample at which it begins to read.
    lead: f64,
}

#[derive(Clone, Copy, Debug)]
enum Motion {
    /// From the one rate evenly to the other.
    Even { from: f64, to: f64 },
    /// Evenly in pitch, so many octaves.
    Glide(f64),
    /// Two waves: their swing in samples, their turns a sample and their first phases.
    Waves([[f64; 3]; 2]),
}

impl Speed {
    /// What `shape` does by `amount` (0..1) over `length` samples, as `chance` (two values in 0..1) has it.
    pub fn new(shape: Shape, amount: f32, length: i64, chance: [f32; 2], rate_hz: f64) -> Self {
        let (amount, length) = (f64::from(amount.clamp(0.0, 1.0)), length.max(1) as f64);
        let motion = match shape {
            Shape::Stop => Motion::Even { from: 1.0, to: 1.0 - amount },
            Shape::SpinUp => Motion::Even { from: 1.0 - amount, to: 1.0 },
            Shape::Ramp => Motion::Glide(OCTAVES * amount * if chance[0] < 0.5 { -1.0 } else { 1.0 }),
            Shape::Drift => Motion::Waves(std::array::from_fn(|k| {
                let turns = (PERIODS_S[k] * rate_hz).recip();
                [0.5 * DRIFT * amount / (TAU * turns), turns, f64::from(chance[k])]
            })),
        };
        let mut speed = Self { motion, length, lead: 0.0 };
        speed.lead = speed.ahead(SPARE_S * rate_hz);
        speed
    }

    /// Samples before the event's first one that will be read.
    pub fn back(&self) -> i64 {
        (self.lead + self.swing()).ceil() as i64 + kernels().reach(self.fastest())
    }

    /// The place that is read `t` samples after the event began, in samples from there, and the rate at which it passes
    /// (1: as it was recorded). Holds on after the event at the rate of its end.
    #[inline]
    pub fn at(&self, t: f64) -> (f64, f64) {
        let within = t.min(self.length);
        let (place, rate) = self.motion(within);
        (place + rate * (t - within) - self.lead, rate)
    }

    /// What is read at song sample `now` of an event that began at `origin`; `None` where it is read at another speed than
    /// its own.
    pub fn strand(&self, origin: i64, now: i64) -> Option<Strand> {
        let (place, rate) = self.at((now - origin) as f64);
        ((rate - 1.0).abs() < OWN).then_some(Strand { at: origin + place.floor() as i64, step: 1 })
    }

    fn motion(&self, t: f64) -> (f64, f64) {
        let x = t / self.length;
        match self.motion {
            Motion::Even { from, to } => (t * (from + 0.5 * x * (to - from)), from + x * (to - from)),
            Motion::Glide(octaves) if octaves.abs() < 1e-9 => (t, 1.0),
            Motion::Glide(octaves) => {
                let rate = (octaves * x).exp2();
                (self.length * (rate - 1.0) / (octaves * LN_2), rate)
            }
            Motion::Waves(waves) => waves.iter().fold((t, 1.0), |(place, rate), &[swing, turns, phase]| {
                let (sin, cos) = (TAU * (turns * t + phase)).sin_cos();
                (place + swing * sin, rate + TAU * turns * swing * cos)
            }),
        }
    }

    /// Samples by which reading must begin earlier, so that the farthest that a read touches was heard, `spare` samples
    /// after the end as well.
    fn ahead(&self, spare: f64) -> f64 {
        let (place, fastest) = (self.motion(self.length).0, self.fastest());
        let gained = (place - self.length).max(self.swing()) + (fastest - 1.0) * spare;
        gained.max(0.0) + kernels().reach(fastest) as f64 + 1.0
    }

    fn fastest(&self) -> f64 {
        match self.motion {
            Motion::Waves(_) => 1.0 + DRIFT,
            _ => self.motion(self.length).1.max(1.0),
        }
    }

    fn swing(&self) -> f64 {
        match self.motion {
            Motion::Waves(waves) => waves.iter().map(|wave| wave[0]).sum(),
            _ => 0.0,
        }
    }
}

/// A head at varying speed.
#[derive(Clone, Copy, Debug)]
pub struct Tape {
    speed: Speed,
    /// Song sample at which the event began, and samples since.
    origin: i64,
    age: i64,
    kernels: &'static Kernels,
}

impl Tape {
    /// A head for the event that begins at song sample `origin`, from `age` samples after that on.
    pub fn new(speed: Speed, origin: i64, age: i64) -> Self {
        Self { speed, origin, age, kernels: kernels() }
    }

    /// The next frame.
    #[inline]
    pub fn next(&mut self, record: &Record) -> Frame {
        let (place, rate) = self.speed.at(self.age as f64);
        self.age += 1;
        let near = place.floor();
        let at = self.origin + near as i64;
        let gain = level(rate);
        self.kernels.read_at(record, at, place - near, rate).map(|x| gain * x)
    }
}

/// What a head gives at `rate`: everything, but for the last moments before it stands.
fn level(rate: f64) -> f32 {
    let x = (rate.abs() / SLOW).min(1.0);
    (x * x * (3.0 - 2.0 * x)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 48_000.0;
    const SHAPES: [Shape; 4] = [Shape::Stop, Shape::SpinUp, Shape::Ramp, Shape::Drift];

    fn every(mut f: impl FnMut(Shape, Speed, i64)) {
        for shape in SHAPES {
            for amount in [0.0, 0.3, 1.0] {
                for length in [600, 6_000, 96_000] {
                    for chance in [[0.1, 0.2], [0.9, 0.7], [0.6, 0.99]] {
                        f(shape, Speed::new(shape, amount, length, chance, RATE), length);
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_is_read_that_was_not_heard_nor_before_what_was_asked_for() {
        every(|shape, speed, length| {
            for t in 0..length + 900 {
                let (place, rate) = speed.at(t as f64);
                let reach = kernels().reach(rate) as f64;
                assert!(place + reach <= t as f64, "{shape:?} at {t} of {length}: {place}");
                assert!(place - reach >= -speed.back() as f64, "{shape:?} at {t} of {length}: {place}");
            }
        });
    }

    #[test]
    fn the_rate_is_the_slope_of_the_place() {
        every(|shape, speed, length| {
            for t in (1..length + 100).step_by(97) {
                let slope = speed.at(t as f64 + 0.5).0 - speed.at(t as f64 - 0.5).0;
                assert!((slope - speed.at(t as f64).1).abs() < 1e-3, "{shape:?} {t}");
            }
        });
    }

    #[test]
    fn shapes_begin_and_end_as_named() {
        let ends = |shape, chance| {
            let speed = Speed::new(shape, 1.0, 48_000, [chance; 2], RATE);
            [speed.at(0.0).1, speed.at(48_000.0).1].map(|rate| (rate * 1e6).round() / 1e6)
        };
        assert_eq!(ends(Shape::Stop, 0.3), [1.0, 0.0]);
        assert_eq!(ends(Shape::SpinUp, 0.3), [0.0, 1.0]);
        assert_eq!(ends(Shape::Ramp, 0.3), [1.0, 0.25]);
        assert_eq!(ends(Shape::Ramp, 0.7), [1.0, 4.0]);
        let drift = Speed::new(Shape::Drift, 1.0, 480_000, [0.3; 2], RATE);
        let rates: Vec<f64> = (0..480_000).step_by(100).map(|t| drift.at(t as f64).1).collect();
        let (low, high) = rates.iter().fold((9.0f64, 0.0f64), |(low, high), r| (low.min(*r), high.max(*r)));
        assert!((0.5..0.56).contains(&low) && (1.44..1.5).contains(&high), "{low} {high}");
    }

    #[test]
    fn a_tape_that_stands_is_silent_and_one_in_the_middle_is_the_same_tape() {
        let mut record = Record::new(1 << 16);
        (0..2_000).for_each(|_| record.write(&[[0.5; 32]; 2], 32));
        let speed = Speed::new(Shape::Stop, 1.0, 20_000, [0.0; 2], RATE);
        let (mut whole, mut late) = (Tape::new(speed, 40_000, 0), Tape::new(speed, 40_000, 7_000));
        let heard: Vec<Frame> = (0..20_000).map(|_| whole.next(&record)).collect();
        assert!((heard[10_000][0] - 0.5).abs() < 1e-6 && heard[19_999][0] < 1e-6);
        assert!(heard[7_000..].iter().all(|frame| *frame == late.next(&record)));
    }
}
