//! Laws towards the host: real time, idle, and told = measured.

use nice_plug::prelude::{Plugin, ProcessStatus};

use super::{Material, RATES, Subject, Values, matrix, storm};
use crate::rig::{Change, Cut, Motion, Rig, Run};
use crate::signals::{self, Planar};

/// Only the delay is left.
const BYPASSED: Values = &[("bypass", 1.0)];

/// Law 3: neither `process` nor `reset` allocates (the rig watches every call of every law), locks or calls the
/// system. The last is left to the kernel: a child process that may only read, write and exit plays a storm of
/// automation.
pub fn real_time<P: Plugin>(subject: &Subject<P>) {
    for channels in [1, 2] {
        let mut rig = Rig::<P>::new(48_000.0, channels, subject.lively);
        let material = Material::new(48_000.0, channels, 1.0);
        let changes = storm(&rig, 6, 48_000, 20.0);
        rig.run(&material.run(Cut::Random(8), &[Motion::from(0)], &changes));
        let before = nice_assert_no_alloc::violation_count();
        nice_assert_no_alloc::assert_no_alloc(|| rig.plugin.reset());
        assert_eq!(nice_assert_no_alloc::violation_count(), before, "reset() allocated");
        #[cfg(target_os = "linux")]
        assert!(rig.plays_without_system_calls(&material.input), "a system call was made in process()");
    }
}

/// Law 7: bypassed, or with nothing to do, the output is the input delayed by the told latency, bit for bit.
pub fn idle<P: Plugin>(subject: &Subject<P>) {
    for (rate, cut, channels) in matrix() {
        for values in [BYPASSED].iter().chain(subject.idle) {
            let mut rig = Rig::<P>::new(rate, channels, values);
            let mut material = Material::new(rate, channels, 0.4);
            material.input[0][100] = -0.0;
            let out = rig.run(&material.run(cut, &[Motion::from(0)], &[]));
            for (input, out) in material.input.iter().zip(&out) {
                let late = rig.latency.min(out.len());
                assert!(out[..late].iter().all(|x| *x == 0.0), "{values:?}, {rate} Hz: sound before the latency");
                let apart = (late..out.len()).find(|&n| out[n].to_bits() != input[n - late].to_bits());
                assert!(apart.is_none(), "{values:?}, {rate} Hz, {cut:?}: differs from frame {apart:?}");
            }
        }
    }
}

/// Law 8: latency exact, the tail's end exact zero, automation on the sample it was drawn over.
pub fn told<P: Plugin>(subject: &Subject<P>) {
    for rate in RATES {
        latency(subject, rate);
        automation(subject, rate);
    }
    tail(subject, &[]);
    tail(subject, subject.lively);
}

fn latency<P: Plugin>(subject: &Subject<P>, rate: f64) {
    for values in [BYPASSED].into_iter().chain(subject.through) {
        let mut rig = Rig::<P>::new(rate, 2, values);
        // Also after a re-activation, and in mid-stream.
        for _ in 0..2 {
            let mut input = signals::silence(2, rig.latency + rate as usize / 2);
            input[0][1_000] = 0.5;
            input[1][1_000] = 0.5;
            let out = rig.run(&Run::of(&input));
            let loudest = (0..out[0].len()).max_by(|a, b| out[0][*a].abs().total_cmp(&out[0][*b].abs())).unwrap();
            assert_eq!(loudest, 1_000 + rig.latency, "{values:?}, {rate} Hz");
            rig.activate();
        }
    }
}

/// A step of the output gain is heard from the sample on that it was drawn over, within the grid's cell and the
/// first samples of its ramp.
fn automation<P: Plugin>(subject: &Subject<P>, rate: f64) {
    let frame = 20_011;
    let play = |changes: &[Change]| {
        let mut rig = Rig::<P>::new(rate, 2, subject.lively);
        let frames = frame + rig.latency + 4_800;
        let noise = signals::white(0.5, 1, 2, frames);
        let step = rig.normalized("out", -24.0);
        let changes: Vec<Change> = changes.iter().map(|c| Change { normalized: step, ..c.clone() }).collect();
        (rig.latency, rig.run(&Run { motions: &[Motion::from(0)], changes: &changes, ..Run::of(&noise) }))
    };
    let (latency, still) = play(&[]);
    let (_, moved) = play(&[Change { frame, id: "out".into(), normalized: 0.0 }]);
    let first = (0..still[0].len()).find(|&n| still[0][n] != moved[0][n]).expect("the step is heard");
    let grace = 32 + (0.005 * rate) as usize;
    assert!((frame + latency..frame + latency + grace).contains(&first), "{rate} Hz: heard at {first}");
}

fn tail<P: Plugin>(subject: &Subject<P>, values: Values) {
    let rate = 48_000.0;
    let mut rig = Rig::<P>::new(rate, 2, values);
    let material = Material::new(rate, 2, 3.0);
    rig.run(&material.run(Cut::Blocks(512), &[Motion::from(0)], &[]));
    let ProcessStatus::Tail(told) = rig.status else {
        panic!("{}: tail is {:?} under settings that should end", subject.name, rig.status)
    };
    let silence: Planar = signals::silence(2, told as usize + 48_000);
    let motions = [Motion::from(material.input[0].len() as i64)];
    let out = rig.run(&Run { key: Some(&silence), motions: &motions, ..Run::of(&silence) });
    for channel in &out {
        let last = channel.iter().rposition(|x| *x != 0.0).map_or(0, |n| n + 1);
        assert!(last <= told as usize, "{values:?}: told a tail of {told}, sounds for {last} samples");
    }
}
