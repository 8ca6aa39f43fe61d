//! Shimmer: the tail hears itself at another pitch, again and again, and never grows by it.
//!
//! ```text
//! diffused ─►(+)─► network ─┬─► taps
//!             ▲             │
//!             └─── shifter
//! ```
//!
//! The first tail is left as it is: only what comes back has been shifted, by as much again with each way round.
//!
//! **Why it cannot build up.** Sound that enters the network with power P is heard at the taps with P on the mean over
//! pink noise, and with c P in its loudest band ([`Around::crest`]). The shifter gives power for power. So with the gain
//!
//! ```text
//! g^2 = (e^(s w) - 1) / (e^w - 1) * e^-u / (c r)
//! ```
//!
//! each generation has at most the share s of the power of the one before, and all together at most 1 / (1 - s) of the
//! first: 3 dB for s = 1/2. In the network's own terms, shimmer gives back at most the share s of what the walls take: in a
//! longer decay less at a time, and in a lossless one nothing. Of the two exponents, w is what the walls take on one mean
//! way through a line, in nepers of power, and u what they would have taken during the shifter's mean delay. The first
//! factor is s where ways are short, and less where they are long: summed over the ways, a geometric series, it leaves
//! nothing that decays slower than T / (1 - s), even with no shift at all.
//!
//! **Resonances** stand above that mean. A loop that met one in phase would need a bound at its peak; here no phase
//! returns. Every grain reads at a place left to chance over more than a period of any sound that passes, so what comes
//! back adds to a resonance as noise does, power to power. What is left is a matter of shares: a resonance may be heard
//! better than the mean by the taps, and take more than its share of what comes back. Chance evens out both, as each grain
//! has another tap and other signs, and so do the other resonances within a grain's bandwidth, 1 / t for a grain of t
//! seconds: there are M = D / t of them in lines that hold D seconds. Where they are few, in the smallest rooms, the
//! factor r = 1 + (2 / M)^2 makes room for the strongest of them; the test below holds rooms down to 2 m and no shift at
//! all, the worst case, to the bound.

use super::Cell;
use super::lines::Wide;
use super::network::{Around, TAPS};
use super::room::{CHANNELS, LINES};
use super::shifter::{GRAIN_S, Shifter};
use green_ring_dsp::door::settle;
use green_ring_dsp::{CELL, Ramp, Spec};

/// Power that a generation has of the one before, at most, at full Shimmer.
pub const SHARE: f32 = 0.5;

/// Nepers of power in 60 dB.
const SIXTY_DB: f32 = 13.815_51;

/// Resonances within a grain's bandwidth that are too few for their mean to speak for each of them.
const FEW: f32 = 2.0;

/// Seconds that a move of Shimmer takes.
const GLIDE_S: f64 = 0.05;

/// The way from the taps back into the network.
#[derive(Debug)]
pub struct Shimmer {
    shifter: Shifter,
    gain: Ramp,
    awake: bool,
    fresh: bool,
}

impl Shimmer {
    /// A shimmer at rest. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let gain = Ramp::new(0.0, spec.samples(GLIDE_S));
        Self { shifter: Shifter::new(spec), gain, awake: false, fresh: true }
    }

    /// Silence; the next settings are taken at once. Does not touch its memory and costs nothing.
    pub fn reset(&mut self) {
        self.hush();
        self.fresh = true;
    }

    /// By how much longer than without it the room may sound at Shimmer `amount` (0..1), as a factor.
    pub fn lengthens(amount: f32) -> f32 {
        1.0 / (1.0 - SHARE * amount)
    }

    /// At the edge of `cell`, which lasts over `clock_s` in seconds from Start: moves to Shimmer `amount` (0..1) by `cents`
    /// (-2400..2400) in the network `around`.
    pub fn latch(&mut self, cell: &Cell, clock_s: [f64; 2], seed: u32, amount: f32, cents: f32, around: &Around) {
        let octaves = cents as f64 / 1_200.0;
        let goal = self.goal(amount, octaves, around);
        self.gain.go(goal);
        if std::mem::take(&mut self.fresh) {
            self.gain.jump(goal);
        }
        let awake = !self.gain.rests_at(0.0);
        if self.awake && !awake {
            self.hush();
        }
        self.awake = awake;
        if awake {
            self.shifter.latch(cell, clock_s, seed, octaves);
        }
    }

    /// Adds what comes back to what enters the network: `wide`, `frames` frames of it.
    pub fn give(&mut self, wide: &mut Wide<CHANNELS>, frames: usize) {
        if !self.awake {
            return;
        }
        let shifted = self.shifter.read(frames);
        let gains = self.gain.ticks(frames);
        for (wide, shifted) in wide.iter_mut().zip(&shifted) {
            wide.iter_mut().zip(shifted).zip(&gains).for_each(|((x, y), gain)| *x += settle(gain * y));
        }
    }

    /// Takes in what was heard at the `taps` (left, left, right, right) in these `frames` frames.
    pub fn take(&mut self, taps: &[[f32; CELL]; TAPS], frames: usize) {
        if self.awake {
            self.shifter.write(taps, frames);
        }
    }

    fn goal(&self, amount: f32, octaves: f64, around: &Around) -> f32 {
        let loss = |seconds: f32| SIXTY_DB * seconds / around.longest_s;
        let (way, shift) = (loss(around.total_s / LINES as f32), loss(self.shifter.delay_s(octaves) as f32));
        let share = (SHARE * amount * way).exp_m1() / way.exp_m1();
        let resonances = around.total_s / GRAIN_S as f32;
        let crest = around.crest * (1.0 + (FEW / resonances).powi(2));
        (share / crest * (-shift).exp()).sqrt()
    }

    fn hush(&mut self) {
        self.shifter.reset();
        self.awake = false;
    }
}

#[cfg(test)]
mod tests {
    use super::super::absorb::Bands;
    use super::super::diffuser::Diffuser;
    use super::super::network::{Held, Network};
    use super::super::room::Room;
    use super::*;
    use green_ring_dsp::Sound;
    use green_ring_dsp::chance::Chance;

    /// A room with shimmer.
    #[derive(Clone, Copy)]
    struct Rig {
        size_m: f32,
        bands: Bands,
        amount: f32,
        cents: f32,
    }

    const FLAT: Bands = Bands { mid_s: 20.0, low_s: 20.0, high_s: 20.0, low_hz: 250.0, high_hz: 4_000.0 };
    const RIG: Rig = Rig { size_m: 14.0, bands: FLAT, amount: 1.0, cents: 1_200.0 };

    impl Rig {
        /// Power of the taps in each of `seconds`, for the sound that `x` makes of a sample's number; frozen from a second on.
        fn play(&self, seconds: usize, held_from: usize, x: impl Fn(i64) -> [f32; 2]) -> Vec<f64> {
            let spec = Spec { sample_rate: 24_000.0, channels: 2 };
            let lengths = Room::new(&spec).lengths(self.size_m, self.bands.mid_s, 3);
            let (mut diffuser, mut network, mut shimmer) =
                (Diffuser::new(&spec), Network::new(&spec), Shimmer::new(&spec));
            let mut powers = vec![0.0; seconds];
            for number in 0..(seconds * 750) as i64 {
                let cell = Cell { number, frames: CELL, leapt: false };
                let at = |n: i64| (number * CELL as i64 + n) as f64 / 24_000.0;
                let held = number as usize / 750 >= held_from;
                diffuser.latch(number, &lengths, 0.7);
                let is = Held { frozen: held, endless: false, gliding: false };
                network.latch(&cell, &lengths.lines, &self.bands, is);
                shimmer.latch(&cell, [at(0), at(CELL as i64)], 1, self.amount, self.cents, network.around());
                let mut sound: Sound = [[0.0; CELL]; 2];
                let [left, right] = &mut sound;
                for (n, (left, right)) in left.iter_mut().zip(right).enumerate() {
                    [*left, *right] = x(number * CELL as i64 + n as i64);
                }
                let mut wide = diffuser.process(&sound, CELL);
                shimmer.give(&mut wide, CELL);
                let held = [if held { 1.0 } else { 0.0 }; CELL];
                let taps = network.process(&wide, [&held, &held], CELL);
                shimmer.take(&taps, CELL);
                powers[number as usize / 750] +=
                    taps.as_flattened().iter().map(|x| (*x as f64).powi(2)).sum::<f64>() / 96_000.0;
            }
            powers
        }
    }

    fn db(power: f64) -> f64 {
        10.0 * power.log10()
    }

    fn noise(n: i64) -> [f32; 2] {
        Chance::new(5, 5).normal(n)
    }

    fn mean_db(powers: &[f64]) -> f64 {
        db(powers.iter().sum::<f64>() / powers.len() as f64)
    }

    /// Power with shimmer re power without, in dB, over the last `seconds` and over as many before them.
    fn over(rig: Rig, seconds: usize, x: impl Fn(i64) -> [f32; 2]) -> [f64; 2] {
        let [with, without] = [rig.amount, 0.0].map(|amount| Rig { amount, ..rig }.play(15 + 2 * seconds, 999, &x));
        [15, 15 + seconds].map(|from| mean_db(&with[from..from + seconds]) - mean_db(&without[from..from + seconds]))
    }

    #[test]
    fn noise_settles_within_three_decibels_at_any_shift() {
        for cents in [-2_400.0, -1_200.0, 0.0, 7.0, 1_200.0, 2_400.0] {
            let [early, late] = over(Rig { cents, ..RIG }, 15, noise);
            assert!(late < 3.0 && (late - early).abs() < 0.4, "{cents}: {early:.2} {late:.2}");
        }
    }

    #[test]
    fn a_ringing_room_without_a_shift_is_the_worst_and_settles_too() {
        let long = Bands { mid_s: 120.0, low_s: 120.0, high_s: 120.0, ..FLAT };
        for (size_m, bands) in [(2.0, FLAT), (2.0, long), (4.0, FLAT)] {
            let [early, late] = over(Rig { size_m, bands, cents: 0.0, ..RIG }, 20, noise);
            assert!(late < 3.0 && late - early < 0.8, "{size_m} m: {early:.2} {late:.2}");
        }
    }

    #[test]
    fn bands_that_decay_unlike_each_other_and_tones_settle() {
        let steep = Bands { mid_s: 20.0, low_s: 40.0, high_s: 2.0, low_hz: 800.0, high_hz: 1_500.0 };
        for cents in [-1_200.0, 0.0, 1_200.0] {
            let tone = |n: i64| [(std::f64::consts::TAU * 233.0 * n as f64 / 24_000.0).sin() as f32; 2];
            for late in [over(Rig { cents, bands: steep, ..RIG }, 12, noise), over(Rig { cents, ..RIG }, 12, tone)] {
                // A tone may stand in a valley between resonances, and what comes back beside it on a mountain.
                assert!(late[1] < 6.0 && late[1] - late[0] < 3.0, "{cents}: {late:.2?}");
            }
        }
    }

    #[test]
    fn a_tail_lasts_as_much_longer_as_told_at_most_and_ends() {
        let bands = Bands { mid_s: 1.0, low_s: 1.0, high_s: 1.0, ..FLAT };
        for cents in [0.0, 1_200.0] {
            let powers = Rig { bands, cents, ..RIG }.play(14, 99, |n| if n < 24_000 { noise(n) } else { [0.0; 2] });
            let decay_s = 60.0 * 4.0 / (db(powers[2]) - db(powers[6]));
            assert!(decay_s < Shimmer::lengthens(1.0) as f64, "{cents}: {decay_s}");
            assert_eq!(powers[13], 0.0, "{cents}");
        }
    }

    #[test]
    fn a_frozen_network_takes_nothing_in() {
        let [with, without] = [1.0, 0.0].map(|amount| Rig { amount, ..RIG }.play(30, 4, noise));
        for powers in [&with, &without] {
            assert!((db(powers[29]) - db(powers[5])).abs() < 0.1, "{powers:?}");
        }
    }

    #[test]
    fn it_can_be_heard_an_octave_above() {
        // A tone of 300 Hz has no 600 Hz of its own.
        let mut band = green_ring_dsp::filter::Svf::default();
        band.set(600.0, 12.0, 24_000.0);
        let spec = Spec { sample_rate: 24_000.0, channels: 2 };
        let (mut shimmer, mut powers) = (Shimmer::new(&spec), [0.0f64; 2]);
        let around = Around { crest: 1.0, longest_s: 20.0, total_s: 1.0 };
        for number in 0..6_000i64 {
            let cell = Cell { number, frames: CELL, leapt: false };
            let at = |n: i64| (number * CELL as i64 + n) as f64 / 24_000.0;
            shimmer.latch(&cell, [at(0), at(CELL as i64)], 1, 1.0, 1_200.0, &around);
            let mut wide = [[0.0; CELL]; CHANNELS];
            shimmer.give(&mut wide, CELL);
            let tone = |n: usize| (std::f64::consts::TAU * 300.0 * at(n as i64)).sin() as f32;
            shimmer.take(&[std::array::from_fn(tone); TAPS], CELL);
            for x in wide[0] {
                powers[0] += (x as f64).powi(2);
                powers[1] += (band.tick(x).band as f64 / 12.0).powi(2);
            }
        }
        assert!(powers[0] > 0.0 && powers[1] > 0.6 * powers[0], "{powers:?}");
    }
}
