//! Infinite: a tail that does not end, lets new sound in, and does not grow.
//!
//! A lossless loop into which sound goes on coming gains power without end. Here it loses as much as it gains: below a
//! ceiling nothing, above it all lines leak at one rate, so that what is new takes the place of what is old and the tail's
//! colour stays. Leaking at L nepers a second takes 2 L of the power p a second, and the feed brings r = 2 F P where F is
//! the rate in nepers of the decay it is made for ([`Leak::BANDS`]) and P the power of what comes in: the level rests
//! where L(p) p = F P. With L = K (p / C - 1) for a ceiling C, input 9 dB above the ceiling rests 3 dB above it.

use super::Cell;
use super::absorb::{Bands, Lanes};
use super::lines::Wide;
use super::room::LINES;
use green_ring_dsp::door::settle;
use green_ring_dsp::{CELL, Ramp, Spec};

/// Power of a line at which it begins to leak: -21 dBFS. A tail's peaks lie 15 dB above its power.
const CEILING: f32 = 0.008;

/// Nepers a second that it leaks when its power is twice the ceiling.
const RATE: f32 = 5.0;

/// Seconds over which power is followed.
const FOLLOW_S: f64 = 0.25;

/// Seconds in which a tail becomes endless, or ends again.
const MOVE_S: f64 = 0.06;

/// The leak of all lines.
#[derive(Debug)]
pub struct Leak {
    rate_hz: f32,
    follow: f32,
    endless: Ramp,
    /// Power of each line in this cell so far, and of all as it is followed.
    cell: Lanes,
    frames: usize,
    power: f32,
    gain: Lanes,
    step: Lanes,
}

impl Leak {
    /// The decay for which sound is let in: a tail that does not end fills as if it lasted this long.
    pub const BANDS: Bands = Bands { mid_s: 12.0, low_s: 12.0, high_s: 12.0, low_hz: 250.0, high_hz: 4_000.0 };

    /// A loop that ends.
    pub fn new(spec: &Spec) -> Self {
        let cells_hz = spec.sample_rate / CELL as f64;
        Self {
            rate_hz: spec.sample_rate as f32,
            follow: (1.0 - (-1.0 / (FOLLOW_S * cells_hz)).exp()) as f32,
            endless: Ramp::new(0.0, (MOVE_S * cells_hz) as usize + 1),
            cell: [0.0; LINES],
            frames: 0,
            power: 0.0,
            gain: [1.0; LINES],
            step: [0.0; LINES],
        }
    }

    /// Nothing was heard.
    pub fn reset(&mut self) {
        (self.cell, self.frames, self.power) = ([0.0; LINES], 0, 0.0);
        (self.gain, self.step) = ([1.0; LINES], [0.0; LINES]);
    }

    /// How far the tail is without end, 0..1.
    pub fn endless(&self) -> f32 {
        self.endless.value()
    }

    /// At the edge of `cell`: whether the tail is on its way between ending and not, or new lines of `lengths`.
    pub fn latch(&mut self, cell: &Cell, endless: bool, lengths: &Lanes, fresh: bool) -> bool {
        let goal = if endless { 1.0 } else { 0.0 };
        self.endless.go(goal);
        if fresh {
            self.endless.jump(goal);
        }
        let moving = self.endless.moving();
        self.endless.tick();
        if self.endless.rests_at(0.0) {
            self.reset();
            return moving;
        }
        let heard = std::mem::take(&mut self.cell).iter().sum::<f32>()
            / (LINES * std::mem::take(&mut self.frames).max(1)) as f32;
        self.power = settle(self.power + self.follow * (heard - self.power));
        let leak = -self.endless.value() * RATE * (self.power / CEILING - 1.0).max(0.0) / self.rate_hz;
        for ((gain, step), length) in self.gain.iter().zip(&mut self.step).zip(lengths) {
            *step = ((leak * length).exp() - gain) / cell.frames as f32;
        }
        moving
    }

    /// Listens to those of `frames` frames of `lines` that are `held`, and lets them leak.
    pub fn process(&mut self, lines: &mut Wide<LINES>, held: &[f32; CELL], frames: usize) {
        for (k, line) in lines.iter_mut().enumerate() {
            for (x, _) in line.iter_mut().zip(held).take(frames).filter(|(_, held)| **held > 0.0) {
                self.cell[k] += *x * *x;
                self.gain[k] += self.step[k];
                *x *= self.gain[k];
            }
        }
        self.frames += held[..frames].iter().filter(|held| **held > 0.0).count();
    }
}
