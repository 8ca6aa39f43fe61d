//! Print-through: each layer of tape on the reel magnetises the next, and a faint copy of the sound follows it.
//!
//! The copy comes one turn of the reel later: 2 pi R / v. The pack keeps the radius R that it has when it is half played.
//! (The copy that comes a turn early would need as much look-ahead.) A wave of length l prints through the thickness b
//! of the tape by k b e^(-k b), k = 2 pi / l: the field of a thin coating grows with k and falls as Wallace's spacing loss
//! does. It is strongest at l = 2 pi b, weaker by 6 dB an octave for longer waves, and next to nothing for short ones
//! (H. N. Bertram, M. K. Stafford & D. R. Mills, "The print-through phenomenon", J. Audio Eng. Soc. 28(10), 1980). A
//! band-pass and two low-passes follow that within 2 dB from four octaves below its crest to two above.

use green_ring_dsp::delay::DelayLine;
use green_ring_dsp::filter::{OnePole, Svf};
use green_ring_dsp::{Ramp, Sound, Spec, units};

use super::settings::{Machine, Settings};

/// Seconds of tape that are kept. A slower turn than this counts as this.
pub const LONGEST_S: f64 = 4.0;

/// Seconds after which the filters have died to exact silence.
pub const TAIL_S: f64 = 0.1;

/// Seconds that a change of level takes. With another machine or speed the copy fades out and in again.
const MOVE_S: f64 = 0.05;

/// Corner of the low-passes over the crest, and what they leave of the crest together.
const ABOVE: f32 = 3.0;
const LEFT: f32 = 0.9;

/// Radius of the half-played pack in millimetres, and thickness of the tape in micrometres: a 10.5-inch reel of standard
/// tape, a 7-inch reel of long-play tape, a C60, a microcassette.
const fn pack(machine: Machine) -> (f64, f64) {
    match machine {
        Machine::Studio => (94.0, 52.0),
        Machine::Domestic => (57.0, 35.0),
        Machine::Cassette => (18.0, 18.0),
        Machine::Dictaphone => (9.0, 13.0),
    }
}

/// The reel as it prints: seconds a turn, and the crest of what is printed in Hz.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Print {
    /// Seconds that the copy is behind.
    pub turn_s: f64,
    /// Frequency that prints best.
    pub crest_hz: f64,
}

impl Print {
    /// How `machine` prints at `ips` inches a second.
    pub fn new(machine: Machine, ips: f32) -> Self {
        let ((radius_mm, thickness_um), speed_m_s) = (pack(machine), f64::from(ips) * 0.025_4);
        let round = |length_m: f64| std::f64::consts::TAU * length_m;
        Self {
            turn_s: (round(1e-3 * radius_mm) / speed_m_s).min(LONGEST_S),
            crest_hz: speed_m_s / round(1e-6 * thickness_um),
        }
    }
}

/// Adds the copy to the sound.
#[derive(Debug)]
pub struct PrintThrough {
    rate_hz: f64,
    fresh: bool,
    print: Print,
    delay: usize,
    gain: Ramp,
    channels: Vec<Channel>,
}

#[derive(Debug)]
struct Channel {
    line: DelayLine,
    band: Svf,
    lows: [OnePole; 2],
}

impl PrintThrough {
    /// A reel without sound. Allocates [`LONGEST_S`] of it.
    pub fn new(spec: &Spec) -> Self {
        let line = || DelayLine::new(spec.samples(LONGEST_S));
        let channel = |_| Channel { line: line(), band: Svf::default(), lows: Default::default() };
        Self {
            rate_hz: spec.sample_rate,
            fresh: true,
            print: Print { turn_s: 0.0, crest_hz: 0.0 },
            delay: 0,
            gain: Ramp::new(0.0, spec.samples(MOVE_S)),
            channels: (0..spec.channels).map(channel).collect(),
        }
    }

    /// Equal to fresh, without allocating.
    pub fn reset(&mut self) {
        self.fresh = true;
        self.gain.jump(0.0);
        for channel in &mut self.channels {
            channel.line.reset();
            channel.forget();
        }
    }

    /// Seconds that the copy is behind; 0 where there is none.
    pub fn turn_s(&self) -> f64 {
        if self.gain.rests_at(0.0) { 0.0 } else { self.print.turn_s }
    }

    /// Takes `settings`, at an edge.
    pub fn latch(&mut self, settings: &Settings) {
        let print = Print::new(settings.machine, settings.speed_ips);
        let gain = units::gain(settings.print_through_db);
        let fresh = std::mem::take(&mut self.fresh);
        if fresh || (self.gain.rests_at(0.0) && (print != self.print || gain > 0.0)) {
            self.wind(print);
        }
        let gain = if print == self.print { gain } else { 0.0 };
        if fresh { self.gain.jump(gain) } else { self.gain.go(gain) }
    }

    /// Another reel: its filters begin in silence.
    fn wind(&mut self, print: Print) {
        let (crest_hz, rate_hz) = (print.crest_hz as f32, self.rate_hz as f32);
        (self.print, self.delay) = (print, (print.turn_s * self.rate_hz).round() as usize);
        for channel in &mut self.channels {
            channel.band.set(crest_hz, 0.5, rate_hz);
            channel.lows.iter_mut().for_each(|low| low.set_hz(ABOVE * crest_hz, rate_hz));
            channel.forget();
        }
    }

    /// Adds the copy to `frames` frames of `sound`. Without one the sound passes bit for bit.
    pub fn process(&mut self, frames: usize, sound: &mut Sound) {
        let silent = self.gain.rests_at(0.0);
        let gains: [f32; green_ring_dsp::CELL] =
            std::array::from_fn(|k| if k < frames { self.gain.tick() / LEFT } else { 0.0 });
        for (channel, sound) in self.channels.iter_mut().zip(sound) {
            for (x, gain) in sound[..frames].iter_mut().zip(gains) {
                channel.line.write(*x);
                if !silent {
                    *x += gain * channel.printed(self.delay);
                }
            }
        }
    }
}

impl Channel {
    fn forget(&mut self) {
        self.band.reset();
        self.lows.iter_mut().for_each(|low| low.reset(0.0));
    }

    #[inline]
    fn printed(&mut self, delay: usize) -> f32 {
        // Damping is 2: the band is one at its crest.
        let band = 2.0 * self.band.tick(self.line.read(delay)).band;
        self.lows.iter_mut().fold(band, |x, low| low.low(x))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::CELL;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 1 };

    fn play(settings: impl Fn(usize) -> Settings, cells: usize, x: impl Fn(usize) -> f32) -> Vec<f32> {
        let (mut print, mut out) = (PrintThrough::new(&SPEC), vec![]);
        for cell in 0..cells {
            print.latch(&settings(cell));
            let mut sound = [std::array::from_fn(|k| x(cell * CELL + k)), [0.0; CELL]];
            print.process(CELL, &mut sound);
            out.extend(sound[0]);
        }
        out
    }

    fn studio(print_through_db: f32) -> Settings {
        Settings { machine: Machine::Studio, speed_ips: 15.0, print_through_db, ..Settings::default() }
    }

    fn tone(hz: f64) -> impl Fn(usize) -> f32 {
        move |k| (std::f64::consts::TAU * hz * k as f64 / 48_000.0).sin() as f32
    }

    #[test]
    fn a_turn_takes_as_long_as_reels_take() {
        for (machine, ips, from_s, to_s) in [
            (Machine::Studio, 15.0, 0.9, 2.2),
            (Machine::Studio, 7.5, 1.9, 4.0),
            (Machine::Domestic, 7.5, 0.9, 2.9),
            (Machine::Cassette, 1.875, 1.5, 3.3),
        ] {
            let turn_s = Print::new(machine, ips).turn_s;
            assert!((from_s..=to_s).contains(&turn_s), "{machine:?} at {ips}: {turn_s:.2} s");
        }
    }

    #[test]
    fn off_is_off_and_the_copy_comes_after_one_turn_at_its_level() {
        let crest_hz = Print::new(Machine::Studio, 15.0).crest_hz;
        let burst = |k: usize| if k < 4_800 { tone(crest_hz)(k) } else { 0.0 };
        let turn = (48_000.0 * Print::new(Machine::Studio, 15.0).turn_s).round() as usize;
        let plain = play(|_| studio(f32::NEG_INFINITY), 3_000, burst);
        assert!(plain.iter().enumerate().all(|(k, y)| *y == burst(k)));
        for db in [-70.0, -58.0, -45.0] {
            let out = play(|_| studio(db), 3_000, burst);
            assert!(out[4_800..turn].iter().all(|y| *y == 0.0));
            let peak = out[turn + 2_400..turn + 4_800].iter().fold(0.0f32, |a, b| a.max(b.abs()));
            assert!((20.0 * peak.log10() - db).abs() < 0.2, "{db}: {:.2}", 20.0 * peak.log10());
            assert!(out[turn + 4_800 + (TAIL_S * 48_000.0) as usize..].iter().all(|y| *y == 0.0));
        }
    }

    #[test]
    fn long_waves_print_and_short_ones_do_not() {
        let print = Print::new(Machine::Studio, 15.0);
        for x in [0.05, 0.15, 0.5, 1.0, 2.0, 4.0] {
            let wave = tone(x * print.crest_hz);
            let out = play(|_| studio(-45.0), 3_500, &wave);
            let copy = |k: usize| f64::from(out[k]) - f64::from(wave(k));
            let power = (100_000..110_000).map(|k| copy(k).powi(2)).sum::<f64>() / 5_000.0;
            let (found_db, asked_db) = (10.0 * power.log10() + 45.0, 20.0 * (x * (1.0 - x).exp()).log10());
            assert!((found_db - asked_db).abs() < 2.0, "{x}: {found_db:.1} dB for {asked_db:.1} dB");
        }
    }

    #[test]
    fn another_machine_fades() {
        let change =
            |cell: usize| if cell < 4_000 { studio(-45.0) } else { Settings { speed_ips: 30.0, ..studio(-45.0) } };
        let out = play(change, 8_000, tone(440.0));
        let copy: Vec<f64> = out.iter().enumerate().map(|(k, y)| f64::from(*y) - f64::from(tone(440.0)(k))).collect();
        // A sine bends by (w / rate)^2 of itself and no more.
        let bend = copy[80_000..].windows(3).map(|w| (w[2] - 2.0 * w[1] + w[0]).abs()).fold(0.0, f64::max);
        assert!(bend < 0.005_6 * 0.06 * 0.06 * 1.2, "{bend:e}");
    }
}
