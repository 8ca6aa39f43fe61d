//! What the audio thread tells the picture: a reading 60 times a second, and the sound of the bed.

use green_ring_shell::{Listener, Meters, Teller, wire};

use crate::engine::{Engine, Reading, Settings};

/// Readings a second.
const PER_SECOND: f64 = 60.0;

/// Readings that wait for the picture at most: those of a second.
const READINGS: usize = 64;

/// Frames of the bed that wait at most: more than come between two looks at 384 kHz.
const FRAMES: usize = 16_384;

/// What the engine did, and under which settings.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// The sample rate in hertz.
    pub rate_hz: f64,
    /// Seconds of sound since the reading before.
    pub seconds: f32,
    /// What the engine heard and did.
    pub reading: Reading,
    /// What it was set to.
    pub settings: Settings,
    /// Loudness of the output over 400 ms, in LUFS.
    pub out_lufs: f32,
    /// Seconds by which the bed comes out later than it is heard.
    pub latency_s: f32,
    /// Seconds of pre-roll after which it no longer matters where playback began.
    pub memory_s: f32,
    /// Whether the settings ask for another latency than the engine has.
    pub outdated: bool,
    /// Whether anything was ever heard on the key.
    pub keyed: bool,
}

/// The audio thread's end. Nothing here waits or allocates after [`Line::default`].
#[derive(Debug)]
pub struct Line {
    told: Teller<Told>,
    sound: Teller<[f32; 2]>,
    ends: Ends,
    rate_hz: f64,
    /// Frames since the last reading.
    waited: usize,
    keyed: bool,
}

/// The picture's end. Clones are the same end.
#[derive(Clone, Debug)]
pub struct Ends {
    /// Readings.
    pub told: Listener<Told>,
    /// Frames of the bed that comes in; the second channel of a mono bed is silent.
    pub sound: Listener<[f32; 2]>,
}

impl Ends {
    /// Throws away what was told before.
    pub fn clear(&self) {
        self.told.clear();
        self.sound.clear();
    }
}

impl Default for Line {
    fn default() -> Self {
        let ((told, told_end), (sound, sound_end)) = (wire(READINGS), wire(FRAMES));
        let ends = Ends { told: told_end, sound: sound_end };
        Self { told, sound, ends, rate_hz: 48_000.0, waited: 0, keyed: false }
    }
}

impl Line {
    /// The picture's end.
    pub fn ends(&self) -> &Ends {
        &self.ends
    }

    /// From here on a second has so many frames.
    pub fn activate(&mut self, rate_hz: f64) {
        (self.rate_hz, self.waited) = (rate_hz, 0);
    }

    /// Tells the bed that comes in, if anybody looks.
    pub fn hear(&mut self, bed: &[&mut [f32]]) {
        if !self.sound.is_open() {
            return;
        }
        for (k, left) in bed[0].iter().enumerate() {
            self.sound.tell([*left, bed.get(1).map_or(0.0, |right| right[k])]);
        }
    }

    /// Tells what the engine did with `frames` frames, if it is time to and anybody looks.
    pub fn tell(&mut self, frames: usize, engine: &Engine, settings: &Settings, meters: &Meters) {
        let (reading, rate_hz) = (engine.reading(), self.rate_hz);
        self.keyed |= reading.key;
        self.waited += frames;
        if (self.waited as f64) < rate_hz / PER_SECOND {
            return;
        }
        let seconds = (std::mem::take(&mut self.waited) as f64 / rate_hz) as f32;
        if self.told.is_open() {
            self.told.tell(Told {
                rate_hz,
                seconds,
                reading,
                settings: *settings,
                out_lufs: meters.output.loudness_lufs(),
                latency_s: (engine.latency() as f64 / rate_hz) as f32,
                memory_s: engine.memory(settings),
                outdated: engine.outdated(settings),
                keyed: self.keyed,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::Spec;

    #[test]
    fn sixty_readings_a_second_whatever_the_block() {
        let settings = Settings::default();
        let engine = Engine::new(&Spec { sample_rate: 48_000.0, channels: 2 }, &settings);
        for block in [1, 64, 480, 4_096] {
            let mut line = Line::default();
            let (mut seconds, mut count) = (0.0, 0);
            for _ in 0..48_000 / block {
                line.tell(block, &engine, &settings, &Meters::default());
                line.ends().told.hear(|told| (seconds, count) = (seconds + told.seconds, count + 1));
            }
            assert!((seconds - 1.0).abs() < 0.09 && count <= 60, "{block}: {count} in {seconds} s");
        }
    }

    #[test]
    fn a_mono_bed_is_told_with_a_silent_side() {
        let (mut line, mut heard) = (Line::default(), vec![]);
        line.hear(&[&mut [0.5, 0.25]]);
        line.hear(&[&mut [0.1], &mut [0.2]]);
        line.ends().sound.hear(|frame| heard.push(frame));
        assert_eq!(heard, [[0.5, 0.0], [0.25, 0.0], [0.1, 0.2]]);
    }
}
