//! Events: what will happen, told without playing.

use std::ops::Range;

use green_ring_dsp::{Song, Spec};

use super::{Settings, ruler::Ruler, score::Score};

/// One way to misbehave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A slice is repeated: evenly, or in a roll that quickens or slows down.
    Stutter,
    /// The sound that was just heard is played backwards.
    Reverse,
    /// The last moments become a cloud of grains.
    Scatter,
    /// Rhythmic holes.
    Gate,
}

impl Lane {
    /// Every lane, in the order in which equal lanes take turns.
    pub const ALL: [Self; Self::COUNT] = [Self::Stutter, Self::Reverse, Self::Scatter, Self::Gate];
    /// How many lanes there are.
    pub const COUNT: usize = 4;

    /// The lane's own chance. These numbers never change, or every session would sound different.
    pub(super) const fn chance(self) -> u32 {
        match self {
            Self::Stutter => 0,
            Self::Reverse => 1,
            Self::Scatter => 3,
            Self::Gate => 5,
        }
    }
}

/// One event in the song.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// What happens.
    pub lane: Lane,
    /// The grid step that carries it, counted from Start.
    pub step: i64,
    /// Where it begins, in quarter notes of the song (seconds under [`super::Sync::Time`]).
    pub start: f64,
    /// The first output sample that it touches, as a song position.
    pub start_sample: i64,
    /// How long it lasts, in samples. The last splice fades out after that.
    pub length_samples: i64,
    /// Share of the dry sound that it replaces, 0..1.
    pub strength: f32,
}

impl Event {
    /// The first sample after the event.
    pub fn end_sample(&self) -> i64 {
        self.start_sample + self.length_samples
    }
}

/// Tells every event that begins within the song samples `range`, in order, if `settings` and the tempo of `song`
/// hold: exactly those that playing through there would make. An event whose material was not heard (after a seek)
/// is told as well; it passes the dry sound. Does not allocate.
pub fn events(spec: &Spec, settings: &Settings, song: &Song, range: Range<i64>, tell: &mut impl FnMut(Event)) {
    let ruler = Ruler::new(settings, song, spec.sample_rate);
    let mut score = Score::default();
    let mut step = score.first_step(settings, &ruler, range.start);
    while score.moment(settings, &ruler, step) < range.end {
        if let Some(event) = score.event(settings, &ruler, step, false) {
            tell(event);
        }
        step += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

    fn told(settings: &Settings, range: Range<i64>) -> Vec<Event> {
        let mut list = vec![];
        events(&SPEC, settings, &Song::new(true, 0, 97.0, 48_000.0), range, &mut |e| list.push(e));
        list
    }

    #[test]
    fn a_span_told_in_pieces_is_the_span() {
        let settings = Settings { chaos: 1.0, edge: 1.0, ..Settings::default() };
        let whole = told(&settings, -1_000_000..1_000_000);
        let mut pieces = vec![];
        for k in -100..100 {
            pieces.extend(told(&settings, k * 10_000..(k + 1) * 10_000));
        }
        assert!(whole.len() > 50);
        assert_eq!(whole, pieces);
    }

    #[test]
    fn events_never_overlap_and_seeds_differ() {
        let settings = Settings { chaos: 0.7, activity: 0.8, ..Settings::default() };
        let list = told(&settings, 0..5_000_000);
        assert!(list.windows(2).all(|w| w[0].end_sample() <= w[1].start_sample && w[0].length_samples > 0));
        assert_ne!(list, told(&Settings { seed: 1, ..settings }, 0..5_000_000));
    }

    #[test]
    fn a_cycle_repeats_its_events() {
        let settings = Settings { chaos: 1.0, repeat_bars: 2, ..Settings::default() };
        let bars = |from: f64| {
            let sample = |bar: f64| (bar * 4.0 * 60.0 / 97.0 * 48_000.0).ceil() as i64;
            let list = told(&settings, sample(from)..sample(from + 2.0));
            list.iter().map(|e| (e.lane, ((e.start - from * 4.0) * 1e6).round(), e.strength)).collect::<Vec<_>>()
        };
        assert!(bars(0.0).len() > 4);
        assert_eq!(bars(0.0), bars(6.0));
    }
}
