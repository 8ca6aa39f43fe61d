//! Recede: a sound goes away. Its level and its top fall together, as they do over distance and through walls.

use green_ring_dsp::door::settle;
use green_ring_dsp::filter::SvfBank;
use green_ring_dsp::{Ramp, Sound, Spec, units};
use std::f32::consts::FRAC_1_SQRT_2;

/// Level of what has wholly receded.
const FARTHEST_DB: f32 = -12.0;

/// The top of what is near, and of what has wholly receded.
const TOPS_HZ: [f32; 2] = [20_000.0, 1_200.0];

/// Width that is left of what has wholly receded.
pub const FARTHEST_WIDTH: f32 = 0.3;

/// Seconds that a move takes.
const MOVE_S: f64 = 0.06;

/// The distance of one sound.
#[derive(Debug)]
pub struct Recede {
    rate_hz: f32,
    far: Ramp,
    filter: SvfBank<2>,
    near: bool,
    fresh: bool,
}

impl Recede {
    /// A sound that is near until settings come.
    pub fn new(spec: &Spec) -> Self {
        Self {
            rate_hz: spec.sample_rate as f32,
            far: Ramp::new(0.0, spec.samples(MOVE_S)),
            filter: SvfBank::default(),
            near: true,
            fresh: true,
        }
    }

    /// Silence; the next settings are taken at once.
    pub fn reset(&mut self) {
        self.filter.reset();
        self.fresh = true;
    }

    /// At a cell's edge: moves to `far` (0..1).
    pub fn latch(&mut self, far: f32) {
        self.far.go(far);
        if std::mem::take(&mut self.fresh) {
            self.far.jump(far);
            self.tune();
        }
        self.near = self.far.rests_at(0.0);
        if self.near {
            self.filter.reset();
        }
    }

    /// Takes `frames` frames of `sound` away. What is near passes bit for bit.
    pub fn process(&mut self, sound: &mut Sound, frames: usize) {
        if self.near {
            return;
        }
        let [left, right] = sound;
        let mut weights = self.weights();
        for (l, r) in left.iter_mut().zip(right).take(frames) {
            if self.far.moving() {
                self.far.tick();
                self.tune();
                weights = self.weights();
            }
            let [gain, dull] = weights;
            let low = self.filter.tick([*l, *r]).low;
            // The filter comes in by degrees: even wide open it would turn phases.
            *l = settle(gain * (*l + dull * (low[0] - *l)));
            *r = settle(gain * (*r + dull * (low[1] - *r)));
        }
    }

    /// Gain, and how far the filter has come in.
    fn weights(&self) -> [f32; 2] {
        let far = self.far.value();
        [units::gain(FARTHEST_DB * far), 1.0 - (1.0 - far).powi(4)]
    }

    fn tune(&mut self) {
        let hz = TOPS_HZ[0] * (TOPS_HZ[1] / TOPS_HZ[0]).powf(self.far.value());
        self.filter.set(hz, FRAC_1_SQRT_2, self.rate_hz);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::CELL;

    fn level_db(far: f32, hz: f64) -> f64 {
        let mut recede = Recede::new(&Spec { sample_rate: 48_000.0, channels: 2 });
        recede.latch(far);
        let mut power = 0.0;
        for cell in 0..1_500 {
            let at = |n: usize| (std::f64::consts::TAU * hz * (cell * CELL + n) as f64 / 48_000.0).sin() as f32;
            let mut sound: Sound = [std::array::from_fn(at); 2];
            recede.process(&mut sound, CELL);
            power += sound[1].iter().map(|x| f64::from(x * x)).sum::<f64>() / 24_000.0;
        }
        10.0 * power.log10()
    }

    #[test]
    fn level_and_top_fall_together_and_what_is_near_is_untouched() {
        assert!(level_db(0.0, 997.0).abs() < 1e-3);
        let (half, far) = (level_db(0.5, 300.0), level_db(1.0, 300.0));
        assert!((half + 6.0).abs() < 0.5 && (far + 12.0).abs() < 0.5, "{half} {far}");
        let (half, far) = (level_db(0.5, 10_000.0), level_db(1.0, 10_000.0));
        assert!((-26.0..-16.0).contains(&half) && far < -40.0, "{half} {far}");
    }
}
