//! Banks of delay lines whose lengths change by crossfade, without a change of pitch, or glide on purpose.

use super::fade::Fade;
use super::glide::Glide;
use super::ring::Ring;
use green_ring_dsp::{CELL, Spec};

/// Seconds that a line takes to cross from one length to another.
const FADE_S: f64 = 0.06;

/// Seconds from one chance of a line to begin a crossfade to its next. Several small steps in quick order would add up to a
/// glide in pitch, way after way through the loop; after this long the next step has nothing to do with the last.
const PERIOD_S: f64 = 0.16;

/// Up to one cell of sound in `N` channels, channel by channel.
pub type Wide<const N: usize> = [[f32; CELL]; N];

/// `N` delay lines. Lengths are whole samples.
///
/// A new length is crossed to with the power kept ([`Fade`]). A line can begin to cross only in its own cell of a
/// period that is counted from song sample 0, so that a sweep sounds the same from wherever playback began; the
/// lines' turns are spread over the period.
#[derive(Debug)]
pub struct Lines<const N: usize> {
    rings: [Ring; N],
    now: usize,
    from: [usize; N],
    to: [usize; N],
    fades: [Fade; N],
    crossing: [bool; N],
    glides: [Glide; N],
    period_cells: i64,
    fresh: bool,
}

impl<const N: usize> Lines<N> {
    /// Lines of up to `longest_samples`. Allocates.
    pub fn new(spec: &Spec, longest_samples: usize) -> Self {
        let fade = Fade::new(spec.samples(FADE_S), spec.sample_rate);
        Self {
            rings: std::array::from_fn(|_| Ring::new(longest_samples)),
            now: 0,
            from: [0; N],
            to: [0; N],
            fades: std::array::from_fn(|_| fade.clone()),
            crossing: [false; N],
            glides: std::array::from_fn(|_| Glide::new(spec)),
            period_cells: period_cells(spec),
            fresh: true,
        }
    }

    /// Silence; the next lengths are taken at once.
    pub fn reset(&mut self) {
        self.rings.iter_mut().for_each(Ring::reset);
        self.fades.iter_mut().for_each(Fade::finish);
        self.glides.iter_mut().for_each(Glide::finish);
        (self.now, self.crossing, self.fresh) = (0, [false; N], true);
    }

    /// One of [`WIPES`](super::ring::WIPES) parts of a reset, without the rest of it.
    pub fn wipe(&mut self, part: usize) {
        self.rings.iter_mut().for_each(|ring| ring.wipe(part));
    }

    /// At the edge of a cell: all lines begin to glide to `lengths`, except those that are just crossing.
    pub fn glide(&mut self, lengths: &[usize; N]) {
        for (line, &length) in lengths.iter().enumerate() {
            if !self.fresh && !self.crossing[line] && length != self.to[line] {
                self.glides[line].go(self.to[line], length);
                self.to[line] = length;
            }
        }
    }

    /// At the edge of song cell `cell`: lines whose turn it is begin to cross to `lengths`.
    pub fn aim(&mut self, cell: i64, lengths: &[usize; N]) {
        if std::mem::take(&mut self.fresh) {
            (self.from, self.to) = (*lengths, *lengths);
        }
        self.glides.iter_mut().for_each(Glide::edge);
        let now = cell.rem_euclid(self.period_cells);
        for (line, &length) in lengths.iter().enumerate() {
            if self.crossing[line] {
                self.fades[line].edge();
                self.crossing[line] = !self.fades[line].done();
            }
            let turn = (line as i64 * self.period_cells) / N as i64;
            let free = !self.crossing[line] && !self.glides[line].moving();
            if free && length != self.to[line] && now == turn {
                (self.from[line], self.to[line], self.crossing[line]) = (self.to[line], length, true);
                self.fades[line].begin();
            }
        }
    }

    /// Whether any line is between two lengths.
    pub fn crossing(&self) -> bool {
        self.crossing.contains(&true) || self.glides.iter().any(Glide::moving)
    }

    /// Mean length of each line at the end of this cell, in samples.
    pub fn lengths(&self) -> [f32; N] {
        std::array::from_fn(|line| {
            let (from, to) = (self.from[line] as f32, self.to[line] as f32);
            if self.glides[line].moving() {
                return self.glides[line].goal();
            }
            if self.crossing[line] { from + self.fades[line].weight_after(CELL as u32) * (to - from) } else { to }
        })
    }

    /// Whether any line is, or is on its way from or to, longer than nothing.
    pub fn delays(&self) -> bool {
        self.crossing() || self.to.iter().any(|length| *length > 0)
    }

    /// Writes the present `frames` frames.
    pub fn write(&mut self, sound: &Wide<N>, frames: usize) {
        for (ring, sound) in self.rings.iter_mut().zip(sound) {
            ring.write(self.now, &sound[..frames]);
        }
    }

    /// Reads the delayed sound of the present `frames` frames. In a loop, where reading comes before writing, every length
    /// must be at least a cell.
    pub fn read(&mut self, sound: &mut Wide<N>, frames: usize) {
        for (line, (ring, sound)) in self.rings.iter().zip(sound).enumerate() {
            let delayed = self.now.wrapping_sub(self.to[line]);
            if self.crossing[line] {
                let old = ring.read(self.now.wrapping_sub(self.from[line]), frames);
                self.fades[line].mix(old, ring.read(delayed, frames), sound);
            } else if self.glides[line].moving() {
                self.glides[line].read(ring, self.now, &mut sound[..frames]);
            } else {
                *sound = *ring.cell(delayed);
            }
        }
    }

    /// Time moves on by `frames`.
    pub fn advance(&mut self, frames: usize) {
        self.now = self.now.wrapping_add(frames);
    }
}

/// Cells from one turn of a line to the next.
pub fn period_cells(spec: &Spec) -> i64 {
    (spec.samples(PERIOD_S) / CELL + 1) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

    fn run(lines: &mut Lines<2>, cells: std::ops::Range<i64>, lengths: [usize; 2]) -> Vec<f32> {
        let mut heard = vec![];
        for cell in cells {
            lines.aim(cell, &lengths);
            let mut sound = [std::array::from_fn(|frame| (cell * CELL as i64) as f32 + frame as f32); 2];
            lines.write(&sound, CELL);
            lines.read(&mut sound, CELL);
            lines.advance(CELL);
            heard.extend(sound[1]);
        }
        heard
    }

    #[test]
    fn lengths_are_exact_from_zero_up() {
        for length in [0, 1, 31, 32, 500] {
            let heard = run(&mut Lines::new(&SPEC, 500), 0..40, [7, length]);
            assert_eq!(heard[1_000], 1_000.0 - length as f32);
        }
    }

    #[test]
    fn a_new_length_arrives_and_turns_are_counted_from_the_song() {
        let mut early = Lines::new(&SPEC, 4_000);
        run(&mut early, 0..100, [100, 100]);
        let mut late = Lines::new(&SPEC, 4_000);
        run(&mut late, 60..100, [100, 100]);
        let (a, b) = (run(&mut early, 100..300, [100, 900]), run(&mut late, 100..300, [100, 900]));
        assert_eq!(a[6_000], (100 * CELL) as f32 + 6_000.0 - 900.0);
        assert!(a.iter().zip(&b).skip(1_000).all(|(a, b)| (a - b).abs() < 1e-2), "same turn, same sound");
    }
}
