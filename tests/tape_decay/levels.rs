//! Presets are as loud as each other on what people put through them.

use suite_tests::laws::soak;
use suite_tests::meters::{loudness, speech};
use suite_tests::rig::{Motion, Rig, Run};
use suite_tests::signals::{Planar, at_loudness};
use tape_decay::TapeDecay;
use tape_decay::presets::PRESETS;

use crate::deck::{RATE, latency};

/// Recorded voices and music at -23 LUFS, of two channels; none where they are not installed.
fn material() -> Vec<(&'static str, Planar)> {
    let (Some(lines), Some(pieces)) = (speech::utterances(), speech::music(0.0, if soak() { 15.0 } else { 8.0 }))
    else {
        return vec![];
    };
    let of = |parts: &[Vec<f32>]| at_loudness(vec![parts.concat(); 2], RATE, -23.0);
    // The last lines are close and of full band, the first come over a telephone.
    let (close, far) = (of(&lines[lines.len() - 6..]), of(&lines[..4]));
    let mut all = vec![("close voices", close), ("prompts", far), ("music", of(&pieces[..1]))];
    if soak() {
        all.extend(pieces[1..].iter().map(|piece| ("music", of(std::slice::from_ref(piece)))));
    }
    all
}

#[test]
fn presets_keep_the_level_of_recorded_voices_and_music() {
    let material = material();
    for file in PRESETS {
        let mut rig = Rig::<TapeDecay>::new(RATE, 2, &[]);
        let name = rig.load(file);
        let changes: Vec<(&str, f64)> = material
            .iter()
            .map(|(what, sound)| {
                rig.activate();
                let out = rig.run(&Run { motions: &[Motion::from(0)], ..Run::of(sound) });
                let out: Planar = out.iter().map(|channel| channel[latency(RATE)..].to_vec()).collect();
                (*what, loudness(&out, RATE) + 23.0)
            })
            .collect();
        println!("{name}: {changes:+.1?} LU");
        assert!(changes.iter().all(|(_, change)| change.abs() <= 2.0), "\"{name}\": {changes:+.1?} LU");
    }
}
