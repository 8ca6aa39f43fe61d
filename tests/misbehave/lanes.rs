//! How each lane sounds.

use suite_tests::meters::{self, events as meter};
use suite_tests::signals;

use super::*;

#[test]
fn splices_are_not_heard() {
    let rate_hz = 48_000.0;
    let frames = 30 * 48_000;
    let mix = |a: &Planar, b: &Planar| -> Planar {
        a.iter().zip(b).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + b).collect()).collect()
    };
    let sines = mix(&signals::sine(220.0, 0.2, rate_hz, 2, frames), &signals::sine(1_234.5, 0.1, rate_hz, 2, frames));
    let mut dark = signals::white(0.5, 9, 2, frames);
    for channel in &mut dark {
        for _ in 0..2 {
            let mut low = green_ring_dsp::filter::OnePole::default();
            low.set_hz(300.0, rate_hz as f32);
            channel.iter_mut().for_each(|x| *x = low.low(*x));
        }
    }
    for (name, input) in [("two sines", sines), ("dark noise", dark)] {
        for lane in Lane::ALL {
            let hard = splices_p95_db(lane, 1.0, &input);
            println!("{name}, {lane:?}, hard: p95 {hard:.1} dB");
            // The steps of a crushed sound cover even that.
            assert!(hard > 4.0 || lane == Lane::Crush, "{name}, {lane:?}: a hard splice must be heard, not {hard}");
            for edge in [0.0, 0.25, 0.5] {
                let p95 = splices_p95_db(lane, edge, &input);
                println!("{name}, {lane:?}, Edge {edge}: p95 {p95:.1} dB");
                assert!(p95 <= 4.0, "{name}, {lane:?}, Edge {edge}: {p95}");
            }
        }
    }
}

/// What 95 % of a lane's splices do not exceed, at 48 kHz: both ends of its events and, each half step, what may
/// lie between.
fn splices_p95_db(lane: Lane, edge: f32, input: &Planar) -> f64 {
    let settings = Settings { edge, ..order(lane) };
    let wet = Take::PLAIN.play(&settings, input);
    let told = Take::PLAIN.told(&settings, 96_000..input[0].len() as i64);
    let cuts: Vec<usize> =
        told.iter().flat_map(|e| (e.start_sample..=e.end_sample()).step_by(3_000)).map(|at| at as usize).collect();
    let levels = match lane {
        // A crushed sound, noise on another note, a tape that stops and a loop have another treble than the dry sound: by
        // the median of both the meter would show the lane, not its splices.
        Lane::Speed | Lane::Crush | Lane::Pitch | Lane::Feedback => meter::splices_between_db(&wet[0], &cuts, 48_000.0),
        _ => meter::splices_db(&wet[0], &cuts, 48_000.0),
    };
    meter::percentile(&levels, 0.95)
}

/// The power around moments in both channels of `sound`, re `usual`, in dB: each 1 ms of the 12 ms before and after them.
fn powers_around_db(sound: &Planar, moments: &[usize], usual: f64) -> Vec<f64> {
    let power = |from: usize| sound.iter().map(|channel| meters::rms(&channel[from..from + 48]).powi(2)).sum::<f64>();
    let whole: Vec<usize> = moments.iter().copied().filter(|at| (600..sound[0].len() - 600).contains(at)).collect();
    (0..24)
        .map(|k| whole.iter().map(|at| power(at + 48 * k - 576)).sum::<f64>() / whole.len() as f64)
        .map(|mean| 10.0 * (mean / usual).log10())
        .collect()
}

#[test]
fn noise_is_as_loud_in_a_splice_as_around_it() {
    let input = noise(60.0, 48_000.0);
    let usual = input.iter().map(|channel| meters::rms(channel).powi(2)).sum::<f64>();
    // The others change the level by themselves.
    for lane in [Lane::Stutter, Lane::Reverse, Lane::Scatter, Lane::Pitch] {
        // Events apart from each other, and one after the other.
        for (edge, activity) in [(0.0, 0.3), (0.5, 0.3), (0.5, 1.0)] {
            let settings = Settings { edge, activity, ..order(lane) };
            let wet = Take::PLAIN.play(&settings, &input);
            let told = Take::PLAIN.told(&settings, 96_000..input[0].len() as i64);
            for (name, moment) in
                [("in", (|event| event.start_sample) as fn(&Event) -> i64), ("out", Event::end_sample)]
            {
                let moments: Vec<usize> = told.iter().map(|event| moment(event) as usize).collect();
                let levels = powers_around_db(&wet, &moments, usual);
                // A shifted noise lacks treble: what counts is what lies between the levels before and after.
                let ([first, .., last], what) =
                    (&levels[..], format!("{lane:?}, Edge {edge}, Activity {activity}, {name}"))
                else {
                    unreachable!("levels were measured")
                };
                let least = levels.iter().fold(f64::MAX, |m, db| m.min(*db)) - first.min(*last);
                let most = levels.iter().fold(f64::MIN, |m, db| m.max(*db)) - first.max(*last);
                println!("{what}: {least:+.1} to {most:+.1} dB over {} splices", moments.len());
                assert!(least >= -1.0 && most <= 1.0, "{what}: {levels:.1?}");
            }
        }
    }
}

/// A voice of syllables: vowels between consonants that are shorter and as loud.
fn syllables(frames: usize) -> Planar {
    let hiss = signals::white(1.0, 8, 1, frames).remove(0);
    let voice = (0..frames).map(|n| {
        let t = n % 17_000;
        let vowel = (0.016 * n as f32).sin().powi(3) * ((t as f32 - 4_000.0) / 3_000.0).clamp(0.0, 1.0);
        let consonant = if t < 300 { hiss[n] } else { 0.0 };
        0.3 * if t < 12_000 { vowel + consonant } else { 0.001 * hiss[n] }
    });
    let voice: Vec<f32> = voice.collect();
    vec![voice.clone(), voice]
}

#[test]
fn a_reversed_voice_does_not_burst() {
    let input = syllables(40 * 48_000);
    for grid_quarters in [0.25, 0.5, 1.0] {
        let settings = Settings { grid_quarters, ..order(Lane::Reverse) };
        let wet = Take::PLAIN.play(&settings, &input);
        let louder = meters::db(f64::from(meters::peak(&wet[0]) / meters::peak(&input[0])));
        println!("steps of {grid_quarters}: peak {louder:+.1} dB");
        // Two unlike sounds fade at equal power, and where both have a peak there it is 3 dB higher.
        assert!(louder <= 3.5, "{louder} dB");
    }
}

#[test]
fn what_was_not_heard_yet_passes_and_is_never_silence() {
    let input = noise(6.0, 48_000.0);
    // Holes and standstills are silent by themselves.
    for lane in Lane::ALL.into_iter().filter(|lane| *lane != Lane::Gate) {
        for (chaos, reach_bars) in [(0.0, 1.0), (1.0, 8.0)] {
            let settings =
                Settings { chaos, reach_bars, activity: 1.0, speed_amount: 0.5, crush_bits: 16.0, ..order(lane) };
            let wet = Take::PLAIN.play(&settings, &input);
            let quietest = wet[0].chunks(480).map(meters::rms).fold(f64::MAX, f64::min) / meters::rms(&input[0]);
            assert!(meters::db(quietest) > -15.0, "{lane:?}, Chaos {chaos}: {:.1} dB", meters::db(quietest));
            let first = meter::touched(&input, &wet, 64).first().map(|span| span.0);
            println!(
                "{lane:?}, Chaos {chaos}: first touched at {first:?}, quietest 10 ms {:.1} dB",
                meters::db(quietest)
            );
        }
    }
}

#[test]
fn within_two_bars_of_the_first_insert_it_is_heard_and_pretty() {
    // A pad that breathes, whatever the seed, and wherever it is inserted.
    let mut input = signals::silence(2, 4 * 48_000);
    for (n, x) in input.iter_mut().flat_map(|channel| channel.iter_mut().enumerate()) {
        let t = n as f64 / 48_000.0;
        let note = |hz: f64| (std::f64::consts::TAU * hz * t).sin();
        let chord = note(110.0) + note(220.0) + note(277.2) + note(329.6) + 0.3 * note(1_318.5);
        *x = (0.06 * chord * (1.0 + 0.5 * (2.0 * t).sin())) as f32;
    }
    let (mut levels, mut lanes) = (vec![], vec![]);
    for seed in 0..16 {
        let (settings, take) =
            (Settings { seed, ..Settings::default() }, Take { from: 6_000 * 37 * i64::from(seed), ..Take::PLAIN });
        let wet = take.play(&settings, &input);
        let told = take.told(&settings, take.from..take.from + 4 * 48_000);
        let at = |sample: i64| (sample - take.from) as usize;
        let heard: Vec<&Event> = told
            .iter()
            .filter(|e| !(0..2_000).all(|k| same(&wet, &input, (at(e.start_sample) + k).min(191_999))))
            .collect();
        let mut kinds: Vec<u8> = heard.iter().map(|e| e.lane as u8).collect();
        kinds.sort_unstable();
        kinds.dedup();
        assert!(heard.len() >= 4 && kinds.len() >= 2, "seed {seed}: {} events of {} lanes", heard.len(), kinds.len());
        lanes.push(kinds.len());
        let ends: Vec<usize> = heard.iter().flat_map(|e| [at(e.start_sample), at(e.end_sample())]).collect();
        levels.extend(meter::splices_between_db(&wet[0], &ends, 48_000.0));
        let louder = meters::loudness(&wet, 48_000.0) - meters::loudness(&input, 48_000.0);
        let peak = meters::db(f64::from(meters::peak(&wet[0]) / meters::peak(&input[0])));
        assert!(louder.abs() <= 2.0 && peak <= 4.5, "seed {seed}: {louder:+.1} LU, peak {peak:+.1} dB");
    }
    let p95 = meter::percentile(&levels, 0.95);
    println!("first two bars: splices p95 {p95:.1} dB, lanes {lanes:?}");
    assert!(p95 <= 4.0, "{p95} dB");
}

#[test]
fn a_stutter_keeps_the_attack_of_its_slice() {
    // A drum on every step; the stutter repeats the one before it.
    let rate_hz = 48_000.0;
    let mut input = signals::silence(2, 10 * 48_000);
    for channel in &mut input {
        for (n, x) in channel.iter_mut().enumerate() {
            let t = (n % 12_000) as f64 / rate_hz;
            *x = (0.5 * (-t * 60.0).exp() * (t * 2_000.0).min(1.0) * (1_500.0 * t).sin()) as f32;
        }
    }
    for edge in [0.0, 0.15, 0.5] {
        let settings = Settings { grid_quarters: 0.5, activity: 0.25, edge, ..order(Lane::Stutter) };
        let wet = Take::PLAIN.play(&settings, &input);
        let told = Take::PLAIN.told(&settings, 96_000..9 * 48_000);
        let five_ms = |sound: &Planar, at: usize| meters::peak(&sound[0][at..at + 240]);
        for event in told {
            for repeat in 0..4 {
                let at = event.start_sample as usize + repeat * 6_000;
                // The slice is entered a quarter of a millisecond ahead of its attack.
                let kept = five_ms(&wet, at) / five_ms(&input, event.start_sample as usize - 12_000);
                assert!(kept >= 0.95, "Edge {edge}: {kept}");
            }
            // What begins where it ends is whole as well.
            let after = event.end_sample() as usize;
            assert!(wet[0][after..after + 480] == input[0][after..after + 480]);
        }
    }
}

#[test]
fn a_reversed_decay_still_decays_in_order_and_swells_in_plain() {
    let rate_hz = 48_000.0;
    let mut input = noise(10.0, rate_hz);
    for channel in &mut input {
        for (n, x) in channel.iter_mut().enumerate() {
            *x *= (-((n % 12_000) as f32) / 3_000.0).exp();
        }
    }
    let settings = Settings { grid_quarters: 0.25, activity: 0.25, edge: 0.5, ..order(Lane::Reverse) };
    let wet = Take::PLAIN.play(&settings, &input);
    let event = Take::PLAIN.told(&settings, 96_000..480_000)[0];
    let from = event.start_sample as usize;
    let half = event.length_samples as usize / 2;
    let fall =
        meters::db(meters::rms(&wet[0][from + 480..from + half]) / meters::rms(&wet[0][from + half..][..half - 480]));
    assert!(fall > 10.0, "{fall} dB");
}

#[test]
fn a_scatter_keeps_the_level() {
    let input = signals::pink(1.0, 48_000.0, 5, 2, 30 * 48_000);
    for chaos in [0.0, 1.0] {
        let settings = Settings { activity: 1.0, chaos, ..order(Lane::Scatter) };
        let wet = Take::PLAIN.play(&settings, &input);
        let late = |sound: &Planar| sound.iter().map(|c| c[240_000..].to_vec()).collect::<Planar>();
        let apart = meters::loudness(&late(&wet), 48_000.0) - meters::loudness(&late(&input), 48_000.0);
        println!("Scatter at Chaos {chaos}: {apart:.2} LU");
        assert!(apart.abs() < 1.5, "{apart} LU");
    }
}

#[test]
fn a_crushed_sound_keeps_every_other_law() {
    use suite_tests::laws::{host, sound, time};
    let crushed = subject::crushed();
    sound::calm(&crushed);
    host::real_time(&crushed);
    time::partition(&crushed);
    time::repeat(&crushed);
    time::place(&crushed);
}

#[test]
fn to_fire_crush_and_let_it_go_is_no_brighter_than_crush_itself() {
    let input = signals::sine(440.0, 0.2, 48_000.0, 2, 10 * 48_000);
    let off = Settings { activity: 0.0, edge: 0.5, ..Settings::default() };
    let on = Settings { fire: Lane::ALL.map(|lane| lane == Lane::Crush), ..off };
    let worst_db = |fired: &dyn Fn(usize) -> bool| {
        let wet = played(&off, &input, |at, _, settings| *settings = if fired(at) { on } else { off });
        10.0 * meters::click::windows(&wet, 48_000.0, 0.2)[100..].iter().fold(0.0f64, |a, b| a.max(*b)).log10()
    };
    let [never, held] = [worst_db(&|_| false), worst_db(&|_| true)];
    let switched = worst_db(&|at| at / 20_000 % 2 == 1);
    println!("above 9 kHz: dry {never:.1} dB, crushed {held:.1} dB, switched {switched:.1} dB");
    assert!(never < -100.0 && held > -60.0 && switched <= held + 1.0, "{never} {held} {switched}");
}

#[test]
fn a_crushed_sound_keeps_the_level() {
    let input = signals::pink(0.5, 48_000.0, 5, 2, 20 * 48_000);
    let settings = Settings { activity: 1.0, ..order(Lane::Crush) };
    let wet = Take::PLAIN.play(&settings, &input);
    let apart = meters::loudness(&wet, 48_000.0) - meters::loudness(&input, 48_000.0);
    println!("Crush at its defaults: {apart:+.2} LU");
    assert!(apart.abs() < 1.5, "{apart} LU");
}
