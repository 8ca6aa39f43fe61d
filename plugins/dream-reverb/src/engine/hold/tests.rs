//! The hold by itself: level, width, any cut, no pulse, silence.

use super::*;

const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

/// White noise, the right half like the left.
fn noise(at: i64) -> [f32; 2] {
    let [a, b] = Chance::new(1, 1).normal(at);
    [a, 0.5 * a + 0.75f32.sqrt() * b]
}

/// What is held of `sound` from the switch, after 4 s, on, as long as `seconds`, played in parts of `part` frames.
fn held(spec: &Spec, sound: impl Fn(i64) -> [f32; 2], seconds: f64, part: usize) -> [Vec<f32>; 2] {
    let (mut ring, mut hold) = (TailRing::new(spec), Hold::new(spec));
    let (switch, mut heard) = (spec.samples(4.0) as i64 / 32 * 32, [vec![], vec![]]);
    for cell in 0..switch / 32 + spec.samples(seconds) as i64 / 32 {
        let at = cell * 32;
        hold.latch(at >= switch, at, 3, &ring);
        ring.seek(at);
        for first in (0..CELL).step_by(part) {
            let frames = part.min(CELL - first);
            let mut room = [[0.0; CELL]; 2];
            (0..frames).for_each(|k| [room[0][k], room[1][k]] = sound(at + (first + k) as i64));
            ring.write(&room, frames);
            let sound = hold.process(frames);
            if at >= switch {
                heard.iter_mut().zip(&sound).for_each(|(heard, side)| heard.extend(&side[..frames]));
            }
        }
    }
    heard
}

fn product(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a * b) as f64).sum::<f64>() / a.len() as f64
}

#[test]
fn level_and_width_are_those_of_what_was_held() {
    for rate in [8_000.0, 44_100.0, 48_000.0, 192_000.0] {
        let spec = Spec { sample_rate: rate, channels: 2 };
        let [left, right] = held(&spec, noise, 14.0, CELL);
        let (left, right) = (&left[spec.samples(3.0)..], &right[spec.samples(3.0)..]);
        let level = 10.0 * product(left, left).log10();
        let alike = product(left, right) / (product(left, left) * product(right, right)).sqrt();
        assert!(level.abs() < 0.25 && (alike - 0.5).abs() < 0.03, "{rate} Hz: {level:.2} dB, {alike:.2}");
    }
}

#[test]
fn it_is_ready_two_seconds_after_the_switch_and_any_cut_gives_the_same_bits() {
    let whole = held(&SPEC, noise, 3.0, CELL);
    assert!(whole == held(&SPEC, noise, 3.0, 7));
    let sounds = whole[0].iter().position(|x| *x != 0.0).unwrap();
    assert!(sounds < 96_000, "{sounds}");
    let (mut ring, mut hold, mut cells) = (TailRing::new(&SPEC), Hold::new(&SPEC), 0);
    while !hold.ready() {
        hold.latch(true, cells * 32, 3, &ring);
        ring.seek(cells * 32);
        ring.write(&[[0.1; CELL]; 2], CELL);
        hold.process(CELL);
        cells += 1;
    }
    assert!((80_000..106_000).contains(&(cells * 32)), "{}", cells * 32);
}

#[test]
fn no_rate_of_repetition_is_heard_in_its_envelope() {
    let [left, _] = held(&SPEC, noise, 40.0, CELL);
    // Power over a hop of the frames, folded over all hops.
    let mut power = vec![0.0f64; 64];
    for (k, x) in left.iter().enumerate().skip(3 * 48_000) {
        power[k % 8_192 / 128] += (x * x) as f64;
    }
    let mean = power.iter().sum::<f64>() / 64.0;
    let db: Vec<f64> = power.iter().map(|p| 10.0 * (p / mean).log10()).collect();
    // 217 hops of 128 samples scatter by 0.04 dB.
    assert!(db.iter().all(|db| db.abs() < 0.2), "{db:.2?}");
}

#[test]
fn silence_is_held_as_silence_and_letting_go_ends_within_a_frame() {
    assert!(held(&SPEC, |_| [0.0; 2], 4.0, CELL).iter().flatten().all(|x| *x == 0.0));
    let (mut ring, mut hold) = (TailRing::new(&SPEC), Hold::new(&SPEC));
    let mut last = 0;
    for cell in 0..10_000i64 {
        hold.latch(cell < 6_000, cell * 32, 3, &ring);
        ring.seek(cell * 32);
        let room = std::array::from_fn(|k| noise(cell * 32 + k as i64)[0]);
        ring.write(&[room, room], CELL);
        if hold.process(CELL)[0].iter().any(|x| *x != 0.0) {
            last = cell;
        }
    }
    assert!((6_000..6_000 + 512).contains(&last), "{last}");
}

#[test]
fn every_kept_frame_has_its_turn_in_each_round() {
    let mut seen = [0; KEPT];
    (0..80).for_each(|number| seen[order(number, 5)] += 1);
    assert_eq!(seen, [10; KEPT]);
    assert!((0..80).any(|number| order(number, 5) != order(number % 8, 5)));
}
