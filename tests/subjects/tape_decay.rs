//! What the laws and the bench must know of Tape Decay.

use suite_tests::laws::Subject;
use tape_decay::TapeDecay;

/// Tape Decay under test.
pub fn subject() -> Subject<TapeDecay> {
    Subject {
        name: "tape_decay",
        lively: &[
            ("wear", 30.0),
            ("passes", 40.0),
            ("drop", 60.0),
            ("space", 1.0),
            ("drive", 9.0),
            ("bias", 1.0),
            ("hyst", 60.0),
            ("modn", 50.0),
            ("print", -50.0),
            ("azim", 4.0),
            ("xtalk", -40.0),
            ("wow", 0.5),
            ("flut", 0.3),
            ("scrape", 0.1),
            ("width", 120.0),
            ("mix", 80.0),
        ],
        idle: &[&[("mix", 0.0)]],
        through: Some(&[("drive", -12.0), ("even", 0.0), ("hyst", 0.0), ("modn", 0.0), ("wow", 0.0), ("flut", 0.0)]),
        memory_s: |rig| rig.plugin.memory_s().into(),
        place_db: -120.0,
        breaks: &[],
        presets: tape_decay::presets::PRESETS,
    }
}
