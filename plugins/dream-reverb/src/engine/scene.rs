//! What the settings come to: where between room and dream they stand, and the decay that they promise.
//!
//! Dream moves one value into another and switches nothing: at 0 % every value is the room's own, at 100 % the dream's,
//! and between the two each goes its own even way.

use super::absorb::{BUMP, above};
use super::pre_delay::LONGEST_S;
use super::settings::{Settings, Sync};
use green_ring_dsp::Song;

/// By how many octaves the dream's air is duller than the room's.
const DULLER_OCTAVES: f32 = 1.0 / 3.0;

/// What is left of the highs' decay once everything has receded.
const RECEDED_HIGHS: f32 = 0.3;

impl Settings {
    /// Decay of the middle band in seconds: from Decay to Dream Decay by equal ratios.
    pub fn mid_s(&self) -> f32 {
        self.decay_s * (self.dream_decay_s / self.decay_s).powf(self.dream)
    }

    /// Decay of the high band as a share of the middle's: what recedes loses its top first.
    pub fn high_share(&self) -> f32 {
        self.high_decay * RECEDED_HIGHS.powf(self.recede)
    }

    /// How far an onset is spread: the dream has no single echoes.
    pub fn spread(&self) -> f32 {
        self.diffusion + self.dream * (1.0 - self.diffusion)
    }

    /// How much the tail moves: more in the dream, but what stands still does so there too.
    pub fn movement(&self) -> f32 {
        self.motion.powf(1.0 - 0.5 * self.dream)
    }

    /// Above this nothing enters the dream.
    pub fn top_hz(&self) -> f32 {
        self.high_cut_hz * (-DULLER_OCTAVES * self.dream).exp2()
    }

    /// How slowly the tail builds.
    pub fn rise(&self) -> f32 {
        self.dream * self.swell
    }

    /// The decay that is promised at `hz`: seconds for 60 dB. Rates of decay (dB a second) go over from band to band as the
    /// absorption's shelves do.
    pub fn decay_at_hz(&self, hz: f32) -> f32 {
        let low = 1.0 - above(hz, self.low_crossover_hz);
        let high = above(hz, self.high_crossover_hz);
        self.mid_s() / (1.0 + low * (1.0 / self.low_decay - 1.0) + high * (1.0 / self.high_share() - 1.0))
    }

    /// The longest decay at any frequency, in seconds: that of the slowest band, and a little more where the shelf of a
    /// much faster band takes from its damping.
    pub fn longest_decay_s(&self) -> f32 {
        let rates = [1.0, 1.0 / self.low_decay, 1.0 / self.high_share()];
        let (slowest, fastest) = rates.iter().fold((f32::MAX, 0.0f32), |(a, b), rate| (a.min(*rate), b.max(*rate)));
        self.mid_s() / (slowest - 2.0 * BUMP * (fastest - slowest))
    }

    /// Seconds before the room answers, at the tempo of `song`.
    pub fn answer_s(&self, song: &Song, rate_hz: f64) -> f64 {
        let synced = self.pre_delay_quarters.map(|quarters| quarters * song.quarter_samples() / rate_hz);
        synced.unwrap_or(f64::from(self.pre_delay_s)).min(LONGEST_S)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_decay_as_told_far_from_the_crossovers() {
        let s = Settings { decay_s: 2.0, ..Settings::default() };
        for (hz, told) in [(30.0, 2.2), (1_000.0, 2.0), (16_000.0, 1.1)] {
            assert!((s.decay_at_hz(hz) / told - 1.0).abs() < 0.01, "{hz}: {}", s.decay_at_hz(hz));
        }
    }

    #[test]
    fn half_of_a_dream_decays_by_the_geometric_mean_and_a_still_room_stays_still() {
        let half = Settings { dream: 0.5, decay_s: 1.0, dream_decay_s: 9.0, motion: 0.0, ..Settings::default() };
        assert!((half.mid_s() - 3.0).abs() < 1e-5);
        assert_eq!((half.movement(), half.spread()), (0.0, 0.85));
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
