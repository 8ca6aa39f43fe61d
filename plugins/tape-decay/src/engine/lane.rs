//! One dial of pitch wander: how far it is turned, its trajectory, and how it changes trajectories.

use green_ring_dsp::{Ramp, Spec};

use super::wander::Wander;

/// Seconds that a dial takes to where it is turned.
const DIAL_S: f64 = 0.1;

/// A trajectory with a dial.
#[derive(Clone, Debug)]
pub struct Lane {
    seconds_a_sample: f64,
    /// The largest swing in seconds, at any dial.
    limit_s: f64,
    fresh: bool,
    dial: Ramp,
    /// Scale of the trajectory for the dial as it stands.
    scale: f64,
    wander: Wander,
    catch_up: CatchUp,
    /// The last three positions that were given out, newest last.
    last: [f64; 3],
}

impl Lane {
    /// A lane that follows `wander`, swings by at most `limit_s`, and takes `catch_up_s` to a new trajectory.
    pub fn new(spec: &Spec, wander: Wander, limit_s: f64) -> Self {
        Self {
            seconds_a_sample: spec.sample_rate.recip(),
            limit_s,
            fresh: true,
            dial: Ramp::new(0.0, spec.samples(DIAL_S)),
            scale: 0.0,
            wander,
            catch_up: CatchUp::default(),
            last: [0.0; 3],
        }
    }

    /// Equal to fresh: the next dial and trajectory are taken at once.
    pub fn reset(&mut self) {
        self.fresh = true;
        self.catch_up = CatchUp::default();
        self.last = [0.0; 3];
    }

    /// Turns the dial to a reading of `dial` (0.01 is 1 %).
    pub fn turn(&mut self, dial: f32) {
        if self.fresh {
            self.dial.jump(dial);
            self.scale = self.scale_at(dial);
        } else {
            self.dial.go(dial);
        }
    }

    /// Follows `wander` from `seconds` on. From a trajectory that it was on, it gets there within `catch_up_s`,
    /// without a corner. Turn the dial first.
    pub fn follow(&mut self, wander: Wander, seconds: f64, catch_up_s: f64) {
        self.wander = wander;
        self.scale = self.scale_at(self.dial.value());
        if std::mem::take(&mut self.fresh) {
            return;
        }
        let ago = |samples: f64| self.scale * self.wander.clone().at(seconds - samples * self.seconds_a_sample);
        let apart = [self.last[0] - ago(3.0), self.last[1] - ago(2.0), self.last[2] - ago(1.0)];
        self.catch_up = CatchUp::from(apart, (catch_up_s / self.seconds_a_sample).round());
    }

    /// Whether the tape stands still, exactly where it should be.
    pub fn still(&self) -> bool {
        self.dial.rests_at(0.0) && self.catch_up.done()
    }

    /// The position in seconds at the next sample, which is `seconds` from Start.
    #[inline]
    pub fn tick(&mut self, seconds: f64) -> f64 {
        if self.dial.moving() {
            let dial = self.dial.tick();
            self.scale = self.scale_at(dial);
        }
        let position = if self.scale == 0.0 { 0.0 } else { self.scale * self.wander.at(seconds) };
        let position = position + self.catch_up.tick();
        self.last = [self.last[1], self.last[2], position];
        position
    }

    /// The reading that is reached with the dial at `dial`: less than that where the swing would pass the limit. A
    /// smooth bend, so that a sweep of the dial into the limit has no corner.
    pub fn reading(&self, dial: f32) -> f64 {
        self.scale_at(dial)
    }

    /// The largest swing in seconds with the dial at `dial`.
    pub fn peak_s(&self, dial: f32) -> f64 {
        self.scale_at(dial) * self.wander.peak_s()
    }

    fn scale_at(&self, dial: f32) -> f64 {
        let dial = dial as f64;
        let over = (dial * self.wander.peak_s() / self.limit_s).powi(8);
        dial / (1.0 + over).sqrt().sqrt().sqrt()
    }
}

/// The way from one trajectory to another: what they differ by, led to nothing on the minimum-jerk path (Flash &
/// Hogan, J. Neuroscience 5(7), 1985).
#[derive(Clone, Debug, Default)]
struct CatchUp {
    length: f64,
    at: f64,
    /// Coefficients in time normalised to `length`, lowest power first.
    path: [f64; 6],
}

impl CatchUp {
    /// From what was `apart` three, two and one samples ago to nothing after `length` samples.
    fn from(apart: [f64; 3], length: f64) -> Self {
        let [old, mid, new] = apart;
        // The parabola through the three, led on to now: place, speed and acceleration, in normalised time.
        let bend = new - 2.0 * mid + old;
        let (p, v, a) = (3.0 * (new - mid) + old, (new - mid + 1.5 * bend) * length, bend * length * length);
        let path =
            [p, v, a / 2.0, -10.0 * p - 6.0 * v - 1.5 * a, 15.0 * p + 8.0 * v + 1.5 * a, -6.0 * p - 3.0 * v - 0.5 * a];
        Self { length, at: 0.0, path }
    }

    fn done(&self) -> bool {
        self.at >= self.length
    }

    #[inline]
    fn tick(&mut self) -> f64 {
        if self.done() {
            return 0.0;
        }
        let t = self.at / self.length;
        self.at += 1.0;
        self.path.iter().rev().fold(0.0, |sum, c| sum * t + c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

    #[test]
    fn a_new_trajectory_is_reached_on_time_and_without_a_corner() {
        let mut lane = Lane::new(&SPEC, Wander::turning(1.0, 1, 0), 0.017);
        lane.turn(0.02);
        lane.follow(Wander::turning(1.0, 1, 0), 0.0, 0.2);
        let at = |k: usize| k as f64 / 48_000.0;
        let mut path: Vec<f64> = (0..5_000).map(|k| lane.tick(at(k))).collect();
        lane.follow(Wander::turning(1.0, 2, 0), at(5_000), 0.2);
        path.extend((5_000..20_000).map(|k| lane.tick(at(k))));
        let bend = path.windows(3).map(|w| (w[2] - 2.0 * w[1] + w[0]).abs()).fold(0.0, f64::max);
        assert!(bend < 4e-9, "{bend}");
        let mut other = Lane::new(&SPEC, Wander::turning(1.0, 2, 0), 0.017);
        other.turn(0.02);
        other.follow(Wander::turning(1.0, 2, 0), 0.0, 0.2);
        assert_eq!(path[5_000 + 9_600], other.tick(at(5_000 + 9_600)));
    }

    #[test]
    fn the_swing_is_limited_and_what_is_reached_is_told() {
        let lane = Lane::new(&SPEC, Wander::turning(0.2, 1, 0), 0.017);
        assert!(lane.peak_s(0.03) <= 0.017 && lane.peak_s(0.03) > 0.016);
        assert!(lane.reading(0.03) < 0.01);
        let lane = Lane::new(&SPEC, Wander::turning(0.8, 1, 0), 0.017);
        assert!((lane.reading(0.02) / 0.02 - 1.0).abs() < 0.02, "{}", lane.reading(0.02));
    }
}
