//! The machines: their heads, their tape, their electronics, and the standards they are aligned by.
//!
//! An aligned machine is flat: its replay amplifier lifts what the heads lose, by up to 26 dB. Past that it loses what
//! they lose, and this is where its band ends. A speed that a machine was never sold with is taken as if it had been:
//! the same heads and tape, aligned for it. So a cassette at 30 ips is as good as its electronics, and a studio machine
//! at 1.875 ips is dull.

use std::f64::consts::TAU;

use super::losses;
use super::settings::{Equalisation, Machine, Settings};
use super::shaper::Curve;

/// What replay lifts at the most, as the loss from which on it gives up: -26 dB.
const LEAST: f64 = 0.05;

/// Micrometres of spacing that a decibel of bias too much costs: 1 dB at 10 kHz at 7.5 ips. (A maker tells 4 dB there
/// for what its tape asks for, which the record side makes up for: LPR35 data sheet, BASF/RMGI.)
const BIAS_UM_A_DB: f64 = 0.35;

/// Decibels that too little bias can lift the treble by.
const BIAS_LIFT_DB: f64 = 6.0;

/// The lowest crest of a bass contour in Hz.
const LOWEST_BUMP_HZ: f64 = 20.0;

/// One machine. Lengths on the tape in micrometres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Build {
    gap_um: f64,
    spacing_um: f64,
    /// Thickness of the coating.
    pub thickness_um: f64,
    /// Width of a track, and from the middle of the left one to that of the right one.
    track_um: f64,
    /// Distance of the middles of the left and right track.
    pub tracks_apart_um: f64,
    /// Where the electronics end, in Hz.
    pub highest_hz: f64,
    /// Where the electronics begin, in Hz: the corner of either of two high-passes.
    pub lowest_hz: f32,
    /// Length of the wave that the pole pieces read too well.
    bump_um: f64,
    /// What the machine's hiss is when it is in order, in dB as on the dial.
    pub nominal_hiss_db: f32,
}

/// The build of `machine`. Typical heads and tapes of their kind, chosen so that the aligned bands are reached.
pub const fn build(machine: Machine) -> Build {
    match machine {
        Machine::Studio => Build {
            gap_um: 2.5,
            spacing_um: 0.3,
            thickness_um: 10.0,
            track_um: 2_000.0,
            tracks_apart_um: 4_000.0,
            highest_hz: 28_000.0,
            lowest_hz: 5.0,
            bump_um: 9_000.0,
            nominal_hiss_db: -70.0,
        },
        Machine::Domestic => Build {
            gap_um: 2.5,
            spacing_um: 0.4,
            thickness_um: 10.0,
            track_um: 1_000.0,
            tracks_apart_um: 3_400.0,
            highest_hz: 22_000.0,
            lowest_hz: 10.0,
            bump_um: 3_000.0,
            nominal_hiss_db: -58.0,
        },
        Machine::Cassette => Build {
            gap_um: 1.2,
            spacing_um: 0.25,
            thickness_um: 5.0,
            track_um: 600.0,
            tracks_apart_um: 900.0,
            highest_hz: 16_000.0,
            lowest_hz: 12.0,
            bump_um: 1_000.0,
            nominal_hiss_db: -50.0,
        },
        Machine::Dictaphone => Build {
            gap_um: 3.0,
            spacing_um: 1.5,
            thickness_um: 5.0,
            track_um: 600.0,
            tracks_apart_um: 900.0,
            highest_hz: 5_000.0,
            lowest_hz: 90.0,
            bump_um: 400.0,
            nominal_hiss_db: -44.0,
        },
    }
}

/// What decides on the aligned response.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// The machine.
    pub build: Build,
    /// Inches a second.
    pub ips: f64,
    /// Bias in dB re what the tape asks for.
    pub bias_db: f64,
    /// Angle of the replay head in minutes of arc.
    pub azimuth_arcmin: f64,
}

impl Response {
    /// The response that `settings` ask for.
    pub fn new(settings: &Settings) -> Self {
        Self {
            build: build(settings.machine),
            ips: settings.speed_ips.into(),
            bias_db: settings.bias_db.into(),
            azimuth_arcmin: settings.azimuth_arcmin.into(),
        }
    }
}

impl Curve for Response {
    /// Everything from the record amplifier to the replay amplifier.
    fn gain(&self, hz: f64) -> f64 {
        let k = losses::wave_number(hz, self.ips);
        let azimuth = losses::azimuth(k, self.build.track_um, self.azimuth_arcmin);
        self.build.aligned(k) * self.build.electronics(hz) * bias(k, self.bias_db) * azimuth
    }
}

impl Build {
    /// What the heads and the tape lose.
    pub fn loss(&self, k: f64) -> f64 {
        losses::spacing(k, self.spacing_um)
            * losses::thickness(k, self.thickness_um)
            * losses::gap(k, self.gap_um).abs()
    }

    /// What is left of it when the replay amplifier has lifted all that it may.
    fn aligned(&self, k: f64) -> f64 {
        let square = self.loss(k).powi(2);
        (square * square / (square * square + LEAST.powi(4))).sqrt().sqrt()
    }

    fn electronics(&self, hz: f64) -> f64 {
        (1.0 + (hz / self.highest_hz).powi(6)).sqrt().recip()
    }

    /// Where the bass contour of the replay head has its crest, in Hz: one wave along the pole pieces. Held above what
    /// is heard no more.
    pub fn bump_hz(&self, ips: f64) -> f64 {
        (losses::um_a_second(ips) / self.bump_um).max(LOWEST_BUMP_HZ)
    }
}

/// What bias of `db` too much or too little does to the treble.
fn bias(k: f64, db: f64) -> f64 {
    let lift_db = -20.0 * losses::spacing(k, BIAS_UM_A_DB * db).log10();
    if db >= 0.0 {
        10f64.powf(-lift_db / 20.0)
    } else {
        10f64.powf(-BIAS_LIFT_DB * (lift_db / BIAS_LIFT_DB).exp_m1() / 20.0)
    }
}

/// Time constants of a standard in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeConstants {
    /// Below 1 / (2 pi `bass_s`) replay reads less; infinite where the standard has none.
    pub bass_s: f64,
    /// Above 1 / (2 pi `treble_s`) replay reads more.
    pub treble_s: f64,
}

/// The time constants at `ips` (IASA TC-04, 5.4.10; IEC 60094-1). The standards differ at 15 and 7.5 ips. At 30 ips both
/// machines are aligned to AES, and at 3.75 and 1.875 ips IEC took NAB's and the cassette's.
pub fn time_constants(equalisation: Equalisation, ips: f64) -> TimeConstants {
    let (bass_us, treble_us) = match (equalisation, ips) {
        (_, ips) if ips > 20.0 => (f64::INFINITY, 17.5),
        (Equalisation::Iec, ips) if ips > 10.0 => (f64::INFINITY, 35.0),
        (Equalisation::Iec, ips) if ips > 5.0 => (f64::INFINITY, 70.0),
        (Equalisation::Nab, ips) if ips > 5.0 => (3_180.0, 50.0),
        (_, ips) if ips > 2.5 => (3_180.0, 90.0),
        _ => (3_180.0, 120.0),
    };
    TimeConstants { bass_s: bass_us * 1e-6, treble_s: treble_us * 1e-6 }
}

impl TimeConstants {
    /// Gain of replay at `hz`: what recording did not put on the tape is read more, and the other way round.
    pub fn replay(&self, hz: f64) -> f64 {
        let bass = TAU * hz * self.bass_s;
        let low = if self.bass_s.is_infinite() { 1.0 } else { bass / (1.0 + bass * bass).sqrt() };
        low * self.treble(hz)
    }

    /// The part of it that lifts the treble.
    pub fn treble(&self, hz: f64) -> f64 {
        (1.0 + (TAU * hz * self.treble_s).powi(2)).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACHINES: [Machine; 4] = [Machine::Studio, Machine::Domestic, Machine::Cassette, Machine::Dictaphone];

    fn response(machine: Machine, ips: f64) -> Response {
        Response { build: build(machine), ips, bias_db: 0.0, azimuth_arcmin: 0.0 }
    }

    fn db(gain: f64) -> f64 {
        20.0 * gain.log10()
    }

    #[test]
    fn aligned_machines_are_flat_to_where_they_must_be() {
        let to = [
            (Machine::Studio, 30.0, 20_000),
            (Machine::Studio, 15.0, 18_000),
            (Machine::Studio, 7.5, 14_000),
            (Machine::Domestic, 7.5, 14_000),
            (Machine::Domestic, 3.75, 10_000),
            (Machine::Cassette, 1.875, 9_000),
        ];
        for (machine, ips, highest_hz) in to {
            for hz in (50..=highest_hz).step_by(50) {
                let level = db(response(machine, ips).gain(hz as f64));
                assert!(level.abs() < 0.7, "{machine:?} at {ips} ips, {hz} Hz: {level:.2} dB");
            }
        }
    }

    #[test]
    fn every_machine_runs_at_every_speed_and_slower_is_duller() {
        for machine in MACHINES {
            let at = |ips| response(machine, ips).gain(12_000.0);
            assert!(at(1.875) <= at(3.75) && at(3.75) <= at(7.5) && at(7.5) <= at(30.0));
            assert!([1.875, 30.0].iter().all(|ips| response(machine, *ips).gain(1_000.0) > 0.9));
        }
        assert!(db(response(Machine::Studio, 1.875).gain(15_000.0)) < -8.0);
    }

    #[test]
    fn too_much_bias_costs_treble_and_too_little_lifts_it_within_bounds() {
        let at = |bias_db| db(Response { bias_db, ..response(Machine::Domestic, 7.5) }.gain(10_000.0));
        assert!((at(0.0) - at(1.0) - 1.0).abs() < 0.05);
        assert!((at(0.0) - at(8.0) - 8.0).abs() < 0.2);
        assert!(at(-4.0) > at(-2.0) && at(-2.0) > at(0.0) && at(-4.0) < at(0.0) + BIAS_LIFT_DB);
    }

    #[test]
    fn time_constants_are_those_of_the_standards() {
        let nab = time_constants(Equalisation::Nab, 7.5);
        // 3 dB down at 1 / (2 pi 3180 us) = 50.05 Hz, 3 dB up at 1 / (2 pi 50 us) = 3183 Hz.
        assert!((db(nab.replay(50.05)) + 3.01).abs() < 0.01 && (db(nab.replay(3_183.1)) - 3.01).abs() < 0.01);
        assert_eq!(time_constants(Equalisation::Iec, 7.5).treble_s, 70.0 * 1e-6);
        assert!((time_constants(Equalisation::Iec, 15.0).replay(1.0) - 1.0).abs() < 1e-6);
    }
}
