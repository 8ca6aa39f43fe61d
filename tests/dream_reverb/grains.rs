//! Grains: recollections of the tail, as loud as it, without a pulse, the same in every playback.

use super::kit::{RATE, from_s, level_db, pink, play, span};
use dream_reverb::engine::Settings;
use suite_tests::meters::{decay, rms};
use suite_tests::signals;

/// A dream of grains and room alone, wet.
fn dream(grains: f32) -> Settings {
    let dream = Settings { dream: 1.0, swell: 0.0, reverse: 0.0, shimmer: 0.0, drift: 0.0, ..Settings::default() };
    Settings { mix: 1.0, dream_decay_s: 1.0, grains, ..dream }
}

#[test]
fn the_wet_sound_keeps_its_level_whatever_the_grains() {
    let sound = pink(20.0);
    let level = |settings: Settings| level_db(&play(RATE, sound.clone(), |_| settings), 8.0, 20.0);
    let mut levels = vec![level(dream(0.0))];
    for (grain_size_s, grain_spray) in [(0.02, 0.0), (0.18, 0.3), (1.0, 0.5)] {
        levels.push(level(Settings { grain_size_s, grain_spray, ..dream(1.0) }));
    }
    assert!(span(&levels) <= 1.0, "{levels:.2?}");
}

#[test]
fn a_room_that_fell_silent_is_recollected_and_then_forgotten() {
    let mut sound = pink(12.0);
    sound.iter_mut().for_each(|side| side[(6.0 * RATE) as usize..].fill(0.0));
    let settings = Settings { grain_spray: 0.4, dream_decay_s: 0.5, ..dream(1.0) };
    let with = play(RATE, sound.clone(), |_| settings);
    let without = play(RATE, sound, |_| Settings { grains: 0.0, ..settings });
    // The room alone has fallen by 100 dB within a second.
    assert!(level_db(&with, 7.0, 7.5) > level_db(&without, 7.0, 7.5) + 30.0, "nothing is recollected");
    assert!(level_db(&with, 11.0, 12.0) < level_db(&with, 7.0, 7.5) - 60.0, "it does not forget");
}

#[test]
fn their_rate_is_not_heard_as_a_pulse() {
    // Power of the wet sound over one grain's step (a sixth of its size), folded over a minute of noise.
    let settings = Settings { grain_size_s: 0.18, grain_spray: 0.3, ..dream(1.0) };
    let heard = from_s(&play(RATE, signals::white(0.3, 6, 2, (62.0 * RATE) as usize), |_| settings), 2.0);
    let step = (0.03 * RATE) as usize;
    let folded: Vec<f64> = (0..12)
        .map(|k| {
            let slices = (0..heard[0].len() / step).map(|n| n * step + k * step / 12);
            10.0 * slices.map(|from| rms(&heard[0][from..from + step / 12]).powi(2)).sum::<f64>().log10()
        })
        .collect();
    assert!(span(&folded) <= 0.5, "{folded:.2?}");
}

#[test]
fn another_seed_is_another_cloud() {
    let sound = signals::white(0.3, 6, 2, (12.0 * RATE) as usize);
    let cloud = |seed| {
        let settings = Settings { seed, motion: 0.0, grain_spray: 1.0, ..dream(1.0) };
        from_s(&play(RATE, sound.clone(), |_| settings), 6.0)
    };
    let (one, other) = (cloud(1), cloud(2));
    let alike = decay::correlation(&one[0], &other[0]).abs();
    assert!(alike <= 0.1, "{alike:.3}");
}
