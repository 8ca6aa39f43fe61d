//! A large Fourier transform, done in parts, so that no single cell bears all of it.
//!
//! The samples that lie a whole number of parts apart are transformed by themselves, and turned into their place in the whole
//! (decimation after Cooley & Tukey, Math. Comp. 19, 1965). Both ways, every sample of a real sound is real, so each part is a
//! real transform of an eighth of the size.

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::f64::consts::TAU;
use std::fmt;
use std::sync::Arc;

/// Parts into which a transform is cut.
pub const PARTS: usize = 8;

/// A bin of a spectrum.
pub type Bin = Complex<f32>;

const ZERO: Bin = Bin::new(0.0, 0.0);

/// Transforms of one size, and room to work in.
pub struct Spread {
    size: usize,
    /// The full turn in as many steps as the size has.
    turns: Box<[Bin]>,
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    sound: Box<[f32]>,
    half: Box<[Bin]>,
    whole: Box<[Bin]>,
    scratch: Box<[Bin]>,
}

impl Spread {
    /// Transforms of `size` samples, a power of two of at least 32. Allocates.
    pub fn new(size: usize) -> Self {
        let (part, mut planner) = (size / PARTS, RealFftPlanner::new());
        let (forward, inverse) = (planner.plan_fft_forward(part), planner.plan_fft_inverse(part));
        let turn = |k: usize| {
            let (sin, cos) = (TAU * k as f64 / size as f64).sin_cos();
            Bin::new(cos as f32, sin as f32)
        };
        let zeros = |count: usize| vec![ZERO; count].into_boxed_slice();
        Self {
            size,
            turns: (0..size).map(turn).collect(),
            sound: vec![0.0; part].into_boxed_slice(),
            half: zeros(part / 2 + 1),
            whole: zeros(part),
            scratch: zeros(forward.get_scratch_len().max(inverse.get_scratch_len())),
            forward,
            inverse,
        }
    }

    /// A spectrum's bins, from 0 Hz to half the sample rate.
    pub fn bins(&self) -> usize {
        self.size / 2 + 1
    }

    /// e^(2 pi i x) for `x` in 65 536ths of a turn.
    #[inline]
    pub fn turn(&self, x: u16) -> Bin {
        self.turns[(x as usize * self.size) >> 16]
    }

    /// Adds part `part` of the transform of the sound that `sample` tells to `spectrum`; part 0 begins it anew.
    pub fn analyse(&mut self, part: usize, sample: impl Fn(usize) -> f32, spectrum: &mut [Bin]) {
        for (m, x) in self.sound.iter_mut().enumerate() {
            *x = sample(m * PARTS + part);
        }
        let done = self.forward.process_with_scratch(&mut self.sound, &mut self.half, &mut self.scratch);
        debug_assert!(done.is_ok(), "lengths are right by construction");
        self.turn_whole(part);
        for (q, block) in spectrum.chunks_mut(self.whole.len()).enumerate() {
            let turn = self.turns[self.wrap(q * part * self.whole.len())].conj();
            for (x, part_of_it) in block.iter_mut().zip(&self.whole) {
                let before = if part == 0 { ZERO } else { *x };
                *x = before + part_of_it * turn;
            }
        }
    }

    /// Part `part` of the sound of `spectrum`, `size` times as loud: `put` is told each sample's place and value.
    pub fn synthesise(&mut self, part: usize, spectrum: &[Bin], mut put: impl FnMut(usize, f32)) {
        self.fold(part, spectrum);
        for (k, bin) in self.half.iter_mut().enumerate() {
            *bin *= self.turns[(k * part) & (self.size - 1)];
        }
        // Real by symmetry but for rounding, and the transform insists.
        self.half[0].im = 0.0;
        self.half[self.whole.len() / 2].im = 0.0;
        let done = self.inverse.process_with_scratch(&mut self.half, &mut self.sound, &mut self.scratch);
        debug_assert!(done.is_ok(), "lengths are right by construction");
        self.sound.iter().enumerate().for_each(|(m, x)| put(m * PARTS + part, *x));
    }

    /// The whole spectrum of a part's samples, turned by the part's place.
    fn turn_whole(&mut self, part: usize) {
        let count = self.whole.len();
        for (k, bin) in self.whole.iter_mut().enumerate() {
            let x = if k <= count / 2 { self.half[k] } else { self.half[count - k].conj() };
            *bin = x * self.turns[(k * part) & (self.size - 1)].conj();
        }
    }

    /// Adds up the bins that a part cannot tell apart, each turned by its distance; those above half the sample rate are the
    /// mirrored ones below.
    fn fold(&mut self, part: usize, spectrum: &[Bin]) {
        let count = self.whole.len();
        self.half.fill(ZERO);
        for q in 0..PARTS / 2 {
            let turn = self.turns[self.wrap(q * part * count)];
            for (sum, x) in self.half.iter_mut().zip(&spectrum[q * count..]) {
                *sum += x * turn;
            }
            let turn = self.turns[self.wrap((q + 1) * part * count)];
            for (sum, x) in self.half.iter_mut().zip(spectrum[..=(q + 1) * count].iter().rev()) {
                *sum += (x * turn).conj();
            }
        }
    }

    fn wrap(&self, turn: usize) -> usize {
        turn & (self.size - 1)
    }
}

impl fmt::Debug for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spread").field("size", &self.size).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::chance::Chance;

    #[test]
    fn the_parts_make_up_the_transform_both_ways() {
        let size = 256;
        let sound: Vec<f32> = (0..size as i64).map(|n| Chance::new(1, 1).normal(n)[0]).collect();
        let mut spread = Spread::new(size);
        let mut spectrum = vec![Bin::new(9.0, 9.0); spread.bins()];
        (0..PARTS).for_each(|part| spread.analyse(part, |n| sound[n], &mut spectrum));
        for (k, bin) in spectrum.iter().enumerate() {
            let whole: Complex<f64> = (0..size)
                .map(|n| Complex::from_polar(sound[n] as f64, -TAU * ((k * n) % size) as f64 / size as f64))
                .sum();
            assert!((whole.re as f32 - bin.re).abs() < 1e-4 && (whole.im as f32 - bin.im).abs() < 1e-4, "{k}");
        }
        let mut back = vec![0.0; size];
        (0..PARTS).for_each(|part| spread.synthesise(part, &spectrum, |n, x| back[n] = x / size as f32));
        assert!(sound.iter().zip(&back).all(|(a, b)| (a - b).abs() < 1e-5));
    }
}
