//! The curve at a multiple of the sample rate.
//!
//! ```text
//! in -> x2 -+-> curve ------------------------------------+-> /2 -> out
//!           +-> x2 -> curve -> /2 ------------------------+
//!           +-> x2 -> x2 -> curve -> /2 -> /2 ------------+
//! ```
//!
//! All filters have linear phase and all paths are padded to one delay of [`LATENCY`] whole samples, so that dry and
//! wet sound add without a comb. The last filter stops at Nyquist rather than a halfband's quarter past it: nothing
//! that the curve makes folds back, not even just below Nyquist.

use green_ring_dsp::{CELL, door::settle};

use super::fir::{Fir, Lag, lowpass};
use super::law;
use super::settings::Quality;

/// Delay in samples through the whole oversampler, at every quality: (55 + 15 + 122) / 2.
pub const LATENCY: usize = 96;

/// Samples after which silence in is silence out.
pub const TAIL: usize = 2 * LATENCY;

/// Length in units of four of the halfbands from 1 to 2, 2 to 4 and 4 to 8 times: flat to 0.45 of the sample rate.
const QUARTERS: [usize; 3] = [28, 6, 4];

/// Taps of the last filter, at twice the rate, and its cutoff: flat to 0.453 of the sample rate, closed at 0.5.
const LAST_TAPS: usize = 245;
const LAST_CUTOFF: f64 = 0.477;

/// Delay of a path between twice the rate and twice the rate, in samples there: that of eight times.
const PATH_LAG: usize = 15;

/// What the curve is told for each frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bend {
    /// Gain onto the tape.
    pub gain_in: f32,
    /// Offset on the tape, in operating levels.
    pub offset: f32,
    /// What the curve makes of the offset alone.
    pub rest: f32,
    /// Gain off the tape.
    pub gain_out: f32,
}

/// From one rate to twice that rate.
#[derive(Debug)]
struct Up {
    between: Fir,
    straight: Lag,
}

impl Up {
    fn new(quarters: usize, most: usize) -> Self {
        Self { between: halfband(quarters, 2.0, most), straight: Lag::new(quarters - 1, most) }
    }

    fn reset(&mut self) {
        self.between.reset();
        self.straight.reset();
    }

    /// `x` into `y` of twice its length. Delays by `2 * quarters - 1` samples of the upper rate.
    fn run(&mut self, x: &[f32], y: &mut [f32]) {
        let (mut straight, mut between) = ([0.0; 4 * CELL], [0.0; 4 * CELL]);
        let (straight, between) = (&mut straight[..x.len()], &mut between[..x.len()]);
        straight.copy_from_slice(x);
        self.straight.run(straight);
        self.between.run(x, between);
        for (y, (b, s)) in y.as_chunks_mut::<2>().0.iter_mut().zip(between.iter().zip(straight)) {
            *y = [*b, *s];
        }
    }
}

/// From one rate to half that rate.
#[derive(Debug)]
struct Down {
    even: Fir,
    odd: Fir,
    lag: Lag,
}

impl Down {
    fn halfband(quarters: usize, most: usize) -> Self {
        Self { even: halfband(quarters, 1.0, most), odd: Fir::new(&[0.5], most), lag: Lag::new(quarters, most) }
    }

    /// The last filter.
    fn last(most: usize) -> Self {
        let taps = lowpass(LAST_TAPS, LAST_CUTOFF);
        let phase = |from: usize| taps[from..].iter().step_by(2).copied().collect::<Vec<f64>>();
        Self { even: Fir::new(&phase(0), most), odd: Fir::new(&phase(1), most), lag: Lag::new(1, most) }
    }

    fn reset(&mut self) {
        self.even.reset();
        self.odd.reset();
        self.lag.reset();
    }

    /// `x` into `y` of half its length.
    fn run(&mut self, x: &[f32], y: &mut [f32]) {
        let n = y.len();
        let (mut even, mut odd, mut more) = ([0.0; 4 * CELL], [0.0; 4 * CELL], [0.0; 4 * CELL]);
        for (k, pair) in x.as_chunks::<2>().0.iter().enumerate() {
            [even[k], odd[k]] = *pair;
        }
        self.lag.run(&mut odd[..n]);
        self.even.run(&even[..n], y);
        self.odd.run(&odd[..n], &mut more[..n]);
        for (y, more) in y.iter_mut().zip(more) {
            *y += more;
        }
    }
}

/// The phase of a halfband that is more than a delay, with a gain of half of `gain`.
fn halfband(quarters: usize, gain: f64, most: usize) -> Fir {
    let taps = lowpass(4 * quarters - 1, 0.5);
    let mut phase: Vec<f64> = taps.iter().step_by(2).copied().collect();
    let sum: f64 = phase.iter().sum();
    phase.iter_mut().for_each(|h| *h *= 0.5 * gain / sum);
    Fir::new(&phase, most)
}

/// One channel.
#[derive(Debug)]
pub struct Oversampler {
    up: Up,
    two: Lag,
    four: (Up, Down, Lag),
    eight: (Up, Up, Down, Lag, Down),
    down: Down,
}

impl Oversampler {
    /// An oversampler at rest. Allocates.
    pub fn at_rest() -> Self {
        let [first, second, third] = QUARTERS;
        let up = || Up::new(second, 2 * CELL);
        let down = || Down::halfband(second, 2 * CELL);
        let four_lag = PATH_LAG - (2 * second - 1);
        // Of the path at eight times, a sample at four times is missing to a whole one at twice the rate.
        let eight_lag = 2 * PATH_LAG - 2 * (2 * second - 1) - (2 * third - 1);
        Self {
            up: Up::new(first, CELL),
            two: Lag::new(PATH_LAG, 2 * CELL),
            four: (up(), down(), Lag::new(four_lag, 2 * CELL)),
            eight: (
                up(),
                Up::new(third, 4 * CELL),
                Down::halfband(third, 4 * CELL),
                Lag::new(eight_lag, 4 * CELL),
                down(),
            ),
            down: Down::last(CELL),
        }
    }

    /// Forgets its sound.
    pub fn reset(&mut self) {
        for quality in [Quality::Two, Quality::Four, Quality::Eight] {
            self.clear(quality);
        }
        self.up.reset();
        self.down.reset();
    }

    /// Forgets the sound of the path of `quality`.
    pub fn clear(&mut self, quality: Quality) {
        match quality {
            Quality::Two => self.two.reset(),
            Quality::Four => {
                let (up, down, lag) = &mut self.four;
                up.reset();
                down.reset();
                lag.reset();
            }
            Quality::Eight => {
                let (up, higher, lower, lag, down) = &mut self.eight;
                up.reset();
                higher.reset();
                lower.reset();
                lag.reset();
                down.reset();
            }
        }
    }

    /// Bends `sound` in place. Where `fade` holds a share for each frame, the path of `from` yields to that of
    /// `quality` by that share.
    pub fn run(&mut self, sound: &mut [f32], bends: &[Bend], quality: Quality, fade: Option<(Quality, &[f32])>) {
        let twice = 2 * sound.len();
        let mut high = [0.0; 2 * CELL];
        self.up.run(sound, &mut high[..twice]);
        let mut bent = high;
        self.bend(quality, &mut bent[..twice], bends);
        if let Some((from, shares)) = fade {
            self.bend(from, &mut high[..twice], bends);
            for (k, share) in shares.iter().enumerate() {
                for at in [2 * k, 2 * k + 1] {
                    bent[at] = high[at] + share * (bent[at] - high[at]);
                }
            }
        }
        self.down.run(&bent[..twice], sound);
    }

    /// The path of `quality`, in place, at twice the sample rate.
    fn bend(&mut self, quality: Quality, sound: &mut [f32], bends: &[Bend]) {
        let (mut four, mut eight) = ([0.0; 4 * CELL], [0.0; 8 * CELL]);
        let (four, eight) = (&mut four[..2 * sound.len()], &mut eight[..4 * sound.len()]);
        match quality {
            Quality::Two => {
                curve::<2>(sound, bends);
                self.two.run(sound);
            }
            Quality::Four => {
                let (up, down, lag) = &mut self.four;
                up.run(sound, four);
                curve::<4>(four, bends);
                down.run(four, sound);
                lag.run(sound);
            }
            Quality::Eight => {
                let (up, higher, lower, lag, down) = &mut self.eight;
                up.run(sound, four);
                higher.run(four, eight);
                curve::<8>(eight, bends);
                lower.run(eight, four);
                lag.run(four);
                down.run(four, sound);
            }
        }
    }
}

/// The curve on `TIMES` samples for each frame.
fn curve<const TIMES: usize>(sound: &mut [f32], bends: &[Bend]) {
    for (group, bend) in sound.as_chunks_mut::<TIMES>().0.iter_mut().zip(bends) {
        for x in group {
            *x = settle(bend.gain_out * (law::bend(settle(*x * bend.gain_in) + bend.offset) - bend.rest));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUALITIES: [Quality; 3] = [Quality::Two, Quality::Four, Quality::Eight];

    /// So little onto the tape that the curve is straight.
    const STRAIGHT: Bend = Bend { gain_in: 1e-3, offset: 0.0, rest: 0.0, gain_out: 1e3 };

    fn run(quality: Quality, x: &[f32], cut: usize) -> Vec<f32> {
        let mut oversampler = Oversampler::at_rest();
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
