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
use super::leak::Leak;
use super::lines::{Lines, Wide};
use super::room::{CHANNELS, LINES, longest_line};
use super::turn::{Turn, mix};
use green_ring_dsp::{CELL, Spec};

/// Taps at which the network is heard: four rows of the Hadamard matrix, so that they have nothing in common.
pub const TAPS: usize = 4;
const ROWS: [usize; TAPS] = [3, 9, 6, 12];

/// Below -200 dBFS sound is let die, so that a tail has an end.
pub const QUIET: f32 = 1e-10;

/// Octaves of pink noise in which wet sound is made as loud as dry: about what the two cuts let in.
const HEARD_HZ: [f32; 2] = [60.0, 14_000.0];

/// How a tail is held.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// For ever, with nothing new let in.
    pub frozen: bool,
    /// For ever, with new sound let in.
    pub endless: bool,
    /// Lengths move with a change of pitch.
    pub gliding: bool,
}

/// What a network is like, for sound that is fed back into it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around {
    /// Power with which the loudest of the three bands is heard, where pink noise as a whole is heard with 1; see [`feed`].
    pub crest: f32,
    /// Seconds in which the slowest band falls by 60 dB.
    pub longest_s: f32,
    /// Seconds of sound that all lines hold together: as many resonances to a hertz.
    pub total_s: f32,
}

impl Around {
    fn new(bands: &Bands, lengths: &Lanes, rate_hz: f32) -> Self {
        let left = power_left(bands, lengths, rate_hz);
        let loudest = left.into_iter().map(|left| left / (1.0 - left)).fold(0.0, f32::max);
        Self {
            crest: loudest / heard(bands, left),
            longest_s: bands.low_s.max(bands.mid_s).max(bands.high_s),
            total_s: lengths.iter().sum::<f32>() / rate_hz,
        }
    }
}

/// Sixteen lines, their absorption and their matrix.
#[derive(Debug)]
pub struct Network {
    rate_hz: f32,
    feed: Glide,
    around: Around,
    lines: Lines<LINES>,
    aimed: [usize; LINES],
    bands: Option<Bands>,
    absorb: Absorb,
    leak: Leak,
    turn: Turn,
}

impl Network {
    /// A network for rooms up to the largest. Allocates.
    pub fn new(spec: &Spec) -> Self {
        Self {
            rate_hz: spec.sample_rate as f32,
            feed: Glide::default(),
            around: Around::default(),
            lines: Lines::new(spec, longest_line(spec)),
            aimed: [0; LINES],
            bands: None,
            absorb: Absorb::new(spec),
            leak: Leak::new(spec),
            turn: Turn::default(),
        }
    }

    /// Silence; the next settings are taken at once.
    pub fn reset(&mut self) {
        self.lines.reset();
        self.absorb.reset();
        self.leak.reset();
        self.bands = None;
        self.turn = Turn::default();
    }

    /// One of [`WIPES`](super::ring::WIPES) parts of a reset, without the rest of it.
    pub fn wipe(&mut self, part: usize) {
        self.lines.wipe(part);
    }

    /// At the edge of `cell`: moves to `lengths` (`glide`: with a change of pitch), which are kept as they are while the tail
    /// is `frozen`, to `bands`, and to a tail that is held with its input open (`endless`).
    pub fn latch(&mut self, cell: &Cell, lengths: &[usize; LINES], bands: &Bands, is: Held) {
        let fresh = self.bands.is_none();
        if fresh || !is.frozen {
            self.aimed = *lengths;
        }
        let was_crossing = self.lines.crossing();
        if is.gliding {
            self.lines.glide(&self.aimed);
        }
        self.lines.aim(cell.number, &self.aimed);
        let lengths = self.lines.lengths();
        let leaking = self.leak.latch(cell, is.endless && !is.frozen, &lengths, fresh);
        let crossing = was_crossing || self.lines.crossing();
        let moved = self.bands != Some(*bands) || crossing || leaking || cell.leapt;
        self.bands = Some(*bands);
        if moved {
            let bands = if self.leak.endless() == 0.0 { bands } else { &Leak::BANDS };
            self.around = Around::new(bands, &lengths, self.rate_hz);
        }
        if !cell.leapt {
            self.feed.settle();
            self.absorb.settle();
        }
        if fresh {
            self.feed.jump(self.feed_for(bands, &lengths));
            self.absorb.jump(bands, &lengths);
        } else if moved {
            self.feed.go(self.feed_for(bands, &lengths), cell.frames);
            self.absorb.glide(bands, &lengths, cell.frames);
        }
        self.absorb.calm();
    }

    /// The feed of `bands`, or on the way to that of a tail that does not end.
    fn feed_for(&self, bands: &Bands, lengths: &Lanes) -> f32 {
        let (ending, endless) = (feed(bands, lengths, self.rate_hz), self.leak.endless());
        if endless == 0.0 {
            return ending;
        }
        ending + endless * (feed(&Leak::BANDS, lengths, self.rate_hz).min(ending) - ending)
    }

    /// Turns the pairs of lines to `turns` (-1..1 each) over `cell`.
    pub fn turn(&mut self, cell: &Cell, turns: &[f32]) {
        if !cell.leapt {
            self.turn.settle();
        }
        self.turn.go(turns, cell.frames);
    }

    /// What the network is like at the end of this cell, for sound that is fed back into it.
    pub fn around(&self) -> &Around {
        &self.around
    }

    /// The sound at the four taps, `frames` frames of it, with `wide` fed in. `held` takes the absorption away and
    /// `closed` the input (0..1 per frame).
    pub fn process(
        &mut self,
        wide: &Wide<CHANNELS>,
        [held, closed]: [&[f32; CELL]; 2],
        frames: usize,
    ) -> [[f32; CELL]; TAPS] {
        let mut whole = [[0.0; CELL]; LINES];
        self.lines.read(&mut whole, frames);
        let mut damped = self.absorb.process(&whole, frames);
        let turned = self.turn.advance(frames);
        let mut sound = damped;
        if held[..frames].iter().any(|held| *held > 0.0) {
            // What is held goes round undamped, but is heard damped once more, as it was when it was caught.
            hold(&mut sound, &whole, held);
            self.leak.process(&mut sound, held, frames);
            mix(&mut damped, &turned);
        }
        mix(&mut sound, &turned);
        let heard = ROWS.map(|row| std::array::from_fn(|n| if held[n] > 0.0 { damped[row][n] } else { sound[row][n] }));
        self.take_in(wide, closed, &mut sound, frames);
        self.lines.write(&sound, frames);
        self.lines.advance(frames);
        heard
    }

    /// Feeds `wide` into the `lines`.
    fn take_in(&mut self, wide: &Wide<CHANNELS>, closed: &[f32; CELL], lines: &mut Wide<LINES>, frames: usize) {
        let mut feed = [0.0; CELL];
        for (feed, closed) in feed.iter_mut().zip(closed).take(frames) {
            *feed = self.feed.tick() * (1.0 - closed);
        }
        for (line, wide) in lines.iter_mut().zip(wide.iter().cycle()) {
            for n in 0..CELL {
                let y = line[n] + feed[n] * wide[n];
                line[n] = if y.abs() < QUIET { 0.0 } else { y };
            }
        }
    }
}

/// Goes over from `lines` to `whole`, as far as it is `held`.
fn hold(lines: &mut Wide<LINES>, whole: &Wide<LINES>, held: &[f32; CELL]) {
    for (x, whole) in lines.iter_mut().zip(whole) {
        for n in 0..CELL {
            x[n] = if held[n] > 0.0 { (1.0 - held[n]) * x[n] + held[n] * whole[n] } else { x[n] };
        }
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
    2.0 / heard(bands, power_left(bands, lengths, rate_hz)).sqrt()
}

/// The mean of G / (1 - G) over pink noise, for the power `left` in each band.
fn heard(bands: &Bands, left: [f32; 3]) -> f32 {
    let edges = [HEARD_HZ[0], bands.low_hz, bands.high_hz, HEARD_HZ[1]].map(f32::log2);
    let octaves = |band: usize| (edges[band + 1] - edges[band]).max(0.0) / (edges[3] - edges[0]);
    let heard = |(band, left): (usize, f32)| octaves(band) * left / (1.0 - left);
    left.into_iter().enumerate().map(heard).sum()
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
