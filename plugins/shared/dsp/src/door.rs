//! The door: what a host hands in is made safe before anything else sees it, and feedback dies to zero.
//!
//! Hosts do not flush denormals for us, a patched-in synthesiser may scream `NaN`, and one such sample in a
//! feedback loop would stay for ever.

/// Samples above this magnitude (+60 dBFS) are no sound: they count as zero, like `NaN` and infinity.
pub const LOUDEST: f32 = 1_000.0;

/// The smallest magnitude that is kept in feedback state: -300 dBFS, well above the subnormals.
pub const SMALLEST: f32 = 1e-15;

/// A sample from outside, made safe: non-finite, beyond +60 dBFS and subnormal samples become zero.
#[inline]
pub fn admit(x: f32) -> f32 {
    // A comparison with NaN is false, so NaN takes the second branch as well.
    if x.abs() <= LOUDEST && !x.is_subnormal() { x } else { 0.0 }
}

/// A value on its way into feedback state: below -300 dBFS it is zero, so that loops die instead of creeping
/// through the subnormals.
#[inline]
pub fn settle(x: f32) -> f32 {
    if x.abs() < SMALLEST { 0.0 } else { x }
}

/// [`settle`] in double precision.
#[inline]
pub fn settle64(x: f64) -> f64 {
    if x.abs() < SMALLEST as f64 { 0.0 } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_harmful_comes_in() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1_001.0, 1e-39, -1e-45] {
            assert_eq!(admit(bad), 0.0, "{bad}");
        }
    }

    #[test]
    fn sound_passes_untouched() {
        for good in [0.0, -0.0, 1.0, -0.3, 1e-30, 999.0, f32::MIN_POSITIVE] {
            assert_eq!(admit(good).to_bits(), good.to_bits());
        }
    }

    #[test]
    fn a_loop_reaches_exact_zero() {
        let mut x = 1.0f32;
        for _ in 0..2_000 {
            x = settle(x * 0.97);
        }
        assert_eq!(x, 0.0);
    }
}
