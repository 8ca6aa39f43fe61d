//! The gain law: what each part of the wet sound weighs, so that Dream is not heard as a fader.
//!
//! All parts come from one source, but after the network, the swell or the tail ring none has phases in common with
//! another, so their powers add. Each is made to be as loud as what entered the room, for steady sound: the early
//! reflections by their gains, the network by its feed (`network::feed`), the transforms by their own norms. In units of
//! that power, with E the share of the early reflections at Dream 0 and L^2 the power of Early:
//!
//! - The room at Dream 0 has E L^2 + (1 - E). That is the power P that has to stay.
//! - At Dream d the early reflections keep e = E L^2 (1 - d)^2, and the tail is given P - e: what dissolves goes into the
//!   tail.
//! - Transform k is given g_k^2 = d^2 a_k / (1 - a_k / 2) times what the tail has, so that one alone, at 100 % in the dream,
//!   carries two thirds. Tail and transforms together then have (P - e) (1 + sum g_k^2), which is divided out.
//! - Shimmer is not mixed to the tail but makes more of it: by a decibel at 100 %, which is taken back ([`SHIMMERED`]).
//! - The dream's darker air takes octaves of pink noise from all of it: their share is given back.

use super::settings::Settings;
use green_ring_dsp::{Ramp, Sound, Spec, units};

/// Share of the early reflections in the power of the room. A room strikes first with these: the loudest moment of a
/// click's answer has to be its beginning.
const EARLY_SHARE: f32 = 0.35;

/// Where programme has its power: cuts beyond change nothing.
const HEARD_HZ: [f32; 2] = [60.0, 14_000.0];

/// Power that full Shimmer adds to the tail, by measurement at an octave up.
const SHIMMERED: f32 = 0.26;

/// Seconds that a move takes.
const MOVE_S: f64 = 0.05;

/// Early reflections, tail, and the transforms in the order of [`amounts`].
pub const PARTS: usize = 2 + TRANSFORMS;
/// Transforms that are mixed to the tail.
pub const TRANSFORMS: usize = 4;

/// Gains of all parts, on their way.
#[derive(Debug)]
pub struct Balance {
    gains: [Ramp; PARTS],
    fresh: bool,
}

impl Balance {
    /// Gains that the first settings give.
    pub fn new(spec: &Spec) -> Self {
        Self { gains: std::array::from_fn(|_| Ramp::new(0.0, spec.samples(MOVE_S))), fresh: true }
    }

    /// The next gains are taken at once.
    pub fn reset(&mut self) {
        self.fresh = true;
    }

    /// Moves to the gains of `settings`.
    pub fn latch(&mut self, settings: &Settings) {
        let fresh = std::mem::take(&mut self.fresh);
        for (ramp, gain) in self.gains.iter_mut().zip(gains(settings)) {
            if fresh {
                ramp.jump(gain);
            } else {
                ramp.go(gain);
            }
        }
    }

    /// Whether part `part` is heard, now or soon.
    pub fn hears(&self, part: usize) -> bool {
        !self.gains[part].rests_at(0.0)
    }

    /// Adds `frames` frames of part `part` to `sum`.
    pub fn add(&mut self, part: usize, sound: &Sound, sum: &mut Sound, frames: usize) {
        let gains = self.gains[part].ticks(frames);
        for (sum, sound) in sum.iter_mut().zip(sound) {
            for ((sum, x), gain) in sum.iter_mut().zip(sound).zip(&gains[..frames]) {
                *sum += gain * x;
            }
        }
    }
}

/// Amounts of the transforms: Reverse, Grains, Choir, Drone.
fn amounts(settings: &Settings) -> [f32; TRANSFORMS] {
    [settings.reverse, settings.grains, settings.choir, settings.drone]
}

/// The gain law.
fn gains(settings: &Settings) -> [f32; PARTS] {
    let dream = settings.dream;
    let whole = EARLY_SHARE * units::gain(settings.early_db).powi(2);
    let early = whole * (1.0 - dream) * (1.0 - dream);
    let shares = amounts(settings).map(|a| dream * dream * a / (1.0 - 0.5 * a));
    let tail = (whole - early + 1.0 - EARLY_SHARE) / (1.0 + shares.iter().sum::<f32>());
    let tail = tail / (1.0 + SHIMMERED * dream * settings.shimmer);
    let air = octaves(settings, settings.high_cut_hz) / octaves(settings, settings.top_hz());
    std::array::from_fn(|part| match part {
        0 => (air * early).sqrt(),
        1 => (air * tail).sqrt(),
        _ => (air * tail * shares[part - 2]).sqrt(),
    })
}

/// The share of the early reflections in what is heard of steady sound.
pub fn share(settings: &Settings) -> f32 {
    let [early, rest @ ..] = gains(settings).map(|gain| gain * gain);
    early / (early + rest.iter().sum::<f32>())
}

/// Octaves of programme between Low Cut and `top_hz`.
fn octaves(settings: &Settings, top_hz: f32) -> f32 {
    (top_hz.min(HEARD_HZ[1]) / settings.low_cut_hz.max(HEARD_HZ[0])).log2().max(0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_sum_to_those_of_the_room_wherever_the_dream_stands() {
        for early_db in [f32::NEG_INFINITY, 0.0, 6.0] {
            let settings = Settings { early_db, choir: 0.5, drone: 1.0, high_cut_hz: 20_000.0, ..Settings::default() };
            let power = |dream| gains(&Settings { dream, ..settings }).iter().map(|g| g * g).sum::<f32>();
            for dream in [0.2, 0.5, 0.8, 1.0] {
                let air = octaves(&settings, 20_000.0) / octaves(&settings, Settings { dream, ..settings }.top_hz());
                assert!((power(dream) / air / power(0.0) - 1.0).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn at_dream_zero_transforms_are_not_there_and_at_one_the_walls_are_gone() {
        let all = Settings { choir: 1.0, drone: 1.0, ..Settings::default() };
        assert_eq!(gains(&all)[2..], [0.0; TRANSFORMS]);
        assert_eq!(gains(&Settings { dream: 1.0, ..all })[0], 0.0);
        let alone = gains(&Settings { dream: 1.0, reverse: 1.0, grains: 0.0, ..Settings::default() });
        assert!((alone[2].powi(2) / (alone[1].powi(2) + alone[2].powi(2)) - 2.0 / 3.0).abs() < 1e-6);
    }
}
