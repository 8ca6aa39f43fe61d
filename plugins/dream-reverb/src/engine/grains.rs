//! Grains: short pieces of the tail that was, scattered over the tail that is. The dream recollects; it does not repeat.
//!
//! A grain begins on each line of a grid on the dream's clock. What it is (how far back, which way, where, how loud) is looked
//! up under the number of its line, so that any playback finds the same cloud.

use super::clock::{Clock, Line};
use super::ghost::{FADE_S as GHOST_S, Ghost};
use super::swarm::{Grain, PLACES, Swarm};
use super::tail_ring::TailRing;
use green_ring_dsp::chance::Chance;
use green_ring_dsp::{Sound, Spec};
use std::f32::consts::FRAC_PI_4;
use std::ops::Range;

/// Grains that sound at once at a steady size. By ear: fewer pulse, more are a wash in which no piece is known again.
const OVERLAP: usize = 6;

/// Shortest and longest grain in seconds.
const SIZES_S: [f64; 2] = [0.02, 1.0];

/// How far back the nearest grain begins, and how much farther the farthest at full spray, in seconds.
const NEAREST_S: f64 = 0.03;
const FARTHEST_S: f64 = 12.0;

/// Share of grains that run backwards.
const REVERSED: f32 = 0.3;

/// How much of its amplitude the quietest grain lacks at full spray.
const QUIETER: f32 = 0.7;

/// Mean square of a grain's window, (4 x (1 - x))^2 over x in 0..1: 256 B(5, 5).
const WINDOW_POWER: f32 = 256.0 * 24.0 * 24.0 / 362_880.0;

/// Lane of chance for what a grain is.
const LANE: u32 = 41;

/// What grains are made like, latched at a cell's edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cloud {
    /// Length of a grain in seconds, 0.02..1.
    pub size_s: f64,
    /// Spread of the grains over past, place and level, 0..1. At 0 they still lie up to their own length apart: like
    /// sounds added up would be a comb.
    pub spray: f32,
    /// Which cloud.
    pub seed: u32,
}

/// A cloud of grains out of the tail.
#[derive(Debug)]
pub struct Grains {
    rate_hz: f64,
    swarm: Swarm,
    /// The song sample up to which it has played.
    played: Option<i64>,
    ghost: Ghost,
}

impl Grains {
    /// No grains yet. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let swarm = Swarm { places: [None; PLACES] };
        Self { rate_hz: spec.sample_rate, swarm, played: None, ghost: Ghost::new(spec) }
    }

    /// Equal to fresh.
    pub fn reset(&mut self) {
        self.swarm.places = [None; PLACES];
        self.played = None;
        self.ghost.reset();
    }

    /// Samples after which what went into the ring, and where playback began, is no longer heard in grains like `cloud`.
    pub fn memory_samples(&self, cloud: &Cloud) -> f64 {
        let size = self.size_samples(cloud);
        // A grain that runs backwards moves away from its end at twice the speed of time.
        self.reach_samples(cloud) + (NEAREST_S + 2.0 * GHOST_S) * self.rate_hz + 3.0 * size
    }

    /// At the edge of `cell` (song samples), before the ring seeks it: sets out the grains that begin within it.
    ///
    /// Need not be called while nobody listens: after a pause it starts as if fresh.
    pub fn latch(&mut self, cell: &Range<i64>, clock: &Clock, cloud: &Cloud, ring: &TailRing) {
        if self.played != Some(cell.start) {
            self.leave(ring);
        }
        self.played = Some(cell.start);
        let period = self.size_samples(cloud) / OVERLAP as f64;
        let [before, last] = clock.numbers(cell, period);
        for number in before + 1..=last {
            let grain = self.grain(clock.line(number, period), cloud);
            self.swarm.places[number.rem_euclid(PLACES as i64) as usize].get_or_insert(grain);
        }
    }

    /// `frames` frames of the cloud, right after the ring has taken in the same `frames`.
    pub fn process(&mut self, ring: &TailRing, frames: usize) -> Sound {
        let mut sound = self.swarm.play(ring, ring.now() - frames as i64, frames);
        self.ghost.add(&mut sound, frames);
        self.played = Some(ring.now());
        sound
    }

    /// Lets go of the place where it was.
    fn leave(&mut self, ring: &TailRing) {
        if self.played == Some(ring.now()) {
            self.ghost.catch(|offset, frames| self.swarm.play(ring, ring.now() + offset as i64, frames));
        } else {
            self.ghost.reset();
        }
        self.swarm.places = [None; PLACES];
    }

    /// The grain that begins on `line`.
    fn grain(&self, line: Line, cloud: &Cloud) -> Grain {
        let [back, turn, pan, level] = Chance::new(cloud.seed, LANE).uniform(line.number);
        let back = NEAREST_S * self.rate_hz + back as f64 * self.reach_samples(cloud);
        let quieter = QUIETER * cloud.spray;
        let angle = FRAC_PI_4 * (1.0 + cloud.spray * (2.0 * pan - 1.0));
        // Grains have nothing in common, so their powers add up: as many as overlap, each under its window, at the mean
        // square of 1 - quieter * chance. The two sides' squares add up to 2.
        let powers = OVERLAP as f32 * WINDOW_POWER * (1.0 - quieter + quieter * quieter / 3.0);
        let gain = (1.0 - quieter * level) * (2.0 / powers).sqrt();
        Grain {
            from: line.sample,
            to: line.sample + self.size_samples(cloud) as i64,
            source: line.sample - back as i64,
            reversed: turn < REVERSED,
            gains: [gain * angle.cos(), gain * angle.sin()],
        }
    }

    fn size_samples(&self, cloud: &Cloud) -> f64 {
        cloud.size_s.clamp(SIZES_S[0], SIZES_S[1]) * self.rate_hz
    }

    /// By how much the farthest grain begins farther back than the nearest.
    fn reach_samples(&self, cloud: &Cloud) -> f64 {
        // The square gives the knob's lower half to the last seconds.
        self.size_samples(cloud) + (cloud.spray * cloud.spray) as f64 * FARTHEST_S * self.rate_hz
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::wander::Wander;
    use green_ring_dsp::{CELL, Grid, Song};

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

    const CLOUD: Cloud = Cloud { size_s: 0.18, spray: 0.3, seed: 9 };

    struct Rig {
        grid: Grid,
        ring: TailRing,
        grains: Grains,
    }

    impl Rig {
        fn new() -> Self {
            Self { grid: Grid::default(), ring: TailRing::new(&SPEC), grains: Grains::new(&SPEC) }
        }

        /// `sound` of the song's samples `from..to`, in blocks of `block`; each cell asks for its cloud and drift.
        fn play(
            &mut self,
            (from, to): (i64, i64),
            block: usize,
            sound: impl Fn(i64) -> [f32; 2],
            cloud: impl Fn(i64) -> (Cloud, f32),
        ) -> [Vec<f32>; 2] {
            let mut heard = [vec![], vec![]];
            for at in (from..to).step_by(block) {
                let (song, frames) = (Song::new(true, at, 120.0, 48_000.0), block.min((to - at) as usize));
                let mut done = 0;
                while let Some(part) = self.grid.part(&song, done, frames) {
                    let first = part.song.sample;
                    if part.edge {
                        let (cloud, drift) = cloud(first);
                        let clock = Clock { start: 700.0, second: 48_000.0, wander: Wander::new(5, drift) };
                        let cell = first..(first.div_euclid(32) + 1) * 32;
                        self.grains.latch(&cell, &clock, &cloud, &self.ring);
                        self.ring.seek(first);
                    }
                    let mut room = [[0.0; CELL]; 2];
                    (0..part.frames).for_each(|k| [room[0][k], room[1][k]] = sound(first + k as i64));
                    self.ring.write(&room, part.frames);
                    let cloud = self.grains.process(&self.ring, part.frames);
                    heard.iter_mut().zip(&cloud).for_each(|(heard, side)| heard.extend(&side[..part.frames]));
                    done += part.frames;
                }
            }
            heard
        }
    }

    fn noise(at: i64) -> [f32; 2] {
        Chance::new(1, 1).normal(at)
    }

    fn power_db(sound: &[f32]) -> f64 {
        10.0 * (sound.iter().map(|x| (x * x) as f64).sum::<f64>() / sound.len() as f64).log10()
    }

    #[test]
    fn the_cloud_is_as_loud_as_the_tail_whatever_its_grains() {
        // Long grains of random levels need longer to show their mean.
        for (size_s, spray, end) in [(0.02, 0.0, 1_600_000), (0.18, 0.3, 1_600_000), (1.0, 1.0, 4_000_000)] {
            let cloud = Cloud { size_s, spray, ..CLOUD };
            let heard = Rig::new().play((0, end), 4_096, noise, |_| (cloud, 1.0));
            for side in heard {
                let level = power_db(&side[800_000..]);
                assert!(level.abs() < 0.4, "{size_s} s, spray {spray}: {level:.2} dB");
            }
        }
    }

    #[test]
    fn any_start_and_any_cut_give_the_same_bits_after_the_told_memory() {
        let whole = Rig::new().play((0, 250_000), 4_096, noise, |_| (CLOUD, 1.0));
        let late = Rig::new().play((30_011, 250_000), 77, noise, |_| (CLOUD, 1.0));
        let memory = Grains::new(&SPEC).memory_samples(&CLOUD) as usize;
        assert!(whole[0][30_011..60_000] != late[0][..29_989]);
        assert!(whole[1][30_011 + memory..] == late[1][memory..] && memory < 200_000);
    }

    #[test]
    fn after_the_told_memory_silence_is_silence() {
        let click = |at: i64| if at < 30_000 { noise(at) } else { [0.0; 2] };
        let heard = Rig::new().play((0, 250_000), 512, click, |_| (CLOUD, 1.0));
        let end = heard[0].iter().rposition(|x| *x != 0.0).unwrap();
        assert!(end < 30_000 + Grains::new(&SPEC).memory_samples(&CLOUD) as usize && end > 60_000, "{end}");
    }

    #[test]
    fn leaping_sizes_and_songs_do_not_click_nor_shout() {
        let sine = |at: i64| [(at as f64 * 0.01).sin() as f32; 2];
        let leapt = |at: i64| {
            let [a, b, ..] = Chance::new(3, 3).uniform(at / 5_000);
            (Cloud { size_s: 0.02 * 50f64.powf(a as f64), spray: b, seed: (at / 70_000) as u32 }, a)
        };
        let mut rig = Rig::new();
        let mut heard = rig.play((0, 600_000), 512, sine, leapt)[0].clone();
        for jump in 0..40 {
            let from = (jump * 7_777_777) % 1_000_000;
            heard.extend(&rig.play((from, from + 5_003), 512, sine, leapt)[0]);
        }
        let bend = heard.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f32::max);
        // Six grains of a sine that bends by 1e-4 a sample, at twice their level, and windows as short as 960 frames.
        assert!(bend < 1.5e-3, "{bend}");
        assert!(heard.iter().all(|x| x.abs() < 6.0));
    }

    #[test]
    fn a_grain_begins_on_the_very_sample_of_its_line() {
        let mut rig = Rig::new();
        rig.play((0, 96_000), 512, |_| [1.0; 2], |_| (CLOUD, 0.0));
        let grain = rig.grains.grain(Line { number: 8, sample: 80_013 }, &CLOUD);
        let mut sound = [[0.0; CELL]; 2];
        grain.add(&rig.ring, 80_000, &mut sound, CELL);
        assert!(sound.iter().all(|side| side[..13].iter().all(|x| *x == 0.0) && side[13] > 0.0));
    }
}
