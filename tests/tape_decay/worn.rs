//! What wears: contact, dropouts, oxide and Wear, as they are heard behind the whole machine.

use suite_tests::meters::tape::tone;
use suite_tests::meters::{click, difference_db};
use suite_tests::signals::silence;
use tape_decay::engine::{Machine, Map, PassMode, Settings};

use crate::player::{RATE, clean, latency, levels, mean_db, play};

#[test]
fn spacing_costs_what_wallaces_formula_says() {
    for (speed_ips, spacing_um) in [(1.875, 2.0), (1.875, 30.0), (7.5, 8.0), (7.5, 30.0), (30.0, 30.0)] {
        for hz in [50.0, 200.0, 700.0, 2_000.0, 5_000.0, 9_000.0, 15_000.0] {
            let asked_db = 8.686 * std::f64::consts::TAU * hz * spacing_um * 1e-6 / (speed_ips * 0.025_4);
            let at = |spacing_um: f64| {
                let (speed_ips, spacing_um) = (speed_ips as f32, spacing_um as f32);
                mean_db(&levels(&Settings { speed_ips, spacing_um, ..clean() }, hz, 0.5, 0.06))
            };
            if asked_db <= 30.0 {
                let found_db = at(0.0) - at(spacing_um);
                let told =
                    format!("{spacing_um} um at {speed_ips} ips, {hz} Hz: {found_db:.2} dB for {asked_db:.2} dB");
                assert!((found_db - asked_db).abs() <= 0.5, "{told}");
            }
        }
    }
}

#[test]
fn dropouts_take_treble_first_with_soft_edges() {
    for speed_ips in [1.875, 7.5] {
        let settings = Settings { dropouts: 1.0, speed_ips, seed: 4, ..clean() };
        let (low, high) = (levels(&settings, 1_000.0, 20.0, 0.001), levels(&settings, 8_000.0, 20.0, 0.001));
        let steepest = low[100..].windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f64::max);
        assert!(steepest <= 2.0, "{speed_ips} ips: {steepest:.2} dB/ms");
        let (whole_low, whole_high) = (loudest(&low), loudest(&high));
        let deep: Vec<usize> = (100..low.len()).filter(|k| whole_low - low[*k] > 1.0).collect();
        assert!(deep.len() > 200);
        assert!(deep.iter().all(|k| whole_high - high[*k] > 3.0 * (whole_low - low[*k])));
    }
}

fn loudest(levels: &[f64]) -> f64 {
    levels[100..].iter().fold(f64::MIN, |a, b| a.max(*b))
}

#[test]
fn dropouts_and_holes_do_not_click() {
    let sound = tone(440.0, 0.01, 10.0, RATE);
    for (dropouts, passes) in [(1.0, 0.0), (0.0, 90.0), (1.0, 200.0)] {
        let settings = Settings { dropouts, passes, speed_ips: 1.875, machine: Machine::Cassette, ..clean() };
        let out = play(|_| settings, 0, &sound);
        // The tone's own beginning is a click.
        let worst_db = 10.0 * click::windows(&[out], RATE, 0.01)[40..].iter().fold(0.0f64, |a, b| a.max(*b)).log10();
        assert!(worst_db <= -80.0, "{dropouts}, {passes}: {worst_db:.1} dB");
    }
}

/// What is left at 100 Hz, where contact hardly counts, in windows of 10 ms of whole tape, after `passes`.
fn oxide(passes: f32) -> Vec<f64> {
    levels(&Settings { passes, seed: 2, ..clean() }, 100.0, 60.0, 0.01)[100..].to_vec()
}

#[test]
fn holes_only_grow_to_the_share_of_the_map_that_was_promised() {
    let stages = [0.0, 60.0, 120.0, 240.0].map(oxide);
    for pair in stages.windows(2) {
        let healed = pair[0].iter().zip(&pair[1]).map(|(sooner, later)| later - sooner).fold(f64::MIN, f64::max);
        assert!(healed <= 0.05, "a place came back by {healed:.2} dB");
    }
    let share = |passes: usize, db: f64| {
        let lost = stages[0].iter().zip(&stages[passes]).filter(|(whole, worn)| *whole - *worn > db).count();
        lost as f64 / stages[0].len() as f64
    };
    let (half, most) = (share(2, 12.0), share(3, 40.0));
    assert!((half - 0.5).abs() <= 0.05, "below -12 dB at pass 120: {half:.3}");
    assert!(most >= 0.8, "below -40 dB at pass 240: {most:.3}");
}

#[test]
fn the_top_end_never_rises_with_the_passes() {
    let top = |passes| mean_db(&levels(&Settings { passes, seed: 7, ..clean() }, 10_000.0, 8.0, 0.05));
    let tops = [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0].map(top);
    assert!(tops.windows(2).all(|w| w[1] <= w[0]), "{tops:.2?}");
    assert!(tops[6] < tops[0] - 3.0, "{tops:.2?}");
}

#[test]
fn noise_rises_by_three_decibels_for_each_doubling_of_the_passes() {
    let noise_db = |passes| {
        let settings = Settings { passes, hiss_db: -50.0, ..clean() };
        let out = play(|_| settings, 0, &silence(1, 10 * RATE as usize)[0]);
        10.0 * out[48_000..].iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().log10()
    };
    let noises = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0].map(noise_db);
    for pair in noises.windows(2) {
        assert!((pair[1] - pair[0] - 3.0).abs() <= 0.3, "{noises:.2?}");
    }
}

#[test]
fn wear_takes_speech_last() {
    let loss_db = |hz: f64| {
        let at = |wear| mean_db(&levels(&Settings { wear, seed: 5, ..clean() }, hz, 15.0, 0.02));
        at(0.0) - at(0.75)
    };
    let speech = [1_000.0, 2_000.0, 3_000.0, 4_000.0].map(loss_db);
    assert!(speech.iter().all(|db| *db <= 6.0), "1 to 4 kHz: {speech:.2?} dB");
    let treble = [8_050.0, 10_000.0, 14_000.0].map(loss_db);
    assert!(treble.iter().all(|db| *db >= 12.0), "from 8 kHz: {treble:.2?} dB");
}

#[test]
fn pass_two_hundred_from_a_seek_is_pass_two_hundred_from_playing() {
    let song = Settings { pass_mode: PassMode::Song, pass_length_bars: 0.25, ..clean() };
    for (map, shed_rate) in [(Map::Loop, 10.0), (Map::WholeTape, 8.0)] {
        let settings = Settings { map, shed_rate, dropouts: 0.5, wear: 0.3, ..song };
        let sound = tone(700.0, 0.05, 15.0, RATE);
        let played = play(|_| settings, 0, &sound);
        let from = (9.7 * RATE) as usize;
        let sought = play(|_| settings, from as i64, &sound[from..]);
        let memory = (2.5 * RATE) as usize;
        let error_db = difference_db(&played[from + memory..], &sought[memory..]);

        assert!(error_db <= -120.0, "{map:?}: {error_db:.1} dB");
        let lost_db = 20.0 * (rms(&played[from + memory..]) / rms(&played[48_000..96_000])).log10();
        assert!(lost_db < -12.0, "{map:?}: pass 200 is only {lost_db:.1} dB lower");
    }
}

fn rms(sound: &[f32]) -> f64 {
    (sound.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / sound.len() as f64).sqrt()
}

#[test]
fn a_loop_wears_at_the_same_places_pass_after_pass() {
    let settings = Settings { map: Map::Loop, pass_length_bars: 1.0, passes: 100.0, seed: 9, ..clean() };
    let levels = levels(&settings, 400.0, 8.5, 0.01);
    // A bar of four quarter notes at 120 bpm is 200 windows.
    let (first, second) = (&levels[200..400], &levels[600..800]);
    assert!(first.iter().zip(second).all(|(a, b)| (a - b).abs() < 0.05));
    assert!(first.iter().any(|db| *db < first[0] - 6.0) || first.iter().any(|db| *db > first[0] + 6.0));
    assert!(latency(RATE) < 2_000);
}
