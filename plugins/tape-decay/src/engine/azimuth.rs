//! Azimuth: a replay head that stands askew reads one track before the other, by
//! track distance x tan(angle) / speed. Tape that rides up and down in its guides makes it wander.

use green_ring_dsp::{CELL, Leg, Ramp, Spec};

use super::losses;
use super::machine::Build;
use super::settings::Settings;
use super::spline::Uneven;

/// Seconds that a change of angle, machine or speed takes.
const MOVE_S: f64 = 0.1;

/// Lane of chance.
const LANE: u32 = 84;

/// How fast and how far the angle wanders: knots a second, and share of the angle.
const WANDER: [(f64, f32); 1] = [(0.8, 0.3)];

/// The largest lead of one track over the other in seconds: that of 60 minutes of arc on the widest tracks at the
/// slowest speed, with its wander.
pub const MOST_S: f64 = 0.001_93;

/// The head's angle.
#[derive(Debug)]
pub struct Azimuth {
    rate_hz: f64,
    fresh: bool,
    /// Lead of the left track over the right one in seconds, without wander.
    lead_s: Ramp,
    wander: Uneven<1>,
    works: bool,
}

impl Azimuth {
    /// A head that has yet to be set.
    pub fn new(spec: &Spec) -> Self {
        Self {
            rate_hz: spec.sample_rate,
            fresh: true,
            lead_s: Ramp::new(0.0, spec.samples(MOVE_S)),
            wander: Uneven::new(spec, LANE, WANDER),
            works: false,
        }
    }

    /// Equal to fresh: what is set next holds at once.
    pub fn reset(&mut self) {
        self.fresh = true;
        self.wander.reset();
    }

    /// Takes the settings of `leg`, at its edge. The tape begins at song sample `origin`.
    pub fn latch(&mut self, leg: &Leg<Settings>, build: &Build, origin: i64) {
        let Settings { azimuth_arcmin, speed_ips, .. } = leg.settings;
        let lead_s = lead_s(build, azimuth_arcmin.into(), speed_ips.into()) as f32;
        if std::mem::take(&mut self.fresh) {
            self.lead_s.jump(lead_s)
        } else {
            self.lead_s.go(lead_s)
        }
        self.works = !self.lead_s.rests_at(0.0);
        self.wander.latch(leg, origin);
    }

    /// By how many samples the left track comes early and the right one late, for the next `frames`; `None` where the
    /// head stands straight.
    pub fn run(&mut self, frames: usize) -> Option<[f64; CELL]> {
        if !self.works {
            self.wander.skip(frames);
            return None;
        }
        let mut leads = self.wander.run(frames).map(f64::from);
        for lead in &mut leads[..frames] {
            *lead = 0.5 * self.rate_hz * f64::from(self.lead_s.tick()) * (1.0 + *lead);
        }
        Some(leads)
    }
}

/// Lead of one track of `build` over the other in seconds.
pub fn lead_s(build: &Build, arcmin: f64, ips: f64) -> f64 {
    build.tracks_apart_um * losses::slope(arcmin) / losses::um_a_second(ips)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::machine::build;
    use crate::engine::settings::Machine;

    #[test]
    fn a_minute_of_arc_over_4_mm_is_what_geometry_says() {
        for (ips, us) in [(1.875, 24.4), (7.5, 6.1), (15.0, 3.05)] {
            assert!((1e6 * lead_s(&build(Machine::Studio), 1.0, ips) - us).abs() < 0.05);
        }
        let most_s = lead_s(&build(Machine::Studio), 60.0, 1.875) * 1.3;
        assert!(most_s <= MOST_S && most_s > 0.95 * MOST_S, "{most_s}");
    }
}
