//! The dream's clock: grid lines counted from Start, on time that wanders.

use super::wander::Wander;
use std::ops::Range;

/// Steps in which a place on the wandered clock is found; each leaves at most 8 % of the error of the one before.
const STEPS: usize = 10;

/// Where the dream's clock stands, under the present tempo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// The song sample of Start, with its fraction.
    pub start: f64,
    /// Samples of one second of this clock: the sample rate, or where it counts beats, half a second's worth a quarter note
    /// (`2 * quarter_samples`).
    pub second: f64,
    /// How it wanders.
    pub wander: Wander,
}

/// A line of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number; the one at Start is 0.
    pub number: i64,
    /// The song sample on which it lies.
    pub sample: i64,
}

impl Clock {
    /// The numbers, on a grid of lines every `period` samples, of the last line before `cell` and of the last line within it:
    /// the same number twice if none lies within.
    pub fn numbers(&self, cell: &Range<i64>, period: f64) -> [i64; 2] {
        [cell.start - 1, cell.end - 1].map(|at| self.number(at, period))
    }

    /// Line `number` of a grid of lines every `period` samples.
    pub fn line(&self, number: i64, period: f64) -> Line {
        let wandered = number as f64 * period / self.second;
        // A fixed point: the place is the wandered one less the offset at that place.
        let seconds = (0..STEPS).fold(wandered, |place, _| wandered - self.wander.offset_s(place));
        Line { number, sample: (self.start + seconds * self.second).round() as i64 }
    }

    /// How many lines beyond that of Start lie on or before song sample `at`.
    fn number(&self, at: i64, period: f64) -> i64 {
        let seconds = (at as f64 + 0.5 - self.start) / self.second;
        ((seconds + self.wander.offset_s(seconds)) * self.second / period).floor() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(drift: f32) -> Clock {
        Clock { start: 1_000.25, second: 48_000.0, wander: Wander::new(1, drift) }
    }

    #[test]
    fn lines_are_found_once_each_whatever_the_cells() {
        for drift in [0.0, 1.0] {
            for period in [24.0, 333.3, 96_000.0] {
                let cells = |step: i64| -> Vec<Line> {
                    let lines = |at| {
                        let cell = at..at + step;
                        let [before, last] = clock(drift).numbers(&cell, period);
                        (before + 1..=last)
                            .map(move |number| clock(drift).line(number, period))
                            .inspect(move |line| assert!(cell.contains(&line.sample)))
                    };
                    (-50_000..200_000).step_by(step as usize).flat_map(lines).collect()
                };
                let (fine, coarse) = (cells(10), cells(1_000));
                assert_eq!(fine, coarse);
                assert!(fine.windows(2).all(|w| w[1].number == w[0].number + 1 && w[1].sample > w[0].sample));
            }
        }
    }

    #[test]
    fn without_drift_a_line_lies_where_told_and_with_it_near_by() {
        for k in -5..50 {
            let told = (1_000.25 + 9_600.0 * k as f64).round() as i64;
            assert_eq!(clock(0.0).line(k, 9_600.0).sample, told);
            assert_eq!(clock(0.0).numbers(&(told..told + 1), 9_600.0), [k - 1, k]);
            assert!((clock(1.0).line(k, 9_600.0).sample - told).abs() < 48_000 / 5);
        }
    }
}
