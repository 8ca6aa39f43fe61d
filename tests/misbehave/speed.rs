//! Speed, and reading at any speed: how exact, how free of aliases, how free of clicks.

use misbehave::engine::{
    reader::kernels,
    speed::{Shape, Speed, Tape},
};
use suite_tests::{
    meters::{self, db},
    signals,
};

use super::material;

const RATE: f64 = 48_000.0;

/// The worst level of what remains of a sine of `hz` read at `rate`, re the sine: beyond `share` of what it should be.
fn residual_db(hz: f64, rate: f64, share: f64) -> f64 {
    let record = material::record(&signals::sine(hz, 0.5, RATE, 2, 1 << 15));
    let read = |n: usize| {
        let at = 1_000.0 + 0.123 + rate * n as f64;
        let want = 0.5 * (std::f64::consts::TAU * hz / RATE * at).sin();
        (f64::from(kernels().read(&record, at, rate)[0]) - share * want) as f32
    };
    db(meters::rms(&(0..4_000).map(read).collect::<Vec<_>>()) / (0.5 * 0.5f64.sqrt()))
}

#[test]
fn any_speed_is_exact_in_band_and_leaves_no_alias() {
    let (mut error, mut alias) = (f64::MIN, f64::MIN);
    for step in 0..=40 {
        let rate = 0.25 * (f64::from(step) / 10.0).exp2();
        let edge = 0.45 * RATE / rate.max(1.0);
        for share in [0.02, 0.3, 0.7, 0.9, 1.0] {
            error = error.max(residual_db(edge * share, rate, 1.0));
        }
        let landing = (0..8).map(|k| (0.6 + 0.19 * f64::from(k)) * RATE / rate).filter(|hz| *hz < 0.5 * RATE);
        alias = landing.map(|hz| residual_db(hz, rate, 0.0)).fold(alias, f64::max);
    }
    println!("variable speed: error {error:.1} dB, alias {alias:.1} dB");
    assert!(error <= -70.0 && alias <= -90.0, "{error} {alias}");
}

#[test]
fn no_shape_of_speed_clicks() {
    let record = material::record(&signals::sine(440.0, 0.2, RATE, 2, 400_000));
    for shape in [Shape::Stop, Shape::SpinUp, Shape::Ramp, Shape::Drift] {
        for (amount, chance) in [(0.4, [0.1, 0.6]), (1.0, [0.2, 0.9]), (1.0, [0.8, 0.3])] {
            let mut tape = Tape::new(Speed::new(shape, amount, 96_000, chance, RATE), 250_000, 0);
            let heard: Vec<f32> = (0..96_500).map(|_| tape.next(&record)[0]).collect();
            // Where it begins and ends the heads splice it; the meter's own start lies in the first 100 ms.
            let windows = meters::click::windows(&[heard], RATE, 0.2);
            let worst = 10.0 * windows[20..].iter().fold(0.0f64, |a, b| a.max(*b)).log10();
            println!("{shape:?} {amount} {chance:?}: {worst:.1} dB above 9 kHz");
            assert!(worst <= -80.0, "{shape:?} {amount}: {worst}");
        }
    }
}
