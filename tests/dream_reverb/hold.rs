//! The spectral hold: what a frozen network sounds like, for as long as one likes, and never the same twice.

use super::kit::{RATE, level_db, pink, play};
use dream_reverb::engine::Settings;
use dream_reverb::engine::hold::Hold;
use dream_reverb::engine::tail_ring::TailRing;
use green_ring_dsp::{CELL, Spec};
use suite_tests::meters::decay;
use suite_tests::signals::Planar;

/// When the tail is frozen, in seconds.
const FROZEN_S: f64 = 3.0;
/// When the hold sounds at its full level.
const READY_S: f64 = FROZEN_S + 2.1;

/// `seconds` of what the hold makes of `tail` from the freeze on.
fn held(tail: &Planar, seconds: f64) -> Planar {
    let spec = Spec { sample_rate: RATE, channels: 2 };
    let (mut ring, mut hold) = (TailRing::new(&spec), Hold::new(&spec));
    let mut heard = vec![vec![], vec![]];
    for at in (0..(seconds * RATE) as usize).step_by(CELL) {
        hold.latch(at as f64 >= FROZEN_S * RATE, at as i64, 0, &ring);
        ring.seek(at as i64);
        let heard_here = |side: &Vec<f32>| std::array::from_fn(|k| side.get(at + k).copied().unwrap_or(0.0));
        ring.write(&[heard_here(&tail[0]), heard_here(&tail[1])], CELL);
        let sound = hold.process(CELL);
        heard.iter_mut().zip(&sound).for_each(|(heard, side)| heard.extend(side));
    }
    heard
}

/// A frozen tail of pink noise.
fn frozen(seconds: f64) -> Planar {
    let settings = Settings { mix: 1.0, motion: 0.5, decay_s: 2.0, ..Settings::default() };
    play(RATE, pink(seconds), |t| Settings { freeze: t >= FROZEN_S, ..settings })
}

fn part(sound: &Planar, from: f64, to: f64) -> Planar {
    sound.iter().map(|side| side[(from * RATE) as usize..(to * RATE) as usize].to_vec()).collect()
}

/// Level in dB, centroid in hertz, and likeness of the sides, of `from..to` seconds.
fn heard_as(sound: &Planar, from: f64, to: f64) -> [f64; 3] {
    let part = part(sound, from, to);
    let centroid = 0.5 * part.iter().map(|side| decay::centroid_hz(side, RATE)).sum::<f64>();
    [level_db(sound, from, to), centroid, decay::correlation(&part[0], &part[1])]
}

#[test]
fn it_is_as_loud_as_bright_and_as_wide_as_what_it_holds_for_minutes() {
    let tail = frozen(FROZEN_S + 11.0);
    let was = heard_as(&tail, FROZEN_S + 0.1, FROZEN_S + 10.1);
    let heard = held(&tail, READY_S + 120.0);
    let windows: Vec<[f64; 3]> =
        (0..11).map(|k| READY_S + 10.0 * f64::from(k)).map(|from| heard_as(&heard, from, from + 10.0)).collect();
    println!("held: {was:.3?}, then {windows:.3?}");
    for [level, centroid, alike] in &windows {
        assert!((level - was[0]).abs() <= 0.25, "{was:.3?}, then {windows:.3?}");
        assert!((centroid / was[1] - 1.0).abs() <= 0.03, "{was:.3?}, then {windows:.3?}");
        assert!((alike - was[2]).abs() <= 0.1, "{was:.3?}, then {windows:.3?}");
    }
}

#[test]
fn it_never_repeats_and_does_not_beat_at_the_rate_of_its_frames() {
    let heard = held(&frozen(FROZEN_S + 2.0), READY_S + 60.0);
    let sound = &heard[0][(READY_S * RATE) as usize..];
    // The envelope in steps of a sixteenth of a hop (8192 samples), folded over all hops.
    let step = 8_192 / 16;
    let powers: Vec<f64> = sound.chunks_exact(step).map(|c| c.iter().map(|x| f64::from(x * x)).sum()).collect();
    let folded: Vec<f64> = (0..16).map(|k| powers.iter().skip(k).step_by(16).sum::<f64>()).collect();
    let mean = folded.iter().sum::<f64>() / 16.0;
    let db: Vec<f64> = folded.iter().map(|power| 10.0 * (power / mean).log10()).collect();
    assert!(db.iter().all(|db| db.abs() <= 0.5), "{db:.2?}");
    let second = RATE as usize;
    for lag in (1..240).map(|k| k * 8_192) {
        let alike = decay::correlation(&sound[..4 * second], &sound[lag..lag + 4 * second]).abs();
        assert!(alike <= 0.2, "after {lag} samples: {alike:.2}");
    }
}
