//! A filter of linear phase with any smooth curve, which can be moved.
//!
//! A new curve is designed a little in each cell (its gains on a grid of frequencies first, then the taps as their
//! cosine transform) and then faded in: both filters have one delay, so the fade has no comb.

use std::f64::consts::PI;

use green_ring_dsp::door::settle;
use green_ring_dsp::{CELL, Ramp, Sound, Spec};

use super::fir::{Past, Taps};

/// Seconds from the middle of the filter to its ends.
///
/// A loss has a corner at zero hertz, which a shorter filter would round by more than half a decibel.
const REACH_S: f64 = 64.0 / 48_000.0;

/// Points of the grid for each tap of half the filter: twice what the taps can tell apart.
const POINTS_A_TAP: usize = 2;

/// Work in one cell.
const POINTS_A_CELL: usize = 12;
const TAPS_A_CELL: usize = 6;

/// Seconds of a fade from one curve to the next.
const FADE_S: f64 = 0.02;

/// What a filter does to each frequency.
pub trait Curve: Copy + PartialEq {
    /// Gain at `hz`.
    fn gain(&self, hz: f64) -> f64;
}

/// Delay in samples of every shaper at this rate.
pub fn delay(spec: &Spec) -> usize {
    spec.samples(REACH_S).max(4)
}

/// The filter of all channels.
#[derive(Debug)]
pub struct Shaper<C> {
    design: Design,
    /// The curve of the newest taps, or of the design in hand.
    curve: Option<C>,
    designing: bool,
    /// Two sets of taps, and which one is the newest.
    taps: [Taps; 2],
    newest: usize,
    fade: Ramp,
    pasts: Vec<Past>,
    /// Whether there may be sound in them.
    sounds: bool,
}

impl<C: Curve> Shaper<C> {
    /// A filter that has yet to be given a curve. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let length = 2 * delay(spec) + 1;
        let taps = || Taps::new(&vec![0.0; length]);
        Self {
            design: Design::new(spec),
            curve: None,
            designing: false,
            taps: [taps(), taps()],
            newest: 0,
            fade: Ramp::new(1.0, spec.samples(FADE_S)),
            pasts: (0..spec.channels).map(|_| Past::new(length, CELL)).collect(),
            sounds: false,
        }
    }

    /// Equal to fresh, without allocating.
    pub fn reset(&mut self) {
        (self.curve, self.designing, self.newest) = (None, false, 0);
        self.fade.jump(1.0);
        self.silence();
    }

    /// Forgets its sound alone.
    pub fn silence(&mut self) {
        if std::mem::take(&mut self.sounds) {
            self.pasts.iter_mut().for_each(Past::reset);
        }
    }

    /// Goes on towards `curve`, once a cell. The first curve is there at once.
    pub fn latch(&mut self, curve: C) {
        if self.curve.is_none() {
            self.begin(curve);
            while !self.design.step(&curve, &mut self.taps[self.newest]) {}
            self.designing = false;
        } else if self.designing {
            self.go_on();
        } else if self.curve != Some(curve) && !self.fade.moving() {
            self.begin(curve);
        }
    }

    fn begin(&mut self, curve: C) {
        self.curve = Some(curve);
        self.design.begin();
        self.designing = true;
    }

    fn go_on(&mut self) {
        let Some(curve) = self.curve else { return };
        if self.design.step(&curve, &mut self.taps[1 - self.newest]) {
            self.designing = false;
            self.newest = 1 - self.newest;
            self.fade.jump(0.0);
            self.fade.go(1.0);
        }
    }

    /// Filters `frames` frames of `sound`, in place.
    pub fn process(&mut self, sound: &mut Sound, frames: usize) {
        self.sounds = true;
        let shares = self.fade.moving().then(|| {
            let mut shares = [1.0; CELL];
            shares[..frames].fill_with(|| self.fade.tick());
            shares
        });
        for (past, sound) in self.pasts.iter_mut().zip(sound) {
            let sound = &mut sound[..frames];
            past.take(sound);
            past.through(&self.taps[self.newest], sound);
            if let Some(shares) = &shares {
                let mut old = [0.0; CELL];
                past.through(&self.taps[1 - self.newest], &mut old[..frames]);
                for ((new, old), share) in sound.iter_mut().zip(old).zip(shares) {
                    // At its end the new one alone, bit for bit: a block may end within the cell.
                    *new = if *share == 1.0 { *new } else { old + share * (*new - old) };
                }
            }
            past.pass(frames);
            sound.iter_mut().for_each(|x| *x = settle(*x));
        }
    }
}

/// A design in hand.
#[derive(Debug)]
struct Design {
    /// Hertz from one point of the grid to the next.
    grid_hz: f64,
    /// Gains on the grid, from zero hertz to Nyquist.
    gains: Box<[f32]>,
    /// cos(pi k / points) for k in 0..2 points.
    cosines: Box<[f32]>,
    /// Taps of half the filter, the middle one included.
    count: usize,
    points_done: usize,
    taps_done: usize,
}

impl Design {
    fn new(spec: &Spec) -> Self {
        let reach = delay(spec);
        let points = POINTS_A_TAP * reach;
        Self {
            grid_hz: spec.sample_rate / 2.0 / points as f64,
            gains: vec![0.0; points + 1].into_boxed_slice(),
            cosines: (0..2 * points).map(|k| (PI * k as f64 / points as f64).cos() as f32).collect(),
            count: reach + 1,
            points_done: 0,
            taps_done: 0,
        }
    }

    fn begin(&mut self) {
        (self.points_done, self.taps_done) = (0, 0);
    }

    /// One cell's work; whether it was the last.
    fn step(&mut self, curve: &impl Curve, taps: &mut Taps) -> bool {
        if self.points_done < self.gains.len() {
            let to = self.gains.len().min(self.points_done + POINTS_A_CELL);
            for point in self.points_done..to {
                self.gains[point] = curve.gain(point as f64 * self.grid_hz) as f32;
            }
            self.points_done = to;
            return false;
        }
        let to = self.count.min(self.taps_done + TAPS_A_CELL);
        for away in self.taps_done..to {
            taps.set(away, self.tap(away));
        }
        self.taps_done = to;
        to == self.count
    }

    /// The tap that is `away` samples from the middle: the cosine transform of the gains, by the trapezoidal rule. No
    /// window: of all filters this long, plain truncation comes closest to a smooth curve.
    fn tap(&self, away: usize) -> f32 {
        let (last, turn) = (self.gains.len() - 1, self.cosines.len());
        let ends = 0.5 * (self.gains[0] + self.gains[last] * self.cosines[away * last % turn]);
        let mut at = 0;
        let inner: f32 = self.gains[1..last]
            .iter()
            .map(|gain| {
                at += away;
                at -= if at >= turn { turn } else { 0 };
                gain * self.cosines[at]
            })
            .sum();
        (ends + inner) / last as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::losses;

    /// One loss alone, at 7.5 ips.
    #[derive(Clone, Copy, PartialEq)]
    enum Loss {
        Spacing(f64),
        Thickness(f64),
        Gap(f64),
        Azimuth(f64),
    }

    impl Curve for Loss {
        fn gain(&self, hz: f64) -> f64 {
            let k = losses::wave_number(hz, 7.5);
            match *self {
                Loss::Spacing(um) => losses::spacing(k, um),
                Loss::Thickness(um) => losses::thickness(k, um),
                Loss::Gap(um) => losses::gap(k, um),
                Loss::Azimuth(arcmin) => losses::azimuth(k, 1_000.0, arcmin),
            }
        }
    }

    fn run(shaper: &mut Shaper<Loss>, curve: impl Fn(usize) -> Loss, frames: usize, hz: f64, rate: f64) -> Vec<f32> {
        let mut out = vec![];
        for cell in 0..frames / CELL {
            shaper.latch(curve(cell));
            let tone = |k: usize| (std::f64::consts::TAU * hz * (cell * CELL + k) as f64 / rate).sin() as f32;
            let mut sound = [std::array::from_fn(tone), [0.0; CELL]];
            shaper.process(&mut sound, CELL);
            out.extend(sound[0]);
        }
        out
    }

    fn level(sound: &[f32]) -> f64 {
        (2.0 * sound.iter().map(|x| (*x as f64).powi(2)).sum::<f64>() / sound.len() as f64).sqrt()
    }

    #[test]
    fn each_loss_is_that_of_its_formula() {
        for rate in [44_100.0, 48_000.0, 96_000.0] {
            let spec = Spec { sample_rate: rate, channels: 1 };
            for loss in [
                Loss::Spacing(1.0),
                Loss::Spacing(6.0),
                Loss::Thickness(10.0),
                Loss::Thickness(30.0),
                Loss::Gap(2.5),
                Loss::Gap(10.0),
                Loss::Azimuth(15.0),
            ] {
                for hz in [30.0, 100.0, 300.0, 1e3, 3e3, 6e3, 10e3, 15e3] {
                    let wanted_db = 20.0 * loss.gain(hz).abs().log10();
                    if wanted_db < -30.0 {
                        continue;
                    }
                    let sound = run(&mut Shaper::new(&spec), |_| loss, rate as usize / 3, hz, rate);
                    let error = 20.0 * level(&sound[sound.len() - rate as usize / 5..]).log10() - wanted_db;
                    assert!(error.abs() < 0.5, "{rate} Hz, {hz} Hz for {wanted_db:.1} dB: {error:.2} dB off");
                }
            }
        }
    }

    #[test]
    fn a_new_curve_fades_in_and_ends_as_if_it_had_always_been() {
        let spec = Spec { sample_rate: 48_000.0, channels: 1 };
        let (one, other) = (Loss::Spacing(1.0), Loss::Spacing(4.0));
        let moved = run(&mut Shaper::new(&spec), |cell| if cell < 100 { one } else { other }, 9_600, 5e3, 48e3);
        let held = run(&mut Shaper::new(&spec), |_| other, 9_600, 5e3, 48e3);
        assert_eq!(moved[8_000..], held[8_000..]);
        assert_ne!(moved[3_300..3_400], held[3_300..3_400]);
    }
}
