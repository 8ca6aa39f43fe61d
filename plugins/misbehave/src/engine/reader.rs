//! Reads the record at any speed: a windowed sinc whose cutoff follows the rate.
//!
//! A linear or cubic read dulls the treble, and read faster than it was recorded, sound folds back at nearly full level.
//! A sinc that is as much longer as the read is faster keeps what fits below half the sample rate and drops the rest
//! (Smith & Gossett, "A flexible sampling-rate conversion method", ICASSP 1984), here under a Kaiser window
//! (Kaiser 1974).

use std::{f64::consts::PI, sync::LazyLock};

use green_ring_dsp::sinc::bessel_i0;

use super::record::{Frame, Record};

/// The fastest read that leaves no alias behind, as a rate: 4 is two octaves up.
pub const FASTEST: f64 = 4.0;

/// Zero crossings of a kernel on each side. With the window below they put the whole slope between 0.45 and 0.55 of
/// the sample rate.
const CROSSINGS: f64 = 32.0;

/// Kaiser parameter for about 96 dB of stopband (Kaiser's formula: 0.1102 x (96 - 8.7)).
const BETA: f64 = 9.62;

/// Fractions of a sample that a kernel is kept for. Linear interpolation between them errs by (w / phases)^2 / 8: -84 dB
/// at 0.45 of the sample rate. A kernel that is longer passes only what is slower, and needs fewer.
const PHASES: f64 = 128.0;

/// Kernels in an octave of rates. A rate takes the next longer one, whose slope is still above 0.45 of the sample rate.
const KERNELS: f64 = 8.0;

/// Taps of the longest kernel.
const MOST_TAPS: usize = 256;

/// The kernel of one rate.
#[derive(Debug)]
struct Kernel {
    /// The fastest rate that this kernel is for.
    rate: f64,
    /// `phases + 1` rows of `taps` weights, each there twice, for left and right; oldest sample first. Row p is for
    /// fraction p / phases.
    rows: Box<[f32]>,
    taps: usize,
    phases: f64,
}

/// The kernels of all rates. They are the same at every sample rate.
#[derive(Debug)]
pub struct Kernels {
    kernels: Box<[Kernel]>,
}

/// The one set that all engines of a process share (a megabyte). The first call allocates: call it where the engine is made.
pub fn kernels() -> &'static Kernels {
    static SHARED: LazyLock<Kernels> = LazyLock::new(Kernels::new);
    &SHARED
}

impl Kernels {
    fn new() -> Self {
        let steps = (FASTEST.log2() * KERNELS).round() as usize;
        Self { kernels: (0..=steps).map(|k| Kernel::new((k as f64 / KERNELS).exp2())).collect() }
    }

    /// Samples on each side of a place that a read there at `rate` (of either sign) may touch.
    pub fn reach(&self, rate: f64) -> i64 {
        (self.kernel(rate).taps / 2) as i64
    }

    /// The sound at song sample `at`, with its fraction, as it passes at `rate` record samples a sample (1: as it was
    /// recorded; the sign does not matter; beyond 4 it begins to alias). Whatever lies within [`Kernels::reach`] of `at`
    /// must have been recorded. Does not allocate.
    #[inline]
    pub fn read(&self, record: &Record, at: f64, rate: f64) -> Frame {
        let whole = at.floor();
        self.read_at(record, whole as i64, at - whole, rate)
    }

    /// [`Kernels::read`] at song sample `whole` and a `fraction` (0..1) after it: as exact far into a song as at its beginning.
    #[inline]
    pub fn read_at(&self, record: &Record, whole: i64, fraction: f64, rate: f64) -> Frame {
        let kernel = self.kernel(rate);
        let place = fraction * kernel.phases;
        // A fraction may have been rounded up to 1.
        let row = (place as usize).min(kernel.phases as usize - 1);
        let (near, rest) = kernel.rows[row * 2 * kernel.taps..].split_at(2 * kernel.taps);
        let far = &rest[..2 * kernel.taps];
        let blend = (place - row as f64) as f32;
        let oldest = whole + 1 - (kernel.taps / 2) as i64;
        match record.span(oldest, kernel.taps) {
            (sound, []) => dot(sound, near, far, blend),
            (old, young) => {
                let mut sound = [[0.0; 2]; MOST_TAPS];
                sound[..old.len()].copy_from_slice(old);
                sound[old.len()..kernel.taps].copy_from_slice(young);
                dot(&sound[..kernel.taps], near, far, blend)
            }
        }
    }

    fn kernel(&self, rate: f64) -> &Kernel {
        let index = self.kernels.partition_point(|kernel| kernel.rate < rate.abs());
        &self.kernels[index.min(self.kernels.len() - 1)]
    }
}

impl Kernel {
    fn new(rate: f64) -> Self {
        // The lowest kernel must keep images away from half the sample rate, the others what their slowest rate leaves.
        let cutoff = if rate == 1.0 { 1.0 } else { 1.09 / rate };
        let reach = (CROSSINGS * rate / 4.0).ceil() * 4.0;
        let (taps, phases) = (2 * reach as usize, (PHASES / rate).ceil());
        let mut rows = Vec::with_capacity((phases as usize + 1) * 2 * taps);
        for phase in 0..=phases as usize {
            let first = 1.0 - reach - phase as f64 / phases;
            let row: Vec<f64> = (0..taps).map(|k| weight(first + k as f64, cutoff, reach)).collect();
            // Unity at zero hertz, so that a steady level does not flutter.
            let sum: f64 = row.iter().sum();
            rows.extend(row.iter().flat_map(|w| [(w / sum) as f32; 2]));
        }
        Self { rate, rows: rows.into_boxed_slice(), taps, phases }
    }
}

/// The sinc of `cutoff` (1: half the sample rate) at `t` samples from its centre, under a Kaiser window of `reach`.
fn weight(t: f64, cutoff: f64, reach: f64) -> f64 {
    let (phase, x) = (PI * cutoff * t, (t / reach).min(1.0));
    let sinc = if phase == 0.0 { 1.0 } else { phase.sin() / phase };
    sinc * bessel_i0(BETA * (1.0 - x * x).max(0.0).sqrt())
}

/// `sum(x * (near + blend * (far - near)))` of both channels, sixteen numbers at a time so that it becomes vector code.
#[inline]
fn dot(sound: &[Frame], near: &[f32], far: &[f32], blend: f32) -> Frame {
    let mut sums = [0.0f32; 16];
    let rows = near.chunks_exact(16).zip(far.chunks_exact(16));
    for (x, (near, far)) in sound.as_flattened().chunks_exact(16).zip(rows) {
        for k in 0..16 {
            sums[k] += x[k] * (near[k] + blend * (far[k] - near[k]));
        }
    }
    // A loop, not a formula, which would make the compiler split the lanes.
    let mut frame = [0.0; 2];
    for k in 0..8 {
        frame[0] += sums[2 * k];
        frame[1] += sums[2 * k + 1];
    }
    frame
}

#[cfg(test)]
mod tests {
    use green_ring_dsp::CELL;

    use super::*;

    const FRAMES: usize = 32_768;
    const START: f64 = 4_096.3;

    /// A sine of `turns` a sample on the left and another's half on the right.
    fn record(turns: f64) -> Record {
        let mut record = Record::new(FRAMES);
        for cell in 0..FRAMES / CELL {
            let sine: [f32; CELL] = std::array::from_fn(|k| wave(turns, (cell * CELL + k) as f64) as f32);
            record.write(&[sine, sine.map(|x| 0.5 * x)], CELL);
        }
        record
    }

    fn wave(turns: f64, at: f64) -> f64 {
        (2.0 * PI * turns * at).sin()
    }

    fn db(power: f64) -> f64 {
        10.0 * (2.0 * power).log10()
    }

    /// Power of what comes out at `rate` beyond `gain` times what should, on the left.
    fn power(record: &Record, rate: f64, want: impl Fn(f64) -> f64) -> f64 {
        let at = |n: i32| START + f64::from(n) * rate;
        let error = |n| f64::from(kernels().read(record, at(n), rate)[0]) - want(at(n));
        (0..4_000).map(|n| error(n).powi(2)).sum::<f64>() / 4_000.0
    }

    #[test]
    fn what_the_rate_leaves_in_band_is_exact_and_what_it_does_not_is_gone() {
        let (mut error, mut alias) = (f64::MIN, f64::MIN);
        for rate in [0.25, 0.5, 0.77, 1.0, 1.01, 1.09, 1.3, 1.5, 1.84, 2.0, 2.6, 3.3, 3.67, 4.0] {
            for k in 0..10 {
                let turns = [0.45 / f64::max(rate, 1.0) * f64::from(k + 1) / 10.0, 0.6 / rate + f64::from(k) * 0.03];
                error = error.max(db(power(&record(turns[0]), rate, |at| wave(turns[0], at))));
                if turns[1] < 0.5 {
                    alias = alias.max(db(power(&record(turns[1]), rate, |_| 0.0)));
                }
            }
        }
        assert!(error < -70.0 && alias < -90.0, "{error} {alias}");
    }

    #[test]
    fn backward_and_right_are_read_alike() {
        let record = record(0.01);
        for n in 0..1_000 {
            let at = START + 0.37 * f64::from(n);
            let [left, right] = kernels().read(&record, at, -1.7);
            assert!((left - 2.0 * right).abs() < 1e-6 && (f64::from(left) - wave(0.01, at)).abs() < 1e-4);
        }
    }

    #[test]
    fn a_read_across_the_rings_end_is_like_any_other() {
        let (mut long, mut short) = (Record::new(1 << 16), Record::new(1 << 10));
        for cell in 0..40 {
            let noise = std::array::from_fn(|k| ((cell * CELL + k) as f32 * 1.7).sin());
            long.write(&[noise; 2], CELL);
            short.write(&[noise; 2], CELL);
        }
        for at in [900.5, 1_000.25, 1_023.9, 1_024.0, 1_060.1] {
            assert_eq!(kernels().read(&long, at, 2.0), kernels().read(&short, at, 2.0));
        }
        assert_eq!(kernels().reach(4.0), 128);
    }
}
