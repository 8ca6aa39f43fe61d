//! Silence: the wet sound is choked to digital zero, and what lies behind it is wiped.
//!
//! The curve is the square of a minimum-jerk path (Flash & Hogan 1985): it leaves slowly, is 12 dB down halfway and falls
//! ever faster in decibels until nothing is left, like a breath that is held. Once it is zero the room is emptied, a part
//! in each cell, as all at once would be too much for one moment. It opens again on silence: what comes in then is faded in
//! before it enters, or the room would answer to the corner of its beginning.

use super::ring::WIPES;
use green_ring_dsp::door::settle;
use green_ring_dsp::{Ramp, Sound, Spec};

/// Seconds in which it opens, or goes back when it is let go on the way.
const OPEN_S: f64 = 0.06;

/// Where a choke stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    /// Sound passes, wholly or in part.
    Open,
    /// Nothing passes; parts of the room are being wiped.
    Wiping(usize),
    /// Nothing passes and the room is empty.
    Closed,
}

/// What the engine has to do about it in a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Task {
    /// Sound goes its way.
    Sound,
    /// This part of the room is to be wiped.
    Wipe(usize),
    /// Nothing.
    Rest,
}

/// The choke.
#[derive(Debug)]
pub struct Choke {
    rate_hz: f64,
    phase: Phase,
    /// How far it is open, 0..1, and its step a frame.
    open: f64,
    step: f64,
    moving: bool,
    /// How far sound is let in again.
    entry: Ramp,
    fresh: bool,
}

impl Choke {
    /// A choke that the first settings open or close.
    pub fn new(spec: &Spec) -> Self {
        let entry = Ramp::new(1.0, spec.samples(OPEN_S));
        Self { rate_hz: spec.sample_rate, phase: Phase::Open, open: 1.0, step: 0.0, moving: false, entry, fresh: true }
    }

    /// The next settings are taken at once.
    pub fn reset(&mut self) {
        (self.phase, self.open, self.step, self.fresh) = (Phase::Open, 1.0, 0.0, true);
        self.entry.jump(1.0);
    }

    /// At a cell's edge: closes within `silence_s`, or opens.
    pub fn latch(&mut self, silence: bool, silence_s: f32) -> Task {
        if std::mem::take(&mut self.fresh) && silence {
            (self.phase, self.open) = (Phase::Closed, 0.0);
        }
        self.phase = match self.phase {
            Phase::Open if silence && self.open <= 0.0 => Phase::Wiping(0),
            Phase::Wiping(part) if part + 1 < WIPES => Phase::Wiping(part + 1),
            Phase::Wiping(_) => Phase::Closed,
            Phase::Closed if !silence => self.let_in(),
            phase => phase,
        };
        let seconds = if silence { -f64::from(silence_s) } else { OPEN_S };
        self.step = (seconds * self.rate_hz).recip();
        self.moving = silence || self.open < 1.0;
        match self.phase {
            Phase::Open => Task::Sound,
            Phase::Wiping(part) => Task::Wipe(part),
            Phase::Closed => Task::Rest,
        }
    }

    fn let_in(&mut self) -> Phase {
        self.open = 1.0;
        self.entry.jump(0.0);
        self.entry.go(1.0);
        Phase::Open
    }

    /// How far it is open on its way between 0 (closed) and 1.
    pub fn open(&self) -> f32 {
        if self.phase == Phase::Open { self.open as f32 } else { 0.0 }
    }

    /// Fades in `frames` frames of `sound` that come into an emptied room.
    pub fn enter(&mut self, sound: &Sound, frames: usize) -> Sound {
        let mut sound = *sound;
        if self.entry.moving() {
            let [left, right] = &mut sound;
            for (l, r) in left.iter_mut().zip(right).take(frames) {
                let gain = self.entry.tick();
                (*l, *r) = (*l * gain, *r * gain);
            }
        }
        sound
    }

    /// Chokes `frames` frames of `sound`.
    pub fn process(&mut self, sound: &mut Sound, frames: usize) {
        if self.phase != Phase::Open {
            *sound = Default::default();
            return;
        }
        if !self.moving {
            return;
        }
        let [left, right] = sound;
        for (l, r) in left.iter_mut().zip(right).take(frames) {
            self.open = (self.open + self.step).clamp(0.0, 1.0);
            let gain = curve(self.open);
            (*l, *r) = (settle(*l * gain), settle(*r * gain));
        }
    }
}

/// 0 to 1, flat at both ends and exact there. What lies below -160 dB is nothing.
fn curve(x: f64) -> f32 {
    let path = x * x * x * (10.0 + x * (6.0 * x - 15.0));
    if path < 1e-4 { 0.0 } else { (path * path) as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::CELL;

    fn run(choke: &mut Choke, silence: bool, cells: usize) -> Vec<f32> {
        let mut heard = vec![];
        for _ in 0..cells {
            choke.latch(silence, 0.5);
            let mut sound = [[1.0; CELL]; 2];
            choke.process(&mut sound, CELL);
            heard.extend(sound[0]);
        }
        heard
    }

    #[test]
    fn it_falls_to_zero_in_its_time_and_opens_after_the_room_was_wiped() {
        let mut choke = Choke::new(&Spec { sample_rate: 48_000.0, channels: 2 });
        assert!(run(&mut choke, false, 10).iter().all(|x| *x == 1.0));
        let heard = run(&mut choke, true, 760);
        assert!((heard[12_000] - 0.25).abs() < 0.01 && heard[20_000] > 0.0);
        assert!(heard[24_000..].iter().all(|x| *x == 0.0) && heard.is_sorted_by(|a, b| a >= b));
        assert!(matches!(choke.latch(false, 0.5), Task::Wipe(_)), "not before it is empty");
        assert_eq!(run(&mut choke, false, 400).last(), Some(&1.0));
    }
}
