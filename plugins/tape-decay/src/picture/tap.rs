//! What the audio thread tells the picture.

use green_ring_dsp::Song;
use green_ring_shell::{Listener, Teller, wire};

use crate::engine::{Engine, Run, Settings};

/// Frames between two readings, at the least: a hundred or more a second, whatever the host's blocks are.
const FRAMES: u32 = 256;

/// Readings that the wire holds: of a third of a second and more between two looks.
const LENGTH: usize = 1_024;

/// How the machine runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The song where the head is, but for what braking has left it behind.
    pub song: Song,
    /// Frames since the last reading.
    pub frames: u32,
    /// How far wow and flutter have the tape behind its place, in milliseconds.
    pub swing_ms: f32,
    /// How it runs, wow and flutter apart.
    pub run: Run,
    /// What the VU meter shows, in dB: 0 for a sine at operating level.
    pub vu_db: f32,
    /// Whether the tape has one track.
    pub mono: bool,
    /// Seconds that are still to be played until it no longer matters where playback began. 0 while the song is stopped.
    pub pre_roll_s: f32,
}

impl Reading {
    /// The sample rate in hertz: the song knows it as the length of a quarter note.
    pub fn rate_hz(&self) -> f64 {
        rate_hz(&self.song)
    }

    /// Seconds since the last reading.
    pub fn seconds(&self) -> f64 {
        f64::from(self.frames) / self.rate_hz()
    }
}

fn rate_hz(song: &Song) -> f64 {
    song.quarter_samples() * song.tempo_bpm / 60.0
}

/// The wire from the engine to the picture.
#[derive(Debug)]
pub struct Line {
    teller: Teller<Reading>,
    listener: Listener<Reading>,
    frames: u32,
    /// The song sample that comes next if the song goes on, and how many have been played in a row.
    next: i64,
    played: i64,
}

impl Default for Line {
    fn default() -> Self {
        let (teller, listener) = wire(LENGTH);
        Self { teller, listener, frames: 0, next: 0, played: 0 }
    }
}

impl Line {
    /// The picture's end.
    pub fn listener(&self) -> Listener<Reading> {
        self.listener.clone()
    }

    /// Tells how `engine` runs under `settings` behind `block`, at whose beginning the song stood at `song`. Neither waits nor
    /// allocates; tells nothing while nobody listens.
    pub fn tell(&mut self, engine: &Engine, settings: &Settings, song: &Song, block: &[&mut [f32]]) {
        let frames = block[0].len();
        let goes_on = song.playing && song.sample == self.next;
        self.played = if goes_on { self.played.saturating_add(frames as i64) } else { frames as i64 };
        self.next = song.sample.saturating_add(frames as i64);
        // Of what nobody heard nothing is told later.
        self.frames = if self.teller.is_open() { self.frames + frames as u32 } else { 0 };
        if self.frames < FRAMES {
            return;
        }
        let played_s = (self.played as f64 / rate_hz(song)) as f32;
        let left_s = if song.playing { engine.memory(settings) - played_s } else { 0.0 };
        self.teller.tell(Reading {
            song: song.moved(frames as i64 - engine.latency() as i64),
            frames: std::mem::take(&mut self.frames),
            swing_ms: engine.swing_ms(),
            run: engine.run(),
            vu_db: engine.vu_db(),
            mono: block.len() == 1,
            pre_roll_s: left_s.max(0.0),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Settings;
    use green_ring_dsp::Spec;

    #[test]
    fn readings_are_the_engines_and_come_a_hundred_times_a_second() {
        let (mut engine, mut line) = (Engine::new(&Spec { sample_rate: 48_000.0, channels: 1 }), Line::default());
        let settings = Settings { wow: 0.01, ..Settings::default() };
        for at in 0..1_000 {
            let song = Song::new(true, 48 * at, 90.0, 48_000.0);
            let mut block = [0.25; 48];
            engine.process(&settings, &song, &mut [&mut block]);
            line.tell(&engine, &settings, &song, &[&mut block]);
        }
        let mut heard = Vec::new();
        line.listener().hear(|reading| heard.push(reading));
        assert_eq!(heard.len(), 1_000 / 6);
        let last = heard[165];
        assert_eq!((last.frames, last.mono), (288, true));
        assert_eq!(last.song.sample, 48 * 996 - engine.latency() as i64);
        assert!((last.rate_hz() - 48_000.0).abs() < 1e-6 && (last.seconds() - 0.006).abs() < 1e-9);
        let pre_roll_s = engine.memory(&settings) - 0.997;
        assert!((last.pre_roll_s - pre_roll_s).abs() < 1e-3 && pre_roll_s > 0.0, "{} {pre_roll_s}", last.pre_roll_s);
        assert!(last.swing_ms != 0.0 && last.vu_db > 0.0 && last.run == Run { speed: 1.0, behind_s: 0.0 });
    }

    #[test]
    fn what_nobody_heard_is_not_told_later() {
        let (engine, mut line) = (Engine::new(&Spec { sample_rate: 48_000.0, channels: 1 }), Line::default());
        let song = Song::new(true, 0, 120.0, 48_000.0);
        let settings = Settings::default();
        (0..2_000).for_each(|_| line.tell(&engine, &settings, &song, &[&mut [0.0; 300]]));
        let listener = line.listener();
        listener.clear();
        line.tell(&engine, &settings, &song, &[&mut [0.0; 300]]);
        listener.hear(|reading| assert_eq!(reading.frames, 300));
    }
}
