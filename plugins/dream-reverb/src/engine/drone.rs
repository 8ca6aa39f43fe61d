//! Drone: a low voice that goes on humming what the tail has held.
//!
//! ```text
//! room ─► below 340 Hz ─┬─► which tones ─► folded into one octave ─► slow ─┐
//!                       └─► how loud ────────────────────────────► slow ─┴─► hum ─► both sides
//! ```
//!
//! Tones of the tail between 39 and 310 Hz are folded by octaves into one low octave, 39 to 78 Hz. The strong ones win
//! over the weak. The hum is slow to follow, and slower to leave: where the tail is quieter than what is hummed, what it
//! holds counts by as much less, and the hum fades at half the tail's rate. So it bridges a gap with the tones it had, and
//! takes up new ones as soon as there are any. It is the same on both sides.

use super::Cell;
use super::hum::{Hum, POWER};
use super::partials::{Partials, SLOTS};
use green_ring_dsp::{CELL, Sound, Spec};

/// Seconds in which the hum follows what is at least as loud as itself, and over which loudness is measured.
const FOLLOW_S: f64 = 1.5;
const LOUDNESS_S: f64 = 0.15;

/// The hum fades by 60 dB in this many times the tail's decay, held within these seconds.
const SLOWER: f32 = 2.0;
const FADES_S: [f32; 2] = [4.0, 60.0];

/// Power at which the hum ends: -150 dBFS.
const END: f64 = 1e-15;

/// Power of all pink noise that is heard over that of its lows that are listened to.
const BAND: f64 = 3.15;

/// A voice that follows the lows.
#[derive(Debug)]
pub struct Drone {
    rate_hz: f64,
    partials: Partials,
    /// Power of the band now, and as it is held; powers of the tones as they are held.
    now: f64,
    held: f64,
    tones: [f64; SLOTS],
    hum: Hum,
}

/// Seconds in which the hum fades by 60 dB where the tail decays in `decay_s`.
pub fn fades_s(decay_s: f32) -> f32 {
    (SLOWER * decay_s).clamp(FADES_S[0], FADES_S[1])
}

/// Seconds after which it no longer matters what was hummed before, within -120 dBFS.
pub fn memory_s(decay_s: f32) -> f32 {
    2.4 * fades_s(decay_s) + 16.0 * FOLLOW_S as f32
}

/// Seconds from the last sound of the tail, however loud it was (+60 dBFS), to exact silence.
pub fn tail_s(decay_s: f32) -> f32 {
    3.7 * fades_s(decay_s) + 16.0 * FOLLOW_S as f32
}

impl Drone {
    /// A drone at rest.
    pub fn new(spec: &Spec) -> Self {
        let (partials, hum) = (Partials::new(spec), Hum::new(spec));
        Self { rate_hz: spec.sample_rate, partials, now: 0.0, held: 0.0, tones: [0.0; SLOTS], hum }
    }

    /// Silence, and nothing remembered. To be called also when the drone is not heard for a while.
    pub fn reset(&mut self) {
        self.partials.reset();
        self.hum.reset();
        (self.now, self.held, self.tones) = (0.0, 0.0, [0.0; SLOTS]);
    }

    /// At the edge of `cell`, beside a tail that decays in `decay_s`. The cell lasts over `clock_s`: seconds from Start,
    /// which may run faster or slower than time does; the pitch leans as the clock does (by 5.9 % for a semitone).
    pub fn latch(&mut self, cell: &Cell, clock_s: [f64; 2], decay_s: f32) {
        if let Some(power) = self.partials.latch(cell) {
            self.follow(power, CELL as f64 / self.rate_hz, decay_s);
        }
        self.hum.latch(cell, clock_s, &self.levels());
    }

    /// The hum under `frames` frames of `sound`, as loud as it for pink noise.
    pub fn process(&mut self, sound: &Sound, frames: usize) -> Sound {
        self.partials.listen(sound, frames);
        let hum = self.hum.process(frames);
        [hum, hum]
    }

    fn follow(&mut self, power: f64, cell_s: f64, decay_s: f32) {
        self.now += cell_s / LOUDNESS_S * (power - self.now);
        let counts = if self.now < self.held { self.now / self.held } else { 1.0 };
        let fades = std::f64::consts::LN_10 * 6.0 / f64::from(fades_s(decay_s));
        let share = cell_s * (counts / FOLLOW_S + fades);
        self.held += share * (self.now - self.held);
        for (held, now) in self.tones.iter_mut().zip(self.partials.powers()) {
            *held += share * (now - *held);
        }
        if self.now < END {
            self.now = 0.0;
        }
        if self.held < END {
            (self.held, self.tones) = (0.0, [0.0; SLOTS]);
        }
    }

    /// Amplitudes of the tones: their powers sum to what is held, shared out by the squares of what was heard of each.
    fn levels(&self) -> [f32; SLOTS] {
        let sum: f64 = self.tones.iter().map(|tone| tone * tone).sum();
        if sum == 0.0 {
            return [0.0; SLOTS];
        }
        let scale = (BAND * self.held / (sum * f64::from(POWER))).sqrt();
        self.tones.map(|tone| (scale * tone) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::super::pink::Pink;
    use super::*;
    use std::f64::consts::TAU;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

    /// What is hummed from cell to cell, for the sound that `x` makes of the time in seconds.
    fn play(drone: &mut Drone, cells: std::ops::Range<i64>, decay_s: f32, x: impl Fn(f64) -> f64) -> Vec<f32> {
        let at = |n: i64| (n * CELL as i64) as f64 / 48_000.0;
        let cell = |number| {
            drone.latch(&Cell { number, frames: CELL, leapt: false }, [at(number), at(number + 1)], decay_s);
            let sound: [f32; CELL] = std::array::from_fn(|n| x(at(number) + n as f64 / 48_000.0) as f32);
            drone.process(&[sound; 2], CELL)[0]
        };
        cells.flat_map(cell).collect()
    }

    fn level_db(sound: &[f32]) -> f64 {
        10.0 * (sound.iter().map(|x| (*x as f64).powi(2)).sum::<f64>() / sound.len() as f64).log10()
    }

    /// Share of the power that lies at `hz` and its overtones, within a few hertz.
    fn share(sound: &[f32], hz: f64) -> f64 {
        let at = |hz: f64| {
            let (c, s) = sound.iter().enumerate().fold((0.0, 0.0), |(c, s), (n, x)| {
                let hann = 1.0 - (TAU * n as f64 / sound.len() as f64).cos();
                let (sine, cosine) = (TAU * hz * n as f64 / 48_000.0).sin_cos();
                (c + hann * *x as f64 * cosine, s + hann * *x as f64 * sine)
            });
            2.0 * (c * c + s * s) / (sound.len() as f64).powi(2)
        };
        (1..4).map(|k| at(k as f64 * hz)).sum::<f64>() / 10f64.powf(level_db(sound) / 10.0)
    }

    fn tone(hz: f64) -> impl Fn(f64) -> f64 {
        move |t| 0.3 * (TAU * hz * t).sin()
    }

    #[test]
    fn it_hums_the_strongest_tone_octaves_lower() {
        for (hz, low_hz) in [(220.0, 55.0), (110.0, 55.0), (55.0, 55.0), (261.63, 65.41), (146.83, 73.42)] {
            let heard = play(&mut Drone::new(&SPEC), 0..12_000, 5.0, |t| tone(hz)(t) + 0.2 * tone(1.335 * hz)(t));
            let share = share(&heard[8_000 * CELL..], low_hz);
            assert!(share > 0.9, "{hz}: {share}");
        }
    }

    #[test]
    fn it_goes_on_through_a_gap_fades_as_told_and_ends() {
        let mut drone = Drone::new(&SPEC);
        let heard = play(&mut drone, 0..70_000, 2.0, |t| if t < 6.0 { tone(110.0)(t) } else { 0.0 });
        let at = |s: f64| level_db(&heard[(s * 48_000.0) as usize..((s + 0.5) * 48_000.0) as usize]);
        assert!(at(7.0) > at(5.5) - 15.0 - 3.0, "gone in a second: {} {}", at(5.5), at(7.0));
        assert!((at(9.5) - at(11.5) - 30.0).abs() < 1.0, "{} dB in 2 s", at(9.5) - at(11.5));
        let end = heard.iter().rposition(|x| *x != 0.0).unwrap() as f32 / 48_000.0 - 6.0;
        assert!(end < tail_s(2.0) && end > 8.0, "{end}");
        assert!(heard.iter().all(|x| !x.is_subnormal()));
    }

    #[test]
    fn a_new_tone_takes_over_from_a_louder_old_one_that_has_gone() {
        let heard = play(&mut Drone::new(&SPEC), 0..30_000, 3.0, |t| {
            if t < 6.0 {
                tone(110.0)(t)
            } else if t < 9.0 {
                0.0
            } else {
                0.1 * tone(130.81)(t)
            }
        });
        assert!(share(&heard[8 * 48_000..9 * 48_000], 55.0) > 0.8);
        assert!(share(&heard[18 * 48_000..], 65.41) > 0.8);
    }

    #[test]
    fn it_is_as_loud_as_pink_noise_and_without_clicks() {
        let mut drone = Drone::new(&SPEC);
        let (mut levels, mut steps) = ([0.0f64; 2], 0.0f32);
        let mut pink = Pink::new();
        let (mut last, mut last_step) = (0.0, 0.0);
        for number in 0..90_000i64 {
            let at = |n: i64| (n * CELL as i64) as f64 / 48_000.0;
            drone.latch(&Cell { number, frames: CELL, leapt: false }, [at(number), at(number + 1)], 5.0);
            let sound = pink.cell(number);
            let hum = drone.process(&sound, CELL);
            for n in 0..CELL {
                if number > 15_000 {
                    levels[0] += (sound[0][n] as f64).powi(2);
                    levels[1] += (hum[0][n] as f64).powi(2);
                }
                let step: f32 = hum[0][n] - last;
                steps = if number > 100 { steps.max((step - last_step).abs()) } else { 0.0 };
                (last, last_step) = (hum[0][n], step);
            }
        }
        let db = 10.0 * (levels[1] / levels[0]).log10();
        assert!(db.abs() < 1.0, "{db}");
        assert!(steps < 0.002, "{steps}");
    }

    #[test]
    fn started_late_it_agrees_after_its_memory() {
        let sound = |t: f64| tone(110.0)(t) * (1.0 + (TAU * 0.3 * t).sin()) + tone(98.0 + 30.0 * (0.2 * t).floor())(t);
        let (memory, decay_s) = ((memory_s(2.0) * 1_500.0) as i64, 2.0);
        let late = play(&mut Drone::new(&SPEC), 20_000..20_000 + memory + 3_000, decay_s, sound);
        let early = play(&mut Drone::new(&SPEC), 0..20_000 + memory + 3_000, decay_s, sound);
        let (a, b) = (&early[(20_000 + memory as usize) * CELL..], &late[memory as usize * CELL..]);
        let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-6 && level_db(a) > -20.0, "{worst}");
    }
}
