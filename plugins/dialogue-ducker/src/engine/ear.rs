//! The ear: frames of 16 ms out of the key, and what each of them sounds like.

use super::convert::{Converter, EAR_HZ};
use super::floor::Floor;
use super::partials::Partials;
use super::voicing::Voicing;
use earshot::Detector;

/// Samples at 16 kHz in a frame of the detector.
pub const FRAME: usize = 256;

/// Seconds in a frame.
pub const FRAME_S: f64 = FRAME as f64 / EAR_HZ as f64;

/// Samples at 16 kHz in a step of the level: 4 ms.
const STEP: usize = 64;

/// Steps of level in a frame.
pub const STEPS: usize = FRAME / STEP;

/// Levels below this are silence, in dBFS.
pub const SILENCE_DB: f32 = -120.0;

/// What a frame sounds like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// Probability of speech, 0..1, after `earshot`.
    pub probability: f32,
    /// How much the sound repeats itself at the pitch of a voice, 0..1.
    pub voicing: f32,
    /// Share of the partials of the sound that have lasted for 128 ms, 0..1.
    pub lasting: f32,
    /// Level in dBFS (mean square).
    pub level_db: f32,
    /// Level of each 4 ms, in dBFS.
    pub steps_db: [f32; STEPS],
    /// The noise floor in dBFS.
    pub floor_db: f32,
}

/// Cuts the key into frames, which lie where the song says, and listens to each.
pub struct Ear {
    converter: Converter,
    /// The frame that comes in, and the last whole one.
    coming: [f32; FRAME],
    frame: [f32; FRAME],
    detector: Box<Detector>,
    voicing: Voicing,
    partials: Partials,
    floor: Floor,
}

impl Ear {
    /// An ear for a key at `rate_hz`. Allocates.
    pub fn new(rate_hz: f64) -> Self {
        Self {
            converter: Converter::new(rate_hz),
            coming: [0.0; FRAME],
            frame: [0.0; FRAME],
            detector: Detector::default_boxed(),
            voicing: Voicing::new(),
            partials: Partials::new(),
            floor: Floor::new(),
        }
    }

    /// Forgets all sound; what comes in next is song sample `sample`.
    pub fn anchor(&mut self, sample: i64) {
        self.converter.anchor(sample);
        self.coming.fill(0.0);
        self.frame.fill(0.0);
        self.detector.reset();
        self.voicing = Voicing::new();
        self.partials.reset();
        self.floor = Floor::new();
    }

    /// Takes in at most a cell of the key.
    pub fn push(&mut self, key: &[f32]) {
        self.converter.push(key);
    }

    /// At a cell's edge: the frame that has been completed since the last edge, if one has.
    pub fn listen(&mut self) -> Option<Heard> {
        let Self { converter, coming, frame, .. } = self;
        let mut complete = None;
        converter.drain(|m, x| {
            let at = m.rem_euclid(FRAME as i64) as usize;
            coming[at] = x.clamp(-1.0, 1.0);
            if at == FRAME - 1 {
                // The samples after it overwrite its beginning before it is heard.
                *frame = *coming;
                complete = Some(m.div_euclid(FRAME as i64));
            }
        });
        complete.map(|index| self.hear(index))
    }

    fn hear(&mut self, index: i64) -> Heard {
        let probability = self.detector.predict_f32(&self.frame);
        let level_db = level(&self.frame);
        self.floor.learn(index, level_db, probability);
        Heard {
            probability,
            voicing: self.voicing.hear(&self.frame),
            lasting: self.partials.hear(&self.frame),
            level_db,
            steps_db: std::array::from_fn(|k| level(&self.frame[k * STEP..][..STEP])),
            floor_db: self.floor.db(index),
        }
    }
}

fn level(x: &[f32]) -> f32 {
    let power = x.iter().map(|x| x * x).sum::<f32>() / x.len() as f32;
    (10.0 * power.log10()).max(SILENCE_DB)
}
