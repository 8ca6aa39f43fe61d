//! Decay on its way to where a player wants it.

use super::absorb::Bands;
use super::settings::Settings;
use green_ring_dsp::{CELL, Ramp, Spec};

/// Seconds that a move of Decay or of a crossover takes.
const DECAY_S: f64 = 0.06;

/// The decays of the three bands on their way, in logarithms, so that they move by equal ratios.
#[derive(Debug)]
pub struct Decay([Ramp; 5]);

impl Decay {
    /// Decays that stand where the first settings put them.
    pub fn new(spec: &Spec) -> Self {
        let cells = spec.samples(DECAY_S) / CELL + 1;
        Self(std::array::from_fn(|_| Ramp::new(0.0, cells)))
    }

    /// One cell on towards `settings`; while the tail is frozen the last goal stays.
    pub fn advance(&mut self, settings: &Settings, fresh: bool) -> Bands {
        let goals = [
            settings.mid_s(),
            settings.mid_s() * settings.low_decay,
            settings.mid_s() * settings.high_share(),
            settings.low_crossover_hz,
            settings.high_crossover_hz,
        ];
        for (ramp, goal) in self.0.iter_mut().zip(goals) {
            if fresh {
                ramp.jump(goal.ln());
            } else if !settings.freeze {
                ramp.go(goal.ln());
            }
            ramp.tick();
        }
        let [mid_s, low_s, high_s, low_hz, high_hz] = std::array::from_fn(|k| self.0[k].value().exp());
        Bands { mid_s, low_s, high_s, low_hz, high_hz }
    }
}
