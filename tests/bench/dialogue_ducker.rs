//! What Dialogue Ducker costs.

use dialogue_ducker::DialogueDucker;
use suite_tests::{bench, laws::Values};

#[path = "../subjects/dialogue_ducker.rs"]
mod subject;

const EVENLY: Values = &[("detect", 1.0), ("focus", 0.0), ("highs", 0.0)];
// Keyed by level, so that the babble on the key ducks.
const FULL: Values =
    &[("detect", 1.0), ("focus", 100.0), ("masked", 1.0), ("highs", 60.0), ("expand", 50.0), ("pull", 1.0)];

fn main() {
    bench::table(&subject::subject());
    bench::busy::<DialogueDucker>("broadband", EVENLY);
    bench::busy::<DialogueDucker>("everything on", FULL);
}
