//! The course of the tape: which trajectory it is on, and how far that swings.

use green_ring_dsp::{Leg, Spec};

use super::lane::Lane;
use super::settings::{Settings, Sync};
use super::wander::Wander;

/// Largest swings in seconds of wow, flutter and scrape, 20 ms together.
pub const LIMITS_S: [f64; 3] = [0.017, 0.0029, 0.0001];

/// What decides on a trajectory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Course {
    /// Which machine it is.
    pub seed: u32,
    /// Turning rates behind wow and flutter.
    pub rates_hz: [f32; 2],
    /// Song sample, with its fraction, at which the machine's clock reads zero.
    pub origin: f64,
}

impl Course {
    /// The course that the settings of `leg` ask for.
    pub fn new(leg: &Leg<Settings>, rate_hz: f64) -> Self {
        let settings = &leg.settings;
        let origin = match settings.sync {
            Sync::Beats => leg.song.sample_of(settings.start),
            Sync::Time => settings.start * rate_hz,
        };
        Self { seed: settings.seed, rates_hz: [settings.wow_rate_hz, settings.flutter_rate_hz], origin }
    }

    /// The machine's clock: motors turn in seconds, whatever Start is told in.
    #[inline]
    pub fn seconds(&self, sample: i64, rate_hz: f64) -> f64 {
        (sample as f64 - self.origin) / rate_hz
    }

    /// The trajectory of wow (0), flutter (1) or scrape (2).
    pub fn wander(&self, lane: usize) -> Wander {
        match self.rates_hz.get(lane) {
            Some(hz) => Wander::turning(*hz as f64, self.seed, lane as u32),
            None => Wander::scraping(self.seed, lane as u32),
        }
    }
}

/// What the dials reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reached {
    /// Wow as AES6 weighted two-sigma deviation: below the dial where a slow rate would swing too far.
    pub wow: f32,
    /// Flutter as AES6 weighted two-sigma deviation.
    pub flutter: f32,
    /// Largest swing of the delay to either side, in milliseconds.
    pub swing_ms: f32,
}

/// What the dials of `settings` reach, for a readout beside them.
pub fn reached(settings: &Settings) -> Reached {
    // The rate cancels: trajectories are in seconds.
    let spec = Spec { sample_rate: 48_000.0, channels: 1 };
    let course = Course { seed: 0, rates_hz: [settings.wow_rate_hz, settings.flutter_rate_hz], origin: 0.0 };
    let lane = |k: usize| Lane::new(&spec, course.wander(k), LIMITS_S[k]);
    let (wow, flutter, scrape) = (lane(0), lane(1), lane(2));
    let swing_s = wow.peak_s(settings.wow) + flutter.peak_s(settings.flutter) + scrape.peak_s(settings.scrape);
    Reached {
        wow: wow.reading(settings.wow) as f32,
        flutter: flutter.reading(settings.flutter) as f32,
        swing_ms: 1_000.0 * swing_s as f32,
    }
}
