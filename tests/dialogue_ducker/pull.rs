//! Pull-Out, Listen, and the top end.

use crate::gates::*;
use dialogue_ducker::engine::{Detector, Listen, Return};

/// Speech, and where each of its lines begins and ends, in samples.
type Lines = (Vec<f32>, Vec<(usize, usize)>);

/// A line from 2 s on and, after 12 s, another.
fn two_lines() -> Option<Lines> {
    let lines = utterances()?;
    Some(scene(&[lines[0].clone(), lines[1].clone()], &[12.0]))
}

#[test]
fn pulled_out_is_digital_silence_until_the_condition_is_met() {
    let Some((speech, spans)) = two_lines() else { return };
    let bed = at_level(pink(1, speech.len()), -24.0);
    let hold_s = 1.0;
    for (back, return_after_s, out_s) in
        [(Return::AfterHold, 4.0, hold_s), (Return::AfterSilence, 4.0, 4.0), (Return::WhenOff, 0.5, 99.0)]
    {
        let settings =
            Settings { pull_out: true, pull_fade_s: 0.4, back, return_after_s, return_fade_s: 1.0, hold_s, ..deep() };
        let ducked = duck(&settings, &bed, &speech);
        let (from, to) = spans[0];
        let silent = |k: usize| ducked.bed[k] == 0.0;
        let first = (from..to).find(|k| silent(*k)).expect("it leaves");
        let back_at = (first..ducked.bed.len()).find(|k| !silent(*k)).unwrap_or(ducked.bed.len());
        let left_s = (first as f32 - from as f32) / RATE;
        let stayed_s = (back_at as f32 - to as f32) / RATE;
        println!("{back:?}: out {left_s:.2} s after the first word, back {stayed_s:.2} s after the last");
        assert!(left_s <= 0.4);
        if back == Return::WhenOff {
            assert_eq!(back_at, ducked.bed.len());
        } else {
            // The last word as the detector has it ends within a third of a second of the last sound.
            assert!((out_s - 0.35..out_s + 0.35).contains(&stayed_s), "{back:?}: {stayed_s:.2}");
            let start = &ducked.bed[back_at..back_at + samples(0.01)];
            assert!(start.iter().all(|x| x.abs() < 10f32.powf(-90.0 / 20.0)), "the return begins from nothing");
        }
    }
}

#[test]
fn a_seek_neither_pulls_out_nor_brings_back() {
    let settings = Settings {
        pull_out: true,
        back: Return::WhenOff,
        detector: Detector::Manual,
        manual_duck: 1.0,
        pull_fade_s: 0.1,
        ..deep()
    };
    let mut engine = Engine::new(&SPEC, &settings);
    let mut play = |settings: &Settings, sample: i64| {
        let mut bed = pink(1, samples(1.0));
        engine.process(settings, &Song::new(true, sample, 120.0, 48_000.0), &mut [&mut bed], &[]);
        bed.split_off(samples(0.9)).iter().all(|x| *x == 0.0)
    };
    let quiet = Settings { manual_duck: 0.0, ..settings };
    assert!(!play(&quiet, 0) && !play(&quiet, 9_000_000));
    assert!(play(&settings, 9_048_000));
    assert!(play(&quiet, 500_000) && play(&quiet, 0));
    let off = Settings { pull_out: false, return_fade_s: 0.5, ..quiet };
    assert!(!play(&off, 48_000));
}

#[test]
fn the_key_and_what_was_removed_can_be_heard() {
    let settings = Settings { detector: Detector::Manual, manual_duck: 1.0, focus: 0.0, ..deep() };
    let (bed, key) = (at_level(pink(1, samples(1.0)), -24.0), white(5, samples(1.0)));
    let hear = |listen| duck(&Settings { listen, ..settings }, &bed, &key).bed.split_off(samples(0.5));
    let (normal, removed) = (hear(Listen::Normal), hear(Listen::Removed));
    assert_eq!(hear(Listen::Key), key[samples(0.5)..]);
    assert!(normal.iter().zip(&removed).zip(&bed[samples(0.5)..]).all(|((n, r), b)| (n + r - b).abs() < 1e-6));
}

#[test]
fn the_top_end_leaves_first_and_returns_last() {
    let n = samples(6.0);
    let (low, high) = (300.0, 6_000.0);
    let tone = |hz: f32| -> Vec<f32> {
        (0..n).map(|k| 0.1 * (std::f32::consts::TAU * (hz * (k % 480) as f32 / RATE)).sin()).collect()
    };
    let key: Vec<f32> = white(3, n)
        .iter()
        .enumerate()
        .map(|(k, x)| if (96_000..144_000).contains(&k) { 0.05 * x } else { 0.0 })
        .collect();
    let settings = Settings {
        detector: Detector::Level,
        highs_first: 1.0,
        attack_s: Some(1.0),
        hold_s: 0.0,
        release_s: 1.0,
        target_lu: 30.0,
        max_depth_db: 12.0,
        ..deep()
    };
    let level = |bed: &[f32], at_s: f32| {
        let at = samples(at_s);
        20.0f32 * (bed[at..at + 4_800].iter().fold(0.0f32, |m, x| m.max(x.abs())) / 0.1).log10()
    };
    let [low, high] = [low, high].map(|hz| duck(&settings, &tone(hz), &key).bed);
    println!(
        "leaving {:.1} and {:.1} dB, returning {:.1} and {:.1} dB",
        level(&low, 2.3),
        level(&high, 2.3),
        level(&low, 3.9),
        level(&high, 3.9)
    );
    assert!(level(&high, 2.3) < level(&low, 2.3) - 3.0 && level(&high, 3.9) < level(&low, 3.9) - 3.0);
    assert!((level(&high, 3.0) - level(&low, 3.0)).abs() < 0.5, "down together");
}

#[test]
fn gaps_in_the_bed_open_under_speech_only() {
    let Some((speech, spans)) = two_lines() else { return };
    let gate = |k: usize| if (k / 12_000).is_multiple_of(2) { 1.0f32 } else { 0.1 };
    let bed: Vec<f32> = at_level(pink(1, speech.len()), -24.0).iter().enumerate().map(|(k, x)| x * gate(k)).collect();
    let level = |bed: &[f32], open: bool, (from, to): (usize, usize)| {
        let inside = |k: &usize| *k % 12_000 > 3_000 && *k % 12_000 < 9_000 && (gate(*k) == 1.0) == open;
        let power: Vec<f32> = (from..to).filter(inside).map(|k| bed[k].powi(2)).collect();
        10.0 * (power.iter().sum::<f32>() / power.len() as f32).log10()
    };
    let at = |bed_expand| duck(&Settings { bed_expand, focus: 0.0, ..deep() }, &bed, &speech).bed;
    let (plain, expanded) = (at(0.0), at(1.0));
    let wider = |span| level(&plain, false, span) - level(&expanded, false, span);
    println!(
        "gaps {:.1} dB deeper under speech, loud moments {:.1} dB",
        wider(spans[0]),
        level(&plain, true, spans[0]) - level(&expanded, true, spans[0])
    );
    assert!(wider(spans[0]) > 4.0 && level(&plain, true, spans[0]) - level(&expanded, true, spans[0]) < 2.0);
    assert!(wider((spans[0].1 + samples(6.0), spans[1].0 - samples(1.0))).abs() < 0.01);
}
