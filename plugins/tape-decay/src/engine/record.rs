//! The record side: sound onto the tape and off it, through the curve of [`law`](super::law).

use green_ring_dsp::door::settle;
use green_ring_dsp::filter::OnePole;
use green_ring_dsp::{CELL, Part, Ramp, Sound, Spec, Trail, units};

use super::emphasis::{self, Emphasis};
use super::law;
use super::magnet;
use super::oversampler::{Bend, Oversampler};
use super::settings::{Quality, Settings};

/// Seconds that a gain, an offset or a change of quality takes.
const MOVE_S: f64 = 0.03;

/// A sine's peak over its rms, in dB.
const SINE_PEAK_DB: f32 = 3.010_3;

/// Decibels onto the tape that a decibel of bias too little, or too much, is worth.
const UNDER_BIAS: f32 = 1.0;
const OVER_BIAS: f32 = 0.25;

/// Seconds in which a VU meter's needle falls to 1/e: it reaches 99 % in 300 ms (IEC 60268-17).
const NEEDLE_S: f32 = 0.065;

/// Frames that sound takes to the curve: settings wait as long, to meet the sound they were drawn over.
const TO_THE_CURVE: usize = CELL;

/// Corner in Hz of the high-pass behind the replay head, which reads no steady magnetisation. An offset on the tape
/// makes one that follows the level.
const CORNER_HZ: f32 = 5.0;

/// Seconds after which magnetism, the equalisers and the high-pass have forgotten, to -120 dB, all that they can hold.
pub const MEMORY_S: f64 = 0.6 + magnet::MEMORY_S + emphasis::MEMORY_S;

/// Seconds after which they have died to exact silence.
pub const TAIL_S: f64 = 1.6 + magnet::TAIL_S + emphasis::TAIL_S;

/// The record side of all channels.
#[derive(Debug)]
pub struct Record {
    trail: Trail<Settings>,
    fresh: bool,
    /// Gain onto the tape and off it, in decibels: moved so, their product never leaves the way between its ends.
    onto_db: Ramp,
    offset: Ramp,
    behind: Ramp,
    off_db: Ramp,
    bend: Bend,
    /// Share of `quality` against `from`.
    fade: Ramp,
    from: Quality,
    quality: Quality,
    emphasis: Emphasis,
    tapes: Vec<Oversampler>,
    high_passes: Vec<OnePole>,
    /// What the needle shows: the mean size of what goes onto the tape, and how much of it is kept for each frame.
    needle: f32,
    keep: f32,
}

impl Record {
    /// A record side at rest. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let ramp = Ramp::new(0.0, spec.samples(MOVE_S));
        let mut high_pass = OnePole::default();
        high_pass.set_hz(CORNER_HZ, spec.sample_rate as f32);
        Self {
            trail: Trail::new(TO_THE_CURVE, Settings::default()),
            fresh: true,
            onto_db: ramp.clone(),
            offset: ramp.clone(),
            behind: ramp.clone(),
            off_db: ramp.clone(),
            bend: Bend::default(),
            fade: ramp,
            from: Quality::Four,
            quality: Quality::Four,
            emphasis: Emphasis::new(spec),
            tapes: (0..spec.channels).map(|_| Oversampler::new(spec)).collect(),
            high_passes: vec![high_pass; spec.channels],
            needle: 0.0,
            keep: units::pole(NEEDLE_S, spec.sample_rate as f32),
        }
    }

    /// What a VU meter on the record amplifier shows, in dB: 0 for a sine at operating level, the louder channel's.
    pub fn vu_db(&self) -> f32 {
        // The mean of a rectified sine of peak 1 is 2 / pi.
        units::db(self.needle * std::f32::consts::FRAC_PI_2)
    }

    /// Equal to fresh, without allocating.
    pub fn reset(&mut self) {
        self.trail.reset();
        self.fresh = true;
        self.needle = 0.0;
        self.emphasis.reset();
        self.tapes.iter_mut().for_each(Oversampler::reset);
        self.high_passes.iter_mut().for_each(|high_pass| high_pass.reset(0.0));
    }

    /// Records and replays the part's `sound`, in place.
    pub fn process(&mut self, settings: &Settings, part: &Part, sound: &mut Sound) {
        self.trail.push(*settings, part);
        let mut done = 0;
        while done < part.frames {
            let leg = self.trail.pop(part.frames - done);
            if leg.edge {
                self.latch(&leg.settings);
            }
            self.run(sound, done, done + leg.frames);
            done += leg.frames;
        }
    }

    fn latch(&mut self, settings: &Settings) {
        let onto_db = onto_tape_db(settings);
        let behind = magnet::share(settings.hysteresis);
        let fresh = std::mem::take(&mut self.fresh);
        let same = !fresh && (onto_db, behind) == (self.onto_db.target(), self.behind.target());
        let off_db = if same { self.off_db.target() } else { off_tape_db(settings) };
        self.emphasis.latch(settings);
        let targets = [onto_db, law::offset(settings.even_harmonics), behind, off_db];
        let ramps = [&mut self.onto_db, &mut self.offset, &mut self.behind, &mut self.off_db];
        for (ramp, target) in ramps.into_iter().zip(targets) {
            if fresh { ramp.jump(target) } else { ramp.go(target) }
        }
        if fresh {
            self.bend = self.present();
            (self.from, self.quality) = (settings.quality, settings.quality);
            self.fade.jump(1.0);
        } else if settings.quality != self.quality && !self.fade.moving() {
            (self.from, self.quality) = (self.quality, settings.quality);
            self.tapes.iter_mut().for_each(|tape| tape.clear(settings.quality));
            self.fade.jump(0.0);
            self.fade.go(1.0);
        }
    }

    fn run(&mut self, sound: &mut Sound, from: usize, to: usize) {
        let fading = self.fade.moving();
        let (bends, shares) = self.moves(to - from);
        let (bends, shares) = (&bends[..to - from], &shares[..to - from]);
        let fade = fading.then_some((self.from, shares));
        self.swing(sound, from, to);
        let mut filters = [self.emphasis.tick(); CELL];
        filters[1..to - from].fill_with(|| self.emphasis.tick());
        for (channel, (tape, high_pass)) in self.tapes.iter_mut().zip(&mut self.high_passes).enumerate() {
            let sound = &mut sound[channel][from..to];
            for (x, filters) in sound.iter_mut().zip(&filters) {
                *x = self.emphasis.onto(channel, filters, *x);
            }
            tape.run(sound, bends, self.quality, fade);
            for (x, filters) in sound.iter_mut().zip(&filters) {
                *x = high_pass.high(self.emphasis.off(channel, filters, *x));
            }
        }
    }

    /// Moves the needle.
    fn swing(&mut self, sound: &Sound, from: usize, to: usize) {
        let frames = (to - from) as f32;
        let size = |sound: &[f32; CELL]| sound[from..to].iter().map(|x| x.abs()).sum::<f32>() / frames;
        let size = self.bend.gain_in * size(&sound[0]).max(size(&sound[1]));
        self.needle = settle(size + self.keep.powf(frames) * (self.needle - size));
    }

    /// The next `frames` of everything that moves.
    fn moves(&mut self, frames: usize) -> ([Bend; CELL], [f32; CELL]) {
        let (mut bends, mut shares) = ([self.bend; CELL], [0.0; CELL]);
        for (bend, share) in bends[..frames].iter_mut().zip(&mut shares) {
            let ramps = [&mut self.onto_db, &mut self.offset, &mut self.behind, &mut self.off_db];
            if ramps.iter().any(|ramp| ramp.moving()) {
                ramps.into_iter().for_each(|ramp| _ = ramp.tick());
                self.bend = self.present();
            }
            (*bend, *share) = (self.bend, self.fade.tick());
        }
        (bends, shares)
    }

    fn present(&self) -> Bend {
        let offset = self.offset.value();
        let (gain_in, gain_out) = (units::gain(self.onto_db.value()), units::gain(self.off_db.value()));
        Bend { gain_in, offset, rest: law::bend(offset), behind: self.behind.value().max(0.0), gain_out }
    }
}

/// Gain in dB from full scale onto the tape, in operating levels (peaks of a sine). Too little bias bends as more level
/// does, too much a little less.
fn onto_tape_db(settings: &Settings) -> f32 {
    let under = UNDER_BIAS * (-settings.bias_db).max(0.0) - OVER_BIAS * settings.bias_db.max(0.0);
    settings.drive_db - settings.operating_level_db - SINE_PEAK_DB + under
}

/// Gain in dB from the tape to full scale, with the loudness that the tape has taken.
pub fn off_tape_db(settings: &Settings) -> f32 {
    let onto_db = onto_tape_db(settings);
    law::make_up_db(onto_db, magnet::share(settings.hysteresis)) - onto_db
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::oversampler::LATENCY;
    use green_ring_dsp::{Grid, Song};

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 1 };

    fn run(settings: impl Fn(usize) -> Settings, cells: usize, signal: impl Fn(usize) -> f32) -> Vec<f32> {
        let (mut record, mut grid, mut out) = (Record::new(&SPEC), Grid::default(), vec![]);
        for cell in 0..cells {
            let song = Song::new(true, (cell * CELL) as i64, 120.0, SPEC.sample_rate);
            let part = grid.part(&song, 0, CELL).expect("a cell");
            let mut sound = [std::array::from_fn(|k| signal(cell * CELL + k)), [0.0; CELL]];
            record.process(&settings(cell), &part, &mut sound);
            out.extend(sound[0]);
        }
        out
    }

    fn sine(k: usize) -> f32 {
        0.5 * (k as f32 * 0.057_6).sin()
    }

    #[test]
    fn silence_is_silence_and_no_steady_offset_is_left() {
        assert!(run(|_| Settings::default(), 20, |_| 0.0).iter().all(|y| *y == 0.0));
        let out = run(|_| Settings { even_harmonics: 1.2, ..Settings::default() }, 3_000, sine);
        let tail = &out[out.len() - 2_182 * 10..];
        let mean = tail.iter().map(|y| *y as f64).sum::<f64>() / tail.len() as f64;
        assert!(mean.abs() < 3e-4, "{mean}");
    }

    #[test]
    fn the_needle_shows_zero_for_a_sine_at_operating_level() {
        let (mut record, mut grid) = (Record::new(&SPEC), Grid::default());
        let settings = Settings { drive_db: 0.0, ..Settings::default() };
        let peak = units::gain(settings.operating_level_db + SINE_PEAK_DB);
        for cell in 0..1_500 {
            let song = Song::new(true, (cell * CELL) as i64, 120.0, SPEC.sample_rate);
            let part = grid.part(&song, 0, CELL).expect("a cell");
            let tone = |k: usize| peak * ((cell * CELL + k) as f32 * 0.130_9).sin();
            record.process(&settings, &part, &mut [std::array::from_fn(tone), [0.0; CELL]]);
        }
        assert!(record.vu_db().abs() < 0.2, "{}", record.vu_db());
    }

    #[test]
    fn quality_changes_without_a_seam() {
        let clean = |quality| Settings { operating_level_db: -9.0, drive_db: -12.0, quality, ..Settings::default() };
        let held = run(|_| clean(Quality::Four), 200, sine);
        let switched = run(|cell| clean(if cell < 100 { Quality::Four } else { Quality::Eight }), 200, sine);
        let apart = held.iter().zip(&switched).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < 1e-4, "{apart}");
        assert!(held != switched);
        assert!(held[..LATENCY - 62].iter().all(|y| y.abs() < 1e-4));
    }
}
