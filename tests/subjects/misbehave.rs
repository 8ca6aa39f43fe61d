//! What the laws and the bench must know of Misbehave.

use misbehave::Misbehave;
use suite_tests::laws::Subject;

/// Misbehave with every event crushed or with holes, for all laws but that of clicks.
#[allow(dead_code, reason = "the bench has no use for it")]
pub fn crushed() -> Subject<Misbehave> {
    let lively = &[("chaos", 80.0), ("activ", 100.0), ("edge", 40.0), ("crush", 100.0), ("crbits", 4.0)];
    Subject { lively, ..subject() }
}

/// Misbehave under test, with an event on every step. Crush is a sound above 9 kHz, and has tests of its own as well.
pub fn subject() -> Subject<Misbehave> {
    Subject {
        name: "misbehave",
        lively: &[
            ("chaos", 80.0),
            ("activ", 100.0),
            ("edge", 40.0),
            ("stut", 60.0),
            ("revs", 60.0),
            ("speed", 30.0),
            ("scat", 40.0),
            ("gate", 30.0),
            ("pitch", 30.0),
            ("feed", 30.0),
            ("drift", 30.0),
            ("growth", 10.0),
        ],
        idle: &[
            &[("rise", 100.0), ("mix", 0.0)],
            &[("bypass", 1.0)],
            &[("mix", 0.0)],
            &[("activ", 0.0)],
            &[("stut", 0.0), ("revs", 0.0), ("scat", 0.0), ("gate", 0.0), ("mix", 30.0)],
            &[("trig", 1.0)],
        ],
        through: Some(&[("activ", 0.0)]),
        memory_s: |rig| f64::from(rig.plugin.memory_s()),
        place_db: f64::NEG_INFINITY,
        breaks: &[
            ("edge", 0.7, "above 70 % a splice is a break, by design"),
            (
                "fcrsh",
                0.0,
                "the treble of a crushed sound is louder than any click and never twice the same; lanes.rs bounds it",
            ),
        ],
        presets: misbehave::presets::PRESETS,
    }
}
