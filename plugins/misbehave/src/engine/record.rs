//! The sound that events read: what came in, kept by song position.
//!
//! Sound is filed under the place in the song where it was heard. After a jump, what was recorded before the new
//! place without a gap stays readable, and nothing else: on each pass of a loop an event finds the very sound that a
//! straight playback would give it, and after a seek no scene haunts another.

use green_ring_dsp::Sound;

/// One frame, left and right.
pub(super) type Frame = [f32; 2];

/// The recent past of the song.
#[derive(Debug)]
pub(super) struct Record {
    ring: Box<[Frame]>,
    mask: i64,
    /// The recorded stretch of the song, in samples: first included, last excluded.
    from: i64,
    to: i64,
}

impl Record {
    /// Remembers at least `frames`. Allocates.
    pub fn new(frames: usize) -> Self {
        let size = frames.next_power_of_two();
        Self { ring: vec![[0.0; 2]; size].into_boxed_slice(), mask: size as i64 - 1, from: 0, to: 0 }
    }

    /// Forgets everything.
    pub fn clear(&mut self, at: i64) {
        (self.from, self.to) = (at, at);
    }

    /// The song goes on at sample `at`. A place within the recorded stretch keeps what lies before it.
    pub fn jump(&mut self, at: i64) {
        let kept = self.from..=self.to;
        (self.from, self.to) = (if kept.contains(&at) { self.from } else { at }, at);
    }

    /// Takes in `frames` frames.
    pub fn write(&mut self, sound: &Sound, frames: usize) {
        for (k, (left, right)) in sound[0].iter().zip(&sound[1]).enumerate().take(frames) {
            self.ring[((self.to + k as i64) & self.mask) as usize] = [*left, *right];
        }
        self.to += frames as i64;
        self.from = self.from.max(self.to - self.ring.len() as i64);
    }

    /// Whether everything from song sample `at` up to now is there.
    pub fn has(&self, at: i64) -> bool {
        self.from <= at
    }

    /// The frame of song sample `at`.
    #[inline]
    pub fn frame(&self, at: i64) -> Frame {
        self.ring[(at & self.mask) as usize]
    }

    /// Mean square of the song samples `from` up to `to`, both channels together.
    pub fn power(&self, from: i64, to: i64) -> f32 {
        let sum: f32 = (from..to).map(|at| self.frame(at)).map(|[l, r]| l * l + r * r).sum();
        sum / (2 * (to - from).max(1)) as f32
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
        assert!((record.power(3, 5) - 12.5).abs() < 1e-6);
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
