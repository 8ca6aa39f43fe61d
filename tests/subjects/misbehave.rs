//! What the laws and the bench must know of Misbehave.

use misbehave::Misbehave;
use suite_tests::laws::Subject;

/// Misbehave under test, with an event on every step.
pub fn subject() -> Subject<Misbehave> {
    Subject {
        name: "misbehave",
        lively: &[
            ("chaos", 80.0),
            ("activ", 100.0),
            ("edge", 40.0),
            ("stut", 60.0),
            ("revs", 60.0),
            ("scat", 40.0),
            ("gate", 30.0),
        ],
        idle: &[
            &[("bypass", 1.0)],
            &[("mix", 0.0)],
            &[("activ", 0.0)],
            &[("stut", 0.0), ("revs", 0.0), ("scat", 0.0), ("gate", 0.0), ("mix", 30.0)],
        ],
        through: Some(&[("activ", 0.0)]),
        memory_s: |rig| f64::from(rig.plugin.memory_s()),
        place_db: f64::NEG_INFINITY,
        breaks: &[("edge", 0.7, "above 70 % a splice is a break, by design")],
        presets: misbehave::presets::PRESETS,
    }
}
