//! Laws of time: the bounce is the playback.

use nice_plug::prelude::Plugin;

use super::{Material, RATES, Subject, matrix, soak, storm};
use crate::meters::difference_db;
use crate::rig::{Cut, Motion, Rig, Run};
use crate::signals::Planar;

/// Law 4: any cut of the same audio and the same timestamped automation gives bit-identical output; a stop, a seek
/// and a change of tempo among them.
pub fn partition<P: Plugin>(subject: &Subject<P>) {
    for rate in RATES {
        for channels in [1, 2] {
            let material = Material::new(rate, channels, if soak() { 4.0 } else { 0.8 });
            let frames = material.input[0].len();
            let motion = |frame, playing, sample, tempo_bpm| Motion { frame, playing, sample, tempo_bpm };
            let motions = [
                motion(0, true, 77, 120.0),
                motion(frames / 4, true, 1_000_000, 120.0),
                motion(frames / 2, false, 1_000_000, 120.0),
                motion(frames * 5 / 8, true, 96_000, 97.3),
            ];
            let play = |cut| {
                let mut rig = Rig::<P>::new(rate, channels, subject.lively);
                let changes = storm(&rig, 4, frames, 6.0);
                rig.run(&material.run(cut, &motions, &changes))
            };
            let whole = play(Cut::Blocks(4_096));
            for (_, cut, _) in matrix().iter().filter(|(r, _, width)| *r == rate && *width == channels) {
                assert_same(&whole, &play(*cut), &format!("{rate} Hz, {cut:?}, {channels} channels"));
            }
        }
    }
}

/// Law 5: two instances, two runs, and fresh against reset are bit-identical.
pub fn repeat<P: Plugin>(subject: &Subject<P>) {
    for (rate, channels) in [(44_100.0, 1), (48_000.0, 2), (96_000.0, 2)] {
        let material = Material::new(rate, channels, 1.5);
        let motions = [Motion::from(0)];
        let run = material.run(Cut::Blocks(512), &motions, &[]);
        let mut rig = Rig::<P>::new(rate, channels, subject.lively);
        let first = rig.run(&run);
        rig.plugin.reset();
        assert_same(&first, &rig.run(&run), "after reset");
        rig.activate();
        assert_same(&first, &rig.run(&run), "after re-activation");
        let mut other = Rig::<P>::new(rate, channels, subject.lively);
        assert_same(&first, &other.run(&run), "another instance");
    }
}

/// Law 6: started at any whole sample, after the told memory the output is that of a full playback.
pub fn place<P: Plugin>(subject: &Subject<P>) {
    for (rate, start) in [(48_000.0, 31_337usize), (44_100.0, 5_003)] {
        let mut full = Rig::<P>::new(rate, 2, subject.lively);
        let memory = ((subject.memory_s)(&full) * rate).ceil() as usize;
        let seconds = (start + memory + full.latency) as f64 / rate + 1.5;
        let material = Material::new(rate, 2, seconds);
        let whole = full.run(&material.run(Cut::Blocks(512), &[Motion::from(0)], &[]));

        let late = |sound: &Planar| sound.iter().map(|c| c[start..].to_vec()).collect::<Planar>();
        let (input, key) = (late(&material.input), late(&material.key));
        let mut rig = Rig::<P>::new(rate, 2, subject.lively);
        let motions = [Motion::from(start as i64)];
        let part = rig.run(&Run { key: Some(&key), cut: Cut::Random(2), motions: &motions, ..Run::of(&input) });

        let from = memory + rig.latency;
        for (whole, part) in whole.iter().zip(&part) {
            let apart = difference_db(&whole[start + from..], &part[from..]);
            assert!(apart <= subject.place_db, "{rate} Hz: {apart:.1} dBFS apart after {memory} samples");
        }
    }
}

fn assert_same(a: &Planar, b: &Planar, what: &str) {
    for (channel, (a, b)) in a.iter().zip(b).enumerate() {
        if let Some(at) = (0..a.len()).find(|&n| a[n].to_bits() != b[n].to_bits()) {
            panic!("{what}: channel {channel} differs from frame {at}: {} and {}", a[at], b[at]);
        }
    }
}
