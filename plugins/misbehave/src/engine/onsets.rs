//! Attacks in what was recorded.
//!
//! An attack is a rise of energy over everything that was just heard, in one of three bands: all of it for drums with a body, the
//! treble for what lies under a louder body (Bello et al., "A tutorial on onset detection in music signals", IEEE TSAP 13(5),
//! 2005). Nothing recurses: whether a hop carries an attack depends on the 24 ms around it alone, so it does not matter where
//! playback began, and nothing is done before a splice asks. Hops are counted from the span that is asked for: a cue that is
//! moved finds the same attacks.

use super::record::{Frame, Record};

/// Seconds of a hop.
const HOP_S: f64 = 0.0005;
/// Hops whose energy is heard as one, and hops before them that it must rise over.
const WINDOW: usize = 4;
const PAST: usize = 44;

/// Hops within which attacks are heard as one (10 ms): the flam of a drum and its rim, the burst of a hand clap.
const ONE_HOPS: i64 = 20;

/// Hops that are kept: a power of two above both.
const KEPT: usize = 64;

/// Bands: everything, how it bends within half a millisecond, and from frame to frame.
const BANDS: usize = 3;
/// Frames of half such a bend at the rate of listening: it is widest open at 2 kHz, and closed to low notes, so that
/// it hears the knee where a drum begins under the tail of a louder one.
const KNEE: i64 = 12;
/// Ratios of energies that make an attack. Everything together also swells with the beating of low notes, and must rise more.
const RISE: [f32; BANDS] = [3.0, 2.0, 2.0];
/// Mean power below which nothing is an attack: -75 dBFS, and as much less as the bends of common sound are.
const FLOOR: [f32; BANDS] = [3e-8, 1e-8, 1e-9];

/// An attack begins where the sound first exceeds this share of its first 2 ms' peak, and what was heard before.
const BEGINS: f32 = 0.15;

/// Rate at which it is listened: more frames tell no more.
const LISTEN_HZ: f64 = 48_000.0;

/// Finds attacks.
#[derive(Clone, Copy, Debug)]
pub struct Onsets {
    hop: i64,
    stride: i64,
}

/// The energies of the latest hops.
struct Hops {
    energies: [[f32; BANDS]; KEPT],
    windows: [[f32; BANDS]; KEPT],
}

impl Onsets {
    /// For a sample rate in hertz.
    pub fn new(rate_hz: f64) -> Self {
        Self { hop: (HOP_S * rate_hz).round().max(4.0) as i64, stride: (rate_hz / LISTEN_HZ).floor().max(1.0) as i64 }
    }

    /// Samples before and after a place that decide whether an attack is there.
    pub fn around(&self) -> [i64; 2] {
        [(PAST + WINDOW) as i64 * self.hop + 32 * self.stride, (WINDOW + 1) as i64 * self.hop]
    }

    /// Tells the attacks in the song samples `from` up to `to`, in order. What lies [`Onsets::around`] them must have been
    /// recorded. Does not allocate; the work is that of a few passes over the span.
    pub fn each(&self, record: &Record, from: i64, to: i64, tell: &mut impl FnMut(i64)) {
        let mut hops = Hops { energies: [[0.0; BANDS]; KEPT], windows: [[0.0; BANDS]; KEPT] };
        let first = -(WINDOW as i64);
        let mut rising = true;
        for hop in first - PAST as i64..=(to - from).div_euclid(self.hop) + WINDOW as i64 - 1 {
            hops.push(hop, self.energies(record, from + hop * self.hop));
            // The window that just became whole.
            let window = hop - (WINDOW as i64 - 1);
            if window < first {
                continue;
            }
            let band = hops.attack(window, self.hop / self.stride / 3);
            if let Some(band) = band.filter(|_| !rising) {
                let at = self.locate(record, from + window * self.hop, band);
                if (from..to).contains(&at) {
                    tell(at);
                }
            }
            rising = band.is_some();
        }
    }

    /// The attack nearest to song sample `at`, at most `within` samples away. Of attacks that are heard as one, it is the
    /// first: whoever enters there hears all of them.
    pub fn nearest(&self, record: &Record, at: i64, within: i64) -> Option<i64> {
        // The first of those that are one, and how near the nearest of them is.
        let (mut nearest, one): (Option<[i64; 2]>, i64) = (None, ONE_HOPS * self.hop);
        self.each(record, at - within, at + within + 1, &mut |found| {
            let near = (found - at).abs();
            nearest = Some(match nearest {
                Some([first, have]) if found - first <= one => [first, have.min(near)],
                Some(other @ [_, have]) if have <= near => other,
                _ => [found, near],
            });
        });
        nearest.map(|[first, _]| first)
    }

    /// Of the hop that begins at song sample `from`.
    fn energies(&self, record: &Record, from: i64) -> [f32; BANDS] {
        let mut sums = [0.0; BANDS];
        let mut at = from;
        for step in [2, 3, 4].into_iter().cycle() {
            if at >= from + self.hop {
                break;
            }
            for (band, sum) in sums.iter_mut().enumerate() {
                *sum += self.power(record, at, band);
            }
            // A third of the frames tells as much of a power, if no tone can keep in step with them.
            at += step * self.stride;
        }
        sums
    }

    /// Power of a band at song sample `at`, both channels.
    #[inline]
    fn power(&self, record: &Record, at: i64, band: usize) -> f32 {
        let x = |back: i64| record.frame(at - back * self.stride);
        let bend = |a: Frame, b: Frame, c: Frame| [0, 1].map(|side| a[side] - 2.0 * b[side] + c[side]);
        // Two frames together are dull enough not to hear the hiss.
        let dull = |back: i64| [0, 1].map(|side| x(back)[side] + x(back + 4)[side]);
        let sound = match band {
            0 => x(0),
            1 => bend(dull(0), dull(KNEE), dull(2 * KNEE)),
            _ => bend(x(0), x(1), x(2)),
        };
        sound[0] * sound[0] + sound[1] * sound[1]
    }

    /// The sample at which the attack in the window from song sample `from` on begins.
    fn locate(&self, record: &Record, from: i64, band: usize) -> i64 {
        let to = from + WINDOW as i64 * self.hop;
        let loudest = |from: i64, to: i64| {
            (from..to).step_by(self.stride as usize).map(|at| self.power(record, at, band)).fold(0.0, f32::max)
        };
        let begins = (BEGINS * BEGINS * loudest(from, to)).max(loudest(from - self.hop, from));
        let mut span = (from..to).step_by(self.stride as usize);
        span.find(|&at| self.power(record, at, band) > begins).unwrap_or(from)
    }
}

impl Hops {
    fn push(&mut self, hop: i64, energies: [f32; BANDS]) {
        self.energies[index(hop)] = energies;
        let mut window = [0.0; BANDS];
        for k in 0..WINDOW as i64 {
            for (sum, energy) in window.iter_mut().zip(self.energies[index(hop - k)]) {
                *sum += energy;
            }
        }
        self.windows[index(hop - (WINDOW as i64 - 1))] = window;
    }

    /// The band in which the window from hop `window` on rises most over all windows before it, if it rises enough.
    fn attack(&self, window: i64, frames: i64) -> Option<usize> {
        let mut past = FLOOR.map(|floor| floor * (WINDOW as i64 * frames) as f32);
        for k in WINDOW as i64..PAST as i64 {
            for (past, energy) in past.iter_mut().zip(self.windows[index(window - k)]) {
                *past = past.max(energy);
            }
        }
        let rise = |band: usize| self.windows[index(window)][band] / (past[band] * RISE[band]);
        (0..BANDS).filter(|&band| rise(band) > 1.0).max_by(|&a, &b| rise(a).total_cmp(&rise(b)))
    }
}

fn index(hop: i64) -> usize {
    hop as usize % KEPT
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Silence up to song sample 10 000, then a decaying sine.
    fn record(hz: f64) -> Record {
        let mut record = Record::new(1 << 15);
        let f = |n: i32| {
            let t = f64::from(n) / 48_000.0;
            ((t * hz * std::f64::consts::TAU).sin() * (-10.0 * t).exp()) as f32
        };
        for cell in 0..1_000 {
            let sound = std::array::from_fn(|k| {
                if cell * 32 + k as i32 >= 10_000 { f(cell * 32 + k as i32 - 10_000) } else { 0.0 }
            });
            record.write(&[sound; 2], 32);
        }
        record
    }

    fn found(record: &Record, from: i64, to: i64) -> Vec<i64> {
        let mut list = vec![];
        Onsets::new(48_000.0).each(record, from, to, &mut |at| list.push(at));
        list
    }

    #[test]
    fn an_attack_is_found_where_it_is_and_only_there() {
        for hz in [60.0, 1_000.0, 8_000.0] {
            let list = found(&record(hz), 2_000, 30_000);
            assert!(list.len() == 1 && (10_000..10_020).contains(&list[0]), "{hz}: {list:?}");
        }
    }

    #[test]
    fn a_span_in_pieces_is_the_span() {
        let record = record(60.0);
        let pieces: Vec<i64> = (40..600).flat_map(|k| found(&record, k * 50, k * 50 + 50)).collect();
        assert_eq!(pieces, found(&record, 2_000, 30_000));
    }

    #[test]
    fn attacks_that_are_heard_as_one_are_entered_at_the_first() {
        let hit = |n: i64, at: i64| if n < at { 0.0 } else { (n as f32 * 0.5).sin() * (-(n - at) as f32 / 60.0).exp() };
        for (apart, first) in [(400, true), (700, false)] {
            let mut record = Record::new(1 << 15);
            for cell in 0..800 {
                let f = |n: i64| hit(n, 10_000) + 3.0 * hit(n, 10_000 + apart);
                record.write(&[std::array::from_fn(|k| f(cell * 32 + k as i64)); 2], 32);
            }
            let found = Onsets::new(48_000.0).nearest(&record, 10_000 + apart, 800).unwrap();
            assert_eq!(found < 10_020, first, "{apart}: {found}");
        }
    }

    #[test]
    fn the_nearest_is_told_and_none_beyond() {
        let (record, onsets) = (record(1_000.0), Onsets::new(48_000.0));
        assert!(onsets.nearest(&record, 10_400, 500).is_some_and(|at| at < 10_020));
        assert_eq!(onsets.nearest(&record, 10_600, 500), None);
    }
}
