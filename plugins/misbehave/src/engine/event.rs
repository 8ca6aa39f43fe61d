//! Events: what will happen, told without playing.

use std::ops::Range;

use green_ring_dsp::{Song, Spec};

use super::{Settings, call::Call, ruler::Ruler, score::Score};

/// One way to misbehave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A slice is repeated: evenly, or in a roll that quickens or slows down.
    Stutter,
    /// The sound that was just heard is played backwards.
    Reverse,
    /// The tape stops, starts, runs away or drifts.
    Speed,
    /// The last moments become a cloud of grains.
    Scatter,
    /// Fewer bits at a lower rate.
    Crush,
    /// Rhythmic holes.
    Gate,
    /// Another note.
    Pitch,
    /// A loop that may howl.
    Feedback,
}

/// Lanes that replace each other. The layers lie over each other: a stutter may be crushed, and have holes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Layer {
    /// What takes the place of the input.
    #[default]
    Source,
    /// What is done to whatever sounds.
    Over,
}

impl Layer {
    /// From the first that sound passes to the last.
    pub const ALL: [Self; 2] = [Self::Source, Self::Over];
}

impl Lane {
    /// Every lane, in the order in which equal lanes take turns.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Stutter,
        Self::Reverse,
        Self::Speed,
        Self::Scatter,
        Self::Crush,
        Self::Gate,
        Self::Pitch,
        Self::Feedback,
    ];
    /// How many lanes there are.
    pub const COUNT: usize = 8;

    /// The lane's own chance. These numbers never change, or every session would sound different.
    pub(super) const fn chance(self) -> u32 {
        match self {
            Self::Stutter => 0,
            Self::Reverse => 1,
            Self::Speed => 2,
            Self::Scatter => 3,
            Self::Crush => 4,
            Self::Gate => 5,
            Self::Pitch => 6,
            Self::Feedback => 7,
        }
    }

    pub(super) fn layer(self) -> Layer {
        match self {
            Self::Crush | Self::Gate => Layer::Over,
            _ => Layer::Source,
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

/// Tells every event that begins within the song samples `range`, in order of their steps, if `settings` and the tempo of `song`
/// hold: exactly those that playing through there would make. An event whose material was not heard (after a seek)
/// is told as well; it passes the dry sound. Does not allocate.
pub fn events(spec: &Spec, settings: &Settings, song: &Song, range: Range<i64>, tell: &mut impl FnMut(Event)) {
    let ruler = Ruler::new(settings, song, spec.sample_rate);
    let mut scores = Layer::ALL.map(|layer| (Score::new(layer), Call::new(settings, &[0.0; Lane::COUNT], layer)));
    let first = scores.each_mut().map(|(score, call)| score.first_step(settings, &ruler, *call, range.start));
    for step in first.into_iter().fold(i64::MAX, i64::min).. {
        let mut over = true;
        for (score, call) in &mut scores {
            let moment = score.moment(settings, &ruler, *call, step);
            over &= moment >= range.end;
            if let Some(event) = score.event(settings, &ruler, *call, step, false).filter(|_| range.contains(&moment)) {
                tell(event);
            }
        }
        if over {
            return;
        }
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
        for layer in Layer::ALL {
            let list: Vec<&Event> = list.iter().filter(|e| e.lane.layer() == layer).collect();
            assert!(list.windows(2).all(|w| w[0].end_sample() <= w[1].start_sample && w[0].length_samples > 0));
        }
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
