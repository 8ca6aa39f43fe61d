//! Voicing: whether a sound repeats itself at the pitch of a voice.

/// Samples at 16 kHz that are averaged into one: the search runs at 4 kHz.
const DECIMATION: usize = 4;

/// Samples compared: 32 ms, two periods of the lowest voice.
const WINDOW: usize = 128;

/// Periods that a voice may have, in samples at 4 kHz: 400 Hz down to 70 Hz.
const SHORTEST: usize = 10;
const LONGEST: usize = 57;

/// A sound must first become unlike itself by this much before it may repeat: what is merely dull never does.
const DIP: f32 = 0.3;

/// Finds voicing by normalised autocorrelation (B. S. Atal and L. R. Rabiner, "A pattern recognition approach to
/// voiced-unvoiced-silence classification", IEEE Trans. ASSP 24(3), 1976).
#[derive(Clone, Debug)]
pub struct Voicing {
    past: [f32; WINDOW + LONGEST],
    /// State of the high-pass that takes rumble out, at 4 kHz.
    rumble: f32,
}

impl Voicing {
    /// Silence.
    pub fn new() -> Self {
        Self { past: [0.0; WINDOW + LONGEST], rumble: 0.0 }
    }

    /// Takes in a frame at 16 kHz; gives the strongest repetition, 0 (none) to 1 (exact).
    pub fn hear(&mut self, frame: &[f32]) -> f32 {
        let new = frame.len() / DECIMATION;
        self.past.copy_within(new.., 0);
        let start = self.past.len() - new;
        for (to, from) in self.past[start..].iter_mut().zip(frame.chunks_exact(DECIMATION)) {
            let x = from.iter().sum::<f32>() / DECIMATION as f32;
            // 90 Hz: 1 - exp(-2 pi 90 / 4000).
            self.rumble = green_ring_dsp::door::settle(self.rumble + 0.132 * (x - self.rumble));
            *to = x - self.rumble;
        }
        self.strongest()
    }

    fn strongest(&self) -> f32 {
        let now = &self.past[LONGEST..];
        let own = dot(now, now);
        if own < 1e-10 {
            return 0.0;
        }
        let mut other = dot(&self.past[LONGEST - 2..][..WINDOW], &self.past[LONGEST - 2..][..WINDOW]);
        let (mut dipped, mut best) = (false, 0.0f32);
        for lag in 3..=LONGEST {
            let then = &self.past[LONGEST - lag..][..WINDOW];
            other += then[0] * then[0] - self.past[LONGEST - lag + WINDOW].powi(2);
            let likeness = dot(now, then) / (own * other.max(1e-10)).sqrt();
            dipped |= likeness < DIP;
            if dipped && lag >= SHORTEST {
                best = best.max(likeness);
            }
        }
        best.min(1.0)
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for k in 0..8 {
            lanes[k] += a[k] * b[k];
        }
    }
    lanes.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::chance::Chance;

    /// Least and greatest strength over half a second, once the window is full.
    fn heard(source: impl Fn(usize) -> f32) -> (f32, f32) {
        let mut voicing = Voicing::new();
        let strengths: Vec<f32> =
            (0..32).map(|k| voicing.hear(&std::array::from_fn::<f32, 256, _>(|n| source(k * 256 + n)))).collect();
        strengths[4..].iter().fold((1.0, 0.0), |(least, most), s| (s.min(least), s.max(most)))
    }

    #[test]
    fn a_voice_repeats_itself_at_any_pitch() {
        for hz in [75.0, 120.0, 210.0, 390.0] {
            // Twelve partials, as a voice has them.
            let voice = |n: usize| {
                (1..=12)
                    .map(|h| (std::f32::consts::TAU * (hz * h as f32 * n as f32 / 16_000.0).fract()).sin() / h as f32)
                    .sum()
            };
            assert!(heard(voice).0 > 0.8, "{hz}: {:?}", heard(voice));
        }
    }

    #[test]
    fn noise_rumble_and_silence_do_not() {
        let chance = Chance::new(1, 0);
        let noise = |n: usize| chance.normal(n as i64)[0];
        assert!(heard(noise).1 < 0.6, "{:?}", heard(noise));
        let rumble = |n: usize| (std::f32::consts::TAU * 30.0 * n as f32 / 16_000.0).sin();
        assert!(heard(rumble).1 < 0.6, "{:?}", heard(rumble));
        assert_eq!(heard(|_| 0.0), (0.0, 0.0));
    }
}
