//! Where exactly a new slice is entered, and how it is faded to.
//!
//! A slice that begins at an attack is entered there and at once, and the old one fades under it. Any other is moved by a
//! few milliseconds to where its past goes on like the past of what is heard (the waveform similarity of Verhelst & Roelands,
//! ICASSP 1993), and how alike the two are decides between a fade of equal gain and one of equal power.

use super::{
    onsets::Onsets,
    record::{Frame, Record},
};

/// Seconds around the wanted place in which an attack is looked for.
const ONSET_S: f64 = 0.010;

/// Seconds of a fade into an attack, and out from under it.
const ATTACK_S: f64 = 0.000_25;
const UNDER_S: f64 = 0.003;

/// Rate of the coarse search, its window in frames (10 ms) and its reach to each side (5 ms).
const COARSE_HZ: f64 = 12_000.0;
const WINDOW: usize = 120;
const REACH: usize = 60;

/// Where a head reads next, and in which direction (1 or -1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strand {
    /// Song sample that is read next.
    pub at: i64,
    /// 1 forward, -1 backward.
    pub step: i64,
}

/// How a new slice is entered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// Song sample that is read first.
    pub at: i64,
    /// Samples of the fades in and out, where an attack asks for its own; otherwise those of the splice hold.
    pub fades: Option<[usize; 2]>,
    /// How alike old and new are there, 0..1: what [`fade`] takes.
    pub likeness: f32,
}

/// Finds entries.
#[derive(Clone, Copy, Debug)]
pub struct Aligner {
    onsets: Onsets,
    rate_hz: f64,
    /// Song samples of a frame of the coarse search.
    coarse: i64,
}

impl Aligner {
    /// For a sample rate in hertz.
    pub fn new(rate_hz: f64) -> Self {
        Self { onsets: Onsets::new(rate_hz), rate_hz, coarse: (rate_hz / COARSE_HZ).round().max(1.0) as i64 }
    }

    /// Samples before and after a wanted place that [`Aligner::enter`] may look at: they must have been recorded.
    pub fn around(&self) -> [i64; 2] {
        let [before, after] = self.onsets.around();
        let onset = (ONSET_S * self.rate_hz) as i64 + 1;
        let window = (WINDOW + REACH + 2) as i64 * self.coarse;
        [(onset + before).max(window), (onset + after).max(window)]
    }

    /// How to enter the slice that is wanted at `new`, coming from `old`. A slice that is read forward takes up an
    /// attack where one is near. Bounded work, no allocation.
    pub fn enter(&self, record: &Record, old: Strand, new: Strand) -> Entry {
        let within = (ONSET_S * self.rate_hz) as i64;
        let attack = (new.step > 0).then(|| self.onsets.nearest(record, new.at, within)).flatten();
        match attack {
            Some(onset) => {
                let [quick, under] = [ATTACK_S, UNDER_S].map(|s| (s * self.rate_hz).max(1.0) as usize);
                Entry { at: onset - quick as i64, fades: Some([quick, under]), likeness: 0.0 }
            }
            None => self.align(record, old, new),
        }
    }

    /// The entry within 5 ms of `new` whose past is most like that of `old`.
    pub fn align(&self, record: &Record, old: Strand, new: Strand) -> Entry {
        let d = self.coarse;
        let past: [f32; WINDOW] = std::array::from_fn(|k| self.mean(record, old, k as i64));
        let other: [f32; WINDOW + 2 * REACH] = std::array::from_fn(|k| self.mean(record, new, k as i64 - REACH as i64));
        let score = |k: usize| likeness(past.iter().zip(&other[k..]).map(|(a, b)| (*a, *b)));
        // The nearer of two that are alike.
        let lag = |k: usize| k as i64 - REACH as i64;
        let coarse = (0..=2 * REACH).map(|k| (lag(k), score(k) - 1e-4 * lag(k).abs() as f32));
        let best = coarse.max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(lag, _)| lag);
        let fine = (1 - d..d).map(|k| {
            let moved = new.moved(-(best * d + k));
            (moved.at, self.compare(record, old, moved) - 1e-5 * k.abs() as f32)
        });
        let (at, likeness) = fine.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((new.at, 0.0));
        Entry { at, fades: None, likeness: likeness.clamp(0.0, 1.0) }
    }

    /// How alike the last 10 ms before two reads are, -1..1. They must have been recorded.
    pub fn compare(&self, record: &Record, a: Strand, b: Strand) -> f32 {
        let sound = |strand: Strand, k: i64| side(record.frame(strand.at - strand.step * (k + 1)));
        // Prime to the coarse frames, so that treble counts.
        let frames = (0..WINDOW as i64 * self.coarse).step_by((self.coarse as usize * 2 / 3).max(1));
        likeness(frames.map(|k| (sound(a, k), sound(b, k))))
    }

    /// The mean of the coarse frame `k` of the past of `strand`.
    fn mean(&self, record: &Record, strand: Strand, k: i64) -> f32 {
        (0..self.coarse).map(|n| side(record.frame(strand.at - strand.step * (k * self.coarse + n + 1)))).sum()
    }
}

impl Strand {
    /// The sound that comes in, at song sample `now`.
    pub fn dry(now: i64) -> Self {
        Self { at: now, step: 1 }
    }

    /// The same strand, `samples` further along its way.
    pub fn moved(self, samples: i64) -> Self {
        Self { at: self.at + self.step * samples, ..self }
    }
}

/// Gains of the old and the new sound when a share `x` (0..1) of a fade has passed, for sounds that are as alike as
/// `likeness` (0 unrelated, 1 the same). On minimum-jerk paths, and so that the power of the sum stays what it is:
/// equal gain for what is the same, equal power for what is not, and what lies between for the rest.
#[inline]
pub fn fade(x: f32, likeness: f32) -> [f32; 2] {
    let new = x * x * x * (10.0 + x * (6.0 * x - 15.0));
    let old = 1.0 - new;
    let level = level(old * old + new * new, likeness);
    [old * level, new * level]
}

/// The gain that holds the power of sounds whose weights sum to one and whose squares sum to `squares`, where all are as
/// alike as `likeness`.
#[inline]
pub fn level(squares: f32, likeness: f32) -> f32 {
    // As many as there are heads may be on their way at once.
    (likeness + (1.0 - likeness) * squares).clamp(0.25, 1.0).sqrt().recip()
}

/// Both channels as one; not their mean, so that sound in opposite phase is heard too.
fn side([left, right]: Frame) -> f32 {
    left + 0.7 * right
}

/// The normalised correlation of pairs; 0 for silence.
fn likeness(pairs: impl Iterator<Item = (f32, f32)>) -> f32 {
    let (mut ab, mut aa, mut bb) = (0.0, 1e-12f32, 1e-12f32);
    for (a, b) in pairs {
        ab += a * b;
        aa += a * a;
        bb += b * b;
    }
    ab / (aa * bb).sqrt()
}

#[cfg(test)]
mod tests {
    use green_ring_dsp::{CELL, chance::Chance};

    use super::*;

    const RATE: f64 = 48_000.0;

    fn record(f: impl Fn(i64) -> f32) -> Record {
        let mut record = Record::new(1 << 15);
        for cell in 0..1_000 {
            record.write(&[std::array::from_fn(|k| f((cell * CELL + k) as i64)); 2], CELL);
        }
        record
    }

    fn strand(at: i64, step: i64) -> Strand {
        Strand { at, step }
    }

    #[test]
    fn tones_are_joined_in_phase_whichever_way_they_are_read() {
        let record = record(|n| (n as f32 * 0.0417).sin() + 0.5 * (n as f32 * 0.0731).sin());
        for (old, new) in [(1, 1), (-1, -1), (1, -1), (-1, 1)] {
            for at in [9_000, 9_017, 9_101] {
                let entry = Aligner::new(RATE).align(&record, strand(20_000, old), strand(at, new));
                assert!((entry.at - at).abs() <= 244 && entry.likeness > 0.95, "{old} {new}: {entry:?}");
            }
        }
    }

    #[test]
    fn noise_is_not_alike_and_the_same_noise_is() {
        let noise = Chance::new(5, 5);
        let record = record(|n| noise.uniform(n % 10_000)[0] - 0.5);
        let aligner = Aligner::new(RATE);
        let other = aligner.align(&record, strand(20_000, 1), strand(5_000, 1));
        assert!(other.likeness < 0.35, "{other:?}");
        let same = aligner.align(&record, strand(20_000, 1), strand(10_111, 1));
        assert!(same.at == 10_000 && same.likeness > 0.999, "{same:?}");
    }

    #[test]
    fn a_fade_keeps_the_power_and_bends_gently() {
        for likeness in [0.0, 0.3, 1.0] {
            for k in 0..=100 {
                let [old, new] = fade(k as f32 / 100.0, likeness);
                assert!((old * old + new * new + 2.0 * likeness * old * new - 1.0).abs() < 1e-5);
            }
        }
        assert_eq!([fade(0.0, 0.5), fade(1.0, 0.5)], [[1.0, 0.0], [0.0, 1.0]]);
        assert!((fade(0.5, 1.0)[0] - 0.5).abs() < 1e-6 && (fade(0.5, 0.0)[0] - 0.5f32.sqrt()).abs() < 1e-6);
    }

    #[test]
    fn an_attack_nearby_is_entered_at_once() {
        let hit =
            |n: i64| if n < 15_000 { 0.0 } else { (n as f32 * 0.3).sin() * (-(n - 15_000) as f32 / 2_000.0).exp() };
        let record = record(|n| 0.01 * (n as f32 * 0.01).sin() + hit(n));
        let entry = Aligner::new(RATE).enter(&record, strand(25_000, 1), strand(14_800, 1));
        let Some([quick, under]) = entry.fades else { panic!("{entry:?}") };
        assert!((14_950..=15_000).contains(&entry.at) && quick == 12 && (96..=192).contains(&under), "{entry:?}");
    }
}
