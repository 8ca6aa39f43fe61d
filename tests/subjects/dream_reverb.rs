//! What the laws and the bench must know of Dream Reverb.

use dream_reverb::DreamReverb;
use suite_tests::laws::Subject;

/// Dream Reverb under test.
pub fn subject() -> Subject<DreamReverb> {
    Subject {
        name: "dream_reverb",
        lively: &[("mix", 60.0), ("decay", 0.8), ("size", 20.0), ("motion", 80.0), ("early", 3.0), ("width", 120.0)],
        idle: &[&[("mix", 0.0)]],
        through: None,
        memory_s: |rig| rig.plugin.memory_s().into(),
        place_db: -120.0,
        breaks: &[],
        presets: dream_reverb::presets::PRESETS,
    }
}
