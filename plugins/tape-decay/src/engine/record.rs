//! The record side: sound onto the tape and off it, through the curve of [`law`](super::law).

use green_ring_dsp::filter::OnePole;
use green_ring_dsp::{CELL, Part, Ramp, Sound, Spec, Trail, units};

use super::law;
use super::oversampler::{Bend, Oversampler};
use super::settings::{Quality, Settings};

/// Seconds that a gain, an offset or a change of quality takes.
const MOVE_S: f64 = 0.03;

/// A sine's peak over its rms, in dB.
const SINE_PEAK_DB: f32 = 3.010_3;

/// Frames that sound takes to the curve: settings wait as long, to meet the sound they were drawn over.
const TO_THE_CURVE: usize = CELL;

/// Corner in Hz of the high-pass behind the replay head, which reads no steady magnetisation. An offset on the tape
/// makes one that follows the level.
const CORNER_HZ: f32 = 5.0;

/// Seconds after which the high-pass has forgotten, to -120 dB, all that an offset can make.
pub const MEMORY_S: f64 = 0.6;

/// Seconds after which the high-pass has died to exact silence.
pub const TAIL_S: f64 = 1.6;

/// The record side of all channels.
#[derive(Debug)]
pub struct Record {
    trail: Trail<Settings>,
    fresh: bool,
    /// Gain onto the tape and off it, in decibels: moved so, their product never leaves the way between its ends.
    onto_db: Ramp,
    offset: Ramp,
    off_db: Ramp,
    bend: Bend,
    /// Share of `quality` against `from`.
    fade: Ramp,
    from: Quality,
    quality: Quality,
    tapes: Vec<Oversampler>,
    high_passes: Vec<OnePole>,
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
            off_db: ramp.clone(),
            bend: Bend::default(),
            fade: ramp,
            from: Quality::Four,
            quality: Quality::Four,
            tapes: (0..spec.channels).map(|_| Oversampler::at_rest()).collect(),
            high_passes: vec![high_pass; spec.channels],
        }
    }

    /// Equal to fresh, without allocating.
    pub fn reset(&mut self) {
        self.trail.reset();
        self.fresh = true;
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
        let onto_db = settings.drive_db - settings.operating_level_db - SINE_PEAK_DB;
        let fresh = std::mem::take(&mut self.fresh);
        let off_db = if !fresh && onto_db == self.onto_db.target() {
            self.off_db.target()
        } else {
            law::make_up_db(onto_db) - onto_db
        };
        let targets = [onto_db, law::offset(settings.even_harmonics), off_db];
        for (ramp, target) in [&mut self.onto_db, &mut self.offset, &mut self.off_db].into_iter().zip(targets) {
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
        for ((tape, high_pass), sound) in self.tapes.iter_mut().zip(&mut self.high_passes).zip(sound) {
            let sound = &mut sound[from..to];
            tape.run(sound, bends, self.quality, fade);
            for x in sound {
                *x = high_pass.high(*x);
            }
        }
    }

    /// The next `frames` of everything that moves.
    fn moves(&mut self, frames: usize) -> ([Bend; CELL], [f32; CELL]) {
        let (mut bends, mut shares) = ([self.bend; CELL], [0.0; CELL]);
        for (bend, share) in bends[..frames].iter_mut().zip(&mut shares) {
            if self.onto_db.moving() || self.offset.moving() || self.off_db.moving() {
                self.onto_db.tick();
                self.offset.tick();
                self.off_db.tick();
                self.bend = self.present();
            }
            (*bend, *share) = (self.bend, self.fade.tick());
        }
        (bends, shares)
    }

    fn present(&self) -> Bend {
        let offset = self.offset.value();
        let (gain_in, gain_out) = (units::gain(self.onto_db.value()), units::gain(self.off_db.value()));
        Bend { gain_in, offset, rest: law::bend(offset), gain_out }
    }
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
