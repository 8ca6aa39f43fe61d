//! The Dream axis: the dream is one, and has no moment at which it is heard to begin.

use super::kit::{RATE, SINE, click_after_a_second, from_s, impulse, level_db, pad, pink, play, span, windows_lufs};
use dream_reverb::engine::Settings;
use dream_reverb::params::DreamReverbParams;
use std::f64::consts::TAU;
use suite_tests::meters::{decay, loudness, speech};
use suite_tests::rig::load;
use suite_tests::signals::{self, Planar};

fn wet() -> Settings {
    Settings { mix: 1.0, ..Settings::default() }
}

#[test]
fn a_dream_without_swell_is_dense_at_once() {
    for seed in 0..6 {
        dense_at_once(&Settings { dream: 1.0, swell: 0.0, motion: 0.0, seed, ..wet() });
    }
}

fn dense_at_once(settings: &Settings) {
    let heard = impulse(RATE, settings, 1.0);
    let onset = decay::onset(&heard);
    for side in &heard {
        let density = decay::echo_density(side, onset, RATE);
        let first = |share: f64| density.iter().find(|d| d.1 >= share).expect("it becomes dense").0;
        assert!(first(0.9) <= 0.03 && first(1.0) <= 0.06, "0.9 at {:.3} s, 1.0 at {:.3} s", first(0.9), first(1.0));
    }
}

/// Energy of the first 50 ms of the answer over that of the rest, in dB.
fn c50_db(settings: &Settings) -> f64 {
    let heard = impulse(RATE, settings, 12.0);
    let onset = decay::onset(&heard);
    let energy = |from: usize, to: usize| -> f64 {
        heard.iter().flat_map(|side| &side[from..to]).map(|x| f64::from(*x).powi(2)).sum()
    };
    let early = onset + (0.05 * RATE) as usize;
    10.0 * (energy(onset, early) / energy(early, heard[0].len())).log10()
}

/// Seconds from a click to the beginning of the loudest 50 ms of the answer.
fn loudest_s(settings: &Settings) -> f64 {
    // Two of the longest segments of a preset but one: what is said on a line comes back on the next but one.
    let heard = impulse(RATE, settings, 8.5);
    let millisecond = |k: usize| level_db(&heard, k as f64 * 0.001, (k + 1) as f64 * 0.001);
    let powers: Vec<f64> = (0..8_450).map(|k| 10f64.powf(millisecond(k) / 10.0)).collect();
    let sums: Vec<f64> = powers.windows(50).map(|w| w.iter().sum()).collect();
    (0..sums.len()).max_by(|a, b| sums[*a].total_cmp(&sums[*b])).unwrap() as f64 * 0.001
}

#[test]
fn a_room_strikes_and_a_dream_builds() {
    let (room, dream) = (wet(), Settings { dream: 1.0, ..wet() });
    let (struck, built) = (c50_db(&room), c50_db(&dream));
    assert!(struck - built >= 10.0, "C50 goes from {struck:.1} to {built:.1} dB");
    let (early, late) = (loudest_s(&room), loudest_s(&dream));
    assert!(early <= 0.03 && late >= 0.25, "loudest at {early:.2} s, then at {late:.2} s");
}

/// The settings of a factory preset, wet only.
fn preset(file: &str) -> (String, Settings) {
    let params = DreamReverbParams::default();
    let name = load(&params, file);
    (name, Settings { mix: 1.0, infinite: false, recede: 0.0, ..params.settings() })
}

#[test]
fn every_presets_dream_is_later_than_its_room() {
    for file in dream_reverb::presets::PRESETS {
        let (name, settings) = preset(file);
        let [struck, built] = [0.0, 1.0].map(|dream| c50_db(&Settings { dream, ..settings }));
        assert!(struck - built >= 10.0, "{name}: C50 goes from {struck:.1} to {built:.1} dB");
        let [early, late] = [0.0, 1.0].map(|dream| loudest_s(&Settings { dream, ..settings }));
        assert!(early <= 0.03, "{name}: the room's loudest at {early:.2} s");
        // In all of them Swell or Reverse is up.
        assert!(late >= 0.25, "{name}: the dream's loudest at {late:.2} s");
    }
}

#[test]
fn transforms_are_a_good_part_of_the_dream() {
    // What is left when the tail, as it is without transforms, is taken out of the dream.
    let dream = Settings { dream: 1.0, drift: 0.0, ..wet() };
    let bare = Settings { reverse: 0.0, grains: 0.0, ..dream };
    let [dream, bare] = [dream, bare].map(|settings| from_s(&play(RATE, pink(16.0), |_| settings), 8.0));
    let common = decay::correlation(&dream[0], &bare[0]).powi(2);
    assert!(1.0 - common >= 0.3, "transforms carry {:.0} %", 100.0 * (1.0 - common));
}

#[test]
fn level_stays_over_swell() {
    let swells = [0.0, 0.1, 0.35, 1.0].map(|swell| {
        let settings = Settings { dream: 1.0, dream_decay_s: 2.0, swell, ..wet() };
        level_db(&play(RATE, pink(14.0), |_| settings), 5.0, 14.0)
    });
    assert!(span(&swells) <= 1.0, "{swells:.2?}");
}

/// Dream from 0 to 1 and back in 20 s, after 2 s of rest.
fn journey(t: f64) -> f32 {
    (1.0 - ((t - 2.0) / 10.0 - 1.0).abs()).clamp(0.0, 1.0) as f32
}

/// The passages of the journey: noise, a pad, and speech, made and recorded.
fn passages() -> Vec<(&'static str, Planar)> {
    let frames = (24.0 * RATE) as usize;
    let made = signals::babble(RATE, 5, 2, frames);
    let mut all = vec![("noise", pink(24.0)), ("pad", pad(24.0)), ("speech", made)];
    if let Some(lines) = speech::fresh_utterances() {
        // One voice, a third of a second between its sentences.
        let talk: Vec<f32> = lines.into_iter().flat_map(|line| line.into_iter().chain([0.0; 16_000])).collect();
        all.extend(talk.chunks_exact(frames).take(3).map(|talk| ("speech", vec![talk.to_vec(); 2])));
    }
    all
}

#[test]
fn the_dream_comes_and_goes_at_one_loudness() {
    for (what, sound) in passages() {
        for mix in [0.3, 1.0] {
            let settings = Settings { mix, ..Settings::default() };
            let room = from_s(&play(RATE, sound.clone(), |_| settings), 2.0);
            let dream = from_s(&play(RATE, sound.clone(), |t| Settings { dream: journey(t), ..settings }), 2.0);
            let whole = loudness(&dream, RATE) - loudness(&room, RATE);
            assert!(whole.abs() <= 1.0, "{what}, Mix {mix}: {whole:.2} LU");
            let window_s = if what == "speech" { 3.0 } else { 0.4 };
            let apart: Vec<f64> =
                windows_lufs(&dream, window_s).iter().zip(windows_lufs(&room, window_s)).map(|(d, r)| d - r).collect();
            assert!(apart.iter().all(|lu| lu.abs() <= 2.0), "{what}, Mix {mix}: {apart:.1?}");
        }
    }
}

/// Steps of the third-octave spectrum in decibels, from one window of 46 ms to the next, half a window on: root mean
/// square over the bands from 100 Hz to 10 kHz.
fn steps_db(sound: &[f32]) -> Vec<f64> {
    let size = (0.046 * RATE) as usize;
    let bands: Vec<Vec<f64>> = (0..=sound.len() - size)
        .step_by(size / 2)
        .map(|from| {
            let spectrum = decay::spectrum(&sound[from..from + size]);
            let bin = |hz: f64| (hz * size as f64 / RATE).round() as usize;
            (0..20)
                .map(|k| 100.0 * 10f64.powf(f64::from(k) / 10.0))
                .map(|hz| 10.0 * spectrum[bin(hz / 1.122)..bin(hz * 1.122) + 1].iter().sum::<f64>().log10())
                .collect()
        })
        .collect();
    let step = |a: &Vec<f64>, b: &Vec<f64>| a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>() / a.len() as f64;
    bands.windows(2).map(|w| step(&w[0], &w[1]).sqrt()).collect()
}

#[test]
fn the_dream_has_no_moment() {
    for (what, sound) in [("noise", pink(24.0)), ("pad", pad(24.0))] {
        for mix in [0.3, 1.0] {
            let largest = |seconds: f64, dream: &dyn Fn(f64) -> f32| {
                let sound = sound.iter().map(|side| side[..(seconds * RATE) as usize].to_vec()).collect();
                let heard = play(RATE, sound, |t| Settings { dream: dream(t), mix, ..Settings::default() });
                steps_db(&heard[0][(2.0 * RATE) as usize..]).into_iter().fold(0.0, f64::max)
            };
            let holds = [0.0, 0.25, 0.5, 0.75, 1.0].map(|dream| largest(10.0, &|_| dream));
            let held = holds.into_iter().fold(0.0, f64::max);
            let moved = largest(24.0, &journey);
            assert!(moved <= 1.5 * held, "{what}, Mix {mix}: {moved:.2} dB against {held:.2} dB");
        }
    }
}

#[test]
fn no_drag_of_dream_is_heard_as_a_click() {
    let sine = |seconds: f64| {
        let frames = (seconds * RATE) as usize;
        vec![(0..frames).map(|n| (SINE * (TAU * 440.0 * n as f64 / RATE).sin()) as f32).collect::<Vec<f32>>(); 2]
    };
    let all = Settings { shimmer: 0.5, choir: 0.5, drone: 0.5, mix: 0.6, ..Settings::default() };
    let worst = |dream: &dyn Fn(f64) -> f32| {
        let heard = play(RATE, sine(6.0), |t| Settings { dream: dream(t), ..all });
        click_after_a_second(&heard)
    };
    let floor = [0.0, 1.0].map(|dream| worst(&|_| dream)).into_iter().fold(0.0, f64::max);
    let swept = worst(&|t| ((t - 2.0) / 3.0).clamp(0.0, 1.0) as f32);
    let stepped = worst(&|t| if (t * 2.0) as usize % 2 == 1 { 1.0 } else { 0.0 });
    for (what, heard) in [("sweep", swept), ("steps", stepped)] {
        let excess_db = 10.0 * (heard - floor).max(1e-20).log10();
        assert!(excess_db <= -85.0, "{what}: {excess_db:.1} dB");
    }
}
