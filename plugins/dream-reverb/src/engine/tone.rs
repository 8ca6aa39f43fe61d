//! Low and high cut of what enters the room, and the dream's darker air.

use super::settings::Settings;
use green_ring_dsp::door::settle;
use green_ring_dsp::filter::SvfBank;
use green_ring_dsp::{Ramp, Sound, Spec};
use std::f32::consts::FRAC_1_SQRT_2;

/// Seconds that a move of a cut takes.
const GLIDE_S: f64 = 0.05;

/// A Butterworth high-pass and a Butterworth low-pass of second order.
#[derive(Debug)]
pub struct Tone {
    rate_hz: f32,
    fresh: bool,
    low: Cut,
    high: Cut,
}

/// One of the two cuts. Its frequency glides in octaves.
#[derive(Debug)]
struct Cut {
    octave: Ramp,
    filter: SvfBank<2>,
}

impl Tone {
    /// Cuts that are open until settings come.
    pub fn new(spec: &Spec) -> Self {
        let cut = || Cut { octave: Ramp::new(0.0, spec.samples(GLIDE_S)), filter: SvfBank::default() };
        Self { rate_hz: spec.sample_rate as f32, fresh: true, low: cut(), high: cut() }
    }

    /// Silence; the next settings are taken at once.
    pub fn reset(&mut self) {
        self.fresh = true;
        self.low.filter.reset();
        self.high.filter.reset();
    }

    /// Moves to the cuts of `settings`.
    pub fn latch(&mut self, settings: &Settings) {
        let fresh = std::mem::take(&mut self.fresh);
        self.low.aim(settings.low_cut_hz, self.rate_hz, fresh);
        self.high.aim(settings.top_hz(), self.rate_hz, fresh);
    }

    /// Cuts `frames` frames of `sound`.
    pub fn process(&mut self, sound: &mut Sound, frames: usize) {
        let [left, right] = sound;
        for (l, r) in left.iter_mut().zip(right).take(frames) {
            self.low.glide(self.rate_hz);
            self.high.glide(self.rate_hz);
            let above = self.low.filter.tick([*l, *r]).high;
            [*l, *r] = self.high.filter.tick(above).low.map(settle);
        }
    }
}

impl Cut {
    fn aim(&mut self, hz: f32, rate_hz: f32, fresh: bool) {
        if fresh {
            self.octave.jump(hz.log2());
            self.tune(rate_hz);
        } else {
            self.octave.go(hz.log2());
        }
    }

    fn glide(&mut self, rate_hz: f32) {
        if self.octave.moving() {
            self.octave.tick();
            self.tune(rate_hz);
        }
    }

    fn tune(&mut self, rate_hz: f32) {
        let hz = self.octave.value().exp2();
        self.filter.set(hz, FRAC_1_SQRT_2, rate_hz);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_sound_is_removed_and_the_middle_passes() {
        let spec = Spec { sample_rate: 48_000.0, channels: 2 };
        let mut tone = Tone::new(&spec);
        tone.latch(&Settings::default());
        let (mut peak, mut mean) = (0.0f32, 0.0f64);
        for cell in 0..1_500 {
            let at = |k: usize| (std::f32::consts::TAU * 1_000.0 * (cell * 32 + k) as f32 / 48_000.0).sin();
            let mut sound = [std::array::from_fn(|k| 0.5 + at(k)); 2];
            tone.process(&mut sound, 32);
            if cell >= 750 {
                peak = sound[1].iter().fold(peak, |p, x| p.max(x.abs()));
                mean += sound[1].iter().map(|x| *x as f64).sum::<f64>() / 24_000.0;
            }
        }
        assert!((peak - 1.0).abs() < 0.02 && mean.abs() < 1e-6, "{peak} {mean}");
    }
}
