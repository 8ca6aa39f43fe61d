//! Pull-Out: the bed leaves altogether under a line, and stays away until its condition is met.

use super::glide::Glide;
use super::{Return, Settings};

/// What the yielding knows when a cell begins, in the time of the delayed bed.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Somebody speaks, or hold lasts.
    pub held: bool,
    /// Seconds until the line sounds; not positive once it does.
    pub until_s: f64,
    /// Seconds since the last word sounded.
    pub quiet_s: f64,
}

/// Whether the bed is out, and how far it is on its way.
#[derive(Clone, Debug)]
pub struct Pull {
    rate_hz: f64,
    out: bool,
    /// Share that has left: 1 is digital silence.
    gone: Glide,
}

impl Pull {
    /// In.
    pub fn new(rate_hz: f64) -> Self {
        Self { rate_hz, out: false, gone: Glide::new(1.0) }
    }

    /// Equal to fresh.
    pub fn reset(&mut self) {
        self.out = false;
        self.gone.jump(0.0);
    }

    /// At a cell's edge: leaves, so that it has left when the line sounds if the fade allows, or comes back.
    pub fn steer(&mut self, settings: &Settings, line: &Line) {
        let fade_s = f64::from(settings.pull_fade_s);
        let returns = match settings.back {
            Return::AfterHold => !line.held,
            Return::AfterSilence => !line.held && line.quiet_s >= f64::from(settings.return_after_s),
            Return::WhenOff => false,
        };
        self.out = settings.pull_out && (line.held || self.out && !returns);
        if !self.out {
            self.go(0.0, f64::from(settings.return_fade_s));
        } else if line.until_s <= fade_s || self.gone.target() == 1.0 {
            self.go(1.0, fade_s);
        }
    }

    fn go(&mut self, target: f64, seconds: f64) {
        self.gone.go(target, (seconds * self.rate_hz).round() as usize);
    }

    /// Whether the bed is out or leaving.
    pub fn is_out(&self) -> bool {
        self.out
    }

    /// Whether the bed is all there until the next edge.
    pub fn rests(&self) -> bool {
        self.gone.rests_at(0.0)
    }

    /// Gain at the next sample, 0..1. A square leaves and comes back without a corner even in decibels.
    #[inline]
    pub fn tick(&mut self) -> f32 {
        let left = 1.0 - self.gone.tick();
        (left * left) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::CELL;

    fn settings(back: Return) -> Settings {
        Settings {
            pull_out: true,
            pull_fade_s: 0.4,
            back,
            return_after_s: 4.0,
            return_fade_s: 1.0,
            ..Settings::default()
        }
    }

    /// Gain after each of `seconds` with a line from 1 to 2 s, known 0.2 s before and held until 3 s; Pull-Out is on until
    /// `off_s`. Half of the fade then lies before the line.
    fn gains(settings: &Settings, seconds: usize, off_s: usize) -> Vec<f32> {
        let mut pull = Pull::new(48_000.0);
        let cells = 1_500;
        (0..seconds * cells)
            .map(|k| {
                let now_s = k as f64 / cells as f64;
                let line =
                    Line { held: (0.8..3.0).contains(&now_s), until_s: 1.0 - now_s, quiet_s: (now_s - 2.0).max(0.0) };
                pull.steer(&Settings { pull_out: now_s < off_s as f64, ..*settings }, &line);
                (0..CELL).fold(0.0, |_, _| pull.tick())
            })
            .collect::<Vec<_>>()
            .chunks(cells)
            .map(|second| second[cells - 1])
            .collect()
    }

    #[test]
    fn it_returns_on_its_condition_and_never_before() {
        assert_eq!(gains(&settings(Return::AfterHold), 5, 99), [0.25, 0.0, 0.0, 1.0, 1.0]);
        assert_eq!(gains(&settings(Return::AfterSilence), 8, 99), [0.25, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0]);
        assert_eq!(gains(&settings(Return::WhenOff), 30, 99)[1..], [0.0; 29]);
        assert_eq!(gains(&settings(Return::WhenOff), 12, 10)[9..], [0.0, 1.0, 1.0]);
    }
}
