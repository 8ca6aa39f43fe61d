//! What Tape Decay costs.

#[path = "../subjects/tape_decay.rs"]
mod subject;

fn main() {
    suite_tests::bench::table(&subject::subject());
}
