//! Dry/wet, output gain and bypass, at one place.
//!
//! The dry sound that comes in here is already delayed by the told latency. When nothing of the wet sound is wanted
//! (bypass, or Mix 0 % at 0 dB) the dry sound passes bit for bit, and so does the wet sound when it is all that is wanted.

use crate::door::settle;
use crate::{Ramp, Sound, Spec, units};

/// Seconds that a change of mix, gain or bypass takes.
pub const MIX_S: f64 = 0.03;

/// How the dry sound yields to the wet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// Gains sum to one: for a wet sound that is the dry sound, changed a little.
    Linear,
    /// Powers sum to one: for a wet sound unlike the dry.
    EqualPower,
}

/// The last stage of every engine.
#[derive(Clone, Debug)]
pub struct Output {
    law: Law,
    fresh: bool,
    dry: Ramp,
    wet: Ramp,
}

impl Output {
    /// An output stage under `law`.
    pub fn new(spec: &Spec, law: Law) -> Self {
        let ramp = Ramp::new(0.0, spec.samples(MIX_S));
        Self { law, fresh: true, dry: ramp.clone(), wet: ramp }
    }

    /// Equal to fresh: the next settings are taken at once.
    pub fn reset(&mut self) {
        self.fresh = true;
    }

    /// Moves to `mix` (0..1) at `output_db`, or to the untouched dry sound when bypassed.
    pub fn set(&mut self, mix: f32, output_db: f32, bypass: bool) {
        let (dry, wet) = if bypass {
            (1.0, 0.0)
        } else {
            let gain = units::gain(output_db);
            match self.law {
                Law::Linear => (gain * (1.0 - mix), gain * mix),
                Law::EqualPower => (gain * quarter_cosine(mix), gain * quarter_cosine(1.0 - mix)),
            }
        };
        if std::mem::take(&mut self.fresh) {
            self.dry.jump(dry);
            self.wet.jump(wet);
        } else {
            self.dry.go(dry);
            self.wet.go(wet);
        }
    }

    /// Whether nothing of the wet sound is heard, now and until the next [`Output::set`].
    pub fn dry_only(&self) -> bool {
        self.wet.rests_at(0.0)
    }

    /// Mixes `frames` frames of `dry` into `wet`.
    pub fn process(&mut self, dry: &Sound, wet: &mut Sound, frames: usize) {
        if self.dry.rests_at(1.0) && self.wet.rests_at(0.0) {
            *wet = *dry;
            return;
        }
        if self.dry.rests_at(0.0) && self.wet.rests_at(1.0) {
            return;
        }
        let (dry_gains, wet_gains) = (self.dry.ticks(frames), self.wet.ticks(frames));
        for (wet, dry) in wet.iter_mut().zip(dry) {
            for (((w, d), dry_gain), wet_gain) in wet.iter_mut().zip(dry).zip(&dry_gains).zip(&wet_gains) {
                *w = blend(*d, *w, *dry_gain, *wet_gain);
            }
        }
    }
}

/// Decided sample by sample, as where a block ends must not show: one sound alone passes bit for bit. A quiet sound
/// times a small gain may fall among the subnormals, and is settled.
#[inline]
fn blend(dry: f32, wet: f32, dry_gain: f32, wet_gain: f32) -> f32 {
    if (dry_gain, wet_gain) == (1.0, 0.0) {
        dry
    } else if (dry_gain, wet_gain) == (0.0, 1.0) {
        wet
    } else {
        settle(dry * dry_gain + wet * wet_gain)
    }
}

/// cos(x pi/2), exact at both ends.
fn quarter_cosine(x: f32) -> f32 {
    if x >= 1.0 { 0.0 } else { (x * std::f32::consts::FRAC_PI_2).cos() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CELL;

    fn run(output: &mut Output, cells: usize) -> f32 {
        let dry = [[0.25; CELL]; 2];
        let mut wet = [[0.0; CELL]; 2];
        for _ in 0..cells {
            wet = [[0.5; CELL]; 2];
            output.process(&dry, &mut wet, CELL);
        }
        wet[0][CELL - 1]
    }

    #[test]
    fn dry_is_bit_exact_and_wet_alone_is_wet() {
        let spec = Spec { sample_rate: 48_000.0, channels: 2 };
        for law in [Law::Linear, Law::EqualPower] {
            let mut output = Output::new(&spec, law);
            output.set(0.0, 0.0, false);
            assert_eq!(run(&mut output, 1), 0.25);
            assert!(output.dry_only());
            output.set(1.0, 0.0, false);
            assert!((run(&mut output, 60) - 0.5).abs() < 1e-7);
            output.set(0.7, 24.0, true);
            assert_eq!(run(&mut output, 60), 0.25);
        }
    }

    #[test]
    fn where_a_block_ends_does_not_show_in_the_sign_of_zero() {
        let spec = Spec { sample_rate: 48_000.0, channels: 2 };
        let run = |cuts: &[usize]| {
            let (mut output, mut out) = (Output::new(&spec, Law::Linear), vec![]);
            output.set(1.0, 0.0, false);
            output.process(&[[0.0; CELL]; 2], &mut [[0.0; CELL]; 2], 1);
            output.set(1.0, 0.0, true);
            for &n in cuts.iter().cycle().take(cuts.len() * 60) {
                let mut wet = [[0.5; CELL]; 2];
                output.process(&[[-0.0; CELL]; 2], &mut wet, n);
                out.extend(wet[0][..n].iter().map(|x| x.to_bits()));
            }
            out
        };
        assert_eq!(run(&[32]), run(&[1; 32]));
        assert_eq!(run(&[32]), run(&[7, 25]));
    }

    #[test]
    fn laws_hold_level() {
        let spec = Spec { sample_rate: 48_000.0, channels: 2 };
        let mut output = Output::new(&spec, Law::EqualPower);
        output.set(0.5, 0.0, false);
        assert!((run(&mut output, 1) - 0.75 * 0.5f32.sqrt()).abs() < 1e-6);
        let mut output = Output::new(&spec, Law::Linear);
        output.set(0.5, 6.0206, false);
        assert!((run(&mut output, 1) - 0.75).abs() < 1e-5);
    }
}
