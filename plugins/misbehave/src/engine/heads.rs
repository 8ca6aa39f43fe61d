//! The heads that read the record, and the splices between them.
//!
//! A splice fades the old heads out while a new one fades in. All weights move on minimum-jerk paths of one length,
//! so they always sum to what they should, and a splice that interrupts another bends no weight sharply. What is left
//! of one is the dry sound, which needs no head: without heads the input passes bit for bit.
//!
//! Sounds that are alike add up in amplitude, others in power. A splice knows how alike its sounds are, and the level of the
//! sum is held accordingly. Into an attack the new head comes at once, while the old sound fades under it.

use green_ring_dsp::{CELL, Ramp, Sound, door::settle};

use super::{
    align::level,
    cloud::Cloud,
    crush::{Crusher, Edges},
    howl::Howl,
    pitch::Shift,
    record::{Frame, Record},
    speed::Tape,
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
    /// At varying speed.
    Taped(Tape),
    /// Here and there.
    Scattered(Cloud),
    /// What sounds now, on fewer bits at a lower rate.
    Crushed(Crusher),
    /// Nothing: a hole.
    Silence,
    /// At another pitch.
    Shifted(Shift),
    /// What sounds now, round and round.
    Fed(Howl),
}

/// What heads read from, and the tables that they read with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stock<'a> {
    pub record: &'a Record,
    pub edges: &'a Edges,
}

impl Reader {
    #[inline]
    fn next(&mut self, stock: &Stock, ring: &mut [Frame], now: Frame) -> Frame {
        let record = stock.record;
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
            Self::Taped(tape) => tape.next(record),
            Self::Scattered(cloud) => cloud.next(record),
            Self::Crushed(crusher) => crusher.next(stock.edges, now),
            Self::Silence => [0.0; 2],
            Self::Shifted(shift) => shift.next(record),
            Self::Fed(howl) => howl.next(ring, now),
        }
    }
}

#[derive(Debug)]
struct Head {
    weight: Ramp,
    /// How far it has displaced the dry sound: its weight, but into an attack more slowly.
    veil: Ramp,
    strength: f32,
    reader: Reader,
    /// What a loop of this head goes round in.
    ring: Box<[Frame]>,
}

impl Head {
    fn idle(&self) -> bool {
        self.weight.rests_at(0.0) && self.veil.rests_at(0.0)
    }

    fn moving(&self) -> bool {
        self.weight.moving() || self.veil.moving()
    }
}

/// All heads of a layer.
#[derive(Debug)]
pub(super) struct Heads {
    heads: [Head; HEADS],
    fade_samples: usize,
    /// How alike the sounds of the present splice are, 0..1.
    likeness: f32,
}

/// How a slice is entered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entrance {
    /// How alike it and what sounded are, 0..1.
    pub likeness: f32,
    /// Samples of the fades into an attack, and out from under it.
    pub attack: Option<[usize; 2]>,
}

impl Entrance {
    /// Into what goes on as what sounded does, or into silence.
    pub const ALIKE: Self = Self { likeness: 1.0, attack: None };
    /// Into something else.
    pub const APART: Self = Self { likeness: 0.0, attack: None };
}

impl Heads {
    /// Heads whose loops are shorter than `loop_samples`. Allocates.
    pub fn new(loop_samples: usize) -> Self {
        let head = || Head {
            weight: Ramp::new(0.0, 1),
            veil: Ramp::new(0.0, 1),
            strength: 0.0,
            reader: Reader::Silence,
            ring: vec![[0.0; 2]; loop_samples.next_power_of_two()].into_boxed_slice(),
        };
        Self { heads: std::array::from_fn(|_| head()), fade_samples: 1, likeness: 1.0 }
    }

    /// Equal to fresh. What lies in the rings is never read.
    pub fn reset(&mut self) {
        for head in &mut self.heads {
            (head.weight, head.veil) = (Ramp::new(0.0, 1), Ramp::new(0.0, 1));
            (head.strength, head.reader) = (0.0, Reader::Silence);
        }
        (self.fade_samples, self.likeness) = (1, 1.0);
    }

    /// Fades to the dry sound, which is as alike as `likeness` (0..1) to what sounds.
    pub fn release(&mut self, fade_samples: usize, likeness: f32) {
        // Weights that are on their way keep their length, so that all of them arrive together, and their level, or there
        // would be a step in it.
        if !self.heads.iter().any(Head::moving) {
            (self.fade_samples, self.likeness) = (fade_samples, likeness);
        }
        for ramp in self.heads.iter_mut().flat_map(|head| [&mut head.weight, &mut head.veil]) {
            if !ramp.moving() {
                *ramp = Ramp::new(ramp.value(), self.fade_samples);
            }
            ramp.go(0.0);
        }
    }

    /// Fades to `reader`, which replaces the dry sound by the share `strength`.
    pub fn splice(&mut self, reader: Reader, strength: f32, fade_samples: usize, entrance: Entrance) {
        self.release(entrance.attack.map_or(fade_samples, |[_, under]| under.min(fade_samples)), entrance.likeness);
        let mut veil = Ramp::new(0.0, self.fade_samples);
        veil.go(1.0);
        let mut weight = Ramp::new(0.0, entrance.attack.map_or(self.fade_samples, |[quick, _]| quick));
        weight.go(1.0);
        let quietest = |a: &&mut Head, b: &&mut Head| a.weight.value().total_cmp(&b.weight.value());
        if let Some(head) = self.heads.iter_mut().min_by(quietest) {
            (head.weight, head.veil, head.strength, head.reader) = (weight, veil, strength, reader);
        }
    }

    /// Lets the heads replace the dry sound in the frames `from` up to `to`, by the share `mix` of each frame.
    pub fn process(&mut self, stock: &Stock, dry: &Sound, wet: &mut Sound, mix: &[f32; CELL], [from, to]: [usize; 2]) {
        // How much of the wet sound's level a splice of unlike sounds would lose, as the weights have it.
        let levels = self.likeness < 1.0 && self.heads.iter().any(Head::moving);
        let (mut rest, mut squares, mut shares) = ([1.0f32; CELL], [0.0f32; CELL], [0.0f32; CELL]);
        for head in self.heads.iter_mut().filter(|head| !head.idle()) {
            for k in from..to {
                let (weight, veil) = (head.weight.tick(), head.veil.tick());
                let share = head.strength * mix[k];
                let frame = head.reader.next(stock, &mut head.ring, [dry[0][k], dry[1][k]]);
                (rest[k], squares[k]) = (rest[k] - weight, squares[k] + weight * weight);
                shares[k] += weight * share;
                if veil * share != 0.0 {
                    // The powers of what is left of the dry sound and of what replaces it sum to one.
                    let gain = weight * (share * (2.0 - share)).sqrt();
                    for ((wet, dry), x) in wet.iter_mut().zip(dry).zip(frame) {
                        wet[k] = settle(wet[k] + (gain * x - veil * share * dry[k]));
                    }
                }
            }
        }
        if levels {
            for k in from..to {
                let spread = squares[k] + rest[k] * rest[k];
                if spread < 1.0 {
                    // The mean of the heads' shares, to which one that comes or goes adds nothing yet.
                    let share = shares[k] / (1.0 - rest[k]).max(f32::MIN_POSITIVE);
                    let level = 1.0 + share * (level(spread, self.likeness) - 1.0);
                    wet.iter_mut().for_each(|wet| wet[k] = settle(level * wet[k]));
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
        heads.process(&Stock { record, edges: &Edges::new() }, &[[dry; CELL]; 2], &mut wet, &[1.0; CELL], [0, CELL]);
        wet[0].to_vec()
    }

    #[test]
    fn forward_backward_and_silence() {
        let record = record(|k| k as f32);
        let mut heads = Heads::new(1);
        assert!(heads.heads.iter().all(Head::idle));
        heads.splice(Reader::Forward(100), 1.0, 1, Entrance::ALIKE);
        assert_eq!(play(&mut heads, &record, 0.0)[..3], [100.0, 101.0, 102.0]);
        heads.splice(Reader::Backward(99, None), 1.0, 1, Entrance::ALIKE);
        assert_eq!(play(&mut heads, &record, 0.0)[..3], [99.0, 98.0, 97.0]);
        heads.splice(Reader::Silence, 0.75, 1, Entrance::ALIKE);
        assert_eq!(play(&mut heads, &record, 1.0)[..2], [0.25, 0.25]);
        heads.release(1, 1.0);
        assert_eq!(play(&mut heads, &record, 0.3), [0.3; CELL]);
        assert!(heads.heads.iter().all(Head::idle));
    }

    #[test]
    fn a_steady_level_stays_through_splices_that_interrupt_each_other() {
        let record = record(|_| 0.5);
        let mut heads = Heads::new(1);
        for k in 0..100 {
            heads.splice(Reader::Forward(k), 1.0, 80, Entrance::ALIKE);
            let (a, b) = (play(&mut heads, &record, 0.5), play(&mut heads, &record, 0.5));
            assert!(a.iter().chain(&b).all(|x| (x - 0.5).abs() < 1e-6));
        }
    }
}
