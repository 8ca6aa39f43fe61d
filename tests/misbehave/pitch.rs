//! Pitch: the note that was asked for, with formants that stay where they were.

use std::f64::consts::{PI, TAU};

use green_ring_dsp::CELL;
use misbehave::engine::{align::Aligner, pitch::Shift, record::Record};
use suite_tests::meters::{self, db};

use super::material;

const RATE: f64 = 48_000.0;
const FORMANTS_HZ: [f64; 3] = [700.0, 1_220.0, 2_600.0];

/// A sung vowel of `seconds`: pulses at `hz` with a little vibrato, through three formants.
fn vowel(hz: f64, seconds: f64) -> Vec<f32> {
    let (mut phase, mut states) = (0.0f64, [[0.0f64; 2]; 3]);
    (0..(seconds * RATE) as usize)
        .map(|n| {
            phase += hz * (1.0 + 0.003 * (TAU * 5.0 * n as f64 / RATE).sin()) / RATE;
            phase -= phase.floor();
            let pulse = (-phase * 30.0).exp() - 1.0 / 30.0;
            let voice = states.iter_mut().zip(FORMANTS_HZ).map(|(state, formant)| {
                let radius = (-PI * 100.0 / RATE).exp();
                let y = pulse + 2.0 * radius * (TAU * formant / RATE).cos() * state[0] - radius * radius * state[1];
                *state = [y, state[0]];
                y * formant / RATE
            });
            (0.3 * voice.sum::<f64>()) as f32
        })
        .collect()
}

/// What comes of `sound`, from its second second on.
fn shifted(sound: &[f32], semitones: f64, formants: bool) -> Vec<f32> {
    let record = material::record(&vec![sound.to_vec(); 2]);
    let mut shift = Shift::new(semitones, formants, 48_000, &Aligner::new(RATE), RATE);
    (48_000..sound.len()).map(|_| shift.next(&record)[0]).collect()
}

/// Power spectrum of the second half-second of `sound`, and the hertz of a line.
fn spectrum(sound: &[f32]) -> (Vec<f64>, f64) {
    const SIZE: usize = 32_768;
    let fft = realfft::RealFftPlanner::<f64>::new().plan_fft_forward(SIZE);
    let hann = |k: usize| 0.5 - 0.5 * (TAU * k as f64 / SIZE as f64).cos();
    let mut windowed: Vec<f64> = (0..SIZE).map(|k| f64::from(sound[24_000 + k]) * hann(k)).collect();
    let mut lines = fft.make_output_vec();
    fft.process(&mut windowed, &mut lines).unwrap();
    (lines.iter().map(|x| x.norm_sqr()).collect(), RATE / SIZE as f64)
}

/// The note of `sound` near `hz`: where its first ten harmonics are strongest together.
fn note_hz(sound: &[f32], hz: f64) -> f64 {
    let (power, line) = spectrum(sound);
    let comb = |hz: f64| (1..=10).map(|k| power[(k as f64 * hz / line).round() as usize]).sum::<f64>();
    let near = (-60..=60).map(|cents| hz * (f64::from(cents) / 1_200.0).exp2());
    near.max_by(|a, b| comb(*a).total_cmp(&comb(*b))).unwrap()
}

/// Centre of gravity of the power between two edges.
fn centre_hz(sound: &[f32], low_hz: f64, high_hz: f64) -> f64 {
    let (power, line) = spectrum(sound);
    let band = (low_hz / line) as usize..(high_hz / line) as usize;
    let sum: f64 = power[band.clone()].iter().sum();
    band.map(|k| k as f64 * line * power[k]).sum::<f64>() / sum
}

#[test]
fn the_note_moves_and_the_formants_stay_if_asked() {
    let voice = vowel(110.0, 3.0);
    let bands = [(450.0, 950.0), (950.0, 1_700.0), (2_000.0, 3_300.0)];
    for semitones in [-12.0, -5.0, 3.0, 7.0, 12.0] {
        let ratio = (semitones / 12.0f64).exp2();
        let [moved, kept] = [false, true].map(|formants| shifted(&voice, semitones, formants));
        let cents = |sound: &[f32]| {
            1_200.0 * (note_hz(sound, 110.0 * ratio) / note_hz(&voice, 110.0)).log2() - 100.0 * semitones
        };
        let cents = [cents(&moved), cents(&kept)];
        let drift = bands.map(|(low, high)| centre_hz(&kept, low, high) / centre_hz(&voice, low, high) - 1.0);
        let whole = |sound: &[f32]| centre_hz(sound, 60.0, 8_000.0) / centre_hz(&voice, 60.0, 8_000.0);
        let level = [&moved, &kept].map(|sound| db(meters::rms(&sound[24_000..]) / meters::rms(&voice[48_000..])));
        println!(
            "{semitones}: {cents:.1?} cents, formants {drift:.3?}, brightness moved {:.2} kept {:.2}, level {level:.1?}",
            whole(&moved),
            whole(&kept)
        );
        assert!(cents.iter().all(|cents| cents.abs() <= 5.0), "{semitones}: {cents:?}");
        assert!(drift.iter().all(|drift| drift.abs() <= 0.03), "{semitones}: {drift:?}");
        assert!((whole(&moved) / ratio - 1.0).abs() <= 0.1 && (whole(&kept) - 1.0).abs() <= 0.1, "{semitones}");
        assert!(level.iter().all(|level| level.abs() <= 2.0), "{semitones}: {level:?}");
    }
}

#[test]
fn no_shift_clicks() {
    let sine: Vec<f32> = (0..144_000).map(|n| (0.2 * (TAU * 440.0 / RATE * f64::from(n)).sin()) as f32).collect();
    for formants in [false, true] {
        for semitones in [-12.0, -3.7, 4.0, 7.0, 12.0] {
            let windows = meters::click::windows(&[shifted(&sine, semitones, formants)], RATE, 0.2);
            let worst = 10.0 * windows[20..].iter().fold(0.0f64, |a, b| a.max(*b)).log10();
            println!("shift {semitones} formants {formants}: {worst:.1} dB above 9 kHz");
            assert!(worst <= -80.0, "{semitones} {formants}: {worst}");
        }
    }
}

#[test]
fn nothing_is_heard_before_it_sounded() {
    let voice = vowel(150.0, 2.0);
    for (semitones, formants) in [(12.0, false), (-12.0, false), (12.0, true), (-12.0, true), (7.0, true)] {
        let whole = shifted(&voice, semitones, formants);
        let mut record = Record::new(voice.len());
        let mut shift = Shift::new(semitones, formants, 48_000, &Aligner::new(RATE), RATE);
        for (n, x) in voice.iter().enumerate() {
            record.write(&[[*x; CELL]; 2], 1);
            if n >= 48_000 {
                assert_eq!(shift.next(&record)[0], whole[n - 48_000], "{semitones} {formants}: frame {n}");
            }
        }
    }
}
