//! One cause of pitch wander: where the tape is against where it should be.
//!
//! Position is what is addressed, never speed: an integral of speed would remember where playback began. The position
//! of the tape against its mean, in seconds, is
//!
//! ```text
//! d(t) = l1 sin(2 pi (r t + p1)) + l2 sin(2 pi (2 r t + p2)) + n sum_k (u_k - u_(k-1)) B(4 r t - k)
//! ```
//!
//! r is the turning rate, t the seconds since Start, p and u are chance under the seed, B is the cubic B-spline. The
//! differences of chance make the noise free of drift: its mean over any stretch falls with the stretch's length.
//! l1, l2 and n are set so that the AES6 weighted two-sigma reading of the speed d'(t) is 1 (100 %).

use std::f64::consts::{PI, TAU};

use green_ring_dsp::chance::Chance;

use super::weighting::weight;

/// Shares of the weighted power: the turning rate, its double, and noise. More noise, and two minutes of the slowest wow
/// would no longer read what the dial says under every seed.
const SHARES: [f64; 3] = [0.6, 0.1, 0.3];

/// What 95 % of the time is not exceeded by the weighted speed, over its rms (the two-sigma reading): of the sum
/// above, and of the noise alone, both by simulation.
const TWO_SIGMA: f64 = 1.865;
const TWO_SIGMA_NOISE: f64 = 1.89;

/// Knots of noise for each turn: its speed is then strongest at 1.34 times the turning rate.
const KNOTS_A_TURN: f64 = 4.0;

/// Knots of the scrape noise in Hz: its speed is strongest at 2.8 kHz.
const SCRAPE_KNOT_HZ: f64 = 8_400.0;

/// The largest value of sum_k (u_k - u_(k-1)) B(x - k) for u within -1..1.
const NOISE_PEAK: f64 = 4.0 / 3.0;

/// A trajectory of a reading of 1 (100 %).
#[derive(Clone, Debug)]
pub struct Wander {
    rate_hz: f64,
    knot_hz: f64,
    chance: Chance,
    /// Where in their turns the lines stand at Start, 0..1.
    phases: [f64; 2],
    /// Amplitudes of the lines and of the noise in seconds.
    lines_s: [f64; 2],
    noise_s: f64,
    /// Knot interval that `chances` belong to, and the chance of the five knots around it.
    at: i64,
    chances: [f64; 5],
}

impl Wander {
    /// What turns at `rate_hz`, under `seed` and in a `lane` of its own.
    pub fn turning(rate_hz: f64, seed: u32, lane: u32) -> Self {
        let knot_hz = KNOTS_A_TURN * rate_hz;
        let line = |share: f64, hz: f64| (2.0 * share).sqrt() / (TWO_SIGMA * weight(hz) * TAU * hz);
        Self {
            rate_hz,
            lines_s: [line(SHARES[0], rate_hz), line(SHARES[1], 2.0 * rate_hz)],
            noise_s: SHARES[2].sqrt() / (TWO_SIGMA * noise_speed(knot_hz, weight)),
            ..Self::noise(knot_hz, seed, lane)
        }
    }

    /// The unweighted noise of tape that sticks and slips over the heads.
    pub fn scraping(seed: u32, lane: u32) -> Self {
        let noise_s = 1.0 / (TWO_SIGMA_NOISE * noise_speed(SCRAPE_KNOT_HZ, |_| 1.0));
        Self { noise_s, ..Self::noise(SCRAPE_KNOT_HZ, seed, lane) }
    }

    fn noise(knot_hz: f64, seed: u32, lane: u32) -> Self {
        // Lines have an even lane and noise the odd one behind it.
        let [a, b, ..] = Chance::new(seed, 2 * lane).uniform(0);
        let chance = Chance::new(seed, 2 * lane + 1);
        let phases = [a as f64, b as f64];
        Self { rate_hz: 0.0, knot_hz, chance, phases, lines_s: [0.0; 2], noise_s: 0.0, at: i64::MIN, chances: [0.0; 5] }
    }

    /// The largest swing to either side in seconds.
    pub fn peak_s(&self) -> f64 {
        self.lines_s[0] + self.lines_s[1] + NOISE_PEAK * self.noise_s
    }

    /// The position at `seconds` from Start, in seconds.
    #[inline]
    pub fn at(&mut self, seconds: f64) -> f64 {
        let noise = self.noise_s * self.noise_at(seconds * self.knot_hz);
        if self.rate_hz == 0.0 {
            return noise;
        }
        let turns = seconds * self.rate_hz;
        let line = |turns: f64| (TAU * (turns - turns.floor())).sin();
        noise + self.lines_s[0] * line(turns + self.phases[0]) + self.lines_s[1] * line(2.0 * turns + self.phases[1])
    }

    fn noise_at(&mut self, knots: f64) -> f64 {
        let whole = knots.floor();
        self.find(whole as i64);
        let f = knots - whole;
        let [u0, u1, u2, u3, u4] = self.chances;
        let [c0, c1, c2, c3] = [u1 - u0, u2 - u1, u3 - u2, u4 - u3];
        // The four pieces of the uniform cubic B-spline (de Boor, "A Practical Guide to Splines", 1978), by powers.
        let (cubic, square) = (c3 - c0 + 3.0 * (c1 - c2), 3.0 * (c0 + c2) - 6.0 * c1);
        (((cubic * f + square) * f + 3.0 * (c2 - c0)) * f + c0 + 4.0 * c1 + c2) / 6.0
    }

    /// Looks up the chance around knot interval `at`; of a neighbour only what is new.
    fn find(&mut self, at: i64) {
        if at == self.at {
            return;
        }
        let chance = |knot: i64| 2.0 * self.chance.uniform(knot)[0] as f64 - 1.0;
        if at == self.at.wrapping_add(1) {
            let [_, u1, u2, u3, u4] = self.chances;
            self.chances = [u1, u2, u3, u4, chance(at + 2)];
        } else {
            self.chances = [at - 2, at - 1, at, at + 1, at + 2].map(chance);
        }
        self.at = at;
    }
}

/// The rms of the speed of the noise with knots at `knot_hz`, behind `weight`: the spectrum of differences of uniform
/// chance, 4/3 sin^2(pi x), through the spline, sinc^8(x), differentiated; x = f / knot_hz. Midpoint rule over the
/// spline's first lobe and a little more.
fn noise_speed(knot_hz: f64, weight: impl Fn(f64) -> f64) -> f64 {
    let (steps, end) = (48, 1.2);
    let power = |step: usize| {
        let x = (step as f64 + 0.5) * end / steps as f64;
        let (hz, sine) = (x * knot_hz, (PI * x).sin());
        4.0 / 3.0 * sine.powi(2) * (sine / (PI * x)).powi(8) * (TAU * hz * weight(hz)).powi(2)
    };
    (2.0 * (0..steps).map(power).sum::<f64>() * end / steps as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_function_of_place_alone() {
        let mut played = Wander::turning(1.0, 7, 0);
        let whole: Vec<f64> = (0..5_000).map(|k| played.at(k as f64 * 0.003 - 4.0)).collect();
        let mut sought = Wander::turning(1.0, 7, 0);
        for k in [4_000, 17, 4_999, 1_333] {
            assert_eq!(sought.at(k as f64 * 0.003 - 4.0), whole[k]);
        }
        assert_ne!(Wander::turning(1.0, 8, 0).at(1.0), Wander::turning(1.0, 7, 0).at(1.0));
    }

    #[test]
    fn the_swing_stays_within_its_peak_and_its_mean_is_zero() {
        for rate_hz in [0.3, 1.0, 9.0] {
            let mut wander = Wander::turning(rate_hz, 3, 0);
            let steps = 100_000;
            let (mut sum, mut peak) = (0.0, 0.0f64);
            for k in 0..steps {
                let d = wander.at(k as f64 * 0.01 / rate_hz);
                sum += d;
                peak = peak.max(d.abs());
            }
            assert!(peak < wander.peak_s() && peak > 0.5 * wander.peak_s());
            assert!((sum / steps as f64).abs() < 2e-3 * peak, "{rate_hz}: {}", sum / steps as f64);
        }
    }

    #[test]
    fn scrape_reads_one_unweighted() {
        let mut wander = Wander::scraping(5, 2);
        let step = 1.0 / 192_000.0;
        let mut speeds: Vec<f64> = (0..200_000)
            .map(|k| (wander.at((k + 1) as f64 * step) - wander.at(k as f64 * step)).abs() / step)
            .collect();
        speeds.sort_by(f64::total_cmp);
        assert!((speeds[190_000] - 1.0).abs() < 0.03, "{}", speeds[190_000]);
    }

    #[test]
    fn the_path_has_no_corner() {
        let mut wander = Wander::turning(1.0, 9, 0);
        let d: Vec<f64> = (0..40_000).map(|k| wander.at(k as f64 * 1e-3)).collect();
        let bend = d.windows(3).map(|w| (w[2] - 2.0 * w[1] + w[0]).abs()).fold(0.0, f64::max);
        // (2 pi 2 Hz x 1 ms)^2 of the peak is the bend of its fastest part.
        assert!(bend < 4e-4 * wander.peak_s(), "{bend}");
    }
}
