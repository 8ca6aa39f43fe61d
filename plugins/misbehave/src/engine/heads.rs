//! The heads that read the record, and the splices between them.
//!
//! A splice fades the old heads out while a new one fades in. All weights move on minimum-jerk paths of one length,
//! so they always sum to what they should, and a splice that interrupts another bends no weight sharply. What is left
//! of one is the dry sound, which needs no head: without heads the input passes bit for bit.

use green_ring_dsp::{CELL, Ramp, Sound, door::settle};

use super::{
    cloud::Cloud,
    record::{Frame, Record},
    swap::Swap,
};

/// Heads at once: one, and those that a storm of splices leaves on their way out.
const HEADS: usize = 4;

/// Where a head reads.
#[expect(clippy::large_enum_variant, reason = "heads lie in place: nothing may be allocated for a splice")]
#[derive(Clone, Debug)]
pub(super) enum Reader {
    /// Forward from this song sample.
    Forward(i64),
    /// Backward from this song sample, louder and softer as the swap says.
    Backward(i64, Option<Swap>),
    /// Here and there.
    Scattered(Cloud),
    /// Nothing: a hole.
    Silence,
}

impl Reader {
    #[inline]
    fn next(&mut self, record: &Record) -> Frame {
        match self {
            Self::Forward(at) => {
                *at += 1;
                record.frame(*at - 1)
            }
            Self::Backward(at, swap) => {
                *at -= 1;
                let gain = swap.as_mut().map_or(1.0, |swap| swap.next(record));
                record.frame(*at + 1).map(|x| x * gain)
            }
            Self::Scattered(cloud) => cloud.next(record),
            Self::Silence => [0.0; 2],
        }
    }
}

#[derive(Clone, Debug)]
struct Head {
    weight: Ramp,
    strength: f32,
    reader: Reader,
}

impl Head {
    fn idle(&self) -> bool {
        self.weight.rests_at(0.0)
    }
}

/// All heads of an engine.
#[derive(Clone, Debug)]
pub(super) struct Heads {
    heads: [Head; HEADS],
    fade_samples: usize,
}

impl Heads {
    pub fn new() -> Self {
        let head = Head { weight: Ramp::new(0.0, 1), strength: 0.0, reader: Reader::Silence };
        Self { heads: std::array::from_fn(|_| head.clone()), fade_samples: 1 }
    }

    /// Fades to the dry sound.
    pub fn release(&mut self, fade_samples: usize) {
        // Weights that are on their way keep their length, so that all of them arrive together.
        if !self.heads.iter().any(|head| head.weight.moving()) {
            self.fade_samples = fade_samples;
            for head in &mut self.heads {
                head.weight = Ramp::new(head.weight.value(), fade_samples);
            }
        }
        for head in &mut self.heads {
            head.weight.go(0.0);
        }
    }

    /// Fades to `reader`, which replaces the dry sound by the share `strength`.
    pub fn splice(&mut self, reader: Reader, strength: f32, fade_samples: usize) {
        self.release(fade_samples);
        let mut weight = Ramp::new(0.0, self.fade_samples);
        weight.go(1.0);
        let quietest = |a: &&mut Head, b: &&mut Head| a.weight.value().total_cmp(&b.weight.value());
        if let Some(head) = self.heads.iter_mut().min_by(quietest) {
            *head = Head { weight, strength, reader };
        }
    }

    /// Lets the heads replace the dry sound in the frames `from` up to `to`, by the share `mix` of each frame.
    pub fn process(&mut self, record: &Record, dry: &Sound, wet: &mut Sound, mix: &[f32; CELL], span: [usize; 2]) {
        for head in self.heads.iter_mut().filter(|head| !head.idle()) {
            for k in span[0]..span[1] {
                let weight = head.weight.tick();
                let share = head.strength * mix[k];
                let frame = head.reader.next(record);
                if weight * share != 0.0 {
                    // The powers of what is left of the dry sound and of what replaces it sum to one.
                    let gain = (share * (2.0 - share)).sqrt();
                    for ((wet, dry), x) in wet.iter_mut().zip(dry).zip(frame) {
                        wet[k] = settle(wet[k] + weight * (gain * x - share * dry[k]));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(f: impl Fn(usize) -> f32) -> Record {
        let mut record = Record::new(1_000);
        for cell in 0..20 {
            record.write(&[std::array::from_fn(|k| f(cell * CELL + k)); 2], CELL);
        }
        record
    }

    fn play(heads: &mut Heads, record: &Record, dry: f32) -> Vec<f32> {
        let mut wet = [[dry; CELL]; 2];
        heads.process(record, &[[dry; CELL]; 2], &mut wet, &[1.0; CELL], [0, CELL]);
        wet[0].to_vec()
    }

    #[test]
    fn forward_backward_and_silence() {
        let record = record(|k| k as f32);
        let mut heads = Heads::new();
        assert!(heads.heads.iter().all(Head::idle));
        heads.splice(Reader::Forward(100), 1.0, 1);
        assert_eq!(play(&mut heads, &record, 0.0)[..3], [100.0, 101.0, 102.0]);
        heads.splice(Reader::Backward(99, None), 1.0, 1);
        assert_eq!(play(&mut heads, &record, 0.0)[..3], [99.0, 98.0, 97.0]);
        heads.splice(Reader::Silence, 0.75, 1);
        assert_eq!(play(&mut heads, &record, 1.0)[..2], [0.25, 0.25]);
        heads.release(1);
        assert_eq!(play(&mut heads, &record, 0.3), [0.3; CELL]);
        assert!(heads.heads.iter().all(Head::idle));
    }

    #[test]
    fn a_steady_level_stays_through_splices_that_interrupt_each_other() {
        let record = record(|_| 0.5);
        let mut heads = Heads::new();
        for k in 0..100 {
            heads.splice(Reader::Forward(k), 1.0, 80);
            let (a, b) = (play(&mut heads, &record, 0.5), play(&mut heads, &record, 0.5));
            assert!(a.iter().chain(&b).all(|x| (x - 0.5).abs() < 1e-6));
        }
    }
}
