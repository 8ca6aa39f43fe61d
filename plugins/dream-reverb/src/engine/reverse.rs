//! Reverse: the tail played backwards, in segments that end on a grid, so that a swell lands on the cut.
//!
//! From grid line T on, the sound before T is heard backwards: at song sample t, that of 2 T - t. What sounded at one line
//! therefore comes out exactly at the next but one, at full level: a segment fades only after the line on which it ends,
//! while the next one rises. Nothing is told as latency: all of it has been heard already.

mod heads;

use super::clock::{Clock, Line};
use super::ghost::{FADE_S as GHOST_S, Ghost};
use super::tail_ring::TailRing;
use green_ring_dsp::{CELL, Sound, Spec};
use heads::Heads;
use std::ops::Range;

/// Seconds in which one segment hands over to the next, at most a quarter of a segment.
const FADE_S: f64 = 0.04;

/// The longest segment in seconds: four bars of four quarters at 60 bpm. Longer ones are halved until they fit.
const LONGEST_S: f64 = 16.0;

/// The shortest segment in seconds.
const SHORTEST_S: f64 = 0.02;

/// Lengths that a segment may last when the grid moves under it, before it starts anew. Drift alone stays below.
const STRETCH: f64 = 1.1;

/// The reversed tail.
#[derive(Debug)]
pub struct Reverse {
    rate_hz: f64,
    length: f64,
    heads: Heads,
    /// The line on which the next head sets out, within the present cell.
    due: Option<Line>,
    /// The song sample up to which it has played.
    played: Option<i64>,
    ghost: Ghost,
}

impl Reverse {
    /// A reverser at rest. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let (rate_hz, ghost) = (spec.sample_rate, Ghost::new(spec));
        Self { rate_hz, length: 1.0, heads: Heads::at(Line { number: 0, sample: 0 }), due: None, played: None, ghost }
    }

    /// Equal to fresh.
    pub fn reset(&mut self) {
        self.played = None;
        self.ghost.reset();
    }

    /// Samples of a segment that is asked to last `length_samples`: halved until the ring holds two of them.
    pub fn fitted(&self, length_samples: f64) -> f64 {
        let halvings = (length_samples / (LONGEST_S * self.rate_hz)).log2().ceil().max(0.0);
        (length_samples / halvings.exp2()).max(SHORTEST_S * self.rate_hz)
    }

    /// Samples after which what went into the ring, and where playback began, is no longer heard: two segments, slowed, and
    /// the fades.
    pub fn memory_samples(&self, length_samples: f64) -> f64 {
        2.0 * STRETCH * self.fitted(length_samples) + 2.0 * (FADE_S + GHOST_S) * self.rate_hz
    }

    /// At the edge of `cell` (song samples), before the ring seeks it: segments of `length_samples` on the lines of `clock`.
    ///
    /// Need not be called while nobody listens: after a pause it starts as if fresh.
    pub fn latch(&mut self, cell: &Range<i64>, clock: &Clock, length_samples: f64, ring: &TailRing) {
        let length = self.fitted(length_samples);
        self.length = length;
        let [before, last] = clock.numbers(cell, length);
        let line = |number| clock.line(number, length);
        match self.played {
            Some(played) if played == cell.start => {
                if self.lost(before, cell.start) {
                    self.heads.cross_to(line(before), Some(self.heads.head), self.fade());
                }
            }
            Some(played) if played == ring.now() => self.jump(line(before), ring),
            _ => {
                self.heads = Heads::at(line(before));
                self.ghost.reset();
            }
        }
        self.played = Some(cell.start);
        self.due = (last > before).then(|| line(last));
    }

    /// `frames` frames of the reversed tail, right after the ring has taken in the same `frames`.
    pub fn process(&mut self, ring: &TailRing, frames: usize) -> Sound {
        let from = ring.now() - frames as i64;
        let mut sound = [[0.0; CELL]; 2];
        let before = match self.due {
            Some(due) if (from..ring.now()).contains(&due.sample) => (due.sample - from) as usize,
            _ => frames,
        };
        self.heads.play(ring, from, &mut sound, 0..before);
        if before < frames {
            self.turn();
            self.heads.play(ring, from, &mut sound, before..frames);
        }
        self.ghost.add(&mut sound, frames);
        self.played = Some(ring.now());
        sound
    }

    /// Lets go of the old place and rises at the new one.
    fn jump(&mut self, line: Line, ring: &TailRing) {
        let heads = &mut self.heads;
        self.ghost.catch(|offset, frames| {
            let mut sound = [[0.0; CELL]; 2];
            heads.play(ring, ring.now() + offset as i64, &mut sound, 0..frames);
            sound
        });
        self.heads.cross_to(line, None, self.fade());
    }

    /// Whether the grid has moved away under the present segment, and another may set out.
    fn lost(&self, before: i64, now: i64) -> bool {
        let head = self.heads.head;
        let stretched = (now - head.sample) as f64 > STRETCH * self.length;
        self.heads.done() && (before != head.number || stretched)
    }

    /// The next segment sets out, unless the last handing over is not done: then it follows a little late.
    fn turn(&mut self) {
        if let Some(due) = self.due.filter(|_| self.heads.done()) {
            self.heads.cross_to(due, Some(self.heads.head), self.fade());
        }
    }

    fn fade(&self) -> u32 {
        (FADE_S * self.rate_hz).min(0.25 * self.length).max(1.0) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::wander::Wander;
    use green_ring_dsp::chance::Chance;
    use green_ring_dsp::{Grid, Song};

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

    fn clock(drift: f32) -> Clock {
        Clock { start: 700.0, second: 48_000.0, wander: Wander::new(5, drift) }
    }

    /// A reverser with its ring, played as the engine plays it.
    struct Rig {
        grid: Grid,
        ring: TailRing,
        reverse: Reverse,
    }

    impl Rig {
        fn new() -> Self {
            Self { grid: Grid::default(), ring: TailRing::new(&SPEC), reverse: Reverse::new(&SPEC) }
        }

        /// `sound` of the song's samples `from..to`, in blocks of `block`; each cell asks for its clock and length.
        fn play(
            &mut self,
            (from, to): (i64, i64),
            block: usize,
            sound: impl Fn(i64) -> f32,
            grid: impl Fn(i64) -> (Clock, f64),
        ) -> Vec<f32> {
            let mut heard = vec![];
            for at in (from..to).step_by(block) {
                let (song, frames) = (Song::new(true, at, 120.0, 48_000.0), block.min((to - at) as usize));
                let mut done = 0;
                while let Some(part) = self.grid.part(&song, done, frames) {
                    let first = part.song.sample;
                    if part.edge {
                        let cell = first..(first.div_euclid(32) + 1) * 32;
                        let (clock, length) = grid(first);
                        self.reverse.latch(&cell, &clock, length, &self.ring);
                        self.ring.seek(first);
                    }
                    let side: [f32; CELL] = std::array::from_fn(|k| sound(first + k as i64));
                    self.ring.write(&[side, side.map(|x| -x)], part.frames);
                    heard.extend(&self.reverse.process(&self.ring, part.frames)[0][..part.frames]);
                    done += part.frames;
                }
            }
            heard
        }
    }

    fn noise(at: i64) -> f32 {
        Chance::new(1, 1).normal(at)[0]
    }

    #[test]
    fn what_sounds_on_a_line_comes_out_on_the_next_but_one_at_full_level() {
        let (line, length) = (700 + 3 * 9_600, 9_600);
        let click = |at: i64| if at == line { 1.0 } else { 0.0 };
        let heard = Rig::new().play((0, 80_000), 512, click, |_| (clock(0.0), length as f64));
        let found: Vec<usize> = (0..heard.len()).filter(|k| heard[*k] != 0.0).collect();
        assert_eq!(found, [line as usize + 2 * length]);
        assert_eq!(heard[found[0]], 1.0);
    }

    #[test]
    fn any_start_and_any_cut_give_the_same_bits_after_the_told_memory() {
        for drift in [0.0, 1.0] {
            let grid = |_: i64| (clock(drift), 12_000.0);
            let whole = Rig::new().play((0, 150_000), 4_096, noise, grid);
            let late = Rig::new().play((30_011, 150_000), 77, noise, grid);
            let memory = Reverse::new(&SPEC).memory_samples(12_000.0) as usize;
            assert_ne!(whole[30_011..40_000], late[..9_989]);
            assert!(whole[30_011 + memory..] == late[memory..]);
        }
    }

    #[test]
    fn its_level_is_that_of_the_tail_also_where_segments_meet() {
        let mut power = vec![0.0; 100];
        let heard = Rig::new().play((0, 4_000_000), 512, noise, |_| (clock(0.0), 4_000.0));
        for (k, x) in heard.iter().enumerate().skip(8_700) {
            power[(k - 700) % 4_000 / 40] += (x * x) as f64 / (heard.len() as f64 / 100.0);
        }
        assert!(power.iter().all(|p| (10.0 * p.log10()).abs() < 0.25), "{power:.2?}");
    }

    #[test]
    fn leaping_grids_and_songs_do_not_click() {
        let sine = |at: i64| (at as f64 * 0.01).sin() as f32;
        let steps = |heard: &[f32]| heard.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f32::max);
        let mut rig = Rig::new();
        let swept = |at: i64| (clock(0.0), 9_600.0 * (1.0 + 50.0 * (at as f64 / 3e5).sin().powi(2)));
        let mut heard = rig.play((0, 600_000), 512, sine, swept);
        let leapt =
            |at: i64| (clock(if at / 9_000 % 2 == 0 { 0.0 } else { 1.0 }), 2_000.0 * (1 + at / 5_000 % 7) as f64);
        heard.extend(rig.play((600_000, 900_000), 512, sine, leapt));
        for jump in 0..40 {
            let from = (jump * 7_777_777) % 1_000_000;
            heard.extend(rig.play((from, from + 5_003), 512, sine, leapt));
        }
        assert!(steps(&heard) < 3e-4, "{}", steps(&heard));
    }

    #[test]
    fn lengths_beyond_the_ring_are_halved() {
        let reverse = Reverse::new(&SPEC);
        assert_eq!(reverse.fitted(16.0 * 48_000.0), 16.0 * 48_000.0);
        assert_eq!(reverse.fitted(40.0 * 48_000.0), 10.0 * 48_000.0);
        assert!(reverse.memory_samples(1e12) < 36.0 * 48_000.0);
    }
}
