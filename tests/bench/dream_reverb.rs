//! What Dream Reverb costs.

#[path = "../subjects/dream_reverb.rs"]
mod subject;

fn main() {
    suite_tests::bench::table(&subject::subject());
}
