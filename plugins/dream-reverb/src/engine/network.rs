//! The late room: sixteen lines that feed each other through an orthogonal matrix.
//!
//! ```text
//! diffused ─►(+)─► 16 lines ─► absorption ─► pairs turn ─► Hadamard ─┬─► 4 taps
//!             ▲                                                      │
//!             └──────────────────────────────────────────────────────┘
//! ```
//!
//! Without absorption the loop is lossless: delays are whole samples, and turning pairs and a Hadamard matrix are
//! orthogonal at every moment. A matrix that moves but stays orthogonal is stable at any decay (S. J. Schlecht & E. A.
//! P. Habets, "Time-varying feedback matrices in feedback delay networks", JASA 138, 2015).

use super::Cell;
use super::absorb::{Absorb, Bands, Lanes, power_left};
use super::lines::{Frames, Lines};
use super::room::{CHANNELS, LINES, longest_line};
use super::turn::{Turn, hadamard};
use green_ring_dsp::{CELL, Spec};

/// Taps at which the network is heard: four rows of the Hadamard matrix, so that they have nothing in common.
pub const TAPS: usize = 4;
const ROWS: [usize; TAPS] = [3, 9, 6, 12];

/// Below -200 dBFS sound is let die, so that a tail has an end.
pub const QUIET: f32 = 1e-10;

/// Octaves of pink noise in which wet sound is made as loud as dry: about what the two cuts let in.
const HEARD_HZ: [f32; 2] = [60.0, 14_000.0];

/// Sixteen lines, their absorption and their matrix.
#[derive(Debug)]
pub struct Network {
    rate_hz: f32,
    feed: Glide,
    lines: Lines<LINES>,
    aimed: [usize; LINES],
    bands: Option<Bands>,
    absorb: Absorb,
    turn: Turn,
}

impl Network {
    /// A network for rooms up to the largest. Allocates.
    pub fn new(spec: &Spec) -> Self {
        Self {
            rate_hz: spec.sample_rate as f32,
            feed: Glide::default(),
            lines: Lines::new(spec, longest_line(spec)),
            aimed: [0; LINES],
            bands: None,
            absorb: Absorb::new(spec),
            turn: Turn::default(),
        }
    }

    /// Silence; the next settings are taken at once.
    pub fn reset(&mut self) {
        self.lines.reset();
        self.absorb.reset();
        self.bands = None;
        self.turn = Turn::default();
    }

    /// At the edge of `cell`: moves to `lengths`, which are kept as they are while the tail is `frozen`, and to `bands`.
    pub fn latch(&mut self, cell: &Cell, lengths: &[usize; LINES], frozen: bool, bands: &Bands) {
        let fresh = self.bands.is_none();
        if fresh || !frozen {
            self.aimed = *lengths;
        }
        let was_crossing = self.lines.crossing();
        self.lines.aim(cell.number, &self.aimed);
        let lengths = self.lines.lengths();
        let moved = self.bands != Some(*bands) || was_crossing || self.lines.crossing() || cell.leapt;
        self.bands = Some(*bands);
        if !cell.leapt {
            self.feed.settle();
            self.absorb.settle();
        }
        if fresh {
            self.feed.jump(feed(bands, &lengths, self.rate_hz));
            self.absorb.jump(bands, &lengths);
        } else if moved {
            self.feed.go(feed(bands, &lengths, self.rate_hz), cell.frames);
            self.absorb.glide(bands, &lengths, cell.frames);
        }
        self.absorb.calm();
    }

    /// Turns the pairs of lines to `turns` (-1..1 each) over `cell`.
    pub fn turn(&mut self, cell: &Cell, turns: &[f32]) {
        if !cell.leapt {
            self.turn.settle();
        }
        self.turn.go(turns, cell.frames);
    }

    /// The sound at the four taps, `frames` frames of it, with `wide` fed in. `held` (0..1 per frame) closes the input
    /// and takes the absorption away.
    pub fn process(&mut self, wide: &Frames<CHANNELS>, held: &[f32; CELL], frames: usize) -> [[f32; CELL]; TAPS] {
        let mut heard = [[0.0; CELL]; TAPS];
        let mut sound = [[0.0; LINES]; CELL];
        self.lines.read(&mut sound[..frames]);
        for frame in 0..frames {
            let whole = sound[frame];
            let mut x = self.absorb.tick(&whole);
            let held = held[frame];
            self.turn.advance();
            if held == 0.0 {
                self.mix(&mut x);
                hear(&x, frame, &mut heard);
            } else {
                // What is held goes round undamped, but is heard damped once more, as it was when it was caught.
                let mut damped = x;
                for k in 0..LINES {
                    x[k] = (1.0 - held) * x[k] + held * whole[k];
                }
                self.mix(&mut x);
                self.mix(&mut damped);
                hear(&damped, frame, &mut heard);
            }
            let feed = self.feed.tick() * (1.0 - held);
            for k in 0..LINES {
                let y = x[k] + feed * wide[frame][k % CHANNELS];
                sound[frame][k] = if y.abs() < QUIET { 0.0 } else { y };
            }
        }
        self.lines.write(&sound[..frames]);
        self.lines.advance(frames);
        heard
    }

    #[inline(always)]
    fn mix(&self, x: &mut Lanes) {
        self.turn.apply(x);
        hadamard(x);
    }
}

#[inline(always)]
fn hear(x: &Lanes, frame: usize, heard: &mut [[f32; CELL]; TAPS]) {
    for (heard, row) in heard.iter_mut().zip(ROWS) {
        heard[frame] = x[row];
    }
}

/// Gain f from a diffuser channel into each of its two lines, so that pink noise on both sides comes out of each tap as
/// loud as it went in.
///
/// Noise of power P a side is P / 4 in each of the eight channels, so P f^2 / 4 enters every line. The matrix hands each
/// line the mean of what all lines give, so the power p that runs into a line obeys p = G p + P f^2 / 4, with G the mean
/// over the lines of their power gains g^2: the sum over all ways is a geometric series. A tap of unit norm hears
/// G p = P f^2 G / (4 (1 - G)). G differs from band to band; pink noise weighs each band by its octaves, and f is what
/// makes the weighted sum P. What is set here is the input, so that a tail already sounding
/// is not touched when Decay or Size moves.
fn feed(bands: &Bands, lengths: &Lanes, rate_hz: f32) -> f32 {
    let edges = [HEARD_HZ[0], bands.low_hz, bands.high_hz, HEARD_HZ[1]].map(f32::log2);
    let octaves = |band: usize| (edges[band + 1] - edges[band]).max(0.0) / (edges[3] - edges[0]);
    let heard = |(band, left): (usize, f32)| octaves(band) * left / (1.0 - left);
    let power: f32 = power_left(bands, lengths, rate_hz).into_iter().enumerate().map(heard).sum();
    2.0 / power.sqrt()
}

/// A value that moves in a straight line over one cell and ends exactly.
#[derive(Debug, Default)]
struct Glide {
    now: f32,
    goal: f32,
    step: f32,
}

impl Glide {
    fn jump(&mut self, value: f32) {
        *self = Self { now: value, goal: value, step: 0.0 };
    }

    fn go(&mut self, goal: f32, frames: usize) {
        (self.goal, self.step) = (goal, (goal - self.now) / frames as f32);
    }

    fn settle(&mut self) {
        self.jump(self.goal);
    }

    #[inline]
    fn tick(&mut self) -> f32 {
        self.now += self.step;
        self.now
    }
}
