//! A filter of the first order that has an exact inverse.

use green_ring_dsp::door::settle64;

/// A filter of the first order, (b0 + b1 / z) / (1 + a1 / z).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Section {
    b0: f64,
    b1: f64,
    a1: f64,
    /// 1 / b0: the way back takes no division.
    back: f64,
}

impl Section {
    /// What goes in comes out.
    pub const FLAT: Self = Self { b0: 1.0, b1: 0.0, a1: 0.0, back: 1.0 };

    fn new(b0: f64, b1: f64, a1: f64) -> Self {
        Self { b0, b1, a1, back: b0.recip() }
    }

    /// From gain 1 at zero hertz, by a bend at `zero` and another at `pole`, both as tan(pi f / rate).
    pub fn shelf(zero: f64, pole: f64) -> Self {
        let scale = pole / (zero * (1.0 + pole));
        Self::new((1.0 + zero) * scale, (zero - 1.0) * scale, (pole - 1.0) / (pole + 1.0))
    }

    /// With `gain` behind it.
    pub fn scaled(self, gain: f64) -> Self {
        Self::new(gain * self.b0, gain * self.b1, self.a1)
    }

    /// Gain at tan(pi f / rate) = `w`, squared.
    pub fn power(&self, w: f64) -> f64 {
        let (low, high) = ((self.b0 + self.b1).powi(2), (self.b0 - self.b1).powi(2));
        (low + w * w * high) / ((1.0 + self.a1).powi(2) + w * w * (1.0 - self.a1).powi(2))
    }

    /// On the way to `to`: with both stable, and their inverses, so is all between.
    pub fn towards(&self, to: &Self, share: f64) -> Self {
        let mix = |from: f64, to: f64| from + share * (to - from);
        Self::new(mix(self.b0, to.b0), mix(self.b1, to.b1), mix(self.a1, to.a1))
    }

    /// `x` through the filter, which remembers `kept`.
    #[inline]
    pub fn pass(&self, x: f64, kept: &mut f64) -> f64 {
        let y = self.b0 * x + *kept;
        *kept = settle64(self.b1 * x - self.a1 * y);
        y
    }

    /// What has become `y`: the same equations, solved for what went in.
    #[inline]
    pub fn undo(&self, y: f64, kept: &mut f64) -> f64 {
        let x = (y - *kept) * self.back;
        *kept = settle64(self.b1 * x - self.a1 * y);
        x
    }
}
