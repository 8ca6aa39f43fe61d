//! What the whole engine promises.

use super::*;
use green_ring_dsp::chance::Chance;

const RATE: f64 = 48_000.0;
const SPEC: Spec = Spec { sample_rate: RATE, channels: 2 };

/// Bursts of a hummed note over noise: to the Level detector, words.
fn words(n: usize) -> Vec<f32> {
    let chance = Chance::new(1, 0);
    let burst = |k: usize| if k % 48_000 < 20_000 { 0.3 } else { 0.0 };
    (0..n).map(|k| 0.001 * chance.normal(k as i64)[0] + burst(k) * (0.02 * k as f32).sin()).collect()
}

fn bed(n: usize) -> Vec<f32> {
    let chance = Chance::new(2, 0);
    (0..n).map(|k| 0.1 * chance.normal(k as i64)[0]).collect()
}

fn keyed() -> Settings {
    Settings { detector: Detector::Level, hold_s: 0.1, release_s: 0.2, ..Settings::default() }
}

/// `bed` under `key` from song sample `from` on, cut into blocks of `cuts`.
fn run(engine: &mut Engine, settings: &Settings, from: usize, to: usize, cuts: &[usize]) -> Vec<f32> {
    let (key, mut left) = (words(to), bed(to));
    let mut right = left.clone();
    let mut at = from;
    for cut in cuts.iter().cycle() {
        let end = (at + cut).min(to);
        let song = Song::new(true, at as i64, 120.0, RATE);
        engine.process(settings, &song, &mut [&mut left[at..end], &mut right[at..end]], &[&key[at..end]]);
        at = end;
        if at == to {
            break;
        }
    }
    assert!(left[from..] == right[from..], "one gain for both channels");
    left.split_off(from)
}

fn fresh(settings: &Settings, to: usize, cuts: &[usize]) -> Vec<f32> {
    run(&mut Engine::new(&SPEC, settings), settings, 0, to, cuts)
}

#[test]
fn any_cut_and_a_reset_give_the_same_sound() {
    let whole = fresh(&keyed(), 150_000, &[150_000]);
    assert_ne!(whole[9_600..], bed(150_000)[..140_400], "it ducks");
    assert_eq!(whole, fresh(&keyed(), 150_000, &[1, 31, 64, 7, 480]));
    let mut used = Engine::new(&SPEC, &keyed());
    run(&mut used, &keyed(), 0, 100_000, &[777]);
    used.reset();
    assert_eq!(whole, run(&mut used, &keyed(), 0, 150_000, &[512]));
}

#[test]
fn after_the_told_memory_it_no_longer_matters_where_playback_began() {
    let (start, end) = (131_077, 40 * 48_000);
    let whole = fresh(&keyed(), end, &[4_096]);
    let mut engine = Engine::new(&SPEC, &keyed());
    let later = run(&mut engine, &keyed(), start, end, &[4_096]);
    let memory = (engine.memory(&keyed()) as f64 * RATE) as usize;
    for (a, b) in whole[start + memory..].iter().zip(&later[memory..]) {
        assert!((a - b).abs() <= 0.011 * a.abs().max(1e-6), "{a} {b}");
    }
}

#[test]
fn bypass_and_silence_on_the_key_pass_the_bed_bit_for_bit() {
    let bypassed = Settings { bypass: true, ..keyed() };
    let n = 100_000;
    assert_eq!(fresh(&bypassed, n, &[512])[9_600..], bed(n)[..n - 9_600]);
    let mut engine = Engine::new(&SPEC, &keyed());
    let mut left = bed(n);
    engine.process(&keyed(), &Song::new(true, 0, 120.0, RATE), &mut [&mut left], &[&[], &[]]);
    assert_eq!(left[9_600..], bed(n)[..n - 9_600]);
    assert!(!engine.reading().key && engine.reading().state == State::Resting);
}

#[test]
fn a_seek_drops_hold_and_the_estimate_of_the_dialogue() {
    let settings = Settings { hold_s: 10.0, ..keyed() };
    let mut engine = Engine::new(&SPEC, &settings);
    run(&mut engine, &settings, 0, 95_000, &[512]);
    assert!(matches!(engine.reading().state, State::Holding(_)) && engine.reading().dialogue_lufs.is_some());
    let mut silent = [0.0; 64];
    engine.process(&settings, &Song::new(true, 5_000_000, 120.0, RATE), &mut [&mut silent], &[]);
    assert_eq!((engine.reading().state, engine.reading().dialogue_lufs), (State::Returning, None));
}

#[test]
fn the_manual_detector_ducks_by_its_share_without_a_key() {
    let settings = Settings { detector: Detector::Manual, manual_duck: 0.5, focus: 0.0, ..Settings::default() };
    let mut engine = Engine::new(&SPEC, &settings);
    let mut left = bed(96_000);
    engine.process(&settings, &Song::new(false, 0, 120.0, RATE), &mut [&mut left], &[]);
    assert!((engine.reading().gain_db + 6.0).abs() < 0.01, "{:?}", engine.reading());
}

#[test]
fn the_worst_key_does_no_harm() {
    let chance = Chance::new(3, 0);
    let odd = [f32::NAN, f32::INFINITY, 999.0, -999.0, 1e-39, 0.0];
    for rate in [8_000.0, 48_000.0, 384_000.0] {
        let mut engine = Engine::new(&Spec { sample_rate: rate, channels: 2 }, &Settings::default());
        for block in 0..400i64 {
            let pick = |k: i64| odd[chance.bits(block / 40 * 10_000 + k)[0] as usize % odd.len()];
            let key: Vec<f32> = (0..1_000).map(pick).collect();
            let mut left = vec![0.5f32; 1_000];
            let song = Song::new(true, block * 1_000, 120.0, rate);
            engine.process(&Settings::default(), &song, &mut [&mut left], &[&key, &key[..10]]);
            assert!(left.iter().all(|x| x.is_finite() && !x.is_subnormal() && x.abs() <= 0.5));
        }
    }
}
