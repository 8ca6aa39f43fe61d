//! Duck: the wet sound yields to the dry sound, or to a key.

use green_ring_dsp::door::settle;
use green_ring_dsp::{CELL, Sound, Spec, units};

/// Between these levels of the source, in dBFS, the wet sound goes from untouched to fully ducked: from under a whisper
/// to under speech as films are mixed.
const LEVELS_DB: [f32; 2] = [-54.0, -34.0];

/// Seconds in which the source is heard to come and to go. Syllables are bridged, sentences are not.
const HEARD_S: [f32; 2] = [0.01, 0.18];

/// Seconds in which the gain follows.
const MOVE_S: f32 = 0.03;

/// Seconds after which a source that was there before is forgotten: both followers within -120 dB.
pub const MEMORY_S: f32 = 4.0;

/// Follows one source and turns one sound down.
#[derive(Debug)]
pub struct Duck {
    keep: [f32; 2],
    keep_gain: f32,
    /// Power of the source in this cell so far, and as it is followed.
    cell: f32,
    frames: usize,
    power: f32,
    /// Gain in dB as it is followed, and in the cell: now and its step.
    gain_db: f32,
    now: f32,
    step: f32,
}

impl Duck {
    /// A duck that has heard nothing.
    pub fn new(spec: &Spec) -> Self {
        let cells_hz = spec.sample_rate as f32 / CELL as f32;
        Self {
            keep: HEARD_S.map(|seconds| units::pole(seconds, cells_hz)),
            keep_gain: units::pole(MOVE_S, cells_hz),
            cell: 0.0,
            frames: 0,
            power: 0.0,
            gain_db: 0.0,
            now: 1.0,
            step: 0.0,
        }
    }

    /// Has heard nothing.
    pub fn reset(&mut self) {
        (self.cell, self.frames, self.power) = (0.0, 0, 0.0);
        (self.gain_db, self.now, self.step) = (0.0, 1.0, 0.0);
    }

    /// At a cell's edge: yields by up to `depth_db` to what was heard until now.
    pub fn latch(&mut self, depth_db: f32) {
        let heard = std::mem::take(&mut self.cell) / std::mem::take(&mut self.frames).max(1) as f32;
        let keep = self.keep[(heard < self.power) as usize];
        self.power = settle(heard + keep * (self.power - heard));
        let [low, high] = LEVELS_DB;
        let share = ((units::power_db(self.power) - low) / (high - low)).clamp(0.0, 1.0);
        let goal = -depth_db * share * share * (3.0 - 2.0 * share);
        self.gain_db = goal + self.keep_gain * (self.gain_db - goal);
        if (self.gain_db - goal).abs() < 1e-6 {
            self.gain_db = goal;
        }
        if self.gain_db == 0.0 && (self.now - 1.0).abs() < 1e-6 {
            self.now = 1.0;
        }
        self.step = (units::gain(self.gain_db) - self.now) / CELL as f32;
    }

    /// Hears `frames` frames of `source`, the louder of its two sides, and turns `wet` down.
    pub fn process(&mut self, source: &Sound, wet: &mut Sound, frames: usize) {
        for (l, r) in source[0].iter().zip(&source[1]).take(frames) {
            self.cell += (l * l).max(r * r);
        }
        self.frames += frames;
        if self.step == 0.0 && self.now == 1.0 {
            return;
        }
        let [left, right] = wet;
        for (l, r) in left.iter_mut().zip(right).take(frames) {
            self.now += self.step;
            (*l, *r) = (settle(*l * self.now), settle(*r * self.now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gain in dB after `seconds` of a source of amplitude `level`.
    fn after(duck: &mut Duck, level: f32, seconds: f32) -> f32 {
        let mut wet = [[1.0; CELL]; 2];
        for _ in 0..(seconds * 1_500.0) as usize {
            duck.latch(12.0);
            wet = [[1.0; CELL]; 2];
            duck.process(&[[level; CELL], [0.0; CELL]], &mut wet, CELL);
        }
        units::db(wet[1][CELL - 1])
    }

    #[test]
    fn it_yields_by_its_depth_in_time_and_comes_back_exactly() {
        let mut duck = Duck::new(&Spec { sample_rate: 48_000.0, channels: 2 });
        assert_eq!(after(&mut duck, 0.0001, 0.5), 0.0);
        assert!((after(&mut duck, 0.1, 0.2) + 12.0).abs() < 0.2);
        assert!(after(&mut duck, 0.0, 0.1) < -6.0, "syllables are bridged");
        assert!(after(&mut duck, 0.0, 1.5) > -0.5);
        assert_eq!(after(&mut duck, 0.0, 3.0), 0.0);
    }
}
