//! Width of the wet sound, at constant power.

use green_ring_dsp::{Ramp, Sound, Spec};

/// Seconds that a move of Width takes.
const WIDTH_S: f64 = 0.03;

/// Middle and side, weighed.
#[derive(Debug)]
pub struct Width {
    middle: Ramp,
    side: Ramp,
    fresh: bool,
}

impl Width {
    /// A width that the first settings give.
    pub fn new(spec: &Spec) -> Self {
        let ramp = Ramp::new(1.0, spec.samples(WIDTH_S));
        Self { middle: ramp.clone(), side: ramp, fresh: true }
    }

    /// The next width is taken at once.
    pub fn reset(&mut self) {
        self.fresh = true;
    }

    /// Moves to `width` (0..1.5).
    pub fn latch(&mut self, width: f32) {
        // Middle and side have equal power in the tail, so these two gains keep the sum of powers at every width.
        let middle = (2.0 / (1.0 + width * width)).sqrt();
        self.middle.go(middle);
        self.side.go(width * middle);
        if std::mem::take(&mut self.fresh) {
            self.middle.jump(middle);
            self.side.jump(width * middle);
        }
    }

    /// Spreads `frames` frames of `sound`.
    pub fn process(&mut self, sound: &mut Sound, frames: usize) {
        let (middles, sides) = (self.middle.ticks(frames), self.side.ticks(frames));
        let [left, right] = sound;
        for (((l, r), middle), side) in left.iter_mut().zip(right).zip(&middles).zip(&sides) {
            let (m, s) = (0.5 * middle * (*l + *r), 0.5 * side * (*l - *r));
            (*l, *r) = (m + s, m - s);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::CELL;
    use green_ring_dsp::chance::Chance;

    #[test]
    fn width_keeps_power_and_zero_is_mono() {
        let powers = |width: f32| {
            let mut stage = Width::new(&Spec { sample_rate: 48_000.0, channels: 2 });
            stage.latch(width);
            let (mut power, chance) = ([0.0f64; 2], Chance::new(1, 1));
            for cell in 0..2_000i64 {
                let noise: [[f32; 2]; CELL] = std::array::from_fn(|n| chance.normal(cell * CELL as i64 + n as i64));
                let mut sound: Sound = std::array::from_fn(|side| noise.map(|x| x[side]));
                stage.process(&mut sound, CELL);
                for (l, r) in sound[0].iter().zip(&sound[1]) {
                    power[0] += f64::from(l + r).powi(2);
                    power[1] += f64::from(l - r).powi(2);
                }
            }
            power
        };
        let full: f64 = powers(1.0).iter().sum();
        for width in [0.0, 0.5, 1.5] {
            let [middle, side] = powers(width);
            assert!((10.0 * ((middle + side) / full).log10()).abs() < 0.3);
            assert!(width > 0.0 || side == 0.0);
        }
    }
}
