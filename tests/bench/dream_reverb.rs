//! What Dream Reverb costs: as it is first inserted (the core), and with everything on.

#[path = "../subjects/dream_reverb.rs"]
mod subject;

use suite_tests::laws::{Subject, Values};

/// The whole dream with all its voices, receding and ducked.
const EVERYTHING: Values = &[
    ("dream", 100.0),
    ("mix", 50.0),
    ("shim", 50.0),
    ("rev", 50.0),
    ("grains", 50.0),
    ("choir", 50.0),
    ("drone", 50.0),
    ("drift", 50.0),
    ("swell", 50.0),
    ("recede", 20.0),
    ("duck", 6.0),
];

fn main() {
    suite_tests::bench::table(&Subject { lively: EVERYTHING, ..subject::subject() });
}
