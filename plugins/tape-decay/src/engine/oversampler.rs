//! The curve at a multiple of the sample rate.
//!
//! ```text
//! in -> x2 -+-> curve ------------------------------------+-> /2 -> out
//!           +-> x2 -> curve -> /2 ------------------------+
//!           +-> x2 -> x2 -> curve -> /2 -> /2 ------------+
//!           +-> x2 -> x2 -> x2 -> curve -> /2 -> /2 -> /2 -+
//! ```
//!
//! All filters have linear phase and all paths are padded to one delay of [`LATENCY`] whole samples, so that dry and
//! wet sound add without a comb. The last filter stops at Nyquist rather than a halfband's quarter past it: nothing
//! that the curve makes folds back, not even just below Nyquist.

use green_ring_dsp::{CELL, Spec, door::settle};

use super::fir::Lag;
use super::halfband::{Down, MOST, Up};
use super::law;
use super::magnet::Magnet;
use super::settings::Quality;

/// Delay in samples through the whole oversampler, at every quality: (55 + 17 + 122) / 2.
pub const LATENCY: usize = 97;

/// Samples after which silence in is silence out.
pub const TAIL: usize = 2 * LATENCY;

/// Length in units of four of the halfband from 1 to 2 times, and of those from 2 to 4, 4 to 8 and 8 to 16 times: flat to
/// 0.45 of the sample rate.
const FIRST_QUARTERS: usize = 28;
const QUARTERS: [usize; 3] = [6, 4, 4];

/// Delay of a path between twice the rate and twice the rate, in samples there: that of sixteen times, made
/// whole.
const PATH_LAG: usize = 17;

/// What the curve is told for each frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bend {
    /// Gain onto the tape.
    pub gain_in: f32,
    /// Offset on the tape, in operating levels.
    pub offset: f32,
    /// What the curve makes of the offset alone.
    pub rest: f32,
    /// Share of what stays behind the field ([`Magnet`]).
    pub behind: f32,
    /// Gain off the tape.
    pub gain_out: f32,
}

/// The way from twice the sample rate through the curve and back.
#[derive(Debug)]
struct Path {
    /// From twice the sample rate up, each with the way back.
    stages: Vec<(Up, Down)>,
    /// What makes the delay that of every path, at the rate below the highest.
    lag: Lag,
    magnet: Magnet,
}

impl Path {
    fn new(spec: &Spec, quality: Quality) -> Self {
        let deep = depth(quality);
        let stage = |k: usize| {
            let most = (2 << k) * CELL;
            (Up::new(QUARTERS[k], most), Down::halfband(QUARTERS[k], most))
        };
        // In samples of the rate below the highest: a stage delays by twice 2 q - 1 samples of its upper rate.
        let below = deep.max(1) - 1;
        let delay: usize = (0..deep).map(|k| ((2 * QUARTERS[k] - 1) << below) >> k).sum();
        Self {
            stages: (0..deep).map(stage).collect(),
            lag: Lag::new((PATH_LAG << below) - delay, (2 << below) * CELL),
            magnet: Magnet::new(spec, 2 << deep),
        }
    }

    fn reset(&mut self) {
        for (up, down) in &mut self.stages {
            up.reset();
            down.reset();
        }
        self.lag.reset();
        self.magnet.reset();
    }

    /// `sound` at twice the sample rate, in place.
    fn run(&mut self, sound: &mut [f32], bends: &[Bend]) {
        let Self { stages, lag, magnet } = self;
        if stages.is_empty() {
            curve(sound, bends, magnet);
            lag.run(sound);
        } else {
            climb(stages, lag, sound, &mut |high| curve(high, bends, magnet));
        }
    }
}

/// Stages above twice the sample rate.
const fn depth(quality: Quality) -> usize {
    match quality {
        Quality::Two => 0,
        Quality::Four => 1,
        Quality::Eight => 2,
        Quality::Sixteen => 3,
    }
}

/// Up through all of `stages`, through `curve`, and down again.
fn climb(stages: &mut [(Up, Down)], lag: &mut Lag, sound: &mut [f32], curve: &mut impl FnMut(&mut [f32])) {
    let Some(((up, down), higher)) = stages.split_first_mut() else { return curve(sound) };
    let mut high = [0.0; 2 * MOST];
    let high = &mut high[..2 * sound.len()];
    up.run(sound, high);
    let last = higher.is_empty();
    climb(higher, lag, high, curve);
    down.run(high, sound);
    if last {
        lag.run(sound);
    }
}

/// One channel.
#[derive(Debug)]
pub struct Oversampler {
    up: Up,
    paths: [Path; 4],
    down: Down,
}

impl Oversampler {
    /// An oversampler at rest. Allocates.
    pub fn new(spec: &Spec) -> Self {
        Self {
            up: Up::new(FIRST_QUARTERS, CELL),
            paths: [Quality::Two, Quality::Four, Quality::Eight, Quality::Sixteen].map(|q| Path::new(spec, q)),
            down: Down::last(CELL),
        }
    }

    /// Forgets its sound.
    pub fn reset(&mut self) {
        self.paths.iter_mut().for_each(Path::reset);
        self.up.reset();
        self.down.reset();
    }

    /// Forgets the sound of the path of `quality`.
    pub fn clear(&mut self, quality: Quality) {
        self.paths[depth(quality)].reset();
    }

    /// Bends `sound` in place. Where `fade` holds a share for each frame, the path of `from` yields to that of
    /// `quality` by that share.
    pub fn run(&mut self, sound: &mut [f32], bends: &[Bend], quality: Quality, fade: Option<(Quality, &[f32])>) {
        let twice = 2 * sound.len();
        let mut high = [0.0; 2 * CELL];
        self.up.run(sound, &mut high[..twice]);
        let mut bent = high;
        self.paths[depth(quality)].run(&mut bent[..twice], bends);
        if let Some((from, shares)) = fade {
            self.paths[depth(from)].run(&mut high[..twice], bends);
            for (k, share) in shares.iter().enumerate().filter(|(_, share)| **share < 1.0) {
                for at in [2 * k, 2 * k + 1] {
                    bent[at] = high[at] + share * (bent[at] - high[at]);
                }
            }
        }
        self.down.run(&bent[..twice], sound);
    }
}

/// The curve, on as many samples for each frame as there are.
fn curve(sound: &mut [f32], bends: &[Bend], magnet: &mut Magnet) {
    let times = sound.len() / bends.len();
    for (group, bend) in sound.chunks_exact_mut(times).zip(bends) {
        let mut fields = [0.0; 16];
        for (x, field) in group.iter_mut().zip(&mut fields) {
            *field = settle(*x * bend.gain_in);
            *x = law::bend(*field + bend.offset) - bend.rest;
        }
        if bend.behind > 0.0 {
            for (x, field) in group.iter_mut().zip(fields) {
                *x += bend.behind * (magnet.tick(field, settle(*x)) - *x);
            }
        } else {
            magnet.reset();
        }
        for x in group {
            *x = settle(bend.gain_out * *x);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUALITIES: [Quality; 4] = [Quality::Two, Quality::Four, Quality::Eight, Quality::Sixteen];
    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 1 };

    /// So little onto the tape that the curve is straight.
    const STRAIGHT: Bend = Bend { gain_in: 1e-3, offset: 0.0, rest: 0.0, behind: 0.0, gain_out: 1e3 };

    fn run(quality: Quality, x: &[f32], cut: usize) -> Vec<f32> {
        let mut oversampler = Oversampler::new(&SPEC);
        let mut y = x.to_vec();
        for part in y.chunks_mut(cut) {
            oversampler.run(part, &[STRAIGHT; CELL][..part.len()], quality, None);
        }
        y
    }

    #[test]
    fn every_quality_delays_by_the_told_latency_and_is_flat() {
        for quality in QUALITIES {
            for cycles in [0.001, 0.1, 0.3, 0.45] {
                let x: Vec<f32> = (0..2_000).map(|k| (std::f32::consts::TAU * cycles * k as f32).sin()).collect();
                let y = run(quality, &x, CELL);
                let worst = (600..2_000).map(|k| (y[k] - x[k - LATENCY]).abs()).fold(0.0, f32::max);
                assert!(worst < 2e-3, "{quality:?} at {cycles}: {worst}");
            }
        }
    }

    #[test]
    fn silence_comes_back_within_the_told_tail_and_no_cut_matters() {
        let mut x = vec![0.0; 400];
        x[..32].fill(0.7);
        for quality in QUALITIES {
            let y = run(quality, &x, CELL);
            assert!(y[32 + TAIL..].iter().all(|y| *y == 0.0));
            assert_eq!(y, run(quality, &x, 1));
            assert_eq!(y, run(quality, &x, 7));
        }
    }
}
