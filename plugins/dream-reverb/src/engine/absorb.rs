//! What walls and air take from the sound on each of its ways through a line.
//!
//! A line of d samples that should lose 60 dB in T seconds has to have a gain of 10^(-3 d / (T rate)) (J.-M. Jot & A.
//! Chaigne, "Digital delay networks for designing artificial reverberators", AES 90, 1991). T differs over three
//! bands: the middle's gain is a factor, and a low and a high shelf add the difference.
//!
//! The shelves are second-order state-variable filters (A. Simper, "Linear Trapezoidal Integrated State Variable
//! Filter", Cytomic 2011), a little steeper than Butterworth's ([`DAMPING`]).

use super::lines::Wide;
use super::room::LINES;
use green_ring_dsp::{CELL, Spec, door};
use std::f32::consts::PI;

/// Damping (1/Q) of the shelves. Butterworth's 1.41 is heard an octave into the other band, with a seventeenth of the
/// difference; this one with a fiftieth. Its price is a bump of 1/120 of the difference where the shelf begins, so the
/// loop stays below unity as long as no band decays 120 times faster than another; here it is 20 times at most.
pub const DAMPING: f32 = 1.28;

/// The bump, as a share of the difference between the bands: the least value of [`above`].
pub const BUMP: f32 = 0.008_5;

/// One value for each line.
pub type Lanes = [f32; LINES];

/// Nepers in 60 dB.
const SIXTY_DB: f32 = 6.907_755_3;

/// A shelf takes at most this many nepers (35 dB) in one pass: more than that is silence anyway.
const DEEPEST: f32 = 4.0;

/// Decays and crossovers of the three bands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bands {
    /// Decay of the middle band in seconds.
    pub mid_s: f32,
    /// Decay of the low band in seconds.
    pub low_s: f32,
    /// Decay of the high band in seconds.
    pub high_s: f32,
    /// Where the low band ends.
    pub low_hz: f32,
    /// Where the high band begins.
    pub high_hz: f32,
}

/// Coefficients of one shelf in each line, on a vector's boundary: three of the integrators, then the shares of input, band and low-pass.
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
struct Shelf {
    a: [Lanes; 3],
    m: [Lanes; 3],
}

/// The two integrators of one shelf in each line.
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
struct State([Lanes; 2]);

const REST: State = State([[0.0; LINES]; 2]);

/// All coefficients of all lines.
#[derive(Clone, Copy, Debug)]
struct Design {
    gain: Lanes,
    low: Shelf,
    high: Shelf,
}

/// One absorption filter per line, all lines side by side.
#[derive(Debug)]
pub struct Absorb {
    rate_hz: f32,
    now: Design,
    goal: Design,
    step: Design,
    moving: bool,
    /// Of the low shelf, then of the high shelf.
    state: [State; 2],
}

impl Absorb {
    /// Filters that pass everything until they are designed.
    pub fn new(spec: &Spec) -> Self {
        let flat = Shelf { a: [[0.0; LINES]; 3], m: [[0.0; LINES]; 3] };
        let design = Design { gain: [0.0; LINES], low: flat, high: flat };
        Self {
            rate_hz: spec.sample_rate as f32,
            now: design,
            goal: design,
            step: design,
            moving: false,
            state: [REST; 2],
        }
    }

    /// Silence.
    pub fn reset(&mut self) {
        self.state = [REST; 2];
    }

    /// Stands at the filters for `bands` in lines of `lengths` samples at once.
    pub fn jump(&mut self, bands: &Bands, lengths: &Lanes) {
        self.goal = design(bands, lengths, self.rate_hz);
        self.moving = true;
        self.settle();
    }

    /// Moves there over the next `frames` frames.
    pub fn glide(&mut self, bands: &Bands, lengths: &Lanes, frames: usize) {
        self.goal = design(bands, lengths, self.rate_hz);
        let steps = self.step.lanes_mut().into_iter().zip(self.goal.lanes_mut()).zip(self.now.lanes_mut());
        for ((step, goal), now) in steps {
            for k in 0..LINES {
                step[k] = (goal[k] - now[k]) / frames as f32;
            }
        }
        self.moving = true;
    }

    /// Rests exactly where it was going.
    pub fn settle(&mut self) {
        if std::mem::take(&mut self.moving) {
            self.now = self.goal;
        }
    }

    /// Lets what is far below hearing die. To be called at each cell edge.
    pub fn calm(&mut self) {
        for State(state) in &mut self.state {
            state.as_flattened_mut().iter_mut().for_each(|s| *s = door::settle(*s));
        }
    }

    /// What is left of `frames` frames of `lines`.
    pub fn process(&mut self, lines: &Wide<LINES>, frames: usize) -> Wide<LINES> {
        let (mut sound, mut left) = ([[0.0; LINES]; CELL], [[0.0; CELL]; LINES]);
        transpose(lines, &mut sound);
        for x in &mut sound[..frames] {
            *x = self.tick(x);
        }
        transpose(&sound, &mut left);
        left
    }

    /// The sound that is left of `x`, line by line.
    #[inline(always)]
    fn tick(&mut self, x: &Lanes) -> Lanes {
        if self.moving {
            self.advance();
        }
        let mut y = *x;
        y.iter_mut().zip(&self.now.gain).for_each(|(y, gain)| *y *= gain);
        let [low, high] = &mut self.state;
        shelve(&self.now.low, low, &mut y);
        shelve(&self.now.high, high, &mut y);
        y
    }

    #[inline(never)]
    fn advance(&mut self) {
        for (now, step) in self.now.lanes_mut().into_iter().zip(self.step.lanes_mut()) {
            for k in 0..LINES {
                now[k] += step[k];
            }
        }
    }
}

impl Design {
    fn lanes_mut(&mut self) -> [&mut Lanes; 13] {
        let Self { gain, low: Shelf { a: [a, b, c], m: [d, e, f] }, high: Shelf { a: [g, h, i], m: [j, k, l] } } = self;
        [gain, a, b, c, d, e, f, g, h, i, j, k, l]
    }
}

#[inline(always)]
fn shelve(shelf: &Shelf, State([s1, s2]): &mut State, x: &mut Lanes) {
    for k in 0..LINES {
        let v3 = x[k] - s2[k];
        let band = shelf.a[0][k] * s1[k] + shelf.a[1][k] * v3;
        let low = s2[k] + shelf.a[1][k] * s1[k] + shelf.a[2][k] * v3;
        s1[k] = 2.0 * band - s1[k];
        s2[k] = 2.0 * low - s2[k];
        x[k] = shelf.m[0][k] * x[k] + shelf.m[1][k] * band + shelf.m[2][k] * low;
    }
}

/// Rows become columns, in blocks of four vectors.
fn transpose<const A: usize, const B: usize>(from: &[[f32; A]; B], to: &mut [[f32; B]; A]) {
    for a in (0..A).step_by(4) {
        for b in (0..B).step_by(4) {
            let block: [[f32; 4]; 4] = std::array::from_fn(|i| std::array::from_fn(|j| from[b + i][a + j]));
            for j in 0..4 {
                for i in 0..4 {
                    to[a + j][b + i] = block[i][j];
                }
            }
        }
    }
}

fn design(bands: &Bands, lengths: &Lanes, rate_hz: f32) -> Design {
    let warp = |hz: f32| (PI * (hz / rate_hz).min(0.47)).tan();
    let (low, high) = (warp(bands.low_hz), warp(bands.high_hz));
    let nepers = |length: f32, decay_s: f32| -SIXTY_DB * length / (decay_s * rate_hz);
    let empty = Shelf { a: [[0.0; LINES]; 3], m: [[0.0; LINES]; 3] };
    let mut all = Design { gain: [0.0; LINES], low: empty, high: empty };
    for (k, &length) in lengths.iter().enumerate() {
        let mid = nepers(length, bands.mid_s);
        let beyond = |decay_s| (nepers(length, decay_s) - mid).max(-DEEPEST);
        all.gain[k] = mid.exp();
        // A shelf of gain A^2 has its corner, where it does half of its decibels, moved by the root of A.
        let root = (beyond(bands.low_s) / 4.0).exp();
        let a = root * root;
        all.low.set(k, low / root, [1.0, DAMPING * (a - 1.0), a * a - 1.0]);
        let root = (beyond(bands.high_s) / 4.0).exp();
        let a = root * root;
        all.high.set(k, high * root, [a * a, DAMPING * (1.0 - a) * a, 1.0 - a * a]);
    }
    all
}

impl Shelf {
    fn set(&mut self, line: usize, g: f32, shares: [f32; 3]) {
        let a1 = 1.0 / (1.0 + g * (g + DAMPING));
        let a = [a1, g * a1, g * g * a1];
        for k in 0..3 {
            self.a[k][line] = a[k];
            self.m[k][line] = shares[k];
        }
    }
}

/// How much of a small difference between two bands a shelf makes at `hz`, 0 below its corner to 1 above it: the real part
/// of the derivative of its logarithm by its gain, (2 s^2 + k s) / (s^2 + k s + 1) over 2, with k the damping.
pub fn above(hz: f32, corner_hz: f32) -> f32 {
    let (x, k) = ((hz / corner_hz).powi(2), DAMPING * DAMPING);
    x * (x - 1.0 + k / 2.0) / (1.0 + x * (k - 2.0) + x * x)
}

/// Share of the power of pink noise that is left of one pass through lines of `lengths`, in the low, middle and high
/// band, each as the mean over the lines.
pub fn power_left(bands: &Bands, lengths: &Lanes, rate_hz: f32) -> [f32; 3] {
    [bands.low_s, bands.mid_s, bands.high_s].map(|decay_s| {
        let exponent = -2.0 * SIXTY_DB / (decay_s * rate_hz);
        lengths.iter().map(|length| (exponent * length).exp()).sum::<f32>() / LINES as f32
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::CELL;

    const RATE: f32 = 48_000.0;

    /// Gain of line `line` at `hz`.
    fn gain(absorb: &mut Absorb, line: usize, hz: f32) -> f64 {
        absorb.reset();
        let (mut sine, mut cosine) = (0.0f64, 0.0f64);
        for n in 0..48_000 {
            let phase = std::f64::consts::TAU * hz as f64 * n as f64 / RATE as f64;
            let y = absorb.tick(&[phase.sin() as f32; LINES])[line] as f64;
            if n >= 24_000 {
                sine += y * phase.sin() / 12_000.0;
                cosine += y * phase.cos() / 12_000.0;
            }
        }
        sine.hypot(cosine)
    }

    fn absorb(bands: &Bands) -> (Absorb, Lanes) {
        let mut absorb = Absorb::new(&Spec { sample_rate: RATE as f64, channels: 2 });
        let lengths = std::array::from_fn(|k| 2_000.0 + 137.0 * k as f32);
        absorb.jump(bands, &lengths);
        (absorb, lengths)
    }

    #[test]
    fn each_band_loses_what_its_decay_asks_for() {
        let bands = Bands { mid_s: 2.0, low_s: 3.0, high_s: 0.8, low_hz: 250.0, high_hz: 4_000.0 };
        let (mut absorb, lengths) = absorb(&bands);
        for (hz, decay) in [(20.0, 3.0), (1_000.0, 2.0), (20_000.0, 0.8)] {
            let db = 20.0 * gain(&mut absorb, 5, hz).log10();
            let told = -60.0 * lengths[5] as f64 / (decay * RATE as f64);
            assert!((db / told - 1.0).abs() < 0.01, "{hz}: {db} for {told}");
        }
    }

    #[test]
    fn no_frequency_up_to_nyquist_is_hardly_damped() {
        for (low, high) in [(2.0, 0.1), (0.25, 1.0), (0.25, 0.1), (2.0, 1.0)] {
            let bands = Bands { mid_s: 5.0, low_s: 5.0 * low, high_s: 5.0 * high, low_hz: 800.0, high_hz: 1_500.0 };
            let (mut absorb, lengths) = absorb(&bands);
            // The bumps take up to a sixth from the damping of the least damped band, where the most damped is 20 times faster.
            let least = (-0.82 * SIXTY_DB * lengths[0] / (5.0 * low.max(1.0) * RATE)).exp() as f64;
            for k in 0..30 {
                // Whole periods in the half second that is measured.
                let hz = 2.0 * (10.0 * 1.266f32.powi(k)).round();
                assert!(gain(&mut absorb, 0, hz) <= least, "{hz}");
            }
        }
    }

    #[test]
    fn the_bump_is_as_told() {
        let least = (1..1_000).map(|k| above(k as f32, 1_000.0)).fold(0.0, f32::min);
        assert!((-BUMP..-0.9 * BUMP).contains(&least), "{least}");
    }

    #[test]
    fn a_glide_ends_on_the_new_design() {
        let bands = Bands { mid_s: 2.0, low_s: 3.0, high_s: 0.8, low_hz: 250.0, high_hz: 4_000.0 };
        let (mut moved, lengths) = absorb(&bands);
        let longer = Bands { mid_s: 8.0, ..bands };
        moved.glide(&longer, &lengths, CELL);
        for _ in 0..CELL {
            moved.tick(&[0.0; LINES]);
        }
        moved.settle();
        let mut there = Absorb::new(&Spec { sample_rate: RATE as f64, channels: 2 });
        there.jump(&longer, &lengths);
        assert_eq!(moved.tick(&[1.0; LINES]), there.tick(&[1.0; LINES]));
    }
}
