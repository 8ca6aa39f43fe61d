//! States that are not whole: refused or clamped, saved again, and the sound goes on.

use suite_tests::bundle::Bundle;
use suite_tests::clap_host::Clap;
use suite_tests::damage::damaged;
use suite_tests::host::{Audio, Block, Host, Key, Setup};
use suite_tests::vst3_host::Vst3;

use crate::{place, random_values};

pub fn damaged_state_never_harms(bundle: &Bundle) {
    check_damages::<Clap>(bundle);
    check_damages::<Vst3>(bundle);
}

fn check_damages<H: Host>(bundle: &Bundle) {
    let mut host = H::open(bundle);
    let params = host.params();
    host.set(&random_values(&params, 34));
    let whole = host.save();
    let mut audio = host.activate(Setup { rate_hz: 48_000.0, max_frames: 64, channels: 2 });
    for state in damaged(&whole) {
        let place = format!("{} after {:?}", place::<H>(bundle), String::from_utf8_lossy(&state));
        assert!(host.load(&whole), "{place}");
        let accepted = host.load(&state);
        check_alive(&mut host, &mut audio, &place);
        assert!(accepted || host.save() == whole, "{place}: refused, yet changed");
    }
    host.deactivate(audio);
}

/// Every value is in range and has a text, the state can be saved and loaded, and the sound is finite.
fn check_alive<H: Host>(host: &mut H, audio: &mut H::Audio, place: &str) {
    for param in host.params() {
        let value = host.value(param.id);
        assert!((0.0..=1.0).contains(&value), "{place}: {} is at {value}", param.name);
        assert!(!host.text(param.id, value).is_empty(), "{place}: {}", param.name);
    }
    let saved = host.save();
    assert!(host.load(&saved), "{place}: does not load what it saved");
    assert_eq!(host.save(), saved, "{place}");
    let input = vec![vec![0.25; 64]; 2];
    let block = Block { input: &input, key: Key::Missing, changes: &[], song: None };
    let sound = audio.process(&block);
    assert!(sound.iter().flatten().all(|x| x.is_finite()), "{place}");
}

/// CLAP puts a length before the state.
pub fn broken_stream_is_refused(bundle: &Bundle) {
    let mut clap = Clap::open(bundle);
    let params = clap.params();
    clap.set(&random_values(&params, 55));
    let whole = clap.save();
    let told = |length: u64, bytes: &[u8]| [&length.to_le_bytes()[..], bytes].concat();
    let length = whole.len() as u64;
    for stream in [
        Vec::new(),
        vec![1, 2, 3],
        told(length, b""),
        told(length, &whole[..whole.len() / 2]),
        told(length - 1, &whole),
        told(u64::MAX, &whole),
        told(0, &whole),
    ] {
        assert!(!clap.load_stream(&stream), "accepted {stream:?}");
        assert_eq!(clap.save(), whole);
    }
}
