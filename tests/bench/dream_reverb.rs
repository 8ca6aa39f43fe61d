//! What Dream Reverb costs: as it is first inserted (the core), with everything on, and with all of it held.

#[path = "../subjects/dream_reverb.rs"]
mod subject;

use dream_reverb::DreamReverb;
use suite_tests::laws::{Subject, Values};

/// The whole dream with all its voices, moving, receding and ducked.
const EVERYTHING: Values = &[
    ("dream", 100.0),
    ("mix", 50.0),
    ("shim", 50.0),
    ("rev", 50.0),
    ("grains", 50.0),
    ("choir", 50.0),
    ("drone", 50.0),
    ("drift", 50.0),
    ("motion", 50.0),
    ("swell", 50.0),
    ("recede", 20.0),
    ("duck", 6.0),
];

fn main() {
    suite_tests::bench::table(&Subject { lively: EVERYTHING, ..subject::subject() });
    // The spectral hold works on top of all that.
    let held: Values = Box::leak(EVERYTHING.iter().copied().chain([("freeze", 1.0)]).collect());
    suite_tests::bench::busy::<DreamReverb>("lively, frozen", held);
}
