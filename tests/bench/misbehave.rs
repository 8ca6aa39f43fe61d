//! What Misbehave costs.

#[path = "../subjects/misbehave.rs"]
mod subject;

fn main() {
    suite_tests::bench::table(&subject::subject());
}
