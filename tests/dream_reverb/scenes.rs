//! What holds a scene, ends it, or makes room for another: Infinite, Silence, Duck, Recede, Glide.

use super::kit::{RATE, SINE, click_after_a_second, from_s, impulse, level_db, pink, play};
use dream_reverb::engine::{DuckFrom, Engine, Settings};
use green_ring_dsp::{CELL, Song, Spec, Tail};
use suite_tests::meters::{decay, peak};
use suite_tests::signals::{self, Planar};

fn wet() -> Settings {
    Settings { mix: 1.0, ..Settings::default() }
}

/// `sound`, with silence after it up to `seconds`.
fn then_silence(mut sound: Planar, seconds: f64) -> Planar {
    sound.iter_mut().for_each(|side| side.resize((seconds * RATE) as usize, 0.0));
    sound
}

#[test]
fn infinite_keeps_its_level_whatever_comes_in() {
    let seconds = if suite_tests::laws::soak() { 600.0 } else { 60.0 };
    let mut noise = signals::pink(1.0, RATE, 4, 2, (seconds * RATE) as usize);
    let loudest = noise.iter().map(|side| peak(side)).fold(0.0, f32::max);
    noise.iter_mut().flatten().for_each(|x| *x /= loudest);
    for dream in [0.0, 1.0] {
        let heard = play(RATE, noise.clone(), |_| Settings { infinite: true, dream, ..wet() });
        let loudest_db = 20.0 * heard.iter().map(|side| peak(side)).fold(0.0, f32::max).log10();
        assert!(loudest_db <= -1.0, "Dream {dream}: {loudest_db:.1} dBFS");
        let late = level_db(&heard, seconds - 10.0, seconds);
        assert!(late > -25.0, "Dream {dream}: it is choked, {late:.1} dB");
    }
}

#[test]
fn infinite_holds_what_was_there_and_lets_new_sound_in() {
    let mut sound = then_silence(pink(2.0), 20.0);
    sound.iter_mut().flatten().for_each(|x| *x *= 0.3);
    let late = signals::sine(1_000.0, 0.2, RATE, 1, (1.0 * RATE) as usize).remove(0);
    sound.iter_mut().for_each(|side| side[(12.0 * RATE) as usize..(13.0 * RATE) as usize].copy_from_slice(&late));
    let heard = play(RATE, sound, |t| Settings { infinite: t >= 2.0, early_db: -60.0, ..wet() });
    let (first, second) = (level_db(&heard, 3.0, 6.0), level_db(&heard, 9.0, 12.0));
    assert!((first - second).abs() <= 0.5, "it does not hold: {first:.2}, then {second:.2} dB");
    let energy_at_1k = |from: f64| {
        let part = &heard[0][(from * RATE) as usize..((from + 3.0) * RATE) as usize];
        let spectrum = decay::spectrum(part);
        10.0 * spectrum[2_990..3_010].iter().sum::<f64>().log10()
    };
    let (before, after) = (energy_at_1k(9.0), energy_at_1k(16.0));
    assert!(after > before + 10.0, "new sound is not let in: {before:.1}, then {after:.1} dB");
}

#[test]
fn silence_is_digital_wins_over_all_holds_and_leaves_the_dry_alone() {
    for (freeze, infinite, silence_s) in [(false, false, 2.0), (true, false, 0.5), (true, true, 0.05)] {
        let settings = Settings { silence_s, freeze, infinite, decay_s: 6.0, ..wet() };
        let sound = pink(8.0);
        let heard = play(RATE, sound.clone(), |t| {
            let held = Settings { freeze: freeze && t > 3.0, infinite: infinite && t > 3.0, ..settings };
            Settings { silence: (4.0..7.0).contains(&t), ..held }
        });
        // It is switched at a host block's edge that is a cell's, and reckons in cells.
        let zero = ((4.0 + f64::from(silence_s)) * RATE) as usize + CELL;
        let until = (7.0 * RATE) as usize;
        assert!(heard.iter().all(|side| side[zero..until].iter().all(|x| *x == 0.0)), "{silence_s} s: not silent");
        let before = zero.min((4.0 * RATE) as usize + 480);
        assert!(heard[0][..before].iter().rev().take(100).any(|x| *x != 0.0), "{silence_s} s: silent too soon");
        let dry = play(RATE, sound.clone(), |_| Settings { silence: true, mix: 0.5, ..settings });
        let level = level_db(&dry, 2.0, 7.0) - level_db(&sound, 2.0, 7.0);
        assert!((level + 3.0).abs() < 0.1, "the dry sound changed by {level:.2} dB");
    }
    assert_eq!(
        Engine::new(&Spec { sample_rate: RATE, channels: 2 }).tail(&Settings { silence: true, freeze: true, ..wet() }),
        Tail::Samples(100_800)
    );
}

#[test]
fn what_was_silenced_does_not_come_back() {
    let sound = then_silence(pink(3.0), 10.0);
    let settings = Settings { decay_s: 15.0, silence_s: 1.0, dream: 0.5, ..wet() };
    let heard = play(RATE, sound, |t| Settings { silence: (3.0..4.2).contains(&t), ..settings });
    let late = from_s(&heard, 4.2);
    assert!(late.iter().flatten().all(|x| *x == 0.0), "the room was not emptied");
    // Let go on the way down, the tail is still there.
    let heard = play(RATE, then_silence(pink(3.0), 8.0), |t| Settings { silence: (3.0..3.5).contains(&t), ..settings });
    assert!(level_db(&heard, 4.0, 6.0) > -40.0);
}

/// Levels of the wet sound with and without something to yield to, in dB.
fn ducked(duck_from: DuckFrom, key_level: f32) -> f64 {
    let settings = Settings { duck_db: 12.0, duck_from, ..wet() };
    let mut engine = Engine::new(&Spec { sample_rate: RATE, channels: 2 });
    let (mut sound, key) = (pink(6.0), signals::white(key_level, 8, 2, 6 * RATE as usize));
    let keys: Vec<&[f32]> = key.iter().map(|side| &side[..]).collect();
    let mut block: Vec<&mut [f32]> = sound.iter_mut().map(|side| &mut side[..]).collect();
    engine.process(&settings, &Song::new(true, 0, 120.0, RATE), &mut block, &keys);
    level_db(&sound, 3.0, 6.0) - level_db(&play(RATE, pink(6.0), |_| wet()), 3.0, 6.0)
}

#[test]
fn the_wet_sound_yields_to_whom_it_is_told_to() {
    let by_dry = ducked(DuckFrom::Dry, 0.0);
    assert!((by_dry + 12.0).abs() < 0.5, "{by_dry:.2} dB");
    let (quiet, speaking) = (ducked(DuckFrom::Key, 0.0), ducked(DuckFrom::Key, 0.2));
    assert!(quiet.abs() < 0.01 && (speaking + 12.0).abs() < 0.1, "{quiet:.2}, {speaking:.2} dB");
}

#[test]
fn what_recedes_loses_level_top_width_and_the_decay_of_its_top_together() {
    let heard = |recede: f32| play(RATE, pink(6.0), |_| Settings { recede, mix: 0.5, ..Settings::default() });
    let (near, far) = (heard(0.0), heard(1.0));
    let colour = |sound: &Planar| decay::centroid_hz(&sound[0][(2.0 * RATE) as usize..], RATE);
    assert!((-20.0..-11.0).contains(&(level_db(&far, 2.0, 6.0) - level_db(&near, 2.0, 6.0))));
    assert!(colour(&far) < 0.4 * colour(&near), "{:.0} of {:.0} Hz", colour(&far), colour(&near));
    let width = |recede: f32| {
        let tail = from_s(&impulse(RATE, &Settings { recede, decay_s: 4.0, ..wet() }, 2.0), 0.35);
        decay::correlation(&tail[0], &tail[1])
    };
    assert!(width(0.0).abs() < 0.15 && width(1.0) > 0.6, "{:.2}, {:.2}", width(0.0), width(1.0));
    let settings = Settings { recede: 1.0, ..wet() };
    assert!(settings.decay_at_hz(12_000.0) < 0.4 * wet().decay_at_hz(12_000.0));
}

/// Share of a held 1 kHz tone's power that lies more than a semitone away from it while Size moves.
fn bent(glide: bool) -> f64 {
    let tone = signals::sine(1_000.0, 0.2, RATE, 2, (4.0 * RATE) as usize);
    let size = |t: f64| if t < 2.0 { 10.0 } else { 30.0 };
    let still = Settings { motion: 0.0, early_db: -60.0, decay_s: 3.0, glide, ..wet() };
    let heard = play(RATE, tone, |t| Settings { size_m: size(t), ..still });
    let part = &heard[0][(2.05 * RATE) as usize..(2.45 * RATE) as usize];
    let spectrum = decay::spectrum(part);
    let bin = |hz: f64| (hz * part.len() as f64 / RATE) as usize;
    let power = |from: f64, to: f64| spectrum[bin(from)..bin(to)].iter().sum::<f64>();
    (power(300.0, 944.0) + power(1_059.0, 3_000.0)) / power(300.0, 3_000.0)
}

#[test]
fn a_size_that_glides_bends_the_pitch_and_one_that_does_not_keeps_it() {
    let (glided, crossed) = (bent(true), bent(false));
    assert!(glided > 0.3 && crossed < 0.03, "{glided:.3}, {crossed:.3}");
    // A glide comes to rest on whole samples: the tail after it is as lossless as before.
    let settings = Settings { decay_s: 20.0, low_decay: 1.0, high_decay: 1.0, glide: true, ..wet() };
    let sound = then_silence(pink(3.0), 12.0);
    let heard = play(RATE, sound, |t| Settings { size_m: if t < 3.0 { 20.0 } else { 30.0 }, ..settings });
    let fall = level_db(&heard, 5.0, 6.0) - level_db(&heard, 10.0, 11.0);
    assert!((fall - 15.0).abs() < 1.5, "{fall:.1} dB in 5 s");
}

#[test]
fn no_switch_of_a_scene_is_heard_as_a_click() {
    let sine = signals::sine(440.0, SINE, RATE, 2, (5.0 * RATE) as usize);
    let on = |t: f64| (t * 2.0) as usize % 2 == 1;
    let base = Settings { mix: 0.6, silence_s: 0.05, dream: 0.5, ..Settings::default() };
    let worst =
        |settings: &dyn Fn(f64) -> Settings| 10.0 * click_after_a_second(&play(RATE, sine.clone(), settings)).log10();
    let all: [(&str, &dyn Fn(f64) -> Settings); 6] = [
        ("silence", &|t| Settings { silence: on(t), ..base }),
        ("infinite", &|t| Settings { infinite: on(t), ..base }),
        ("freeze and infinite", &|t| Settings { freeze: on(t), infinite: on(2.0 * t), ..base }),
        ("duck", &|t| Settings { duck_db: if on(t) { 24.0 } else { 0.0 }, ..base }),
        ("recede", &|t| Settings { recede: if on(t) { 1.0 } else { 0.0 }, ..base }),
        ("glide", &|t| Settings { size_m: if on(t) { 30.0 } else { 10.0 }, glide: true, ..base }),
    ];
    for (what, settings) in all {
        let heard = worst(settings);
        assert!(heard <= -80.0, "{what}: {heard:.1} dB");
    }
}
