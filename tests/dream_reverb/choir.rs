//! What a listener hears of Choir.

use super::kit::{RATE, SINE, click_after_a_second, from_s, level_db, pink, play};
use dream_reverb::engine::Settings;
use suite_tests::meters::decay;
use suite_tests::signals;

/// The dream alone, with nothing but Choir in it.
fn dream() -> Settings {
    let still =
        Settings { reverse: 0.0, grains: 0.0, drift: 0.0, swell: 0.0, shimmer: 0.0, drone: 0.0, ..Settings::default() };
    Settings { mix: 1.0, dream: 1.0, dream_decay_s: 3.0, choir: 1.0, ..still }
}

/// Level of pink noise through `settings` in a third of an octave about each of `hz`, re the dream without a choir, in dB.
fn coloured_db(settings: Settings, hz: &[f64]) -> Vec<f64> {
    let thirds = |settings: Settings| -> Vec<f64> {
        let heard = from_s(&play(RATE, pink(14.0), |_| settings), 4.0);
        let spectrum = decay::spectrum(&heard[0]);
        let bin = |hz: f64| (hz * heard[0].len() as f64 / RATE) as usize;
        hz.iter().map(|hz| 10.0 * spectrum[bin(0.94 * hz)..bin(1.06 * hz)].iter().sum::<f64>().log10()).collect()
    };
    thirds(settings).iter().zip(thirds(Settings { choir: 0.0, ..settings })).map(|(a, b)| a - b).collect()
}

#[test]
fn vowels_stand_out_of_the_tail() {
    // The first two resonances of a, i and u, between which the ear tells vowels, and a valley beside them. A third of the
    // dream is the tail itself, which fills the valleys; the second resonance of a sung i is 15 dB weaker than its first.
    for (vowel, peaks, valley, second_db) in [
        (0.0, [680.0, 1_090.0], 1_700.0, 2.0),
        (2.0, [310.0, 1_800.0], 1_000.0, 0.5),
        (4.0, [340.0, 680.0], 1_500.0, 2.0),
    ] {
        let db = coloured_db(Settings { vowel, ..dream() }, &[peaks[0], peaks[1], valley]);
        assert!(db[0] > db[2] + 6.0 && db[1] > db[2] + second_db, "{vowel}: {db:.1?}");
    }
}

#[test]
fn it_neither_adds_nor_takes_level() {
    let level = |settings: Settings| level_db(&play(RATE, pink(14.0), |_| settings), 4.0, 14.0);
    let without = level(Settings { choir: 0.0, ..dream() });
    for vowel in [0.0, 1.5, 4.0] {
        let over = level(Settings { vowel, ..dream() }) - without;
        assert!(over.abs() <= 1.5, "{vowel}: {over:.2} dB");
    }
}

#[test]
fn its_moves_do_not_click() {
    let sine = || signals::sine(440.0, SINE, RATE, 2, 7 * RATE as usize);
    let floor = click_after_a_second(&play(RATE, sine(), |_| dream()));
    let there_and_back = |t: f64| (1.0 - (t - 4.0).abs() / 2.0).max(0.0) as f32;
    let swept = play(RATE, sine(), |t| Settings { vowel: 4.0 * there_and_back(t), ..dream() });
    let stepped = play(RATE, sine(), |t| Settings { vowel: 4.0 * (t as usize % 2) as f32, ..dream() });
    let switched = play(RATE, sine(), |t| Settings { choir: (t as usize % 2) as f32, ..dream() });
    for (name, heard) in [("swept", swept), ("stepped", stepped), ("switched", switched)] {
        let click = 10.0 * (click_after_a_second(&heard) - floor).max(1e-12).log10();
        assert!(click <= -80.0, "{name}: {click:.1} dB");
    }
}
