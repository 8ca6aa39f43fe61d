//! What the laws and the bench must know of Tape Decay.

use suite_tests::laws::Subject;
use tape_decay::TapeDecay;

/// Tape Decay under test.
pub fn subject() -> Subject<TapeDecay> {
    Subject {
        name: "tape_decay",
        lively: &[("drive", 9.0), ("wow", 0.5), ("flut", 0.3), ("scrape", 0.1), ("width", 120.0), ("mix", 80.0)],
        idle: &[&[("mix", 0.0)]],
        through: Some(&[("drive", -12.0), ("even", 0.0), ("wow", 0.0), ("flut", 0.0)]),
        memory_s: |rig| rig.plugin.memory_s().into(),
        place_db: -120.0,
        breaks: &[],
        presets: tape_decay::presets::PRESETS,
    }
}
