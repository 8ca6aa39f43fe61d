//! The room as lengths: what Size and Seed mean in samples.

use green_ring_dsp::{CELL, Spec, chance::Chance};

/// Lines of the late network.
pub const LINES: usize = 16;
/// Channels and steps of the diffuser.
pub const CHANNELS: usize = 8;
/// Steps of the diffuser.
pub const STEPS: usize = 4;
/// Steps of the swell: an even number, so that without delay they undo each other.
pub const RISES: usize = 4;
/// Early reflections heard on each side.
pub const ECHOES: usize = 14;

/// The largest room, in metres.
const LARGEST_M: f64 = 60.0;

/// Mean length of a line per metre of Size. 16 lines at 40 m then hold 3.07 s of sound: enough resonances for a tail
/// of 20 s, by the rule that a tail of T seconds needs 0.15 T resonances a hertz, which is 0.15 T seconds of delay
/// (Schroeder 1962; J. O. Smith, "Physical Audio Signal Processing", mode density requirement).
const LINE_S_PER_M: f64 = 0.0048;

/// The mean line is at most this share of the decay. A room whose sound dies before it has crossed it is no room: it
/// would be heard as single echoes.
const LINE_PER_DECAY: f64 = 0.12;

/// Longest line over shortest, in octaves.
const SPREAD_OCTAVES: f64 = 1.5;

/// Longest delay of each diffuser step as a share of the mean line: each step about half of the one before.
const STEP_SHARES: [f64; STEPS] = [0.52, 0.29, 0.16, 0.09];

/// Longest delay of each step of the swell at full Swell, in seconds.
const RISE_S: f64 = 0.335;

/// Time of the last early reflection per metre: one and a half crossings at 343 m/s.
const ECHO_S_PER_M: f64 = 1.5 / 343.0;

/// Lanes of chance, one for each thing that is drawn.
const LINE_LANE: u32 = 1;
const STEP_LANE: u32 = 2;
const ECHO_LANE: u32 = 3;
const RISE_LANE: u32 = 6;

/// Lengths in samples of everything that scales with the room.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lengths {
    /// The late network's lines: distinct primes, so that no two share a resonance but the lowest.
    pub lines: [usize; LINES],
    /// The diffuser's delays, step by step.
    pub steps: [[usize; CHANNELS]; STEPS],
    /// Arrival times of early reflections, left and right.
    pub echoes: [[usize; ECHOES]; 2],
}

/// Makes lengths out of Size, Decay and Seed.
#[derive(Debug)]
pub struct Room {
    rate_hz: f64,
    primes: Box<[u32]>,
    /// What was asked for last, and given.
    last: Option<((f32, f32, u32), Lengths)>,
    /// Relative lengths under the present seed: lines with mean 1, steps and echoes within 0..1.
    seed: Option<u32>,
    lines: [f64; LINES],
    steps: [[f64; CHANNELS]; STEPS],
    echoes: [[f64; ECHOES]; 2],
    rises: [[f64; CHANNELS]; RISES],
}

impl Room {
    /// A room builder. Allocates its table of primes.
    pub fn new(spec: &Spec) -> Self {
        Self {
            rate_hz: spec.sample_rate,
            primes: primes(longest_line(spec)),
            last: None,
            seed: None,
            lines: [0.0; LINES],
            steps: [[0.0; CHANNELS]; STEPS],
            echoes: [[0.0; ECHOES]; 2],
            rises: [[0.0; CHANNELS]; RISES],
        }
    }

    /// The lengths of a room of `size_m` metres that decays in `decay_s` seconds.
    pub fn lengths(&mut self, size_m: f32, decay_s: f32, seed: u32) -> Lengths {
        let asked = (size_m, decay_s, seed);
        if let Some((_, given)) = self.last.filter(|(last, _)| *last == asked) {
            return given;
        }
        let lengths = self.work_out(size_m as f64, decay_s as f64, seed);
        self.last = Some((asked, lengths));
        lengths
    }

    /// The delays of a swell (0..1), step by step. Not scaled by the room: how slowly a dream builds is its own affair.
    pub fn rises(&mut self, swell: f32, seed: u32) -> [[usize; CHANNELS]; RISES] {
        self.draw(seed);
        let longest = f64::from(longest_swell_s(swell)) / RISES as f64 * self.rate_hz;
        self.rises.map(|rise| rise.map(|share| (share * longest) as usize))
    }

    fn work_out(&mut self, size_m: f64, decay_s: f64, seed: u32) -> Lengths {
        self.draw(seed);
        let mean_s = (size_m * LINE_S_PER_M).min(decay_s * LINE_PER_DECAY);
        let samples = |seconds: f64| (seconds * self.rate_hz).round() as usize;
        let mut least = CELL;
        Lengths {
            lines: self.lines.map(|share| {
                let line = self.prime_from(least.max(samples(share * mean_s)));
                least = line + 1;
                line
            }),
            steps: self.steps.map(|step| step.map(|share| samples(share * mean_s))),
            echoes: self.echoes.map(|side| side.map(|share| samples(share * size_m * ECHO_S_PER_M))),
        }
    }

    /// The first prime from `least` on.
    fn prime_from(&self, least: usize) -> usize {
        let index = self.primes.partition_point(|&p| (p as usize) < least);
        self.primes[index.min(self.primes.len() - 1)] as usize
    }

    /// Draws relative lengths. Each has a stretch of its own and falls at random within it: even, yet without a
    /// pattern.
    fn draw(&mut self, seed: u32) {
        if self.seed == Some(seed) {
            return;
        }
        self.seed = Some(seed);
        let draw = |lane, at: usize| Chance::new(seed, lane).uniform(at as i64)[0] as f64;
        for (k, line) in self.lines.iter_mut().enumerate() {
            let place = (k as f64 + draw(LINE_LANE, k)) / LINES as f64;
            *line = (SPREAD_OCTAVES * (place - 0.5)).exp2();
        }
        let mean = self.lines.iter().sum::<f64>() / LINES as f64;
        self.lines.iter_mut().for_each(|line| *line /= mean);
        for (s, step) in self.steps.iter_mut().enumerate() {
            for (k, share) in step.iter_mut().enumerate() {
                // Odd steps run the other way round, so that short does not follow short.
                let place = if s % 2 == 0 { k } else { CHANNELS - 1 - k };
                *share = STEP_SHARES[s] * (place as f64 + draw(STEP_LANE, s * CHANNELS + k)) / CHANNELS as f64;
            }
        }
        for (s, rise) in self.rises.iter_mut().enumerate() {
            for (k, share) in rise.iter_mut().enumerate() {
                let place = if s % 2 == 0 { k } else { CHANNELS - 1 - k };
                *share = (place as f64 + draw(RISE_LANE, s * CHANNELS + k)) / CHANNELS as f64;
            }
        }
        for (s, side) in self.echoes.iter_mut().enumerate() {
            for (k, share) in side.iter_mut().enumerate() {
                // Reflections come ever closer together: their number grows faster than time.
                *share = ((k as f64 + 0.3 + 0.7 * draw(ECHO_LANE, s * ECHOES + k)) / ECHOES as f64).powf(0.7);
            }
        }
    }
}

/// The longest line of any room, in samples.
pub fn longest_line(spec: &Spec) -> usize {
    // Lengths are even in octaves, so the mean lies above the middle of the spread, or by chance a little below.
    spec.samples(LARGEST_M * LINE_S_PER_M * (0.55 * SPREAD_OCTAVES).exp2()) + 1_000
}

/// The longest step of the diffuser, in samples.
pub fn longest_step(spec: &Spec) -> usize {
    spec.samples(LARGEST_M * LINE_S_PER_M * STEP_SHARES[0]) + 1
}

/// Seconds from the first to the last echo of a swell (0..1). Half of the way is gone in the first third: that a tail
/// builds at all is heard better than that it builds for longer.
pub fn longest_swell_s(swell: f32) -> f32 {
    RISES as f32 * RISE_S as f32 * swell.powf(0.6)
}

/// The longest step of the swell, in samples.
pub fn longest_rise(spec: &Spec) -> usize {
    spec.samples(RISE_S) + 1
}

/// The last early reflection of any room, in samples.
pub fn last_echo(spec: &Spec) -> usize {
    spec.samples(LARGEST_M * ECHO_S_PER_M) + 1
}

/// All primes up to `limit` (the sieve of Eratosthenes).
fn primes(limit: usize) -> Box<[u32]> {
    let mut composite = vec![false; limit + 1];
    let mut primes = vec![];
    for n in 2..=limit {
        if !composite[n] {
            primes.push(n as u32);
            (n * n..=limit).step_by(n).for_each(|m| composite[m] = true);
        }
    }
    primes.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(rate: f64) -> Room {
        Room::new(&Spec { sample_rate: rate, channels: 2 })
    }

    #[test]
    fn lines_are_distinct_primes_at_every_size_and_rate() {
        for rate in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
            let mut room = room(rate);
            for (size, seed) in (2..=60).flat_map(|m| [(m, 1), (m, 77)]) {
                let lines = room.lengths(size as f32, 20.0, seed).lines;
                assert!(lines.windows(2).all(|w| w[1] > w[0]), "{rate} {size}: {lines:?}");
                assert!(lines.iter().all(|n| (2..).take_while(|d| d * d <= *n).all(|d| n % d != 0)));
            }
        }
    }

    #[test]
    fn forty_metres_hold_three_seconds_and_short_decays_shrink_the_lines() {
        let mut room = room(48_000.0);
        let total = |lengths: Lengths| lengths.lines.iter().sum::<usize>() as f64 / 48_000.0;
        let (large, short) = (room.lengths(40.0, 20.0, 5), room.lengths(40.0, 0.5, 5));
        assert!((3.0..3.2).contains(&total(large)), "{}", total(large));
        assert!((total(short) / 16.0 - 0.06).abs() < 0.001);
        assert_eq!(large.echoes, short.echoes);
    }

    #[test]
    fn the_smallest_room_at_the_lowest_rate_still_fits_a_cell() {
        let lines = room(8_000.0).lengths(2.0, 0.05, 1).lines;
        assert!(lines.iter().all(|n| *n >= CELL));
    }

    #[test]
    fn nothing_is_longer_than_told() {
        for seed in 0..200 {
            let spec = Spec { sample_rate: 48_000.0, channels: 2 };
            let lengths = room(48_000.0).lengths(60.0, 20.0, seed);
            assert!(lengths.lines.iter().all(|n| *n <= longest_line(&spec)));
            assert!(lengths.steps.as_flattened().iter().all(|n| *n <= longest_step(&spec)));
            assert!(lengths.echoes.as_flattened().iter().all(|n| *n <= last_echo(&spec)));
        }
    }
}
