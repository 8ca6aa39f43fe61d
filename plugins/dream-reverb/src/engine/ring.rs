//! A ring of the past that is read a cell at a time.

use green_ring_dsp::CELL;

/// A past of a power of two samples. Its first cell is kept a second time behind its end, so that any cell can be
/// read in one piece.
#[derive(Debug)]
pub struct Ring {
    sound: Box<[f32]>,
    mask: usize,
    /// Whether anything was written since it was last all silence.
    used: bool,
}

/// Parts in which a ring is wiped.
pub const WIPES: usize = 128;

impl Ring {
    /// Remembers `samples` beyond the cell that is being written. Allocates.
    pub fn new(samples: usize) -> Self {
        let size = (samples + CELL).next_power_of_two();
        Self { sound: vec![0.0; size + CELL].into_boxed_slice(), mask: size - 1, used: false }
    }

    /// Silence.
    pub fn reset(&mut self) {
        if std::mem::take(&mut self.used) {
            self.sound.fill(0.0);
        }
    }

    /// Silences one of [`WIPES`] parts: a whole ring would be too much for one moment. After the last, counted from 0, it is
    /// all silence, if nothing was written meanwhile.
    pub fn wipe(&mut self, part: usize) {
        let size = self.sound.len().div_ceil(WIPES);
        let (from, to) = (part * size, ((part + 1) * size).min(self.sound.len()));
        if from < to {
            self.sound[from..to].fill(0.0);
        }
        self.used &= part + 1 < WIPES;
    }

    /// Writes `sound` (at most a cell) from time `at` on, a count of samples that wraps.
    #[inline]
    pub fn write(&mut self, at: usize, sound: &[f32]) {
        let (start, frames) = (at & self.mask, sound.len());
        let size = self.mask + 1;
        self.used = true;
        // What runs over the end lands in the copy of the first cell, and is then brought to the front.
        self.sound[start..start + frames].copy_from_slice(sound);
        if start + frames > size {
            self.sound.copy_within(size..start + frames, 0);
        }
        if start < CELL {
            self.sound.copy_within(start..(start + frames).min(CELL), size + start);
        }
    }

    /// The sample of time `at`.
    #[inline]
    pub fn sample(&self, at: usize) -> f32 {
        self.sound[at & self.mask]
    }

    /// A whole cell from time `at` on. What lies beyond the samples that were written last is of no time.
    #[inline]
    pub fn cell(&self, at: usize) -> &[f32; CELL] {
        &self.sound[at & self.mask..].as_chunks().0[0]
    }

    /// `frames` (at most a cell) of the past, from time `at` on.
    #[inline]
    pub fn read(&self, at: usize, frames: usize) -> &[f32] {
        let index = at & self.mask;
        &self.sound[index..index + frames]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_of_the_past_is_whole_wherever_it_lies() {
        let (mut ring, mut now) = (Ring::new(96), 0);
        for k in 0..200 {
            let frames = 1 + k * 7 % CELL;
            ring.write(now, &(now..now + frames).map(|n| n as f32).collect::<Vec<_>>());
            now += frames;
            for back in frames..(96 + frames).min(now) {
                let read = ring.read(now - back, frames.min(back));
                assert!(read.iter().enumerate().all(|(n, x)| *x == (now - back + n) as f32), "{now} {back}");
            }
        }
    }
}
