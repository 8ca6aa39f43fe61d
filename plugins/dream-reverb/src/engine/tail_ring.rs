//! The tail ring: half a minute of the room's own sound, kept under the place in the song where it was heard.
//!
//! What recollects the tail (reverse, grains, hold) reads here. After a jump of the song, what was heard before the new
//! place without a gap stays, and nothing else: on each pass of a loop the past is what a straight playback has there, and
//! after a seek no scene haunts another. Places that were not heard are silent.

use green_ring_dsp::door::settle;
use green_ring_dsp::{CELL, Sound, Spec};

/// Seconds that are kept: two of the longest reversed segments (four bars at 60 bpm), slowed by a tenth, and their fades.
const KEPT_S: f64 = 36.0;

/// Seconds over which the sound at the edge of a heard stretch is softened, so that a reader who crosses it does not click.
const EDGE_S: f64 = 0.01;

/// The recent past of the room, left and right.
#[derive(Debug)]
pub struct TailRing {
    sides: [Box<[f32]>; 2],
    /// The heard stretch of the song, in samples: first included, last excluded.
    from: i64,
    to: i64,
    edge: usize,
    /// Frames written since the stretch's new end began.
    risen: usize,
    started: bool,
}

impl TailRing {
    /// A ring of 36 s (13.8 MB at 48 kHz). Allocates.
    pub fn new(spec: &Spec) -> Self {
        let side = || vec![0.0; spec.samples(KEPT_S) + CELL].into_boxed_slice();
        let edge = spec.samples(EDGE_S).max(1);
        Self { sides: [side(), side()], from: 0, to: 0, edge, risen: 0, started: false }
    }

    /// Nothing was heard. Costs nothing: only the heard stretch is forgotten.
    pub fn reset(&mut self) {
        (self.from, self.to, self.started) = (0, 0, false);
    }

    /// The song sample that is written next.
    pub fn now(&self) -> i64 {
        self.to
    }

    /// At a cell's edge: the song goes on at sample `at`. Where that is a jump, readers must have caught it before.
    pub fn seek(&mut self, at: i64) {
        if self.started && at == self.to {
            return;
        }
        let kept = self.started && (self.from..=self.to).contains(&at);
        (self.from, self.to) = (if kept { self.from } else { at }, at);
        (self.started, self.risen) = (true, 0);
        self.soften();
    }

    /// Takes in `frames` frames of the room.
    pub fn write(&mut self, sound: &Sound, frames: usize) {
        let size = self.size();
        let index = self.to.rem_euclid(size) as usize;
        let before = frames.min(size as usize - index);
        for (side, sound) in self.sides.iter_mut().zip(sound) {
            let mut sound = *sound;
            if self.risen < self.edge {
                let rise = |k| smooth((self.risen + k) as f32 / self.edge as f32);
                sound.iter_mut().enumerate().for_each(|(k, x)| *x *= rise(k));
            }
            let sound = sound.map(settle);
            side[index..index + before].copy_from_slice(&sound[..before]);
            side[..frames - before].copy_from_slice(&sound[before..frames]);
        }
        self.risen = (self.risen + frames).min(self.edge);
        self.to += frames as i64;
        self.from = self.from.max(self.to - size);
    }

    /// `frames` frames (at most a cell) from song sample `at` on. What was not heard is zero.
    pub fn forward(&self, at: i64, frames: usize) -> Sound {
        let mut sound = [[0.0; CELL]; 2];
        let (from, to) = (at.max(self.from), (at + frames as i64).min(self.to));
        if from >= to {
            return sound;
        }
        let (skip, count) = ((from - at) as usize, (to - from) as usize);
        let index = from.rem_euclid(self.size()) as usize;
        let before = count.min(self.size() as usize - index);
        for (to, side) in sound.iter_mut().zip(&self.sides) {
            to[skip..skip + before].copy_from_slice(&side[index..index + before]);
            to[skip + before..skip + count].copy_from_slice(&side[..count - before]);
        }
        sound
    }

    /// `frames` frames (at most a cell) from song sample `at` backwards: the first is that of `at` itself.
    pub fn backward(&self, at: i64, frames: usize) -> Sound {
        let mut sound = self.forward(at + 1 - frames as i64, frames);
        sound.iter_mut().for_each(|side| side[..frames].reverse());
        sound
    }

    /// A reader of `side` (0 left, 1 right) from song sample `from` on: tells the sound so many samples later, less than the
    /// ring is long; zero where nothing was heard.
    pub fn reader(&self, side: usize, from: i64) -> impl Fn(usize) -> f32 {
        let (ring, size) = (&self.sides[side], self.size() as usize);
        let first = from.rem_euclid(self.size()) as usize;
        let heard = self.from - from..self.to - from;
        move |n| {
            let index = first + n;
            let index = if index < size { index } else { index - size };
            if heard.contains(&(n as i64)) { ring[index] } else { 0.0 }
        }
    }

    fn size(&self) -> i64 {
        self.sides[0].len() as i64
    }

    /// Lets the kept stretch end softly.
    fn soften(&mut self) {
        let size = self.size();
        for back in 1..=(self.edge as i64).min(self.to - self.from) {
            let index = (self.to - back).rem_euclid(size) as usize;
            let fall = smooth(back as f32 / self.edge as f32);
            self.sides.iter_mut().for_each(|side| side[index] = settle(fall * side[index]));
        }
    }
}

/// The minimum-jerk path from 0 to 1 (Flash & Hogan 1985): no corner at either end.
#[inline]
pub fn smooth(x: f32) -> f32 {
    let x = x.clamp(0.0, 1.0);
    if x == 1.0 { 1.0 } else { x * x * x * (10.0 + x * (6.0 * x - 15.0)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring of 2.8 s at a rate of 100 Hz, its edges one frame long, that has heard each song sample's own number.
    fn heard(ring: &mut TailRing, from: i64, to: i64) {
        ring.seek(from);
        for at in from..to {
            ring.write(&[[at as f32; CELL], [-at as f32; CELL]], 1);
        }
    }

    fn ring() -> TailRing {
        TailRing::new(&Spec { sample_rate: 100.0, channels: 2 })
    }

    #[test]
    fn the_past_is_found_under_its_place_both_ways() {
        let mut ring = ring();
        heard(&mut ring, -50, 5_000);
        let ahead = ring.forward(4_000, CELL);
        assert!((0..CELL).all(|k| ahead[0][k] == 4_000.0 + k as f32 && ahead[1][k] == -ahead[0][k]));
        let back = ring.backward(4_999, 7);
        assert!((0..7).all(|k| back[0][k] == 4_999.0 - k as f32));
        // 36 s are there, and no more; what lies ahead is silent.
        assert_eq!(ring.forward(1_400, 1)[0][0], 1_400.0);
        assert_eq!((ring.forward(1_360, 1)[0][0], ring.forward(5_000, 1)[0][0]), (0.0, 0.0));
        ring.reset();
        assert_eq!(ring.forward(4_000, CELL), [[0.0; CELL]; 2]);
    }

    #[test]
    fn a_loop_keeps_what_lies_before_it_and_a_seek_keeps_nothing() {
        let mut ring = ring();
        heard(&mut ring, 0, 2_000);
        heard(&mut ring, 1_000, 1_010);
        assert_eq!((ring.forward(990, 1)[0][0], ring.forward(1_005, 1)[0][0]), (990.0, 1_005.0));
        assert_eq!(ring.forward(1_500, 1)[0][0], 0.0, "what was ahead is not the past");
        heard(&mut ring, 50_000, 50_010);
        assert_eq!((ring.forward(990, 1)[0][0], ring.forward(50_005, 1)[0][0]), (0.0, 50_005.0));
    }

    #[test]
    fn the_seam_of_a_jump_is_soft() {
        let mut ring = TailRing::new(&Spec { sample_rate: 8_000.0, channels: 2 });
        for (from, level) in [(0, 1.0), (960, -1.0)] {
            ring.seek(from);
            (0..60).for_each(|_| ring.write(&[[level; CELL]; 2], CELL));
        }
        let steps: Vec<f32> = (0..58).flat_map(|k| ring.forward(k * 32, CELL)[0]).collect();
        let worst = steps.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
        assert!(worst < 2.0 / 80.0, "{worst}");
        assert_eq!((steps[800], steps[1_100]), (1.0, -1.0));
    }
}
