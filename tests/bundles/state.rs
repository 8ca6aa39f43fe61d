//! States that are whole.

use serde_json::Value;
use suite_tests::bundle::Bundle;
use suite_tests::clap_host::Clap;
use suite_tests::host::{Host, Param};
use suite_tests::vst3_host::Vst3;

use crate::{place, random_values};

pub fn travels_between_formats(bundle: &Bundle) {
    for seed in 0..8 {
        let mut first = Clap::open(bundle);
        let params = first.params();
        first.set(&random_values(&params, seed));
        let state = first.save();

        let mut second = Vst3::open(bundle);
        assert!(second.load(&state));
        assert_equal(&params, &mut first, &mut second);
        assert_eq!(second.save(), state, "through VST3");

        let mut third = Clap::open(bundle);
        assert!(third.load(&second.save()));
        assert_equal(&params, &mut first, &mut third);
        assert_eq!(third.save(), state, "back in CLAP");
    }
}

fn assert_equal(params: &[Param], one: &mut impl Host, other: &mut impl Host) {
    for param in params {
        let (one, other) = (one.value(param.id), other.value(param.id));
        // The saved texts are equal to the bit; CLAP's steps are divided here and may round.
        assert!((one - other).abs() < 1e-9, "{}: {one} became {other}", param.name);
    }
}

pub fn missing_values_take_their_default(bundle: &Bundle) {
    check_missing::<Clap>(bundle);
    check_missing::<Vst3>(bundle);
}

fn check_missing<H: Host>(bundle: &Bundle) {
    let mut host = H::open(bundle);
    let params = host.params();
    host.set(&random_values(&params, 21));
    let mut state: Value = serde_json::from_slice(&host.save()).unwrap();
    keep_one(&mut state["params"]);
    host.set(&random_values(&params, 22));
    assert!(host.load(state.to_string().as_bytes()), "a state with one parameter");
    let moved: Vec<_> = params.iter().filter(|param| (host.value(param.id) - param.default).abs() > 1e-6).collect();
    assert!(moved.len() <= 1, "{}: not at their default: {moved:?}", place::<H>(bundle));
}

fn keep_one(params: &mut Value) {
    let mut first = true;
    params.as_object_mut().unwrap().retain(|_, _| std::mem::take(&mut first));
}

pub fn foreign_state_changes_nothing(bundle: &Bundle) {
    check_foreign::<Clap>(bundle);
    check_foreign::<Vst3>(bundle);
}

/// A state that knows none of the parameters belongs to something else.
fn check_foreign<H: Host>(bundle: &Bundle) {
    let mut host = H::open(bundle);
    let params = host.params();
    host.set(&random_values(&params, 21));
    let before = host.save();
    host.load(br#"{"version":"0.0.1","params":{"not ours":{"f32":0.5}},"fields":{"nor this":"1"}}"#);
    assert_eq!(host.save(), before, "{}", place::<H>(bundle));
}
