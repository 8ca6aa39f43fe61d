//! Addressed randomness: chance that is looked up, not drawn.
//!
//! `value = f(seed, lane, position)`. There is no state, so a seek, a loop or a bounce from bar 40 finds the very
//! values that a full playback finds. The function is Philox-4x32-10, a counter-based generator (Salmon, Moraes,
//! Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11).

/// Multipliers and Weyl constants of Philox-4x32, table 2 of the paper and its reference code.
const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// The chance of one lane under one seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    key: [u32; 2],
}

impl Chance {
    /// Chance under `seed`, independent of that of any other `lane`.
    pub const fn new(seed: u32, lane: u32) -> Self {
        Self { key: [seed, lane] }
    }

    /// Four independent 32-bit values at `position`.
    pub fn bits(&self, position: i64) -> [u32; 4] {
        let position = position as u64;
        philox([position as u32, (position >> 32) as u32, 0, 0], self.key)
    }

    /// Four independent values at `position`, each uniform in 0..1 (1 excluded).
    pub fn uniform(&self, position: i64) -> [f32; 4] {
        // The upper 24 bits fill an f32's mantissa exactly.
        self.bits(position).map(|x| (x >> 8) as f32 / (1 << 24) as f32)
    }

    /// Two independent values at `position` from the normal distribution with mean 0 and variance 1
    /// (Box & Muller 1958).
    pub fn normal(&self, position: i64) -> [f32; 2] {
        let [a, b, ..] = self.bits(position);
        let radius = (-2.0 * ((a as f64 + 1.0) / 4_294_967_296.0).ln()).sqrt();
        let angle = std::f64::consts::TAU * b as f64 / 4_294_967_296.0;
        [(radius * angle.cos()) as f32, (radius * angle.sin()) as f32]
    }
}

fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let product =
            [u64::from(MULTIPLIERS[0]) * u64::from(counter[0]), u64::from(MULTIPLIERS[1]) * u64::from(counter[2])];
        counter = [
            (product[1] >> 32) as u32 ^ counter[1] ^ key[0],
            product[1] as u32,
            (product[0] >> 32) as u32 ^ counter[3] ^ key[1],
            product[0] as u32,
        ];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers_of_the_paper() {
        // The three known-answer vectors that ship with the authors' Random123 library.
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([!0; 4], [!0; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn uniform_is_uniform_and_normal_is_normal() {
        let chance = Chance::new(7, 3);
        let n = 20_000;
        let mut mean = 0.0;
        let mut moments = [0.0f64; 2];
        for i in 0..n {
            let u = chance.uniform(i);
            assert!(u.iter().all(|x| (0.0..1.0).contains(x)));
            mean += u.iter().map(|&x| x as f64).sum::<f64>() / 4.0;
            for x in chance.normal(i) {
                moments[0] += x as f64;
                moments[1] += (x * x) as f64;
            }
        }
        assert!((mean / n as f64 - 0.5).abs() < 0.005);
        assert!((moments[0] / (2 * n) as f64).abs() < 0.02);
        assert!((moments[1] / (2 * n) as f64 - 1.0).abs() < 0.03);
    }

    #[test]
    fn lanes_seeds_and_places_differ_and_the_past_has_chance_too() {
        let at = |seed, lane, place| Chance::new(seed, lane).bits(place);
        assert_ne!(at(1, 0, 5), at(2, 0, 5));
        assert_ne!(at(1, 0, 5), at(1, 1, 5));
        assert_ne!(at(1, 0, 5), at(1, 0, 6));
        assert_ne!(at(1, 0, -5), at(1, 0, 5));
        assert_eq!(at(1, 0, -5), at(1, 0, -5));
    }
}
