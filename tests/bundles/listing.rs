//! What a host finds before any sound: ids, parameters, ports, pages.

use std::collections::HashSet;

use suite_tests::bundle::Bundle;
use suite_tests::clap_host::Clap;
use suite_tests::host::{Host, Param, Port, Setup};
use suite_tests::vst3_host::Vst3;

use crate::place;

/// Opening asks the library for exactly the id in the table.
pub fn opens_by_its_fixed_ids(bundle: &Bundle) {
    assert!(!Clap::open(bundle).params().is_empty());
    assert!(!Vst3::open(bundle).params().is_empty());
}

pub fn same_parameters_in_both_formats(bundle: &Bundle) {
    let (clap, vst3) = (Clap::open(bundle).params(), Vst3::open(bundle).params());
    // CLAP tells a stepped default times its steps: the division back may round.
    let rounded = |params: Vec<Param>| -> Vec<Param> {
        let round = |param: Param| Param { default: (param.default * 1e9).round() / 1e9, ..param };
        params.into_iter().map(round).collect()
    };
    assert_eq!(rounded(clap), rounded(vst3));
}

pub fn one_bypass_for_the_host(bundle: &Bundle) {
    let params = Clap::open(bundle).params();
    let bypasses: Vec<_> = params.iter().filter(|param| param.bypass).collect();
    assert_eq!(bypasses.len(), 1, "{bypasses:?}");
    assert_eq!((bypasses[0].steps, bypasses[0].default, bypasses[0].automatable), (1, 0.0, true));
}

pub fn ports_follow_the_layout(bundle: &Bundle) {
    for channels in [2, 1] {
        check_ports::<Clap>(bundle, channels);
        check_ports::<Vst3>(bundle, channels);
    }
}

fn check_ports<H: Host>(bundle: &Bundle, channels: usize) {
    let mut host = H::open(bundle);
    let audio = host.activate(Setup { rate_hz: 48_000.0, max_frames: 512, channels });
    let (inputs, outputs) = (host.inputs(), host.outputs());
    host.deactivate(audio);

    let place = place::<H>(bundle);
    let width = |ports: &[Port]| ports.iter().map(|port| (port.channels as usize, port.main)).collect::<Vec<_>>();
    assert_eq!(width(&outputs), [(channels, true)], "{place}");
    assert_eq!(width(&inputs)[0], (channels, true), "{place}");
    let keys: Vec<_> = inputs[1..].iter().map(|port| (port.name.as_str(), port.channels as usize)).collect();
    let wanted: Vec<_> = bundle.key.iter().map(|name| (*name, channels)).collect();
    assert_eq!(keys, wanted, "{place}");
}

pub fn first_page_is_for_automation(bundle: &Bundle) {
    let mut clap = Clap::open(bundle);
    let params = clap.params();
    let pages = clap.pages();
    assert!(!pages.is_empty(), "no page");
    for (index, (name, ids)) in pages.iter().enumerate() {
        let ids: Vec<_> = ids.iter().copied().filter(|id| *id != 0).collect();
        // The first page is for the mix; later ones may hold what is set once.
        let fits = |param: &Param| index > 0 || param.automatable;
        let known = |id: &u32| params.iter().any(|param| param.id == *id && !param.hidden && fits(param));
        assert!(!name.is_empty() && !ids.is_empty() && ids.iter().all(known), "{name}: {ids:?}");
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "{name} repeats itself");
    }
}
