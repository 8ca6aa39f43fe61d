//! Tape Stop and print-through, as they are heard behind the whole machine.

use suite_tests::meters::tape::{Demodulated, tone};
use suite_tests::meters::{click, difference_db};
use tape_decay::engine::print_through::Print;
use tape_decay::engine::{Machine, Settings};

use crate::player::{RATE, clean, latency, play};

/// Braked from 1 s on, released at 3 s.
fn stopped(frame: usize) -> Settings {
    let tape_stop = (RATE as usize..3 * RATE as usize).contains(&frame);
    Settings { tape_stop, stop_time_s: 1.0, ..clean() }
}

/// The frame of the output at which `seconds` of the song are heard.
fn heard(seconds: f64) -> usize {
    (seconds * RATE) as usize + latency(RATE)
}

#[test]
fn the_pitch_falls_to_a_standstill_and_rejoins_the_present() {
    let sound = tone(2_000.0, 0.05, 6.0, RATE);
    let (braked, plain) = (play(stopped, 0, &sound), play(|_| clean(), 0, &sound));
    assert_eq!(braked[..heard(0.98)], plain[..heard(0.98)]);
    assert!(braked[heard(2.1)..heard(2.95)].iter().all(|x| x.abs() < 1e-5), "it stands");
    let error_db = difference_db(&braked[heard(4.2)..], &plain[heard(4.2)..]);
    assert!(error_db < -120.0, "{error_db:.1} dB from the present");
    // Half way the speed is three quarters, by 1 - t^2.
    let stretch = &braked[heard(1.3)..heard(1.7)];
    let fallen = Demodulated::new(stretch, 1_500.0, 600.0, RATE);
    let speeds = fallen.speed();
    let middle = 0.75 * (1.0 + speeds[speeds.len() / 2]);
    assert!((middle - 0.75).abs() < 0.03, "{middle:.3}");
}

#[test]
fn the_switch_does_not_click() {
    let sound = tone(440.0, 0.05, 6.0, RATE);
    for stop_time_s in [0.1, 1.0] {
        let out = play(|frame| Settings { stop_time_s, ..stopped(frame) }, 0, &sound);
        let worst_db = 10.0 * click::windows(&[out], RATE, 0.05)[40..].iter().fold(0.0f64, |a, b| a.max(*b)).log10();
        assert!(worst_db <= -80.0, "{stop_time_s} s: {worst_db:.1} dB");
    }
}

#[test]
fn the_print_comes_one_turn_of_the_reel_later() {
    for (machine, speed_ips) in [(Machine::Studio, 15.0), (Machine::Domestic, 7.5), (Machine::Cassette, 1.875)] {
        let print = Print::new(machine, speed_ips);
        let settings = |print_through_db| Settings { machine, speed_ips, print_through_db, ..clean() };
        let mut sound = tone(print.crest_hz, 0.3, 4.0, RATE);
        sound[9_600..].fill(0.0);
        let (with, without) = (play(|_| settings(-50.0), 0, &sound), play(|_| settings(f32::NEG_INFINITY), 0, &sound));
        let copy: Vec<f32> = with.iter().zip(&without).map(|(a, b)| a - b).collect();
        let peak = |x: &[f32]| x.iter().fold(0.0f32, |a, b| a.max(b.abs()));
        let early = heard(print.turn_s - 0.01);
        assert!(peak(&copy[..early]) < 1e-6 && peak(&copy[early..heard(print.turn_s + 0.05)]) > 1e-4);
        let (from, to) = (heard(print.turn_s + 0.05), heard(print.turn_s + 0.19));
        let sent = peak(&without[heard(0.05)..heard(0.19)]);
        let level_db = 20.0 * (peak(&copy[from..to]) / sent).log10();
        assert!((level_db + 50.0).abs() < 0.5, "{machine:?} at {speed_ips} ips: {level_db:.2} dB");
    }
}
