//! The record equaliser, and its mirror behind the curve: what the standards make of what the tape has to carry.
//!
//! A standard fixes the flux on the tape, F(f), by its time constants ([`TimeConstants`]). Recording loses treble on the
//! way there, to the coating's thickness and as short waves demagnetise themselves, and the record amplifier lifts what
//! is lost. What bends is therefore
//!
//! ```text
//! R(f) = F(f) / (thickness(k) e^(-k 1.4 um))        k = 2 pi f / v, R(1 kHz) = 1
//! ```
//!
//! which is close to flat at 30 to 7.5 ips, as the standards were made to be, and steep at the slow speeds: at 10 kHz 7 dB
//! at 3.75 ips and 12 dB at 1.875 ips. There treble fills the tape long before the middle does. A standard with a bass
//! time constant records the bass hotter, too.
//!
//! The treble is two equal shelves from where R at 10 kHz asks for them to where the electronics end: within 2 dB of
//! R from 200 Hz to 10 kHz. Each filter's mirror is its exact inverse: what does not bend comes out as it went in.

use green_ring_dsp::door::settle;
use green_ring_dsp::{Ramp, Spec};

use super::losses;
use super::machine::{self, Build, TimeConstants};
use super::section::Section;
use super::settings::Settings;

/// Seconds that a change of machine, speed or standard takes.
const MOVE_S: f64 = 0.03;

/// Seconds after which the filters have forgotten, to -120 dB; and to exact silence.
pub const MEMORY_S: f64 = 0.25;

/// Seconds after which what is left in them is exactly zero.
pub const TAIL_S: f64 = 0.6;

/// Micrometres by which short waves seem further away for having demagnetised themselves: 4 dB at 10 kHz at 7.5 ips, what
/// a maker tells to lose there by the bias that the tape asks for (LPR35 data sheet, BASF/RMGI).
const DEMAGNETISED_UM: f64 = 1.4;

/// Where the treble is set, and the most of the sample rate and of the machine's band that this may be.
const SET_HZ: f64 = 10_000.0;
const OF_RATE: f64 = 0.4;
const OF_BAND: f64 = 0.8;

/// Where the lift of the bass ends, in Hz, at the least.
const LOWEST_HZ: f64 = 10.0;

/// Where the lift of the treble ends, at the most, as a share of the sample rate.
const ENDS_OF_RATE: f64 = 0.45;

/// What R is at `hz`, without the bass: what goes onto the tape for the standard's flux to be there.
pub fn recording(build: &Build, standard: &TimeConstants, ips: f64, hz: f64) -> f64 {
    let raw = |hz: f64| {
        let k = losses::wave_number(hz, ips);
        let lost = losses::thickness(k, build.thickness_um) * losses::spacing(k, DEMAGNETISED_UM);
        (standard.treble(hz) * lost).recip()
    };
    raw(hz) / raw(1_000.0)
}

/// Two shelves for the treble, one for the bass.
type Sections = [Section; 3];

/// The filters that `settings` ask for, at `rate_hz`.
fn sections(settings: &Settings, rate_hz: f64) -> Sections {
    let (build, ips) = (machine::build(settings.machine), f64::from(settings.speed_ips));
    let standard = machine::time_constants(settings.equalisation, ips);
    let warped = |hz: f64| (std::f64::consts::PI * hz / rate_hz).tan();
    let set_hz = SET_HZ.min(OF_BAND * build.highest_hz).min(OF_RATE * rate_hz);
    let asked = recording(&build, &standard, ips, set_hz);
    let treble = treble(asked, warped(set_hz), warped(build.highest_hz.min(ENDS_OF_RATE * rate_hz)));
    let (bass_hz, ends_hz) = ((std::f64::consts::TAU * standard.bass_s).recip(), LOWEST_HZ.max(build.lowest_hz.into()));
    let bass = if bass_hz > ends_hz { lifted(warped(bass_hz), warped(ends_hz)) } else { Section::FLAT };
    let at_1_khz = [treble, treble, bass].iter().map(|section| section.power(warped(1_000.0))).product::<f64>().sqrt();
    [treble.scaled(at_1_khz.recip()), treble, bass]
}

/// One of two equal shelves that reach `gain` together at `set`, and bend back at `end`.
fn treble(gain: f64, set: f64, end: f64) -> Section {
    // (1 + (set / zero)^2) / (1 + (set / end)^2) is the power of one, and the amplitude of both.
    let more = gain.max(gain.recip());
    let zero = set / (more * (1.0 + (set / end).powi(2)) - 1.0).sqrt();
    if gain >= 1.0 { Section::shelf(zero, end) } else { Section::shelf(end, zero) }
}

/// Gain 1 far above `bass`, more below it, down to `ends`.
fn lifted(bass: f64, ends: f64) -> Section {
    Section::shelf(bass, ends).scaled(bass / ends)
}

/// The equaliser of all channels and its mirror.
#[derive(Debug)]
pub struct Emphasis {
    rate_hz: f64,
    fresh: bool,
    from: Sections,
    to: Sections,
    share: Ramp,
    /// What each section of each channel remembers, onto the tape and off it.
    onto: Vec<[f64; 3]>,
    off: Vec<[f64; 3]>,
}

impl Emphasis {
    /// Filters that have yet to be set. Allocates.
    pub fn new(spec: &Spec) -> Self {
        Self {
            rate_hz: spec.sample_rate,
            fresh: true,
            from: [Section::FLAT; 3],
            to: [Section::FLAT; 3],
            share: Ramp::new(1.0, spec.samples(MOVE_S)),
            onto: vec![[0.0; 3]; spec.channels],
            off: vec![[0.0; 3]; spec.channels],
        }
    }

    /// Equal to fresh, without allocating.
    pub fn reset(&mut self) {
        self.fresh = true;
        self.share.jump(1.0);
        self.onto.iter_mut().chain(&mut self.off).for_each(|kept| *kept = [0.0; 3]);
    }

    /// Goes towards what `settings` ask for; at first, and from rest.
    pub fn latch(&mut self, settings: &Settings) {
        if self.share.moving() {
            return;
        }
        let asked = sections(settings, self.rate_hz);
        if std::mem::take(&mut self.fresh) {
            self.to = asked;
        } else if asked != self.to {
            (self.from, self.to) = (self.to, asked);
            self.share.jump(0.0);
            self.share.go(1.0);
        }
    }

    /// The filters of the next frame.
    #[inline]
    pub fn tick(&mut self) -> Filters {
        if !self.share.moving() {
            return Filters(self.to);
        }
        let share = f64::from(self.share.tick());
        Filters(std::array::from_fn(|k| self.from[k].towards(&self.to[k], share)))
    }

    /// `x` of `channel` through the equaliser.
    #[inline]
    pub fn onto(&mut self, channel: usize, filters: &Filters, x: f32) -> f32 {
        let sections = filters.0.iter().zip(&mut self.onto[channel]);
        settle(sections.fold(f64::from(x), |x, (section, kept)| section.pass(x, kept)) as f32)
    }

    /// `y` of `channel` through the mirror.
    #[inline]
    pub fn off(&mut self, channel: usize, filters: &Filters, y: f32) -> f32 {
        let sections = filters.0.iter().zip(&mut self.off[channel]).rev();
        settle(sections.fold(f64::from(y), |y, (section, kept)| section.undo(y, kept)) as f32)
    }
}

/// The filters of one frame.
#[derive(Clone, Copy, Debug)]
pub struct Filters(Sections);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::settings::{Equalisation, Machine};

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 1 };

    fn settings(machine: Machine, speed_ips: f32, equalisation: Equalisation) -> Settings {
        Settings { machine, speed_ips, equalisation, ..Settings::default() }
    }

    fn all() -> impl Iterator<Item = Settings> {
        let machines = [
            (Machine::Studio, [30.0, 15.0, 7.5]),
            (Machine::Domestic, [15.0, 7.5, 3.75]),
            (Machine::Cassette, [7.5, 3.75, 1.875]),
            (Machine::Dictaphone, [7.5, 3.75, 1.875]),
        ];
        let at = |(machine, speeds): (Machine, [f32; 3])| {
            speeds.into_iter().flat_map(move |ips| {
                [Equalisation::Iec, Equalisation::Nab].map(|equalisation| settings(machine, ips, equalisation))
            })
        };
        machines.into_iter().flat_map(at)
    }

    fn gain_db(settings: &Settings, hz: f64) -> f64 {
        let w = (std::f64::consts::PI * hz / SPEC.sample_rate).tan();
        10.0 * sections(settings, SPEC.sample_rate).iter().map(|section| section.power(w).log10()).sum::<f64>()
    }

    #[test]
    fn the_shelves_follow_what_recording_asks_for() {
        for settings in all() {
            let (build, ips) = (machine::build(settings.machine), f64::from(settings.speed_ips));
            let standard = machine::time_constants(settings.equalisation, ips);
            let highest = SET_HZ.min(OF_BAND * build.highest_hz);
            for hz in
                [200.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 7_000.0, 10_000.0].into_iter().filter(|hz| *hz <= highest)
            {
                let asked_db = 20.0 * recording(&build, &standard, ips, hz).log10();
                let off_db = gain_db(&settings, hz) - asked_db;
                assert!(off_db.abs() < 2.0, "{:?} {ips} {hz} Hz: {off_db:.2} dB off {asked_db:.2}", settings.machine);
            }
            assert!(gain_db(&settings, 1_000.0).abs() < 1e-6);
        }
    }

    #[test]
    fn a_bass_time_constant_lifts_the_bass() {
        let at = |equalisation, hz| gain_db(&settings(Machine::Studio, 15.0, equalisation), hz);
        // 3180 us is 50.05 Hz: +3 dB there, less what the end at 10 Hz takes.
        assert!((at(Equalisation::Nab, 50.05) - at(Equalisation::Nab, 400.0) - 2.8).abs() < 0.2);
        assert!((at(Equalisation::Iec, 50.05) - at(Equalisation::Iec, 400.0)).abs() < 0.2);
    }

    #[test]
    fn the_mirror_gives_back_what_went_in_while_they_move() {
        let machines: Vec<Settings> = all().collect();
        let mut emphasis = Emphasis::new(&SPEC);
        let mut worst = 0.0f32;
        for k in 0..96_000usize {
            if k.is_multiple_of(32) {
                emphasis.latch(&machines[k / 3_000 % machines.len()]);
            }
            let x = (k as f32 * 0.05).sin() + 0.5 * (k as f32 * 1.7).sin();
            let filters = emphasis.tick();
            let bent = emphasis.onto(0, &filters, x);
            worst = worst.max((emphasis.off(0, &filters, bent) - x).abs());
        }
        assert!(worst < 2e-6, "{worst:e}");
    }

    #[test]
    fn it_falls_silent() {
        let mut emphasis = Emphasis::new(&SPEC);
        emphasis.latch(&settings(Machine::Cassette, 1.875, Equalisation::Iec));
        let mut pass = |x: f32| {
            let filters = emphasis.tick();
            let y = emphasis.onto(0, &filters, x);
            (y, emphasis.off(0, &filters, y))
        };
        (0..1_000).for_each(|_| _ = pass(10.0));
        let rest = (0..(TAIL_S * 48_000.0) as usize).map(|_| pass(0.0)).last();
        assert_eq!(rest, Some((0.0, 0.0)));
    }
}
