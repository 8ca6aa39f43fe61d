//! Feedback: under its ceiling, no louder than it should be, and never stuck.

use suite_tests::laws::soak;
use suite_tests::meters;

use super::*;

/// Peak of what the lane itself gives, its loudness against the input's, and its mean, in decibels.
fn measure(settings: &Settings, input: &Planar) -> (f64, f64, f64) {
    let wet = Take::PLAIN.play(settings, input);
    assert!(wet.iter().flatten().all(|x| x.is_finite()));
    let told = Take::PLAIN.told(settings, 0..input[0].len() as i64 - 48_000);
    let (mut peak, mut sum, mut count) = (0.0f64, 0.0f64, 0.0f64);
    for event in told {
        // Between the fades there is nothing else.
        for n in (event.start_sample + 240) as usize..(event.end_sample() - 240) as usize {
            peak = wet.iter().map(|c| f64::from(c[n].abs())).fold(peak, f64::max);
            (sum, count) = (sum + f64::from(wet[0][n]), count + 1.0);
        }
    }
    let louder = meters::loudness(&wet, 48_000.0) - meters::loudness(input, 48_000.0);
    (20.0 * peak.log10(), louder, 20.0 * (sum / count).abs().log10())
}

#[test]
fn it_stays_under_the_ceiling_and_within_3_lu() {
    let seconds = if soak() { 600.0 } else { 20.0 };
    let frames = (seconds * 48_000.0) as usize;
    let default = Settings { activity: 0.4, ..order(Lane::Feedback) };
    let inputs: [(&str, &dyn Fn() -> Planar); 4] = [
        ("white noise at full scale", &|| signals::white(1.0, 3, 2, frames)),
        ("white noise at -40 dB", &|| signals::white(0.01, 4, 2, frames)),
        ("pink noise", &|| signals::pink(0.3, 48_000.0, 4, 2, frames)),
        ("a tone that the loop likes", &|| signals::sine(432.0, 0.05, 48_000.0, 2, frames)),
    ];
    for (name, input) in inputs {
        let input = input();
        let (peak, louder, mean) = measure(&default, &input);
        println!("{name}: peak {peak:.2} dBFS, {louder:+.2} LU, mean {mean:.1} dBFS");
        assert!(peak <= -12.0 + 1e-4, "{name}: peak {peak}");
        assert!(louder <= 3.0, "{name}: {louder} LU");
        assert!(mean <= -80.0, "{name}: mean {mean} dBFS");
        for ceiling_db in [-24.0, -1.0] {
            let howling = Settings { feedback_amount: 1.0, feedback_ceiling_db: ceiling_db, ..default };
            let (peak, _, _) = measure(&howling, &input);
            assert!(peak <= f64::from(ceiling_db) + 1e-4, "{name}: {peak} dBFS over {ceiling_db}");
        }
    }
}

#[test]
fn each_event_begins_with_an_empty_loop_and_ends_by_itself() {
    // A click before the event is not heard in it, and one in it is not heard after it.
    let settings = Settings { activity: 0.25, feedback_amount: 1.0, ..order(Lane::Feedback) };
    let event = Take::PLAIN.told(&settings, 96_000..480_000)[0];
    let (from, to) = (event.start_sample as usize, event.end_sample() as usize);
    let click = |at: usize| {
        let mut input = signals::silence(2, 480_000);
        input[0][at] = 0.5;
        Take::PLAIN.play(&settings, &input)
    };
    assert!(click(from - 50)[0][from..].iter().all(|x| *x == 0.0));
    let inside = click(from + 300);
    assert!(meters::peak(&inside[0][from + 3_000..to - 240]) > 0.01, "it comes round");
    assert!(inside[0][to..].iter().all(|x| *x == 0.0), "it ends by itself");
}
