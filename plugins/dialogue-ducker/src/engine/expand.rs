//! Bed Expand: under speech, the quiet moments of the bed become quieter still, and words pass through the gaps.
//!
//! Expanding the background downward helps listeners even where its peaks stay (L. Demonte et al., University of
//! Salford, 2022).

use super::ear::FRAME_S;
use green_ring_dsp::CELL;

/// Frames in the 3 s whose mean is the bed's own level.
const LONG: usize = (3.0 / FRAME_S) as usize;

/// Frames (80 ms) that are its level now.
const SHORT: usize = 5;

/// Frames that are kept: the mean looks past the longest look-ahead.
const KEPT: usize = LONG + 16;

/// At Bed Expand 100 %, so many decibels more for each decibel below the mean, and the most that this makes.
const SLOPE: f32 = 0.75;
const MOST_DB: f32 = 12.0;

/// Seconds of each of two smoothings in a row.
const FOLLOW_S: f64 = 0.03;

/// Watches the bed's level, and knows how much deeper it is to be.
#[derive(Clone, Debug)]
pub struct Expand {
    /// Frames by which the sounding bed is older than the newest frame.
    late: usize,
    keep: f32,
    /// K-weighted power of each frame, newest at `at`.
    frames: Box<[f32]>,
    at: usize,
    filled: usize,
    target_db: f32,
    steps_db: [f32; 2],
    slope_db: f32,
    now_db: f32,
}

impl Expand {
    /// Silence, at `rate_hz`, for a bed that sounds `latency` samples late. Allocates.
    pub fn new(rate_hz: f64, latency: usize) -> Self {
        Self {
            late: (latency as f64 / rate_hz / FRAME_S).round() as usize,
            keep: (-(CELL as f64) / (FOLLOW_S * rate_hz)).exp() as f32,
            frames: vec![0.0; KEPT].into_boxed_slice(),
            at: 0,
            filled: 0,
            target_db: 0.0,
            steps_db: [0.0; 2],
            slope_db: 0.0,
            now_db: 0.0,
        }
    }

    /// Equal to fresh.
    pub fn reset(&mut self) {
        self.frames.fill(0.0);
        (self.at, self.filled, self.target_db, self.now_db) = (0, 0, 0.0, 0.0);
        (self.steps_db, self.slope_db) = ([0.0; 2], 0.0);
    }

    /// Takes in the power of a frame.
    pub fn hear(&mut self, power: f32) {
        self.at = (self.at + KEPT - 1) % KEPT;
        self.frames[self.at] = power;
        self.filled = (self.filled + 1).min(KEPT);
        self.target_db = self.below_db();
    }

    /// How far the sounding bed is below its mean of 3 s, in dB, never negative.
    fn below_db(&self) -> f32 {
        let mean = |from: usize, count: usize| {
            let ages = from.min(self.filled)..(from + count).min(self.filled);
            let n = ages.len().max(1) as f32;
            ages.map(|age| self.frames[(self.at + age) % KEPT]).sum::<f32>() / n
        };
        let (long, short) = (mean(0, KEPT), mean(self.late.saturating_sub(SHORT / 2), SHORT));
        10.0 * ((long + 1e-12) / (short + 1e-12)).log10().max(0.0)
    }

    /// At a cell's edge: the depth moves on towards what `amount` (0..1) makes of it.
    pub fn steer(&mut self, amount: f32) {
        let target_db = amount * (SLOPE * self.target_db).min(MOST_DB);
        let first = target_db + self.keep * (self.steps_db[0] - target_db);
        let second = first + self.keep * (self.steps_db[1] - first);
        let ends = target_db == 0.0 && first.max(second) < 1e-4;
        self.steps_db = if ends { [0.0; 2] } else { [first, second] };
        self.slope_db = (self.steps_db[1] - self.now_db) / CELL as f32;
    }

    /// What the bed yields beyond its depth at the next sample, in dB.
    #[inline]
    pub fn tick(&mut self) -> f32 {
        self.now_db = (self.now_db + self.slope_db).max(0.0);
        self.now_db
    }

    /// Stands still while the bed rests.
    pub fn rest(&mut self) {
        self.now_db = self.steps_db[1];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Depth after 4 s of bed whose every fifth of a second is quieter by `gap_db`, in a loud and in a quiet moment.
    fn depths(amount: f32, gap_db: f32) -> [f32; 2] {
        let mut expand = Expand::new(48_000.0, 0);
        let mut deep = [0.0; 2];
        for frame in 0..250 {
            let quiet = frame % 25 >= 12;
            expand.hear(if quiet { 10f32.powf(-gap_db / 10.0) } else { 1.0 });
            for _ in 0..24 {
                expand.steer(amount);
                deep[usize::from(quiet)] = (0..CELL).fold(0.0, |_, _| expand.tick());
            }
        }
        deep
    }

    #[test]
    fn gaps_become_deeper_and_loud_moments_do_not() {
        let [loud, quiet] = depths(1.0, 10.0);
        assert!(loud < 1.0 && (4.0..6.0).contains(&quiet), "{loud} {quiet}");
        assert!(depths(1.0, 40.0)[1] <= MOST_DB && depths(1.0, 40.0)[1] > 10.0);
        assert_eq!(depths(0.0, 20.0), [0.0; 2]);
    }
}
