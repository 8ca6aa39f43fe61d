//! Puts the forward envelope back on sound that is played backwards.
//!
//! Reversed sound swells towards its attacks and stops dead. Given the loudness that it would have had forwards, its
//! colour turns round while its rhythm stays: a reversed tail without the gasp.

use super::record::Record;

/// Length of a block of which the power is measured, in seconds.
const BLOCK_S: f64 = 1.0 / 1_500.0;

/// Blocks on each side that an envelope is smoothed over: a Hann window of 40 ms, which holds several periods of
/// all but the lowest notes and lets none of their ripple through.
const REACH: i64 = 30;
const SPAN: usize = 2 * REACH as usize + 1;

/// Powers that a window keeps: a power of two above its span.
const KEPT: usize = 64;

/// The largest gain (24 dB: a noise floor is not to become a sound), and the power below which loudness does not count
/// (-90 dBFS).
const LOUDEST: f32 = 16.0;
const FLOOR: f32 = 1e-9;

/// How far a peak may exceed those that would be there forwards, as a ratio of powers: 2 dB. Without it a consonant that is
/// read where a vowel should sound would be turned up until its mean power is the vowel's, and burst out of the speech.
const BURST: f32 = 1.6;

/// The smoothed envelope of a chunk around a block that moves through it.
#[derive(Clone, Debug)]
struct Window {
    /// Of each block the mean power, and the power of its peak.
    powers: [[f32; 2]; KEPT],
    centre: i64,
}

/// Gain for a chunk that is read backwards, sample by sample. All places count from the chunk's own ends.
#[derive(Clone, Debug)]
pub(super) struct Swap {
    /// The chunk's first song sample, samples in a block and blocks in the chunk.
    from: i64,
    block: i64,
    blocks: i64,
    hann: [f32; SPAN],
    /// The envelope where the chunk would be if it were played forwards, and where it is.
    fore: Window,
    back: Window,
    gain: f32,
    slope: f32,
    left: i64,
}

impl Swap {
    /// Gain for the `length` samples from song sample `from` on, all of them recorded. `None` where they are too few
    /// to have an envelope.
    pub fn new(record: &Record, from: i64, length: i64, rate_hz: f64) -> Option<Self> {
        let block = ((BLOCK_S * rate_hz).round() as i64).max(1);
        let blocks = length / block;
        if blocks < 2 {
            return None;
        }
        let hann = std::array::from_fn(|k| {
            let x = (k as i64 - REACH) as f32 / (REACH + 1) as f32;
            0.5 + 0.5 * (std::f32::consts::PI * x).cos()
        });
        let window = |centre| Window { powers: [[0.0; 2]; KEPT], centre };
        let (fore, back) = (window(0), window(blocks - 1));
        let mut swap = Self { from, block, blocks, hann, fore, back, gain: 1.0, slope: 0.0, left: 0 };
        for k in -REACH..=REACH {
            swap.measure(record, k, true);
            swap.measure(record, blocks - 1 + k, false);
        }
        swap.gain = swap.ratio();
        Some(swap)
    }

    /// The gain of the next sample.
    #[inline]
    pub fn next(&mut self, record: &Record) -> f32 {
        if self.left == 0 {
            self.advance(record);
        }
        self.left -= 1;
        self.gain += self.slope;
        self.gain
    }

    /// Aims at the gain one block later.
    fn advance(&mut self, record: &Record) {
        self.left = self.block;
        if self.back.centre > 0 {
            (self.fore.centre, self.back.centre) = (self.fore.centre + 1, self.back.centre - 1);
            self.measure(record, self.fore.centre + REACH, true);
            self.measure(record, self.back.centre - REACH, false);
        }
        self.slope = (self.ratio() - self.gain) / self.block as f32;
    }

    fn measure(&mut self, record: &Record, index: i64, fore: bool) {
        if (0..self.blocks).contains(&index) {
            let from = self.from + index * self.block;
            let window = if fore { &mut self.fore } else { &mut self.back };
            window.powers[index as usize % KEPT] = record.powers(from, from + self.block);
        }
    }

    fn ratio(&self) -> f32 {
        let [fore, back] = [&self.fore, &self.back].map(|window| self.levels(window).map(|power| power + FLOOR));
        (fore[0] / back[0]).min(BURST * fore[1] / back[1]).sqrt().min(LOUDEST)
    }

    /// Mean power around a window's centre, of what lies within the chunk, and the highest peak there, both as the window
    /// weighs them.
    fn levels(&self, window: &Window) -> [f32; 2] {
        let (mut sum, mut weight, mut peak) = (0.0, 0.0, 0.0f32);
        for (w, index) in self.hann.iter().zip(window.centre - REACH..) {
            if (0..self.blocks).contains(&index) {
                let [mean, highest] = window.powers[index as usize % KEPT];
                sum += w * mean;
                weight += w;
                peak = peak.max(w * highest);
            }
        }
        [sum / weight, peak]
    }
}

#[cfg(test)]
mod tests {
    use green_ring_dsp::CELL;

    use super::*;

    fn record(samples: usize, f: impl Fn(usize) -> f32) -> Record {
        let mut record = Record::new(samples);
        for cell in 0..samples / CELL {
            record.write(&[std::array::from_fn(|k| f(cell * CELL + k)); 2], CELL);
        }
        record
    }

    #[test]
    fn a_steady_tone_stays_as_it_is() {
        let record = record(9_600, |k| (k as f32 * 0.0576).sin());
        let mut swap = Swap::new(&record, 0, 9_600, 48_000.0).unwrap();
        let worst = (0..9_600).map(|_| (swap.next(&record) - 1.0).abs()).fold(0.0, f32::max);
        assert!(worst < 0.02, "{worst}");
    }

    #[test]
    fn a_decay_still_decays_when_played_backwards() {
        let f = |k: usize| (k as f32 * 0.3).sin() * (-(k as f32) / 9_600.0).exp();
        let record = record(9_600, f);
        let mut swap = Swap::new(&record, 0, 9_600, 48_000.0).unwrap();
        let out: Vec<f32> = (0..9_600).map(|k| f(9_599 - k) * swap.next(&record)).collect();
        let rms = |x: &[f32]| (x.iter().map(|x| x * x).sum::<f32>() / x.len() as f32).sqrt();
        for part in 1..9 {
            let (now, meant) =
                (rms(&out[part * 960..][..960]), rms(&(part * 960..part * 960 + 960).map(f).collect::<Vec<_>>()));
            assert!((20.0 * (now / meant).log10()).abs() < 0.7, "part {part}: {now} {meant}");
        }
    }

    #[test]
    fn a_consonant_does_not_burst_out_of_a_vowel() {
        // A tone in the first half, and a tick of 3 ms as loud as the tone in the second: backwards, the tick lies where the
        // tone should be.
        let tone = |k: usize| (k as f32 * 0.1).sin();
        let f = |k: usize| if k < 4_800 || (7_200..7_344).contains(&k) { 0.3 * tone(k) } else { 0.0 };
        let record = record(9_600, f);
        let mut swap = Swap::new(&record, 0, 9_600, 48_000.0).unwrap();
        let loudest = (0..9_600).map(|k| (f(9_599 - k) * swap.next(&record)).abs()).fold(0.0, f32::max);
        assert!((0.25..0.3 * 1.27).contains(&loudest), "{loudest}");
    }

    #[test]
    fn silence_and_scraps_do_no_harm() {
        let record = record(960, |_| 0.0);
        assert!(Swap::new(&record, 0, 40, 48_000.0).is_none());
        let mut swap = Swap::new(&record, 0, 960, 48_000.0).unwrap();
        assert!((0..2_000).all(|_| swap.next(&record) == 1.0));
    }
}
