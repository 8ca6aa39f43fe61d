//! One of the copies of which Rise is made.

use std::f64::consts::LN_2;

use super::{
    super::{
        align::{Aligner, Strand, fade},
        reader::{Kernels, kernels},
        record::{Frame, Record},
    },
    Course,
};

/// Copies at once, and octaves of speed that each passes through.
pub(super) const COPIES: usize = 4;
const OCTAVES: f64 = COPIES as f64;

/// Seconds of the fade where a copy comes to its loop's end, and of half a grain where the pitch is kept.
const SPLICE_S: f64 = 0.01;
const HOP_S: f64 = 0.04;

/// Where a copy is in its life.
#[derive(Clone, Copy, Debug)]
struct Moment {
    /// The copy's number, counted over the whole song.
    number: i64,
    /// Octaves of its speed above its own.
    octaves: f64,
    /// Loops that it has played, with their fraction.
    loops: f64,
}

/// A round through one loop: fixed when it begins, so that no change of tempo moves the material under it.
#[derive(Clone, Copy, Debug)]
struct Lap {
    number: i64,
    index: i64,
    /// Song samples of the loop's beginning, now and in the round before, and whether they were heard.
    from: [f64; 2],
    heard: [bool; 2],
    /// How alike the loop's beginning and what lay behind the one before are.
    likeness: f32,
    length: f64,
}

/// A grain where the pitch is kept.
#[derive(Clone, Copy, Debug)]
struct Grain {
    index: i64,
    /// Song sample of its first frame, and whether it was heard.
    at: i64,
    heard: bool,
    gain: f32,
}

/// What copies are made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Material<'a> {
    pub record: &'a Record,
    pub aligner: &'a Aligner,
}

/// A copy of the loop.
#[derive(Clone, Debug)]
pub(super) struct Runner {
    slot: i64,
    kernels: &'static Kernels,
    splice: f64,
    hop: i64,
    reach: i64,
    lap: Option<Lap>,
    /// The grain that fades out, the one that fades in, and how alike they are.
    grains: Option<([Grain; 2], f32)>,
}

impl Runner {
    pub fn new(slot: usize, rate_hz: f64) -> Self {
        let kernels = kernels();
        let hop = (HOP_S * rate_hz).round().max(1.0) as i64;
        let reach = kernels.reach((OCTAVES / 2.0).exp2());
        Self { slot: slot as i64, kernels, splice: SPLICE_S * rate_hz, hop, reach, lap: None, grains: None }
    }

    /// What was found for a course that is no longer followed.
    pub fn forget(&mut self) {
        (self.lap, self.grains) = (None, None);
    }

    /// Adds the copy as a tape plays it: the frames from `into` after song sample `cell` on.
    pub fn tape(&mut self, course: &Course, material: &Material, [cell, into]: [i64; 2], layer: &mut [Frame]) {
        let moment = course.moment(self.slot, cell as f64);
        let bend = 0.5 * course.sign() * LN_2 / course.cycle;
        let rate = moment.octaves.exp2();
        let [gain, slope] = course.gains(&moment);
        for (k, frame) in layer.iter_mut().enumerate() {
            let t = (into + k as i64) as f64;
            let loops = moment.loops + rate / course.looped * t * (1.0 + bend * t);
            let lap = self.lap(course, material, moment.number, loops.floor() as i64);
            let passed = (loops - lap.index as f64) * lap.length;
            let gain = gain + slope * t as f32;
            let x = (passed / (rate * self.splice)) as f32;
            let gains = if x < 1.0 { fade(x, lap.likeness) } else { [0.0, 1.0] };
            let places = [lap.from[1] + lap.length + passed, lap.from[0] + passed];
            for ((place, heard), share) in places.into_iter().zip([lap.heard[1], lap.heard[0]]).zip(gains) {
                if heard && share > 0.0 {
                    add(frame, gain * share, self.kernels.read(material.record, place, rate));
                }
            }
        }
    }

    /// Adds the copy in grains at their own pitch: the frames from song sample `at` on.
    pub fn grains(&mut self, course: &Course, material: &Material, at: i64, layer: &mut [Frame]) {
        for (k, frame) in layer.iter_mut().enumerate() {
            let now = at + k as i64;
            let index = now.div_euclid(self.hop);
            let (grains, likeness) = self.pair(course, material, index);
            let age = now - index * self.hop;
            let gains = fade(age as f32 / self.hop as f32, likeness);
            for ((grain, share), age) in grains.iter().zip(gains).zip([age + self.hop, age]) {
                if grain.heard {
                    add(frame, share * grain.gain, material.record.frame(grain.at + age));
                }
            }
        }
    }

    /// The round `index` of copy `number`.
    fn lap(&mut self, course: &Course, material: &Material, number: i64, index: i64) -> Lap {
        match self.lap {
            Some(lap) if (lap.number, lap.index) == (number, index) => lap,
            old => {
                let follows = old.filter(|old| (old.number, old.index + 1) == (number, index));
                let from = course.material(number, index);
                let before = follows.map_or_else(|| course.material(number, index - 1), |old| old.from[0]);
                let from = [from, before];
                let length = course.looped;
                let heard = from.map(|from| material.record.has(from as i64 - self.reach.max(self.splice as i64)));
                let likeness = material.likeness(heard, [before + length, from[0]].map(|at| at as i64));
                *self.lap.insert(Lap { number, index, from, heard, likeness, length })
            }
        }
    }

    /// The grains that overlap from hop `index` on.
    fn pair(&mut self, course: &Course, material: &Material, index: i64) -> ([Grain; 2], f32) {
        match self.grains {
            Some(pair) if pair.0[1].index == index => pair,
            old => {
                let follows = old.map(|(grains, _)| grains[1]).filter(|grain| grain.index + 1 == index);
                let before = follows.unwrap_or_else(|| self.grain(course, material.record, index - 1));
                let grain = self.grain(course, material.record, index);
                let pair = [before, grain];
                let likeness = material.likeness(pair.map(|grain| grain.heard), [before.at + self.hop, grain.at]);
                *self.grains.insert((pair, likeness))
            }
        }
    }

    fn grain(&self, course: &Course, record: &Record, index: i64) -> Grain {
        let moment = course.moment(self.slot, (index * self.hop) as f64);
        let lap = moment.loops.floor();
        let at = (course.material(moment.number, lap as i64) + (moment.loops - lap) * course.looped) as i64;
        // The likeness of two grains is found in what lies before them.
        Grain { index, at, heard: record.has(at - self.hop), gain: course.gains(&moment)[0] }
    }
}

impl Material<'_> {
    /// How alike the sound before two places is, where both were heard.
    fn likeness(&self, heard: [bool; 2], places: [i64; 2]) -> f32 {
        let [a, b] = places.map(|at| Strand { at, step: 1 });
        if heard == [true; 2] { self.aligner.compare(self.record, a, b).clamp(0.0, 1.0) } else { 0.0 }
    }
}

#[inline]
fn add(sum: &mut Frame, gain: f32, frame: Frame) {
    for (sum, x) in sum.iter_mut().zip(frame) {
        *sum += gain * x;
    }
}

impl Course {
    fn sign(&self) -> f64 {
        if self.down { -1.0 } else { 1.0 }
    }

    /// Loops that a copy at its own speed has played: the integral of 2^(t / cycle) / loop from ever on.
    fn scale(&self) -> f64 {
        self.cycle / (self.looped * LN_2)
    }

    /// Where the copy in `slot` is at song sample `at`.
    fn moment(&self, slot: i64, at: f64) -> Moment {
        let cycles = (at - self.zero) / self.cycle;
        let newest = (cycles + OCTAVES / 2.0).floor() as i64;
        let number = newest - (newest - slot).rem_euclid(COPIES as i64);
        let octaves = self.sign() * (cycles - number as f64);
        Moment { number, octaves, loops: self.sign() * self.scale() * octaves.exp2() }
    }

    /// A copy's gain, and how it changes from sample to sample: a bell over its speed, whose squares sum to one over
    /// all copies.
    fn gains(&self, moment: &Moment) -> [f32; 2] {
        let angle = std::f64::consts::PI / OCTAVES;
        let (sin, cos) = (angle * moment.octaves).sin_cos();
        let level = (2.0 / OCTAVES).sqrt();
        [level * cos, -level * angle * self.sign() / self.cycle * sin].map(|x| x as f32)
    }

    /// Song sample at which the loop begins that copy `number` plays in round `index`: the last whole one when the round
    /// begins.
    fn material(&self, number: i64, index: i64) -> f64 {
        let half = OCTAVES / 2.0;
        let octaves = (self.sign() * index as f64 / self.scale()).max(1e-9).log2().clamp(-half, half);
        let began = (number as f64 + self.sign() * octaves) * self.cycle;
        // A round that begins with a loop is not to fall before it by rounding.
        self.zero + ((began / self.looped + 1e-6).floor() - 1.0) * self.looped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(down: bool) -> Course {
        Course { zero: 1_234.5, cycle: 768_000.0, looped: 96_000.0, down }
    }

    #[test]
    fn after_a_cycle_everything_is_as_it_was_and_it_has_quickened_all_the_time() {
        for down in [false, true] {
            let course = course(down);
            for slot in 0..COPIES as i64 {
                for k in 0..100 {
                    let at = 7_777.0 * f64::from(k) - 100_000.0;
                    let [now, soon] = [at, at + 1_000.0].map(|at| course.moment(slot, at));
                    let then = course.moment((slot + 1) % COPIES as i64, at + course.cycle);
                    assert_eq!(now.number + 1, then.number);
                    assert!((now.octaves - then.octaves).abs() < 1e-9 && (now.loops - then.loops).abs() < 1e-6);
                    assert!(now.number != soon.number || (soon.octaves > now.octaves) != down);
                    let slope = (soon.loops - now.loops) * course.looped / 1_000.0;
                    assert!(now.number != soon.number || (slope / now.octaves.exp2() - 1.0).abs() < 1e-3);
                }
            }
        }
    }

    #[test]
    fn only_what_was_heard_is_read_and_only_within_the_memory() {
        for down in [false, true] {
            let course = course(down);
            for k in 0..40_000 {
                let at = 97.0 * f64::from(k) + 1e6;
                for slot in 0..COPIES as i64 {
                    let moment = course.moment(slot, at);
                    let lap = moment.loops.floor();
                    let from = course.material(moment.number, lap as i64);
                    let place = from + (moment.loops - lap) * course.looped;
                    assert!(place + 500.0 < at && from + course.looped <= at, "{down} {moment:?}: {from} at {at}");
                    assert!(at - from <= super::super::LOOPS_KEPT * course.looped, "{down} {moment:?}: {from} at {at}");
                }
            }
        }
    }

    #[test]
    fn the_powers_of_all_copies_sum_to_one() {
        for k in 0..100 {
            let gains = (0..COPIES as i64).map(|slot| {
                let course = course(false);
                course.gains(&course.moment(slot, 9_999.0 * f64::from(k)))[0]
            });
            assert!((gains.map(|gain| gain * gain).sum::<f32>() - 1.0).abs() < 1e-5);
        }
    }
}
