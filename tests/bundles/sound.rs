//! Sound through both ABIs.

use suite_tests::bundle::{ALL, Bundle};
use suite_tests::clap_host::Clap;
use suite_tests::host::{Audio, Block, Change, Host, Key, Param, Setup, Song, play};
use suite_tests::vst3_host::Vst3;

use crate::{chance, place, random_values};

const RATE_HZ: f64 = 48_000.0;
const LONGEST: usize = 480;
const SONG: Song = Song { playing: true, frame: 96_000, tempo_bpm: 90.0 };

/// Noise of -20 dBFS RMS, on for a tenth of a second in every quarter.
fn bursts(channels: usize, frames: usize, seed: u64) -> Vec<Vec<f32>> {
    let sample = |channel: usize, frame: usize| {
        let on = frame % 12_000 < 4_800;
        let noise = 2.0 * chance(seed + (frame * 4 + channel) as u64) - 1.0;
        if on { (noise * 0.173) as f32 } else { 0.0 }
    };
    (0..channels).map(|channel| (0..frames).map(|frame| sample(channel, frame)).collect()).collect()
}

fn render<H: Host>(bundle: &Bundle, values: &[(u32, f64)], block: &Block, frames: usize) -> Vec<Vec<f32>> {
    let mut host = H::open(bundle);
    host.set(values);
    let setup = Setup { rate_hz: RATE_HZ, max_frames: LONGEST as u32, channels: block.input.len() };
    let mut audio = host.activate(setup);
    let output = play(&mut audio, block, frames);
    host.deactivate(audio);
    output
}

fn rms_db(sound: &[f32]) -> f64 {
    let power = sound.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / sound.len() as f64;
    10.0 * power.log10()
}

fn assert_same(one: &[Vec<f32>], other: &[Vec<f32>], what: &str) {
    let bits = |sound: &[f32]| sound.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    for (channel, (one, other)) in one.iter().zip(other).enumerate() {
        let (one, other) = (bits(one), bits(other));
        let first = one.iter().zip(&other).position(|(a, b)| a != b);
        assert_eq!((one.len(), first), (other.len(), None), "{what}: channel {channel} differs from this frame on");
    }
}

pub fn plays_in_every_layout(bundle: &Bundle) {
    for channels in [2, 1] {
        check_plays::<Clap>(bundle, channels);
        check_plays::<Vst3>(bundle, channels);
    }
}

fn check_plays<H: Host>(bundle: &Bundle, channels: usize) {
    let place = place::<H>(bundle);
    let mut host = H::open(bundle);
    let mut audio = host.activate(Setup { rate_hz: RATE_HZ, max_frames: LONGEST as u32, channels });
    let latency = host.latency();
    let input = bursts(channels, 48_000, 0);
    let block = Block { input: &input, key: Key::Missing, changes: &[], song: Some(SONG) };
    let output = play(&mut audio, &block, LONGEST);
    let tail = audio.tail();
    host.deactivate(audio);

    assert!(latency <= 9_600, "{place}: {latency} samples of latency");
    assert!(tail == u32::MAX || tail < 60 * RATE_HZ as u32, "{place}: {tail} samples of tail");
    assert_eq!(output.len(), channels);
    for sound in &output {
        assert!(sound.iter().all(|x| x.is_finite()), "{place}");
        let loud = rms_db(&sound[latency as usize..]);
        assert!(loud > -50.0, "{place}: {loud:.1} dBFS from -24 dBFS");
    }
}

/// However a host leaves the key out, it is heard as silence.
#[test]
fn missing_key_is_silence() {
    for bundle in ALL.iter().filter(|bundle| bundle.key.is_some()) {
        check_keys::<Clap>(bundle);
        check_keys::<Vst3>(bundle);
    }
}

fn check_keys<H: Host>(bundle: &Bundle) {
    let input = bursts(2, 24_000, 0);
    let render = |key| {
        let block = Block { input: &input, key, changes: &[], song: Some(SONG) };
        render::<H>(bundle, &[], &block, LONGEST)
    };
    let silence = vec![vec![0.0; 24_000]; 2];
    let silent = render(Key::Sound(&silence));
    assert_same(&render(Key::Missing), &silent, &format!("{} missing", place::<H>(bundle)));
    assert_same(&render(Key::Empty), &silent, &format!("{} empty", place::<H>(bundle)));
    let narrow = render(Key::Sound(&bursts(1, 24_000, 7)));
    assert!(narrow.iter().flatten().all(|x| x.is_finite()), "a mono key on the stereo layout");
}

/// Four changes a parameter at odd places, bypass left alone.
fn automation(params: &[Param], frames: usize) -> Vec<Change> {
    let automated = params.iter().filter(|param| param.automatable && !param.bypass);
    let mut changes: Vec<_> = automated
        .enumerate()
        .flat_map(|(index, param)| (0..4).map(move |turn| (index as u64 * 4 + turn, param)))
        .map(|(draw, param)| Change {
            frame: (chance(50_000 + draw) * frames as f64) as usize,
            id: param.id,
            value: param.snap(chance(60_000 + draw)),
        })
        .collect();
    changes.sort_by_key(|change| change.frame);
    changes
}

/// Renders with a key, from random settings, under automation of everything.
fn busy<H: Host>(bundle: &Bundle, frames: usize) -> Vec<Vec<f32>> {
    let params = H::open(bundle).params();
    let settled: Vec<_> = (params.iter().zip(random_values(&params, 3)))
        .filter_map(|(param, value)| (!param.bypass).then_some(value))
        .collect();
    let (input, key) = (bursts(2, 48_000, 0), bursts(2, 48_000, 900_000));
    let changes = automation(&params, 48_000);
    let block = Block { input: &input, key: Key::Sound(&key), changes: &changes, song: Some(SONG) };
    render::<H>(bundle, &settled, &block, frames)
}

pub fn formats_sound_the_same(bundle: &Bundle) {
    assert_same(&busy::<Clap>(bundle, LONGEST), &busy::<Vst3>(bundle, LONGEST), "CLAP and VST3");
}

pub fn any_cut_sounds_the_same(bundle: &Bundle) {
    assert_same(&busy::<Clap>(bundle, LONGEST), &busy::<Clap>(bundle, 113), "CLAP in blocks of 113");
    assert_same(&busy::<Vst3>(bundle, LONGEST), &busy::<Vst3>(bundle, 113), "VST3 in blocks of 113");
}
