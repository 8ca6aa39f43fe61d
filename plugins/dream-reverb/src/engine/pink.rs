//! Pink noise, cell by cell, for the tests of the parts that a tail feeds.

use green_ring_dsp::chance::Chance;
use green_ring_dsp::filter::Svf;
use green_ring_dsp::{CELL, Sound};

/// Pink noise at 48 kHz by P. Kellet's filter, independent on both sides, between the cuts that a tail has.
pub struct Pink([[f64; 3]; 2], [[Svf; 2]; 2]);

impl Pink {
    pub fn new() -> Self {
        let mut cuts = [Svf::default(); 2];
        cuts[0].set(60.0, 0.707, 48_000.0);
        cuts[1].set(14_000.0, 0.707, 48_000.0);
        Self(Default::default(), [cuts; 2])
    }

    pub fn cell(&mut self, number: i64) -> Sound {
        let mut sound = Sound::default();
        let [left, right] = &mut sound;
        for (n, (left, right)) in left.iter_mut().zip(right).enumerate() {
            let white = Chance::new(9, 9).normal(number * CELL as i64 + n as i64);
            for (side, x) in [left, right].into_iter().enumerate() {
                let (s, w) = (&mut self.0[side], white[side] as f64);
                s[0] = 0.99765 * s[0] + w * 0.099_046;
                s[1] = 0.963 * s[1] + w * 0.296_516_4;
                s[2] = 0.57 * s[2] + w * 1.052_691_3;
                let [low, high] = &mut self.1[side];
                *x = high.tick(low.tick((s[0] + s[1] + s[2] + 0.1848 * w) as f32).high).low;
            }
        }
        sound
    }
}
