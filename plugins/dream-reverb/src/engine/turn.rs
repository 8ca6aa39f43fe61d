//! The orthogonal matrix of the network, and how it moves.

use super::absorb::Lanes;
use super::motion::TURNS;
use super::room::LINES;

/// Radians that a pair of lines turns by at full motion. A quarter turn would swap them.
const TURN: f32 = 0.9;

/// Rotations of eight pairs of lines, (k, k + 8), that glide from angle to angle and stay rotations on the way.
#[derive(Debug)]
pub struct Turn {
    /// Cosines and sines.
    now: [[f32; TURNS]; 2],
    goal: [[f32; TURNS]; 2],
    step: [[f32; TURNS]; 2],
}

impl Default for Turn {
    fn default() -> Self {
        let none = [[1.0; TURNS], [0.0; TURNS]];
        Self { now: none, goal: none, step: [[0.0; TURNS]; 2] }
    }
}

impl Turn {
    /// Rests where it was going.
    pub fn settle(&mut self) {
        self.now = self.goal;
        self.step = [[0.0; TURNS]; 2];
    }

    /// Moves to `turns` (-1..1 each) over `frames` frames.
    pub fn go(&mut self, turns: &[f32], frames: usize) {
        for (k, turn) in turns.iter().enumerate() {
            let (sin, cos) = (TURN * turn).sin_cos();
            (self.goal[0][k], self.goal[1][k]) = (cos, sin);
            self.step[0][k] = (cos - self.now[0][k]) / frames as f32;
            self.step[1][k] = (sin - self.now[1][k]) / frames as f32;
        }
    }

    /// One frame on.
    #[inline(always)]
    pub fn advance(&mut self) {
        let ([cos, sin], [cos_step, sin_step]) = (&mut self.now, &self.step);
        for k in 0..TURNS {
            cos[k] += cos_step[k];
            sin[k] += sin_step[k];
        }
    }

    /// Turns the pairs of `x`.
    #[inline(always)]
    pub fn apply(&self, x: &mut Lanes) {
        for k in 0..TURNS {
            let (c, s) = (self.now[0][k], self.now[1][k]);
            // The chord between two angles is shorter than 1; one Newton step towards 1 / sqrt(c^2 + s^2) mends it.
            let norm = 1.5 - 0.5 * (c * c + s * s);
            let (a, b) = (norm * x[k], norm * x[k + TURNS]);
            (x[k], x[k + TURNS]) = (c * a - s * b, s * a + c * b);
        }
    }
}

/// The orthogonal Hadamard matrix of order 16, by four layers of sums and differences (its factor of 1/4 is exact).
#[inline(always)]
pub fn hadamard(x: &mut Lanes) {
    for apart in [8, 4, 2, 1] {
        for start in (0..LINES).step_by(2 * apart) {
            for k in start..start + apart {
                (x[k], x[k + apart]) = (x[k] + x[k + apart], x[k] - x[k + apart]);
            }
        }
    }
    x.iter_mut().for_each(|x| *x *= 0.25);
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::CELL;

    fn energy(x: &Lanes) -> f64 {
        x.iter().map(|x| (*x as f64).powi(2)).sum()
    }

    #[test]
    fn matrix_and_moving_turns_keep_energy_for_as_many_ways_as_an_hour_in_the_smallest_room_has() {
        let (mut x, mut turn): (Lanes, _) = (std::array::from_fn(|k| ((k * 29) % 17) as f32 - 8.0), Turn::default());
        let before = energy(&x);
        for cell in 0..12_000 {
            turn.settle();
            turn.go(
                &std::array::from_fn::<f32, TURNS, _>(|k| (cell as f32 * 0.005).sin() * (1.0 - 0.1 * k as f32)),
                CELL,
            );
            for _ in 0..CELL {
                turn.advance();
                turn.apply(&mut x);
                hadamard(&mut x);
            }
        }
        assert!((10.0 * (energy(&x) / before).log10()).abs() < 0.05, "{}", energy(&x) / before);
    }
}
