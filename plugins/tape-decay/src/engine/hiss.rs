//! Hiss: white magnetisation, addressed by the place on the tape, as the replay amplifier hears it.
//!
//! Its treble is lifted by the standard's time constants (and its bass lowered, where the standard has one), and it
//! ends where the machine's band does. It runs while the song does. The dial is its A-weighted level re that of a sine
//! with 3 % third harmonic: the signal-to-noise ratio that a maker tells.

use green_ring_dsp::chance::Chance;
use green_ring_dsp::door::settle;
use green_ring_dsp::filter::OnePole;
use green_ring_dsp::{CELL, Leg, Ramp, Sound, Spec, units};

use super::machine::{self, Response, TimeConstants};
use super::record;
use super::settings::Settings;
use super::shaper::{Curve, Shaper};

/// Seconds that a level takes to where it is set.
const MOVE_S: f64 = 0.03;

/// First lane of chance, one for each channel.
const LANE: u32 = 80;

/// Level in dB re operating level at which a sine that has 3 % third harmonic comes off the tape.
const THREE_PERCENT_DB: f32 = 12.1;

/// A sine's effective value over its peak.
const SINE_RMS: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Bounds in Hz and steps of the sum that a hiss is weighed with.
const WEIGHED_HZ: (f64, f64) = (30.0, 20_000.0);
const WEIGHED_STEPS: usize = 48;

/// What replay makes of the tape's own magnetisation. What follows it is weighed with it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Colour {
    standard: TimeConstants,
    response: Response,
}

impl Curve for Colour {
    /// The treble alone: the bass is too narrow for a filter that is this short.
    fn gain(&self, hz: f64) -> f64 {
        self.standard.treble(hz)
    }
}

/// The hiss of all channels.
#[derive(Debug)]
pub struct Hiss {
    rate_hz: f64,
    fresh: bool,
    channels: usize,
    seed: u32,
    /// Song sample at which the tape begins.
    origin: i64,
    /// Gain of the raw chance, and whether there is any in this cell.
    gain: Ramp,
    runs: bool,
    colour: Option<Colour>,
    /// The settings that the gain was worked out for, and that gain.
    level: (Settings, f32),
    /// A-weighted effective value of white chance of gain 1 through `colour` and what follows it.
    weighed: f32,
    shaper: Shaper<Colour>,
    /// What the standard's bass leaves, one for each channel.
    bass: Vec<OnePole>,
}

impl Hiss {
    /// A hiss that has yet to be set. Allocates.
    pub fn new(spec: &Spec) -> Self {
        Self {
            rate_hz: spec.sample_rate,
            fresh: true,
            channels: spec.channels,
            seed: 0,
            origin: 0,
            gain: Ramp::new(0.0, spec.samples(MOVE_S)),
            runs: false,
            colour: None,
            level: (Settings::default(), 0.0),
            weighed: 1.0,
            shaper: Shaper::new(spec),
            bass: vec![OnePole::default(); spec.channels],
        }
    }

    /// Equal to fresh, without allocating.
    pub fn reset(&mut self) {
        self.fresh = true;
        self.colour = None;
        self.shaper.reset();
        self.bass.iter_mut().for_each(|bass| bass.reset(0.0));
    }

    /// Takes the settings of `leg`, at its edge. The tape begins at song sample `origin`; `response` is what the hiss
    /// passes behind this, and `worn_db` is how much wear adds.
    pub fn latch(&mut self, leg: &Leg<Settings>, origin: i64, response: Response, worn_db: f32) {
        (self.seed, self.origin) = (leg.settings.seed, origin);
        let asked = leg.song.playing && leg.settings.hiss_db > f32::NEG_INFINITY;
        let gain = if asked { units::gain(worn_db) * self.level(&leg.settings, response) } else { 0.0 };
        if std::mem::take(&mut self.fresh) {
            self.gain.jump(gain)
        } else {
            self.gain.go(gain)
        }
        self.runs = !self.gain.rests_at(0.0);
        if let Some(colour) = self.colour {
            self.shaper.latch(colour);
        }
    }

    /// Gain of the raw chance for the dial's level.
    fn level(&mut self, settings: &Settings, response: Response) -> f32 {
        if self.colour.is_none() || self.level.0 != *settings {
            self.level = (*settings, self.worked_out(settings, response));
        }
        self.level.1
    }

    fn worked_out(&mut self, settings: &Settings, response: Response) -> f32 {
        let standard = machine::time_constants(settings.equalisation, settings.speed_ips.into());
        let colour = Colour { standard, response };
        if self.colour != Some(colour) {
            self.colour = Some(colour);
            self.weighed = colour.weighed(self.rate_hz) as f32;
            let corner_hz = (std::f64::consts::TAU * standard.bass_s).recip() as f32;
            for bass in &mut self.bass {
                bass.reset(0.0);
                bass.set_hz(corner_hz, self.rate_hz as f32);
            }
        }
        let three_percent_db = THREE_PERCENT_DB + record::off_tape_db(settings);
        SINE_RMS * units::gain(settings.hiss_db + three_percent_db) / self.weighed
    }

    /// Adds it to `leg.frames` frames of `sound`.
    pub fn process(&mut self, leg: &Leg<Settings>, sound: &mut Sound) {
        if !self.runs {
            self.bass.iter_mut().for_each(|bass| bass.reset(0.0));
            return self.shaper.silence();
        }
        let from = leg.song.sample - self.origin;
        let mut hiss = [[0.0; CELL]; 2];
        for (lane, hiss) in (LANE..).zip(&mut hiss[..self.channels]) {
            white(Chance::new(self.seed, lane), from, &mut hiss[..leg.frames]);
        }
        self.shaper.process(&mut hiss, leg.frames);
        for k in 0..leg.frames {
            let gain = self.gain.tick();
            for ((sound, hiss), bass) in sound.iter_mut().zip(&hiss).zip(&mut self.bass) {
                sound[k] = settle(sound[k] + gain * bass.high(hiss[k]));
            }
        }
    }
}

/// Chance in -1..1 for each sample of the tape from `from` on.
fn white(chance: Chance, from: i64, out: &mut [f32]) {
    let (mut at, mut four) = (i64::MIN, [0.0; 4]);
    for (sample, x) in (from..).zip(out) {
        if sample.div_euclid(4) != at {
            at = sample.div_euclid(4);
            four = chance.uniform(at);
        }
        *x = 2.0 * four[sample.rem_euclid(4) as usize] - 1.0;
    }
}

impl Colour {
    /// A-weighted effective value at `rate_hz` of white chance in -1..1 after replay.
    fn weighed(&self, rate_hz: f64) -> f64 {
        let (low, high) = (WEIGHED_HZ.0, WEIGHED_HZ.1.min(0.5 * rate_hz));
        let step = (high / low).ln() / WEIGHED_STEPS as f64;
        let power = |k: usize| {
            let hz = low * ((k as f64 + 0.5) * step).exp();
            hz * step * (self.standard.replay(hz) * self.response.gain(hz) * a_weight(hz)).powi(2)
        };
        // Power of the chance, 1/3, for each hertz up to half of the rate.
        ((0..WEIGHED_STEPS).map(power).sum::<f64>() * 2.0 / (3.0 * rate_hz)).sqrt()
    }
}

/// The A curve of IEC 61672-1 as a gain.
fn a_weight(hz: f64) -> f64 {
    let square = hz * hz;
    let pole = |hz: f64| square + hz * hz;
    1.258_9 * 12_194f64.powi(2) * square * square / (pole(20.6) * (pole(107.7) * pole(737.9)).sqrt() * pole(12_194.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_that_of_the_standard() {
        for (hz, db) in [(31.5, -39.4), (100.0, -19.1), (1_000.0, 0.0), (4_000.0, 1.0), (16_000.0, -6.6)] {
            assert!((20.0 * a_weight(hz).log10() - db).abs() < 0.15, "{hz} Hz");
        }
    }

    #[test]
    fn chance_is_addressed_by_sample() {
        let (mut whole, mut part) = ([0.0; 30], [0.0; 10]);
        white(Chance::new(1, 2), -15, &mut whole);
        white(Chance::new(1, 2), -2, &mut part);
        assert_eq!(whole[13..23], part);
    }
}
