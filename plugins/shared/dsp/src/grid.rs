//! The 32-frame cells on which control work happens.
//!
//! A host cuts time where it likes. Control work (reading settings, starting ramps, moving filters) happens only at
//! the edges of a grid of its own, which lie at song samples divisible by 32, so that any cut of the same timeline
//! gives the same sound. A jump of the song cuts a cell short and begins a new one.
//!
//! [`Trail`] lets settings and song position ride with sound that is delayed by the told latency: automation then
//! acts on the very sample it was drawn over.

use crate::{Song, door};

/// Frames in a full cell.
pub const CELL: usize = 32;

/// Up to one cell of sound, left and right. In mono only the first channel is used.
pub type Sound = [[f32; CELL]; 2];

/// The part of a block that lies within one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// First frame within the block.
    pub from: usize,
    /// Frames in this part, 1 to 32.
    pub frames: usize,
    /// Whether a cell begins here: the moment to latch settings.
    pub edge: bool,
    /// The song at this part's first frame.
    pub song: Song,
}

impl Part {
    /// This part's sound out of `block`, made safe ([`door::admit`]).
    pub fn load(&self, block: &[&mut [f32]]) -> Sound {
        let mut sound = [[0.0; CELL]; 2];
        for (to, from) in sound.iter_mut().zip(block) {
            for (to, from) in to.iter_mut().zip(&from[self.from..self.from + self.frames]) {
                *to = door::admit(*from);
            }
        }
        sound
    }

    /// This part's sound out of a key input, made safe. A missing or short channel is silence.
    pub fn load_key(&self, key: &[&[f32]]) -> Sound {
        let mut sound = [[0.0; CELL]; 2];
        for (to, from) in sound.iter_mut().zip(key) {
            for (to, from) in to[..self.frames].iter_mut().zip(from.iter().skip(self.from)) {
                *to = door::admit(*from);
            }
        }
        sound
    }

    /// Writes this part's sound back to `block`.
    pub fn store(&self, sound: &Sound, block: &mut [&mut [f32]]) {
        for (from, to) in sound.iter().zip(block) {
            to[self.from..self.from + self.frames].copy_from_slice(&from[..self.frames]);
        }
    }
}

/// Where the cells lie. Lives as long as the engine does.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// Song sample and motion that continue the present cell.
    next: Option<(i64, bool)>,
    left: usize,
}

impl Grid {
    /// The next block begins a new cell, wherever it lies.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The next part of a block of `frames` that begins at `song`, of which `done` are done; `None` at its end. Take
    /// all parts of a block before the next.
    pub fn part(&mut self, song: &Song, done: usize, frames: usize) -> Option<Part> {
        if done == 0 && self.next != Some((song.sample, song.playing)) {
            self.left = 0;
        }
        if done >= frames {
            return None;
        }
        let song = song.moved(done as i64);
        let edge = self.left == 0;
        if edge {
            self.left = CELL - song.sample.rem_euclid(CELL as i64) as usize;
        }
        let n = self.left.min(frames - done);
        self.left -= n;
        self.next = Some((song.sample + n as i64, song.playing));
        Some(Part { from: done, frames: n, edge, song })
    }
}

/// A stretch of delayed time under one latch of settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leg<S> {
    /// The settings that were latched for this sound when it came in.
    pub settings: S,
    /// The song at this leg's first frame: where the delayed sound stood when it came in.
    pub song: Song,
    /// Frames in this leg.
    pub frames: usize,
    /// Whether a cell begins here.
    pub edge: bool,
}

/// Settings and song position, delayed by the told latency together with the sound they belong to.
#[derive(Clone, Debug)]
pub struct Trail<S> {
    delay: usize,
    /// Latches on their way, oldest first.
    ring: Box<[Leg<S>]>,
    first: usize,
    count: usize,
}

/// Cells that jumps may cut short within one latency before the oldest of them are joined.
const SPARE: usize = 64;

impl<S: Copy> Trail<S> {
    /// A trail of `delay_samples`. `filler` only fills memory and is never given out. Allocates.
    pub fn new(delay_samples: usize, filler: S) -> Self {
        let song = Song::new(false, 0, crate::song::DEFAULT_TEMPO_BPM, 48_000.0);
        let leg = Leg { settings: filler, song, frames: 0, edge: true };
        let ring = vec![leg; delay_samples / CELL + SPARE].into_boxed_slice();
        Self { delay: delay_samples, ring, first: 0, count: 0 }
    }

    /// Forgets everything on its way. Does not allocate.
    pub fn reset(&mut self) {
        (self.first, self.count) = (0, 0);
    }

    /// Takes in the settings of the part that comes in now.
    pub fn push(&mut self, settings: S, part: &Part) {
        if self.count == 0 && self.delay > 0 {
            // What comes out before the first sound does: silence, under the first settings.
            let song = part.song.moved(-(self.delay as i64));
            self.append(Leg { settings, song, frames: self.delay, edge: true });
        }
        if part.edge || self.count == 0 {
            self.append(Leg { settings, song: part.song, frames: part.frames, edge: true });
        } else {
            let newest = (self.first + self.count - 1) % self.ring.len();
            self.ring[newest].frames += part.frames;
        }
    }

    /// The next leg of delayed time, of at most `frames`.
    pub fn pop(&mut self, frames: usize) -> Leg<S> {
        let oldest = &mut self.ring[self.first];
        let leg = Leg { frames: frames.min(oldest.frames), ..*oldest };
        oldest.frames -= leg.frames;
        oldest.song = oldest.song.moved(leg.frames as i64);
        oldest.edge = false;
        if oldest.frames == 0 {
            self.first = (self.first + 1) % self.ring.len();
            self.count -= 1;
        }
        leg
    }

    fn append(&mut self, leg: Leg<S>) {
        if self.count == self.ring.len() {
            // A host that jumps dozens of times within one latency: the newest stretch is lengthened instead.
            let newest = (self.first + self.count - 1) % self.ring.len();
            self.ring[newest].frames += leg.frames;
        } else {
            self.ring[(self.first + self.count) % self.ring.len()] = leg;
            self.count += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn song(sample: i64) -> Song {
        Song::new(true, sample, 120.0, 48_000.0)
    }

    fn parts(grid: &mut Grid, at: i64, frames: usize) -> Vec<Part> {
        let mut parts: Vec<Part> = vec![];
        while let Some(part) = grid.part(&song(at), parts.iter().map(|p| p.frames).sum(), frames) {
            parts.push(part);
        }
        parts
    }

    fn edges(cuts: &[usize]) -> Vec<i64> {
        let (mut grid, mut at, mut edges) = (Grid::default(), 13i64, vec![]);
        for &n in cuts {
            edges.extend(parts(&mut grid, at, n).iter().filter(|p| p.edge).map(|p| p.song.sample));
            at += n as i64;
        }
        edges
    }

    #[test]
    fn edges_do_not_depend_on_the_cut() {
        let whole = edges(&[300]);
        assert_eq!(whole[..3], [13, 32, 64]);
        assert_eq!(edges(&[1; 300]), whole);
        assert_eq!(edges(&[7, 19, 32, 64, 100, 78]), whole);
    }

    #[test]
    fn a_jump_begins_a_cell() {
        let mut grid = Grid::default();
        assert!(parts(&mut grid, 0, 10).iter().all(|p| p.edge));
        let after = parts(&mut grid, 1_000, 50);
        assert_eq!(
            after.iter().map(|p| (p.song.sample, p.frames, p.edge)).collect::<Vec<_>>(),
            [(1_000, 24, true), (1_024, 26, true)]
        );
    }

    #[test]
    fn sound_is_loaded_safe_and_stored_in_place() {
        let (mut left, mut right) = (vec![1.0, f32::NAN, 3.0], vec![4.0, 5.0, 6.0]);
        let mut block = [&mut left[..], &mut right[..]];
        let part = Part { from: 1, frames: 2, edge: true, song: song(0) };
        let mut sound = part.load(&block);
        assert_eq!((sound[0][0], sound[1][1]), (0.0, 6.0));
        sound[1][0] = 9.0;
        part.store(&sound, &mut block);
        assert_eq!((left, right), (vec![1.0, 0.0, 3.0], vec![4.0, 9.0, 6.0]));
        assert_eq!(part.load_key(&[&[1.0, 2.0]])[0][..2], [2.0, 0.0]);
    }

    #[test]
    fn settings_come_out_over_the_sample_they_were_drawn_over() {
        let run = |cuts: &[usize]| {
            let (mut grid, mut trail) = (Grid::default(), Trail::new(100, 0));
            let (mut at, mut out) = (5i64, vec![]);
            for &n in cuts {
                for part in parts(&mut grid, at, n) {
                    trail.push(part.song.sample / 64, &part);
                    let mut left = part.frames;
                    while left > 0 {
                        let leg = trail.pop(left);
                        left -= leg.frames;
                        out.extend((0..leg.frames as i64).map(|k| (leg.song.sample + k, leg.settings)));
                    }
                }
                at += n as i64;
            }
            out
        };
        let whole = run(&[500]);
        assert_eq!(whole, run(&[1; 500]));
        assert!(whole.iter().enumerate().all(|(k, (sample, _))| *sample == 5 + k as i64 - 100));
        assert_eq!(whole[105 + 64 - 5], (69, 1));
    }

    #[test]
    fn a_storm_of_jumps_loses_no_frames() {
        let (mut grid, mut trail) = (Grid::default(), Trail::new(3_200, 0u8));
        for k in 0..10_000 {
            for part in parts(&mut grid, k * 1_000, 1) {
                trail.push(0, &part);
                assert_eq!(trail.pop(1).frames, 1);
            }
        }
    }
}
