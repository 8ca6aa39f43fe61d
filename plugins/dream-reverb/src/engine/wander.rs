//! Drift: time that wanders and returns.
//!
//! The dream's clock runs ahead of the song's by an offset that is a function of the seed and of the place counted from Start,
//! and of nothing else: a bounce from any bar finds it where a full playback has it. The offset is bounded, so that tempo is
//! right in the mean however long one listens.

use green_ring_dsp::chance::Chance;

/// Lane of chance for the offsets.
const LANE: u32 = 40;

/// The two layers of wandering: seconds between their addressed points, and the most by which each bends the tempo.
/// By ear: the slow one is felt, the quick one unsettles. Together a little below 8 %: what they space lies on whole samples,
/// and must not come out beyond.
const LAYERS: [Layer; 2] = [Layer { every_s: 6.1, bend: 0.0497 }, Layer { every_s: 1.7, bend: 0.0298 }];

#[derive(Clone, Copy, Debug)]
struct Layer {
    every_s: f64,
    bend: f64,
}

/// Points of a layer that are at hand.
const NEAR: usize = 8;

/// A clock's wandering.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wander {
    chance: Chance,
    drift: f64,
    /// Points of each layer about the place that was last named, and the number of the first.
    near: [(i64, [f64; NEAR]); LAYERS.len()],
}

impl Wander {
    /// The wandering of `seed`, 0 (none)..1 (tempo bends by up to 8 %) for `drift`.
    pub fn new(seed: u32, drift: f32) -> Self {
        let far = (i64::MAX, [0.0; NEAR]);
        Self { chance: Chance::new(seed, LANE), drift: drift as f64, near: [far; LAYERS.len()] }
    }

    /// Moves to another `seed` and `drift` and to the seconds about `at_s`: these are told fast, and all others as before.
    pub fn near(&mut self, seed: u32, drift: f32, at_s: f64) {
        if self.chance != Chance::new(seed, LANE) {
            *self = Self::new(seed, drift);
        }
        self.drift = drift as f64;
        if self.drift == 0.0 {
            return;
        }
        for (k, layer) in LAYERS.iter().enumerate() {
            let number = (at_s / layer.every_s).floor() as i64;
            // Room for the four points of a place that lies a little before or after.
            if !(2..NEAR as i64 - 3).contains(&number.saturating_sub(self.near[k].0)) {
                let first = number - 3;
                self.near[k] = (first, std::array::from_fn(|j| self.drawn(first + j as i64, k)));
            }
        }
    }

    /// Seconds by which the wandering clock is ahead at `at_s` seconds from Start; at most 0.18.
    pub fn offset_s(&self, at_s: f64) -> f64 {
        self.sum(
            at_s,
            |u| {
                let v = 1.0 - u;
                [v * v * v, 4.0 + u * u * (3.0 * u - 6.0), 4.0 + v * v * (3.0 * v - 6.0), u * u * u].map(|w| w / 6.0)
            },
            |layer| 0.5 * layer.bend * layer.every_s,
        )
    }

    /// By how much the wandering clock runs fast at `at_s` seconds from Start: -0.08..0.08, 0 in the mean. What keeps its
    /// length on that clock (an echo's delay) is shorter by this share.
    pub fn tempo(&self, at_s: f64) -> f64 {
        self.sum(
            at_s,
            |u| {
                let v = 1.0 - u;
                [-v * v, u * (3.0 * u - 4.0), -v * (3.0 * v - 4.0), u * u].map(|w| w / 2.0)
            },
            |layer| 0.5 * layer.bend,
        )
    }

    /// The uniform cubic B-spline (de Boor 1978), or its slope, through the points of both layers. The slope is a mean of
    /// differences of neighbouring points, and those lie within -1..1: hence the bound, 2 a point.
    fn sum(&self, at_s: f64, weights: impl Fn(f64) -> [f64; 4], scale: impl Fn(&Layer) -> f64) -> f64 {
        if self.drift == 0.0 {
            return 0.0;
        }
        let layer = |(k, layer): (usize, &Layer)| {
            let place = at_s / layer.every_s;
            let first = place.floor();
            let weights = weights(place - first);
            let points = (0..4).map(|j| self.point(first as i64 + j - 1, k));
            scale(layer) * weights.iter().zip(points).map(|(w, p)| w * p).sum::<f64>()
        };
        self.drift * LAYERS.iter().enumerate().map(layer).sum::<f64>()
    }

    /// A point within -1..1, rather far out than in the middle, so that the bounds are used.
    fn point(&self, number: i64, layer: usize) -> f64 {
        let (first, near) = &self.near[layer];
        match usize::try_from(number.saturating_sub(*first)) {
            Ok(k) if k < NEAR => near[k],
            _ => self.drawn(number, layer),
        }
    }

    fn drawn(&self, number: i64, layer: usize) -> f64 {
        let chance = self.chance.uniform(number)[layer] as f64;
        (std::f64::consts::PI * (chance - 0.5)).sin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tempo_is_the_slope_of_the_offset_and_stays_within_bounds() {
        let wander = Wander::new(7, 1.0);
        for k in 0..5_000 {
            let at = k as f64 * 0.37 - 300.0;
            let slope = (wander.offset_s(at + 1e-4) - wander.offset_s(at - 1e-4)) / 2e-4;
            assert!((slope - wander.tempo(at)).abs() < 1e-5, "{at}: {slope} {}", wander.tempo(at));
            assert!(slope.abs() <= 0.08 && wander.offset_s(at).abs() <= 0.18);
        }
    }

    #[test]
    fn what_is_near_is_told_as_it_is() {
        let (mut near, seconds) = (Wander::new(7, 0.3), |k: i64| (k * 7_919 % 4_001) as f64 * 0.17 - 300.0);
        for k in 0..4_000 {
            near.near(8, 1.0, seconds(k));
            for off in [-20.0, -2.0, -0.2, 0.0, 0.2, 2.0, 20.0] {
                let at = seconds(k) + off;
                assert_eq!(near.offset_s(at), Wander::new(8, 1.0).offset_s(at));
                assert_eq!(near.tempo(at), Wander::new(8, 1.0).tempo(at));
            }
        }
    }

    #[test]
    fn it_wanders_and_returns_and_never_repeats() {
        let wander = Wander::new(3, 1.0);
        let tempos: Vec<f64> = (0..60_000).map(|k| wander.tempo(k as f64 * 0.02)).collect();
        let mean = tempos.iter().sum::<f64>() / tempos.len() as f64;
        let rms = (tempos.iter().map(|t| t * t).sum::<f64>() / tempos.len() as f64).sqrt();
        assert!(mean.abs() < 0.000_5 && (0.015..0.05).contains(&rms), "{mean} {rms}");
        // No lag from 10 s to 10 min is like another passing of the same.
        for lag in (500..30_000).step_by(50) {
            let alike: f64 = tempos.iter().zip(&tempos[lag..]).map(|(a, b)| a * b).sum();
            assert!(alike / ((tempos.len() - lag) as f64 * rms * rms) < 0.4, "{lag}");
        }
        assert_eq!(Wander::new(3, 0.0).tempo(1.3), 0.0);
        assert_ne!(Wander::new(4, 1.0).tempo(1.3), wander.tempo(1.3));
    }
}
