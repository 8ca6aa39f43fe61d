//! What plays sound through the machine for its gates.

use green_ring_dsp::{Song, Spec};
use suite_tests::meters::tape::{component, tone};
use tape_decay::engine::{Engine, Quality, Settings};

/// Sample rate in hertz where a gate names none.
pub const RATE: f64 = 48_000.0;

/// A clean machine that runs perfectly even, at the lowest cost.
pub fn clean() -> Settings {
    Settings {
        operating_level_db: -9.0,
        drive_db: -12.0,
        even_harmonics: 0.0,
        hysteresis: 0.0,
        modulation_noise: 0.0,
        wow: 0.0,
        flutter: 0.0,
        quality: Quality::Two,
        ..Settings::default()
    }
}

/// Latency in samples at `rate_hz`.
pub fn latency(rate_hz: f64) -> usize {
    Engine::new(&Spec { sample_rate: rate_hz, channels: 1 }).latency()
}

/// Plays `sound` from song sample `from` on, under the settings of each frame, which change between blocks of 512.
pub fn play(settings: impl Fn(usize) -> Settings, from: i64, sound: &[f32]) -> Vec<f32> {
    let mut engine = Engine::new(&Spec { sample_rate: RATE, channels: 1 });
    let mut out = sound.to_vec();
    for (k, block) in out.chunks_mut(512).enumerate() {
        let song = Song::new(true, from + 512 * k as i64, 120.0, RATE);
        engine.process(&settings(512 * k), &song, &mut [block]);
    }
    out
}

/// Level in dB re full scale of a tone at `hz`, window by window, from the told latency on. Each holds whole periods.
pub fn levels(settings: &Settings, hz: f64, seconds: f64, window_s: f64) -> Vec<f64> {
    let out = play(|_| *settings, 0, &tone(hz, 0.01, seconds, RATE));
    let level = |window: &[f32]| 20.0 * (component(window, hz, RATE).norm() / 0.01 + 1e-12).log10();
    out[latency(RATE)..].chunks_exact((window_s * RATE) as usize).map(level).collect()
}

/// Mean power of `levels` in dB, without the first and the last.
pub fn mean_db(levels: &[f64]) -> f64 {
    let inner = &levels[1..levels.len() - 1];
    10.0 * (inner.iter().map(|db| 10f64.powf(db / 10.0)).sum::<f64>() / inner.len() as f64).log10()
}
