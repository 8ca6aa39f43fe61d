//! What tape does to level: harmonics, aliases, loudness, stability.

use suite_tests::meters::tape::{harmonic, programme, worst_alias_db};
use suite_tests::meters::{loudness, peak};
use tape_decay::engine::{Machine, Quality, Settings};

use crate::deck::{RATE, aligned, even, last, latency, level, play, play_tone};

#[test]
fn third_harmonic_follows_the_measured_machine() {
    let clean = Settings {
        machine: Machine::Studio,
        speed_ips: 30.0,
        drive_db: 0.0,
        hysteresis: 0.0,
        even_harmonics: 0.0,
        ..even()
    };
    let h3 = |rate, db| 100.0 * harmonic(last(&play_tone(&clean, rate, 1e3, level(db), 2.0), rate), 1e3, 3, rate);
    for rate in [44_100.0, 48_000.0, 192_000.0] {
        for (db, percent) in [(-12.0, 0.005), (-6.0, 0.02), (0.0, 0.08), (6.0, 0.40)] {
            let reads = h3(rate, db);
            assert!((reads / percent - 1.0).abs() < 0.2, "{rate} Hz, {db} dB: {reads:.4} % for {percent} %");
        }
        assert!(h3(rate, 11.0) < 3.0 && h3(rate, 13.0) > 3.0);
    }
}

#[test]
fn even_harmonics_are_dialled_and_leave_no_direct_current() {
    for (dial, within) in [(0.0, 0.01), (0.5, 0.1), (1.2, 0.12)] {
        let settings = Settings { drive_db: 0.0, even_harmonics: dial, hysteresis: 0.0, ..even() };
        let sound = play_tone(&settings, RATE, 1e3, level(0.0), 3.0);
        let sound = last(&sound, RATE);
        let ratio = harmonic(sound, 1e3, 2, RATE) / harmonic(sound, 1e3, 3, RATE);
        assert!((ratio - dial as f64).abs() < within, "dial {dial}: H2/H3 {ratio:.3}");
        let steady = sound.iter().map(|x| *x as f64).sum::<f64>() / RATE;
        assert!(steady.abs() < 1e-5, "dial {dial}: {steady:e}");
    }
}

#[test]
fn even_harmonics_by_default_are_half_of_the_third() {
    let sound = play_tone(&Settings { drive_db: 0.0, ..even() }, RATE, 1e3, level(0.0), 3.0);
    let sound = last(&sound, RATE);
    let ratio = harmonic(sound, 1e3, 2, RATE) / harmonic(sound, 1e3, 3, RATE);
    assert!((ratio - 0.5).abs() <= 0.1, "{ratio:.3}");
}

#[test]
fn hysteresis_colours_loud_sound_and_leaves_quiet_sound_alone() {
    let h3 = |hysteresis, db| {
        let settings = Settings { drive_db: 0.0, even_harmonics: 0.0, hysteresis, ..even() };
        100.0 * harmonic(last(&play_tone(&settings, RATE, 1e3, level(db), 2.0), RATE), 1e3, 3, RATE)
    };
    assert!(h3(1.0, 0.0) > 1.0 && h3(1.0, 0.0) > 10.0 * h3(0.0, 0.0));
    assert!(h3(1.0, -40.0) < 0.05, "{}", h3(1.0, -40.0));
}

#[test]
fn hysteresis_keeps_the_loudness_of_music() {
    for lufs in [-23.0, -16.0] {
        let music = programme(lufs, 6.0, RATE);
        let at = |hysteresis| {
            let out = play(&Settings { hysteresis, ..Settings::default() }, RATE, &music);
            loudness(&stretch(&out, latency(RATE)), RATE)
        };
        let change = at(1.0) - at(0.0);
        assert!(change.abs() <= 0.7, "{lufs} LUFS: {change:+.2} LU");
    }
}

#[test]
fn aliases_stay_below_the_figures() {
    // Quality, hysteresis, and the most for 5 and 10 kHz.
    let figures = [
        (Quality::Four, 0.0, [-85.0, -75.0]),
        (Quality::Eight, 0.0, [-85.0, -75.0]),
        (Quality::Four, 1.0, [-82.0, -70.0]),
        (Quality::Sixteen, 0.0, [-95.0, -90.0]),
        (Quality::Sixteen, 1.0, [-95.0, -90.0]),
    ];
    for rate in [44_100.0, 48_000.0] {
        for (quality, hysteresis, most_db) in figures {
            for (hz, most_db) in [5_000, 10_000].into_iter().zip(most_db) {
                let settings = Settings { quality, hysteresis, ..even() };
                let sound = play_tone(&settings, rate, hz as f64, 1.0, 3.0);
                let worst = worst_alias_db(last(&sound, rate), hz);
                assert!(worst <= most_db, "{rate} Hz, {quality:?}, {hysteresis}, {hz} Hz: {worst:.1} dB");
            }
        }
    }
}

#[test]
fn too_little_bias_bends_sooner_and_too_much_costs_treble() {
    let h3 = |bias_db| {
        let settings = Settings { drive_db: 0.0, even_harmonics: 0.0, hysteresis: 0.0, bias_db, ..even() };
        harmonic(last(&play_tone(&settings, RATE, 1e3, level(0.0), 2.0), RATE), 1e3, 3, RATE)
    };
    assert!(h3(-4.0) > 1.8 * h3(0.0) && h3(4.0) < h3(0.0));
    let treble = |bias_db| {
        let sound = play_tone(&Settings { bias_db, ..aligned() }, RATE, 1e4, 0.01, 2.0);
        20.0 * f64::from(peak(last(&sound, RATE))).log10()
    };
    for bias_db in [2.0, 4.0, 8.0] {
        let lost_db = treble(0.0) - treble(bias_db);
        assert!((lost_db - f64::from(bias_db)).abs() < 0.5, "{bias_db} dB: {lost_db:.2} dB");
    }
    assert!(treble(-4.0) > treble(0.0) + 2.0);
}

#[test]
fn drive_holds_the_loudness_of_music() {
    for lufs in [-23.0, -16.0] {
        let music = programme(lufs, 8.0, RATE);
        for drive_db in [-12.0, -6.0, 0.0, 4.0, 8.0, 12.0] {
            let out = play(&Settings { drive_db, head_bump: 0.0, ..Settings::default() }, RATE, &music);
            let change = loudness(&stretch(&out, latency(RATE)), RATE) - loudness(&stretch(&music, 0), RATE);
            assert!(change.abs() <= 0.5, "{lufs} LUFS, drive {drive_db} dB: {change:+.2} LU");
        }
    }
}

/// All of `sound` but a half second, from `from` on.
fn stretch(sound: &[Vec<f32>], from: usize) -> Vec<Vec<f32>> {
    sound.iter().map(|channel| channel[from..from + channel.len() - 24_000].to_vec()).collect()
}

#[test]
fn it_is_stable_at_any_level_and_rate() {
    for rate in [8_000.0, 48_000.0, 192_000.0] {
        let loud: Vec<f32> = programme(-10.0, 1.0, rate)[0].clone();
        let scale = 15.85 / peak(&loud);
        let loud: Vec<f32> = loud.iter().map(|x| (4.0 * x * scale).clamp(-15.85, 15.85)).collect();
        for (operating_level_db, drive_db) in [(-24.0, -12.0), (-24.0, 24.0), (-9.0, -12.0), (-9.0, 24.0)] {
            let settings =
                Settings { operating_level_db, drive_db, even_harmonics: 1.2, hysteresis: 1.0, ..Settings::default() };
            let out = play(&settings, rate, std::slice::from_ref(&loud)).remove(0);
            assert!(out.iter().all(|x| x.is_finite()));
            assert!(peak(&out) <= 3.98 * 15.85, "{rate} Hz: {}", peak(&out));
        }
    }
}
