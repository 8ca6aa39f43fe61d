//! A hum of up to 24 tones in one low octave, whose phases are a function of place.
//!
//! Each tone is a sine with a little of its octave and its twelfth, so that it is heard on small loudspeakers too. Where
//! its phase stands is its frequency times the clock that it is given; when the clock leaps, the tone goes on from where
//! it was and is bent, by no more than half a hertz, until it is where the clock has it.

use super::Cell;
use super::partials::{LOWEST_HZ, SLOTS};
use super::sine::turned;
use green_ring_dsp::{CELL, Spec};
use std::f64::consts::TAU;

/// Amplitudes of the octave and the twelfth: by ear, a long string bowed softly.
const OVERTONES: [f32; 2] = [0.32, 0.12];

/// Power of a tone of amplitude 1.
pub const POWER: f32 = 0.5 * (1.0 + OVERTONES[0] * OVERTONES[0] + OVERTONES[1] * OVERTONES[1]);

/// Hertz by which a tone is bent at most to get where the clock has it.
const BEND_HZ: f64 = 0.5;

/// Tones whose rounding errors are taken away in each cell, in turn.
const MENDED: usize = 4;

/// One value for each tone.
type Lanes = [f32; SLOTS];

/// The tones.
#[derive(Debug)]
pub struct Hum {
    cell_s: f64,
    hz: [f64; SLOTS],
    /// Cycles at the cell's edge, and in the cell.
    cycle: [f64; SLOTS],
    way: [f64; SLOTS],
    /// Frames of the cell, and how many of them are done.
    frames: usize,
    done: usize,
    /// Sine and cosine of each tone, and of its step a frame.
    sine: Lanes,
    cosine: Lanes,
    turn: [Lanes; 2],
    level: Lanes,
    step: Lanes,
    fresh: bool,
}

impl Hum {
    /// A hum at rest.
    pub fn new(spec: &Spec) -> Self {
        Self {
            cell_s: CELL as f64 / spec.sample_rate,
            hz: std::array::from_fn(|slot| LOWEST_HZ * (slot as f64 / SLOTS as f64).exp2()),
            cycle: [0.0; SLOTS],
            way: [0.0; SLOTS],
            frames: CELL,
            done: 0,
            sine: [0.0; SLOTS],
            cosine: [1.0; SLOTS],
            turn: [[0.0; SLOTS]; 2],
            level: [0.0; SLOTS],
            step: [0.0; SLOTS],
            fresh: true,
        }
    }

    /// Silence; the next place is taken at once.
    pub fn reset(&mut self) {
        (self.level, self.step, self.fresh) = ([0.0; SLOTS], [0.0; SLOTS], true);
    }

    /// At the edge of `cell`, which lasts from `from_s` to `to_s` on the clock: moves to the amplitudes `levels`.
    pub fn latch(&mut self, cell: &Cell, [from_s, to_s]: [f64; 2], levels: &Lanes) {
        let fresh = std::mem::take(&mut self.fresh);
        let done = self.done as f64 / self.frames as f64;
        let bend = BEND_HZ * self.cell_s;
        for (slot, hz) in self.hz.iter().enumerate() {
            let aim = hz * from_s;
            let ahead = if fresh { 0.0 } else { self.cycle[slot] + done * self.way[slot] - aim };
            let ahead = turned(ahead);
            self.cycle[slot] = turned(aim + ahead);
            self.way[slot] = hz * (to_s - from_s) - ahead.clamp(-bend, bend);
            self.step[slot] = (levels[slot] - self.level[slot]) / cell.frames as f32;
            (self.turn[0][slot], self.turn[1][slot]) = small_turn(self.way[slot] / cell.frames as f64);
        }
        (self.frames, self.done) = (cell.frames, 0);
        let first = if fresh { 0 } else { cell.number.rem_euclid((SLOTS / MENDED) as i64) as usize * MENDED };
        for slot in first..if fresh { SLOTS } else { first + MENDED } {
            let (sine, cosine) = (TAU * self.cycle[slot]).sin_cos();
            (self.sine[slot], self.cosine[slot]) = (sine as f32, cosine as f32);
        }
    }

    /// The sum of the tones, `frames` frames of it.
    pub fn process(&mut self, frames: usize) -> [f32; CELL] {
        let mut sum = [0.0; CELL];
        for sum in &mut sum[..frames] {
            let mut tones = [0.0; SLOTS];
            for (k, tone) in tones.iter_mut().enumerate() {
                let (s, c) = (self.sine[k], self.cosine[k]);
                self.level[k] += self.step[k];
                // sin 2x = 2 sin x cos x, sin 3x = sin x (3 - 4 sin^2 x).
                let colour = 1.0 + OVERTONES[0] * 2.0 * c + OVERTONES[1] * (3.0 - 4.0 * s * s);
                *tone = self.level[k] * s * colour;
                self.sine[k] = s * self.turn[0][k] + c * self.turn[1][k];
                self.cosine[k] = c * self.turn[0][k] - s * self.turn[1][k];
            }
            // In lanes, so that it becomes vector code.
            let lanes = tones.as_chunks::<4>().0.iter().fold([0.0; 4], |sum, x| std::array::from_fn(|k| sum[k] + x[k]));
            *sum = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
        }
        self.done += frames;
        sum
    }
}

/// Cosine and sine of a small part of a cycle, by their series.
fn small_turn(cycles: f64) -> (f32, f32) {
    let x = TAU * cycles;
    let square = x * x;
    let cosine = 1.0 - square / 2.0 * (1.0 - square / 12.0 * (1.0 - square / 30.0));
    (cosine as f32, (x * (1.0 - square / 6.0 * (1.0 - square / 20.0))) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

    fn one(slot: usize) -> Lanes {
        std::array::from_fn(|k| if k == slot { 1.0 } else { 0.0 })
    }

    fn run(hum: &mut Hum, cells: std::ops::Range<i64>, ahead_s: f64) -> Vec<f32> {
        let at = |n: i64| (n * CELL as i64) as f64 / 48_000.0 + ahead_s;
        let cell = |number| {
            hum.latch(&Cell { number, frames: CELL, leapt: false }, [at(number), at(number + 1)], &one(12));
            hum.process(CELL)
        };
        cells.flat_map(cell).collect()
    }

    #[test]
    fn it_is_in_tune_and_of_the_told_power() {
        let heard = run(&mut Hum::new(&SPEC), 0..7_500, 0.0);
        let upwards = heard[48..].windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count();
        assert!((273..=276).contains(&upwards), "{upwards} cycles of 55 Hz in 5 s");
        let power = heard.iter().map(|y| (*y as f64).powi(2)).sum::<f64>() / heard.len() as f64;
        assert!((power / POWER as f64 - 1.0).abs() < 0.01, "{power}");
    }

    #[test]
    fn from_anywhere_it_is_the_same() {
        let (early, late) = (run(&mut Hum::new(&SPEC), 0..4_000, 0.0), run(&mut Hum::new(&SPEC), 1_700..4_000, 0.0));
        let worst = early[1_701 * CELL..].iter().zip(&late[CELL..]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-5, "{worst}");
    }

    #[test]
    fn a_leap_of_the_clock_is_bent_over() {
        let mut hum = Hum::new(&SPEC);
        let before = run(&mut hum, 0..1_000, 0.0);
        let after = run(&mut hum, 1_000..5_000, 0.123);
        let step = before.iter().chain(&after).collect::<Vec<_>>();
        let fastest = step[CELL..].windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
        assert!(fastest < 0.02, "{fastest}");
        let straight = run(&mut Hum::new(&SPEC), 1_000..5_000, 0.123);
        let end = 2_000 * CELL;
        assert!(after[end..].iter().zip(&straight[end..]).all(|(a, b)| (a - b).abs() < 1e-4));
    }

    #[test]
    fn a_clock_that_leans_by_a_semitone_leans_the_pitch() {
        let mut hum = Hum::new(&SPEC);
        let at = |n: i64| 2f64.powf(1.0 / 12.0) * (n * CELL as i64) as f64 / 48_000.0;
        let heard: Vec<f32> = (0..7_500)
            .flat_map(|number| {
                hum.latch(&Cell { number, frames: CELL, leapt: false }, [at(number), at(number + 1)], &one(12));
                hum.process(CELL)
            })
            .collect();
        let upwards = heard[48..].windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count();
        assert!((289..=293).contains(&upwards), "{upwards} cycles of 58.3 Hz in 5 s");
    }
}
