//! Movement of a value without a click, exact at its end.
//!
//! A straight ramp has corners, and a corner on a gain is heard in the treble. This one follows the minimum-jerk
//! path (Flash & Hogan, J. Neuroscience 5(7), 1985): the quintic that starts with the place, speed and
//! acceleration the value has now and ends at rest at the target. A target that moves in mid-flight starts a new
//! quintic from where the value is, so a host that sends one value every 512 frames draws a smooth curve.

use crate::CELL;

/// A value that moves to its target within a fixed time.
#[derive(Clone, Debug)]
pub struct Ramp {
    length: u32,
    target: f32,
    value: f32,
    at: u32,
    /// Coefficients of the quintic in normalised time, lowest power first.
    path: [f64; 6],
}

impl Ramp {
    /// A value at rest that will take `length_samples` (at least 1) for each move.
    pub fn new(value: f32, length_samples: usize) -> Self {
        let length = length_samples.max(1) as u32;
        Self { length, target: value, value, at: length, path: [0.0; 6] }
    }

    /// Stands at `value` at once, at rest.
    pub fn jump(&mut self, value: f32) {
        (self.target, self.value, self.at) = (value, value, self.length);
    }

    /// Starts to move to `target`, from the present place, speed and acceleration. Naming the target that it has
    /// already changes nothing.
    pub fn go(&mut self, target: f32) {
        if target == self.target {
            return;
        }
        let [p, v, a] = self.motion();
        self.target = target;
        self.at = 0;
        // Boundary conditions solved for end speed and acceleration zero, in time normalised to 0..1.
        let d = target as f64 - p;
        self.path =
            [p, v, a / 2.0, 10.0 * d - 6.0 * v - 1.5 * a, -15.0 * d + 8.0 * v + 1.5 * a, 6.0 * d - 3.0 * v - 0.5 * a];
    }

    /// The value that is moved to.
    #[inline]
    pub fn target(&self) -> f32 {
        self.target
    }

    /// The value as it is now.
    #[inline]
    pub fn value(&self) -> f32 {
        self.value
    }

    /// Whether the value is still on its way.
    #[inline]
    pub fn moving(&self) -> bool {
        self.at < self.length
    }

    /// Whether the value rests at exactly `value`.
    #[inline]
    pub fn rests_at(&self, value: f32) -> bool {
        !self.moving() && self.value == value
    }

    /// The next sample of the value.
    #[inline]
    pub fn tick(&mut self) -> f32 {
        if self.at < self.length {
            self.at += 1;
            self.value = if self.at == self.length { self.target } else { self.place() };
        }
        self.value
    }

    /// The next `frames` samples of the value, up to a cell of them.
    #[inline]
    pub fn ticks(&mut self, frames: usize) -> [f32; CELL] {
        let mut values = [self.value; CELL];
        if self.moving() {
            values[..frames].iter_mut().for_each(|value| *value = self.tick());
        }
        values
    }

    fn place(&self) -> f32 {
        let t = self.at as f64 / self.length as f64;
        self.path.iter().rev().fold(0.0, |sum, c| sum * t + c) as f32
    }

    /// Place, speed and acceleration now, in time normalised to the ramp's length.
    fn motion(&self) -> [f64; 3] {
        if !self.moving() {
            return [self.value as f64, 0.0, 0.0];
        }
        let t = self.at as f64 / self.length as f64;
        let [c0, c1, c2, c3, c4, c5] = self.path;
        [
            c0 + t * (c1 + t * (c2 + t * (c3 + t * (c4 + t * c5)))),
            c1 + t * (2.0 * c2 + t * (3.0 * c3 + t * (4.0 * c4 + t * 5.0 * c5))),
            2.0 * c2 + t * (6.0 * c3 + t * (12.0 * c4 + t * 20.0 * c5)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_exactly_and_on_time() {
        let mut ramp = Ramp::new(0.0, 100);
        ramp.go(0.3);
        let values: Vec<f32> = (0..101).map(|_| ramp.tick()).collect();
        assert!(values[98] != 0.3 && values[99] == 0.3 && values[100] == 0.3);
        assert!(values.windows(2).all(|w| w[1] >= w[0]), "monotone from rest");
        assert!(ramp.rests_at(0.3));
    }

    #[test]
    fn a_moving_target_makes_no_corner() {
        let mut ramp = Ramp::new(0.0, 960);
        let mut values = vec![];
        for step in 0..20 {
            ramp.go((step % 4) as f32 / 3.0);
            values.extend((0..512).map(|_| ramp.tick() as f64));
        }
        // Second difference of a smooth path of this length stays tiny; a corner of a straight ramp is 1/960.
        let bend = values.windows(3).map(|w| (w[2] - 2.0 * w[1] + w[0]).abs()).fold(0.0, f64::max);
        assert!(bend < 3e-5, "{bend}");
    }

    #[test]
    fn jump_is_at_once_and_go_to_the_same_target_changes_nothing() {
        let mut ramp = Ramp::new(1.0, 10);
        ramp.go(2.0);
        ramp.tick();
        let there = ramp.value();
        ramp.go(2.0);
        assert_eq!(ramp.value(), there);
        assert!(ramp.moving());
        ramp.jump(5.0);
        assert_eq!(ramp.tick(), 5.0);
    }
}
