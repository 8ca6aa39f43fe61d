//! The oxide: how much of it each place of the tape has lost after so many passes.
//!
//! Every place has a life: the passes after which 12 dB of it are gone. Lives are chance, addressed by place: the sum of
//! four layers of noise along the tape, coarse to fine, as the logarithm of life. Loss at a place is a function of the
//! ratio r of passes to its life alone, so that pass 200 is found without the 199 before it, losses grow with every
//! pass, and no hole ever heals or moves:
//!
//! ```text
//! spacing(r) = 80 us min(r, 1.6)^1.5           debris lifts the tape: treble goes first
//! level(r)   = -72 dB (1 - e^(-0.182 r^3.6))    then the oxide itself
//! ```
//!
//! Lives are set so that half of a tape is below -12 dB after 120 passes and 80 % of it below -40 dB after 240: by
//! listeners' accounts of W. Basinski's "Disintegration Loops", 20 and 40 minutes into a ten-second loop. Spacing is told
//! in time, not in micrometres: a tape wears alike at every speed.

use green_ring_dsp::chance::Chance;

use super::reel::Reel;

/// The median life in passes.
const LIFE: f32 = 118.5;

/// The layers: distance of knots in beats, and depth in nepers of life. The finer, the shallower: no edge of a hole is
/// steeper than 2 dB a millisecond at 120 bpm.
const LAYERS: [(f64, f32); 4] = [(0.8, 0.65), (0.28, 0.35), (0.09, 0.1), (0.03, 0.03)];

/// Layers from here on are each channel's own: specks are narrower than the tape.
const OWN_FROM: usize = 2;

/// How much sooner the weakest places go: nepers for each neper below the median, squared.
const WEAKNESS: f32 = 1.1;

/// Lane of chance of the coarsest layer.
const LANE: u32 = 0x100;

/// Places that are looked at for one part of a picture.
const LOOKS: usize = 4;

/// What a place has lost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loss {
    /// Spacing in seconds of tape travel.
    pub spacing_s: f32,
    /// Level of what is left in dB, 0 to -72.
    pub level_db: f32,
}

impl Loss {
    /// The loss where the passes are `ratio` times the place's life.
    pub fn at(ratio: f32) -> Self {
        let lift = ratio.min(1.6);
        Self { spacing_s: 80e-6 * lift * lift.sqrt(), level_db: 72.0 * (-0.182 * ratio.powf(3.6)).exp_m1() }
    }
}

/// The oxide of all channels.
#[derive(Clone, Debug)]
pub struct Oxide {
    reel: Option<Reel>,
    common: [Layer; OWN_FROM],
    own: [[Layer; LAYERS.len() - OWN_FROM]; 2],
}

impl Oxide {
    /// A tape that has yet to be named.
    pub fn new() -> Self {
        let layer = |k: usize, side: u32| Layer::new(LAYERS[k], LANE + 2 * k as u32 + side);
        let own = |side| std::array::from_fn(|k| layer(OWN_FROM + k, side));
        Self { reel: None, common: std::array::from_fn(|k| layer(k, 0)), own: [own(0), own(1)] }
    }

    /// What each channel has lost `beats` from Start, after `passes` passes of the tape `reel`.
    pub fn losses(&mut self, reel: &Reel, beats: f64, passes: f32) -> [Loss; 2] {
        if passes <= 0.0 {
            return [Loss::default(); 2];
        }
        self.lives(reel, beats).map(|life| Loss::at(passes / life))
    }

    /// The life of the place in passes.
    fn lives(&mut self, reel: &Reel, beats: f64) -> [f32; 2] {
        if self.reel != Some(*reel) {
            *self = Self { reel: Some(*reel), ..Self::new() };
        }
        let common: f32 = self.common.iter_mut().map(|layer| layer.at(reel, beats)).sum();
        self.own.each_mut().map(|layers| {
            let sum = common + layers.iter_mut().map(|layer| layer.at(reel, beats)).sum::<f32>();
            let weak = sum.min(0.0);
            LIFE * (sum - WEAKNESS * weak * weak).exp()
        })
    }

    /// What is left of the level, 0 to 1, in equal parts of the stretch `from..to` in beats: a picture of the tape, left
    /// channel, for an editor. Each part shows its mean.
    pub fn read(&mut self, reel: &Reel, stretch: [f64; 2], passes: impl Fn(f64) -> f32, parts: &mut [f32]) {
        let [from, to] = stretch;
        let width = (to - from) / parts.len() as f64;
        for (k, part) in parts.iter_mut().enumerate() {
            let look = |n: usize| from + width * (k as f64 + (n as f64 + 0.5) / LOOKS as f64);
            let level = |beats: f64| 10f32.powf(self.losses(reel, beats, passes(beats))[0].level_db / 20.0);
            *part = (0..LOOKS).map(look).map(level).sum::<f32>() / LOOKS as f32;
        }
    }
}

impl Default for Oxide {
    fn default() -> Self {
        Self::new()
    }
}

/// One layer of noise along the tape: a cubic B-spline through chance.
#[derive(Clone, Copy, Debug)]
struct Layer {
    beats: f64,
    depth: f32,
    lane: u32,
    /// Knot interval that `chances` belong to, and the chance of the four knots around it, -1 to 1.
    knot: i64,
    chances: [f32; 4],
}

impl Layer {
    fn new((beats, depth): (f64, f32), lane: u32) -> Self {
        Self { beats, depth, lane, knot: i64::MIN, chances: [0.0; 4] }
    }

    fn at(&mut self, reel: &Reel, beats: f64) -> f32 {
        let spots = reel.grid(self.beats);
        let place = beats / spots.beats;
        let knot = place.floor() as i64;
        if knot != self.knot {
            let chance = Chance::new(reel.seed, self.lane);
            self.chances = [-1, 0, 1, 2].map(|k| 2.0 * chance.uniform(spots.number(knot + k))[0] - 1.0);
            self.knot = knot;
        }
        let f = (place - knot as f64) as f32;
        let [c0, c1, c2, c3] = self.chances;
        // The four pieces of the uniform cubic B-spline (de Boor, "A Practical Guide to Splines", 1978), by powers.
        let (cubic, square) = (c3 - c0 + 3.0 * (c1 - c2), 3.0 * (c0 + c2) - 6.0 * c1);
        self.depth * (((cubic * f + square) * f + 3.0 * (c2 - c0)) * f + c0 + 4.0 * c1 + c2) / 6.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::settings::{Map, PassMode, Sync};

    fn reel(map: Map, seed: u32) -> Reel {
        Reel { seed, sync: Sync::Time, start: 0.0, map, mode: PassMode::Manual, pass_beats: 32.0 }
    }

    /// What a tone at 1 kHz has lost, in dB.
    fn tone_db(loss: Loss) -> f32 {
        8.686 * std::f32::consts::TAU * 1_000.0 * loss.spacing_s - loss.level_db
    }

    fn look(reel: &Reel, passes: f32, step_ms: f64, steps: usize) -> Vec<Loss> {
        let mut oxide = Oxide::new();
        (0..steps).map(|k| oxide.losses(reel, k as f64 * step_ms / 500.0, passes)[0]).collect()
    }

    #[test]
    fn half_is_lost_at_120_passes_and_most_at_240() {
        for seed in [1, 2, 3] {
            let share = |passes, db| {
                let losses = look(&reel(Map::WholeTape, seed), passes, 20.0, 50_000);
                losses.iter().filter(|loss| loss.level_db < db).count() as f32 / 50_000.0
            };
            assert!((share(120.0, -12.0) - 0.5).abs() < 0.03, "{}", share(120.0, -12.0));
            assert!(share(240.0, -40.0) > 0.8, "{}", share(240.0, -40.0));
            assert!(share(20.0, -3.0) < 0.01 && share(5.0, -1.0) == 0.0);
        }
    }

    #[test]
    fn every_pass_takes_more_everywhere() {
        let reel = reel(Map::Loop, 4);
        let mut before = look(&reel, 0.0, 5.0, 3_200);
        for passes in [0.3, 1.0, 7.0, 40.5, 120.0, 199.0, 400.0] {
            let after = look(&reel, passes, 5.0, 3_200);
            let more = |(a, b): (&Loss, &Loss)| b.spacing_s >= a.spacing_s && b.level_db <= a.level_db;
            assert!(before.iter().zip(&after).all(more), "{passes}");
            before = after;
        }
    }

    #[test]
    fn edges_are_no_steeper_than_two_decibels_a_millisecond() {
        for passes in [30.0, 60.0, 90.0, 120.0, 200.0] {
            let path = look(&reel(Map::WholeTape, 3), passes, 0.5, 200_000);
            let steepest = path.windows(2).map(|w| 2.0 * (tone_db(w[1]) - tone_db(w[0])).abs()).fold(0.0, f32::max);
            assert!(steepest <= 2.0, "pass {passes}: {steepest}");
        }
    }

    #[test]
    fn a_place_is_found_without_the_places_before_it() {
        let reel = reel(Map::Loop, 6);
        let played = look(&reel, 90.0, 4.0, 8_000);
        let mut sought = Oxide::new();
        for k in [7_000usize, 3, 4_001, 7_999] {
            assert_eq!(sought.losses(&reel, k as f64 * 4.0 / 500.0, 90.0)[0], played[k]);
        }
        let round = |k: usize| (played[k].level_db - played[k + 4_000].level_db).abs();
        assert!((0..4_000).all(|k| round(k) < 1e-2), "the loop comes round");
    }

    #[test]
    fn the_picture_is_the_map() {
        let reel = reel(Map::WholeTape, 8);
        let mut parts = [0.0; 64];
        let mut oxide = Oxide::new();
        oxide.read(&reel, [0.0, 64.0], |_| 0.0, &mut parts);
        assert_eq!(parts, [1.0; 64]);
        oxide.read(&reel, [0.0, 64.0], |beats| 400.0 * beats as f32 / 64.0, &mut parts);
        assert!(parts[0] > 0.999 && parts[63] < 0.01 && (0.05..0.9).contains(&parts[20]));
    }
}
