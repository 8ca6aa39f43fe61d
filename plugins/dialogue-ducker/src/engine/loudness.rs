//! How loud the dialogue and the bed are, and where speech has its power, in windows that forget completely.

use super::bands::{BANDS, Bands};
use super::ear::FRAME_S;
use green_ring_dsp::door::settle64;
use green_ring_dsp::loudness::{KWeighting, lufs, power};
use green_ring_dsp::{CELL, Sound, Spec};

/// Frames in 10 s: nothing older is used for the dialogue.
const DIALOGUE_FRAMES: usize = (10.0 / FRAME_S) as usize;

/// Seconds after which a frame of speech counts 1/e as much.
const DIALOGUE_FADE_S: f64 = 3.0;

/// Seconds of speech after which the anchor no longer counts.
const TRUST_S: f64 = 2.0;

/// Frames after the last speech that still belong to it: the gaps between words that a loudness meter hears too.
const AFTER: u32 = 10;

/// Frames in the bed's window of 400 ms (BS.1770's momentary loudness).
const BED_FRAMES: usize = 25;

/// Loudness of speech: K-weighted power over the frames that hold speech, of the last 10 s.
#[derive(Clone, Debug)]
pub struct Dialogue {
    /// K-weighted power of each frame, newest at `at`; and whether it holds speech.
    frames: Box<[(f64, bool)]>,
    /// Power of each band in them; nothing where bands were not heard.
    bands: Box<[Bands]>,
    /// Weight of a frame by its age.
    weights: Box<[f64]>,
    at: usize,
    since: u32,
    /// Loudness of the speech heard, in LUFS, and how far it is trusted, 0..1.
    measured: (f64, f64),
    /// Power of each band of that speech, all together.
    voice: Bands,
    /// K-weighted power of all speech since the beginning, summed over its frames, and how many there were.
    spoken: (f64, u64),
}

impl Dialogue {
    /// Nothing heard. Allocates.
    pub fn new() -> Self {
        let weights = (0..DIALOGUE_FRAMES).map(|age| (-(age as f64) * FRAME_S / DIALOGUE_FADE_S).exp()).collect();
        Self {
            frames: vec![(0.0, false); DIALOGUE_FRAMES].into_boxed_slice(),
            bands: vec![[0.0; BANDS]; DIALOGUE_FRAMES].into_boxed_slice(),
            weights,
            at: 0,
            since: AFTER,
            measured: (0.0, 0.0),
            voice: [0.0; BANDS],
            spoken: (0.0, 0),
        }
    }

    /// Back to the anchor.
    pub fn reset(&mut self) {
        self.frames.fill((0.0, false));
        self.bands.fill([0.0; BANDS]);
        self.voice = [0.0; BANDS];
        (self.at, self.since, self.measured) = (0, AFTER, (0.0, 0.0));
    }

    /// Takes in the K-weighted power of a frame and its power in each band; `speech` tells whether it is speech, and how
    /// many frames before it turn out to have been speech as well.
    pub fn hear(&mut self, power: f64, bands: &Bands, speech: Option<u32>) {
        self.at = (self.at + DIALOGUE_FRAMES - 1) % DIALOGUE_FRAMES;
        self.since = if speech.is_some() { 0 } else { (self.since + 1).min(AFTER) };
        self.frames[self.at] = (power, self.since < AFTER);
        self.bands[self.at] = *bands;
        if self.since < AFTER {
            self.spoken = (self.spoken.0 + power, self.spoken.1 + 1);
        }
        for age in 1..=speech.unwrap_or(0) as usize {
            let (power, known) = &mut self.frames[(self.at + age) % DIALOGUE_FRAMES];
            if !std::mem::replace(known, true) {
                self.spoken = (self.spoken.0 + *power, self.spoken.1 + 1);
            }
        }
        self.measure();
    }

    /// Loudness in LUFS: `anchor_lufs` until enough speech has been heard, then what was measured plus `trim_db`.
    /// `follow` (0..1) tells how far the measure is followed at all.
    pub fn lufs(&self, anchor_lufs: f32, trim_db: f32, follow: f32) -> f32 {
        let (measured, trust) = self.measured;
        anchor_lufs + follow * trust as f32 * (measured as f32 + trim_db - anchor_lufs)
    }

    /// Loudness of the speech heard in the last 10 s, in LUFS; none if there was none.
    pub fn measured(&self) -> Option<f32> {
        (self.measured.1 > 0.0).then_some(self.measured.0 as f32)
    }

    /// Everything that has been spoken since the beginning, whatever the song did: the sum of the K-weighted powers of its
    /// frames, and its length in seconds.
    pub fn spoken(&self) -> (f64, f64) {
        (self.spoken.0, self.spoken.1 as f64 * FRAME_S)
    }

    /// Power of each band of the speech heard in the last 10 s, all together, and how far that is trusted, 0..1.
    pub fn voice(&self) -> (&Bands, f32) {
        (&self.voice, self.measured.1 as f32)
    }

    fn measure(&mut self) {
        let (oldest, newest) = self.frames.split_at(self.at);
        let (mut sum, mut weight, mut count) = (0.0, 0.0, 0u32);
        for ((power, speech), w) in newest.iter().chain(oldest).zip(&self.weights) {
            let w = if *speech { *w } else { 0.0 };
            sum += w * power;
            weight += w;
            count += u32::from(*speech);
        }
        self.measured = if sum > power(-70.0) * weight {
            (lufs(sum / weight), (count as f64 * FRAME_S / TRUST_S).min(1.0))
        } else {
            (0.0, 0.0)
        };
        self.measure_voice();
    }

    /// A spectrum belongs to the speaker and not to the word: all 10 s count alike.
    fn measure_voice(&mut self) {
        let mut voice = [0.0; BANDS];
        for ((_, speech), bands) in self.frames.iter().zip(&self.bands) {
            if *speech {
                voice.iter_mut().zip(bands).for_each(|(sum, p)| *sum += p);
            }
        }
        self.voice = voice.map(|sum| sum / DIALOGUE_FRAMES as f32);
    }
}

/// Loudness of the bed: K-weighted power of the last 400 ms.
#[derive(Clone, Debug)]
pub struct Bed {
    frames: [f64; BED_FRAMES],
    at: usize,
    count: usize,
}

impl Bed {
    /// Nothing heard.
    pub fn new() -> Self {
        Self { frames: [0.0; BED_FRAMES], at: 0, count: 0 }
    }

    /// Takes in the K-weighted power of a frame.
    pub fn hear(&mut self, power: f64) {
        self.frames[self.at] = power;
        self.at = (self.at + 1) % BED_FRAMES;
        self.count = (self.count + 1).min(BED_FRAMES);
    }

    /// Loudness in LUFS; `-inf` when silent.
    pub fn lufs(&self) -> f32 {
        lufs(self.frames.iter().sum::<f64>() / self.count.max(1) as f64) as f32
    }
}

/// K-weighted loudness of key and bed, frame by frame.
#[derive(Clone, Debug)]
pub struct Levels {
    weighting: [KWeighting; 3],
    /// Energy of key and bed since the last frame, and its length.
    energy: [f64; 2],
    count: usize,
    /// Loudness of the dialogue.
    pub dialogue: Dialogue,
    /// Loudness of the bed.
    pub bed: Bed,
}

impl Levels {
    /// Silence. Allocates.
    pub fn new(spec: &Spec) -> Self {
        Self {
            weighting: [KWeighting::new(spec.sample_rate); 3],
            energy: [0.0; 2],
            count: 0,
            dialogue: Dialogue::new(),
            bed: Bed::new(),
        }
    }

    /// Equal to fresh.
    pub fn reset(&mut self) {
        self.weighting.iter_mut().for_each(KWeighting::reset);
        self.bed = Bed::new();
        self.forget();
    }

    /// The dialogue goes back to the anchor.
    pub fn forget(&mut self) {
        (self.energy, self.count) = ([0.0; 2], 0);
        self.dialogue.reset();
    }

    /// Takes in `frames` frames of the bed and of the key.
    pub fn hear(&mut self, bed: &Sound, key: &[f32; CELL], frames: usize) {
        let [left, right, dialogue] = &mut self.weighting;
        // One running sum, whatever the cut: sums of parts would round differently.
        let mut energy = self.energy;
        for k in 0..frames {
            energy[0] += dialogue.tick(key[k]).powi(2);
            energy[1] += left.tick(bed[0][k]).powi(2) + right.tick(bed[1][k]).powi(2);
        }
        self.energy = energy;
        self.count += frames;
    }

    /// A frame of the key ends here. `bands` and `speech` are as [`Dialogue::hear`] has them. Gives the bed's power in the
    /// frame.
    pub fn close(&mut self, bands: &Bands, speech: Option<u32>) -> f32 {
        let scale = 1.0 / self.count.max(1) as f64;
        self.dialogue.hear(self.energy[0] * scale, bands, speech);
        let bed = self.energy[1] * scale;
        self.bed.hear(bed);
        (self.energy, self.count) = ([0.0; 2], 0);
        settle64(bed) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hear(dialogue: &mut Dialogue, level_lufs: f64, seconds: f64, speech: bool) {
        for _ in 0..(seconds / FRAME_S) as usize {
            dialogue.hear(power(level_lufs), &[0.0; BANDS], speech.then_some(0));
        }
    }

    #[test]
    fn the_anchor_stands_in_until_speech_has_been_heard_and_again_ten_seconds_after() {
        let mut dialogue = Dialogue::new();
        assert_eq!((dialogue.lufs(-27.0, 3.0, 1.0), dialogue.measured()), (-27.0, None));
        hear(&mut dialogue, -35.0, 1.0, true);
        assert!((dialogue.lufs(-27.0, 0.0, 1.0) + 31.0).abs() < 0.1, "halfway after one second");
        hear(&mut dialogue, -35.0, 1.5, true);
        assert!((dialogue.lufs(-27.0, 2.0, 1.0) + 33.0).abs() < 0.01, "measured and trimmed");
        assert!((dialogue.lufs(-27.0, 0.0, 0.25) + 29.0).abs() < 0.01, "followed by a quarter");
        hear(&mut dialogue, -60.0, 9.0, false);
        assert!(dialogue.lufs(-27.0, 0.0, 1.0) < -30.0, "pauses do not count");
        hear(&mut dialogue, -60.0, 1.5, false);
        assert_eq!(dialogue.lufs(-27.0, 0.0, 1.0), -27.0);
    }

    #[test]
    fn all_that_was_spoken_is_counted_once() {
        let mut dialogue = Dialogue::new();
        hear(&mut dialogue, -20.0, 1.0, false);
        dialogue.hear(power(-20.0), &[0.0; BANDS], Some(5));
        dialogue.hear(power(-20.0), &[0.0; BANDS], Some(5));
        let (energy, seconds) = dialogue.spoken();
        assert!((seconds - 7.0 * FRAME_S).abs() < 1e-9 && (energy / power(-20.0) - 7.0).abs() < 1e-9);
        dialogue.reset();
        assert_eq!(dialogue.spoken(), (energy, seconds), "a seek forgets the loudness, not what was counted");
    }

    #[test]
    fn gaps_between_words_count_as_a_meter_counts_them_and_beginnings_are_remembered() {
        let mut dialogue = Dialogue::new();
        for frame in 0..600 {
            let word = frame % 20 < 14;
            dialogue.hear(power(if word { -20.0 } else { -80.0 }), &[0.0; BANDS], word.then_some(0));
        }
        assert!((dialogue.measured().unwrap() - (-20.0 + 10.0 * 0.7f32.log10())).abs() < 0.2);
        let mut late = Dialogue::new();
        hear(&mut late, -20.0, 0.2, false);
        late.hear(power(-60.0), &[0.0; BANDS], Some(10));
        assert!((late.measured().unwrap() + 20.4).abs() < 0.2, "{:?}", late.measured());
    }

    #[test]
    fn the_bed_is_known_at_once_and_forgotten_after_400_ms() {
        let mut bed = Bed::new();
        assert_eq!(bed.lufs(), f32::NEG_INFINITY);
        bed.hear(power(-24.0));
        assert!((bed.lufs() + 24.0).abs() < 1e-3);
        (0..25).for_each(|_| bed.hear(power(-40.0)));
        assert!((bed.lufs() + 40.0).abs() < 1e-3);
    }
}
