//! The bounce is the playback: grid, tempo, cuts, places, rates.

use misbehave::engine::Shape;
use suite_tests::meters::events as meter;

use super::*;

/// Chaos as it is not heard elsewhere: a tape that runs ahead, voices that keep their size, a drifting clock, a rise.
fn other_chaos() -> Settings {
    Settings {
        speed_shape: Shape::Ramp,
        pitch_formants: true,
        clock_drift_s: 0.05,
        growth: -0.3,
        rise: 0.5,
        rise_cycle_bars: 4.0,
        ..chaos()
    }
}

#[test]
fn onsets_lie_on_the_hosts_grid_to_the_sample() {
    for (tempo_bpm, rate_hz) in
        [(60.0, 48_000.0), (93.7, 44_100.0), (120.0, 48_000.0), (128.0, 96_000.0), (171.3, 192_000.0)]
    {
        let step = 0.5 * 60.0 / tempo_bpm * rate_hz;
        // The event on Start finds nothing behind it.
        let grid = (1..).map(|k| (4.0 * f64::from(k) * step - 1e-6).ceil() as usize);
        let mut input = noise(12.0, rate_hz);
        let want: Vec<usize> = grid.take_while(|n| *n < input[0].len()).collect();
        // Faint where an event begins: the first weight of a fade, one ten-millionth at 192 kHz, is seen in any sample.
        for channel in &mut input {
            want.iter().for_each(|at| channel[*at] *= 1e-4);
        }
        for cuts in [&[1][..], &[64], &[4_096], &[7, 1_000, 333]] {
            let take = Take { rate_hz, tempo_bpm, cuts, ..Take::PLAIN };
            let settings = Settings { grid_quarters: 0.5, activity: 0.25, ..order(Lane::Reverse) };
            let wet = take.play(&settings, &input);
            let spans = meter::touched(&input, &wet, 64);
            let have: Vec<usize> = spans.iter().map(|span| span.0).collect();
            assert_eq!(have, want, "{tempo_bpm} bpm, {rate_hz} Hz, {cuts:?}");
        }
    }
}

#[test]
fn onsets_follow_a_tempo_ramp_within_a_sample() {
    // 100 to 130 bpm in a straight line over time, and back down: told at the start of each block, of any size.
    for (slope, from_bpm) in [(1.5, 100.0), (-1.5, 130.0)] {
        for cuts in [&[1][..], &[64], &[512], &[2_048], &[4_096], &[7, 4_096, 333]] {
            let worst = worst_on_a_ramp(slope, from_bpm, cuts);
            println!("{slope} bpm a second, blocks of {cuts:?}: {worst} samples");
            assert!(worst <= 1, "{slope} {cuts:?}: {worst}");
        }
    }
}

/// Samples by which an onset lies beside its beat, at most, in 20 s of a tempo ramp.
fn worst_on_a_ramp(slope: f64, from_bpm: f64, cuts: &[usize]) -> usize {
    let (rate_hz, settings) = (48_000.0, Settings { activity: 0.25, ..order(Lane::Reverse) });
    let input = noise(20.0, rate_hz);
    let mut engine = Engine::new(&Take::PLAIN.spec());
    let mut clock = green_ring_dsp::SongClock::new(rate_hz);
    let tempo = |n: f64| from_bpm + slope * n / rate_hz;
    let beat = |n: f64| n / rate_hz * (from_bpm + 0.5 * slope * n / rate_hz) / 60.0;
    let (mut out, mut at) = (input.clone(), 0);
    for cut in cuts.iter().cycle() {
        let end = (at + cut).min(input[0].len());
        let host = green_ring_dsp::HostTransport {
            playing: true,
            tempo_bpm: Some(tempo(at as f64)),
            sample: Some(at as f64),
            beat: Some(beat(at as f64)),
        };
        let song = clock.advance(&host, end - at);
        let mut block: Vec<&mut [f32]> = out.iter_mut().map(|channel| &mut channel[at..end]).collect();
        engine.process(&settings, &song, &mut block);
        at = end;
        if at == input[0].len() {
            break;
        }
    }
    let next = |n: &usize| beat(*n as f64).floor() > beat(*n as f64 - 1.0).floor();
    let want: Vec<usize> = (1..input[0].len()).filter(next).collect();
    let spans = meter::touched(&input, &out, 64);
    assert!(spans.len() > 30 && want.len() >= spans.len());
    spans.iter().zip(&want).map(|(span, want)| span.0.abs_diff(*want)).max().unwrap()
}

#[test]
fn any_cut_and_any_run_is_the_same_sound() {
    let input = noise(10.0, 48_000.0);
    let mut engine = Engine::new(&Take::PLAIN.spec());
    let whole = Take::PLAIN.play_on(&mut engine, &other_chaos(), &input);
    for cuts in [&[1][..], &[7], &[4_096], &[1, 999, 32, 31]] {
        let take = Take { cuts, ..Take::PLAIN };
        engine.reset();
        assert!(take.play_on(&mut engine, &other_chaos(), &input) == whole, "{cuts:?}");
    }
    assert!(Take::PLAIN.play(&other_chaos(), &input) == whole);
}

#[test]
fn wherever_playing_begins_it_is_the_same_song_after_the_memory() {
    let input = noise(25.0, 48_000.0);
    let whole = Take::PLAIN.play(&other_chaos(), &input);
    for from in [12_345usize, 200_000] {
        let take = Take { from: from as i64, ..Take::PLAIN };
        let mut engine = Engine::new(&take.spec());
        let rest: Planar = input.iter().map(|c| c[from..].to_vec()).collect();
        let out = take.play_on(&mut engine, &other_chaos(), &rest);
        let after = (engine.memory(&other_chaos()) as f64 * 48_000.0) as usize;
        assert!((0..2).all(|c| out[c][after..] == whole[c][from + after..]), "from {from}");
    }
}

#[test]
fn a_loop_sounds_on_each_pass_like_the_straight_playback() {
    // Two bars, twelve, and back to the third: what lies before it is still its past.
    let input = noise(24.0, 48_000.0);
    let settings = Settings { activity: 0.5, ..order(Lane::Reverse) };
    let mut engine = Engine::new(&Take::PLAIN.spec());
    let whole = Take::PLAIN.play_on(&mut engine, &settings, &input);
    let (from, to) = (4 * 48_000, 8 * 48_000);
    let back = Take { from: from as i64, ..Take::PLAIN };
    let pass: Planar = input.iter().map(|c| c[from..to].to_vec()).collect();
    engine.reset();
    Take::PLAIN.play_on(&mut engine, &settings, &input.iter().map(|c| c[..to].to_vec()).collect());
    let again = back.play_on(&mut engine, &settings, &pass);
    // The splice of the jump itself takes a few milliseconds.
    assert!((0..2).all(|c| again[c][480..] == whole[c][from + 480..to]));
}

#[test]
fn a_cue_moved_with_its_start_is_the_same_cue() {
    let input = noise(12.0, 48_000.0);
    let whole = Take::PLAIN.play(&chaos(), &input);
    for moved in [1_i64, 777, 96_000, -48_000] {
        let take = Take { from: moved, ..Take::PLAIN };
        let start = moved as f64 / 24_000.0;
        assert!(take.play(&Settings { start, ..chaos() }, &input) == whole, "{moved}");
        let time = Settings { sync: Sync::Time, grid_s: 0.1, ..chaos() };
        let still = Take::PLAIN.play(&time, &input);
        let start = moved as f64 / 48_000.0;
        assert!(take.play(&Settings { start, ..time }, &input) == still, "{moved} in time");
    }
}

#[test]
fn events_are_the_same_at_every_rate() {
    let time = Settings { sync: Sync::Time, grid_s: 0.07, edge: 1.0, ..chaos() };
    for settings in [Settings::default(), chaos(), time, other_chaos()] {
        let told = |rate_hz: f64| {
            let take = Take { rate_hz, tempo_bpm: 111.1, ..Take::PLAIN };
            take.told(&settings, 0..(60.0 * rate_hz) as i64)
        };
        let want = told(48_000.0);
        assert!(want.len() > 50);
        for rate_hz in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
            let have = told(rate_hz);
            assert_eq!(have.len(), want.len());
            let unit = if settings.sync == Sync::Time { rate_hz } else { 60.0 / 111.1 * rate_hz };
            for (a, b) in have.iter().zip(&want) {
                // The place is the same, and at every rate the event begins at the first sample after it.
                let late = a.start_sample as f64 - b.start * unit;
                assert!((-1e-3..1.0).contains(&late), "{late} of a sample at {rate_hz}: {a:?} {b:?}");
                assert!((a.start - b.start).abs() < 1e-9, "{a:?} {b:?}");
                let longer = a.length_samples as f64 - b.length_samples as f64 * rate_hz / 48_000.0;
                assert!(longer.abs() <= 1.0 + rate_hz / 48_000.0, "{a:?} {b:?}");
                assert_eq!((a.lane, a.step, a.strength), (b.lane, b.step, b.strength));
            }
        }
    }
}

#[test]
fn no_tempo_makes_the_future_overflow() {
    const FROM: [i64; 4] = [0, -1_000_000, 1 << 50, i64::MIN / 4];
    for tempo_bpm in [1e-20, 1.0, 1e6, 1e30] {
        for start in [0.0, 1e30, f64::NAN] {
            let settings = Settings { start, repeat_bars: 1, clock_drift_s: 0.08, ..chaos() };
            for (sync, from) in [Sync::Beats, Sync::Time].into_iter().flat_map(|sync| FROM.map(|from| (sync, from))) {
                let take = Take { tempo_bpm, ..Take::PLAIN };
                let told = take.told(&Settings { sync, ..settings }, from..from + 48_000);
                assert!(told.iter().all(|e| (0..48_000).contains(&(e.start_sample - from))), "{tempo_bpm} {start}");
            }
        }
    }
}
