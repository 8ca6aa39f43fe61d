//! What a listener hears of Shimmer.

use super::kit::{RATE, SINE, click_after_a_second, level_db, pink, play};
use dream_reverb::engine::Settings;
use suite_tests::meters::decay;
use suite_tests::signals::{self, Planar};

/// The dream alone, with nothing but Shimmer in it.
fn dream() -> Settings {
    let still =
        Settings { reverse: 0.0, grains: 0.0, drift: 0.0, swell: 0.0, choir: 0.0, drone: 0.0, ..Settings::default() };
    Settings { mix: 1.0, dream: 1.0, dream_decay_s: 20.0, shimmer: 1.0, ..still }
}

/// Power of the left side of `sound` within 3 % of `hz`, from `from` to `to` seconds, in dB.
fn near_db(sound: &Planar, hz: f64, from: f64, to: f64) -> f64 {
    let part = &sound[0][(from * RATE) as usize..(to * RATE) as usize];
    let spectrum = decay::spectrum(part);
    let bin = |hz: f64| (hz * part.len() as f64 / RATE) as usize;
    10.0 * spectrum[bin(0.97 * hz)..bin(1.03 * hz)].iter().sum::<f64>().log10()
}

#[test]
fn pink_noise_settles_within_three_decibels() {
    let without = play(RATE, pink(60.0), |_| Settings { shimmer: 0.0, ..dream() });
    for shimmer_cents in [-2_400.0, 0.0, 1_200.0] {
        let heard = play(RATE, pink(60.0), |_| Settings { shimmer_cents, ..dream() });
        let over = [20.0, 40.0].map(|from| level_db(&heard, from, from + 20.0) - level_db(&without, from, from + 20.0));
        assert!(over[1] <= 3.0 && (over[1] - over[0]).abs() <= 0.5, "{shimmer_cents} cents: {over:.2?} dB");
    }
}

#[test]
fn the_first_tail_is_natural_and_octaves_rise_out_of_it() {
    let note = |t: f64| if t < 1.0 { 0.3 } else { 0.0 };
    let sine = signals::sine(400.0, 1.0, RATE, 2, 8 * RATE as usize);
    let sound: Planar = sine
        .iter()
        .map(|side| side.iter().enumerate().map(|(n, x)| x * note(n as f64 / RATE) as f32).collect())
        .collect();
    let with = play(RATE, sound.clone(), |_| Settings { dream_decay_s: 9.0, ..dream() });
    let without = play(RATE, sound, |_| Settings { dream_decay_s: 9.0, shimmer: 0.0, ..dream() });
    let first = near_db(&with, 400.0, 0.2, 1.0) - near_db(&without, 400.0, 0.2, 1.0);
    // The room makes way for what comes back, by a decibel.
    assert!(first.abs() <= 1.5, "the first tail: {first:.2} dB");
    let (octave, above) = (near_db(&with, 800.0, 2.0, 4.0), near_db(&with, 1_600.0, 3.0, 6.0));
    let base = near_db(&with, 400.0, 2.0, 4.0);
    assert!(octave > base - 12.0 && above > base - 24.0, "{base:.1}, {octave:.1}, {above:.1} dB");
    assert!(octave > near_db(&without, 800.0, 2.0, 4.0) + 30.0);
}

#[test]
fn nothing_folds_back() {
    let open = Settings { high_cut_hz: 20_000.0, high_decay: 1.0, motion: 0.0, ..dream() };
    // A tone that begins softly: an onset would ring on in all bands.
    let mut tone = signals::sine(13_500.0, 0.3, RATE, 2, 6 * RATE as usize);
    for side in &mut tone {
        side.iter_mut().take(RATE as usize).enumerate().for_each(|(n, x)| {
            *x *= (0.5 - 0.5 * (std::f64::consts::PI * n as f64 / RATE).cos()) as f32;
        });
    }
    let heard = play(RATE, tone, |_| open);
    // An octave above lies beyond Nyquist: whatever is heard below the tone has been folded or is noise.
    let part: Vec<f32> = heard[0][4 * RATE as usize..].to_vec();
    let spectrum = decay::spectrum(&part);
    let bin = |hz: f64| (hz * part.len() as f64 / RATE) as usize;
    let power = |from: f64, to: f64| spectrum[bin(from)..bin(to)].iter().sum::<f64>();
    let folded = 10.0 * (power(100.0, 12_500.0) / power(13_000.0, 14_000.0)).log10();
    assert!(folded <= -70.0, "{folded:.1} dB");
}

#[test]
fn off_it_is_not_there() {
    let off = Settings { shimmer: 0.0, ..dream() };
    let heard = [-700.0, 1_200.0].map(|shimmer_cents| play(RATE, pink(3.0), |_| Settings { shimmer_cents, ..off }));
    assert!(heard[0] == heard[1]);
    let [real, plain] = [1.0, 0.0].map(|shimmer| play(RATE, pink(3.0), |_| Settings { shimmer, dream: 0.0, ..off }));
    assert!(real == plain, "it is heard at Dream 0");
}

#[test]
fn its_moves_do_not_click() {
    let sine = || signals::sine(440.0, SINE, RATE, 2, 7 * RATE as usize);
    let still = play(RATE, sine(), |_| dream());
    let floor = click_after_a_second(&still);
    let there_and_back = |t: f64| (1.0 - (t - 4.0).abs() / 2.0).max(0.0) as f32;
    let swept = play(RATE, sine(), |t| Settings { shimmer: there_and_back(t), ..dream() });
    let stepped = play(RATE, sine(), |t| Settings { shimmer: (t as usize % 2) as f32, ..dream() });
    let bent = play(RATE, sine(), |t| Settings { shimmer_cents: 4_800.0 * there_and_back(t) - 2_400.0, ..dream() });
    for (name, heard) in [("swept", swept), ("stepped", stepped), ("bent", bent)] {
        let click = 10.0 * (click_after_a_second(&heard) - floor).max(1e-12).log10();
        // Two octaves up there is true sound above 9 kHz in the end: harmonics of harmonics are not, the tone is one.
        assert!(click <= -80.0, "{name}: {click:.1} dB");
    }
}
