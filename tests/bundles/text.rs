//! Values as a user reads and types them.

use suite_tests::bundle::Bundle;
use suite_tests::clap_host::Clap;
use suite_tests::host::{Host, Param};
use suite_tests::vst3_host::Vst3;

use crate::place;

const POINTS: usize = 9;

fn points(param: &Param) -> impl Iterator<Item = f64> {
    (0..POINTS).map(|point| param.snap(point as f64 / (POINTS - 1) as f64))
}

pub fn reads_what_it_writes(bundle: &Bundle) {
    let (mut clap, mut vst3) = (Clap::open(bundle), Vst3::open(bundle));
    for param in clap.params() {
        for value in points(&param) {
            let written = check_round_trip(bundle, &mut clap, &param, value);
            assert_eq!(written, check_round_trip(bundle, &mut vst3, &param, value), "{}", param.name);
        }
        // The framework reads anything but "on" and its like as "off".
        if param.steps != 1 {
            assert_eq!(clap.parse(param.id, "no such value"), None, "{}", param.name);
            assert_eq!(vst3.parse(param.id, "no such value"), None, "{}", param.name);
        }
    }
}

fn check_round_trip<H: Host>(bundle: &Bundle, host: &mut H, param: &Param, value: f64) -> String {
    let place = format!("{}: {} at {value}", place::<H>(bundle), param.name);
    let text = host.text(param.id, value);
    let read = host.parse(param.id, &text).unwrap_or_else(|| panic!("{place} does not read its own {text:?}"));
    assert!((0.0..=1.0).contains(&read), "{place}: {text:?} reads as {read}");
    assert_eq!(host.text(param.id, read), text, "{place}: {text:?} reads as {read}");
    text
}

pub fn seconds_in_three_spellings(bundle: &Bundle) {
    check_seconds::<Clap>(bundle);
    check_seconds::<Vst3>(bundle);
}

/// For the parameters that show seconds over all of their range.
fn check_seconds<H: Host>(bundle: &Bundle) {
    let mut host = H::open(bundle);
    for param in host.params() {
        let mut seconds = points(&param).map(|value| seconds(&host.text(param.id, value)));
        let Some(middle) = seconds.by_ref().nth(POINTS / 2).flatten() else { continue };
        if seconds.all(|value| value.is_some()) {
            let spellings = [format!("{middle} s"), format!("{} ms", middle * 1000.0), format!("{middle}")];
            for spelling in &spellings {
                let read = host.parse(param.id, spelling).unwrap_or_else(|| panic!("{} {spelling}", param.name));
                let written = host.text(param.id, read);
                assert_eq!(written.strip_suffix(" s").map(str::parse), Some(Ok(middle)), "{} {spelling}", param.name);
            }
        }
    }
}

fn seconds(text: &str) -> Option<f64> {
    text.strip_suffix(" s")?.parse().ok()
}
