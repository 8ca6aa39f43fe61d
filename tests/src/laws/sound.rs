//! Laws of sound: finite, calm, click-free, and whole at every rate.

use nice_plug::prelude::{ParamFlags, Plugin};

use super::{Material, Subject, matrix, storm};
use crate::meters::{click, difference_db, peak, rms};
use crate::rig::{Change, Cut, Motion, Rig, Run};
use crate::signals::{self, Planar};

/// Law 1: any input and any automation give finite output, and 50 ms after the last harmful sample nothing of it is
/// left.
pub fn finite<P: Plugin>(subject: &Subject<P>) {
    for (rate, cut, channels) in matrix() {
        let mut rig = Rig::<P>::new(rate, channels, subject.lively);
        let material = Material::new(rate, channels, 0.5);
        let changes = storm(&rig, 3, material.input[0].len(), 20.0);
        let loud = Material { input: scaled(&material.input, 20.0), key: scaled(&material.key, 20.0) };
        let out = rig.run(&loud.run(cut, &[Motion::from(0)], &changes));
        assert!(out.iter().flatten().all(|x| x.is_finite()), "{rate} Hz, {cut:?}");
    }
    for channels in [1, 2] {
        let material = Material::new(48_000.0, channels, 1.0);
        let (bad, zeroed) = (spoilt(&material.input, true), spoilt(&material.input, false));
        let (bad_key, zeroed_key) = (spoilt(&material.key, true), spoilt(&material.key, false));
        let play = |input: &Planar, key: &Planar| {
            let mut rig = Rig::<P>::new(48_000.0, channels, subject.lively);
            let motions = [Motion::from(0)];
            (rig.latency, rig.run(&Run { key: Some(key), motions: &motions, ..Run::of(input) }))
        };
        let (latency, wild) = play(&bad, &bad_key);
        let (_, tame) = play(&zeroed, &zeroed_key);
        assert!(wild.iter().flatten().all(|x| x.is_finite()));
        let from = LAST_SPOILT + 2_400 + latency.min(40_000);
        for (wild, tame) in wild.iter().zip(&tame) {
            assert!(difference_db(&wild[from.min(47_000)..], &tame[from.min(47_000)..]) < -100.0);
        }
    }
}

/// The last frame that [`spoilt`] spoils.
const LAST_SPOILT: usize = 4_000;

/// Every 97th sample up to [`LAST_SPOILT`] is one that no host should send, or zero in its place.
fn spoilt(sound: &Planar, harmful: bool) -> Planar {
    let kinds = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -5_000.0, 1e-42];
    let mut sound = sound.clone();
    for channel in &mut sound {
        for (k, x) in channel[..=LAST_SPOILT].iter_mut().step_by(97).enumerate() {
            *x = if harmful { kinds[k % kinds.len()] } else { 0.0 };
        }
    }
    sound
}

fn scaled(sound: &Planar, gain: f32) -> Planar {
    sound.iter().map(|channel| channel.iter().map(|x| x * gain).collect()).collect()
}

/// Law 2: no subnormal comes out, and none is left in the state: after seconds of silence no arithmetic meets one.
pub fn calm<P: Plugin>(subject: &Subject<P>) {
    for (rate, channels) in [(44_100.0, 1), (48_000.0, 2), (192_000.0, 2)] {
        for values in [subject.lively, &[("bypass", 1.0)]] {
            let mut rig = Rig::<P>::new(rate, channels, values);
            let material = Material::new(rate, channels, 0.5);
            let tiny = scaled(&material.input, 1e-36);
            for input in [&material.input, &tiny] {
                let out = rig.run(&Run { key: Some(&material.key), ..Run::of(input) });
                assert!(!out.iter().flatten().any(|x| x.is_subnormal()), "{rate} Hz");
            }
            let silence = signals::silence(channels, rate as usize);
            for second in 0..30 {
                let met = meets_subnormals(|| {
                    let out = rig.run(&Run { key: Some(&silence), ..Run::of(&silence) });
                    assert!(!out.iter().flatten().any(|x| x.is_subnormal()), "{rate} Hz, {second} s of silence");
                });
                if !met {
                    break;
                }
                assert!(second < 29, "{rate} Hz: subnormals are still computed with after 30 s of silence");
            }
        }
    }
}

/// Whether any arithmetic in `work` met or made a subnormal: the processor keeps that in a sticky flag.
#[cfg(target_arch = "x86_64")]
fn meets_subnormals(work: impl FnOnce()) -> bool {
    /// The denormal and underflow flags of MXCSR.
    const FLAGS: u32 = 1 << 1 | 1 << 4;
    let mut control = 0u32;
    // SAFETY: MXCSR is read and written with its sticky exception flags changed only; no exception is unmasked.
    unsafe {
        std::arch::asm!("stmxcsr [{0}]", in(reg) &raw mut control);
        control &= !FLAGS;
        std::arch::asm!("ldmxcsr [{0}]", in(reg) &raw const control);
    }
    work();
    // SAFETY: as above, only read.
    unsafe { std::arch::asm!("stmxcsr [{0}]", in(reg) &raw mut control) };
    control & FLAGS != 0
}

/// Elsewhere the output alone is looked at.
#[cfg(not(target_arch = "x86_64"))]
fn meets_subnormals(work: impl FnOnce()) -> bool {
    work();
    false
}

/// The test sine of law 9: 440 Hz at -14 dBFS peak.
const SINE: f64 = 0.199_526;
/// What may be heard of a change, as power re the sine: -80 dB.
const AUDIBLE: f64 = 1e-8;
const RATE: f64 = 48_000.0;
/// One host value per so many frames.
const HOST_BLOCK: usize = 512;
/// Frames left out at the start, while filters and look-ahead fill.
const SETTLE: usize = 48_000;
/// Frames of a sweep.
const SWEEP: usize = 3 * 48_000;

/// Law 9: no parameter swept or stepped, no switch and no jump of the transport is heard as a click.
pub fn click_free<P: Plugin>(subject: &Subject<P>) {
    let rig = Rig::<P>::new(RATE, 2, subject.lively);
    let mut loud = vec![];
    for id in &rig.ids() {
        // SAFETY: the pointer is to a parameter of `rig`, which is alive.
        let flags = unsafe { rig.param(id).flags() };
        if flags.contains(ParamFlags::NON_AUTOMATABLE) {
            continue;
        }
        let most = subject.breaks.iter().find(|(exempt, ..)| exempt == id).map_or(1.0, |(_, most, _)| *most);
        let heard = |moves: &[(usize, f32)]| {
            heard(subject, id, &moves.iter().map(|(frame, x)| (*frame, x * most)).collect::<Vec<_>>())
        };
        let floor = [0.0, 1.0].map(|x| heard(&[(SETTLE / 2, x)])).into_iter().fold(0.0, f64::max);
        let sweep: Vec<(usize, f32)> = (0..SWEEP / HOST_BLOCK)
            .map(|k| (SETTLE + k * HOST_BLOCK, (k * HOST_BLOCK) as f32 / SWEEP as f32))
            .collect();
        let steps = [0.0, 1.0, 0.0, 0.5, 1.0].iter().enumerate().map(|(k, x)| (SETTLE + k * 24_000, *x)).collect();
        for (what, moves) in [("sweep", sweep), ("steps", steps)] {
            let excess = heard(&moves) - floor;
            if excess > AUDIBLE {
                loud.push(format!("{id} {what}: {:.1} dB", 10.0 * excess.log10()));
            }
        }
    }
    let still = jumping(subject, &[Motion::from(0)]);
    let jumps: Vec<Motion> = (0..8)
        .map(|k| Motion {
            frame: k * 20_011,
            playing: k % 3 != 2,
            sample: 1_000_003 * (k as i64 % 4),
            tempo_bpm: 120.0,
        })
        .collect();
    let excess = jumping(subject, &jumps) - still;
    if excess > AUDIBLE {
        loud.push(format!("transport: {:.1} dB", 10.0 * excess.log10()));
    }
    assert!(loud.is_empty(), "heard above 9 kHz: {loud:#?}");
}

/// The worst 5 ms above 9 kHz of a run in which `id` takes these normalized values.
fn heard<P: Plugin>(subject: &Subject<P>, id: &str, moves: &[(usize, f32)]) -> f64 {
    let changes: Vec<Change> =
        moves.iter().map(|(frame, x)| Change { frame: *frame, id: id.into(), normalized: *x }).collect();
    listen(subject, &[Motion::from(0)], &changes)
}

fn jumping<P: Plugin>(subject: &Subject<P>, motions: &[Motion]) -> f64 {
    listen(subject, motions, &[])
}

fn listen<P: Plugin>(subject: &Subject<P>, motions: &[Motion], changes: &[Change]) -> f64 {
    let frames = SETTLE + SWEEP + 24_000;
    let mut rig = Rig::<P>::new(RATE, 2, subject.lively);
    let (input, key) = (signals::sine(440.0, SINE, RATE, 2, frames), signals::babble(RATE, 2, 2, frames));
    let out = rig.run(&Run { input: &input, key: Some(&key), cut: Cut::Blocks(HOST_BLOCK), motions, changes });
    click::windows(&out, RATE, SINE)[150..].iter().fold(0.0, |worst, power| worst.max(*power))
}

/// Law 10, its general half: 8 to 384 kHz never fail. What is promised in seconds, hertz and per cent is measured in
/// each plugin's gates.
pub fn rates<P: Plugin>(subject: &Subject<P>) {
    for rate in [8_000.0, 11_025.0, 22_050.0, 32_000.0, 384_000.0] {
        let mut rig = Rig::<P>::new(rate, 2, subject.lively);
        let material = Material::new(rate, 2, 1.5);
        let changes = storm(&rig, 9, material.input[0].len() / 2, 4.0);
        let out = rig.run(&material.run(Cut::Random(1), &[Motion::from(0)], &changes));
        assert!(out.iter().flatten().all(|x| x.is_finite()), "{rate} Hz");

        let mut rig = Rig::<P>::new(rate, 2, &[]);
        let out = rig.run(&material.run(Cut::Blocks(512), &[Motion::from(0)], &[]));
        assert!(rms(&out[0]) > 0.1 * rms(&material.input[0]), "{rate} Hz: the defaults give hardly any sound");
        assert!(peak(&out[0]) < 8.0, "{rate} Hz: the defaults are wild");
    }
}
