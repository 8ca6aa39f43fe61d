//! The width of the stereo image.

use green_ring_dsp::{Ramp, Sound, Spec};

/// Seconds that a change of width takes.
const MOVE_S: f64 = 0.03;

/// Scales the side signal.
#[derive(Clone, Debug)]
pub struct Width {
    stereo: bool,
    fresh: bool,
    side: Ramp,
}

impl Width {
    /// A width that has yet to be set. Mono passes.
    pub fn new(spec: &Spec) -> Self {
        Self { stereo: spec.channels == 2, fresh: true, side: Ramp::new(1.0, spec.samples(MOVE_S)) }
    }

    /// Equal to fresh: the next width is taken at once.
    pub fn reset(&mut self) {
        self.fresh = true;
    }

    /// Moves to `width`: 0 is mono, 1 leaves the image alone, 2 doubles the side signal.
    pub fn set(&mut self, width: f32) {
        if std::mem::take(&mut self.fresh) { self.side.jump(width) } else { self.side.go(width) }
    }

    /// Widens or narrows `frames` frames in place. At 1 the sound passes bit for bit.
    pub fn process(&mut self, sound: &mut Sound, frames: usize) {
        if !self.stereo || self.side.rests_at(1.0) {
            return;
        }
        let [left, right] = sound;
        for (l, r) in left[..frames].iter_mut().zip(&mut right[..frames]) {
            let more = 0.5 * (*l - *r) * (self.side.tick() - 1.0);
            (*l, *r) = (*l + more, *r - more);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::CELL;

    fn at(width: f32) -> (f32, f32) {
        let mut stage = Width::new(&Spec { sample_rate: 48_000.0, channels: 2 });
        stage.set(width);
        let mut sound = [[0.75; CELL], [0.25; CELL]];
        stage.process(&mut sound, CELL);
        (sound[0][0], sound[1][0])
    }

    #[test]
    fn width_scales_the_difference_and_keeps_the_sum() {
        assert_eq!(at(0.0), (0.5, 0.5));
        assert_eq!(at(1.0), (0.75, 0.25));
        assert_eq!(at(2.0), (1.0, 0.0));
    }
}
