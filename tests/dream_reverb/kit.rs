//! What the gates of Dream Reverb share: an engine that is played, and what is read off its sound.

use dream_reverb::engine::{Engine, Settings};
use green_ring_dsp::chance::Chance;
use green_ring_dsp::{Song, Spec};
use std::f64::consts::TAU;
use suite_tests::meters::{click, loudness, rms};
use suite_tests::signals::{self, Planar};

/// The rate of most gates.
pub const RATE: f64 = 48_000.0;
/// One value of each setting per so many frames.
const HOST_BLOCK: usize = 512;

/// The room alone: wet, at rest, without early reflections, cuts open.
pub fn bare() -> Settings {
    let open = Settings { low_cut_hz: 20.0, high_cut_hz: 20_000.0, pre_delay_s: 0.0, ..Settings::default() };
    Settings { mix: 1.0, motion: 0.0, early_db: f32::NEG_INFINITY, ..open }
}

/// `sound` through a fresh engine; `settings` is asked before each host block, with the time in seconds.
pub fn play(rate: f64, mut sound: Planar, settings: impl Fn(f64) -> Settings) -> Planar {
    let mut engine = Engine::new(&Spec { sample_rate: rate, channels: sound.len() });
    let total = sound[0].len();
    for from in (0..total).step_by(HOST_BLOCK) {
        let to = (from + HOST_BLOCK).min(total);
        let mut block: Vec<&mut [f32]> = sound.iter_mut().map(|channel| &mut channel[from..to]).collect();
        engine.process(&settings(from as f64 / rate), &Song::new(true, from as i64, 120.0, rate), &mut block, &[]);
    }
    sound
}

/// The answer to an impulse on both sides.
pub fn impulse(rate: f64, settings: &Settings, seconds: f64) -> Planar {
    let mut sound = signals::silence(2, (seconds * rate) as usize);
    sound.iter_mut().for_each(|channel| channel[0] = 1.0);
    play(rate, sound, |_| *settings)
}

/// Pink noise on both sides.
pub fn pink(seconds: f64) -> Planar {
    signals::pink(0.5, RATE, 3, 2, (seconds * RATE) as usize)
}

/// What comes after `seconds`.
pub fn from_s(sound: &Planar, seconds: f64) -> Planar {
    sound.iter().map(|channel| channel[(seconds * RATE) as usize..].to_vec()).collect()
}

/// Level of both sides together in `from..to` seconds, in dB.
pub fn level_db(sound: &Planar, from: f64, to: f64) -> f64 {
    let part = |channel: &Vec<f32>| rms(&channel[(from * RATE) as usize..(to * RATE) as usize]).powi(2);
    10.0 * sound.iter().map(part).sum::<f64>().log10()
}

/// From the smallest to the largest.
pub fn span(values: &[f64]) -> f64 {
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(a, b), x| (a.min(*x), b.max(*x)));
    high - low
}

/// A pad: strings of twelve desks on each note of a chord, every desk a little out of tune and with a vibrato of its own,
/// dense enough that it does not beat by itself.
pub fn pad(seconds: f64) -> Planar {
    const DESKS: usize = 12;
    const NOTES_HZ: [f64; 10] = [73.4, 110.0, 146.8, 174.6, 220.0, 261.6, 293.7, 329.6, 440.0, 523.3];
    let wave: Vec<f32> = (0..2_048)
        .map(|k| (1..9).map(|h| (TAU * f64::from(k * h) / 2_048.0).sin() / f64::from(h)).sum::<f64>() as f32)
        .collect();
    let mut sound = signals::silence(2, (seconds * RATE) as usize);
    for (side, sound) in sound.iter_mut().enumerate() {
        for voice in 0..NOTES_HZ.len() * DESKS {
            let chance = Chance::new(11 + side as u32, 0).uniform(voice as i64).map(f64::from);
            let hz = NOTES_HZ[voice / DESKS] * (0.02 * (chance[0] - 0.5)).exp2();
            let (rate_hz, mut phase, mut step) = (4.0 + 2.0 * chance[1], chance[2], 0.0);
            for (n, x) in sound.iter_mut().enumerate() {
                if n % 64 == 0 {
                    let vibrato = 1.0 + 0.003 * (TAU * (rate_hz * n as f64 / RATE + chance[3])).sin();
                    (phase, step) = (phase.fract(), hz * vibrato / RATE);
                }
                phase += step;
                *x += 0.007 * wave[(phase.fract() * 2_048.0) as usize];
            }
        }
    }
    sound
}

/// Loudness of each window of `window_s`, half a window apart, in LUFS.
pub fn windows_lufs(sound: &Planar, window_s: f64) -> Vec<f64> {
    let size = (window_s * RATE) as usize;
    let part = |from: usize| sound.iter().map(|c| c[from..from + size].to_vec()).collect::<Planar>();
    (0..=sound[0].len() - size).step_by(size / 2).map(|from| loudness(&part(from), RATE)).collect()
}

/// Amplitude of the sine that clicks are listened for over: -14 dBFS.
pub const SINE: f64 = 0.199_526;

/// The worst 5 ms above 9 kHz after the first second, as a power re the sine.
pub fn click_after_a_second(sound: &Planar) -> f64 {
    click::windows(sound, RATE, SINE)[200..].iter().fold(0.0, |worst, power| worst.max(*power))
}
