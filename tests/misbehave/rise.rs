//! Rise: as loud and as bright after a cycle as before it, although everything quickened all the time.

use green_ring_dsp::{CELL, Spec};
use misbehave::engine::{
    record::Record,
    rise::{Bars, Plan, Rise},
};
use suite_tests::{
    meters,
    signals::{self, Planar},
};

const RATE: f64 = 48_000.0;

/// Bars of 2 s, of which the first does not begin with the sound.
const BARS: Bars = Bars { zero: 4_567.25, bar_samples: 96_000.0 };

/// The layer alone over `sound`, heard from song sample `from` (a multiple of a cell) on.
fn play(plan: impl Fn(usize) -> Plan, sound: &Planar, from: usize) -> Planar {
    let spec = Spec { sample_rate: RATE, channels: 2 };
    let (mut rise, mut record) = (Rise::new(&spec), Record::new(45 * 48_000));
    record.clear(from as i64);
    let mut out = signals::silence(2, sound[0].len());
    for at in (from..sound[0].len() / CELL * CELL).step_by(CELL) {
        let cell = [0, 1].map(|side| std::array::from_fn(|k| sound[side][at + k]));
        record.write(&cell, CELL);
        let mut layer = [[0.0; CELL]; 2];
        rise.latch(&plan(at), &BARS, at as i64);
        // However time is cut.
        let cut = if from > 0 { at / CELL % CELL } else { 0 };
        rise.process(&record, &mut layer, 0, cut);
        rise.process(&record, &mut layer, cut, CELL);
        for (out, layer) in out.iter_mut().zip(layer) {
            out[at..at + CELL].copy_from_slice(&layer);
        }
    }
    out
}

fn plan(cycle_bars: f64, down: bool, kept: bool) -> Plan {
    Plan { level: 1.0, cycle_bars, down, kept }
}

/// The centre of gravity of the power spectrum from 20 Hz up, in hertz, through Hann windows.
fn centroid_hz(sound: &[f32]) -> f64 {
    const SIZE: usize = 8_192;
    let fft = realfft::RealFftPlanner::<f32>::new().plan_fft_forward(SIZE);
    let (mut sums, mut spectrum) = ([0.0; 2], fft.make_output_vec());
    for chunk in sound.windows(SIZE).step_by(SIZE / 2) {
        let hann = |k: usize| 0.5 - 0.5 * (std::f32::consts::TAU * k as f32 / SIZE as f32).cos();
        let mut windowed: Vec<f32> = chunk.iter().enumerate().map(|(k, x)| x * hann(k)).collect();
        fft.process(&mut windowed, &mut spectrum).unwrap();
        for (k, x) in spectrum.iter().enumerate().skip(4) {
            let power = f64::from(x.norm_sqr());
            sums = [sums[0] + power * k as f64 * RATE / SIZE as f64, sums[1] + power];
        }
    }
    sums[0] / sums[1]
}

#[test]
fn a_cycle_of_noise_is_even_and_the_next_is_the_same() {
    let cycle = 12 * 48_000;
    let first = (Rise::memory_s(2.0) * RATE) as usize / CELL * CELL;
    let noise = signals::pink(1.0, RATE, 3, 2, first + 3 * cycle);
    for (down, kept) in [(false, false), (true, false), (false, true), (true, true)] {
        let heard = play(|_| plan(6.0, down, kept), &noise, 0);
        let part = |from: usize, length: usize| {
            vec![heard[0][from..from + length].to_vec(), heard[1][from..from + length].to_vec()]
        };
        let levels: Vec<f64> =
            (first..first + cycle).step_by(24_000).map(|at| meters::loudness(&part(at, 144_000), RATE)).collect();
        let mean = levels.iter().sum::<f64>() / levels.len() as f64;
        let uneven = levels.iter().map(|level| (level - mean).abs()).fold(0.0, f64::max);
        let source = meters::loudness(&noise, RATE);
        let centroids = [0, 1, 2].map(|k| centroid_hz(&heard[0][first + k * cycle..first + (k + 1) * cycle]));
        let drift = centroids.windows(2).map(|pair| (pair[1] / pair[0] - 1.0).abs()).fold(0.0, f64::max);
        println!(
            "rise down {down} kept {kept}: +-{uneven:.2} dB, re source {:.1} dB, centroid {:.1} %",
            mean - source,
            100.0 * drift
        );
        assert!(uneven <= 1.0 && drift <= 0.05, "{down} {kept}: {uneven} dB, {drift}");
        assert!((mean - source).abs() < 2.0, "{down} {kept}: {}", mean - source);
    }
}

#[test]
fn it_is_the_same_wherever_playback_began() {
    let noise = signals::pink(1.0, RATE, 3, 2, 40 * 48_000);
    for kept in [false, true] {
        let plan = |_| plan(4.0, false, kept);
        let (whole, late) = (play(plan, &noise, 0), play(plan, &noise, 16_000 * CELL));
        let from = 16_000 * CELL + (Rise::memory_s(2.0) * RATE) as usize;
        assert!(meters::peak(&whole[0][from..]) > 0.1 && whole[0][from..] == late[0][from..], "{kept}");
    }
}

#[test]
fn switching_it_and_changing_its_course_does_not_click() {
    let total = 40 * 48_000;
    let sine = signals::sine(440.0, 0.2, RATE, 2, total);
    for kept in [false, true] {
        let course = |at: usize| {
            let course = plan([8.0, 16.0][at / 100_000 % 2], at / 150_000 % 2 == 1, kept);
            Plan { level: f32::from((at / 30_000).is_multiple_of(2)), ..course }
        };
        let steady = play(|_| plan(8.0, false, kept), &sine, 0);
        let switched = play(course, &sine, 0);
        let from = 16 * 200;
        let [steady, switched] = [steady, switched].map(|sound| {
            let windows = meters::click::windows(&sound, RATE, 0.2);
            10.0 * windows[from..].iter().fold(0.0f64, |a, b| a.max(*b)).log10()
        });
        println!("rise kept {kept}: {switched:.1} dB above 9 kHz, held {steady:.1} dB");
        assert!(switched <= steady.max(-80.0) + 1.0, "{switched} {steady}");
    }
}
