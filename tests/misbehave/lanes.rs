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
        // Crush is made of steps: its own treble is louder than any splice. Noise on another note has another treble: there
        // the meter would show the lane, not its splices.
        let exempt = |lane: &Lane| *lane == Lane::Crush || *lane == Lane::Pitch && name == "dark noise";
        for lane in Lane::ALL.into_iter().filter(|lane| !exempt(lane)) {
            assert!(splices_p95_db(lane, 1.0, &input) > 4.0, "{name}, {lane:?}: a hard splice must be heard");
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
    // A loop that is let in whole, and a tape that hardly slows down: what the meter shows is splices, not that a lane is
    // softer or duller than the dry sound.
    let settings = Settings { edge, feedback_amount: 0.2, speed_amount: 0.1, ..order(lane) };
    let wet = Take::PLAIN.play(&settings, input);
    let told = Take::PLAIN.told(&settings, 96_000..input[0].len() as i64);
    let cuts: Vec<usize> =
        told.iter().flat_map(|e| (e.start_sample..=e.end_sample()).step_by(3_000)).map(|at| at as usize).collect();
    meter::percentile(&meter::splices_db(&wet[0], &cuts, 48_000.0), 0.95)
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
fn a_crushed_sound_keeps_the_level() {
    let input = signals::pink(0.5, 48_000.0, 5, 2, 20 * 48_000);
    let settings = Settings { activity: 1.0, ..order(Lane::Crush) };
    let wet = Take::PLAIN.play(&settings, &input);
    let apart = meters::loudness(&wet, 48_000.0) - meters::loudness(&input, 48_000.0);
    println!("Crush at its defaults: {apart:+.2} LU");
    assert!(apart.abs() < 1.5, "{apart} LU");
}
