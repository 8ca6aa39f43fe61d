//! A sound on its way through a [`Bank`].

use green_ring_dsp::door::settle;

use super::bank::Bank;

/// One channel's way through a bank: a delay by its reach where the size is 0.
#[derive(Debug)]
pub struct Passage {
    reach: usize,
    sound: Ring,
    /// Sums over the last block of samples: every sample's, dealt out so that those of neighbouring blocks lie side by side.
    sums: Vec<Ring>,
    /// Which of them holds the newest sample's.
    phase: usize,
}

impl Passage {
    /// A passage through `bank`, at rest. Allocates.
    pub fn new(bank: &Bank) -> Self {
        let (reach, blocks) = (bank.reach(), bank.blocks.reach());
        let ring = |_| Ring::new(2 * reach / bank.block + 2);
        let sums = if blocks > 0 { (0..bank.block).map(ring).collect() } else { vec![] };
        Self { reach, sound: Ring::new(2 * reach + 1), sums, phase: 0 }
    }

    /// Forgets its sound, without allocating.
    pub fn reset(&mut self) {
        self.sound.reset();
        self.sums.iter_mut().for_each(Ring::reset);
        self.phase = 0;
    }

    /// Takes in `x`; gives the sound of `reach` samples ago, through the filter of `size`.
    #[inline]
    pub fn tick(&mut self, x: f32, size: f32, bank: &Bank) -> f32 {
        self.sound.write(x);
        if !self.sums.is_empty() {
            self.phase = if self.phase + 1 == bank.block { 0 } else { self.phase + 1 };
            let sum = self.sound.since(bank.block - 1)[..bank.block].iter().sum();
            self.sums[self.phase].write(sum);
        }
        let sound = self.sound.since(self.reach)[0];
        if size <= 0.0 {
            return sound;
        }
        let (row, share) = bank.place(size);
        let near = bank.taps.sums(row, &self.sound.since(self.reach)[1..], &self.sound.before(self.reach)[1..]);
        let far = if bank.blocks.empty(row) { [0.0; 2] } else { self.far(bank, row) };
        let whole: [f32; 2] = std::array::from_fn(|k| bank.middles[row + k] * sound + near[k] + far[k]);
        settle(whole[0] + share * (whole[1] - whole[0]))
    }

    /// The sums over blocks. The youngest block ends with the newest sample; the first old one ends right before the
    /// oldest sample that has a tap of its own.
    fn far(&self, bank: &Bank, row: usize) -> [f32; 2] {
        let blocks = bank.blocks.reach();
        let young = self.sums[self.phase].since(blocks - 1);
        let ago = self.reach + bank.near + 1;
        let (block, phase) = (bank.block, self.phase);
        let ring = (phase + block - ago % block) % block;
        bank.blocks.sums(row, young, self.sums[ring].before(ago / block))
    }
}

/// The last samples, in order of time and against it, so that both sides of a filter read forwards. Every sample is
/// written twice, a ring apart, so that no stretch wraps.
#[derive(Debug)]
struct Ring {
    length: usize,
    newest: usize,
    forth: Box<[f32]>,
    back: Box<[f32]>,
}

impl Ring {
    fn new(length: usize) -> Self {
        let both = || vec![0.0; 2 * length].into_boxed_slice();
        Self { length, newest: 0, forth: both(), back: both() }
    }

    fn reset(&mut self) {
        self.newest = 0;
        self.forth.fill(0.0);
        self.back.fill(0.0);
    }

    #[inline]
    fn write(&mut self, x: f32) {
        self.newest = if self.newest + 1 == self.length { 0 } else { self.newest + 1 };
        let (length, newest) = (self.length, self.newest);
        (self.forth[newest], self.forth[newest + length]) = (x, x);
        (self.back[length - 1 - newest], self.back[2 * length - 1 - newest]) = (x, x);
    }

    /// From `ago` samples ago on, less than its length, to now and beyond.
    #[inline]
    fn since(&self, ago: usize) -> &[f32] {
        &self.forth[self.newest + self.length - ago..]
    }

    /// From `ago` samples ago on, less than its length, into the past.
    #[inline]
    fn before(&self, ago: usize) -> &[f32] {
        let at = self.newest + self.length - ago;
        let at = if at >= self.length { at - self.length } else { at };
        &self.back[self.length - 1 - at..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn triangles() -> Bank {
        Bank::new(4.0, 1, |size| (0..=size as usize + 1).map(|k| (1.0 - k as f64 / (size + 1.0)).max(0.0)).collect())
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
