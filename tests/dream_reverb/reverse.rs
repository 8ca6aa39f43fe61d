//! Reverse: backwards, exactly on the grid, from wherever playback began.

use super::kit::RATE;
use dream_reverb::engine::clock::Clock;
use dream_reverb::engine::wander::Wander;
use dream_reverb::engine::{Engine, Settings, Sync};
use green_ring_dsp::{Song, Spec};
use suite_tests::meters::rms;
use suite_tests::signals::{self, Planar};

/// The whole dream in the middle of the room, wet, of which Reverse has `reverse`; nothing else is there.
fn dream(reverse: f32) -> Settings {
    let dream = Settings { dream: 1.0, swell: 0.0, grains: 0.0, shimmer: 0.0, drift: 0.0, ..Settings::default() };
    Settings { mix: 1.0, motion: 0.0, decay_s: 0.5, dream_decay_s: 0.5, start: 0.3, reverse, ..dream }
}

/// `sound`, which begins at song sample 0, from song sample `from` on, at `tempo_bpm`.
fn play_from(from: usize, tempo_bpm: f64, sound: &Planar, settings: &Settings) -> Vec<f32> {
    let mut engine = Engine::new(&Spec { sample_rate: RATE, channels: 2 });
    let mut heard: Planar = sound.iter().map(|side| side[from..].to_vec()).collect();
    let mut block: Vec<&mut [f32]> = heard.iter_mut().map(|side| &mut side[..]).collect();
    engine.process(settings, &Song::new(true, from as i64, tempo_bpm, RATE), &mut block, &[]);
    heard.swap_remove(0)
}

/// By how many samples `heard`, around `line` and for `length` samples after it, is later than `source` backwards from there:
/// the lag at which they are most alike.
fn lag(heard: &[f32], source: &[f32], line: usize, length: usize) -> i64 {
    let alike = |lag: i64| {
        let later = (line as i64 + lag) as usize;
        (length / 4..length - length / 8).map(|k| f64::from(heard[later + k] * source[line - k])).sum::<f64>()
    };
    (-40..=40).max_by(|a, b| alike(*a).total_cmp(&alike(*b))).unwrap()
}

#[test]
fn segments_are_the_tail_backwards_to_the_sample_from_any_start() {
    let sound = signals::white(0.3, 5, 2, (16.0 * RATE) as usize);
    let beats = Settings { sync: Sync::Beats, start: 1.0, reverse_quarters: 2.0, ..dream(1.0) };
    let cases = [
        (Settings { reverse_s: 2.0, ..dream(1.0) }, 120.0, 0.3, 2.0),
        (Settings { reverse_s: 0.2, ..dream(1.0) }, 120.0, 0.3, 0.2),
        (beats, 93.0, 60.0 / 93.0, 120.0 / 93.0),
    ];
    for (settings, tempo_bpm, start_s, length_s) in cases {
        let source = play_from(0, tempo_bpm, &sound, &Settings { reverse: 0.0, ..settings });
        for from in [0, 31_337] {
            let heard = play_from(from, tempo_bpm, &sound, &settings);
            let memory_s = f64::from(Engine::new(&Spec { sample_rate: RATE, channels: 2 }).memory(&settings));
            let ready = from as f64 / RATE + memory_s;
            let lines = (1..).map(|k| start_s + f64::from(k) * length_s).skip_while(|line| *line < ready);
            for line in lines.take_while(|line| line + length_s < 15.5).take(4) {
                let line = (line * RATE).round() as usize - from;
                let lag = lag(&heard, &source[from..], line, (length_s * RATE) as usize);
                assert!(lag.abs() <= 1, "{length_s} s from {from}: {lag} samples late");
            }
        }
    }
}

#[test]
fn a_strike_on_a_line_swells_up_to_the_next_line_but_one() {
    let strike = (2.3 * RATE) as usize;
    let mut sound = signals::silence(2, (8.0 * RATE) as usize);
    sound.iter_mut().for_each(|side| side[strike] = 1.0);
    let settings = Settings { pre_delay_s: 0.0, reverse_s: 1.0, ..dream(1.0) };
    let heard = play_from(0, 120.0, &sound, &settings);
    let line = strike + 2 * RATE as usize;
    let level = |from: usize, seconds: f64| rms(&heard[from..from + (seconds * RATE) as usize]);
    let swell = |before_s: f64| level(line - (before_s * RATE) as usize, 0.1);
    assert!(swell(0.1) > 2.0 * swell(0.4) && swell(0.4) > 2.0 * swell(0.7), "it does not swell");
    assert!(level(line + (0.06 * RATE) as usize, 0.1) < 0.02 * swell(0.1), "it goes on after the line");
}

#[test]
fn the_clock_of_the_dream_wanders_within_8_per_cent_and_keeps_time() {
    for seed in 0..20 {
        let clock = Clock { start: 0.0, second: RATE, wander: Wander::new(seed, 1.0) };
        // Lines a tenth of a second apart, over ten minutes.
        let (lines, told) = (6_000, 0.1 * RATE);
        let places: Vec<f64> = (0..=lines).map(|k| clock.line(k, told).sample as f64).collect();
        let tempos: Vec<f64> = places.windows(2).map(|w| told / (w[1] - w[0]) - 1.0).collect();
        let furthest = tempos.iter().fold(0.0f64, |furthest, tempo| furthest.max(tempo.abs()));
        assert!((0.03..=0.08).contains(&furthest), "seed {seed}: {furthest:.3}");
        let mean = (lines as f64 * told) / (places[lines as usize] - places[0]) - 1.0;
        assert!(mean.abs() < 0.001, "seed {seed}: {mean:.5}");
    }
}
