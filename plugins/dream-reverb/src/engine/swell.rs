//! Swell: the tail builds instead of striking.
//!
//! Four steps of delay and Hadamard matrix in turn spread an onset over thousands of echoes, whose times are sums of four
//! independent delays. Such a sum is nearly normal (the central limit theorem), so the energy comes and goes on a
//! bell-shaped curve that begins at nothing, and the room behind turns that into a rise and a decay. Every step is
//! orthogonal at every length: steady sound keeps its level. Nothing is told as latency, as nothing is waited for.

use super::lines::{Lines, Wide};
use super::room::{CHANNELS, RISES, longest_rise};
use super::turn::hadamard;
use green_ring_dsp::{CELL, Spec};

/// Four steps over eight channels.
#[derive(Debug)]
pub struct Swell {
    steps: [Lines<CHANNELS>; RISES],
    /// Whether sound is remembered, and whether it is delayed.
    awake: bool,
    rising: bool,
    /// Frames that are remembered without a gap.
    age: usize,
}

impl Swell {
    /// A swell of any length. Allocates.
    pub fn new(spec: &Spec) -> Self {
        Self {
            steps: std::array::from_fn(|_| Lines::new(spec, longest_rise(spec))),
            awake: false,
            rising: false,
            age: usize::MAX,
        }
    }

    /// Silence; the next lengths are taken at once.
    pub fn reset(&mut self) {
        self.steps.iter_mut().for_each(Lines::reset);
        self.age = usize::MAX;
    }

    /// One of [`WIPES`](super::ring::WIPES) parts of a reset, without the rest of it.
    pub fn wipe(&mut self, part: usize) {
        self.steps.iter_mut().for_each(|step| step.wipe(part));
    }

    /// At the edge of song cell `cell`: moves to the delays `rises`.
    pub fn latch(&mut self, cell: i64, rises: &[[usize; CHANNELS]; RISES]) {
        // What wakes has no past yet: its delays grow with it.
        let longest = self.age.saturating_sub(CELL);
        for (step, lengths) in self.steps.iter_mut().zip(rises) {
            step.aim(cell, &lengths.map(|length| length.min(longest)));
        }
        self.rising = self.steps.iter().any(Lines::delays);
        self.awake = self.rising || rises.as_flattened().iter().any(|length| *length > 0);
        if !self.awake {
            self.age = 0;
        }
    }

    /// Lets `frames` frames of `sound` build. Without delays they pass bit for bit.
    pub fn process(&mut self, sound: &mut Wide<CHANNELS>, frames: usize) {
        if !self.awake {
            return;
        }
        let mut spread = *sound;
        for step in &mut self.steps {
            step.write(&spread, frames);
            if self.rising {
                step.read(&mut spread, frames);
            }
            step.advance(frames);
            hadamard(&mut spread);
        }
        if self.rising {
            *sound = spread;
        }
        self.age = self.age.saturating_add(frames);
    }
}

#[cfg(test)]
mod tests {
    use super::super::room::Room;
    use super::*;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

    /// Energy of the answer to an impulse, in windows of 50 ms.
    fn answer(swell: f32) -> Vec<f64> {
        let (rises, mut swell) = (Room::new(&SPEC).rises(swell, 3), Swell::new(&SPEC));
        let mut energy = vec![0.0; 40];
        for cell in 0..2_900 {
            let mut sound = [[0.0; CELL]; CHANNELS];
            sound[0][0] = if cell == 0 { 1.0 } else { 0.0 };
            swell.latch(cell, &rises);
            swell.process(&mut sound, CELL);
            let power = sound.as_flattened().iter().map(|x| f64::from(x * x)).sum::<f64>();
            energy[cell as usize * CELL / 2_400] += power;
        }
        energy
    }

    #[test]
    fn energy_stays_and_comes_on_a_bell_that_begins_at_nothing() {
        for swell in [0.0, 0.1, 0.35, 1.0] {
            let energy = answer(swell);
            assert!((energy.iter().sum::<f64>() - 1.0).abs() < 1e-4, "{swell}: {energy:?}");
        }
        let energy = answer(1.0);
        let loudest = (0..40).max_by(|a, b| energy[*a].total_cmp(&energy[*b])).unwrap();
        assert!((10..=16).contains(&loudest) && energy[0] < 1e-3 * energy[loudest], "{energy:.4?}");
    }

    #[test]
    fn what_was_asleep_wakes_without_an_old_sound() {
        let mut room = Room::new(&SPEC);
        let (none, some) = (room.rises(0.0, 3), room.rises(0.5, 3));
        let mut swell = Swell::new(&SPEC);
        for cell in 0..6_000 {
            // A second of sound that swells, two asleep, and then silence that should stay silent.
            let mut sound = [[if cell < 1_500 { 0.5 } else { 0.0 }; CELL]; CHANNELS];
            swell.latch(cell, if (1_500..4_500).contains(&cell) { &none } else { &some });
            swell.process(&mut sound, CELL);
            assert!(cell < 4_500 || sound.as_flattened().iter().all(|x| *x == 0.0), "{cell}");
        }
    }

    #[test]
    fn without_swell_not_a_bit_is_changed() {
        let (rises, mut swell) = (Room::new(&SPEC).rises(0.0, 3), Swell::new(&SPEC));
        let mut sound: Wide<CHANNELS> = std::array::from_fn(|k| std::array::from_fn(|n| (n * 8 + k) as f32 * 0.37));
        let before = sound;
        swell.latch(0, &rises);
        swell.process(&mut sound, CELL);
        assert_eq!(before, sound);
    }
}
