//! Onsets: how many of 200 drum hits are flagged, how exactly, and what survives a splice.

use std::f64::consts::TAU;

use green_ring_dsp::chance::Chance;
use misbehave::engine::{
    align::{Aligner, Strand, fade},
    onsets::Onsets,
    record::Record,
};
use suite_tests::{
    meters,
    signals::{self, Planar},
};

use super::material;

/// Frames of `seconds`, at a rate.
fn frames(seconds: f64, rate_hz: f64) -> usize {
    (seconds * rate_hz) as usize
}

/// `count` hits of kick, snare, hat and tom by turns, 90 to 240 ms apart, from `quietest` to -3 dBFS, and where each begins, in seconds.
fn drums(rate_hz: f64, count: usize, quietest_db: f64) -> (Planar, Vec<f64>) {
    let chance = Chance::new(2, 0);
    let total = frames(0.5 + 0.24 * count as f64, rate_hz);
    let hiss = signals::white(1.0, 9, 1, total);
    let (mut sound, mut onsets, mut at_s) = (signals::silence(2, total), vec![], 0.3);
    for hit in 0..count {
        let [gap, level, tune, pan] = chance.uniform(hit as i64).map(f64::from);
        let peak = 10f64.powf((quietest_db + level * (-3.0 - quietest_db)) / 20.0);
        let first = frames(at_s, rate_hz);
        let (mut phase, mut last) = (0.0, 0.0);
        for n in 0..frames(0.3, rate_hz) {
            let t = n as f64 / rate_hz;
            let noise = f64::from(hiss[0][first + n]);
            let bright = noise - last;
            last = noise;
            let body = |hz: f64, fall_s: f64| (TAU * hz * t).sin() * (-t / fall_s).exp();
            let x = match hit % 4 {
                0 => {
                    phase += TAU * (45.0 + 20.0 * tune + 110.0 * (-t / 0.03).exp()) / rate_hz;
                    phase.sin() * (-t / 0.12).exp() + 0.15 * noise * (-t / 0.003).exp()
                }
                1 => 0.5 * body(180.0 + 40.0 * tune, 0.06) + 0.5 * noise * (-t / 0.07).exp(),
                2 => 0.5 * bright * (-t / (0.01 + 0.05 * tune)).exp(),
                _ => body(80.0 + 120.0 * tune, 0.1) + 0.1 * noise * (-t / 0.008).exp(),
            } * (t / 0.0008).min(1.0);
            for (side, channel) in sound.iter_mut().enumerate() {
                channel[first + n] += (peak * x * if side == 0 { 1.0 - 0.5 * pan } else { 0.5 + 0.5 * pan }) as f32;
            }
        }
        onsets.push(first as f64 / rate_hz);
        at_s += 0.09 + 0.15 * gap;
    }
    (sound, onsets)
}

/// A bed at -42 dBFS: a chord with a bass that beats, and pink noise.
fn bed(rate_hz: f64, total: usize) -> Planar {
    let mut sound = signals::pink(1.0, rate_hz, 4, 2, total);
    for (side, channel) in sound.iter_mut().enumerate() {
        for (n, x) in channel.iter_mut().enumerate() {
            let t = n as f64 / rate_hz;
            let note = |hz: f64| (TAU * hz * t + hz + side as f64).sin();
            let chord = note(55.0) + note(55.9) + note(220.0) + note(277.2) + 0.5 * note(329.6) + 0.3 * note(1_318.5);
            *x = (0.016 * (0.35 * chord + 2.5 * f64::from(*x))) as f32;
        }
    }
    let gain = (10f64.powf(-42.0 / 20.0) / meters::rms(&sound[0])) as f32;
    sound.iter_mut().flatten().for_each(|x| *x *= gain);
    sound
}

/// Share of the hits flagged within 5 ms, and flags that lie at no hit.
fn score(rate_hz: f64, quietest_db: f64) -> (f64, usize) {
    let (mut sound, hits) = drums(rate_hz, 200, quietest_db);
    let bed = bed(rate_hz, sound[0].len());
    sound.iter_mut().flatten().zip(bed.iter().flatten()).for_each(|(x, bed)| *x += bed);
    let record = material::record(&sound);
    let (onsets, mut flags) = (Onsets::new(rate_hz), vec![]);
    let end = frames(hits[199] + 0.3, rate_hz) as i64;
    onsets.each(&record, frames(0.1, rate_hz) as i64, end, &mut |at| flags.push(at as f64 / rate_hz));
    let near = |a: f64, b: f64| (a - b).abs() <= 0.005;
    let flagged = hits.iter().filter(|hit| flags.iter().any(|flag| near(*flag, **hit))).count();
    let stray = flags.iter().filter(|flag| !hits.iter().any(|hit| near(**flag, *hit))).count();
    (flagged as f64 / 200.0, stray)
}

#[test]
fn of_200_drum_hits_over_a_bed_nearly_all_are_flagged_within_5_ms() {
    for rate_hz in [48_000.0, 96_000.0] {
        let (flagged, stray) = score(rate_hz, -24.0);
        println!("onsets at {rate_hz}: {:.1} % flagged, {stray} stray", 100.0 * flagged);
        assert!(flagged >= 0.95 && stray <= 10, "{flagged} {stray}");
    }
    // Hits whose peak is hardly above the bed's level are told for comparison.
    let (flagged, stray) = score(48_000.0, -40.0);
    println!("onsets from -40 dBFS up: {:.1} % flagged, {stray} stray", 100.0 * flagged);
}

/// The sound of a splice that begins at frame `at` of what is returned: what is heard of `old`, and what of the new slice
/// alone.
fn splice(record: &Record, old: Strand, wanted: i64, around: i64) -> [Vec<f32>; 2] {
    let entry = Aligner::new(48_000.0).enter(record, old, Strand { at: wanted, step: 1 });
    let [quick, under] = entry.fades.unwrap_or([115; 2]);
    let progress = |n: i64, length: usize| (n as f32 / length as f32).clamp(0.0, 1.0);
    let heard = |n: i64| {
        let gains = [fade(progress(n, under), entry.likeness)[0], fade(progress(n, quick), entry.likeness)[1]];
        [gains[0] * record.frame(old.at + n)[0], gains[1] * record.frame(entry.at + n)[0]]
    };
    let both: Vec<[f32; 2]> = (-around..around).map(heard).collect();
    [both.iter().map(|[old, new]| old + new).collect(), both.iter().map(|both| both[1]).collect()]
}

#[test]
fn a_flagged_onset_keeps_its_peak() {
    let (sound, hits) = drums(48_000.0, 200, -24.0);
    let (record, onsets) = (material::record(&sound), Onsets::new(48_000.0));
    let (mut kept, mut count) = (vec![], 0);
    for (k, hit) in hits.iter().enumerate().skip(2) {
        let at = (hit * 48_000.0) as i64;
        // What is wanted lies up to 8 ms beside the attack.
        let wanted = at + (k as i64 * 97) % 768 - 384;
        if onsets.nearest(&record, at, 240).is_none() {
            continue;
        }
        count += 1;
        let old = Strand { at: at - 3_000, step: 1 };
        let [_, new] = splice(&record, old, wanted, 1_200);
        let frames = at as usize..at as usize + 240;
        kept.push(f64::from(meters::peak(&new)) / f64::from(meters::peak(&sound[0][frames])));
    }
    kept.sort_by(f64::total_cmp);
    println!("{count} flagged onsets keep of their peak at least {:.3}", kept[0]);
    assert!(kept[0] >= 0.95, "{:?}", &kept[..5]);
}

#[test]
fn splices_are_as_quiet_as_none() {
    let total = 480_000;
    let two = |n: usize| 0.2 * (n as f64 * 0.0288).sin() + 0.2 * (n as f64 * 0.0613).sin();
    let sines: Vec<f32> = (0..total).map(|n| two(n) as f32).collect();
    let (mut dark, mut low) = (signals::white(1.0, 6, 1, total).remove(0), [0.0f32; 2]);
    for x in &mut dark {
        low[0] += 0.05 * (*x - low[0]);
        low[1] += 0.05 * (low[0] - low[1]);
        *x = low[1];
    }
    for (name, sound) in [("two sines", sines), ("dark noise", dark)] {
        let record = material::record(&vec![sound.clone(), sound]);
        let levels: Vec<f64> = (0..60)
            .flat_map(|k| {
                let old = Strand { at: 300_000 + 2_111 * k, step: 1 };
                let [heard, _] = splice(&record, old, 30_000 + 3_301 * k, 14_000);
                meters::events::splices_db(&heard, &[14_000 + 57], 48_000.0)
            })
            .collect();
        let p95 = meters::events::percentile(&levels, 0.95);
        println!("splices in {name}: {p95:.1} dB");
        assert!(p95 <= 4.0, "{name}: {p95}");
    }
}
