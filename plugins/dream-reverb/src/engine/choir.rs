//! Choir: the tail, sung by four voices that are never quite together.
//!
//! ```text
//! left  ─┬► wait ► sway ► throat ► breath ─┬─► left
//!        └► wait ► sway ► throat ► breath ─┘
//! right ─┬► ...                            ──► right
//! ```
//!
//! Each voice sings its side of the tail through the five resonances of a vowel. It comes a little later than the others,
//! its pitch sways as a singer's does (a vibrato of about 5 Hz on a slow drift, a few cents in all), and it comes nearer
//! and goes. All of it is a function of the song's place and the seed.

use super::Cell;
use super::formants::{Formants, VOICES};
use super::ring::Ring;
use super::singers::{DRIFT_S, Movement, VIBRATO_S};
use super::sway::Sway;
use green_ring_dsp::door::settle;
use green_ring_dsp::{CELL, Ramp, Sound, Spec};
use std::f32::consts::FRAC_1_SQRT_2;

/// Seconds that each voice comes late. Apart by more than a resonance remembers, so that two voices of a side are two.
const LATE_S: [f64; VOICES] = [0.0, 0.023, 0.037, 0.011];

/// How far the power of a voice moves about its mean.
const BREATH: f32 = 0.6;

/// Seconds that a move of Vowel takes.
const VOWEL_S: f64 = 0.1;

/// Seconds from the last sound of the tail to the last of the choir: the latest voice, and its narrowest resonance.
pub const TAIL_S: f64 = 0.6;

/// Four voices.
#[derive(Debug)]
pub struct Choir {
    past: [Ring; 2],
    now: usize,
    late: [usize; VOICES],
    movement: Movement,
    sways: [Sway; VOICES],
    sway_samples: f64,
    vowel: Ramp,
    formants: Formants,
    /// Gains of the voices and their steps over the cell.
    breath: [f32; VOICES],
    inhaled: [f32; VOICES],
    fresh: bool,
}

impl Choir {
    /// A choir at rest. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let late = LATE_S.map(|late_s| spec.samples(late_s));
        let longest = spec.samples(LATE_S.into_iter().fold(0.0, f64::max));
        Self {
            past: std::array::from_fn(|_| Ring::new(longest + CELL)),
            now: 0,
            late,
            movement: Movement::new(spec),
            sways: std::array::from_fn(|_| Sway::new(spec.samples(VIBRATO_S + DRIFT_S) + 1)),
            sway_samples: spec.sample_rate,
            vowel: Ramp::new(0.0, spec.samples(VOWEL_S) / CELL + 1),
            formants: Formants::new(spec.sample_rate),
            breath: [0.0; VOICES],
            inhaled: [0.0; VOICES],
            fresh: true,
        }
    }

    /// Silence; the next settings are taken at once. To be called also when the choir is not heard for a while.
    pub fn reset(&mut self) {
        self.past.iter_mut().for_each(Ring::reset);
        self.sways.iter_mut().for_each(Sway::reset);
        self.formants.reset();
        (self.now, self.fresh) = (0, true);
    }

    /// At the edge of `cell`, which lasts over `clock_s` on the movement's clock: moves to `vowel` (0..4: a, e, i, o, u).
    pub fn latch(&mut self, cell: &Cell, clock_s: [f64; 2], seed: u32, vowel: f32) {
        let fresh = std::mem::take(&mut self.fresh);
        self.movement.advance(clock_s, seed, fresh);
        for (voice, [sway_s, breath]) in self.movement.places().into_iter().enumerate() {
            self.sways[voice].aim(cell, self.sway_samples * sway_s);
            let gain = FRAC_1_SQRT_2 * (1.0 + BREATH * breath as f32).sqrt();
            self.breath[voice] = if fresh { gain } else { self.breath[voice] };
            self.inhaled[voice] = (gain - self.breath[voice]) / cell.frames as f32;
        }
        self.open(cell, vowel, fresh);
    }

    /// What the choir makes of `frames` frames of `sound`: as loud as it for pink noise.
    pub fn process(&mut self, sound: &Sound, frames: usize) -> Sound {
        let mut voices = [[0.0; CELL]; VOICES];
        for (past, sound) in self.past.iter_mut().zip(sound) {
            past.write(self.now, &sound[..frames]);
        }
        for (voice, to) in voices.iter_mut().enumerate() {
            let late = self.past[voice / 2].read(self.now.wrapping_sub(self.late[voice]), frames);
            *to = self.sways[voice].process(self.now, late);
        }
        self.now = self.now.wrapping_add(frames);
        let mut sung = Sound::default();
        for frame in 0..frames {
            let y = self.formants.tick(&voices.map(|voice| voice[frame]));
            for (voice, y) in y.into_iter().enumerate() {
                self.breath[voice] += self.inhaled[voice];
                sung[voice / 2][frame] += self.breath[voice] * y;
            }
        }
        sung.as_flattened_mut().iter_mut().for_each(|y| *y = settle(*y));
        sung
    }

    fn open(&mut self, cell: &Cell, vowel: f32, fresh: bool) {
        self.formants.calm();
        if !cell.leapt {
            self.formants.settle();
        }
        self.vowel.go(vowel);
        if fresh {
            self.vowel.jump(vowel);
            self.formants.jump(vowel);
        } else if self.vowel.moving() || cell.leapt {
            self.formants.glide(self.vowel.tick(), cell.frames);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pink::Pink;
    use super::*;
    use std::f64::consts::TAU;

    const RATE: f64 = 48_000.0;
    const SPEC: Spec = Spec { sample_rate: RATE, channels: 2 };

    fn latch(choir: &mut Choir, number: i64, vowel: f32) {
        let at = |n: i64| (n * CELL as i64) as f64 / RATE;
        choir.latch(&Cell { number, frames: CELL, leapt: false }, [at(number), at(number + 1)], 3, vowel);
    }

    #[test]
    fn it_is_as_loud_as_the_tail_on_every_vowel_and_unlike_it() {
        for vowel in [0.0, 0.5, 1.0, 2.0, 3.0, 3.5, 4.0] {
            let (mut choir, mut pink) = (Choir::new(&SPEC), Pink::new());
            let (mut powers, mut both, mut sides) = ([0.0f64; 2], 0.0, 0.0);
            for number in 0..45_000 {
                latch(&mut choir, number, vowel);
                let sound = pink.cell(number);
                let sung = choir.process(&sound, CELL);
                for n in 0..CELL {
                    powers[0] += (sound[0][n] as f64).powi(2) + (sound[1][n] as f64).powi(2);
                    powers[1] += (sung[0][n] as f64).powi(2) + (sung[1][n] as f64).powi(2);
                    both += (sound[0][n] * sung[0][n] + sound[1][n] * sung[1][n]) as f64;
                    sides += (sung[0][n] * sung[1][n]) as f64;
                }
            }
            let db = 10.0 * (powers[1] / powers[0]).log10();
            assert!(db.abs() < 1.0, "{vowel}: {db:.2} dB");
            assert!((both / (powers[0] * powers[1]).sqrt()).abs() < 0.2 && (2.0 * sides / powers[1]).abs() < 0.1);
        }
    }

    #[test]
    fn a_swept_vowel_and_a_jump_of_the_song_do_not_click() {
        let (mut choir, mut worst, mut peak) = (Choir::new(&SPEC), 0.0f64, 0.0f64);
        let mut past = [0.0f64; 4];
        for k in 0..6_000i64 {
            let number = if k > 3_000 { k + 7_000 } else { k };
            latch(&mut choir, number, if k / 16 % 40 < 20 { 0.2 * (k / 16 % 20) as f32 } else { 4.0 });
            let tone = |n: usize| (TAU * 440.0 * ((k * CELL as i64) as f64 + n as f64) / RATE).sin() as f32;
            for y in choir.process(&[std::array::from_fn(tone); 2], CELL)[0] {
                past.rotate_left(1);
                past[3] = y as f64;
                let bend = past[3] - 3.0 * past[2] + 3.0 * past[1] - past[0];
                (worst, peak) = if k > 100 { (worst.max(bend.abs()), peak.max(y.abs() as f64)) } else { (worst, peak) };
            }
        }
        // The third difference of the sine itself is w^3 = 0.000 19 of its peak.
        assert!(worst < 0.000_4 * peak, "{worst} of {peak}");
    }

    #[test]
    fn a_tone_bends_by_a_few_cents_and_comes_back() {
        let mut movement = Movement::new(&SPEC);
        let cell_s = CELL as f64 / RATE;
        let (mut last, mut fastest, mut mean) = ([[0.0; 2]; VOICES], 0.0f64, 0.0);
        for k in 0..60_000 {
            movement.advance([k as f64 * cell_s, (k + 1) as f64 * cell_s], 3, k == 0);
            let places = movement.places();
            if k > 0 {
                fastest = fastest.max(((places[1][0] - last[1][0]) / cell_s).abs());
                mean += places[1][0] - last[1][0];
            }
            last = places;
        }
        let cents = 1_200.0 * (1.0 + fastest).log2();
        assert!((6.0..20.0).contains(&cents) && mean.abs() < 0.01, "{cents} {mean}");
    }

    #[test]
    fn it_ends_within_its_told_time_and_starts_afresh() {
        let play = |choir: &mut Choir| -> Vec<Sound> {
            let cell = |number| {
                latch(choir, number, 2.0);
                let x = if number < 900 { 1.0 - 2.0 * (number % 2) as f32 } else { 0.0 };
                choir.process(&[[x; CELL]; 2], CELL)
            };
            (0..2_000).map(cell).collect()
        };
        let mut choir = Choir::new(&SPEC);
        let heard = play(&mut choir);
        let end = heard.iter().rposition(|cell| cell.as_flattened().iter().any(|y| *y != 0.0)).unwrap();
        let last_s = (end as f64 - 899.0) * CELL as f64 / RATE;
        assert!((0.1..TAIL_S).contains(&last_s), "{last_s}");
        choir.reset();
        assert!(play(&mut choir) == heard);
    }
}
