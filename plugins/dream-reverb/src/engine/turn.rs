//! The orthogonal matrix of the network, and how it moves.

use super::lines::Wide;
use super::motion::TURNS;
use super::room::LINES;
use green_ring_dsp::CELL;

/// Radians that a pair of lines turns by at full motion. A quarter turn would swap them.
const TURN: f32 = 0.9;

/// Cosines and sines of eight rotations over a cell.
pub type Turned = [[[f32; CELL]; TURNS]; 2];

/// Rotations of eight pairs of lines, (k, k + 8), that glide from angle to angle and stay rotations on the way.
#[derive(Debug)]
pub struct Turn {
    /// Cosines and sines, at the cell's edge and at its end, and their step a frame.
    from: [[f32; TURNS]; 2],
    goal: [[f32; TURNS]; 2],
    step: [[f32; TURNS]; 2],
    /// Frames of the cell that are done.
    done: usize,
}

impl Default for Turn {
    fn default() -> Self {
        let none = [[1.0; TURNS], [0.0; TURNS]];
        Self { from: none, goal: none, step: [[0.0; TURNS]; 2], done: 0 }
    }
}

impl Turn {
    /// Rests where it was going.
    pub fn settle(&mut self) {
        (self.from, self.step, self.done) = (self.goal, [[0.0; TURNS]; 2], 0);
    }

    /// Moves to `turns` (-1..1 each) over `frames` frames.
    pub fn go(&mut self, turns: &[f32], frames: usize) {
        let done = self.done as f32;
        for (k, turn) in turns.iter().enumerate() {
            let (sin, cos) = (TURN * turn).sin_cos();
            for (side, goal) in [cos, sin].into_iter().enumerate() {
                self.from[side][k] += done * self.step[side][k];
                self.goal[side][k] = goal;
                self.step[side][k] = (goal - self.from[side][k]) / frames as f32;
            }
        }
        self.done = 0;
    }

    /// The rotations of the next `frames` frames.
    pub fn advance(&mut self, frames: usize) -> Turned {
        let mut turned = [[[0.0; CELL]; TURNS]; 2];
        let [cosines, sines] = &mut turned;
        for k in 0..TURNS {
            for n in 0..CELL {
                let at = (self.done + n + 1) as f32;
                let [c, s] = [0, 1].map(|side| self.from[side][k] + at * self.step[side][k]);
                // The chord between two angles is shorter than 1; one Newton step towards 1 / sqrt(c^2 + s^2) mends it.
                let norm = 1.5 - 0.5 * (c * c + s * s);
                (cosines[k][n], sines[k][n]) = (norm * c, norm * s);
            }
        }
        self.done += frames;
        turned
    }
}

/// Turns the pairs of `lines`, and mixes all of them.
pub fn mix(lines: &mut Wide<LINES>, [cosines, sines]: &Turned) {
    let (first, second) = lines.split_at_mut(TURNS);
    for (((x, y), cos), sin) in first.iter_mut().zip(second).zip(cosines).zip(sines) {
        for n in 0..CELL {
            let (a, b) = (x[n], y[n]);
            (x[n], y[n]) = (cos[n] * a - sin[n] * b, sin[n] * a + cos[n] * b);
        }
    }
    hadamard(lines);
}

/// The orthogonal Hadamard matrix of order `N`, a power of two, by layers of sums and differences. Applied twice it is
/// nothing.
pub fn hadamard<const N: usize>(wide: &mut Wide<N>) {
    let mut apart = N;
    while apart > 1 {
        apart /= 2;
        for group in wide.chunks_exact_mut(2 * apart) {
            let (first, second) = group.split_at_mut(apart);
            for (x, y) in first.as_flattened_mut().iter_mut().zip(second.as_flattened_mut()) {
                (*x, *y) = (*x + *y, *x - *y);
            }
        }
    }
    let norm = (N as f32).sqrt().recip();
    wide.as_flattened_mut().iter_mut().for_each(|x| *x *= norm);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn energy(lines: &Wide<LINES>) -> f64 {
        lines.as_flattened().iter().map(|x| (*x as f64).powi(2)).sum()
    }

    #[test]
    fn matrix_and_moving_turns_keep_energy_for_as_many_ways_as_an_hour_in_the_smallest_room_has() {
        let mut lines: Wide<LINES> =
            std::array::from_fn(|k| std::array::from_fn(|n| ((k * 29 + n * 5) % 17) as f32 - 8.0));
        let (before, mut turn) = (energy(&lines), Turn::default());
        for way in 0..400_000 {
            if way % 32 == 0 {
                turn.settle();
                let turns =
                    std::array::from_fn::<f32, TURNS, _>(|k| (way as f32 * 0.000_15).sin() * (1.0 - 0.1 * k as f32));
                turn.go(&turns, CELL);
            }
            turn.done = 0;
            mix(&mut lines, &turn.advance(CELL));
        }
        assert!((10.0 * (energy(&lines) / before).log10()).abs() < 0.05, "{}", energy(&lines) / before);
    }

    #[test]
    fn a_cut_cell_is_no_other() {
        let turns = [0.3, -0.9, 0.1, 0.7, -0.2, 0.5, 1.0, -1.0];
        let (mut whole, mut cut) = (Turn::default(), Turn::default());
        whole.go(&turns, CELL);
        cut.go(&turns, CELL);
        let whole = whole.advance(CELL);
        cut.advance(11);
        let rest = cut.advance(CELL - 11);
        assert!((0..CELL - 11).all(|n| (0..TURNS).all(|k| rest[0][k][n] == whole[0][k][n + 11])));
    }
}
