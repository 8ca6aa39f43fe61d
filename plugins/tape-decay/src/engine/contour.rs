//! The bass of the replay head: its poles read long waves too well, and then not at all.

use green_ring_dsp::door::settle;
use green_ring_dsp::filter::{OnePole, Svf};
use green_ring_dsp::{Ramp, Sound, Spec, units};

use super::machine::Build;

/// Seconds that the dial takes, and a change of machine or speed.
const MOVE_S: f64 = 0.05;

/// Height in dB and quality of the crest at the dial's end: near what is measured on a good machine, doubled.
const CREST_DB: f32 = 2.5;
const CREST_Q: f32 = 1.1;

/// Seconds after which it has forgotten, to -120 dB, at the lowest crest that a machine has.
pub const MEMORY_S: f64 = 0.6;

/// Seconds after which it has died to exact silence.
pub const TAIL_S: f64 = 1.6;

/// The contour of all channels.
#[derive(Debug)]
pub struct Contour {
    rate_hz: f32,
    fresh: bool,
    crest: Ramp,
    /// What the bell adds of its band-pass.
    more: f32,
    /// Logarithms of the crest's and the end's frequency, which move when the machine or its speed does.
    crest_hz: Ramp,
    end_hz: Ramp,
    crests: Vec<Svf>,
    /// Two high-passes that end the band.
    ends: Vec<[OnePole; 2]>,
}

impl Contour {
    /// A contour that has yet to be set. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let ramp = Ramp::new(0.0, spec.samples(MOVE_S));
        Self {
            rate_hz: spec.sample_rate as f32,
            fresh: true,
            crest: ramp.clone(),
            more: 0.0,
            crest_hz: ramp.clone(),
            end_hz: ramp,
            crests: vec![Svf::default(); spec.channels],
            ends: vec![[OnePole::default(); 2]; spec.channels],
        }
    }

    /// Equal to fresh, without allocating.
    pub fn reset(&mut self) {
        self.fresh = true;
        self.crests.iter_mut().for_each(Svf::reset);
        self.ends.iter_mut().flatten().for_each(|end| end.reset(0.0));
    }

    /// Moves to a share of `bump` (0 to 1) of the crest of `build` at `ips`.
    pub fn set(&mut self, build: &Build, ips: f64, bump: f32) {
        let targets = [bump, build.bump_hz(ips).ln() as f32, build.lowest_hz.ln()];
        for (ramp, target) in [&mut self.crest, &mut self.crest_hz, &mut self.end_hz].into_iter().zip(targets) {
            if self.fresh { ramp.jump(target) } else { ramp.go(target) }
        }
        if self.fresh {
            self.tune();
            self.more = more(bump);
        }
        self.fresh = false;
    }

    fn tune(&mut self) {
        let (crest_hz, end_hz) = (self.crest_hz.value().exp(), self.end_hz.value().exp());
        self.crests.iter_mut().for_each(|crest| crest.set(crest_hz, CREST_Q, self.rate_hz));
        self.ends.iter_mut().flatten().for_each(|end| end.set_hz(end_hz, self.rate_hz));
    }

    /// Shapes `frames` frames of `sound`, in place.
    pub fn process(&mut self, sound: &mut Sound, frames: usize) {
        for k in 0..frames {
            if self.crest_hz.moving() || self.end_hz.moving() {
                self.crest_hz.tick();
                self.end_hz.tick();
                self.tune();
            }
            if self.crest.moving() {
                self.more = more(self.crest.tick());
            }
            for ((crest, ends), sound) in self.crests.iter_mut().zip(&mut self.ends).zip(sound.iter_mut()) {
                let lifted = settle(sound[k] + self.more * crest.tick(sound[k]).band);
                sound[k] = settle(ends.iter_mut().fold(lifted, |x, end| end.high(x)));
            }
        }
    }
}

/// Gain at `hz` of a contour at rest, with a share of `bump` (0 to 1) of the crest of `build` at `ips`: that of the
/// filters' analogue models, a bell and two high-passes of the first order.
pub fn gain(build: &Build, ips: f64, bump: f32, hz: f64) -> f64 {
    let (crest, end) = (hz / build.bump_hz(ips), hz / f64::from(build.lowest_hz));
    let (straight, damped) = (1.0 - crest * crest, crest / f64::from(CREST_Q));
    let lifted = damped + f64::from(more(bump)) * crest;
    let bell = straight.hypot(lifted) / straight.hypot(damped);
    bell * end * end / (1.0 + end * end)
}

/// What a bell of a share of the crest adds of its band-pass.
fn more(share: f32) -> f32 {
    (units::gain(CREST_DB * share) - 1.0) / CREST_Q
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::machine::build;
    use crate::engine::settings::Machine;
    use green_ring_dsp::CELL;

    fn level_db(hz: f64, bump: f32) -> f64 {
        let spec = Spec { sample_rate: 48_000.0, channels: 1 };
        let mut contour = Contour::new(&spec);
        contour.set(&build(Machine::Domestic), 7.5, bump);
        let mut power = 0.0;
        for cell in 0..3_000 {
            let tone = |k: usize| (std::f64::consts::TAU * hz * (cell * CELL + k) as f64 / 48e3).sin() as f32;
            let mut sound = [std::array::from_fn(tone), [0.0; CELL]];
            contour.process(&mut sound, CELL);
            power += if cell < 1_500 { 0.0 } else { sound[0].iter().map(|x| (*x as f64).powi(2)).sum() };
        }
        10.0 * (power * 2.0 / (1_500 * CELL) as f64).log10()
    }

    #[test]
    fn the_crest_is_where_the_poles_put_it_and_none_is_flat() {
        assert!((level_db(63.5, 1.0) - 2.5).abs() < 0.3, "{}", level_db(63.5, 1.0));
        assert!(level_db(50.0, 0.0).abs() < 0.5 && level_db(1_000.0, 1.0).abs() < 0.1);
        assert!(level_db(8.0, 1.0) < -6.0);
    }

    #[test]
    fn the_gain_is_what_the_filters_do() {
        for (hz, bump) in [(30.0, 0.0), (30.0, 1.0), (63.5, 0.5), (100.0, 1.0), (250.0, 1.0), (2_000.0, 0.5)] {
            let told_db = 20.0 * gain(&build(Machine::Domestic), 7.5, bump, hz).log10();
            assert!((told_db - level_db(hz, bump)).abs() < 0.1, "{hz} Hz: {told_db:.2} {:.2}", level_db(hz, bump));
        }
    }
}
