//! What an engine tells of itself: latency, tail, memory, where it is, and what sounds.

use green_ring_dsp::{Song, Spec, Tail};

use super::{
    Deck, Engine, Event, LONGEST_S, Rise, SPARE_S, Settings, ruler::Ruler, score::longest_steps, unheard,
    voice::reach_samples,
};

impl Engine {
    /// Samples by which the output lags: none.
    pub fn latency(&self) -> usize {
        0
    }

    /// The last event that finds sound to read may begin Reach after it, and last as long as any, at the tempo heard last.
    /// What is held sounds for ever.
    pub fn tail(&self, settings: &Settings) -> Tail {
        if settings.hold {
            return Tail::Infinite;
        }
        Tail::Samples((self.memory(settings) as f64 * self.spec.sample_rate).ceil() as u32)
    }

    /// Seconds of pre-roll after which it no longer matters where playback began, at the tempo heard last: Reach and the
    /// longest event, or what Rise is made of.
    pub fn memory(&self, settings: &Settings) -> f32 {
        let song = self.song.unwrap_or_else(|| unheard(&self.spec));
        let ruler = Ruler::new(settings, &song, self.spec.sample_rate);
        let step_s = ruler.step() * ruler.unit_samples() / self.spec.sample_rate;
        let longest_s = (longest_steps(&ruler) * step_s).min(LONGEST_S);
        let reach_s = reach_samples(settings, &ruler) / self.spec.sample_rate;
        let bar_s = ruler.bar() * ruler.unit_samples() / self.spec.sample_rate;
        let rise_s = if settings.rise > 0.0 { Rise::memory_s(bar_s) } else { 0.0 };
        (reach_s + longest_s + SPARE_S).max(rise_s) as f32
    }

    /// What it was built for.
    pub fn spec(&self) -> Spec {
        self.spec
    }

    /// The song as the next frame is expected to find it; `None` before the first.
    pub fn song(&self) -> Option<Song> {
        self.song
    }

    /// Samples of the song up to now that are kept without a gap: what events may read.
    pub fn heard_samples(&self) -> i64 {
        self.record.length()
    }

    /// The events that sound now: one of the lanes that replace the input, and one of those that lie over it.
    pub fn sounding(&self) -> [Option<Event>; 2] {
        self.decks.each_ref().map(Deck::sounding)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Sync, *};

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 1 };

    #[test]
    fn memory_is_reach_and_the_longest_event() {
        let engine = Engine::new(&SPEC);
        let memory = |settings| engine.memory(&settings);
        let d = Settings::default();
        assert!((memory(d) - 3.1).abs() < 1e-3, "a bar and half a bar at 120 bpm");
        assert!((memory(Settings { reach_bars: 8.0, grid_quarters: 4.0, ..d }) - 18.1).abs() < 1e-3);
        let time = Settings { sync: Sync::Time, grid_s: 4.0, reach_bars: 0.25, ..d };
        assert!((memory(time) - 4.6).abs() < 1e-3);
        assert_eq!(engine.tail(&d), Tail::Samples((memory(d) as f64 * 48_000.0).ceil() as u32));
    }

    #[test]
    fn what_was_heard_is_counted_from_where_playing_began() {
        let mut engine = Engine::new(&SPEC);
        assert_eq!((engine.song(), engine.heard_samples()), (None, 0));
        for (from, heard) in [(96_000, 1_000), (97_000, 2_000), (96_500, 1_500), (0, 1_000)] {
            let song = Song::new(true, from, 120.0, SPEC.sample_rate);
            engine.process(&Settings::default(), &song, &mut [&mut [0.1; 1_000]]);
            assert_eq!((engine.song().unwrap().sample, engine.heard_samples()), (from + 1_000, heard));
        }
    }
}
