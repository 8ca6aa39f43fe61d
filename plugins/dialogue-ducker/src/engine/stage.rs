//! What is done to the delayed bed: how far it yields, in which bands, when, and whether it leaves.

use super::bands::{BANDS, Bands};
use super::bank::Bank;
use super::curve::Curve;
use super::depth::{DEEPEST_DB, Depth};
use super::expand::Expand;
use super::focus::{Focus, Scene, Shares};
use super::judge::Verdict;
use super::pull::Pull;
use super::reading::Reading;
use super::yielding::Yielding;
use super::{LookAhead, Settings, State};
use green_ring_dsp::filter::OnePole;
use green_ring_dsp::{CELL, Sound, Spec};

/// log2(10) / 20.
const OCTAVES_PER_DB: f32 = 0.166_096_4;

/// Where the top end begins, in hertz.
const TOP_HZ: f32 = 2_500.0;

/// How much of the way to what all bands have in common is gone in a frame: 1 s.
const SHARED: f32 = 0.016;

/// A duck shallower than this, in dB, under speech is none: the bed does not mask.
const NONE_DB: f32 = 0.1;

/// The delayed bed's own processor.
#[derive(Clone, Debug)]
pub struct Stage {
    focus: Focus,
    depth: Depth,
    yielding: Yielding,
    /// Gains of the bells and, last, what all bands have in common; and what all of it is to each band, for meters.
    curve: Curve<{ BANDS + 1 }>,
    shown: Curve<BANDS>,
    /// The common part at the next sample, in dB, and its change from sample to sample.
    common_db: [f32; 2],
    bank: Bank,
    expand: Expand,
    pull: Pull,
    low: [OnePole; 2],
    /// What all bands have in common, slowly followed, in dB; none before the first.
    shared_db: Option<f32>,
    /// Whether loudnesses have been measured anew since the depth was last shared out.
    measured: bool,
    /// The most that is of use, the part that is met evenly, and what each band adds, in dB.
    most_db: f32,
    even_db: f32,
    bands_db: Bands,
    gain_db: f32,
    /// Whether the bed is untouched by even gain until the next edge: known there, so that no cut of time matters.
    rests: bool,
}

impl Stage {
    /// A bed at rest, `latency` samples late. Allocates.
    pub fn new(spec: &Spec, latency: usize, look_ahead: LookAhead) -> Self {
        let rate_hz = spec.sample_rate;
        let mut low = OnePole::default();
        low.set_hz(TOP_HZ, rate_hz as f32);
        Self {
            focus: Focus::new(rate_hz),
            depth: Depth::new(rate_hz),
            yielding: Yielding::new(rate_hz, latency, look_ahead),
            curve: Curve::new(rate_hz),
            shown: Curve::new(rate_hz),
            common_db: [0.0; 2],
            bank: Bank::new(rate_hz),
            expand: Expand::new(rate_hz, latency),
            pull: Pull::new(rate_hz),
            low: [low; 2],
            shared_db: None,
            measured: true,
            most_db: DEEPEST_DB,
            even_db: 0.0,
            bands_db: [0.0; BANDS],
            gain_db: 0.0,
            rests: true,
        }
    }

    /// Equal to fresh.
    pub fn reset(&mut self) {
        self.depth.reset();
        self.yielding.reset();
        self.curve.reset();
        self.shown.reset();
        (self.common_db, self.shared_db) = ([0.0; 2], None);
        self.focus.reset();
        self.bank.reset();
        self.expand.reset();
        self.pull.reset();
        self.low.iter_mut().for_each(|low| low.reset(0.0));
        (self.measured, self.most_db, self.even_db, self.gain_db) = (true, DEEPEST_DB, 0.0, 0.0);
        (self.bands_db, self.rests) = ([0.0; BANDS], true);
    }

    /// The song has jumped: hold is dropped.
    pub fn forget(&mut self) {
        self.yielding.forget();
    }

    /// Whether a depth under these settings must know the bands of the bed.
    pub fn needs_bands(settings: &Settings) -> bool {
        settings.focus > 0.0 || settings.only_when_masked
    }

    /// A frame of the key and of the bed is complete: what it turned out to be, whether its level has just risen, and
    /// the bed's power in it.
    pub fn hear(&mut self, verdict: Verdict, raised: bool, bed_power: f32, settings: &Settings) {
        self.yielding.hear(verdict, raised, settings);
        self.expand.hear(bed_power);
        self.measured = true;
    }

    /// At a cell's edge of the delayed bed: where everything goes from here on. The dialogue and the bed are so loud, in
    /// LUFS; `scene` looks closer, which is worth its while once a frame.
    pub fn steer(&mut self, settings: &Settings, [dialogue, bed]: [f32; 2], scene: impl Fn() -> Scene) {
        let measured = std::mem::take(&mut self.measured);
        if measured || !settings.only_when_masked {
            let most_db = || self.focus.unmasking_db(settings, &scene(), DEEPEST_DB);
            self.most_db = if settings.only_when_masked { most_db() } else { DEEPEST_DB };
        }
        let needed_db = self.depth.need(settings, dialogue, bed, self.most_db);
        if settings.focus == 0.0 {
            self.shared_db = None;
            self.focus.reset();
            self.aim(Shares { even_db: needed_db, bands_db: [0.0; BANDS] });
        } else if measured {
            let shares = self.focus.share(settings, &scene(), needed_db, self.shared_db.unwrap_or(0.0));
            self.aim(shares);
        }
        self.depth.go(self.even_db);
        self.expand.steer(settings.bed_expand);
        let deepest_db = self.deepest_db();
        self.yielding.steer(settings, deepest_db);
        self.rests = self.yielding.rests();
        self.pull.steer(settings, &self.yielding.line());
        let share = self.yielding.share() as f32;
        self.shown.step();
        let [bells @ .., common_db] = *self.curve.step();
        self.common_db[1] = (common_db - self.common_db[0]) / CELL as f32;
        self.bank.steer(&bells.map(|gain_db| share * gain_db));
    }

    /// What all bands have in common is made from end to end, where it is flat and a row of bells has ripple; slowly, so
    /// that one band that comes and goes does not take the bass and the air with it.
    fn aim(&mut self, shares: Shares) {
        let common_db = shares.common_db();
        let shared_db = self.shared_db.map_or(common_db, |db| db + SHARED * (common_db - db));
        self.shared_db = Some(shared_db);
        let mut gains_db = [shared_db; BANDS + 1];
        gains_db[..BANDS].copy_from_slice(&self.bank.solve(&shares.bands_db.map(|db| db - shared_db)));
        self.curve.aim(gains_db);
        self.shown.aim(shares.bands_db);
        (self.even_db, self.bands_db) = (shares.even_db, shares.bands_db);
    }

    /// The depth of the deepest band, in dB.
    fn deepest_db(&mut self) -> f64 {
        self.depth.skip(0) + f64::from(self.bands_db.iter().fold(0.0f32, |m, db| m.max(*db)))
    }

    /// Lets `frames` of `sound` yield, in place: by the same gain in both channels, a share of the depth in dB.
    pub fn process(&mut self, sound: &mut Sound, frames: usize) {
        self.yielding.pass(frames);
        self.bank.process(sound, frames);
        if self.rests {
            self.depth.skip(frames);
            self.expand.rest();
            // Where a block ends must not show: not so many steps at once, but where they lead.
            self.common_db[0] = self.curve.now()[BANDS];
            self.gain_db = 0.0;
        } else {
            self.yield_evenly(sound, frames);
        }
        if !self.pull.rests() {
            self.pull_out(sound, frames);
        }
    }

    fn yield_evenly(&mut self, sound: &mut Sound, frames: usize) {
        let [left, right] = sound;
        for (left, right) in left.iter_mut().zip(right).take(frames) {
            let (share, ahead) = self.yielding.tick();
            self.common_db[0] += self.common_db[1];
            let depth_db = self.depth.skip(1) + f64::from(self.expand.tick() + self.common_db[0]);
            self.gain_db = (-share * depth_db) as f32;
            let gain = (self.gain_db * OCTAVES_PER_DB).exp2();
            let top = if ahead == 0.0 { 1.0 } else { ((-ahead * depth_db) as f32 * OCTAVES_PER_DB).exp2() };
            for (x, low) in [left, right].into_iter().zip(&mut self.low) {
                // The state runs on even where the top end is level with the rest.
                let (whole, low) = (*x, low.low(*x));
                *x = gain * if top == 1.0 { whole } else { low + top * (whole - low) };
            }
        }
    }

    fn pull_out(&mut self, sound: &mut Sound, frames: usize) {
        let [left, right] = sound;
        for (left, right) in left.iter_mut().zip(right).take(frames) {
            let gain = self.pull.tick();
            *left *= gain;
            *right *= gain;
        }
    }

    /// Tells meters what is done.
    pub fn read(&mut self, reading: &mut Reading) {
        let share = self.yielding.share() as f32;
        (reading.depth_db, reading.gain_db) = (self.even_db, self.gain_db);
        let common_db = self.curve.now()[BANDS];
        reading.bands_db = self.shown.now().map(|db| self.gain_db - share * (db - common_db));
        let speaks = matches!(self.yielding.state(), State::Yielding | State::Holding(_));
        reading.state = match self.yielding.state() {
            _ if self.pull.is_out() => State::PulledOut,
            _ if speaks && self.deepest_db() < f64::from(NONE_DB) => State::NotMasking,
            state => state,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Detector;
    use crate::engine::bands::centre_hz;
    use std::f64::consts::TAU;

    /// Seconds in which an impulse is answered to.
    const ANSWER_S: f64 = 0.3;

    /// Response in dB of a bed that is down, when every sharing-out has cut the bands by `bands_db`, at `hz`.
    fn response_db(rate_hz: f64, bands_db: Bands, hz: &[f64]) -> Vec<f64> {
        let settings = Settings { detector: Detector::Manual, manual_duck: 1.0, focus: 1.0, ..Settings::default() };
        let mut stage = Stage::new(&Spec { sample_rate: rate_hz, channels: 2 }, 0, LookAhead::None);
        let mut answer: Vec<f32> = vec![];
        for cell in 0..2 + (ANSWER_S * rate_hz) as usize / CELL {
            // As if the band's needs had just been found, whatever the scene.
            stage.aim(Shares { even_db: 0.0, bands_db });
            stage.measured = false;
            stage.steer(&settings, [-27.0; 2], || unreachable!("nothing was measured"));
            let mut sound = [[0.0; CELL]; 2];
            sound[0][0] = if cell == 2 { 1.0 } else { 0.0 };
            stage.process(&mut sound, CELL);
            answer.extend(sound[0]);
        }
        let power = |hz: &f64| {
            let turn = |n: usize| TAU * (hz * n as f64 / rate_hz).fract();
            let sum = |wave: fn(f64) -> f64| -> f64 {
                answer.iter().enumerate().map(|(n, x)| f64::from(*x) * wave(turn(n))).sum()
            };
            sum(f64::cos).powi(2) + sum(f64::sin).powi(2)
        };
        hz.iter().map(|hz| 10.0 * power(hz).log10()).collect()
    }

    #[test]
    fn a_cut_that_all_bands_ask_for_is_flat_from_end_to_end() {
        let hz: Vec<f64> = (0..=120).map(|k| 20.0 * 10f64.powf(f64::from(k) / 40.0)).collect();
        for rate_hz in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
            let found = response_db(rate_hz, [6.0; BANDS], &hz);
            assert!(found.iter().all(|db| (db + 6.0).abs() <= 0.1), "{rate_hz}: {found:.3?}");
        }
    }

    #[test]
    fn every_other_band_is_cut_and_those_between_are_not() {
        let centres: Vec<f64> = (0..BANDS).map(centre_hz).collect();
        for rate_hz in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
            for odd in [0, 1] {
                let cut: Bands = std::array::from_fn(|b| if b % 2 == odd { 6.0 } else { 0.0 });
                let found = response_db(rate_hz, cut, &centres);
                let off = found.iter().zip(cut).map(|(db, cut)| (db + f64::from(cut)).abs()).fold(0.0, f64::max);
                assert!(off <= 0.5, "{rate_hz}: off by {off:.2} dB, {found:.2?}");
            }
        }
    }
}
