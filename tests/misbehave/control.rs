//! What a player does: nothing, or Fire.

use misbehave::engine::Trigger;
use suite_tests::meters::events as meter;

use super::*;

#[test]
fn idle_is_the_input() {
    let input = noise(6.0, 48_000.0);
    let none = [0.0; Lane::COUNT];
    for idle in [
        Settings { weights: none, mix: 0.3, ..chaos() },
        Settings { activity: 0.0, chaos: 0.0, ..chaos() },
        Settings { activity: 0.0, ..chaos() },
        Settings { mix: 0.0, rise: 1.0, ..chaos() },
        Settings { bypass: true, ..chaos() },
        Settings { trigger: Trigger::Notes, ..chaos() },
    ] {
        let wet = Take::PLAIN.play(&idle, &input);
        assert!(meter::touched(&input, &wet, 1).is_empty(), "{idle:?}");
    }
}

#[test]
fn a_fire_switch_sounds_from_its_step_to_its_step() {
    let input = noise(8.0, 48_000.0);
    let off = Settings { activity: 0.0, ..order(Lane::Stutter) };
    let on = Settings { fire: Lane::ALL.map(|l| l == Lane::Reverse), ..off };
    let out = played(&off, &input, |at, _, settings| {
        *settings = if (100_000..200_000).contains(&at) { on } else { off };
    });
    let spans = meter::touched(&input, &out, 64);
    // Steps lie 6 000 samples apart. It is let go at a step, and fades from there.
    assert_eq!(spans.len(), 1, "{spans:?}");
    assert_eq!(spans[0].0, 102_000);
    assert!((204_000..204_300).contains(&spans[0].1), "{spans:?}");
}

#[test]
fn lanes_of_two_layers_sound_together_and_of_one_the_first_wins() {
    let input = noise(4.0, 48_000.0);
    let fired = |lanes: &[Lane]| {
        let fire = Lane::ALL.map(|l| lanes.contains(&l));
        Take::PLAIN.play(&Settings { fire, ..order(Lane::Stutter) }, &input)
    };
    let (stutter, gate) = (fired(&[Lane::Stutter]), fired(&[Lane::Gate]));
    let both = fired(&[Lane::Stutter, Lane::Gate]);
    assert!(fired(&[Lane::Stutter, Lane::Feedback]) == stutter);
    let holes = (96_000..190_000).filter(|&n| gate[0][n] == 0.0).count();
    assert!(holes > 40_000, "{holes}");
    for n in 96_000..190_000 {
        assert!(if gate[0][n] == 0.0 { both[0][n] == 0.0 } else { !same(&both, &input, n) });
    }
}
