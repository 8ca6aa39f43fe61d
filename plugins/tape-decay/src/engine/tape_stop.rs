//! Tape Stop: the transport is braked to a standstill, and spins up again to rejoin the present.
//!
//! Braked, the speed falls as 1 - (t / T)^2 of what it was: hardly at first, then all at once. Released, the tape is at the
//! present, at rest; the servo brings it to speed and, as it has fallen behind meanwhile, a little beyond, until it is
//! exactly in step again. With s the speed and d the delay at the moment of release, C = T + 4 d the time it takes, and
//! t in units of C:
//!
//! ```text
//! d(t) = (1 - t)^4 (d + (C (1 - s) + 4 d) t)
//! ```
//!
//! From rest the pitch overshoots by 3.4 semitones. Released before it stands, the tape catches up from where it is.
//! Where the tape is, is closed in the time since the switch was thrown.
//!
//! Replay is equalised to the flux on the tape, down to the lowest notes; below a quarter of the speed the voice of the
//! tape has left them, and its level fades to nothing with the speed.

use green_ring_dsp::Spec;

use super::dropouts::edge;

/// The longest delay in seconds that braking and catching up need, for the longest stop time.
pub const LONGEST_S: f64 = 4.7;

/// Speed below which the level falls.
const FADES_BELOW: f64 = 0.25;

/// How much longer the way back takes for each second that the tape is behind.
const PATIENCE: f64 = 4.0;

/// How the tape runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    /// Speed of the tape in full speeds, without wow and flutter: 1 in step with the song, 0 where it stands.
    pub speed: f32,
    /// Seconds that braking has left it behind the song.
    pub behind_s: f64,
}

/// Where in a movement the tape is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Motion {
    /// In step with the song.
    Playing,
    /// From `delay` and `speed` to a standstill.
    Braking(Start),
    /// At rest.
    Standing,
    /// From `delay` and `speed` back into step.
    Rising(Start),
}

/// How a movement began, and how long it takes. In samples, and samples a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Start {
    delay: f64,
    speed: f64,
    length: f64,
}

impl Start {
    /// Delay and speed `t` samples into braking.
    fn braked(&self, t: f64) -> [f64; 2] {
        let part = t / self.length;
        let way = self.speed * t * (1.0 - part * part / 3.0);
        [self.delay + t - way, self.speed * (1.0 - part * part)]
    }

    /// Delay and speed `t` samples into the way back.
    fn rising(&self, t: f64) -> [f64; 2] {
        let (t, rest) = (t / self.length, 1.0 - t / self.length);
        let slope = self.length * (1.0 - self.speed) + 4.0 * self.delay;
        let behind = self.delay + slope * t;
        [rest.powi(4) * behind, 1.0 - rest.powi(3) * (rest * slope - 4.0 * behind) / self.length]
    }
}

/// The brake.
#[derive(Clone, Debug)]
pub struct Brake {
    rate_hz: f64,
    on: Option<bool>,
    motion: Motion,
    /// Samples since the movement began.
    at: f64,
}

impl Brake {
    /// A brake that has yet to be told whether it is on.
    pub fn new(spec: &Spec) -> Self {
        Self { rate_hz: spec.sample_rate, on: None, motion: Motion::Playing, at: 0.0 }
    }

    /// Equal to fresh: on from the beginning, the tape stands.
    pub fn reset(&mut self) {
        (self.on, self.motion, self.at) = (None, Motion::Playing, 0.0);
    }

    /// Whether the tape is in step with the song.
    pub fn off(&self) -> bool {
        self.motion == Motion::Playing
    }

    /// How the tape runs now.
    pub fn run(&self) -> Run {
        let [delay, speed] = self.now();
        Run { speed: speed as f32, behind_s: delay / self.rate_hz }
    }

    /// Throws the switch, at an edge: what then begins takes `stop_time_s` from full speed to rest, and as long from rest
    /// to full speed.
    pub fn latch(&mut self, on: bool, stop_time_s: f32) {
        let length = (f64::from(stop_time_s) * self.rate_hz).max(1.0);
        match self.on.replace(on) {
            None if on => self.motion = Motion::Standing,
            Some(was) if was != on => self.turn(on, length),
            _ => {}
        }
    }

    fn turn(&mut self, on: bool, length: f64) {
        let [delay, speed] = if self.motion == Motion::Standing { [0.0; 2] } else { self.now() };
        let length = if on { length } else { length + PATIENCE * delay };
        let start = Start { delay, speed, length };
        (self.motion, self.at) = (if on { Motion::Braking(start) } else { Motion::Rising(start) }, 0.0);
    }

    /// Delay in samples and speed.
    fn now(&self) -> [f64; 2] {
        match self.motion {
            Motion::Playing => [0.0, 1.0],
            Motion::Braking(start) => start.braked(self.at),
            Motion::Standing => [0.0; 2],
            Motion::Rising(start) => start.rising(self.at),
        }
    }

    /// The next sample's delay beyond the usual in samples, at most [`LONGEST_S`], and its gain. While the tape stands the
    /// gain is exactly 0, and while it is in step the delay is exactly 0 and the gain 1.
    #[inline]
    pub fn tick(&mut self) -> (f64, f32) {
        let [delay, speed] = self.now();
        self.at += 1.0;
        match self.motion {
            Motion::Braking(start) if self.at > start.length => self.motion = Motion::Standing,
            Motion::Rising(start) if self.at > start.length => self.motion = Motion::Playing,
            _ => {}
        }
        (delay.clamp(0.0, LONGEST_S * self.rate_hz), level(speed))
    }
}

/// What is left of the level at `speed`.
fn level(speed: f64) -> f32 {
    edge((speed / FADES_BELOW - 0.5) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 1 };

    /// Delay and gain under `on`, a switch for each sample, and a stop time.
    fn play(on: impl Fn(usize) -> bool, stop_time_s: f32, samples: usize) -> Vec<(f64, f32)> {
        let mut brake = Brake::new(&SPEC);
        (0..samples)
            .map(|k| {
                brake.latch(on(k), stop_time_s);
                brake.tick()
            })
            .collect()
    }

    fn speeds(path: &[(f64, f32)]) -> Vec<f64> {
        path.windows(2).map(|w| 1.0 - (w[1].0 - w[0].0)).collect()
    }

    #[test]
    fn it_brakes_on_time_stands_in_silence_and_rejoins_the_present_on_time() {
        let path = play(|k| (1_000..100_000).contains(&k), 1.2, 200_000);
        assert!(path[..=1_000].iter().all(|p| *p == (0.0, 1.0)));
        assert!(path[1_000 + 57_601..100_000].iter().all(|p| p.1 == 0.0));
        assert!(path[100_000 + 57_601..].iter().all(|p| *p == (0.0, 1.0)));
        let speeds = speeds(&path);
        assert!(speeds[1_000..58_000].windows(2).all(|w| w[1] <= w[0] + 1e-9));
        assert!((speeds[1_000 + 28_800] - 0.75).abs() < 1e-3);
        let most = speeds[100_001..].iter().fold(0.0f64, |a, b| a.max(*b));
        assert!((most - 1.216).abs() < 1e-2, "{most}");
        // Half way up it is at speed, and quietly so from the beginning.
        assert!(path[100_000].1 == 0.0 && path[100_000 + 28_800].1 == 1.0);
    }

    #[test]
    fn thrown_at_any_moment_nothing_jumps() {
        for stop in [0.1, 1.2, 10.0] {
            let length = (f64::from(stop) * 48_000.0) as usize;
            for share in [0.05, 0.3, 0.6, 0.9, 0.99] {
                let back = 100 + (share * length as f64) as usize;
                let again = back + (share * length as f64) as usize;
                let path = play(|k| (100..back).contains(&k) || k >= again, stop, again + 2 * length);
                for (k, w) in path.windows(2).enumerate() {
                    let speed = 1.0 - (w[1].0 - w[0].0);
                    assert!((-1e-6..2.0).contains(&speed) || w[0].1 < 1e-6, "{stop} s, {share}, {k}: {speed}");
                    assert!((w[1].1 - w[0].1).abs() < 0.01);
                    assert!(w[1].0 < LONGEST_S * 48_000.0, "{stop} s, {share}: {}", w[1].0 / 48_000.0);
                }
            }
        }
    }

    #[test]
    fn how_it_runs_is_told() {
        let mut brake = Brake::new(&SPEC);
        brake.latch(false, 1.2);
        assert_eq!(brake.run(), Run { speed: 1.0, behind_s: 0.0 });
        brake.latch(true, 1.2);
        (0..28_800).for_each(|_| _ = brake.tick());
        let Run { speed, behind_s } = brake.run();
        assert!((speed - 0.75).abs() < 1e-3 && (behind_s - 0.6 * 0.25 / 3.0).abs() < 1e-3, "{speed} {behind_s}");
        (0..28_802).for_each(|_| _ = brake.tick());
        assert_eq!(brake.run().speed, 0.0);
    }

    #[test]
    fn on_from_the_beginning_it_stands() {
        assert!(play(|_| true, 1.0, 1_000).iter().all(|p| p.1 == 0.0));
        let mut brake = Brake::new(&SPEC);
        brake.latch(false, 1.0);
        assert!(brake.off() && brake.tick() == (0.0, 1.0));
    }
}
