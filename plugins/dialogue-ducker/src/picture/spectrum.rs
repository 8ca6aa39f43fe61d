//! The bed in thirds of an octave, worked out by the editor: the engine looks at bands only when it needs them.

use green_ring_dsp::door::admit;
use green_ring_dsp::filter::Svf;
use green_ring_shell::Listener;

use super::history::FLOOR_DB;
use crate::engine::{BANDS, Bands};

/// Quality of the band-passes: their half-power points meet at the edges of the bands (IEC 61260's thirds).
const QUALITY: f32 = 4.318;

/// A band-pass of this quality lets through pi/2 x f/Q of noise, a third of an octave is 0.2316 f: what makes the one
/// the other, in power.
const SCALE: f32 = 0.231_56 * 2.0 * QUALITY / std::f32::consts::PI;

/// Seconds in which a level falls to 1/e. A number of taste.
const FALL_S: f32 = 0.15;

/// Bands above this share of the sample rate do not exist.
const HIGHEST: f64 = 0.4;

/// Centre of band `b` in hertz.
pub fn centre_hz(b: usize) -> f64 {
    1_000.0 * 10f64.powf((b as f64 - 8.0) / 10.0)
}

/// Band-passes of both channels, and the power behind each.
#[derive(Clone, Debug, Default)]
pub struct Spectrum {
    rate_hz: f64,
    count: usize,
    filters: [[Svf; 2]; BANDS],
    power: Bands,
    /// All that has rung has died away, and silence comes: there is nothing to work out.
    rests: bool,
}

impl Spectrum {
    /// Takes in what has come at `rate_hz`.
    pub fn hear(&mut self, rate_hz: f64, sound: &Listener<[f32; 2]>) {
        if rate_hz != self.rate_hz {
            self.tune(rate_hz);
        }
        let (mut energy, mut frames, mut silent) = ([0.0f32; BANDS], 0, true);
        sound.hear(|frame| {
            let frame = frame.map(admit);
            silent &= frame == [0.0; 2];
            self.rests &= silent;
            if self.rests {
                return;
            }
            for (energy, filters) in energy.iter_mut().zip(&mut self.filters).take(self.count) {
                for (filter, x) in filters.iter_mut().zip(frame) {
                    *energy += (filter.tick(x).band / QUALITY).powi(2);
                }
            }
            frames += 1;
        });
        if frames > 0 {
            let keep = (-(frames as f32) / (FALL_S * self.rate_hz as f32)).exp();
            for (power, energy) in self.power.iter_mut().zip(energy) {
                *power = keep * *power + (1.0 - keep) * SCALE * energy / frames as f32;
            }
            self.rests = silent && self.db() == [FLOOR_DB; BANDS];
        }
    }

    fn tune(&mut self, rate_hz: f64) {
        *self = Self { rate_hz, ..Self::default() };
        self.count = (0..BANDS).take_while(|b| centre_hz(*b) < HIGHEST * rate_hz).count();
        for (b, filters) in self.filters.iter_mut().enumerate().take(self.count) {
            filters.iter_mut().for_each(|filter| filter.set(centre_hz(b) as f32, QUALITY, rate_hz as f32));
        }
    }

    /// How loud the bed would be if all bands were like each of them, in dBFS (mean square, both channels summed),
    /// never below the floor: so they stand about as high as the bed as a whole.
    pub fn db(&self) -> Bands {
        self.power.map(|power| (10.0 * (BANDS as f32 * power).max(1e-12).log10()).max(FLOOR_DB))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_shell::wire;
    use std::f32::consts::TAU;

    #[test]
    fn a_tone_stands_in_its_band_and_silence_falls_to_the_floor() {
        for rate_hz in [44_100.0, 192_000.0] {
            let (mut teller, listener) = wire(rate_hz as usize);
            let mut spectrum = Spectrum::default();
            // It rests at first, and whenever it has been silent for long: a tone wakes it.
            for _ in 0..3 {
                (0..rate_hz as usize / 10).for_each(|_| teller.tell([0.0; 2]));
                spectrum.hear(rate_hz, &listener);
                assert!(spectrum.rests);
            }
            for k in 0..rate_hz as usize {
                let x = 0.1 * (TAU * 1_000.0 * k as f32 / rate_hz as f32).sin();
                teller.tell([x, x]);
            }
            spectrum.hear(rate_hz, &listener);
            let db = spectrum.db();
            // -20 dBFS in all; a tone counts 2 dB less than noise; and 18 bands like this are 12.6 dB more.
            assert!((db[8] + 20.0 + 2.0 - 12.6).abs() < 0.5, "{rate_hz}: {}", db[8]);
            assert!(db.iter().enumerate().all(|(b, db)| b == 8 || *db < -12.0), "{db:?}");
            (0..rate_hz as usize * 9 / 10).for_each(|_| teller.tell([0.0; 2]));
            spectrum.hear(rate_hz, &listener);
            (0..rate_hz as usize * 9 / 10).for_each(|_| teller.tell([f32::NAN; 2]));
            spectrum.hear(rate_hz, &listener);
            assert!(spectrum.db().iter().all(|db| *db < -40.0), "{:?}", spectrum.db());
        }
    }
}
