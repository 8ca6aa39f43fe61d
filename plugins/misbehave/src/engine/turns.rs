//! Which lane's turn it is: balance by weight, and the share of chance that Chaos lets in.

use green_ring_dsp::chance::Chance;

use super::{Lane, Settings};

/// A lane of chance. It never changes, or every session would sound different.
const LANE: u32 = 17;

/// Whose turn it is.
pub(super) struct Turns {
    weights: [i64; Lane::COUNT],
    counts: [i64; Lane::COUNT],
}

impl Turns {
    /// Turns as they stand after `events` events in balance; `None` where no lane has a weight.
    pub fn new(settings: &Settings, events: i64) -> Option<Self> {
        let weights = settings.weights.map(|w| (w * 100.0).round() as i64);
        let total: i64 = weights.iter().sum();
        let mut turns = Self { weights, counts: [0; Lane::COUNT] };
        // After `total` events each lane had its share exactly, and the order begins anew.
        for _ in 0..(total > 0).then(|| events.rem_euclid(total))? {
            let lane = turns.due();
            turns.counts[lane] += 1;
        }
        Some(turns)
    }

    /// The lane that is furthest behind its share, a heavier one first.
    fn due(&self) -> usize {
        let behind = |l: usize| (2 * self.counts[l] + 1) as f64 / self.weights[l] as f64;
        let lanes = (0..Lane::COUNT).filter(|&l| self.weights[l] > 0);
        lanes.min_by(|&a, &b| behind(a).total_cmp(&behind(b))).unwrap_or(0)
    }

    pub fn take(&mut self, settings: &Settings, chaos: f32, address: i64) -> Lane {
        let [free, pick, ..] = Chance::new(settings.seed, LANE).uniform(address);
        let lane = if free < chaos { self.drawn(pick) } else { self.due() };
        self.counts[lane] += 1;
        Lane::ALL[lane]
    }

    fn drawn(&self, pick: f32) -> usize {
        let mut left = (pick * self.weights.iter().sum::<i64>() as f32) as i64;
        let passed = self.weights.iter().take_while(|&&w| {
            left -= w;
            left >= 0
        });
        passed.count().min(Lane::COUNT - 1)
    }
}
