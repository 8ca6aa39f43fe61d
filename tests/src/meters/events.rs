//! Where a sound was misbehaved with, how cleanly it was cut, and how unforeseeable that was.

use std::collections::BTreeMap;

use green_ring_dsp::filter::Svf;

/// What is listened above for splices, in hertz.
const CUT_HZ: f64 = 8_000.0;
/// Half the window around a splice, in seconds.
const AROUND_S: f64 = 0.005;
/// How far around a splice the sound is its own measure, in seconds.
const LOCAL_S: f64 = 0.25;
/// How far on each side of it, where the sides are not alike, in seconds.
const SIDE_S: f64 = 0.06;
/// Treble this far below the sound is not heard, and counts as this much.
const FLOOR_DB: f64 = -90.0;

/// Spans of frames in which `wet` differs from `dry`, in any channel. Spans less than `gap` frames apart are one.
pub fn touched(dry: &[Vec<f32>], wet: &[Vec<f32>], gap: usize) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = vec![];
    for n in 0..dry[0].len() {
        if dry.iter().zip(wet).any(|(d, w)| d[n].to_bits() != w[n].to_bits()) {
            match spans.last_mut() {
                Some((_, end)) if n - *end < gap => *end = n + 1,
                _ => spans.push((n, n + 1)),
            }
        }
    }
    spans
}

/// Energy above 8 kHz within 5 ms of each of `splices`, in dB re the median of the windows around it.
pub fn splices_db(sound: &[f32], splices: &[usize], rate_hz: f64) -> Vec<f64> {
    let high = treble(sound, rate_hz);
    let (half, local) = ((AROUND_S * rate_hz) as usize, (LOCAL_S * rate_hz) as usize);
    let inside = splices.iter().filter(|&&at| at >= local && at + local <= sound.len());
    inside
        .map(|&at| {
            let energy = |at: usize| high[at - half..at + half].iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
            let power = super::rms(&sound[at - local..at + local]).powi(2);
            let floor = 2.0 * half as f64 * power * 10f64.powf(FLOOR_DB / 10.0);
            let mut around: Vec<f64> = (at - local + half..at + local - half).step_by(half).map(energy).collect();
            around.sort_by(f64::total_cmp);
            10.0 * ((energy(at) + floor) / (around[around.len() / 2] + floor)).log10()
        })
        .collect()
}

/// Energy above 8 kHz within 5 ms of each of `splices`, in dB re the louder side: the median of the windows in the 60 ms
/// before it, or after it. For sounds whose treble is not the same on both sides.
pub fn splices_between_db(sound: &[f32], splices: &[usize], rate_hz: f64) -> Vec<f64> {
    let high = treble(sound, rate_hz);
    let (half, side) = ((AROUND_S * rate_hz) as usize, (SIDE_S * rate_hz) as usize);
    let inside = splices.iter().filter(|&&at| at >= side && at + side <= sound.len());
    inside
        .map(|&at| {
            let energy = |at: usize| high[at - half..at + half].iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
            let power = super::rms(&sound[at - side..at + side]).powi(2);
            let floor = 2.0 * half as f64 * power * 10f64.powf(FLOOR_DB / 10.0);
            let median = |from: usize, to: usize| {
                let windows: Vec<f64> = (from + half..=to - half).step_by(half).map(energy).collect();
                percentile(&windows, 0.5)
            };
            let louder = median(at - side, at - half).max(median(at + half, at + side));
            10.0 * ((energy(at) + floor) / (louder + floor)).log10()
        })
        .collect()
}

/// What lies above 8 kHz: a Butterworth high-pass of order 8.
fn treble(sound: &[f32], rate_hz: f64) -> Vec<f32> {
    let mut treble = sound.to_vec();
    for k in 0..4 {
        let mut filter = Svf::default();
        let damping = 2.0 * ((2 * k + 1) as f32 * std::f32::consts::PI / 16.0).cos();
        filter.set(CUT_HZ as f32, damping.recip(), rate_hz as f32);
        treble.iter_mut().for_each(|x| *x = filter.tick(*x).high);
    }
    treble
}

/// The value that `share` of `values` do not exceed.
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((share * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len()) - 1]
}

/// Shannon entropy in bits a bar of what happens at each of `slots` slots of a bar, over `bars` bars. `events` are
/// slot and whatever tells one event from another; a slot without an event is a silence.
pub fn entropy_bits<T: Ord>(events: impl IntoIterator<Item = (usize, T)>, slots: usize, bars: usize) -> f64 {
    let mut counts: Vec<BTreeMap<Option<T>, usize>> = (0..slots).map(|_| BTreeMap::new()).collect();
    for (slot, event) in events {
        *counts[slot].entry(Some(event)).or_default() += 1;
    }
    let bits = counts.iter_mut().map(|slot| {
        let events: usize = slot.values().sum();
        slot.insert(None, bars.saturating_sub(events));
        slot.values().filter(|n| **n > 0).map(|n| *n as f64 / bars as f64).map(|p| -p * p.log2()).sum::<f64>()
    });
    bits.sum()
}

/// Spearman's rank correlation of `values` with their order: 1 where they only rise. Ties share no rank.
pub fn spearman(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let rank = |i: usize| values.iter().filter(|v| **v < values[i]).count() as f64;
    let squares: f64 = (0..values.len()).map(|i| (rank(i) - i as f64).powi(2)).sum();
    1.0 - 6.0 * squares / (n * (n * n - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals;

    #[test]
    fn touched_spans_are_found_to_the_sample() {
        let dry = signals::white(0.5, 1, 2, 1_000);
        let mut wet = dry.clone();
        wet[1][100] += 0.1;
        wet[0][104] += 0.1;
        wet[0][900] += 0.1;
        assert_eq!(touched(&dry, &wet, 10), [(100, 105), (900, 901)]);
    }

    #[test]
    fn a_hard_splice_is_heard_and_none_is_not() {
        let mut sound = signals::sine(440.0, 0.3, 48_000.0, 1, 96_000).remove(0);
        assert!(splices_db(&sound, &[48_000], 48_000.0)[0].abs() < 0.1);
        sound[48_000..].iter_mut().for_each(|x| *x = -*x);
        sound[48_000] += 0.3;
        assert!(splices_db(&sound, &[48_000], 48_000.0)[0] > 40.0);
    }

    #[test]
    fn a_splice_to_a_brighter_sound_is_measured_by_the_brighter_one() {
        let dull = signals::sine(440.0, 0.3, 48_000.0, 1, 96_000).remove(0);
        let hiss = signals::white(0.01, 5, 1, 96_000).remove(0);
        let soft = |n: usize| ((n as f32 - 47_900.0) / 200.0).clamp(0.0, 1.0);
        let bright: Vec<f32> = (0..96_000).map(|n| dull[n] + soft(n) * hiss[n]).collect();
        assert!(splices_between_db(&bright, &[48_000], 48_000.0)[0] < 1.0);
        let broken: Vec<f32> = (0..96_000).map(|n| if n < 48_030 { bright[n] } else { -bright[n] }).collect();
        assert!(splices_between_db(&broken, &[48_000], 48_000.0)[0] > 4.0);
    }

    #[test]
    fn entropy_of_coins_and_dice() {
        assert_eq!(entropy_bits((0..1_000).map(|_| (3, 'x')), 8, 1_000), 0.0);
        assert_eq!(entropy_bits((0..500).map(|_| (3, 'x')), 8, 1_000), 1.0);
        assert!((entropy_bits((0..1_000).map(|k| (0, k % 8)), 1, 1_000) - 3.0).abs() < 1e-9);
    }

    #[test]
    fn spearman_knows_up_from_down() {
        assert_eq!(spearman(&[1.0, 2.0, 5.0, 9.0]), 1.0);
        assert_eq!(spearman(&[9.0, 5.0, 2.0, 1.0]), -1.0);
        assert_eq!(percentile(&[3.0, 1.0, 2.0, 4.0], 0.75), 3.0);
    }
}
