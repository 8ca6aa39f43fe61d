//! The transport that the host tells: playing, at one tempo, in four-four time.

use clack_host::events::event_types::{TransportEvent, TransportFlags};
use clack_host::events::{EventFlags, EventHeader};
use clack_host::utils::{BeatTime, SecondsTime};

/// Quarter notes in a bar of the told metre.
const BAR_BEATS: f64 = 4.0;

/// Where playback begins in the song, and how fast it goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Song {
    pub start_s: f64,
    pub tempo_bpm: f64,
}

impl Song {
    /// The transport at this sample of the playback.
    pub fn at(&self, sample: usize, rate: u32) -> TransportEvent {
        let seconds = self.start_s + sample as f64 / f64::from(rate);
        let beats = seconds * self.tempo_bpm / 60.0;
        let bar = (beats / BAR_BEATS).floor();
        TransportEvent {
            header: EventHeader::new_core(0, EventFlags::empty()),
            flags: TransportFlags::IS_PLAYING
                | TransportFlags::HAS_TEMPO
                | TransportFlags::HAS_BEATS_TIMELINE
                | TransportFlags::HAS_SECONDS_TIMELINE
                | TransportFlags::HAS_TIME_SIGNATURE,
            song_pos_beats: BeatTime::from_float(beats),
            song_pos_seconds: SecondsTime::from_float(seconds),
            tempo: self.tempo_bpm,
            tempo_inc: 0.0,
            loop_start_beats: BeatTime::from_float(0.0),
            loop_end_beats: BeatTime::from_float(0.0),
            loop_start_seconds: SecondsTime::from_float(0.0),
            loop_end_seconds: SecondsTime::from_float(0.0),
            bar_start: BeatTime::from_float(bar * BAR_BEATS),
            bar_number: bar as i32,
            time_signature_numerator: BAR_BEATS as u16,
            time_signature_denominator: 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_beats_agree() {
        let song = Song { start_s: 3723.0, tempo_bpm: 90.0 };
        let at = song.at(48_000, 48_000);
        assert_eq!(at.song_pos_seconds.to_float(), 3724.0);
        assert_eq!(at.song_pos_beats.to_float(), 5586.0);
        assert_eq!((at.bar_number, at.bar_start.to_float()), (1396, 5584.0));
    }
}
