//! What a player can set, in real units, and the decay that those settings promise.

use super::absorb::{BUMP, above};
use green_ring_dsp::Song;

/// What seeded movement is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sync {
    /// Seconds of the song.
    #[default]
    Time,
    /// Quarter notes of the song.
    Beats,
}

/// Everything that shapes the sound. Values outside their range are held at its edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Share of wet sound, 0..1, at equal power.
    pub mix: f32,
    /// Level of dry and wet together, -24..+24 dB.
    pub output_db: f32,
    /// Length of the room, 2..60 m: spacing of echoes and of resonances.
    pub size_m: f32,
    /// Silence before the room answers, 0..0.5 s.
    pub pre_delay_s: f32,
    /// Level of the early reflections, -inf..+6 dB.
    pub early_db: f32,
    /// Time in which the middle of the spectrum falls by 60 dB, 0.05..20 s.
    pub decay_s: f32,
    /// Decay of the low band as a share of the middle's, 0.25..2.
    pub low_decay: f32,
    /// Where the low band ends, 80..800 Hz.
    pub low_crossover_hz: f32,
    /// Decay of the high band as a share of the middle's, 0.1..1.
    pub high_decay: f32,
    /// Where the high band begins, 1 500..12 000 Hz.
    pub high_crossover_hz: f32,
    /// How far an onset is spread before it enters the tail, 0..1.
    pub diffusion: f32,
    /// How much the tail moves within itself, 0..1. 0 is a room that stands still.
    pub motion: f32,
    /// Width of the wet sound, 0 (mono)..1.5, at constant power.
    pub width: f32,
    /// Below this nothing enters the room, 20..1 000 Hz, 12 dB an octave.
    pub low_cut_hz: f32,
    /// Above this nothing enters the room, 1 000..20 000 Hz, 12 dB an octave.
    pub high_cut_hz: f32,
    /// Holds the tail for ever and lets nothing new in. The dry sound passes.
    pub freeze: bool,
    /// Which room of its kind: another seed has other reflections and another movement.
    pub seed: u32,
    /// What movement is counted in.
    pub sync: Sync,
    /// Where movement is counted from, in seconds or in quarter notes.
    pub start: f64,
    /// The input, untouched.
    pub bypass: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            mix: 0.3,
            output_db: 0.0,
            size_m: 14.0,
            pre_delay_s: 0.012,
            early_db: 0.0,
            decay_s: 1.1,
            low_decay: 1.1,
            low_crossover_hz: 250.0,
            high_decay: 0.55,
            high_crossover_hz: 4_000.0,
            diffusion: 0.7,
            motion: 0.35,
            width: 1.0,
            low_cut_hz: 80.0,
            high_cut_hz: 12_000.0,
            freeze: false,
            seed: 0,
            sync: Sync::Time,
            start: 0.0,
            bypass: false,
        }
    }
}

impl Settings {
    /// The same settings, each held within its range; what is not a number takes its default.
    pub fn held(&self) -> Self {
        let d = Self::default();
        Self {
            mix: held(self.mix, 0.0, 1.0, d.mix),
            output_db: held(self.output_db, -24.0, 24.0, d.output_db),
            size_m: held(self.size_m, 2.0, 60.0, d.size_m),
            pre_delay_s: held(self.pre_delay_s, 0.0, 0.5, d.pre_delay_s),
            early_db: held(self.early_db, f32::NEG_INFINITY, 6.0, d.early_db),
            decay_s: held(self.decay_s, 0.05, 20.0, d.decay_s),
            low_decay: held(self.low_decay, 0.25, 2.0, d.low_decay),
            low_crossover_hz: held(self.low_crossover_hz, 80.0, 800.0, d.low_crossover_hz),
            high_decay: held(self.high_decay, 0.1, 1.0, d.high_decay),
            high_crossover_hz: held(self.high_crossover_hz, 1_500.0, 12_000.0, d.high_crossover_hz),
            diffusion: held(self.diffusion, 0.0, 1.0, d.diffusion),
            motion: held(self.motion, 0.0, 1.0, d.motion),
            width: held(self.width, 0.0, 1.5, d.width),
            low_cut_hz: held(self.low_cut_hz, 20.0, 1_000.0, d.low_cut_hz),
            high_cut_hz: held(self.high_cut_hz, 1_000.0, 20_000.0, d.high_cut_hz),
            start: if self.start.is_finite() { self.start.clamp(-1e6, 1e6) } else { d.start },
            ..*self
        }
    }

    /// The decay that is promised at `hz`: seconds for 60 dB. Rates of decay (dB a second) go over from band to band as the
    /// absorption's shelves do.
    pub fn decay_at_hz(&self, hz: f32) -> f32 {
        let low = 1.0 - above(hz, self.low_crossover_hz);
        let high = above(hz, self.high_crossover_hz);
        self.decay_s / (1.0 + low * (1.0 / self.low_decay - 1.0) + high * (1.0 / self.high_decay - 1.0))
    }

    /// The longest decay at any frequency, in seconds: that of the slowest band, and a little more where the shelf of a
    /// much faster band takes from its damping.
    pub fn longest_decay_s(&self) -> f32 {
        let rates = [1.0, 1.0 / self.low_decay, 1.0 / self.high_decay];
        let (slowest, fastest) = rates.iter().fold((f32::MAX, 0.0f32), |(a, b), rate| (a.min(*rate), b.max(*rate)));
        self.decay_s / (slowest - 2.0 * BUMP * (fastest - slowest))
    }

    /// Place of song sample `sample` on the clock that movement runs on, in seconds from Start. A quarter note
    /// counts as half a second, its length at 120 bpm.
    pub fn clock_s(&self, song: &Song, sample: i64, rate_hz: f64) -> f64 {
        match self.sync {
            Sync::Time => sample as f64 / rate_hz - self.start,
            Sync::Beats => 0.5 * (song.beat(sample) - self.start),
        }
    }
}

fn held(x: f32, low: f32, high: f32, default: f32) -> f32 {
    if x.is_nan() { default } else { x.clamp(low, high) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wild_settings_are_held_and_sane_ones_kept() {
        let wild = Settings { size_m: f32::INFINITY, decay_s: f32::NAN, start: f64::NAN, ..Settings::default() };
        assert_eq!(wild.held(), Settings { size_m: 60.0, ..Settings::default() });
        let silent = Settings { early_db: f32::NEG_INFINITY, ..Settings::default() };
        assert_eq!(silent.held(), silent);
    }

    #[test]
    fn bands_decay_as_told_far_from_the_crossovers() {
        let s = Settings { decay_s: 2.0, ..Settings::default() };
        for (hz, told) in [(30.0, 2.2), (1_000.0, 2.0), (16_000.0, 1.1)] {
            assert!((s.decay_at_hz(hz) / told - 1.0).abs() < 0.01, "{hz}: {}", s.decay_at_hz(hz));
        }
    }

    #[test]
    fn the_clock_counts_from_start_in_its_unit() {
        let song = Song::new(true, 0, 60.0, 48_000.0);
        let time = Settings { start: 1.0, ..Settings::default() };
        assert_eq!(time.clock_s(&song, 96_000, 48_000.0), 1.0);
        let beats = Settings { sync: Sync::Beats, ..time };
        assert_eq!(beats.clock_s(&song, 96_000, 48_000.0), 0.5);
    }
}
