//! Where a block ends is not heard: the general law over lines, their pauses, and the rest between them.

use crate::gates::*;

/// What comes out at `rate_hz` in blocks of `cut` frames.
fn played(settings: &Settings, rate_hz: f64, cut: usize, bed: &[f32], key: &[f32]) -> Vec<u32> {
    let mut engine = Engine::new(&Spec { sample_rate: rate_hz, channels: 1 }, settings);
    let mut out = bed.to_vec();
    for from in (0..out.len()).step_by(cut) {
        let to = (from + cut).min(out.len());
        let song = Song::new(true, from as i64, 120.0, rate_hz);
        engine.process(settings, &song, &mut [&mut out[from..to]], &[&key[from..to]]);
    }
    out.iter().map(|x| x.to_bits()).collect()
}

#[test]
fn a_bed_that_yields_rests_and_yields_again_is_the_same_in_blocks_of_any_length() {
    let Some(lines) = utterances() else { return };
    let (key, _) = scene(&lines[..6], &[2.0, 0.6, 1.2]);
    let bed = at_level(strings(key.len()), -24.0);
    for rate_hz in [44_100.0, 48_000.0] {
        let settings = Settings { focus: 1.0, bed_expand: 0.5, hold_s: 0.2, release_s: 0.3, ..deep() };
        let whole = played(&settings, rate_hz, 4_096, &bed, &key);
        for cut in [1, 7, 33] {
            let other = played(&settings, rate_hz, cut, &bed, &key);
            let first = (0..whole.len()).find(|k| whole[*k] != other[*k]);
            assert_eq!(first, None, "{rate_hz} Hz, blocks of {cut}");
        }
    }
}
