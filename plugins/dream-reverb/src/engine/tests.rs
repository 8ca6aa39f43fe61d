//! The engine as a whole: cuts, resets, late starts, tails, and what it leaves alone.

use super::*;
use green_ring_dsp::chance::Chance;

const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

/// Noise through `engine` from song sample `from` to `to`, cut by `cut`, with `settings` for each 512 samples.
fn play(
    engine: &mut Engine,
    from: i64,
    to: i64,
    cut: impl Fn(i64) -> i64,
    settings: impl Fn(i64) -> Settings,
) -> Vec<f32> {
    let (mut at, mut heard) = (from, vec![]);
    while at < to {
        let end = (at + cut(at)).min(to).min((at / 512 + 1) * 512);
        let noise = |side: usize| (at..end).map(|n| 0.2 * Chance::new(3, 8).normal(n)[side]).collect::<Vec<f32>>();
        let (mut left, mut right) = (noise(0), noise(1));
        let song = Song::new(true, at, 120.0, 48_000.0);
        engine.process(&settings(at / 512), &song, &mut [&mut left[..], &mut right[..]], &[]);
        heard.extend(left.iter().zip(&right).flat_map(|(l, r)| [*l, *r]));
        at = end;
    }
    heard
}

fn automated(step: i64) -> Settings {
    let [a, b, c, d] = Chance::new(4, 8).uniform(step / 20);
    let [e, f, ..] = Chance::new(5, 8).uniform(step / 20);
    Settings {
        mix: a,
        size_m: 2.0 + 40.0 * b,
        decay_s: 0.1 + 0.3 * c,
        diffusion: d,
        motion: e,
        width: 1.5 * f,
        pre_delay_s: 0.1 * a,
        low_cut_hz: 50.0 + 300.0 * d,
        dream: if e > 0.5 { f } else { 0.0 },
        freeze: (step / 20) % 7 == 3,
        infinite: (step / 20) % 5 == 3,
        silence: (step / 20) % 9 == 5,
        silence_s: 0.1,
        glide: c > 0.5,
        recede: (2.0 * d - 1.0).max(0.0),
        duck_db: 24.0 * (2.0 * a - 1.0).max(0.0),
        ..Settings::default()
    }
}

#[test]
fn any_cut_and_a_reset_give_the_same_bits() {
    let mut engine = Engine::new(&SPEC);
    let whole = play(&mut engine, 1_000, 150_000, |_| 4_096, automated);
    engine.reset();
    assert!(whole == play(&mut engine, 1_000, 150_000, |_| 4_096, automated), "reset");
    assert!(whole == play(&mut Engine::new(&SPEC), 1_000, 150_000, |at| 1 + at * 7 % 61, automated), "cut");
}

#[test]
fn started_late_it_agrees_after_the_told_memory() {
    let settings = Settings { decay_s: 0.5, motion: 1.0, mix: 1.0, ..Settings::default() };
    let memory = SPEC.samples(Engine::new(&SPEC).memory(&settings) as f64);
    let (from, to) = (50_003, 50_003 + memory as i64 + 20_000);
    let early = play(&mut Engine::new(&SPEC), 0, to, |_| 512, |_| settings);
    let late = play(&mut Engine::new(&SPEC), from, to, |_| 512, |_| settings);
    let apart = |at: usize| (early[2 * from as usize + at] - late[at]).abs();
    assert!((0..2_000).map(apart).fold(0.0, f32::max) > 1e-2);
    let worst = (2 * memory..late.len()).map(apart).fold(0.0, f32::max);
    assert!(worst < 1e-6, "{worst}");
}

#[test]
fn after_the_told_tail_it_is_silent_to_the_last_bit() {
    let settings = Settings { mix: 1.0, decay_s: 0.3, low_decay: 2.0, low_cut_hz: 20.0, ..Settings::default() };
    let mut engine = Engine::new(&SPEC);
    let Tail::Samples(tail) = engine.tail(&settings) else { panic!("endless") };
    let mut left: Vec<f32> = (0..48_000).map(|n| 999.0 * (n as f32 * 0.01).sin()).collect();
    left.resize(48_000 + tail as usize + 1_000, 0.0);
    let mut right = left.clone();
    engine.process(&settings, &Song::new(true, 0, 120.0, 48_000.0), &mut [&mut left[..], &mut right[..]], &[]);
    let end = left.iter().zip(&right).rposition(|(l, r)| *l != 0.0 || *r != 0.0).unwrap() - 48_000;
    assert!(end < tail as usize && end > tail as usize / 3, "{end} of {tail}");
    assert!(left.iter().all(|x| !x.is_subnormal()));
}

#[test]
fn bypassed_or_dry_it_is_not_there() {
    for settings in [Settings { bypass: true, ..Settings::default() }, Settings { mix: 0.0, ..Settings::default() }] {
        let noise: Vec<f32> = (0..5_000).map(|n| Chance::new(3, 8).normal(n)[0]).collect();
        let mut mono = noise.clone();
        let spec = Spec { channels: 1, ..SPEC };
        Engine::new(&spec).process(&settings, &Song::new(true, 0, 120.0, 48_000.0), &mut [&mut mono[..]], &[]);
        assert!(noise == mono);
    }
}
