//! What the laws and the bench must know of Dialogue Ducker.

use dialogue_ducker::DialogueDucker;
use suite_tests::laws::Subject;

/// Dialogue Ducker under test: keyed by level, so that any speech-like sound ducks.
pub fn subject() -> Subject<DialogueDucker> {
    Subject {
        name: "dialogue_ducker",
        lively: &[
            ("detect", 1.0),
            ("target", 15.0),
            ("depth", 24.0),
            ("hold", 0.2),
            ("releas", 0.3),
            ("focus", 100.0),
            ("expand", 50.0),
            ("highs", 60.0),
        ],
        idle: &[&[("depth", 0.0)], &[("target", 0.0), ("anchor", -10.0), ("follow", 0.0)]],
        through: Some(&[]),
        memory_s: |rig| rig.plugin.memory_s().into(),
        place_db: -60.0,
        breaks: &[],
        presets: dialogue_ducker::presets::PRESETS,
    }
}
