//! The judge: is this speech? The detector's word alone is not enough: door slams and traffic deceive it.

use super::Detector;
use super::ear::Heard;

/// Frames over the threshold before the detector is believed.
const SURE: u32 = 2;

/// Of the last four frames, so many must be voiced.
const VOICED_OF_FOUR: u32 = 3;

/// Likeness of one period to the next from which a frame counts as voiced.
const VOICED: f32 = 0.6;

/// Likeness from which a voice is clear, how much less probability it then needs, and how little its level may have
/// fallen, in dB.
const CLEAR: f32 = 0.8;
const SUSPICION: f32 = 0.2;
const RISING_DB: f32 = 2.0;

/// What has fallen this far below its own peak is a blow that dies away, not a voice.
const FALLEN_DB: f32 = 5.0;

/// What has risen by so many dB to its peak within so many frames may be a blow whose body rings on.
const STRUCK_DB: f32 = 25.0;
const STRUCK: usize = 3;

/// Frames (256 ms) in which a sound rises and has its peak: a little more than the longest look-ahead.
const PAST: usize = 16;

/// Frames (2 s) over which the level of speech rises and falls by at least so many dB (standard deviation) at
/// Sensitivity 50 %; music and machines stay closer to their mean.
const STEADY: usize = 125;
const STEADY_DB: f32 = 4.2;

/// So many of those frames must have been likely speech, for otherwise it has only just begun.
const STEADY_LIKELY: u32 = 90;

/// At Sensitivity 50 %, the share of partials that last, on the mean of the frames of those 2 s that stand above the
/// floor, from which they are music; so many frames it takes to know.
const MUSIC: f32 = 0.42;
const MUSIC_FRAMES: usize = 31;

/// Music is over when a smaller share than this has lasted on the mean of so many newest frames: a voice has come.
const VOICE: f32 = 0.15;
const VOICE_FRAMES: usize = 12;

/// Frames (400 ms) without speech after which a new phrase must prove itself anew.
const PHRASE: u32 = 25;

/// How far a level must stand above the noise floor to begin a phrase, at Sensitivity 50 %, and how much less is
/// enough within one.
const ABOVE_FLOOR_DB: f32 = 10.0;
const WITHIN_PHRASE_DB: f32 = 4.0;

/// How much lower a probability is enough within a phrase.
const WITHIN_PHRASE: f32 = 0.15;

/// Frames by which a phrase is taken to begin earlier than its level shows: soft consonants drown in the floor.
const BREATH: u32 = 3;

/// Levels below this never count in the Level detector, in dBFS.
const LEVEL_FLOOR_DB: f32 = -60.0;

/// Decides frame by frame.
#[derive(Clone, Debug)]
pub struct Judge {
    /// Frames in a row over the threshold.
    sure: u32,
    /// Which of the last 32 frames were voiced, newest in the lowest bit.
    voiced: u32,
    /// The same of clear voices.
    clear: u32,
    /// Which of the last 128 frames were likely speech, newest in the lowest bit.
    likely: u128,
    /// Level of the last frames in dBFS, newest first.
    levels_db: [f32; STEADY],
    /// Share of lasting partials of the last frames, newest first; none where a frame did not stand above the floor.
    lasting: [Option<f32>; STEADY],
    /// Frames since the last speech.
    since: u32,
}

/// What a frame turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No speech.
    Quiet,
    /// A phrase begins, or rather began this many frames before the end of the present one.
    Begins(u32),
    /// A phrase goes on.
    Speech,
}

impl Verdict {
    /// How many earlier frames turn out to have been speech too; none if this one is not.
    pub fn frames_before(self) -> Option<u32> {
        match self {
            Self::Quiet => None,
            Self::Begins(frames) => Some(frames),
            Self::Speech => Some(0),
        }
    }
}

impl Judge {
    /// Nothing heard.
    pub fn new() -> Self {
        Self {
            sure: 0,
            voiced: 0,
            clear: 0,
            likely: 0,
            levels_db: [super::ear::SILENCE_DB; STEADY],
            lasting: [None; STEADY],
            since: PHRASE,
        }
    }

    /// The verdict on a frame. `sensitivity` is 0..1.
    pub fn judge(&mut self, heard: &Heard, detector: Detector, sensitivity: f32) -> Verdict {
        self.remember(heard, sensitivity);
        let in_phrase = self.since < PHRASE;
        let speech = match detector {
            Detector::Speech if in_phrase => self.goes_on(heard, sensitivity),
            Detector::Speech => self.begins(heard, sensitivity),
            Detector::Level => heard.level_db > (heard.floor_db + above_floor_db(sensitivity)).max(LEVEL_FLOOR_DB),
            Detector::Manual => false,
        };
        self.since = if speech { 0 } else { (self.since + 1).min(PHRASE) };
        match (speech, in_phrase) {
            (false, _) => Verdict::Quiet,
            (true, true) => Verdict::Speech,
            (true, false) => Verdict::Begins(self.began(heard.floor_db)),
        }
    }

    /// Whether so little has been heard lately that the next word begins a phrase.
    pub fn between_phrases(&self) -> bool {
        self.since >= PHRASE
    }

    fn remember(&mut self, heard: &Heard, sensitivity: f32) {
        let threshold = threshold(sensitivity);
        self.sure = if heard.probability >= threshold { self.sure + 1 } else { 0 };
        self.voiced = self.voiced << 1 | u32::from(heard.voicing > VOICED);
        self.clear = self.clear << 1 | u32::from(heard.voicing > CLEAR);
        self.likely = self.likely << 1 | u128::from(heard.probability >= threshold - WITHIN_PHRASE);
        self.levels_db.copy_within(..STEADY - 1, 1);
        self.levels_db[0] = heard.level_db;
        self.lasting.copy_within(..STEADY - 1, 1);
        self.lasting[0] = (heard.level_db > heard.floor_db + within_phrase_db(sensitivity)).then_some(heard.lasting);
    }

    /// A phrase begins where a sound stands out of the floor, has not fallen from its peak, and either the detector
    /// is sure of it while it has a voice, or it rises with a voice so clear that half a suspicion is enough.
    fn begins(&self, heard: &Heard, sensitivity: f32) -> bool {
        let peak_db = self.peak_db();
        let fallen_db = peak_db - self.levels_db[0].max(self.levels_db[1]);
        let voiced = self.sure >= SURE && (self.voiced & 0b1111).count_ones() >= VOICED_OF_FOUR;
        let doubted = self.was_struck() && self.clear & 0b1111 == 0;
        let clear = heard.voicing > CLEAR && heard.probability > threshold(sensitivity) - SUSPICION;
        heard.level_db >= heard.floor_db + above_floor_db(sensitivity)
            && !self.is_steady(sensitivity)
            && !self.is_music(sensitivity)
            && (voiced && !doubted && fallen_db < FALLEN_DB || clear && fallen_db < RISING_DB)
    }

    fn goes_on(&self, heard: &Heard, sensitivity: f32) -> bool {
        heard.probability >= threshold(sensitivity) - WITHIN_PHRASE
            && self.voiced & ((1 << PHRASE) - 1) != 0
            && heard.level_db >= heard.floor_db + within_phrase_db(sensitivity)
            && !self.is_steady(sensitivity)
            && !self.is_music(sensitivity)
    }

    /// Whether the sound came to its peak as suddenly as a blow does.
    fn was_struck(&self) -> bool {
        let peak_db = self.peak_db();
        let age = self.levels_db[..PAST].iter().position(|level| *level == peak_db).unwrap_or(0);
        self.levels_db[age + STRUCK] < peak_db - STRUCK_DB
    }

    fn peak_db(&self) -> f32 {
        self.levels_db[..PAST].iter().fold(f32::MIN, |m, l| m.max(*l))
    }

    /// Whether what has passed for speech for 2 s keeps its level: music. Speech is known by the slow rise and fall of
    /// its syllables (2-8 Hz) and its pauses (E. Scheirer and M. Slaney, "Construction and evaluation of a robust
    /// multifeature speech/music discriminator", ICASSP 1997).
    fn is_steady(&self, sensitivity: f32) -> bool {
        self.likely.count_ones() >= STEADY_LIKELY && self.moves_db() < steady_db(sensitivity)
    }

    /// Whether the partials of what has been heard for 2 s last as those of notes do, and still do.
    fn is_music(&self, sensitivity: f32) -> bool {
        let known = self.lasting.iter().flatten();
        let (sum, count) = known.clone().fold((0.0, 0), |(sum, count), share| (sum + share, count + 1));
        let newest: f32 = known.take(VOICE_FRAMES).sum();
        count >= MUSIC_FRAMES && sum > music(sensitivity) * count as f32 && newest >= VOICE * VOICE_FRAMES as f32
    }

    /// Standard deviation of the level over 2 s, in dB.
    fn moves_db(&self) -> f32 {
        let mean = self.levels_db.iter().sum::<f32>() / STEADY as f32;
        let square = self.levels_db.iter().map(|l| (l - mean).powi(2)).sum::<f32>() / STEADY as f32;
        square.sqrt()
    }

    /// How many frames ago the sound that is now known as speech rose out of the floor.
    fn began(&self, floor_db: f32) -> u32 {
        let peak_db = self.peak_db();
        let heard_db = (floor_db + 6.0).max(peak_db - 30.0);
        self.levels_db[..PAST].iter().rposition(|level| *level > heard_db).map_or(0, |age| age as u32 + 1) + BREATH
    }
}

/// Probability of speech that is believed: 0.8 at Sensitivity 0 %, 0.5 at 50 %, 0.2 at 100 %.
fn threshold(sensitivity: f32) -> f32 {
    0.8 - 0.6 * sensitivity
}

/// Level above the floor in dB that is asked for: 16 at Sensitivity 0 %, 10 at 50 %, 4 at 100 %.
fn above_floor_db(sensitivity: f32) -> f32 {
    ABOVE_FLOOR_DB + 12.0 * (0.5 - sensitivity)
}

/// Level above the floor in dB that is enough within a phrase.
fn within_phrase_db(sensitivity: f32) -> f32 {
    above_floor_db(sensitivity) - WITHIN_PHRASE_DB
}

/// Share of lasting partials that is music: 0.36 at Sensitivity 0 %, 0.42 at 50 %, 0.48 at 100 %.
fn music(sensitivity: f32) -> f32 {
    MUSIC + 0.12 * (sensitivity - 0.5)
}

/// Movement of level in dB that is asked for: 6.2 at Sensitivity 0 %, 4.2 at 50 %, 2.2 at 100 %.
fn steady_db(sensitivity: f32) -> f32 {
    STEADY_DB + 4.0 * (0.5 - sensitivity)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(probability: f32, voicing: f32, level_db: f32) -> Heard {
        Heard { probability, voicing, lasting: 0.1, level_db, steps_db: [level_db; 4], floor_db: -60.0 }
    }

    fn verdicts(frames: &[Heard], detector: Detector) -> Vec<Verdict> {
        let mut judge = Judge::new();
        frames.iter().map(|heard| judge.judge(heard, detector, 0.5)).collect()
    }

    fn repeated(times: usize, heard: Heard) -> Vec<Heard> {
        vec![heard; times]
    }

    #[test]
    fn a_voice_begins_a_phrase_and_its_beginning_is_found() {
        let frames = [
            repeated(20, frame(0.1, 0.1, -60.0)),
            repeated(6, frame(0.6, 0.2, -40.0)),
            repeated(9, frame(0.7, 0.7, -25.0)),
        ]
        .concat();
        let found = verdicts(&frames, Detector::Speech);
        let at = found.iter().position(|v| *v != Verdict::Quiet).unwrap();
        assert_eq!(found[at], Verdict::Begins((at - 20 + 1) as u32 + BREATH));
        assert!(at <= 28 && found[at + 1..].iter().all(|v| *v == Verdict::Speech));
    }

    #[test]
    fn noise_that_the_detector_takes_for_speech_a_blow_and_a_steady_tone_are_none() {
        let quiet = repeated(20, frame(0.1, 0.1, -60.0));
        let noise = [quiet.clone(), repeated(100, frame(0.9, 0.2, -25.0))].concat();
        let blow: Vec<Heard> =
            (0..30).map(|k| frame(0.7, if k < 3 { 0.2 } else { 0.7 }, -20.0 - 3.0 * k as f32)).collect();
        let blow = [quiet.clone(), blow].concat();
        for frames in [noise, blow] {
            assert!(verdicts(&frames, Detector::Speech).iter().all(|v| *v == Verdict::Quiet));
        }
        let tone = [quiet, repeated(400, frame(0.9, 0.95, -25.0))].concat();
        assert!(verdicts(&tone, Detector::Speech)[250..].iter().all(|v| *v == Verdict::Quiet));
    }

    #[test]
    fn music_with_pauses_is_none_until_a_voice_comes() {
        let note = |lasting| Heard { lasting, ..frame(0.9, 0.9, -25.0) };
        let phrase = |lasting| [repeated(10, frame(0.1, 0.1, -60.0)), repeated(25, note(lasting))].concat();
        let music = [phrase(0.6), phrase(0.6), phrase(0.6), phrase(0.6)].concat();
        let frames = [music.clone(), phrase(0.1)].concat();
        let found = verdicts(&frames, Detector::Speech);
        assert!(found[70..music.len()].iter().all(|v| *v == Verdict::Quiet));
        assert!(found[music.len() + 10 + VOICE_FRAMES..].iter().all(|v| *v != Verdict::Quiet));
    }

    #[test]
    fn what_comes_as_suddenly_as_a_blow_needs_a_clear_voice() {
        // A body that rings on after its peak.
        let body = |voicing| (0..12).map(|k| frame(0.6, voicing, -25.0 - 0.3 * k as f32)).collect();
        let struck = |voicing| [repeated(20, frame(0.1, 0.1, -60.0)), body(voicing)].concat();
        let heard = |voicing| verdicts(&struck(voicing), Detector::Speech).iter().any(|v| *v != Verdict::Quiet);
        assert!(heard(0.9) && !heard(0.7));
    }

    #[test]
    fn the_level_detector_believes_any_sound_and_the_manual_one_none() {
        let frames = [repeated(20, frame(0.0, 0.0, -60.0)), repeated(9, frame(0.0, 0.0, -25.0))].concat();
        assert!(matches!(verdicts(&frames, Detector::Level)[20], Verdict::Begins(_)));
        assert!(verdicts(&frames, Detector::Manual).iter().all(|v| *v == Verdict::Quiet));
    }
}
