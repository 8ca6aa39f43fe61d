//! The cells of control work, as the parts of the engine need them.

use green_ring_dsp::{CELL, Song};

/// A cell of control work.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// Its number, counted from song sample 0.
    pub number: i64,
    /// Frames until its end.
    pub frames: usize,
    /// Whether the song has leapt here and cut the cell before short: what was moving is not yet where it was going.
    pub leapt: bool,
}

/// Numbers the cells and notices when one was cut short.
#[derive(Debug, Default)]
pub struct Cells {
    /// Frames that are left of the present cell.
    left: usize,
}

impl Cells {
    /// The next cell is the first.
    pub fn reset(&mut self) {
        self.left = 0;
    }

    /// The cell that begins at `song`.
    pub fn begin(&mut self, song: &Song) -> Cell {
        let leapt = self.left > 0;
        self.left = CELL - song.sample.rem_euclid(CELL as i64) as usize;
        Cell { number: song.sample.div_euclid(CELL as i64), frames: self.left, leapt }
    }

    /// `frames` of the present cell are done.
    pub fn pass(&mut self, frames: usize) {
        self.left -= frames;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_ends_at_the_next_edge_of_the_song_or_is_cut_short() {
        let mut cells = Cells::default();
        let mut begin = |sample, done| {
            let cell = cells.begin(&Song::new(true, sample, 120.0, 48_000.0));
            cells.pass(done);
            (cell.number, cell.frames, cell.leapt)
        };
        assert_eq!(begin(-3, 3), (-1, 3, false));
        assert_eq!(begin(0, 20), (0, 32, false));
        assert_eq!(begin(1_000, 24), (31, 24, true));
        assert_eq!(begin(1_024, 32), (32, 32, false));
    }
}
