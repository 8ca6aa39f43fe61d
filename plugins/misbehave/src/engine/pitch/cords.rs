//! Grains of two periods, read as they are and laid at another distance.

use super::{
    super::record::{Frame, Record},
    period::{HEARD_S, LONGEST_S, period},
};

/// Distance of grains where the sound has no period, in seconds: they then lie as they were read, and pass it as it is.
const UNVOICED_S: f64 = 0.008;

/// Seconds after which the period is looked for again.
const LOOK_S: f64 = 0.01;

/// Grains that overlap at most: two periods, an octave up.
const GRAINS: usize = 8;

#[derive(Clone, Copy, Debug)]
struct Grain {
    /// Song sample of its middle, and samples by which its sound lies back.
    middle: f64,
    back: i64,
    half: f64,
    gain: f32,
}

/// A head that lays grains.
#[derive(Clone, Debug)]
pub struct Cords {
    ratio: f64,
    rate_hz: f64,
    now: i64,
    /// Samples behind the song of the sound that is wanted.
    lead: f64,
    /// The period, where there is one, and the song sample at which it is looked for again.
    period: Option<f64>,
    look: i64,
    /// Where the next grain's middle lies, and where the last one was taken from.
    middle: f64,
    source: f64,
    grains: [Grain; GRAINS],
    count: usize,
}

impl Cords {
    /// A head at `ratio` times the pitch, in the song sample `origin`.
    pub fn new(ratio: f64, origin: i64, rate_hz: f64) -> Self {
        // Half a period early at most, and the rounding.
        let lead = 0.5 * LONGEST_S * rate_hz + 2.0;
        let middle = origin as f64 - 2.0 * LONGEST_S * rate_hz;
        let idle = Grain { middle: f64::MIN, back: 0, half: 1.0, gain: 0.0 };
        let (source, grains) = (middle - lead, [idle; GRAINS]);
        Self { ratio, rate_hz, now: origin, lead, period: None, look: origin, middle, source, grains, count: 0 }
    }

    /// Samples before the event's first one that may be read.
    pub fn back(rate_hz: f64) -> i64 {
        ((4.0 * LONGEST_S + HEARD_S) * rate_hz).ceil() as i64 + 4
    }

    /// The next frame.
    #[inline]
    pub fn next(&mut self, record: &Record) -> Frame {
        if self.now >= self.look {
            self.period = period(record, self.now, self.rate_hz);
            self.look = self.now + (LOOK_S * self.rate_hz) as i64;
        }
        while self.middle - self.half() <= self.now as f64 {
            self.lay();
        }
        let mut sum = [0.0; 2];
        for grain in &self.grains {
            let x = (self.now as f64 - grain.middle) / grain.half;
            if x.abs() < 1.0 {
                let gain = grain.gain * (0.5 + 0.5 * (std::f32::consts::PI * x as f32).cos());
                let frame = record.frame(self.now - grain.back);
                sum = [0, 1].map(|side| sum[side] + gain * frame[side]);
            }
        }
        self.now += 1;
        sum
    }

    fn half(&self) -> f64 {
        self.period.unwrap_or(UNVOICED_S * self.rate_hz)
    }

    /// Lays the next grain.
    fn lay(&mut self) {
        let (half, wanted) = (self.half(), self.middle - self.lead);
        // In a note, whole periods from the last grain, so that the grains are in step.
        let source = match self.period {
            Some(period) => self.source + ((wanted - self.source) / period).round() * period,
            None => wanted,
        };
        // As many harmonics as before lie in so much less room: their power grows with the ratio.
        let (apart, gain) = match self.period {
            Some(period) => (period / self.ratio, self.ratio.sqrt().recip() as f32),
            None => (half, 1.0),
        };
        let back = (self.middle - source).round() as i64;
        self.grains[self.count % GRAINS] = Grain { middle: self.middle, back, half, gain };
        self.count += 1;
        (self.source, self.middle) = (source, self.middle + apart);
    }
}
