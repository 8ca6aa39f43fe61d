//! Movement of a value whose moves differ in length: a word that begins, a phrase that ends.
//!
//! As [`green_ring_dsp::Ramp`], the minimum-jerk path (Flash & Hogan, J. Neuroscience 5(7), 1985), but each move
//! brings its own length, and a move that would shoot beyond the value's range waits until the present one has slowed.

/// How far beyond its range a path may bend, as a share of the range.
const SLACK: f64 = 0.002;

/// Points at which a path is checked before it is taken.
const CHECKS: u32 = 16;

/// A value between 0 and `top` that moves without a corner.
#[derive(Clone, Debug)]
pub struct Glide {
    top: f64,
    target: f64,
    value: f64,
    at: u64,
    length: u64,
    /// Coefficients of the quintic in normalised time, lowest power first.
    path: [f64; 6],
}

impl Glide {
    /// A value at rest at 0.
    pub fn new(top: f64) -> Self {
        Self { top, target: 0.0, value: 0.0, at: 0, length: 0, path: [0.0; 6] }
    }

    /// Stands at `value` at once.
    pub fn jump(&mut self, value: f64) {
        *self = Self { target: value, value, ..Self::new(self.top) };
    }

    /// Moves to `target` within `samples`, from the present place, speed and acceleration. Asked for a target that
    /// it cannot turn to smoothly yet, it goes on as it was: ask again.
    pub fn go(&mut self, target: f64, samples: usize) {
        if target == self.target {
            return;
        }
        let length = samples.max(1) as u64;
        let path = self.path_to(target, length as f64);
        if self.admits(&path) {
            (self.path, self.at, self.length, self.target) = (path, 0, length, target);
        }
    }

    /// The value that is moved to.
    pub fn target(&self) -> f64 {
        self.target
    }

    /// Whether the value rests at exactly `value`.
    #[inline]
    pub fn rests_at(&self, value: f64) -> bool {
        self.at == self.length && self.value == value
    }

    /// The next sample of the value.
    #[inline]
    pub fn tick(&mut self) -> f64 {
        self.skip(1)
    }

    /// The value `samples` later.
    #[inline]
    pub fn skip(&mut self, samples: usize) -> f64 {
        if self.at < self.length {
            self.at = (self.at + samples as u64).min(self.length);
            self.value = if self.at == self.length {
                self.target
            } else {
                place(&self.path, self.at as f64 / self.length as f64).clamp(0.0, self.top)
            };
        }
        self.value
    }

    /// Boundary conditions solved for end speed and acceleration zero, in time normalised to the new length.
    fn path_to(&self, target: f64, length: f64) -> [f64; 6] {
        let (mut v, mut a) = (0.0, 0.0);
        if self.at < self.length {
            let (t, stretch) = (self.at as f64 / self.length as f64, length / self.length as f64);
            let [_, c1, c2, c3, c4, c5] = self.path;
            v = stretch * (c1 + t * (2.0 * c2 + t * (3.0 * c3 + t * (4.0 * c4 + t * 5.0 * c5))));
            a = stretch * stretch * (2.0 * c2 + t * (6.0 * c3 + t * (12.0 * c4 + t * 20.0 * c5)));
        }
        let d = target - self.value;
        [
            self.value,
            v,
            a / 2.0,
            10.0 * d - 6.0 * v - 1.5 * a,
            -15.0 * d + 8.0 * v + 1.5 * a,
            6.0 * d - 3.0 * v - 0.5 * a,
        ]
    }

    fn admits(&self, path: &[f64; 6]) -> bool {
        let slack = SLACK * self.top;
        (1..CHECKS).all(|k| (-slack..=self.top + slack).contains(&place(path, k as f64 / CHECKS as f64)))
    }
}

#[inline]
fn place(path: &[f64; 6], t: f64) -> f64 {
    path.iter().rev().fold(0.0, |sum, c| sum * t + c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_exactly_and_skipping_is_ticking() {
        let (mut a, mut b) = (Glide::new(1.0), Glide::new(1.0));
        a.go(0.7, 100);
        b.go(0.7, 100);
        for _ in 0..9 {
            for _ in 0..11 {
                a.tick();
            }
            assert_eq!(a.skip(0), b.skip(11));
        }
        assert!(!a.rests_at(0.7));
        a.tick();
        assert!(a.rests_at(0.7));
    }

    #[test]
    fn a_turn_in_mid_flight_never_leaves_the_range_and_makes_no_corner() {
        let mut glide = Glide::new(1.0);
        let mut values = vec![];
        for n in 0..200_000 {
            match n % 32 {
                0 if n % 4_000 < 1_000 => glide.go(1.0, 2_400),
                0 => glide.go(0.0, 120_000),
                _ => {}
            }
            values.push(glide.tick());
        }
        assert!(values.iter().all(|v| (0.0..=1.0).contains(v)) && values.iter().any(|v| *v > 0.9));
        // A corner of a straight ramp of 2 400 samples would be 4e-4.
        let bend = values.windows(3).map(|w| (w[2] - 2.0 * w[1] + w[0]).abs()).fold(0.0, f64::max);
        assert!(bend < 2e-5, "{bend}");
    }
}
