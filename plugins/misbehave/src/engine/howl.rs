//! A loop that feeds back, and may howl, under a ceiling that nothing exceeds.
//!
//! The loop is the tape echo's: delay, treble loss, gain, saturation. Up to a gain of one in it what comes in is turned
//! down so that no tone comes out more than 3 dB louder; above, it howls up to the ceiling. The saturation is a
//! rational approximation of the hyperbolic tangent that reaches one at three and is cut there, so the ceiling holds
//! whatever happens before it. What it would leave in the way of a steady level is measured behind it and taken away
//! before it: an integrator round the saturation, whose output therefore has no mean.

use green_ring_dsp::{Ramp, door::settle};

use super::record::Frame;

/// Gain in the loop at an amount of 1.
const MOST: f32 = 1.2;
/// The least that is let in, where the loop howls by itself.
const LEAST_IN: f32 = 0.35;
/// The loop loses what lies above, and below.
const TREBLE_HZ: f64 = 5_000.0;
const BASS_HZ: f64 = 20.0;

/// The longest loop, in seconds.
pub(super) const LONGEST_S: f64 = 0.25;

/// A loop as it turns. Its sound lies in a ring that its head lends it.
#[derive(Clone, Debug)]
pub(super) struct Howl {
    delay: usize,
    age: usize,
    input: Ramp,
    gain: f32,
    ceiling: f32,
    treble: f32,
    bass: f32,
    low: Frame,
    mean: Frame,
}

impl Howl {
    /// An empty loop of `delay` samples, which opens in `fade` samples: what goes round has no edge. `amount` 0..1; nothing
    /// exceeds `ceiling_db` in dBFS.
    pub fn new([delay, fade]: [usize; 2], amount: f32, ceiling_db: f32, rate_hz: f64) -> Self {
        let gain = MOST * amount;
        let mut input = Ramp::new(0.0, fade);
        input.go((std::f32::consts::SQRT_2 * (1.0 - gain)).clamp(LEAST_IN, 1.0));
        let corner = |hz: f64| (1.0 - (-std::f64::consts::TAU * hz / rate_hz).exp()) as f32;
        Self {
            delay,
            age: 0,
            input,
            gain,
            ceiling: 10f32.powf(ceiling_db / 20.0),
            treble: corner(TREBLE_HZ),
            bass: corner(BASS_HZ),
            low: [0.0; 2],
            mean: [0.0; 2],
        }
    }

    /// The next frame. `ring` is of a power of two, longer than the delay, and may hold anything at first.
    #[inline]
    pub fn next(&mut self, ring: &mut [Frame], x: Frame) -> Frame {
        let mask = ring.len() - 1;
        let back = if self.age < self.delay { [0.0; 2] } else { ring[(self.age - self.delay) & mask] };
        let (mut out, input) = ([0.0; 2], self.input.tick());
        for c in 0..2 {
            self.low[c] = settle(self.low[c] + self.treble * (back[c] - self.low[c]));
            let sum = input * x[c] + self.gain * self.low[c] - self.mean[c];
            out[c] = settle(self.ceiling * saturate(sum / self.ceiling));
            self.mean[c] = settle((self.mean[c] + self.bass * out[c]).clamp(-self.ceiling, self.ceiling));
        }
        ring[self.age & mask] = out;
        self.age += 1;
        out
    }
}

/// Never beyond one: the hyperbolic tangent's Padé approximant of order 3/2.
#[inline]
fn saturate(x: f32) -> f32 {
    let x = x.clamp(-3.0, 3.0);
    (x * (27.0 + x * x) / (27.0 + 9.0 * x * x)).clamp(-1.0, 1.0)
}

#[cfg(test)]
mod tests {
    use green_ring_dsp::chance::Chance;

    use super::*;

    const RATE: f64 = 48_000.0;

    fn play(amount: f32, ceiling_db: f32, seconds: f64, x: impl Fn(usize) -> f32) -> Vec<f32> {
        let mut howl = Howl::new([3_000, 1], amount, ceiling_db, RATE);
        let mut ring = vec![[9.0; 2]; 16_384];
        (0..(seconds * RATE) as usize).map(|n| howl.next(&mut ring, [x(n); 2])[0]).collect()
    }

    fn noise(level: f32) -> impl Fn(usize) -> f32 {
        let chance = Chance::new(1, 1);
        move |n| level * (2.0 * chance.uniform(n as i64)[0] - 1.0)
    }

    fn rms_db(sound: &[f32]) -> f64 {
        10.0 * (sound.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / sound.len() as f64).log10()
    }

    fn mean_db(sound: &[f32]) -> f64 {
        20.0 * (sound.iter().map(|x| f64::from(*x)).sum::<f64>() / sound.len() as f64).abs().log10()
    }

    #[test]
    fn nothing_exceeds_the_ceiling_and_no_steady_level_is_left() {
        let pulse = |n: usize| if n % 400 < 40 { 1.0 } else { 0.0 };
        for ceiling_db in [-24.0, -12.0, -1.0] {
            let most = 10f32.powf(ceiling_db / 20.0);
            for amount in [0.0, 0.6, 0.9, 1.0] {
                for sound in [play(amount, ceiling_db, 20.0, noise(1.0)), play(amount, ceiling_db, 20.0, pulse)] {
                    assert!(sound.iter().all(|x| x.abs() <= most), "{amount} {ceiling_db}");
                    let dc = mean_db(&sound[RATE as usize..]);
                    assert!(dc <= -80.0, "{amount} {ceiling_db}: DC {dc:.1} dBFS");
                }
            }
        }
    }

    #[test]
    fn at_the_default_no_tone_is_louder_by_3_db() {
        for hz in [100.0, 112.0, 120.0, 440.0, 1_000.0, 1_008.0, 3_000.0] {
            let tone = |n: usize| 0.01 * (std::f64::consts::TAU * hz * n as f64 / RATE).sin() as f32;
            let louder = rms_db(&play(0.6, -12.0, 4.0, tone)[96_000..]) - 20.0 * (0.01 / 2f64.sqrt()).log10();
            assert!(louder < 3.0, "{hz} Hz: {louder:.2} dB");
        }
    }

    #[test]
    fn it_howls_and_it_dies() {
        let click = |n: usize| f32::from(n == 0);
        let howl = rms_db(&play(1.0, -12.0, 10.0, click)[9 * 48_000..]);
        assert!(howl > -24.0, "{howl} dB");
        let sound = play(0.6, -12.0, 30.0, click);
        assert!(sound[25 * 48_000..].iter().all(|x| *x == 0.0), "a loop below one dies to zero");
    }
}
