//! Ten seconds of sound from formulas, the same on every machine: something like music, something like speech.

use std::f64::consts::TAU;

use crate::sound::Sound;

/// Length of both, in seconds.
const LENGTH_S: f64 = 10.0;

/// A minor seventh chord and its neighbours, half a second each, in hertz of the lowest voice.
const ROOTS_HZ: [f64; 4] = [110.0, 130.81, 98.0, 146.83];

/// Vowels as pairs of formants (Peterson and Barney 1952, men: /a/, /i/, /u/, /e/).
const VOWELS_HZ: [[f64; 2]; 4] = [[730.0, 1090.0], [270.0, 2290.0], [300.0, 870.0], [530.0, 1840.0]];

/// Chords with overtones under noise bursts on the quarter notes of 120 bpm, stereo, peaking near -6 dBFS.
pub fn music(rate: u32) -> Sound {
    let mut noise = Noise(1);
    let side = |phase: f64, hiss: &mut Noise| {
        let sample = |time_s: f64| 0.06 * chord(time_s, phase) + 0.2 * hiss.next() * burst(time_s);
        times(rate).map(sample).map(|sample| sample as f32).collect()
    };
    Sound { rate, channels: vec![side(0.0, &mut noise), side(0.3, &mut noise)] }
}

fn chord(time_s: f64, phase: f64) -> f64 {
    let beat = (time_s * 2.0) as usize;
    let root_hz = ROOTS_HZ[beat % ROOTS_HZ.len()];
    let envelope = (-3.0 * (time_s - beat as f64 / 2.0)).exp();
    let voice = |ratio: f64| {
        let overtone = |n: u32| (TAU * root_hz * ratio * f64::from(n) * time_s + phase).sin() / f64::from(n);
        (1..=8).map(overtone).sum::<f64>()
    };
    envelope * [1.0, 1.2, 1.5, 1.8].map(voice).iter().sum::<f64>()
}

fn burst(time_s: f64) -> f64 {
    (-40.0 * (time_s * 2.0).fract()).exp()
}

/// A 120 Hz voice through moving formants, four syllables a second with a pause of a second in four, stereo.
pub fn speech(rate: u32) -> Sound {
    let mut formants = [Formant::default(), Formant::default()];
    let sample = |time_s: f64| {
        let vowel = VOWELS_HZ[(time_s * 4.0) as usize % VOWELS_HZ.len()];
        let syllable = (TAU * 2.0 * time_s).sin().abs().sqrt();
        let spoken = if time_s % 4.0 < 3.0 { syllable } else { 0.0 };
        let pulse = if (time_s * 120.0).fract() < 120.0 / f64::from(rate) { spoken } else { 0.0 };
        let resonances = formants.iter_mut().zip(vowel).map(|(f, hz)| f.tick(pulse, hz, rate));
        (0.12 * resonances.sum::<f64>()) as f32
    };
    let voice: Vec<f32> = times(rate).map(sample).collect();
    Sound { rate, channels: vec![voice.clone(), voice] }
}

fn times(rate: u32) -> impl Iterator<Item = f64> {
    let frames = (LENGTH_S * f64::from(rate)) as u32;
    (0..frames).map(move |frame| f64::from(frame) / f64::from(rate))
}

/// A resonance of two poles, 80 Hz wide, as a formant of a voice is.
#[derive(Default)]
struct Formant {
    before: [f64; 2],
}

impl Formant {
    fn tick(&mut self, input: f64, hz: f64, rate: u32) -> f64 {
        let radius = (-std::f64::consts::PI * 80.0 / f64::from(rate)).exp();
        let turn = 2.0 * radius * (TAU * hz / f64::from(rate)).cos();
        let [first, second] = self.before;
        let output = input + turn * first - radius * radius * second;
        self.before = [output, first];
        output * TAU * hz / f64::from(rate)
    }
}

/// White noise of +-1 from a xorshift register (Marsaglia 2003).
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        f64::from(self.0) / f64::from(u32::MAX) * 2.0 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::level::peak;

    #[test]
    fn both_are_loud_enough_and_do_not_clip() {
        for sound in [music(48_000), speech(48_000)] {
            let peak = peak(&sound.channels, sound.frames());
            assert!((0.2..0.9).contains(&peak), "{peak}");
            assert_eq!(sound.frames(), 480_000);
        }
    }

    #[test]
    fn speech_pauses() {
        let voice = &speech(48_000).channels[0];
        let pause = &voice[48_000 * 35 / 10..48_000 * 39 / 10];
        assert!(pause.iter().all(|sample| sample.abs() < 1e-6));
    }
}
