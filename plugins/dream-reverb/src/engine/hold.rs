//! The spectral hold: a moment of the tail that goes on for ever.
//!
//! When switched on it listens to the ring for about a second and a half (the network, lossless by then, goes on meanwhile) and
//! keeps the spectra of eight overlapping frames. Then it sounds: frame after frame has the bins of one of the eight, in shuffled
//! rounds, each bin turned by a phase of chance. Phases that are new every time make frames that have nothing in common, so
//! their powers add up under windows whose squares sum to one, and no rate of repetition is heard. Both sides are turned
//! alike, which keeps the width of what is held.

use super::frame::Frame;
use super::spread::{Bin, PARTS, Spread};
use super::tail_ring::TailRing;
use green_ring_dsp::chance::Chance;
use green_ring_dsp::door::settle;
use green_ring_dsp::{CELL, Sound, Spec};

/// Length of a frame at 48 kHz, in samples (0.34 s); the nearest power of two elsewhere.
const FRAME_AT_48K: f64 = 16_384.0;

/// Frames that are kept. With fewer the hold's level is that of a shorter moment.
const KEPT: usize = 8;

/// Seconds after the switch in which the freeze closes and is not yet listened to.
const LEAD_S: f64 = 0.1;

/// Steps in which a frame is listened to, and in which one is made: the phases, and both sides' parts.
const LISTEN_STEPS: usize = 2 * PARTS;
const MAKE_STEPS: usize = DRAW_STEPS + 2 * PARTS;
const DRAW_STEPS: usize = 16;

/// Lanes of chance for phases and for the order of frames.
const PHASE_LANE: u32 = 42;
const ORDER_LANE: u32 = 43;

/// What the hold is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    /// Off.
    Idle,
    /// Listening: steps are done, of frames that lie from a place in the song on.
    Listening { from: i64, step: usize },
    /// Sounding: the number of the frame in the making, its steps that are done, and frames since the last one set out.
    Sounding { number: i64, step: usize, since: usize },
}

/// A held moment.
#[derive(Debug)]
pub struct Hold {
    size: usize,
    lead: i64,
    spread: Spread,
    /// Half a sine's wave: its square and that of its neighbour half a frame on sum to one.
    window: Box<[f32]>,
    /// Spectra of the held frames, left and right.
    kept: [[Box<[Bin]>; 2]; KEPT],
    /// That of the frame in the making.
    drawn: [Box<[Bin]>; 2],
    /// Two that sound and one in the making, in turns.
    frames: [Frame; 3],
    stage: Stage,
}

impl Hold {
    /// A hold that is off (1.9 MB at 48 kHz). Allocates.
    pub fn new(spec: &Spec) -> Self {
        let size = 1 << (FRAME_AT_48K * spec.sample_rate / 48_000.0).log2().round().max(8.0) as u32;
        let spread = Spread::new(size);
        let spectra = || std::array::from_fn(|_| vec![Bin::default(); spread.bins()].into_boxed_slice());
        let wave = |n: usize| (std::f64::consts::PI * (n as f64 + 0.5) / size as f64).sin() as f32;
        Self {
            size,
            lead: spec.samples(LEAD_S) as i64,
            window: (0..size).map(wave).collect(),
            kept: std::array::from_fn(|_| spectra()),
            drawn: spectra(),
            frames: std::array::from_fn(|_| Frame::new(size)),
            stage: Stage::Idle,
            spread,
        }
    }

    /// Off, and silent at once.
    pub fn reset(&mut self) {
        self.stage = Stage::Idle;
        self.frames.iter_mut().for_each(|frame| frame.at = self.size);
    }

    /// Whether it sounds at its full level: about two seconds after it was switched on, until it is switched off.
    pub fn ready(&self) -> bool {
        matches!(self.stage, Stage::Sounding { number, .. } if number >= 2)
    }

    /// At the edge of the cell that begins at song sample `at`, before the ring seeks it: holds what comes into the ring from
    /// now on, or lets go, and does this cell's share of the work.
    ///
    /// Once it sounds, jumps of the song leave it alone; one before that makes it listen anew. After it was let go, what
    /// sounds ends within a frame; fade it before.
    pub fn latch(&mut self, on: bool, at: i64, seed: u32, ring: &TailRing) {
        let anew = Stage::Listening { from: at + self.lead, step: 0 };
        self.stage = match self.stage {
            _ if !on => Stage::Idle,
            Stage::Idle => anew,
            Stage::Listening { .. } if at != ring.now() => anew,
            Stage::Listening { from, step } => self.listen(from, step, ring),
            Stage::Sounding { number, step, since } => self.make(number, step, since, seed),
        };
    }

    /// `frames` frames of the held sound.
    pub fn process(&mut self, frames: usize) -> Sound {
        let mut sound = [[0.0; CELL]; 2];
        let mut done = 0;
        while done < frames {
            let count = self.until_next().min(frames - done);
            self.frames.iter_mut().for_each(|frame| frame.add(&mut sound, done..done + count));
            self.pass(count);
            done += count;
        }
        sound
    }

    /// One step of listening to the frames that follow each other from song sample `from` on, half a frame apart.
    fn listen(&mut self, from: i64, step: usize, ring: &TailRing) -> Stage {
        let (hop, frame) = (self.size / 2, step / LISTEN_STEPS);
        let first = from + (frame * hop) as i64;
        let due = first + (self.size + step % LISTEN_STEPS * hop / LISTEN_STEPS) as i64;
        if ring.now() < due {
            return Stage::Listening { from, step };
        }
        let (side, part) = (step % LISTEN_STEPS / PARTS, step % PARTS);
        let (heard, window) = (ring.reader(side, first), &self.window);
        self.spread.analyse(part, |n| window[n] * heard(n), &mut self.kept[frame][side]);
        if step + 1 < KEPT * LISTEN_STEPS {
            Stage::Listening { from, step: step + 1 }
        } else {
            Stage::Sounding { number: 0, step: 0, since: 0 }
        }
    }

    /// One step of making frame `number`, if it is due.
    fn make(&mut self, number: i64, step: usize, since: usize, seed: u32) -> Stage {
        if step == MAKE_STEPS || since < step * (self.size / 2) / MAKE_STEPS {
            return Stage::Sounding { number, step, since };
        }
        if step < DRAW_STEPS {
            self.draw(number, step, seed);
        } else {
            self.sound_out(number, (step - DRAW_STEPS) / PARTS, step % PARTS);
        }
        Stage::Sounding { number, step: step + 1, since }
    }

    /// Turns a share of one kept frame's bins by chance.
    fn draw(&mut self, number: i64, step: usize, seed: u32) {
        /// Phases that one look-up gives.
        const PHASES: usize = 8;
        let share = self.size / 2 / DRAW_STEPS;
        let chance = Chance::new(seed, PHASE_LANE);
        let kept = &self.kept[order(number, seed)];
        for first in (step * share..(step + 1) * share).step_by(PHASES) {
            let bits = chance.bits((number * self.size as i64 + first as i64) / PHASES as i64);
            for (k, bin) in (first..first + PHASES).enumerate() {
                let turn = self.spread.turn((bits[k / 2] >> (k % 2 * 16)) as u16);
                self.drawn.iter_mut().zip(kept).for_each(|(drawn, kept)| drawn[bin] = kept[bin] * turn);
            }
        }
        // A steady offset has no phase to turn.
        self.drawn.iter_mut().for_each(|drawn| drawn[0] = Bin::default());
    }

    /// One part of one side of the frame in the making.
    fn sound_out(&mut self, number: i64, side: usize, part: usize) {
        // The listening window took half of the power.
        let gain = std::f32::consts::SQRT_2 / self.size as f32;
        let frame = &mut self.frames[number.rem_euclid(3) as usize].sides[side];
        let window = &self.window;
        self.spread.synthesise(part, &self.drawn[side], |n, x| frame[n] = settle(gain * window[n] * x));
    }

    /// Frames until the next one sets out.
    fn until_next(&self) -> usize {
        match self.stage {
            Stage::Sounding { since, .. } => self.size / 2 - since,
            _ => usize::MAX,
        }
    }

    /// `count` frames have passed: lets the frame that was made set out when it is time.
    fn pass(&mut self, count: usize) {
        if let Stage::Sounding { number, step, since } = self.stage {
            self.stage = Stage::Sounding { number, step, since: since + count };
            if since + count == self.size / 2 {
                self.frames[number.rem_euclid(3) as usize].at = 0;
                self.stage = Stage::Sounding { number: number + 1, step: 0, since: 0 };
            }
        }
    }
}

/// The kept frame whose bins frame `number` has: all of them once a round, in an order of chance (Fisher & Yates 1938).
fn order(number: i64, seed: u32) -> usize {
    let mut order: [usize; KEPT] = std::array::from_fn(|k| k);
    let chance = Chance::new(seed, ORDER_LANE);
    let round = number.div_euclid(KEPT as i64);
    for k in (1..KEPT).rev() {
        let any = chance.bits(round * KEPT as i64 + k as i64)[0] as usize % (k + 1);
        order.swap(k, any);
    }
    order[number.rem_euclid(KEPT as i64) as usize]
}

#[cfg(test)]
mod tests;
