//! Twice the rate and half the rate, by filters of linear phase.

use green_ring_dsp::CELL;

use super::fir::{Fir, Lag, lowpass};

/// Taps of the last filter, at twice the rate, and its cutoff: flat to 0.453 of the sample rate, closed at 0.5.
const LAST_TAPS: usize = 245;
const LAST_CUTOFF: f64 = 0.477;

/// The largest block between two filters, at half of the highest rate.
pub const MOST: usize = 8 * CELL;

/// From one rate to twice that rate.
#[derive(Debug)]
pub struct Up {
    between: Fir,
    straight: Lag,
}

impl Up {
    /// A halfband of `4 * quarters - 1` taps, for blocks of at most `most`. Allocates.
    pub fn new(quarters: usize, most: usize) -> Self {
        Self { between: halfband(quarters, 2.0, most), straight: Lag::new(quarters - 1, most) }
    }

    /// Forgets its sound.
    pub fn reset(&mut self) {
        self.between.reset();
        self.straight.reset();
    }

    /// `x` into `y` of twice its length. Delays by `2 * quarters - 1` samples of the upper rate.
    pub fn run(&mut self, x: &[f32], y: &mut [f32]) {
        let (mut straight, mut between) = ([0.0; MOST], [0.0; MOST]);
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
pub struct Down {
    even: Fir,
    odd: Fir,
    lag: Lag,
}

impl Down {
    /// A halfband of `4 * quarters - 1` taps, for blocks of at most `most`. Allocates.
    pub fn halfband(quarters: usize, most: usize) -> Self {
        Self { even: halfband(quarters, 1.0, most), odd: Fir::new(&[0.5], most), lag: Lag::new(quarters, most) }
    }

    /// The last filter, which is closed at the half rate. Allocates.
    pub fn last(most: usize) -> Self {
        let taps = lowpass(LAST_TAPS, LAST_CUTOFF);
        let phase = |from: usize| taps[from..].iter().step_by(2).copied().collect::<Vec<f64>>();
        Self { even: Fir::new(&phase(0), most), odd: Fir::new(&phase(1), most), lag: Lag::new(1, most) }
    }

    /// Forgets its sound.
    pub fn reset(&mut self) {
        self.even.reset();
        self.odd.reset();
        self.lag.reset();
    }

    /// `x` into `y` of half its length.
    pub fn run(&mut self, x: &[f32], y: &mut [f32]) {
        let n = y.len();
        let (mut even, mut odd, mut more) = ([0.0; MOST], [0.0; MOST], [0.0; MOST]);
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
