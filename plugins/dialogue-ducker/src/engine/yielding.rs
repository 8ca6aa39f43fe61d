//! When the bed yields and when it returns: a share of the depth between 0 and 1, in the time of the delayed bed.

use super::ear::FRAME_S;
use super::glide::Glide;
use super::judge::Verdict;
use super::pull::Line;
use super::{Detector, LookAhead, Settings};

/// The fastest move that leaves no side-bands, and the one that the short modes cannot do without, in seconds.
const SMOOTH_S: f64 = 0.038;
const HASTY_S: f64 = 0.02;

/// Seconds from a sound on the key to the end of its frame being known: the converter and the grid.
const KNOWN_S: f64 = 0.002;

/// A pre-armed bed gives way by this share of the depth, and by no more than so many dB, within so many seconds.
const PREARM: f64 = 0.4;
const PREARM_DB: f64 = 2.0;
const PREARM_S: f64 = 0.02;

/// Seconds in which a pre-armed bed returns when no speech follows.
const WITHDRAW_S: f64 = 0.08;

/// Seconds in which the bed follows Manual Duck.
const MANUAL_S: f64 = 0.06;

/// At Highs First 100 % the top end takes so much less of the time to leave, and so much more to return.
const LEAVES_EARLIER: f64 = 0.6;
pub const RETURNS_LATER: f64 = 1.0;

/// Manual Duck at which a line is taken to be spoken.
const MANUAL_LINE: f32 = 0.5;

/// The detector's own gaps inside a word: even with Hold 0 s nothing shorter lets the bed return.
const GAP_S: f64 = 0.2;

/// What the bed is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State {
    /// Nobody speaks; the bed is untouched.
    Resting,
    /// The bed has yielded to speech.
    Yielding,
    /// Somebody speaks, and the bed does not mask it.
    NotMasking,
    /// The bed has been pulled out.
    PulledOut,
    /// Speech has paused for so many seconds; the bed stays down.
    Holding(f32),
    /// The bed is on its way back.
    Returning,
}

/// Share of the depth that the bed yields.
#[derive(Clone, Debug)]
pub struct Yielding {
    rate_hz: f64,
    latency: f64,
    haste_s: f64,
    engaged: bool,
    /// Samples of key since speech was last heard.
    quiet: f64,
    /// Samples until the move down begins, and its length.
    wait: f64,
    attack: f64,
    /// Samples until the phrase sounds.
    until: f64,
    /// Speech may be about to begin.
    raised: bool,
    share: Glide,
    /// The same of the top end, and where it goes within how many seconds.
    top: Glide,
    top_goes: (f64, f64),
    fresh: bool,
}

impl Yielding {
    /// At rest.
    pub fn new(rate_hz: f64, latency: usize, look_ahead: LookAhead) -> Self {
        let haste_s = if look_ahead.is_short() { HASTY_S } else { SMOOTH_S };
        Self {
            rate_hz,
            latency: latency as f64,
            haste_s,
            engaged: false,
            quiet: 0.0,
            wait: 0.0,
            attack: 0.0,
            until: 0.0,
            raised: false,
            share: Glide::new(1.0),
            top: Glide::new(1.0),
            top_goes: (0.0, 0.0),
            fresh: true,
        }
    }

    /// Equal to fresh.
    pub fn reset(&mut self) {
        self.forget();
        self.share.jump(0.0);
        self.top.jump(0.0);
        self.top_goes = (0.0, 0.0);
        self.fresh = true;
    }

    /// Drops hold: the bed begins to return.
    pub fn forget(&mut self) {
        (self.engaged, self.raised, self.quiet, self.wait) = (false, false, 0.0, 0.0);
        (self.attack, self.until) = (0.0, 0.0);
    }

    /// Takes in what a frame of the key turned out to be, and whether its level has just risen.
    pub fn hear(&mut self, verdict: Verdict, raised: bool, settings: &Settings) {
        self.raised = raised;
        let began = match verdict {
            Verdict::Quiet => return,
            Verdict::Begins(frames) => frames.max(1),
            Verdict::Speech => 1,
        };
        self.quiet = 0.0;
        if !std::mem::replace(&mut self.engaged, true) {
            self.plan(began, settings);
        }
    }

    /// The delayed bed still has some time until the phrase that began `frames` ago sounds: the move ends there.
    fn plan(&mut self, frames: u32, settings: &Settings) {
        let left = self.latency - (frames as f64 * FRAME_S + KNOWN_S) * self.rate_hz;
        let haste = self.haste_s * self.rate_hz;
        self.attack = settings.attack_s.map_or(left.max(haste), |s| s as f64 * self.rate_hz);
        self.wait = (left - self.attack).max(0.0);
        self.until = left;
    }

    /// At a cell's edge: decides where the share goes. `depth_db` is the deepest that any band goes now.
    pub fn steer(&mut self, settings: &Settings, depth_db: f64) {
        let (target, seconds) = self.aim(settings, depth_db);
        if std::mem::take(&mut self.fresh) && settings.detector == Detector::Manual {
            self.share.jump(target);
            self.top.jump(target);
            self.top_goes = (target, 0.0);
        }
        let before = self.share.target();
        self.share.go(target, (seconds * self.rate_hz).round() as usize);
        if self.share.target() != before {
            self.top_goes = (target, self.top_s(settings.highs_first as f64, target > before, seconds));
        }
        let (target, seconds) = self.top_goes;
        self.top.go(target, (seconds * self.rate_hz).round() as usize);
    }

    /// Seconds that the top end takes for a move of `seconds`: it leaves first, but never in haste, and returns last.
    fn top_s(&self, highs_first: f64, leaves: bool, seconds: f64) -> f64 {
        if leaves {
            (seconds * (1.0 - LEAVES_EARLIER * highs_first)).max(seconds.min(self.haste_s))
        } else {
            seconds * (1.0 + RETURNS_LATER * highs_first)
        }
    }

    fn aim(&mut self, settings: &Settings, depth_db: f64) -> (f64, f64) {
        if settings.detector == Detector::Manual {
            self.manual(settings.manual_duck >= MANUAL_LINE);
            return (settings.manual_duck as f64, MANUAL_S);
        }
        let hold_samples = (self.latency + settings.hold_s as f64 * self.rate_hz).max(GAP_S * self.rate_hz);
        self.engaged &= self.quiet < hold_samples;
        match self.share.target() {
            _ if self.engaged && self.wait <= 0.0 => (1.0, self.attack / self.rate_hz),
            held if self.engaged => (held, 0.0),
            0.0 if self.raised => (PREARM.min(PREARM_DB / depth_db.max(1.0)), PREARM_S),
            held if self.raised => (held, 0.0),
            1.0 => (0.0, settings.release_s as f64),
            _ => (0.0, WITHDRAW_S),
        }
    }

    /// A line is spoken as long as Manual Duck says so.
    fn manual(&mut self, spoken: bool) {
        (self.engaged, self.until, self.wait) = (spoken, 0.0, 0.0);
        self.quiet = if spoken { self.latency } else { self.quiet };
    }

    /// Lets `samples` of time pass.
    pub fn pass(&mut self, samples: usize) {
        self.quiet += samples as f64;
        self.wait -= samples as f64;
        self.until -= samples as f64;
    }

    /// Whether the bed is untouched until the next edge.
    pub fn rests(&self) -> bool {
        self.share.rests_at(0.0) && self.top.rests_at(0.0)
    }

    /// The share at the next sample, and how far the top end is ahead of it.
    #[inline]
    pub fn tick(&mut self) -> (f64, f64) {
        let share = self.share.tick();
        (share, self.top.tick() - share)
    }

    /// The share now.
    pub fn share(&mut self) -> f64 {
        self.share.skip(0)
    }

    /// What Pull-Out must know.
    pub fn line(&self) -> Line {
        let seconds = |samples: f64| samples / self.rate_hz;
        Line { held: self.engaged, until_s: seconds(self.until), quiet_s: seconds(self.quiet - self.latency) }
    }

    /// What the bed is doing.
    pub fn state(&self) -> State {
        let paused = self.quiet - self.latency;
        match self.engaged {
            true if paused > GAP_S * self.rate_hz => State::Holding((paused / self.rate_hz) as f32),
            true => State::Yielding,
            false if self.rests() => State::Resting,
            false => State::Returning,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::CELL;

    const RATE: f64 = 48_000.0;

    /// Shares at each cell of `seconds`, with a phrase from `from_s` to `to_s` in the key.
    fn shares(settings: &Settings, seconds: f64, from_s: f64, to_s: f64) -> Vec<f64> {
        let latency = (settings.look_ahead.seconds() * RATE) as usize;
        let mut yielding = Yielding::new(RATE, latency, settings.look_ahead);
        let cell = |s: f64| (s * RATE / CELL as f64) as usize;
        (0..cell(seconds))
            .map(|k| {
                if k % 24 == 0 && (cell(from_s)..cell(to_s)).contains(&k) {
                    let begins = k < cell(from_s) + 24;
                    yielding.hear(if begins { Verdict::Begins(4) } else { Verdict::Speech }, false, settings);
                }
                yielding.steer(settings, 12.0);
                yielding.pass(CELL);
                (0..CELL).fold(0.0, |_, _| yielding.tick().0)
            })
            .collect()
    }

    #[test]
    fn down_before_the_first_word_is_heard_and_up_after_hold() {
        let settings = Settings { hold_s: 1.0, release_s: 0.5, ..Settings::default() };
        let shares = shares(&settings, 5.0, 1.0, 2.0);
        let at = |s: f64| shares[(s * RATE / CELL as f64) as usize];
        assert_eq!((at(0.99), at(1.2 - 0.05)), (0.0, 1.0));
        assert_eq!((at(2.0 + 0.2 + 0.97), at(2.0 + 0.2 + 1.6)), (1.0, 0.0));
    }

    #[test]
    fn a_long_attack_takes_its_time_and_a_short_one_waits() {
        let slow = Settings { attack_s: Some(1.0), ..Settings::default() };
        let at = |shares: &[f64], s: f64| shares[(s * RATE / CELL as f64) as usize];
        let half = at(&shares(&slow, 3.0, 1.0, 2.5), 1.5);
        assert!((half - 0.5).abs() < 0.05, "{half}");
        let quick = Settings { attack_s: Some(0.03), ..Settings::default() };
        let quick = shares(&quick, 3.0, 1.0, 2.5);
        assert_eq!((at(&quick, 1.09), at(&quick, 1.16)), (0.0, 1.0));
    }
}
