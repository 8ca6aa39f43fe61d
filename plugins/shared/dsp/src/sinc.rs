//! The windowed sinc behind band-limited reads between samples.
//!
//! A linear or cubic read dulls the treble by an amount that depends on the fraction of a sample, and so turns every
//! movement of a delay into a tremolo of the top octave. A sinc under a Kaiser window (Kaiser 1974) does not.

/// Kaiser parameter for about 80 dB of stopband (Kaiser's formula: 0.1102 x (80 - 8.7)).
const BETA: f64 = 7.86;

/// A table of fractional-delay kernels.
#[derive(Debug)]
pub struct Sinc {
    /// `phases + 1` rows of `taps` weights, oldest sample first; row p is for fraction p / phases.
    rows: Box<[f32]>,
    taps: usize,
    phases: usize,
}

impl Sinc {
    /// Kernels of `2 * reach` taps in `phases` fractional steps, with linear interpolation between the steps.
    /// Allocates.
    pub fn new(reach: usize, phases: usize) -> Self {
        let taps = 2 * reach;
        let mut rows = Vec::with_capacity((phases + 1) * taps);
        for phase in 0..=phases {
            let fraction = phase as f64 / phases as f64;
            let row: Vec<f64> = (0..taps).map(|k| kernel(k as f64 - reach as f64 + fraction, reach as f64)).collect();
            // Unity at zero hertz, so that a delayed steady level does not flutter.
            let sum: f64 = row.iter().sum();
            rows.extend(row.iter().map(|w| (w / sum) as f32));
        }
        Self { rows: rows.into_boxed_slice(), taps, phases }
    }

    /// Samples that are needed on the younger side of a delay: the shortest delay that can be read.
    #[inline]
    pub fn reach(&self) -> usize {
        self.taps / 2
    }

    /// The sum of the kernel for `fraction` (0..1, towards the older side) over a power-of-two `ring`, the oldest
    /// tap at index `oldest`.
    #[inline]
    pub fn sum(&self, ring: &[f32], oldest: usize, fraction: f32) -> f32 {
        let (near, far, blend) = self.kernels(fraction);
        if oldest + self.taps <= ring.len() {
            dot(&ring[oldest..oldest + self.taps], near, far, blend)
        } else {
            let (end, start) = (&ring[oldest..], &ring[..oldest + self.taps - ring.len()]);
            let n = end.len();
            dot(end, &near[..n], &far[..n], blend) + dot(start, &near[n..], &far[n..], blend)
        }
    }

    /// [`Sinc::sum`] of two rings at one place, bit for bit, with the kernel worked out once.
    #[inline]
    pub fn sum_pair(&self, rings: [&[f32]; 2], oldest: usize, fraction: f32) -> [f32; 2] {
        if oldest + self.taps > rings[0].len() {
            return rings.map(|ring| self.sum(ring, oldest, fraction));
        }
        let (near, far, blend) = self.kernels(fraction);
        dot_pair(rings.map(|ring| &ring[oldest..oldest + self.taps]), near, far, blend)
    }

    /// The kernels on either side of `fraction`, and how far it lies between them.
    #[inline]
    fn kernels(&self, fraction: f32) -> (&[f32], &[f32], f32) {
        let place = fraction * self.phases as f32;
        let phase = (place as usize).min(self.phases - 1);
        let (near, rest) = self.rows[phase * self.taps..].split_at(self.taps);
        (near, &rest[..self.taps], place - phase as f32)
    }
}

/// [`dot`] of two sounds, in the same order of sums.
#[inline]
fn dot_pair([x, y]: [&[f32]; 2], near: &[f32], far: &[f32], blend: f32) -> [f32; 2] {
    let (mut lanes, mut sums) = ([[0.0f32; 4]; 2], [0.0; 2]);
    let whole = x.len() & !3;
    for k in whole..x.len() {
        let weight = near[k] + blend * (far[k] - near[k]);
        sums = [sums[0] + x[k] * weight, sums[1] + y[k] * weight];
    }
    let (xs, ys) = (x.chunks_exact(4), y.chunks_exact(4));
    for (((x, y), n), f) in xs.zip(ys).zip(near.chunks_exact(4)).zip(far.chunks_exact(4)) {
        for k in 0..4 {
            let weight = n[k] + blend * (f[k] - n[k]);
            lanes[0][k] += x[k] * weight;
            lanes[1][k] += y[k] * weight;
        }
    }
    [0, 1].map(|side| sums[side] + (lanes[side][0] + lanes[side][1]) + (lanes[side][2] + lanes[side][3]))
}

/// `sum(x * (near + blend * (far - near)))`, in four lanes so that it becomes vector code.
#[inline]
fn dot(x: &[f32], near: &[f32], far: &[f32], blend: f32) -> f32 {
    let mut lanes = [0.0f32; 4];
    let (xs, ns, fs) = (x.chunks_exact(4), near.chunks_exact(4), far.chunks_exact(4));
    let mut sum = 0.0;
    for ((x, n), f) in xs.remainder().iter().zip(ns.remainder()).zip(fs.remainder()) {
        sum += x * (n + blend * (f - n));
    }
    for ((x, n), f) in xs.zip(ns).zip(fs) {
        for k in 0..4 {
            lanes[k] += x[k] * (n[k] + blend * (f[k] - n[k]));
        }
    }
    sum + (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}

/// The windowed sinc at `t` samples from its centre, zero from `reach` on.
fn kernel(t: f64, reach: f64) -> f64 {
    let x = t / reach;
    if x.abs() >= 1.0 || (t != 0.0 && t.fract() == 0.0) {
        // Exactly zero at the other whole samples, so that a whole delay gives back the sample itself.
        return 0.0;
    }
    let phase = std::f64::consts::PI * t;
    let sinc = if phase == 0.0 { 1.0 } else { phase.sin() / phase };
    sinc * bessel_i0(BETA * (1.0 - x * x).sqrt()) / bessel_i0(BETA)
}

/// The modified Bessel function of order zero, by its power series: what a Kaiser window is made of.
pub fn bessel_i0(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..60 {
        term *= (x / (2.0 * k as f64)).powi(2);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_delay_is_the_sample_itself() {
        let sinc = Sinc::new(16, 64);
        let ring: Vec<f32> = (0..64).map(|k| ((k * 37) % 11) as f32 - 5.0).collect();
        // Tap `reach` of the row is the sample at the whole delay.
        assert_eq!(sinc.sum(&ring, 8, 0.0), ring[8 + 15 + 1]);
    }

    #[test]
    fn a_wrapped_ring_gives_the_same_sum() {
        let sinc = Sinc::new(8, 64);
        let ring: Vec<f32> = (0..64).map(|k| (k as f32 * 0.3).sin()).collect();
        let turned: Vec<f32> = (0..64).map(|k| ring[(k + 30) % 64]).collect();
        assert!((sinc.sum(&ring, 20, 0.37) - sinc.sum(&turned, 54, 0.37)).abs() < 1e-6);
    }

    #[test]
    fn a_pair_is_two_reads_bit_for_bit() {
        let sinc = Sinc::new(11, 64);
        let [left, right] = [0.3f32, 0.7].map(|w| (0..64).map(|k| (k as f32 * w).sin()).collect::<Vec<f32>>());
        for (oldest, fraction) in [(0, 0.0), (5, 0.31), (42, 0.99), (50, 0.5)] {
            let apart = [sinc.sum(&left, oldest, fraction), sinc.sum(&right, oldest, fraction)];
            assert_eq!(sinc.sum_pair([&left, &right], oldest, fraction), apart);
        }
    }

    #[test]
    fn a_steady_level_stays() {
        let sinc = Sinc::new(16, 256);
        for k in 0..1_000 {
            assert!((sinc.sum(&[1.0; 64], 0, k as f32 / 1_000.0) - 1.0).abs() < 1e-6);
        }
    }
}
