//! A deck for the gates: plays sound through the machine at any rate, one channel or two.

use green_ring_dsp::{Song, Spec};
use suite_tests::meters::tape::tone;
use tape_decay::engine::{Engine, Settings};

/// Sample rate in hertz where a gate names none.
pub const RATE: f64 = 48_000.0;

/// A machine that runs perfectly even, on even tape.
pub fn even() -> Settings {
    Settings { wow: 0.0, flutter: 0.0, modulation_noise: 0.0, ..Settings::default() }
}

/// The same without hysteresis and head bump, and so little on the tape that nothing bends.
pub fn aligned() -> Settings {
    Settings { operating_level_db: -9.0, drive_db: -12.0, hysteresis: 0.0, head_bump: 0.0, ..even() }
}

/// Latency in samples at `rate_hz`.
pub fn latency(rate_hz: f64) -> usize {
    Engine::new(&Spec { sample_rate: rate_hz, channels: 1 }).latency()
}

/// Peak of a sine that is `db` above operating level.
pub fn level(db: f64) -> f64 {
    10f64.powf((db - 18.0) / 20.0) * std::f64::consts::SQRT_2
}

/// Plays `sound` through a machine, from song sample 0, in blocks of 4096.
pub fn play(settings: &Settings, rate_hz: f64, sound: &[Vec<f32>]) -> Vec<Vec<f32>> {
    play_song(settings, true, rate_hz, sound)
}

/// The same, with the song playing or not.
pub fn play_song(settings: &Settings, playing: bool, rate_hz: f64, sound: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let mut engine = Engine::new(&Spec { sample_rate: rate_hz, channels: sound.len() });
    let mut out = sound.to_vec();
    let frames = sound[0].len();
    for from in (0..frames).step_by(4_096) {
        let to = frames.min(from + 4_096);
        let mut block: Vec<&mut [f32]> = out.iter_mut().map(|channel| &mut channel[from..to]).collect();
        engine.process(settings, &Song::new(playing, from as i64, 120.0, rate_hz), &mut block);
    }
    out
}

/// Plays a tone in one channel.
pub fn play_tone(settings: &Settings, rate_hz: f64, hz: f64, peak: f64, seconds: f64) -> Vec<f32> {
    play(settings, rate_hz, &[tone(hz, peak, seconds, rate_hz)]).remove(0)
}

/// The last second: everything has settled.
pub fn last(sound: &[f32], rate_hz: f64) -> &[f32] {
    &sound[sound.len() - rate_hz as usize..]
}
