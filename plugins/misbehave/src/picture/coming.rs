//! The events that will happen, and those that did.

use green_ring_dsp::{Song, Spec};

use super::Reading;
use crate::engine::{Event, Settings, events};

/// The most events that are kept: more than any window of the densest grid has.
const MOST: usize = 2_048;

/// The events to come, told further ahead as time goes by.
#[derive(Debug, Default)]
pub(super) struct Coming {
    /// In the order of their steps.
    pub events: Vec<Event>,
    /// What they were told for: rate, settings, and the song's beginning at its tempo.
    known: Option<(Spec, Settings, Song)>,
    /// The song samples within which all are told.
    from: i64,
    until: i64,
}

impl Coming {
    /// Knows all events from the place of `song` up to song sample `until`; those that have begun since the last look go to
    /// `begun`, as far as nothing was changed meanwhile.
    pub fn look(&mut self, spec: &Spec, settings: &Settings, song: &Song, until: i64, begun: &mut Vec<Event>) {
        let (now, known) = (song.sample, Some((*spec, *settings, song.moved(-song.sample))));
        begun.clear();
        if self.known != known || !(self.from..=self.until).contains(&now) {
            self.events.clear();
            (self.known, self.from, self.until) = (known, now, now);
        }
        begun.extend(self.events.iter().filter(|event| event.start_sample < now));
        self.events.retain(|event| event.start_sample >= now);
        self.from = now;
        if self.until < until {
            // A good piece at once: each piece costs a phrase or two.
            let to = until.saturating_add((until - now) / 16);
            events(spec, settings, song, self.until..to, &mut |event| {
                if self.events.len() < MOST {
                    self.events.push(event);
                }
            });
            self.until = to;
        }
    }
}

/// An event of the past.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Played {
    pub event: Event,
    /// Whether it sounded: where its material was not heard, the dry sound passed.
    pub sounded: bool,
}

/// The events that did happen, as far as the sound around them is still remembered.
#[derive(Debug, Default)]
pub(super) struct Past {
    pub events: Vec<Played>,
    sounding: [Option<Event>; 2],
}

impl Past {
    /// Takes down what sounded.
    pub fn hear(&mut self, reading: &Reading) {
        let now = reading.song.sample;
        for (old, new) in self.sounding.into_iter().zip(reading.sounding) {
            if old != new {
                self.cut(old, now);
                self.add(new);
            }
        }
        // Where the song went elsewhere, what was ahead is not the past, nor what the engine has forgotten.
        let known = now - reading.heard_samples..now;
        self.events.retain(|played| known.contains(&played.event.start_sample));
        self.sounding = reading.sounding;
    }

    /// Takes down what was told and has begun between the `readings`.
    pub fn pass(&mut self, begun: &[Event], readings: &[Reading]) {
        let Some(last) = readings.last() else { return };
        let known = last.song.sample - last.heard_samples..last.song.sample;
        for event in begun.iter().filter(|event| known.contains(&event.start_sample)) {
            let within =
                |reading: &Reading| (event.start_sample + 1..event.end_sample()).contains(&reading.song.sample);
            // What began and ended between two readings was told by none.
            if self.find(event).is_none() {
                self.push(Played { event: *event, sounded: !readings.iter().any(within) });
            }
        }
    }

    fn add(&mut self, event: Option<Event>) {
        if let Some(event) = event.filter(|event| self.find(event).is_none()) {
            self.push(Played { event, sounded: true });
        }
    }

    /// What ended before its time is as long as it was.
    fn cut(&mut self, event: Option<Event>, now: i64) {
        if let Some(event) = event.filter(|event| event.end_sample() > now).and_then(|event| self.find(&event)) {
            event.length_samples = (now - event.start_sample).max(1);
        }
    }

    fn find(&mut self, event: &Event) -> Option<&mut Event> {
        self.events.iter_mut().map(|played| &mut played.event).rev().find(|known| same(known, event))
    }

    fn push(&mut self, played: Played) {
        if self.events.len() == MOST {
            self.events.remove(0);
        }
        self.events.push(played);
    }
}

/// Whether two events are one, though one of them was cut short.
pub(super) fn same(a: &Event, b: &Event) -> bool {
    (a.lane, a.start_sample) == (b.lane, b.start_sample)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Lane;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

    fn song(sample: i64) -> Song {
        Song::new(true, sample, 120.0, SPEC.sample_rate)
    }

    fn told(settings: &Settings, from: i64, until: i64) -> Vec<Event> {
        let mut list = vec![];
        events(&SPEC, settings, &song(from), from..until, &mut |event| list.push(event));
        list
    }

    fn event(lane: Lane, start_sample: i64, length_samples: i64) -> Event {
        Event { lane, step: 0, start: 0.0, start_sample, length_samples, strength: 1.0 }
    }

    fn reading(sample: i64, heard_samples: i64, sounding: Option<Event>) -> Reading {
        Reading { spec: SPEC, song: song(sample), heard_samples, memory_s: 3.0, sounding: [sounding, None] }
    }

    #[test]
    fn looking_on_and_on_tells_what_the_engine_tells() {
        let settings = Settings { chaos: 0.8, activity: 0.9, edge: 1.0, ..Settings::default() };
        let (mut coming, mut begun, mut all) = (Coming::default(), vec![], vec![]);
        for now in (0..960_000).step_by(1_601) {
            coming.look(&SPEC, &settings, &song(now), now + 300_000, &mut begun);
            all.extend_from_slice(&begun);
            let within: Vec<Event> =
                coming.events.iter().copied().filter(|event| event.start_sample < now + 300_000).collect();
            assert_eq!(within, told(&settings, now, now + 300_000));
        }
        let last = all.iter().map(|event| event.start_sample).max().unwrap();
        assert!(all.len() > 50 && all.len() == told(&settings, 0, last + 1).len());
    }

    #[test]
    fn a_change_of_settings_tempo_or_place_tells_the_future_anew() {
        let (mut coming, mut begun) = (Coming::default(), vec![]);
        let settings = Settings::default();
        coming.look(&SPEC, &settings, &song(0), 500_000, &mut begun);
        let other = Settings { seed: 9, ..settings };
        coming.look(&SPEC, &other, &song(48_000), 500_000, &mut begun);
        assert!(begun.is_empty());
        assert_eq!(coming.events[..5], told(&other, 48_000, 500_000)[..5]);
        coming.look(&SPEC, &other, &song(-100_000), 500_000, &mut begun);
        assert_eq!((begun.len(), coming.events[0]), (0, told(&other, -100_000, 500_000)[0]));
    }

    #[test]
    fn the_past_is_what_sounded_as_long_as_it_sounded() {
        let (long, short) = (event(Lane::Reverse, 1_000, 9_000), event(Lane::Stutter, 2_000, 50));
        let mut past = Past::default();
        let readings = [reading(1_500, 1_500, Some(long)), reading(2_500, 2_500, None)];
        readings.iter().for_each(|reading| past.hear(reading));
        past.pass(&[long, short, event(Lane::Scatter, 1_200, 600)], &readings);
        let list: Vec<_> = past.events.iter().map(|p| (p.event.lane, p.event.length_samples, p.sounded)).collect();
        let want = [(Lane::Reverse, 1_500, true), (Lane::Stutter, 50, true), (Lane::Scatter, 600, false)];
        assert_eq!(list, want, "cut short; too short for a reading; passed dry");
    }

    #[test]
    fn a_loop_keeps_what_lies_before_it_and_a_seek_nothing() {
        let mut past = Past::default();
        for start in [1_000, 5_000] {
            past.hear(&reading(start + 10, start + 10, Some(event(Lane::Crush, start, 100))));
        }
        past.hear(&reading(3_000, 3_000, None));
        assert_eq!(past.events.len(), 1);
        past.hear(&reading(90_000, 64, None));
        assert!(past.events.is_empty());
    }
}
