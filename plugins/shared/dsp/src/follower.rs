//! Followers: how loud sound is, moment by moment.

/// The mean of a power over a gliding window, exact: the window is a ring of equal steps that are summed anew, so
/// that no rounding error builds up.
#[derive(Clone, Debug)]
pub struct GlidingMean {
    steps: Box<[f64]>,
    at: usize,
    step_samples: usize,
    sum: f64,
    count: usize,
}

impl GlidingMean {
    /// A window of `steps` steps of `step_samples` each. Allocates.
    pub fn new(steps: usize, step_samples: usize) -> Self {
        Self {
            steps: vec![0.0; steps].into_boxed_slice(),
            at: 0,
            step_samples: step_samples.max(1),
            sum: 0.0,
            count: 0,
        }
    }

    /// A window of silence.
    pub fn reset(&mut self) {
        self.steps.fill(0.0);
        (self.at, self.sum, self.count) = (0, 0.0, 0);
    }

    /// Takes in one value; at the end of each step gives the new mean of the window.
    #[inline]
    pub fn tick(&mut self, power: f64) -> Option<f64> {
        self.sum += power;
        self.count += 1;
        if self.count < self.step_samples {
            return None;
        }
        self.steps[self.at] = self.sum / self.step_samples as f64;
        self.at = (self.at + 1) % self.steps.len();
        (self.sum, self.count) = (0.0, 0);
        Some(self.mean())
    }

    /// The mean over the window as of the last whole step.
    pub fn mean(&self) -> f64 {
        self.steps.iter().sum::<f64>() / self.steps.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_forgets_exactly() {
        let mut mean = GlidingMean::new(4, 10);
        let mut last = None;
        for _ in 0..40 {
            last = mean.tick(2.0).or(last);
        }
        assert_eq!(last, Some(2.0));
        for _ in 0..20 {
            last = mean.tick(0.0).or(last);
        }
        assert_eq!(last, Some(1.0));
        for _ in 0..20 {
            last = mean.tick(0.0).or(last);
        }
        assert_eq!(last, Some(0.0));
    }
}
