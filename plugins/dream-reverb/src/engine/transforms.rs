//! What the dream does with its own past: the tail ring, and the sounds that are made out of it.

use super::Cell;
use super::balance::{Balance, TRANSFORMS};
use super::choir::{self, Choir};
use super::clock::Clock;
use super::drone::{self, Drone};
use super::grains::{Cloud, Grains};
use super::reverse::Reverse;
use super::settings::{Settings, Sync};
use super::spectral::Spectral;
use super::tail_ring::TailRing;
use super::wander::Wander;
use green_ring_dsp::{Song, Sound, Spec};

/// The drone leans by so much of what the clock does: by a semitone at the clock's widest.
const LEAN: f64 = 0.74;

/// A stretch of song, as the dream's clocks count it.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// The song sample at which it begins.
    pub at: i64,
    /// Length of a quarter note in samples.
    pub quarter_samples: f64,
    /// Its two ends on the clock of movement, in seconds from Start.
    pub moved_s: [f64; 2],
    /// Its two ends in true seconds from Start.
    pub true_s: [f64; 2],
    /// The clock of grid lines.
    pub clock: Clock,
}

/// The tail ring, and what reads it.
#[derive(Debug)]
pub struct Transforms {
    rate_hz: f64,
    ring: TailRing,
    reverse: Reverse,
    grains: Grains,
    spectral: Spectral,
    choir: Choir,
    drone: Drone,
    /// Which of the four are at work in this cell.
    works: [bool; TRANSFORMS],
}

impl Transforms {
    /// A dream without a past. Allocates.
    pub fn new(spec: &Spec) -> Self {
        Self {
            rate_hz: spec.sample_rate,
            ring: TailRing::new(spec),
            reverse: Reverse::new(spec),
            grains: Grains::new(spec),
            spectral: Spectral::new(spec),
            choir: Choir::new(spec),
            drone: Drone::new(spec),
            works: [false; TRANSFORMS],
        }
    }

    /// No past.
    pub fn reset(&mut self) {
        self.ring.reset();
        self.reverse.reset();
        self.grains.reset();
        self.spectral.reset();
        self.choir.reset();
        self.drone.reset();
    }

    /// At the edge of `cell`, which is `stretch` of the song. What `balance` does not hear rests.
    pub fn latch(&mut self, cell: &Cell, stretch: &Stretch, settings: &Settings, balance: &Balance) {
        let (at, clock) = (stretch.at, &stretch.clock);
        let places = at..at + cell.frames as i64;
        let worked = std::mem::replace(&mut self.works, std::array::from_fn(|k| balance.hears(2 + k)));
        let [reverse, grains, choir, drone] = self.works;
        if reverse {
            let length = segment_samples(settings, stretch.quarter_samples, self.rate_hz);
            self.reverse.latch(&places, clock, length, &self.ring);
        }
        if grains {
            self.grains.latch(&places, clock, &cloud(settings), &self.ring);
        }
        self.spectral.latch(settings.freeze, at, settings.seed, &self.ring);
        // Only now: those that read the past have noticed a jump by themselves, and let the old one fade.
        self.ring.seek(at);
        if choir {
            self.choir.latch(cell, stretch.moved_s, settings.seed, settings.vowel);
        } else if worked[2] {
            self.choir.reset();
        }
        if drone {
            let leant_s = stretch.true_s.map(|at_s| at_s + LEAN * clock.wander.offset_s(at_s));
            self.drone.latch(cell, leant_s, settings.longest_decay_s());
        } else if worked[3] {
            self.drone.reset();
        }
    }

    /// Remembers `frames` frames of `room`, and adds what is held of it and what is made of the past to `sum`.
    pub fn process(&mut self, room: &Sound, balance: &mut Balance, sum: &mut Sound, frames: usize) {
        self.ring.write(room, frames);
        let room = self.spectral.process(room, frames);
        balance.add(1, &room, sum, frames);
        let [reverse, grains, choir, drone] = self.works;
        if reverse {
            balance.add(2, &self.reverse.process(&self.ring, frames), sum, frames);
        }
        if grains {
            balance.add(3, &self.grains.process(&self.ring, frames), sum, frames);
        }
        if choir {
            balance.add(4, &self.choir.process(&room, frames), sum, frames);
        }
        if drone {
            balance.add(5, &self.drone.process(&room, frames), sum, frames);
        }
    }

    /// Seconds of the past that are heard beyond the room's own, where a quarter note has `quarter_samples`.
    pub fn memory_s(&self, settings: &Settings, quarter_samples: f64) -> f64 {
        let used = |amount: f32| settings.dream > 0.0 && amount > 0.0;
        let segment = segment_samples(settings, quarter_samples, self.rate_hz);
        let reversed = if used(settings.reverse) { self.reverse.memory_samples(segment) } else { 0.0 };
        let grains = if used(settings.grains) { self.grains.memory_samples(&cloud(settings)) } else { 0.0 };
        let choir_s = if used(settings.choir) { choir::TAIL_S } else { 0.0 };
        (reversed.max(grains) / self.rate_hz).max(choir_s)
    }

    /// Seconds of the drone's own memory and tail, which falls by `db`.
    pub fn drone_s(&self, settings: &Settings, db: f32) -> f32 {
        let decay_s = settings.longest_decay_s();
        match settings.dream > 0.0 && settings.drone > 0.0 {
            true if db > 200.0 => drone::tail_s(decay_s),
            true => drone::memory_s(decay_s),
            false => 0.0,
        }
    }
}

/// The dream's clock under `settings`. `wander` is how it wandered before.
pub fn clock(settings: &Settings, song: &Song, rate_hz: f64, wander: &mut Wander) -> Clock {
    let (start, second) = match settings.sync {
        Sync::Time => (settings.start * rate_hz, rate_hz),
        Sync::Beats => (song.sample_of(settings.start), 2.0 * song.quarter_samples()),
    };
    wander.near(settings.seed, settings.dream * settings.drift, (song.sample as f64 - start) / second);
    Clock { start, second, wander: *wander }
}

/// Length of a backward segment.
fn segment_samples(settings: &Settings, quarter_samples: f64, rate_hz: f64) -> f64 {
    match settings.sync {
        Sync::Time => f64::from(settings.reverse_s) * rate_hz,
        Sync::Beats => settings.reverse_quarters * quarter_samples,
    }
}

fn cloud(settings: &Settings) -> Cloud {
    Cloud { size_s: f64::from(settings.grain_size_s), spray: settings.grain_spray, seed: settings.seed }
}
