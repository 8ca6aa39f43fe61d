//! Crosstalk: each track in the other.

use green_ring_dsp::door::settle;
use green_ring_dsp::{Ramp, Sound, Spec, units};

/// Seconds that a change takes.
const MOVE_S: f64 = 0.03;

/// What each channel gives the other.
#[derive(Clone, Debug)]
pub struct Crosstalk {
    stereo: bool,
    fresh: bool,
    gain: Ramp,
}

impl Crosstalk {
    /// A crosstalk that has yet to be set. Mono passes.
    pub fn new(spec: &Spec) -> Self {
        Self { stereo: spec.channels == 2, fresh: true, gain: Ramp::new(0.0, spec.samples(MOVE_S)) }
    }

    /// Equal to fresh: the next level is taken at once.
    pub fn reset(&mut self) {
        self.fresh = true;
    }

    /// Moves to `db`; minus infinity is none.
    pub fn set(&mut self, db: f32) {
        let gain = units::gain(db);
        if std::mem::take(&mut self.fresh) { self.gain.jump(gain) } else { self.gain.go(gain) }
    }

    /// Mixes `frames` frames in place.
    pub fn process(&mut self, sound: &mut Sound, frames: usize) {
        if !self.stereo || self.gain.rests_at(0.0) {
            return;
        }
        let [left, right] = sound;
        for (l, r) in left[..frames].iter_mut().zip(&mut right[..frames]) {
            let gain = self.gain.tick();
            if gain != 0.0 {
                (*l, *r) = (settle(*l + gain * *r), settle(*r + gain * *l));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::CELL;

    #[test]
    fn each_side_is_heard_in_the_other_by_so_much() {
        let mut stage = Crosstalk::new(&Spec { sample_rate: 48_000.0, channels: 2 });
        stage.set(-40.0);
        let mut sound = [[1.0; CELL], [0.0; CELL]];
        stage.process(&mut sound, CELL);
        assert!(sound[0][0] == 1.0 && (sound[1][0] - 0.01).abs() < 1e-6);
        stage.reset();
        stage.set(f32::NEG_INFINITY);
        sound = [[1.0; CELL], [0.0; CELL]];
        stage.process(&mut sound, CELL);
        assert_eq!(sound[1], [0.0; CELL]);
    }
}
