//! Hold: the last Reach is kept, at its place in the bar.

use suite_tests::meters;

use super::*;

const BAR: usize = 96_000;

/// Holds from the third bar on, over `input`.
fn hold(settings: &Settings, input: &Planar) -> Planar {
    played(settings, input, |at, _, settings| settings.hold = at >= 3 * BAR)
}

#[test]
fn what_is_held_is_the_last_reach_again_and_again() {
    // Were the last bar really played again and again, events would sound the same.
    let heard = noise(20.0, 48_000.0);
    let mut again = heard.clone();
    for channel in &mut again {
        for n in 3 * BAR..channel.len() {
            channel[n] = channel[n - BAR];
        }
    }
    for lane in [Lane::Stutter, Lane::Reverse, Lane::Scatter] {
        let settings = Settings { activity: 0.25, ..order(lane) };
        let (held, want) = (hold(&settings, &heard), Take::PLAIN.play(&settings, &again));
        let told = Take::PLAIN.told(&settings, 5 * BAR as i64..900_000);
        assert!(told.len() > 10);
        let mut checked = 0;
        for event in told {
            for n in (event.start_sample + 300) as usize..(event.end_sample() - 300) as usize {
                // The seam of the loop is faded over 2.4 ms, on each pass and where it is read.
                let seam = (n % BAR) < 400 || (n % BAR) > BAR - 400;
                let apart = (held[0][n] - want[0][n]).abs();
                checked += usize::from(apart < 1e-5);
                assert!(apart < 1e-5 || seam || lane != Lane::Stutter, "{lane:?}, frame {n}: {apart}");
            }
        }
        assert!(checked > 50_000, "{lane:?}: {checked}");
    }
}

#[test]
fn what_is_held_outlives_silence_and_jumps_and_is_let_go() {
    let mut input = noise(12.0, 48_000.0);
    input.iter_mut().for_each(|channel| channel[3 * BAR..].fill(0.0));
    let settings = Settings { activity: 0.5, ..order(Lane::Reverse) };
    let take = Take { cuts: &[512], ..Take::PLAIN };
    let mut engine = Engine::new(&take.spec());
    let loud = |sound: &Planar| meters::rms(&sound[0]);
    let part = |from: usize, to: usize| -> Planar { input.iter().map(|c| c[from..to].to_vec()).collect() };
    let on = Settings { hold: true, ..settings };
    take.play_on(&mut engine, &settings, &part(0, 3 * BAR));
    let held = Take { from: 3 * BAR as i64, ..take };
    assert!(loud(&held.play_on(&mut engine, &on, &part(3 * BAR, 5 * BAR))) > 0.02);
    let elsewhere = Take { from: 77 * BAR as i64 + 1_234, ..take };
    assert!(loud(&elsewhere.play_on(&mut engine, &on, &part(3 * BAR, 5 * BAR))) > 0.02, "after a seek");
    let after = Take { from: elsewhere.from + 2 * BAR as i64, ..take };
    let free = after.play_on(&mut engine, &settings, &part(3 * BAR, 6 * BAR));
    assert!(loud(&free.iter().map(|c| c[2 * BAR..].to_vec()).collect()) < 1e-6, "let go");
}
