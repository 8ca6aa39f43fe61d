//! A curve of gains, on its way from one sharing-out to the next.

use green_ring_dsp::CELL;

/// Seconds of each of the two smoothings in a row through which a gain follows: no corner is heard.
const FOLLOW_S: f64 = 0.03;

/// Gains closer to nothing than this are nothing, in dB.
const NOTHING_DB: f32 = 1e-4;

/// `N` gains in dB, moved once a cell.
#[derive(Clone, Debug)]
pub struct Curve<const N: usize> {
    keep: f32,
    target_db: [f32; N],
    /// After the first smoothing, and after both.
    steps_db: [[f32; N]; 2],
    fresh: bool,
}

impl<const N: usize> Curve<N> {
    /// Flat, at `rate_hz`.
    pub fn new(rate_hz: f64) -> Self {
        let keep = (-(CELL as f64) / (FOLLOW_S * rate_hz)).exp() as f32;
        Self { keep, target_db: [0.0; N], steps_db: [[0.0; N]; 2], fresh: true }
    }

    /// Equal to fresh: the next target is taken at once.
    pub fn reset(&mut self) {
        (self.target_db, self.steps_db, self.fresh) = ([0.0; N], [[0.0; N]; 2], true);
    }

    /// Where the gains go.
    pub fn aim(&mut self, target_db: [f32; N]) {
        self.target_db = target_db;
        if std::mem::take(&mut self.fresh) {
            self.steps_db = [target_db; 2];
        }
    }

    /// The gains now.
    pub fn now(&self) -> &[f32; N] {
        &self.steps_db[1]
    }

    /// The gains a cell later.
    pub fn step(&mut self) -> &[f32; N] {
        let keep = self.keep;
        for b in 0..N {
            let target = self.target_db[b];
            let first = target + keep * (self.steps_db[0][b] - target);
            let second = first + keep * (self.steps_db[1][b] - first);
            let ends = target == 0.0 && first.abs().max(second.abs()) < NOTHING_DB;
            (self.steps_db[0][b], self.steps_db[1][b]) = if ends { (0.0, 0.0) } else { (first, second) };
        }
        &self.steps_db[1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_the_first_target_at_once_follows_the_next_and_ends_at_nothing() {
        let mut curve = Curve::<4>::new(48_000.0);
        curve.aim([-6.0; 4]);
        assert_eq!(curve.step()[3], -6.0);
        curve.aim([0.0; 4]);
        let cells = |seconds: f64| (seconds * 48_000.0 / CELL as f64) as usize;
        let after = |curve: &mut Curve<4>, seconds| (0..cells(seconds)).fold(0.0, |_, _| curve.step()[3]);
        assert!((after(&mut curve, 0.05) + 6.0 * 0.504).abs() < 0.1);
        assert_eq!(after(&mut curve, 1.5), 0.0);
    }
}
