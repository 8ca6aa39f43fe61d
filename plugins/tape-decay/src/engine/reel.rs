//! Where on the tape a moment of the song lies, and how often the tape has passed.
//!
//! Places are counted from Start in *beats*: quarter notes, or half seconds where Start is in seconds. At
//! 120 bpm both are the same tape. In quarter notes a loop's ends stay on its bars through any change of tempo.

use green_ring_dsp::Song;

use super::settings::{Map, PassMode, Settings, Sync};

/// The tape that is on the machine. A change of any of these is another tape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reel {
    /// Which of 2^32 tapes this is.
    pub seed: u32,
    /// What `start` counts in.
    pub sync: Sync,
    /// Where the tape begins, in quarter notes or seconds.
    pub start: f64,
    /// What of it wears.
    pub map: Map,
    /// What counts the passes.
    pub mode: PassMode,
    /// Length of a pass in beats: bars x 4, or seconds x 2.
    pub pass_beats: f64,
}

impl Reel {
    /// The tape that `settings` ask for.
    pub fn new(settings: &Settings) -> Self {
        let Settings { seed, sync, start, map, pass_mode: mode, .. } = *settings;
        let pass_beats = match sync {
            Sync::Beats => 4.0 * f64::from(settings.pass_length_bars),
            Sync::Time => 2.0 * f64::from(settings.pass_length_s),
        };
        Self { seed, sync, start, map, mode, pass_beats }
    }

    /// Beats from Start to `sample`, at `rate_hz`.
    pub fn beats(&self, song: &Song, sample: i64, rate_hz: f64) -> f64 {
        match self.sync {
            Sync::Beats => song.beat(sample) - self.start,
            Sync::Time => 2.0 * (sample as f64 / rate_hz - self.start),
        }
    }

    /// The song sample at which the tape begins.
    pub fn origin(&self, song: &Song, rate_hz: f64) -> i64 {
        match self.sync {
            Sync::Beats => song.sample_of(self.start).round() as i64,
            Sync::Time => (self.start * rate_hz).round() as i64,
        }
    }

    /// Length of a beat in milliseconds.
    pub fn beat_ms(&self, song: &Song) -> f64 {
        match self.sync {
            Sync::Beats => 60_000.0 / song.tempo_bpm,
            Sync::Time => 500.0,
        }
    }

    /// Passes that the tape has behind it `beats` from Start: the dial's `passes`, or the song's at `shed_rate` passes a
    /// pass length. None before Start.
    pub fn pass(&self, beats: f64, passes: f32, shed_rate: f32) -> f32 {
        match self.mode {
            PassMode::Manual => passes,
            PassMode::Song => shed_rate * (beats / self.pass_beats).max(0.0) as f32,
        }
    }

    /// A grid of about `beats` along the tape: a whole number of steps, three at least, goes into a loop.
    pub fn grid(&self, beats: f64) -> Spots {
        match self.map {
            Map::WholeTape => Spots { beats, count: None },
            Map::Loop => {
                let count = (self.pass_beats / beats).round().max(3.0);
                Spots { beats: self.pass_beats / count, count: Some(count as i64) }
            }
        }
    }
}

/// Numbered spots along the tape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spots {
    /// Distance of two spots.
    pub beats: f64,
    count: Option<i64>,
}

impl Spots {
    /// The number under which chance knows spot `at`, counted from Start over all passes.
    #[inline]
    pub fn number(&self, at: i64) -> i64 {
        self.count.map_or(at, |count| at.rem_euclid(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REEL: Reel =
        Reel { seed: 1, sync: Sync::Beats, start: 2.0, map: Map::Loop, mode: PassMode::Song, pass_beats: 6.0 };

    #[test]
    fn quarters_and_half_seconds_are_one_tape_at_120_bpm() {
        let song = Song::new(true, 0, 120.0, 48_000.0);
        let time = Reel { sync: Sync::Time, start: 1.0, ..REEL };
        for sample in [-7_777, 0, 48_000, 1_000_000] {
            assert!((REEL.beats(&song, sample, 48_000.0) - time.beats(&song, sample, 48_000.0)).abs() < 1e-9);
        }
        assert_eq!((REEL.beat_ms(&song), time.beat_ms(&song)), (500.0, 500.0));
    }

    #[test]
    fn a_loop_comes_round_and_passes_count_from_start() {
        let spots = REEL.grid(0.7);
        assert_eq!((spots.beats, spots.number(10), spots.number(-1)), (6.0 / 9.0, 1, 8));
        assert_eq!(REEL.grid(100.0).count, Some(3));
        assert_eq!((REEL.pass(-3.0, 9.0, 2.0), REEL.pass(9.0, 9.0, 2.0)), (0.0, 3.0));
        assert_eq!(Reel { mode: PassMode::Manual, ..REEL }.pass(9.0, 7.5, 2.0), 7.5);
    }
}
