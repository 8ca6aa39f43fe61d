//! Where the room meets the ears: taps that sway, and lows in the middle.

use super::Cell;
use super::network::TAPS;
use super::sway::Sway;
use green_ring_dsp::filter::OnePole;
use green_ring_dsp::{CELL, Sound, Spec};
use std::f32::consts::{FRAC_1_SQRT_2, SQRT_2};

/// Seconds that a tap sways by at full motion. With the rates of the movement a held tone bends by about 2 cents.
const SWAY_S: f64 = 0.000_5;

/// Below this the two sides of the tail become one, so that lows add up in a cinema and cut to vinyl.
const MONO_HZ: f32 = 120.0;

/// The four taps' way to two sides.
#[derive(Debug)]
pub struct Stage {
    taps: [Sway; TAPS],
    now: usize,
    sway_samples: f64,
    lows: [OnePole; 2],
}

impl Stage {
    /// A stage for four taps. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let mut low = OnePole::default();
        low.set_hz(MONO_HZ, spec.sample_rate as f32);
        Self {
            taps: std::array::from_fn(|_| Sway::new(spec.samples(SWAY_S))),
            now: 0,
            sway_samples: SWAY_S * spec.sample_rate,
            lows: [low; 2],
        }
    }

    /// Silence.
    pub fn reset(&mut self) {
        self.taps.iter_mut().for_each(Sway::reset);
        self.now = 0;
        self.lows.iter_mut().for_each(|low| low.reset(0.0));
    }

    /// At the edge of `cell`: moves to `sways` (-1..1 each).
    pub fn latch(&mut self, cell: &Cell, sways: &[f32]) {
        for (tap, sway) in self.taps.iter_mut().zip(sways) {
            tap.aim(cell, self.sway_samples * *sway as f64);
        }
    }

    /// Two sides out of `frames` frames of `taps` (left, left, right, right).
    pub fn process(&mut self, taps: &[[f32; CELL]; TAPS], frames: usize) -> Sound {
        let mut sound = [[0.0; CELL]; 2];
        let swayed: [[f32; CELL]; TAPS] = std::array::from_fn(|k| self.taps[k].process(self.now, &taps[k][..frames]));
        self.now = self.now.wrapping_add(frames);
        for frame in 0..frames {
            let [a, b, c, d] = swayed.map(|tap| FRAC_1_SQRT_2 * tap[frame]);
            let [left, right] = [a + b, c + d];
            let [middle, side] = self.gather_lows(0.5 * (left + right), 0.5 * (left - right));
            (sound[0][frame], sound[1][frame]) = (middle + side, middle - side);
        }
        sound
    }

    /// Takes the lows out of the side and gives the middle their power: a first-order high-pass s / (s + 1) on the one and
    /// the shelf (s + sqrt 2) / (s + 1) on the other, whose powers sum to 2 everywhere.
    #[inline]
    fn gather_lows(&mut self, middle: f32, side: f32) -> [f32; 2] {
        [middle + (SQRT_2 - 1.0) * self.lows[0].low(middle), self.lows[1].high(side)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::chance::Chance;

    /// Powers of middle and side for unlike noise on the taps.
    fn powers(hz: f32) -> [f64; 2] {
        let mut stage = Stage::new(&Spec { sample_rate: 48_000.0, channels: 2 });
        let (mut power, chance) = ([0.0; 2], Chance::new(1, 1));
        let mut band = [green_ring_dsp::filter::Svf::default(); TAPS];
        band.iter_mut().for_each(|b| b.set(hz, 2.0, 48_000.0));
        for cell in 0..12_000i64 {
            stage.latch(&Cell { number: cell, frames: CELL, leapt: false }, &[0.0; 4]);
            let noise: [[f32; CELL]; TAPS] = std::array::from_fn(|tap| {
                std::array::from_fn(|n| {
                    let at = (cell * CELL as i64 + n as i64) * TAPS as i64 + tap as i64;
                    band[tap].tick(chance.normal(at)[0]).band
                })
            });
            let [left, right] = stage.process(&noise, CELL);
            for (l, r) in left.iter().zip(&right) {
                power[0] += ((l + r) as f64).powi(2);
                power[1] += ((l - r) as f64).powi(2);
            }
        }
        power
    }

    #[test]
    fn lows_are_in_the_middle_at_the_power_they_had() {
        let ([middle, side], [m, s]) = (powers(50.0), powers(1_000.0));
        assert!(side / middle < 0.2, "{}", side / middle);
        assert!((s / m - 1.0).abs() < 0.15, "{}", s / m);
    }
}
