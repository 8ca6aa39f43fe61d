//! What a listener hears of Drone.

use super::kit::{RATE, SINE, click_after_a_second, from_s, play};
use dream_reverb::engine::Settings;
use suite_tests::meters::decay;
use suite_tests::signals::{self, Planar};

/// The dream alone, with nothing but Drone in it.
fn dream() -> Settings {
    let still =
        Settings { reverse: 0.0, grains: 0.0, drift: 0.0, swell: 0.0, shimmer: 0.0, choir: 0.0, ..Settings::default() };
    Settings { mix: 1.0, dream: 1.0, dream_decay_s: 4.0, drone: 1.0, early_db: f32::NEG_INFINITY, ..still }
}

/// A note of `hz` for six seconds, then silence.
fn note(hz: f64, seconds: f64) -> Planar {
    let mut sound = signals::sine(hz, 0.3, RATE, 2, (seconds * RATE) as usize);
    sound.iter_mut().for_each(|side| side[6 * RATE as usize..].fill(0.0));
    sound
}

/// Power within 3 % of `hz`, from `from` to `to` seconds, of `side`, in dB.
fn near_db(side: &[f32], hz: f64, from: f64, to: f64) -> f64 {
    let part = &side[(from * RATE) as usize..(to * RATE) as usize];
    let spectrum = decay::spectrum(part);
    let bin = |hz: f64| (hz * part.len() as f64 / RATE) as usize;
    10.0 * spectrum[bin(0.97 * hz)..=bin(1.03 * hz)].iter().sum::<f64>().log10()
}

#[test]
fn it_hums_octaves_below_what_was_held_and_outlasts_it() {
    for (hz, low_hz) in [(220.0, 55.0), (261.63, 65.41)] {
        let heard = play(RATE, note(hz, 14.0), |_| dream());
        let without = play(RATE, note(hz, 14.0), |_| Settings { drone: 0.0, ..dream() });
        let hummed = near_db(&heard[0], low_hz, 4.0, 6.0);
        assert!(hummed > near_db(&without[0], low_hz, 4.0, 6.0) + 30.0, "{hz}: nothing is hummed");
        // In a gap of six seconds the tail falls by 90 dB and the hum by half of that.
        let (tail, hum) = (near_db(&without[0], hz, 11.0, 13.0), near_db(&heard[0], low_hz, 11.0, 13.0));
        assert!(hum > tail + 20.0 && hum > hummed - 65.0, "{hz}: hum {hummed:.1}, then {hum:.1}, tail {tail:.1} dB");
    }
}

#[test]
fn it_is_one_below_a_hundred_hertz() {
    let heard = from_s(&play(RATE, note(220.0, 8.0), |_| dream()), 4.0);
    let lows: Planar = heard
        .iter()
        .map(|side| {
            let mut low: Vec<f64> = side.iter().map(|x| f64::from(*x)).collect();
            (0..2).for_each(|_| decay::cut(&mut low, 90.0, RATE, false));
            low.iter().map(|x| *x as f32).collect()
        })
        .collect();
    let likeness = decay::correlation(&lows[0], &lows[1]);
    assert!(likeness > 0.98, "{likeness:.3}");
}

#[test]
fn its_moves_do_not_click() {
    let sine = || signals::sine(440.0, SINE, RATE, 2, 7 * RATE as usize);
    let floor = click_after_a_second(&play(RATE, sine(), |_| dream()));
    let stepped = play(RATE, sine(), |t| Settings { drone: (t as usize % 2) as f32, ..dream() });
    let leaning = play(RATE, sine(), |t| Settings { drift: (t as usize % 2) as f32, ..dream() });
    for (name, heard) in [("stepped", stepped), ("leaning", leaning)] {
        let click = 10.0 * (click_after_a_second(&heard) - floor).max(1e-12).log10();
        assert!(click <= -80.0, "{name}: {click:.1} dB");
    }
}
