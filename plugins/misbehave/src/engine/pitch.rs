//! Pitch: the sound of an event, moved to another note, in time.
//!
//! Two ways. As a tape: a head reads faster or slower, and is put back before it runs out, where the sound goes on alike;
//! size and pitch move together. With its formants: grains of two periods are read as they are and laid closer together
//! or further apart, so that the throat stays and only the vocal cords change (pitch-synchronous overlap-add: Moulines &
//! Charpentier, Speech Communication 9, 1990).

mod cords;
mod period;
mod tape;

use super::{
    align::Aligner,
    record::{Frame, Record},
};
use cords::Cords;
use tape::Tape;

/// Which notes chance may choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// Any, between the keys too, up to an octave up or down.
    Free,
    /// An octave up or down.
    Octaves,
    /// Root and fifth.
    Fifths,
    /// A minor chord on the sound's own note.
    Minor,
    /// A major chord on it.
    Major,
}

impl Interval {
    /// The semitones that `chance` (0..1) picks, -12 to 12, never the sound's own note (but by chance in Free).
    pub fn semitones(self, chance: f32) -> f64 {
        let notes: &[f64] = match self {
            Self::Free => return f64::from(24.0 * chance - 12.0),
            Self::Octaves => &[-12.0, 12.0],
            Self::Fifths => &[-12.0, -5.0, 7.0, 12.0],
            Self::Minor => &[-12.0, -9.0, -5.0, 3.0, 7.0, 12.0],
            Self::Major => &[-12.0, -8.0, -5.0, 4.0, 7.0, 12.0],
        };
        notes[((chance * notes.len() as f32) as usize).min(notes.len() - 1)]
    }
}

/// A head at another pitch.
#[expect(clippy::large_enum_variant, reason = "heads lie in place: nothing may be allocated for a splice")]
#[derive(Clone, Debug)]
pub enum Shift {
    /// Size and pitch move together.
    Tape(Tape),
    /// The formants stay.
    Cords(Cords),
}

impl Shift {
    /// A head for the event that begins at song sample `origin`, `semitones` (-12 to 12) above what it reads. It must be read
    /// from there on, without a gap.
    pub fn new(semitones: f64, formants: bool, origin: i64, aligner: &Aligner, rate_hz: f64) -> Self {
        let ratio = (semitones.clamp(-12.0, 12.0) / 12.0).exp2();
        if formants {
            Self::Cords(Cords::new(ratio, origin, rate_hz))
        } else {
            Self::Tape(Tape::new(ratio, origin, aligner, rate_hz))
        }
    }

    /// Samples before the event's first one that may be read, at whatever pitch.
    pub fn back(rate_hz: f64) -> i64 {
        Cords::back(rate_hz).max(Tape::back(rate_hz))
    }

    /// The next frame.
    #[inline]
    pub fn next(&mut self, record: &Record) -> Frame {
        match self {
            Self::Tape(tape) => tape.next(record),
            Self::Cords(cords) => cords.next(record),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_reaches_every_note_of_an_interval_and_no_other() {
        for (interval, count) in
            [(Interval::Octaves, 2), (Interval::Fifths, 4), (Interval::Minor, 6), (Interval::Major, 6)]
        {
            let mut notes: Vec<f64> = (0..100).map(|k| interval.semitones(k as f32 / 100.0)).collect();
            assert!(notes.iter().all(|note| (-12.0..=12.0).contains(note) && *note != 0.0 && note.fract() == 0.0));
            notes.dedup();
            assert_eq!(notes.len(), count, "{interval:?}");
        }
        assert!((Interval::Free.semitones(0.75) - 6.0).abs() < 1e-6);
    }
}
