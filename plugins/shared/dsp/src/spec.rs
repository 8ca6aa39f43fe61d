//! What an engine is built for: sample rate and channel count.

/// The conditions an engine is built for. A change of either means a new engine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spec {
    /// Sample rate in hertz, 8 000 to 384 000.
    pub sample_rate: f64,
    /// Channels of the main bus: 1 or 2.
    pub channels: usize,
}

impl Spec {
    /// `seconds` as a whole number of samples, rounded to the nearest.
    pub fn samples(&self, seconds: f64) -> usize {
        (seconds * self.sample_rate).round().max(0.0) as usize
    }
}

/// How long an engine may sound after its input has gone silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// After so many samples of silent input the output is exactly zero.
    Samples(u32),
    /// The engine makes sound of its own and never falls silent by itself.
    Infinite,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_round_to_the_nearest_sample() {
        let spec = Spec { sample_rate: 44_100.0, channels: 2 };
        assert_eq!(spec.samples(0.02), 882);
        assert_eq!(spec.samples(1.0 / 44_100.0 * 1.6), 2);
        assert_eq!(spec.samples(-1.0), 0);
    }
}
