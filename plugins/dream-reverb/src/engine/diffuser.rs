//! The diffuser: one onset becomes hundreds, without a coloured resonance among them.
//!
//! ```text
//! left  ─► 4 channels ┐   ┌ 8 delays ─► butterflies ┐
//! right ─► 4 channels ┴─► └─────── 4 times ─────────┴─► 8 channels
//! ```
//!
//! Delays and a Hadamard matrix in turn (G. Luke, "Let's write a reverb", ADC 2021). Here the matrix is built from
//! butterflies that turn by an angle: at 0 each channel keeps to itself, at 45 degrees they make the Hadamard matrix.
//! Between the two it stays orthogonal, so that Diffusion changes no energy.

use super::lines::{Lines, Wide};
use super::room::{CHANNELS, Lengths, STEPS, longest_step};
use green_ring_dsp::{CELL, Ramp, Sound, Spec};
use std::f32::consts::FRAC_PI_4;

/// Seconds that a move of Diffusion takes.
const GLIDE_S: f64 = 0.05;

/// Four steps of delay and mixing.
#[derive(Debug)]
pub struct Diffuser {
    steps: [Lines<CHANNELS>; STEPS],
    angle: Ramp,
    turn: [f32; 2],
    fresh: bool,
}

impl Diffuser {
    /// A diffuser for rooms up to the largest. Allocates.
    pub fn new(spec: &Spec) -> Self {
        Self {
            steps: std::array::from_fn(|_| Lines::new(spec, longest_step(spec))),
            angle: Ramp::new(0.0, spec.samples(GLIDE_S)),
            turn: [1.0, 0.0],
            fresh: true,
        }
    }

    /// Silence; the next settings are taken at once.
    pub fn reset(&mut self) {
        self.steps.iter_mut().for_each(Lines::reset);
        self.fresh = true;
    }

    /// One of [`WIPES`](super::ring::WIPES) parts of a reset, without the rest of it.
    pub fn wipe(&mut self, part: usize) {
        self.steps.iter_mut().for_each(|step| step.wipe(part));
    }

    /// At the edge of song cell `cell`: moves to the delays of `lengths` and to `diffusion` (0..1).
    pub fn latch(&mut self, cell: i64, lengths: &Lengths, diffusion: f32) {
        // Most of the way is gone in the first half, since echoes multiply with the angle four times over.
        let angle = FRAC_PI_4 * diffusion * (2.0 - diffusion);
        self.angle.go(angle);
        if std::mem::take(&mut self.fresh) {
            self.angle.jump(angle);
            self.turn = turn(self.angle.value());
        }
        for (step, lengths) in self.steps.iter_mut().zip(&lengths.steps) {
            step.aim(cell, lengths);
        }
    }

    /// Spreads `frames` frames of `sound`. The energy of the eight channels is that of the two sides.
    pub fn process(&mut self, sound: &Sound, frames: usize) -> Wide<CHANNELS> {
        let mut wide: Wide<CHANNELS> = std::array::from_fn(|k| sound[k / (CHANNELS / 2)].map(|x| 0.5 * x));
        let mut turns = self.turn.map(|x| [x; CELL]);
        if self.angle.moving() {
            let [cosines, sines] = &mut turns;
            for (cos, sin) in cosines.iter_mut().zip(sines).take(frames) {
                self.turn = turn(self.angle.tick());
                [*cos, *sin] = self.turn;
            }
        }
        for step in &mut self.steps {
            step.write(&wide, frames);
            step.read(&mut wide, frames);
            step.advance(frames);
            butterflies(&mut wide, &turns);
        }
        wide
    }
}

fn turn(angle: f32) -> [f32; 2] {
    let (sin, cos) = angle.sin_cos();
    [cos, sin]
}

/// Three layers of reflections by half the angle of `turns` (cosines and sines), over channels 4, 2 and 1 apart.
fn butterflies(wide: &mut Wide<CHANNELS>, [cos, sin]: &[[f32; CELL]; 2]) {
    for apart in [4, 2, 1] {
        for group in wide.chunks_exact_mut(2 * apart) {
            let (first, second) = group.split_at_mut(apart);
            for (x, y) in first.iter_mut().zip(second) {
                for n in 0..CELL {
                    let (a, b) = (x[n], y[n]);
                    (x[n], y[n]) = (cos[n] * a + sin[n] * b, sin[n] * a - cos[n] * b);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::room::Room;
    use super::*;

    fn spread(diffusion: f32) -> (f64, usize) {
        let spec = Spec { sample_rate: 48_000.0, channels: 2 };
        let lengths = Room::new(&spec).lengths(14.0, 2.0, 3);
        let mut diffuser = Diffuser::new(&spec);
        let (mut energy, mut echoes) = (0.0, 0);
        for cell in 0..200 {
            diffuser.latch(cell, &lengths, diffusion);
            let mut sound = [[0.0; CELL]; 2];
            sound[0][5] = if cell == 0 { 1.0 } else { 0.0 };
            for x in diffuser.process(&sound, CELL).as_flattened() {
                energy += (*x as f64).powi(2);
                echoes += (x.abs() > 1e-4) as usize;
            }
        }
        (energy, echoes)
    }

    #[test]
    fn energy_stays_and_echoes_multiply() {
        let (none, some, full) = (spread(0.0), spread(0.5), spread(1.0));
        for (energy, _) in [none, some, full] {
            assert!((energy - 1.0).abs() < 1e-5, "{energy}");
        }
        assert_eq!(none.1, 4);
        assert!(some.1 > 800 && full.1 > 1_500, "{some:?} {full:?}");
    }
}
