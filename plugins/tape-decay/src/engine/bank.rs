//! A bank of symmetric filters between which sound glides at every sample.

use green_ring_dsp::door::settle;

/// Sums that run side by side, in vector registers.
const LANES: usize = 8;

/// Relative distance of two neighbouring sizes: between them a gain that falls by e^-x bends by at most
/// (0.1 x)^2 / 8, 0.13 dB where it has fallen by 30 dB.
const RATIO: f32 = 0.1;

/// Distance of the smallest sizes in samples, at most.
const STEP: f32 = 0.08;

/// Symmetric filters of growing size: size 0 is the sample itself.
#[derive(Debug)]
pub struct Bank {
    largest: f32,
    step: f32,
    /// The middle taps.
    middles: Box<[f32]>,
    /// The taps beside the middle: of each filter, then of the next larger one, at equal length in whole groups of lanes.
    pairs: Box<[f32]>,
    /// Where in `pairs` each begins, and one end more.
    starts: Box<[usize]>,
}

impl Bank {
    /// The filters whose taps from the middle on are `half(size)`, for sizes of up to `largest` samples. A larger one has
    /// no fewer taps. Allocates.
    pub fn new(largest: f32, half: impl Fn(f64) -> Vec<f64>) -> Self {
        let last = row_of(largest, STEP).ceil();
        let step = largest * RATIO / (RATIO * last).exp_m1();
        let size = |row: usize| f64::from(step * (RATIO * row as f32).exp_m1() / RATIO);
        let rows: Vec<Vec<f64>> =
            (0..=last as usize).map(|row| if row == 0 { vec![1.0] } else { half(size(row)) }).collect();
        let (mut starts, mut pairs) = (vec![0], vec![]);
        for pair in rows.windows(2) {
            let length = (pair[1].len() - 1).next_multiple_of(LANES);
            for row in pair {
                let padded = row[1..].iter().map(|h| *h as f32).chain(std::iter::repeat(0.0));
                pairs.extend(padded.take(length));
            }
            starts.push(pairs.len());
        }
        let middles = rows.iter().map(|row| row[0] as f32).collect();
        Self { largest, step, middles, pairs: pairs.into(), starts: starts.into() }
    }

    /// Samples on either side of the middle that the largest filter takes.
    pub fn reach(&self) -> usize {
        let [.., from, to] = *self.starts else { return 0 };
        (to - from) / 2
    }

    /// What becomes of the middle of a sound under the filter of `size`, with its future `young` and its past `old` from
    /// there on.
    #[inline]
    fn filtered(&self, size: f32, middle: f32, young: &[f32], old: &[f32]) -> f32 {
        let place = row_of(size.min(self.largest), self.step);
        let row = (place as usize).min(self.starts.len() - 2);
        let pair = &self.pairs[self.starts[row]..self.starts[row + 1]];
        let (near, far) = pair.split_at(pair.len() / 2);
        let (mut near_sums, mut far_sums) = ([0.0; LANES], [0.0; LANES]);
        let sounds = young.chunks_exact(LANES).zip(old.chunks_exact(LANES));
        let taps = near.chunks_exact(LANES).zip(far.chunks_exact(LANES));
        for ((young, old), (near, far)) in sounds.zip(taps) {
            for lane in 0..LANES {
                let both = young[lane] + old[lane];
                near_sums[lane] += both * near[lane];
                far_sums[lane] += both * far[lane];
            }
        }
        let near = self.middles[row] * middle + near_sums.iter().sum::<f32>();
        let far = self.middles[row + 1] * middle + far_sums.iter().sum::<f32>();
        near + (place - row as f32) * (far - near)
    }
}

/// Where between the rows a filter of `size` samples lies.
fn row_of(size: f32, step: f32) -> f32 {
    (size * (RATIO / step)).ln_1p() / RATIO
}

/// One channel's way through a bank: a delay by its reach where the size is 0.
#[derive(Debug)]
pub struct Passage {
    reach: usize,
    /// The sound in order of time and against it, so that both sides of a filter read forwards. Every sample is written
    /// twice, half a ring apart, so that no stretch wraps.
    forth: Box<[f32]>,
    back: Box<[f32]>,
    head: usize,
}

impl Passage {
    /// A passage through `bank`, at rest. Allocates.
    pub fn new(bank: &Bank) -> Self {
        let reach = bank.reach();
        let ring = || vec![0.0; 2 * (2 * reach + 1)].into_boxed_slice();
        Self { reach, forth: ring(), back: ring(), head: 0 }
    }

    /// Forgets its sound, without allocating.
    pub fn reset(&mut self) {
        self.forth.fill(0.0);
        self.back.fill(0.0);
        self.head = 0;
    }

    /// Takes in `x`; gives the sound of `reach` samples ago, through the filter of `size`.
    #[inline]
    pub fn tick(&mut self, x: f32, size: f32, bank: &Bank) -> f32 {
        let (length, newest) = (2 * self.reach + 1, self.head);
        (self.forth[newest], self.forth[newest + length]) = (x, x);
        (self.back[length - 1 - newest], self.back[2 * length - 1 - newest]) = (x, x);
        // The oldest sample lies behind the newest.
        self.head = if newest + 1 == length { 0 } else { newest + 1 };
        let middle = self.head + self.reach;
        let sound = self.forth[middle];
        if size <= 0.0 {
            return sound;
        }
        let mirrored = (2 * length - 1 - middle) % length;
        settle(bank.filtered(size, sound, &self.forth[middle + 1..], &self.back[mirrored + 1..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triangles() -> Bank {
        Bank::new(4.0, |size| (0..=size as usize + 1).map(|k| (1.0 - k as f64 / (size + 1.0)).max(0.0)).collect())
    }

    #[test]
    fn size_nought_is_a_delay_bit_for_bit_and_is_reached_smoothly() {
        let bank = triangles();
        let (mut still, mut small) = (Passage::new(&bank), Passage::new(&bank));
        for k in 0..100 {
            let x = (k as f32 * 0.3).sin();
            let (a, b) = (still.tick(x, 0.0, &bank), small.tick(x, 1e-6, &bank));
            let late = if k < bank.reach() { 0.0 } else { ((k - bank.reach()) as f32 * 0.3).sin() };
            assert_eq!(a, late);
            assert!((a - b).abs() < 1e-4);
        }
    }

    #[test]
    fn any_size_finds_its_taps() {
        let bank = triangles();
        for size in [0.01, 0.08, 1.0, 3.99, 4.0, 100.0] {
            let mut passage = Passage::new(&bank);
            let out: Vec<f32> =
                (0..2 * bank.reach() + 1).map(|k| passage.tick(if k == 0 { 1.0 } else { 0.0 }, size, &bank)).collect();
            assert!((out[bank.reach()] - 1.0).abs() < 1e-6, "{size}: {out:?}");
            assert!((0..bank.reach()).all(|k| out[k] == out[2 * bank.reach() - k]), "{size}");
        }
    }
}
