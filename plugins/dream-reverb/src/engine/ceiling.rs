//! The ceiling under which sound must lie before it is read faster, so that nothing folds back from Nyquist.
//!
//! A loop reads its own shifted sound again and again: what folds once is shifted, and folds again. So the filter is
//! steep: an elliptic low-pass of order eight (W. Cauer 1931), 0.1 dB of ripple below the ceiling and 80 dB down from 1.41
//! times the ceiling on. It is made of state-variable filters, since those may be retuned while they sound.

use super::network::TAPS;
use green_ring_dsp::door::settle;
use std::f64::consts::PI;

/// Poles (frequency re the ceiling, quality) and zeros (frequency re the ceiling) of the four sections, from the elliptic
/// prototype of that order, ripple and depth. The highest zero goes with the slowest pole, which keeps each section tame.
const SECTIONS: [[f64; 3]; 4] = [
    [0.457_103_476_7, 0.602_934_783_0, 6.114_739_582_7],
    [0.726_846_209_8, 1.347_400_615_7, 2.254_245_050_7],
    [0.931_113_590_8, 3.266_449_424_5, 1.606_887_113_4],
    [1.024_222_270_2, 11.997_033_732_1, 1.422_294_323_0],
];

/// Gain of the prototype's high-pass end, its floor, in parts: a quarter of its 80 dB for each section.
const GAIN: f32 = 0.1;

/// One value for each tap.
type Taps = [f32; TAPS];

/// The ceiling over four taps, side by side.
#[derive(Clone, Debug, Default)]
pub struct Ceiling([Section; 4]);

/// One state-variable filter (A. Simper, Cytomic 2011) for all taps, of which a share of the low-pass is added to the
/// high-pass: together they have a zero above the pole.
#[derive(Clone, Debug, Default)]
struct Section {
    a: [f32; 3],
    damping: f32,
    share: f32,
    state: [Taps; 2],
}

impl Ceiling {
    /// Moves the ceiling to `hz` (below 0.4 of the rate).
    pub fn set(&mut self, hz: f32, rate_hz: f32) {
        // The whole prototype is warped by one bilinear transform, so that its shape stays.
        let warped = (PI * hz as f64 / rate_hz as f64).tan();
        for (section, [pole, quality, zero]) in self.0.iter_mut().zip(SECTIONS) {
            let (g, damping) = (warped * pole, quality.recip());
            let a1 = 1.0 / (1.0 + g * (g + damping));
            section.a = [a1, g * a1, g * g * a1].map(|a| a as f32);
            section.damping = damping as f32;
            section.share = ((zero / pole) * (zero / pole)) as f32;
        }
    }

    /// Silence; the ceiling stays.
    pub fn reset(&mut self) {
        self.0.iter_mut().for_each(|section| section.state = Default::default());
    }

    /// Lets what is far below hearing die. To be called at each cell edge.
    pub fn calm(&mut self) {
        for section in &mut self.0 {
            section.state.as_flattened_mut().iter_mut().for_each(|s| *s = settle(*s));
        }
    }

    /// What is below the ceiling.
    #[inline(always)]
    pub fn tick(&mut self, mut x: Taps) -> Taps {
        self.0.iter_mut().for_each(|section| section.tick(&mut x));
        x
    }
}

impl Section {
    #[inline(always)]
    fn tick(&mut self, x: &mut Taps) {
        let ([a1, a2, a3], [s1, s2]) = (self.a, &mut self.state);
        for k in 0..TAPS {
            let v = x[k] - s2[k];
            let band = a1 * s1[k] + a2 * v;
            let low = s2[k] + a2 * s1[k] + a3 * v;
            s1[k] = 2.0 * band - s1[k];
            s2[k] = 2.0 * low - s2[k];
            let high = x[k] - self.damping * band - low;
            x[k] = GAIN * (high + self.share * low);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gain_db(hz: f32, ceiling_hz: f32, rate: f32) -> f64 {
        let mut ceiling = Ceiling::default();
        ceiling.set(ceiling_hz, rate);
        let (mut sum, n) = (0.0f64, 48_000);
        for k in 0..n {
            let x = (std::f64::consts::TAU * (hz / rate) as f64 * k as f64).sin() as f32;
            let y = ceiling.tick([0.0, x, 0.0, 0.0])[1] as f64;
            sum += if k >= n / 2 { y * y } else { 0.0 };
        }
        10.0 * (sum / (n / 4) as f64).log10()
    }

    #[test]
    fn below_it_all_passes_and_above_it_nothing() {
        for (ceiling, rate) in [(9_000.0, 48_000.0), (4_500.0, 48_000.0), (16_000.0, 44_100.0), (4_500.0, 192_000.0)] {
            for share in [0.02, 0.3, 0.7, 0.99] {
                let db = gain_db(share * ceiling, ceiling, rate);
                assert!((-0.15..0.01).contains(&db), "{ceiling} Hz: {db} dB at {share}");
            }
            for share in [1.45, 1.8, 2.5] {
                let hz = share * ceiling;
                assert!(hz > 0.48 * rate || gain_db(hz, ceiling, rate) < -76.0, "{ceiling} Hz: {share}");
            }
        }
    }

    #[test]
    fn it_dies_to_zero() {
        let mut ceiling = Ceiling::default();
        ceiling.set(300.0, 384_000.0);
        ceiling.tick([1.0; TAPS]);
        for n in 0..400_000 {
            ceiling.tick([0.0; TAPS]);
            if n % 32 == 0 {
                ceiling.calm();
            }
        }
        assert_eq!(ceiling.tick([0.0; TAPS]), [0.0; TAPS]);
    }
}
