//! What Dialogue Ducker costs.

#[path = "../subjects/dialogue_ducker.rs"]
mod subject;

fn main() {
    suite_tests::bench::table(&subject::subject());
}
