//! A delay line: one ring of sound, read at whole samples or, through [`Sinc`], between them.

use crate::sinc::Sinc;

/// One channel of the past.
///
/// A delay of 0 is the sample written last. Its size is a power of two, so that an index wraps by a mask.
#[derive(Debug)]
pub struct DelayLine {
    ring: Box<[f32]>,
    mask: usize,
    /// Index that is written next.
    head: usize,
}

impl DelayLine {
    /// A line that remembers at least `samples` of the past. Allocates.
    pub fn new(samples: usize) -> Self {
        let size = (samples + 1).next_power_of_two();
        Self { ring: vec![0.0; size].into_boxed_slice(), mask: size - 1, head: 0 }
    }

    /// Forgets all sound. Does not allocate.
    pub fn reset(&mut self) {
        self.ring.fill(0.0);
        self.head = 0;
    }

    /// The longest delay that [`DelayLine::read`] can serve, in samples.
    pub fn longest(&self) -> usize {
        self.mask
    }

    /// Takes in one sample.
    #[inline]
    pub fn write(&mut self, x: f32) {
        self.ring[self.head] = x;
        self.head = (self.head + 1) & self.mask;
    }

    /// The sample that was written `delay` samples before the last one.
    #[inline]
    pub fn read(&self, delay: usize) -> f32 {
        self.ring[(self.head.wrapping_sub(delay + 1)) & self.mask]
    }

    /// Writes `x` and reads what was written `delay` samples before it.
    #[inline]
    pub fn tick(&mut self, x: f32, delay: usize) -> f32 {
        self.write(x);
        self.read(delay)
    }

    /// The sound at a delay between samples, band-limited. `delay` must be at least [`Sinc::reach`] and at most
    /// `longest() - reach()`; beyond that it is held there.
    #[inline]
    pub fn read_between(&self, delay: f64, sinc: &Sinc) -> f32 {
        let (oldest, fraction) = self.place(delay, sinc);
        sinc.sum(&self.ring, oldest, fraction)
    }

    /// [`DelayLine::read_between`] of two lines of one size that are written together, for little more than one costs.
    #[inline]
    pub fn read_pair_between(pair: [&Self; 2], delay: f64, sinc: &Sinc) -> [f32; 2] {
        let (oldest, fraction) = pair[0].place(delay, sinc);
        sinc.sum_pair(pair.map(|line| &line.ring[..]), oldest, fraction)
    }

    /// Index of the oldest tap of a read, and the fraction of a sample. The taps then lie in order of time, as the
    /// table has them.
    #[inline]
    fn place(&self, delay: f64, sinc: &Sinc) -> (usize, f32) {
        let reach = sinc.reach();
        let delay = delay.clamp(reach as f64, (self.mask - reach) as f64);
        let whole = delay as usize;
        (self.head.wrapping_sub(whole + 1 + reach) & self.mask, (delay - whole as f64) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_exact_and_zero_is_now() {
        let mut line = DelayLine::new(5);
        for k in 0..20 {
            line.write(k as f32);
            assert_eq!(line.read(0), k as f32);
            assert_eq!(line.read(5), (k as f32 - 5.0).max(0.0));
        }
        line.reset();
        assert_eq!((line.read(0), line.tick(2.0, 0)), (0.0, 2.0));
    }

    #[test]
    fn reads_between_samples_match_the_sine() {
        let (sinc, rate) = (Sinc::new(16, 512), 48_000.0f64);
        for hz in [100.0, 5_000.0, 15_000.0, 20_000.0] {
            let mut line = DelayLine::new(256);
            let w = std::f64::consts::TAU * hz / rate;
            let (mut worst, mut delay) = (0.0f64, 40.0);
            for n in 0..3_000 {
                line.write((w * n as f64).sin() as f32);
                delay += 0.0137;
                if n > 400 {
                    let error = line.read_between(delay, &sinc) as f64 - (w * (n as f64 - delay)).sin();
                    worst = worst.max(error.abs());
                }
            }
            assert!(20.0 * worst.log10() < -72.0, "{hz} Hz: {:.1} dB", 20.0 * worst.log10());
        }
    }
}
