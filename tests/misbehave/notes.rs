//! Notes: one a lane, from their very sample to their very sample, velocity is depth.

use misbehave::Misbehave;
use misbehave::engine::Trigger;
use suite_tests::meters::{self, events as meter};
use suite_tests::rig::{Cut, Motion, Note, Rig, Run};

use super::*;

/// The key of a lane.
fn key(lane: Lane) -> u8 {
    36 + lane as u8
}

/// What comes out of the plugin while `notes` are played, after a second of silence of the hands.
fn play(notes: &[Note], input: &Planar, cut: Cut, values: &[(&str, f32)]) -> Planar {
    let mut rig = Rig::<Misbehave>::new(48_000.0, 2, &[&[("trig", 1.0), ("chaos", 0.0)], values].concat());
    rig.notes = notes.to_vec();
    rig.run(&Run { cut, motions: &[Motion::from(0)], ..Run::of(input) })
}

fn held(lane: Lane, from: usize, to: usize) -> [Note; 2] {
    [Note { frame: from, key: key(lane), velocity: 1.0 }, Note { frame: to, key: key(lane), velocity: 0.0 }]
}

#[test]
fn a_note_sounds_from_its_sample_to_its_sample_however_time_is_cut() {
    let input = noise(6.0, 48_000.0);
    for lane in Lane::ALL {
        let (from, to) = (150_013, 200_021);
        let notes = held(lane, from, to);
        let whole = play(&notes, &input, Cut::Blocks(4_096), &[]);
        let spans = meter::touched(&input, &whole, 7_000);
        assert_eq!(spans.len(), 1, "{lane:?}: {spans:?}");
        // A fade begins so gently that a sample may round to nothing, and takes 5 ms.
        assert!((from..from + 2).contains(&spans[0].0), "{lane:?}: {spans:?}");
        assert!((to - 3_000..to + 241).contains(&spans[0].1), "{lane:?}: {spans:?}");
        for cut in [Cut::Blocks(1), Cut::Blocks(32), Cut::Random(3)] {
            assert!(play(&notes, &input, cut, &[]) == whole, "{lane:?}, {cut:?}");
        }
    }
}

#[test]
fn velocity_is_depth_and_other_keys_are_nothing() {
    let input = noise(4.0, 48_000.0);
    let note = |key, velocity| play(&[Note { frame: 120_000, key, velocity }], &input, Cut::Blocks(512), &[]);
    let moved = |wet: &Planar| {
        let apart: Vec<f32> = (126_000..180_000).map(|n| wet[0][n] - input[0][n]).collect();
        meters::rms(&apart)
    };
    let depths: Vec<f64> = [0.25, 0.5, 1.0].map(|velocity| moved(&note(key(Lane::Reverse), velocity))).to_vec();
    assert!(depths.windows(2).all(|w| w[1] > 1.3 * w[0]), "{depths:?}");
    for other in [0, key(Lane::Stutter) - 1, 36 + Lane::COUNT as u8, 127] {
        assert!(note(other, 1.0) == input, "key {other}");
    }
}

#[test]
fn triggered_by_itself_it_hears_no_notes_and_by_both_it_does_both() {
    let input = noise(5.0, 48_000.0);
    let notes = held(Lane::Reverse, 150_000, 180_000);
    for (trigger, heard) in [(0.0, false), (2.0, true)] {
        let values = &[("trig", trigger)];
        let (with, without) =
            (play(&notes, &input, Cut::Blocks(512), values), play(&[], &input, Cut::Blocks(512), values));
        assert_eq!(with != without, heard);
        assert!(without != input);
    }
    let settings = Settings { trigger: Trigger::Notes, ..chaos() };
    assert!(Take::PLAIN.told(&settings, 0..1_000_000).is_empty(), "by notes alone nothing is foreseen");
}
