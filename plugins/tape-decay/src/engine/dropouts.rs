//! Dropouts: moments in which the tape lifts off the head.
//!
//! They lie on the tape. Each quarter beat of it ([`super::reel`]) holds at most one, with a chance of half the square of
//! the dial: four a second at most where a beat is half a second. Depth d and length l (at half the depth) follow
//!
//! ```text
//! P(d < x) = (x / 12 um)^(2/3)                                            up to 12 um
//! P(l < x) = (1 - (18 ms / x)^1.5) / (1 - (18 ms / 250 ms)^1.5)          18 to 250 ms
//! ```
//!
//! numbers of taste: restorers report 14 ms as typical and a third of a second as the worst. Half of them hit both
//! channels, and in mono all of them. The edges take as long as it needs for 1.6 dB a millisecond at 1 kHz.

use green_ring_dsp::chance::Chance;

use super::reel::{Reel, Spots};

/// Distance of the slots that hold one dropout each, in beats.
pub const SLOT_BEATS: f64 = 0.25;

/// The deepest dropout in micrometres.
pub const DEEPEST_UM: f32 = 12.0;

/// The exponent of the law of depth.
const DEPTH_POWER: f32 = 1.5;

/// The shortest and the longest dropout in milliseconds, and the exponent of the law between.
const SHORTEST_MS: f32 = 18.0;
const LONGEST_MS: f32 = 250.0;
const LENGTH_POWER: f32 = 1.5;

/// The steepest edge in dB a millisecond at 1 kHz, and the shortest in milliseconds.
const STEEPEST_DB_MS: f32 = 1.6;
const LEAST_EDGE_MS: f32 = 3.0;

/// The longest way of an edge before the middle of it: a slot's dropout begins so long behind the slot's beginning.
const LEAD_MS: f64 = 10.0;

/// Slots whose dropouts may still last: enough for a beat of 50 ms.
const LASTING: usize = 24;

/// Lane of chance.
const LANE: u32 = 0x200;

/// One dropout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropout {
    /// The slot that it begins in, counted from Start over all passes.
    pub slot: i64,
    /// Where in its slot it begins, 0 to 1.
    pub at: f32,
    /// Time between the middles of its edges in milliseconds.
    pub length_ms: f32,
    /// Spacing in micrometres.
    pub depth_um: f32,
    /// Which channels it hits.
    pub hits: [bool; 2],
}

impl Dropout {
    /// The dropout of `slot`, if the dial, 0 to 1, is far enough up for it.
    pub fn find(seed: u32, spots: &Spots, slot: i64, dial: f32, mono: bool) -> Option<Self> {
        let number = spots.number(slot);
        let [rare, at, depth, length] = Chance::new(seed, LANE).uniform(number);
        let [side, ..] = Chance::new(seed, LANE + 1).uniform(number);
        let shorter = 1.0 - (SHORTEST_MS / LONGEST_MS).powf(LENGTH_POWER);
        let hits = if mono || side < 0.5 { [true; 2] } else { [side < 0.75, side >= 0.75] };
        (rare < 0.5 * dial * dial).then(|| Self {
            slot,
            at,
            length_ms: SHORTEST_MS * (1.0 - length * shorter).powf(-1.0 / LENGTH_POWER),
            depth_um: DEEPEST_UM * depth.powf(DEPTH_POWER),
            hits,
        })
    }

    /// Where on the tape the middles of its edges lie, in beats from Start, with beats of `beat_ms` milliseconds.
    pub fn stretch(&self, spots: &Spots, beat_ms: f64) -> [f64; 2] {
        let begins = (self.slot as f64 + f64::from(self.at)) * spots.beats + LEAD_MS / beat_ms;
        [begins, begins + f64::from(self.length_ms) / beat_ms]
    }

    /// Its spacing in micrometres `ms` behind the middle of its first edge, on tape where 1 kHz loses `db_um` dB for each
    /// micrometre.
    fn um(&self, ms: f32, db_um: f32) -> f32 {
        // The steepest place of the edge is 1.875 times its mean.
        let edge_ms = (1.875 * self.depth_um * db_um / STEEPEST_DB_MS).clamp(LEAST_EDGE_MS, 2.0 * LEAD_MS as f32);
        self.depth_um * (edge(ms / edge_ms) - edge((ms - self.length_ms) / edge_ms))
    }
}

/// From 0 to 1 around `t` = 0 within one, on the minimum-jerk path (Flash & Hogan, J. Neuroscience 5(7), 1985).
pub fn edge(t: f32) -> f32 {
    let t = (t + 0.5).clamp(0.0, 1.0);
    t * t * t * (10.0 - 15.0 * t + 6.0 * t * t)
}

/// The dropouts around one place.
///
/// Whether there is one in a slot is decided as the slot begins, by the dial as it then stands: what has begun is not
/// cut off by a sweep of the dial.
#[derive(Clone, Debug)]
pub struct Dropouts {
    mono: bool,
    spots: Option<Spots>,
    newest: i64,
    /// Those of the newest slots, by slot number.
    lasting: [Option<Dropout>; LASTING],
}

impl Dropouts {
    /// No dropouts yet.
    pub fn new(mono: bool) -> Self {
        Self { mono, spots: None, newest: 0, lasting: [None; LASTING] }
    }

    /// The tape is another one, or has been wound: every slot is decided anew.
    pub fn reset(&mut self) {
        *self = Self::new(self.mono);
    }

    /// The spacing in micrometres of each channel, `beats` from Start. `db_um` is what 1 kHz loses for a micrometre.
    pub fn um(&mut self, reel: &Reel, beats: f64, beat_ms: f64, dial: f32, db_um: f32) -> [f32; 2] {
        let spots = reel.grid(SLOT_BEATS);
        self.find(reel.seed, spots, (beats / spots.beats).floor() as i64, dial);
        let mut sums = [0.0f32; 2];
        for dropout in self.lasting.iter().flatten() {
            let begins = (dropout.slot as f64 + f64::from(dropout.at)) * spots.beats;
            let um = dropout.um(((beats - begins) * beat_ms - LEAD_MS) as f32, db_um);
            for (sum, hit) in sums.iter_mut().zip(dropout.hits) {
                // Where two overlap the deeper one counts, without a corner.
                *sum += if hit { um.powi(4) } else { 0.0 };
            }
        }
        sums.map(|sum| sum.sqrt().sqrt())
    }

    /// Decides the slots up to `slot`.
    fn find(&mut self, seed: u32, spots: Spots, slot: i64, dial: f32) {
        let follows = self.spots == Some(spots) && (self.newest..=self.newest + LASTING as i64).contains(&slot);
        let from = if follows { self.newest + 1 } else { slot + 1 - LASTING as i64 };
        for slot in from..=slot {
            let place = slot.rem_euclid(LASTING as i64) as usize;
            self.lasting[place] = Dropout::find(seed, &spots, slot, dial, self.mono);
        }
        (self.spots, self.newest) = (Some(spots), slot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::settings::{Map, PassMode, Sync};

    const REEL: Reel =
        Reel { seed: 5, sync: Sync::Time, start: 0.0, map: Map::WholeTape, mode: PassMode::Manual, pass_beats: 32.0 };

    /// Steps a millisecond of what is laid down.
    const STEPS_MS: usize = 2;

    fn laid_down(reel: &Reel, dial: f32, seconds: usize, db_um: f32) -> Vec<f32> {
        let mut dropouts = Dropouts::new(true);
        let beats = |k: usize| k as f64 / (500 * STEPS_MS) as f64;
        (0..seconds * 1_000 * STEPS_MS).map(|k| dropouts.um(reel, beats(k), 500.0, dial, db_um)[0]).collect()
    }

    /// The greatest distance between what was found and what the law says (Kolmogorov & Smirnov).
    fn apart(mut found: Vec<f64>, law: impl Fn(f64) -> f64) -> f64 {
        found.sort_by(f64::total_cmp);
        let n = found.len() as f64;
        let gap = |(k, x): (usize, &f64)| (law(*x) - k as f64 / n).abs().max((law(*x) - (k + 1) as f64 / n).abs());
        found.iter().enumerate().map(gap).fold(0.0, f64::max)
    }

    #[test]
    fn what_is_laid_down_follows_the_laws_of_depth_length_and_rate() {
        let (dial, seconds) = (0.35, 10_000);
        let path = laid_down(&REEL, dial, seconds, 0.29);
        let (mut depths, mut lengths) = (vec![], vec![]);
        for stretch in path.split(|um| *um == 0.0).filter(|stretch| !stretch.is_empty()) {
            let depth = stretch.iter().fold(0.0f32, |a, b| a.max(*b));
            depths.push(f64::from(depth));
            lengths.push(stretch.iter().filter(|um| **um > depth / 2.0).count() as f64 / STEPS_MS as f64);
        }
        assert!(depths.len() >= 2_000, "{}", depths.len());
        let rate = depths.len() as f64 / seconds as f64 / (4.0 * f64::from(dial * dial));
        assert!((rate - 1.0).abs() < 0.06, "{rate}");
        let (d, l) = (
            apart(depths, |x| (x / 12.0).powf(2.0 / 3.0).min(1.0)),
            apart(lengths, |x| ((1.0 - (18.0 / x).powf(1.5)) / (1.0 - (18.0f64 / 250.0).powf(1.5))).clamp(0.0, 1.0)),
        );
        assert!(d <= 0.03 && l <= 0.03, "depths {d:.4}, lengths {l:.4}");
    }

    #[test]
    fn edges_are_as_steep_as_allowed_at_every_speed() {
        for ips in [1.875, 7.5, 30.0] {
            let db_um = 8.686 * std::f32::consts::TAU * 1e-3 / (ips * 0.0254);
            let path = laid_down(&REEL, 1.0, 300, db_um);
            let steepest = path.windows(2).map(|w| (w[1] - w[0]).abs() * db_um * STEPS_MS as f32).fold(0.0, f32::max);
            assert!(steepest <= 2.0, "{ips} ips: {steepest}");
        }
    }

    #[test]
    fn on_a_loop_they_come_round_and_a_seek_finds_them() {
        let looped = Reel { map: Map::Loop, ..REEL };
        let path = laid_down(&looped, 1.0, 48, 0.29);
        let (first, rest) = path.split_at(32_000);
        assert!(first[1_000..].iter().zip(&rest[1_000..32_000]).all(|(a, b)| (a - b).abs() < 1e-3));
        assert!(first.iter().any(|um| *um > 3.0));
        let mut sought = Dropouts::new(true);
        for k in [40_000, 7, 63_000, 33_333] {
            sought.reset();
            assert_eq!(sought.um(&looped, k as f64 / 1_000.0, 500.0, 1.0, 0.29)[0], path[k]);
        }
    }

    #[test]
    fn none_without_the_dial_and_what_has_begun_ends() {
        assert!(laid_down(&REEL, 0.0, 100, 0.29).iter().all(|um| *um == 0.0));
        let path = laid_down(&REEL, 1.0, 20, 0.29);
        let inside = path.iter().position(|um| *um > 2.0).expect("a dropout");
        let mut dropouts = Dropouts::new(true);
        let beats = |k: usize| k as f64 / 1_000.0;
        for k in 0..inside {
            dropouts.um(&REEL, beats(k), 500.0, 1.0, 0.29);
        }
        assert_eq!(dropouts.um(&REEL, beats(inside), 500.0, 0.0, 0.29)[0], path[inside]);
    }
}
