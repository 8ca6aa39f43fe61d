//! Linear-phase filters over blocks, and their design.

use green_ring_dsp::sinc::bessel_i0;

/// Outputs that are summed side by side, in vector registers.
const LANES: usize = 16;

/// Kaiser parameter for about 86 dB (Kaiser 1974: 0.1102 x (86 - 8.7)).
const BETA: f64 = 8.5;

/// A lowpass of `length` (odd) taps that cuts at `cutoff` (1 is Nyquist) with a gain of one at zero hertz: a sinc under
/// a Kaiser window. Allocates.
pub fn lowpass(length: usize, cutoff: f64) -> Vec<f64> {
    let centre = (length / 2) as f64;
    let tap = |k: usize| {
        let t = k as f64 - centre;
        let phase = std::f64::consts::PI * t * cutoff;
        let sinc = if t == 0.0 { 1.0 } else { phase.sin() / phase };
        sinc * bessel_i0(BETA * (1.0 - (t / (centre + 1.0)).powi(2)).sqrt())
    };
    let taps: Vec<f64> = (0..length).map(tap).collect();
    let sum: f64 = taps.iter().sum();
    taps.iter().map(|h| h / sum).collect()
}

/// The taps of a symmetric filter.
#[derive(Debug)]
pub struct Taps {
    /// The first half, without the middle one.
    half: Box<[f32]>,
    /// The middle tap; 0 where the length is even.
    middle: f32,
    length: usize,
}

impl Taps {
    /// These symmetric `taps`. Allocates.
    pub fn new(taps: &[f64]) -> Self {
        let length = taps.len();
        let half = taps[..length / 2].iter().map(|h| *h as f32).collect();
        let middle = if length % 2 == 1 { taps[length / 2] as f32 } else { 0.0 };
        Self { half, middle, length }
    }

    /// Changes the pair of taps that lies `away` from the middle of an odd length.
    pub fn set(&mut self, away: usize, value: f32) {
        match self.half.len() - away {
            at if away > 0 => self.half[at] = value,
            _ => self.middle = value,
        }
    }

    /// The filter's delay in samples, where its length is odd.
    pub fn delay(&self) -> usize {
        self.length / 2
    }
}

/// Sound that filters of one length look back on.
#[derive(Debug)]
pub struct Past {
    length: usize,
    /// The last `length - 1` samples, then the present block, then room for a last group of lanes.
    sound: Box<[f32]>,
}

impl Past {
    /// Silence, for filters of `length` and blocks of at most `most` samples. Allocates.
    pub fn new(length: usize, most: usize) -> Self {
        Self { length, sound: vec![0.0; length + most + LANES].into_boxed_slice() }
    }

    /// Forgets its sound.
    pub fn reset(&mut self) {
        self.sound.fill(0.0);
    }

    /// Takes in a block.
    pub fn take(&mut self, x: &[f32]) {
        self.sound[self.length - 1..][..x.len()].copy_from_slice(x);
    }

    /// The block that was taken in, through `taps`.
    pub fn through(&self, taps: &Taps, y: &mut [f32]) {
        for (group, y) in y.chunks_mut(LANES).enumerate() {
            let sums = self.sums(taps, group * LANES);
            y.copy_from_slice(&sums[..y.len()]);
        }
    }

    /// Ends a block of `frames`.
    pub fn pass(&mut self, frames: usize) {
        self.sound.copy_within(frames..frames + self.length - 1, 0);
    }

    /// The outputs from `from` on. Every lane adds in the same order, so a cut of the block changes no bit.
    #[inline]
    fn sums(&self, taps: &Taps, from: usize) -> [f32; LANES] {
        let x = &self.sound[from..from + self.length - 1 + LANES];
        let lanes = |at: usize| -> &[f32; LANES] { x[at..].first_chunk().expect("room for a group of lanes") };
        let mut sums = lanes(self.length / 2).map(|x| taps.middle * x);
        for (k, h) in taps.half.iter().enumerate() {
            let (old, young) = (lanes(k), lanes(self.length - 1 - k));
            for lane in 0..LANES {
                sums[lane] += h * (old[lane] + young[lane]);
            }
        }
        sums
    }
}

/// A symmetric filter.
#[derive(Debug)]
pub struct Fir {
    taps: Taps,
    past: Past,
}

impl Fir {
    /// A filter with these symmetric `taps`, for blocks of at most `most` samples. Allocates.
    pub fn new(taps: &[f64], most: usize) -> Self {
        Self { taps: Taps::new(taps), past: Past::new(taps.len(), most) }
    }

    /// Forgets its sound.
    pub fn reset(&mut self) {
        self.past.reset();
    }

    /// Filters `x` into `y` of equal length.
    pub fn run(&mut self, x: &[f32], y: &mut [f32]) {
        self.past.take(x);
        self.past.through(&self.taps, y);
        self.past.pass(x.len());
    }
}

/// A delay of whole samples over blocks.
#[derive(Debug)]
pub struct Lag {
    samples: usize,
    sound: Box<[f32]>,
}

impl Lag {
    /// A delay of `samples`, for blocks of at most `most`. Allocates.
    pub fn new(samples: usize, most: usize) -> Self {
        Self { samples, sound: vec![0.0; samples + most].into_boxed_slice() }
    }

    /// Forgets its sound.
    pub fn reset(&mut self) {
        self.sound.fill(0.0);
    }

    /// Delays `x` in place.
    pub fn run(&mut self, x: &mut [f32]) {
        self.sound[self.samples..self.samples + x.len()].copy_from_slice(x);
        x.copy_from_slice(&self.sound[..x.len()]);
        self.sound.copy_within(x.len()..x.len() + self.samples, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convolve(taps: &[f64], x: &[f32], at: usize) -> f64 {
        taps.iter().enumerate().filter(|(k, _)| *k <= at).map(|(k, h)| h * x[at - k] as f64).sum()
    }

    #[test]
    fn it_is_the_convolution_however_the_block_is_cut() {
        let x: Vec<f32> = (0..90).map(|k| ((k * 37) % 19) as f32 - 9.0).collect();
        for length in [23, 8] {
            let taps = if length % 2 == 1 { lowpass(length, 0.5) } else { vec![0.125; 8] };
            let mut whole = vec![0.0; 90];
            Fir::new(&taps, 90).run(&x, &mut whole);
            assert!((0..90).all(|k| (whole[k] as f64 - convolve(&taps, &x, k)).abs() < 1e-5));
            let (mut cut, mut parts) = (Fir::new(&taps, 90), vec![0.0; 90]);
            for (from, to) in [(0, 1), (1, 8), (8, 41), (41, 90)] {
                cut.run(&x[from..to], &mut parts[from..to]);
            }
            assert_eq!(parts, whole);
        }
    }

    #[test]
    fn a_lag_is_a_lag() {
        let mut lag = Lag::new(3, 8);
        let mut x = [1.0, 2.0, 3.0, 4.0];
        lag.run(&mut x);
        assert_eq!(x, [0.0, 0.0, 0.0, 1.0]);
        let mut y = [5.0];
        lag.run(&mut y);
        assert_eq!(y, [2.0]);
    }
}
