//! What the laws and the bench must know of Dream Reverb.

use dream_reverb::DreamReverb;
use suite_tests::laws::{Subject, Values};

/// Half in the dream, all of it at work; short, so that a law need not wait for it. Shimmer climbs by minor thirds: by
/// octaves it would soon carry a tone to where the ninth law listens for clicks, and a longer decay carries it farther.
const LIVELY: Values = &[
    ("dream", 70.0),
    ("mix", 60.0),
    ("decay", 0.5),
    ("drdec", 0.8),
    ("size", 20.0),
    ("motion", 80.0),
    ("early", 3.0),
    ("width", 120.0),
    ("swell", 30.0),
    ("rev", 40.0),
    ("revtim", 0.4),
    ("grains", 40.0),
    ("grsize", 80.0),
    ("drift", 60.0),
    ("shim", 40.0),
    ("shimct", 300.0),
    ("choir", 30.0),
    ("vowel", 1.5),
    ("drone", 30.0),
    ("recede", 10.0),
    ("duck", 6.0),
];

/// Dream Reverb under test.
pub fn subject() -> Subject<DreamReverb> {
    Subject {
        name: "dream_reverb",
        lively: LIVELY,
        idle: &[&[("mix", 0.0)]],
        through: None,
        memory_s: |rig| rig.plugin.memory_s().into(),
        place_db: -120.0,
        breaks: &[],
        presets: dream_reverb::presets::PRESETS,
    }
}
