//! A bank of symmetric filters between which sound glides at every sample.

/// Sums that run side by side, in vector registers.
const LANES: usize = 8;

/// Relative distance of two neighbouring sizes: between them a gain that falls by e^-x bends by at most
/// (0.1 x)^2 / 8, 0.13 dB where it has fallen by 30 dB.
const RATIO: f32 = 0.1;

/// Distance of the smallest sizes in samples, at most.
const STEP: f32 = 0.08;

/// Blocks from the middle from which on taps count for a block of samples together.
const NEAR_BLOCKS: usize = 20;

/// Symmetric filters of growing size: size 0 is the sample itself.
///
/// Far from the middle a large filter is so smooth that its taps may count for a block of samples each: at 192 kHz that
/// spares three quarters of the work.
#[derive(Debug)]
pub struct Bank {
    largest: f32,
    step: f32,
    /// Samples of a block, a power of two.
    pub block: usize,
    /// Samples beside the middle that have a tap of their own.
    pub near: usize,
    /// The middle taps.
    pub middles: Box<[f32]>,
    /// The taps beside the middle.
    pub taps: Pairs,
    /// What the blocks beyond them count for.
    pub blocks: Pairs,
}

/// What lies beside the middle: of each filter, then of the next larger one, at equal length in whole groups of lanes.
#[derive(Debug, Default)]
pub struct Pairs {
    values: Vec<f32>,
    /// Where in `values` each pair begins, and one end more.
    starts: Vec<usize>,
}

impl Pairs {
    fn new(rows: &[Vec<f64>]) -> Self {
        let mut pairs = Self { values: vec![], starts: vec![0] };
        for pair in rows.windows(2) {
            let length = pair[1].len().next_multiple_of(LANES);
            for row in pair {
                let padded = row.iter().map(|h| *h as f32).chain(std::iter::repeat(0.0));
                pairs.values.extend(padded.take(length));
            }
            pairs.starts.push(pairs.values.len());
        }
        pairs
    }

    /// Whether `row` and the next are of no length.
    #[inline]
    pub fn empty(&self, row: usize) -> bool {
        self.starts[row] == self.starts[row + 1]
    }

    /// Length of the largest filter.
    pub fn reach(&self) -> usize {
        let [.., from, to] = self.starts[..] else { return 0 };
        (to - from) / 2
    }

    /// Sums of sound to either side, each from the middle on, under the filters on either side of `row`.
    #[inline]
    pub fn sums(&self, row: usize, young: &[f32], old: &[f32]) -> [f32; 2] {
        let pair = &self.values[self.starts[row]..self.starts[row + 1]];
        let (less, more) = pair.split_at(pair.len() / 2);
        let (mut less_sums, mut more_sums) = ([0.0; LANES], [0.0; LANES]);
        let sounds = young.chunks_exact(LANES).zip(old.chunks_exact(LANES));
        let taps = less.chunks_exact(LANES).zip(more.chunks_exact(LANES));
        for ((young, old), (less, more)) in sounds.zip(taps) {
            for lane in 0..LANES {
                let both = young[lane] + old[lane];
                less_sums[lane] += both * less[lane];
                more_sums[lane] += both * more[lane];
            }
        }
        [less_sums.iter().sum(), more_sums.iter().sum()]
    }
}

impl Bank {
    /// The filters whose taps from the middle on are `half(size)`, for sizes of up to `largest` samples, with far taps in
    /// blocks of `block` samples, a power of two. A larger one has no fewer taps. Allocates.
    pub fn new(largest: f32, block: usize, half: impl Fn(f64) -> Vec<f64>) -> Self {
        let last = row_of(largest, STEP).ceil();
        let step = largest * RATIO / (RATIO * last).exp_m1();
        let size = |row: usize| f64::from(step * (RATIO * row as f32).exp_m1() / RATIO);
        let rows: Vec<Vec<f64>> =
            (0..=last as usize).map(|row| if row == 0 { vec![1.0] } else { half(size(row)) }).collect();
        let near = if block > 1 { NEAR_BLOCKS * block } else { usize::MAX };
        let split = |row: &Vec<f64>| {
            let (near, far) = row[1..].split_at(near.min(row.len() - 1));
            let mean = |taps: &[f64]| taps.iter().sum::<f64>() / block as f64;
            (near.to_vec(), far.chunks(block).map(mean).collect::<Vec<f64>>())
        };
        let (taps, blocks): (Vec<_>, Vec<_>) = rows.iter().map(split).unzip();
        let (taps, blocks) = (Pairs::new(&taps), Pairs::new(&blocks));
        let middles = rows.iter().map(|row| row[0] as f32).collect();
        Self { largest, step, block, near: taps.reach(), middles, taps, blocks }
    }

    /// Samples on either side of the middle that the largest filter takes.
    pub fn reach(&self) -> usize {
        self.near + self.block * self.blocks.reach()
    }

    /// Row and share of the next for a filter of `size`.
    #[inline]
    pub fn place(&self, size: f32) -> (usize, f32) {
        let place = row_of(size.min(self.largest), self.step);
        let row = (place as usize).min(self.middles.len() - 2);
        (row, place - row as f32)
    }
}

/// Where between the rows a filter of `size` samples lies.
fn row_of(size: f32, step: f32) -> f32 {
    (size * (RATIO / step)).ln_1p() / RATIO
}
