//! Fewer bits at a lower rate: a staircase that is as steep as the sample rate allows, and no steeper.
//!
//! The input is looked at so many times a second, between samples where need be (Catmull & Rom 1974), rounded, and held.
//! What that folds down into the music is the sound of it, and is the same at every sample rate. What the edges of the
//! steps would fold down besides is the converter's, and different at each: so each edge is a band-limited step (Brandt,
//! "Hard sync without aliasing", ICMC 2001), which takes 8 samples.

use green_ring_dsp::{door::settle, sinc::bessel_i0};

use super::record::Frame;

/// Samples on each side of an edge over which it rises.
const REACH: usize = 6;
const TAPS: usize = 2 * REACH + 1;
/// Places between two samples for which edges are kept.
const PHASES: usize = 64;
/// Where an edge ends in frequency, as a share of the rate, and how quietly (Kaiser parameter).
const CUTOFF: f64 = 0.44;
const BETA: f64 = 5.0;
/// Corrections on their way: a power of two above [`TAPS`].
const KEPT: usize = 16;

/// Band-limited steps from -1 to 0, by the fraction of a sample at which they lie.
#[derive(Debug)]
pub(super) struct Edges {
    rows: Box<[[f32; TAPS]]>,
}

impl Edges {
    /// Allocates.
    pub fn new() -> Self {
        const FINE: usize = 64;
        let reach = REACH as f64;
        let impulse = |t: f64| {
            let x = std::f64::consts::TAU * CUTOFF * t;
            let sinc = if x == 0.0 { 1.0 } else { x.sin() / x };
            sinc * bessel_i0(BETA * (1.0 - (t / reach).powi(2)).max(0.0).sqrt())
        };
        // The step is the running sum of the impulse, by the rule of midpoints.
        let mut sum = vec![0.0];
        for k in 0..2 * REACH * FINE {
            sum.push(sum[k] + impulse((k as f64 + 0.5) / FINE as f64 - reach));
        }
        let whole = sum[sum.len() - 1];
        let step = |t: f64| {
            let place = ((t + reach) * FINE as f64).clamp(0.0, (sum.len() - 1) as f64);
            let k = (place as usize).min(sum.len() - 2);
            (sum[k] + (place - k as f64) * (sum[k + 1] - sum[k])) / whole
        };
        let row = |phase: usize| {
            let fraction = phase as f64 / PHASES as f64;
            std::array::from_fn(|k| (step(k as f64 - reach - fraction) - 1.0) as f32)
        };
        Self { rows: (0..=PHASES).map(row).collect() }
    }
}

/// A sound as it is crushed.
#[derive(Clone, Debug)]
pub(super) struct Crusher {
    /// Samples between two looks, and from the oldest but one of the last four to the next look.
    period: f64,
    wait: f64,
    /// The distance of two levels.
    quantum: f32,
    recent: [Frame; 4],
    held: Frame,
    coming: [Frame; KEPT],
    now: usize,
}

impl Crusher {
    /// `bits` at 1 for full scale both ways; no more than half the rate is looked at.
    pub fn new(bits: f32, crush_rate_hz: f32, rate_hz: f64) -> Self {
        Self {
            period: (rate_hz / f64::from(crush_rate_hz).max(1.0)).max(2.0),
            wait: 0.0,
            quantum: (1.0 - bits).exp2(),
            recent: [[0.0; 2]; 4],
            held: [0.0; 2],
            coming: [[0.0; 2]; KEPT],
            now: 0,
        }
    }

    /// The next frame, of what came in 8 samples ago.
    #[inline]
    pub fn next(&mut self, edges: &Edges, x: Frame) -> Frame {
        self.recent = [self.recent[1], self.recent[2], self.recent[3], x];
        if self.wait < 1.0 {
            self.look(edges);
            self.wait += self.period;
        }
        self.wait -= 1.0;
        let coming = std::mem::take(&mut self.coming[self.now]);
        self.now = (self.now + 1) % KEPT;
        std::array::from_fn(|channel| settle(self.held[channel] + coming[channel]))
    }

    /// Takes a new level, at the fraction `wait` of a sample.
    fn look(&mut self, edges: &Edges) {
        let place = self.wait as f32 * PHASES as f32;
        let phase = (place as usize).min(PHASES - 1);
        let blend = place - phase as f32;
        let (near, far) = (&edges.rows[phase], &edges.rows[phase + 1]);
        for channel in 0..2 {
            let [a, b, c, d] = self.recent.map(|frame| frame[channel]);
            let level = (between([a, b, c, d], self.wait as f32) / self.quantum).round() * self.quantum;
            let rise = level - self.held[channel];
            self.held[channel] = level;
            for k in 0..TAPS {
                self.coming[(self.now + k) % KEPT][channel] += rise * (near[k] + blend * (far[k] - near[k]));
            }
        }
    }
}

/// What lies between `b` and `c`, at `t` of the way.
fn between([a, b, c, d]: [f32; 4], t: f32) -> f32 {
    b + 0.5 * t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Power of `sound` at `hz`, in decibels re a full sine.
    fn at_hz(sound: &[f32], hz: f64, rate_hz: f64) -> f64 {
        let (mut re, mut im, mut sum) = (0.0, 0.0, 0.0);
        for (n, x) in sound.iter().enumerate() {
            let hann = 1.0 - (std::f64::consts::TAU * n as f64 / sound.len() as f64).cos();
            let phase = std::f64::consts::TAU * hz * n as f64 / rate_hz;
            (re, im, sum) = (re + hann * phase.cos() * *x as f64, im + hann * phase.sin() * *x as f64, sum + hann);
        }
        20.0 * (2.0 * re.hypot(im) / sum).log10()
    }

    fn crushed(bits: f32, crush_rate_hz: f32, hz: f64, rate_hz: f64) -> Vec<f32> {
        let edges = Edges::new();
        let mut crusher = Crusher::new(bits, crush_rate_hz, rate_hz);
        let frames = (0.5 * rate_hz) as usize;
        let x = |n: usize| (0.5 * (std::f64::consts::TAU * hz * n as f64 / rate_hz).sin()) as f32;
        (0..frames).map(|n| crusher.next(&edges, [x(n); 2])[0]).skip(frames / 10).collect()
    }

    #[test]
    fn images_are_the_same_at_every_rate() {
        for (crush_rate_hz, hz) in [(6_000.0, 1_000.0), (11_000.0, 2_300.0), (4_100.0, 700.0)] {
            let images = [hz, crush_rate_hz - hz, crush_rate_hz + hz, 2.0 * crush_rate_hz - hz];
            for image in images.into_iter().filter(|hz| *hz < 15_000.0) {
                let want = at_hz(&crushed(16.0, crush_rate_hz as f32, hz, 384_000.0), image, 384_000.0);
                for rate_hz in [44_100.0, 48_000.0, 96_000.0] {
                    let have = at_hz(&crushed(16.0, crush_rate_hz as f32, hz, rate_hz), image, rate_hz);
                    println!("{crush_rate_hz} {hz} image {image} at {rate_hz}: {have:.2} want {want:.2}");
                    assert!((have - want).abs() < 0.5, "{image} Hz at {rate_hz} Hz: {have} instead of {want} dB");
                }
            }
        }
    }

    #[test]
    fn edges_fold_nothing_down() {
        // All that belongs to it are multiples of the rate, plus and minus the tone. Between them it is quiet.
        let sound = crushed(16.0, 5_000.0, 1_000.0, 44_100.0);
        let loudest = (1..72).map(|k| 250.0 * k as f64).filter(|hz| hz % 1_000.0 != 0.0);
        let loudest = loudest.map(|hz| at_hz(&sound, hz, 44_100.0)).fold(f64::MIN, f64::max);
        println!("between the images: {loudest:.1} dB");
        assert!(loudest < -70.0, "{loudest} dB");
    }

    #[test]
    fn a_level_is_a_level_and_bits_are_bits() {
        let edges = Edges::new();
        for (bits, want) in [(16.0, 0.3), (4.0, 0.25), (3.0, 0.25), (2.0, 0.5)] {
            let mut crusher = Crusher::new(bits, 7_000.0, 48_000.0);
            let out = (0..200).map(|_| crusher.next(&edges, [0.3; 2])).last().unwrap();
            assert!((out[0] - want).abs() < 1e-4, "{bits} bits: {out:?}");
        }
    }

    #[test]
    fn it_is_8_samples_late() {
        let edges = Edges::new();
        let mut crusher = Crusher::new(16.0, 24_000.0, 48_000.0);
        let out: Vec<f32> = (0..100).map(|n| crusher.next(&edges, [f32::from(n >= 42); 2])[0]).collect();
        // A look falls on sample 42, and on every other one.
        assert_eq!(out.iter().position(|x| *x > 0.25), Some(42 + REACH + 2));
    }
}
