//! Early reflections: a few single echoes off the nearest walls.
//!
//! Each side hears its own arrivals. Most come from its own side of the source, every third from the other.

use super::fade::Fade;
use super::lines::period_cells;
use super::ring::Ring;
use super::room::{ECHOES, Lengths, last_echo};
use green_ring_dsp::chance::Chance;
use green_ring_dsp::{CELL, Sound, Spec};

/// Seconds in which reflections cross to those of another room.
const FADE_S: f64 = 0.06;

/// How much weaker the last reflection is than the first: spreading and one or two walls.
const LAST: f32 = 0.3;

/// Lane of chance for the reflections' polarities.
const SIGN_LANE: u32 = 4;

/// Two sides of reflections.
#[derive(Debug)]
pub struct Early {
    rings: [Ring; 2],
    now: usize,
    times: Crossed<[[usize; ECHOES]; 2]>,
    gains: Crossed<[[f32; ECHOES]; 2]>,
    fades: [Fade; 2],
    crossing: bool,
    period_cells: i64,
    fresh: bool,
}

/// What is crossed from, and to.
#[derive(Clone, Copy, Debug)]
struct Crossed<T> {
    from: T,
    to: T,
}

impl Early {
    /// Reflections of rooms up to the largest. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let fade = Fade::new(spec.samples(FADE_S), spec.sample_rate);
        Self {
            rings: std::array::from_fn(|_| Ring::new(last_echo(spec))),
            now: 0,
            times: Crossed { from: [[0; ECHOES]; 2], to: [[0; ECHOES]; 2] },
            gains: Crossed { from: [[0.0; ECHOES]; 2], to: [[0.0; ECHOES]; 2] },
            fades: [fade.clone(), fade],
            crossing: false,
            period_cells: period_cells(spec),
            fresh: true,
        }
    }

    /// Silence; the next settings are taken at once.
    pub fn reset(&mut self) {
        self.rings.iter_mut().for_each(Ring::reset);
        self.fades.iter_mut().for_each(Fade::finish);
        (self.now, self.crossing, self.fresh) = (0, false, true);
    }

    /// One of [`WIPES`](super::ring::WIPES) parts of a reset, without the rest of it.
    pub fn wipe(&mut self, part: usize) {
        self.rings.iter_mut().for_each(|ring| ring.wipe(part));
    }

    /// At the edge of song cell `cell`: moves to the reflections of `lengths` under `seed`. Noise comes out as loud as it
    /// went in.
    pub fn latch(&mut self, cell: i64, lengths: &Lengths, seed: u32) {
        if self.crossing {
            self.fades.iter_mut().for_each(Fade::edge);
            self.crossing = !self.fades[0].done();
        }
        let turn = self.fresh || (!self.crossing && cell.rem_euclid(self.period_cells) == 0);
        if turn && (self.fresh || self.times.to != lengths.echoes) {
            self.cross(lengths, seed);
        }
        self.fresh = false;
    }

    fn cross(&mut self, lengths: &Lengths, seed: u32) {
        self.times = Crossed { from: self.times.to, to: lengths.echoes };
        self.gains = Crossed { from: self.gains.to, to: gains(seed) };
        self.crossing = !self.fresh;
        if self.crossing {
            self.fades.iter_mut().for_each(Fade::begin);
        }
    }

    /// The reflections of `frames` frames of `sound`.
    pub fn process(&mut self, sound: &Sound, frames: usize) -> Sound {
        for (ring, x) in self.rings.iter_mut().zip(sound) {
            ring.write(self.now, &x[..frames]);
        }
        let mut heard = [[0.0; CELL]; 2];
        for (side, heard) in heard.iter_mut().enumerate() {
            *heard = self.arrivals(side, &self.times.to, &self.gains.to);
            if self.crossing {
                let old = self.arrivals(side, &self.times.from, &self.gains.from);
                let new = *heard;
                self.fades[side].mix(&old[..frames], &new[..frames], &mut heard[..frames]);
            }
        }
        self.now = self.now.wrapping_add(frames);
        heard
    }

    fn arrivals(&self, side: usize, times: &[[usize; ECHOES]; 2], gains: &[[f32; ECHOES]; 2]) -> [f32; CELL] {
        let mut sum = [0.0; CELL];
        for (k, (time, gain)) in times[side].iter().zip(&gains[side]).enumerate() {
            let from = if k % 3 == 2 { 1 - side } else { side };
            let echo = self.rings[from].cell(self.now.wrapping_sub(*time));
            sum.iter_mut().zip(echo).for_each(|(sum, x)| *sum += gain * x);
        }
        sum
    }
}

/// Gains that fall from arrival to arrival, with polarities by chance, their squares summing to 1 on each side.
fn gains(seed: u32) -> [[f32; ECHOES]; 2] {
    let size = |k: usize| LAST.powf(k as f32 / (ECHOES - 1) as f32);
    let norm = (0..ECHOES).map(|k| size(k).powi(2)).sum::<f32>().sqrt();
    std::array::from_fn(|side| {
        std::array::from_fn(|k| {
            let chance = Chance::new(seed, SIGN_LANE).uniform(k as i64)[side];
            size(k) / norm * if chance < 0.5 { -1.0 } else { 1.0 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::room::Room;
    use super::*;

    #[test]
    fn an_impulse_arrives_as_told_and_keeps_its_energy() {
        let spec = Spec { sample_rate: 48_000.0, channels: 2 };
        let lengths = Room::new(&spec).lengths(14.0, 1.0, 3);
        let mut early = Early::new(&spec);
        let mut heard = vec![];
        for cell in 0..200 {
            early.latch(cell, &lengths, 3);
            let mut sound = [[0.0; CELL]; 2];
            sound[0][0] = if cell == 0 { 1.0 } else { 0.0 };
            sound[1][0] = sound[0][0];
            heard.extend(early.process(&sound, CELL)[0]);
        }
        let energy: f32 = heard.iter().map(|x| x * x).sum();
        assert!((energy - 1.0).abs() < 1e-5, "{energy}");
        let arrivals: Vec<usize> = (0..heard.len()).filter(|n| heard[*n] != 0.0).collect();
        assert_eq!(arrivals, lengths.echoes[0]);
    }
}
