//! A crossfade that keeps power, whatever the two sounds have in common.
//!
//! A straight crossfade loses 3 dB in the middle of unlike sounds, an equal-power one gains 3 dB in the middle of
//! like ones; inside a loop the first shortens the decay and the second may feed back. Here the likeness rho of the
//! two sounds is measured while they cross. Weights w and 1-w on sounds of equal power leave 1 - 2 w (1-w) (1-rho) of
//! it, so the sum is divided by the root of that. It is never more than the louder of the two sounds has.

use green_ring_dsp::CELL;

/// Seconds over which likeness is measured: some periods of a low voice, so that they do not show in the gain.
const WINDOW_S: f64 = 0.03;

/// One crossfade between two sounds.
#[derive(Clone, Debug)]
pub struct Fade {
    length: u32,
    at: u32,
    /// Share of the measured powers that is kept from cell to cell.
    keep: f32,
    /// Powers of the two sounds and their product: of this cell, and over the window.
    cell: [f32; 3],
    window: [f32; 3],
    likeness: f32,
    step: f32,
}

impl Fade {
    /// A crossfade, at its end, that will take `length_samples`.
    pub fn new(length_samples: usize, rate_hz: f64) -> Self {
        let length = length_samples.max(1) as u32;
        let keep = (-(CELL as f64) / (WINDOW_S * rate_hz)).exp() as f32;
        Self { length, at: length, keep, cell: [0.0; 3], window: [0.0; 3], likeness: 1.0, step: 0.0 }
    }

    /// Ends at once.
    pub fn finish(&mut self) {
        *self = Self { at: self.length, cell: [0.0; 3], window: [0.0; 3], likeness: 1.0, step: 0.0, ..*self };
    }

    /// Starts anew.
    pub fn begin(&mut self) {
        self.finish();
        self.at = 0;
    }

    /// Whether only the new sound is left.
    #[inline]
    pub fn done(&self) -> bool {
        self.at >= self.length
    }

    /// Weight of the new sound after `frames` more frames, 0..1.
    pub fn weight_after(&self, frames: u32) -> f32 {
        weight((self.at + frames).min(self.length), self.length)
    }

    /// To be called at each cell edge: learns how alike the sounds have been of late.
    pub fn edge(&mut self) {
        for (window, cell) in self.window.iter_mut().zip(&mut self.cell) {
            *window = *window * self.keep + std::mem::take(cell);
        }
        let [a, b, both] = self.window;
        let power = (a * b).sqrt();
        let likeness = if power > 1e-20 { (both / power).clamp(0.0, 1.0) } else { 1.0 };
        self.step = (likeness - self.likeness) / CELL as f32;
    }

    /// Crosses from `old` to `new`, into `out`; all of equal length.
    pub fn mix(&mut self, old: &[f32], new: &[f32], out: &mut [f32]) {
        for ((a, b), y) in old.iter().zip(new).zip(out) {
            self.at = (self.at + 1).min(self.length);
            self.likeness = (self.likeness + self.step).clamp(0.0, 1.0);
            let w = weight(self.at, self.length);
            let left = 1.0 - 2.0 * w * (1.0 - w) * (1.0 - self.likeness);
            *y = ((1.0 - w) * a + w * b) / left.sqrt();
            self.cell[0] += a * a;
            self.cell[1] += b * b;
            self.cell[2] += a * b;
        }
    }
}

/// The minimum-jerk path from 0 to 1 (Flash & Hogan 1985), exact at both ends.
fn weight(at: u32, length: u32) -> f32 {
    let t = at as f32 / length as f32;
    t * t * t * (10.0 + t * (6.0 * t - 15.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::chance::Chance;

    /// Worst deviation of the faded power from 1, in dB, over 200 fades of unit noise onto `other`.
    fn level_db(other: impl Fn(f32, f32) -> f32) -> f32 {
        let (cells, chance) = (60, Chance::new(1, 2));
        let mut power = vec![0.0f64; cells];
        for run in 0..200 {
            let mut fade = Fade::new(cells * CELL, 48_000.0);
            fade.begin();
            for (cell, power) in power.iter_mut().enumerate() {
                let at = (run * cells + cell) as i64 * CELL as i64;
                let noise: Vec<[f32; 2]> = (0..CELL as i64).map(|k| chance.normal(at + k)).collect();
                let old: Vec<f32> = noise.iter().map(|n| n[0]).collect();
                let new: Vec<f32> = noise.iter().map(|n| other(n[0], n[1])).collect();
                let mut out = [0.0; CELL];
                fade.edge();
                fade.mix(&old, &new, &mut out);
                *power += out.iter().map(|y| (y * y) as f64).sum::<f64>();
            }
            assert!(fade.done());
        }
        let n = (200 * CELL) as f64;
        power.iter().map(|p| (10.0 * (p / n).log10()).abs() as f32).fold(0.0, f32::max)
    }

    #[test]
    fn like_half_like_and_unlike_sounds_keep_their_level() {
        assert!(level_db(|a, _| a) < 0.25);
        assert!(level_db(|a, b| 0.6 * a + 0.8 * b) < 0.4, "{}", level_db(|a, b| 0.6 * a + 0.8 * b));
        assert!(level_db(|_, b| b) < 0.5, "{}", level_db(|_, b| b));
    }

    #[test]
    fn it_ends_on_the_new_sound_bit_for_bit() {
        let mut fade = Fade::new(48, 48_000.0);
        fade.begin();
        let mut out = [0.0; 32];
        for _ in 0..2 {
            fade.edge();
            fade.mix(&[0.3; 32], &[-0.7; 32], &mut out);
        }
        assert!(fade.done());
        assert_eq!(out[16..], [-0.7; 16]);
    }
}
