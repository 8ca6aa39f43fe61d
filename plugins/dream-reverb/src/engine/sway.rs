//! A tap whose time sways, between samples, without dulling.

use super::Cell;
use super::ring::Ring;
use green_ring_dsp::CELL;

/// Samples from which one between them is read.
const POINTS: usize = 8;

/// A tap that is read a little earlier or later, between samples.
///
/// Its delay hardly moves within a cell, so it is read at the delays of both ends and crossed from one to the other.
#[derive(Debug)]
pub struct Sway {
    ring: Ring,
    /// The delay in the middle of the sway, how far it may go either way, and the youngest sample that is read, in samples.
    rest: f64,
    most: f64,
    youngest: usize,
    delay: f64,
    goal: f64,
    from: [f32; POINTS],
    to: [f32; POINTS],
    /// How far the cell is done, 0..1, and its step a frame.
    done: f32,
    step: f32,
}

impl Sway {
    /// A tap that sways by up to `sway_samples` either way. Allocates.
    pub fn new(sway_samples: usize) -> Self {
        let rest = (sway_samples + POINTS) as f64;
        Self {
            ring: Ring::new(2 * (sway_samples + POINTS)),
            rest,
            most: sway_samples as f64,
            youngest: 0,
            delay: rest,
            goal: rest,
            from: [0.0; POINTS],
            to: [0.0; POINTS],
            done: 0.0,
            step: 0.0,
        }
    }

    /// Silence; rests in the middle.
    pub fn reset(&mut self) {
        self.ring.reset();
        (self.delay, self.goal, self.done) = (self.rest, self.rest, 0.0);
    }

    /// At the edge of `cell`: moves to `sway` samples later than the middle, or as far towards it as it can go. Movement that
    /// is on its way from one place of the song to another, again and again, may ask for more than it does at rest.
    pub fn aim(&mut self, cell: &Cell, sway: f64) {
        let done = if cell.leapt { self.done as f64 } else { 1.0 };
        self.delay += done * (self.goal - self.delay);
        self.goal = self.rest + sway.clamp(-self.most, self.most);
        self.youngest = self.delay as usize + 1 - POINTS / 2;
        self.from = lagrange(self.delay - self.youngest as f64);
        self.to = lagrange(self.goal - self.youngest as f64);
        (self.done, self.step) = (0.0, 1.0 / cell.frames as f32);
    }

    /// The swayed `sound`, up to a cell of it, written at time `now`.
    pub fn process(&mut self, now: usize, sound: &[f32]) -> [f32; CELL] {
        self.ring.write(now, sound);
        let past: [_; POINTS] = std::array::from_fn(|k| self.ring.cell(now.wrapping_sub(self.youngest + k)));
        let mut done = [0.0; CELL];
        for done in &mut done[..sound.len()] {
            self.done += self.step;
            *done = self.done;
        }
        std::array::from_fn(|n| {
            let (mut from, mut to) = (0.0, 0.0);
            for ((past, a), b) in past.iter().zip(&self.from).zip(&self.to) {
                from += a * past[n];
                to += b * past[n];
            }
            from + done[n] * (to - from)
        })
    }
}

/// Weights of eight samples for the sound `delay` samples (about the middle, 3..4) before the youngest of them, by
/// Lagrange's polynomial: flat to a third of the sample rate, and at a whole delay the sample itself.
fn lagrange(delay: f64) -> [f32; POINTS] {
    /// 1 over the product of k - j over all other points j.
    const SCALES: [f64; POINTS] = {
        let product = [-5_040.0, 720.0, -240.0, 144.0, -144.0, 240.0, -720.0, 5_040.0];
        let mut scales = [0.0; POINTS];
        let mut k = 0;
        while k < POINTS {
            scales[k] = 1.0 / product[k];
            k += 1;
        }
        scales
    };
    std::array::from_fn(|k| {
        let others = (0..POINTS).filter(|j| *j != k);
        (SCALES[k] * others.map(|j| delay - j as f64).product::<f64>()) as f32
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_no_farther_than_it_can() {
        let mut sway = Sway::new(24);
        for number in 0..8_000 {
            let asked = 60.0 * (number as f64 * 0.002).sin();
            sway.aim(&Cell { number, frames: CELL, leapt: false }, asked);
            let heard = sway.process(number as usize * CELL, &[1.0; CELL]);
            assert!(number < 4 || heard.iter().all(|x| (x - 1.0).abs() < 1e-4), "{asked}");
        }
    }

    #[test]
    fn a_whole_delay_is_a_sample_and_a_level_stays() {
        assert_eq!(lagrange(3.0), [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
        for k in 0..20 {
            let sum: f32 = lagrange(3.0 + 0.05 * k as f64).iter().sum();
            assert!((sum - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn a_swaying_sine_stays_as_loud_as_it_is() {
        let w = std::f32::consts::TAU * 10_000.0 / 48_000.0;
        let (mut sway, mut power) = (Sway::new(24), 0.0f64);
        for cell in 0..3_000 {
            sway.aim(&Cell { number: cell, frames: CELL, leapt: false }, 24.0 * (cell as f64 * 0.002).sin());
            let at = cell as usize * CELL;
            let sine: [f32; CELL] = std::array::from_fn(|n| (w * ((at + n) % 48_000) as f32).sin());
            let heard = sway.process(at, &sine);
            power += if cell < 100 { 0.0 } else { heard.iter().map(|x| (x * x) as f64).sum() };
        }
        assert!((10.0 * (power / (2_900 * CELL / 2) as f64).log10()).abs() < 0.1);
    }
}
