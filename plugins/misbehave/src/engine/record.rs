//! The sound that events read: what came in, kept by song position.
//!
//! Sound is filed under the place in the song where it was heard. After a jump, what was recorded before the new
//! place without a gap stays readable, and nothing else: on each pass of a loop an event finds the very sound that a
//! straight playback would give it, and after a seek no scene haunts another.

use green_ring_dsp::{Ramp, Sound, door::settle};

/// One frame, left and right.
pub type Frame = [f32; 2];

/// The recent past of the song.
#[derive(Debug)]
pub struct Record {
    ring: Box<[Frame]>,
    mask: i64,
    /// The recorded stretch of the song, in samples: first included, last excluded.
    from: i64,
    to: i64,
    /// What is added to a place in the song to find its sound in the ring. A held loop is turned round by it.
    turn: i64,
    /// Samples after which what is held comes again; `None`: what comes in is recorded.
    held: Option<i64>,
    /// Share of what was held in what is recorded.
    hold: Ramp,
}

impl Record {
    /// Remembers at least `frames`. Allocates.
    pub fn new(frames: usize) -> Self {
        let size = frames.next_power_of_two();
        let ring = vec![[0.0; 2]; size].into_boxed_slice();
        Self { ring, mask: size as i64 - 1, from: 0, to: 0, turn: 0, held: None, hold: Ramp::new(0.0, 1) }
    }

    /// Forgets everything and holds nothing, as if fresh.
    pub fn reset(&mut self) {
        (self.from, self.to, self.turn, self.held, self.hold) = (0, 0, 0, None, Ramp::new(0.0, 1));
    }

    /// The song begins to play, or stands still, at sample `at`: what was heard before is not its past. What is held
    /// stays.
    pub fn clear(&mut self, at: i64) {
        if self.held.is_some() {
            return self.slide(at);
        }
        (self.from, self.to) = (at, at);
    }

    /// From now on the last `length` samples are recorded again and again instead of what comes in; with `None` no
    /// longer. What is held is faded over in `fade` samples, and waits until so much was heard.
    pub fn hold(&mut self, length: Option<i64>, fade: usize) {
        let share = if length.is_some() { 1.0 } else { 0.0 };
        if self.held.is_none() {
            self.held = length.filter(|length| self.to - self.from >= *length);
        }
        if self.held.is_some() && self.hold.target() != share {
            self.hold = Ramp::new(self.hold.value(), fade);
            self.hold.go(share);
        }
    }

    /// What is held lies before song sample `at`, at the place in its own length where it lay before.
    fn slide(&mut self, at: i64) {
        let length = self.held.unwrap_or(1);
        let ahead = (self.to - at).rem_euclid(length);
        let known = self.to - self.from;
        self.turn += self.to - ahead - at;
        (self.from, self.to) = (at - (known - ahead).max(0), at);
    }

    /// The song goes on at sample `at`. A place within the recorded stretch keeps what lies before it.
    pub fn jump(&mut self, at: i64) {
        let kept = self.from..=self.to;
        if self.held.is_some() && !kept.contains(&at) {
            return self.slide(at);
        }
        (self.from, self.to) = (if kept.contains(&at) { self.from } else { at }, at);
    }

    /// Takes in `frames` frames.
    pub fn write(&mut self, sound: &Sound, frames: usize) {
        for (at, (left, right)) in (self.to..).zip(sound[0].iter().zip(&sound[1])).take(frames) {
            self.ring[((at + self.turn) & self.mask) as usize] = [*left, *right];
        }
        if let Some(length) = self.held {
            self.repeat(length, frames);
        }
        self.to += frames as i64;
        self.from = self.from.max(self.to - self.ring.len() as i64);
    }

    /// Puts what is held over the `frames` frames that came in last.
    fn repeat(&mut self, length: i64, frames: usize) {
        for at in self.to..self.to + frames as i64 {
            let (share, old) = (self.hold.tick(), self.frame(at - length));
            for (x, old) in self.ring[((at + self.turn) & self.mask) as usize].iter_mut().zip(old) {
                *x = if share == 1.0 { old } else { settle(*x + share * (old - *x)) };
            }
        }
        if self.hold.rests_at(0.0) {
            self.held = None;
        }
    }

    /// Samples of the song up to now that are there without a gap.
    pub fn length(&self) -> i64 {
        self.to - self.from
    }

    /// Whether everything from song sample `at` up to now is there.
    pub fn has(&self, at: i64) -> bool {
        self.from <= at
    }

    /// The frame of song sample `at`.
    #[inline]
    pub fn frame(&self, at: i64) -> Frame {
        self.ring[((at + self.turn) & self.mask) as usize]
    }

    /// The `count` frames from song sample `at` on, fewer than the record holds: those before the ring's end, and those after.
    #[inline]
    pub fn span(&self, at: i64, count: usize) -> (&[Frame], &[Frame]) {
        let first = ((at + self.turn) & self.mask) as usize;
        let old = count.min(self.ring.len() - first);
        (&self.ring[first..first + old], &self.ring[..count - old])
    }

    /// Mean square of the song samples `from` up to `to`, both channels together, and the square of the highest peak.
    pub fn powers(&self, from: i64, to: i64) -> [f32; 2] {
        let squares = (from..to).map(|at| self.frame(at).map(|x| x * x));
        let (sum, peak) = squares.fold((0.0, 0.0f32), |(sum, peak), [l, r]| (sum + (l + r), peak.max(l).max(r)));
        [sum / (2 * (to - from).max(1)) as f32, peak]
    }
}

#[cfg(test)]
mod tests {
    use green_ring_dsp::CELL;

    use super::*;

    fn play(record: &mut Record, at: i64, cells: usize) {
        record.jump(at);
        for cell in 0..cells {
            let first = at + (cell * CELL) as i64;
            record.write(&[std::array::from_fn(|k| (first + k as i64) as f32); 2], CELL);
        }
    }

    #[test]
    fn sound_is_found_under_its_place_in_the_song() {
        let mut record = Record::new(1_000);
        play(&mut record, -320, 30);
        assert!([-320, -1, 0, 639].iter().all(|&at| record.frame(at)[0] == at as f32));
        assert!(record.has(-320) && !record.has(-321));
        assert_eq!(record.powers(3, 5), [12.5, 16.0]);
    }

    #[test]
    fn a_loop_keeps_what_lies_before_it_and_a_seek_keeps_nothing() {
        let mut record = Record::new(1_000);
        play(&mut record, 0, 20);
        record.jump(320);
        assert!(record.has(0));
        record.jump(321);
        assert!(!record.has(320) && record.has(321), "what was ahead is not the past");
    }

    #[test]
    fn a_loop_longer_than_the_memory_keeps_nothing_that_was_overwritten() {
        let mut record = Record::new(1_000);
        play(&mut record, 0, 100);
        assert!(!record.has(2_175) && record.has(2_176));
        record.jump(320);
        assert!(!record.has(319));
    }
}
