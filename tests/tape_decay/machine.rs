//! The aligned machine: response, noises, crosstalk, and what adds up.

use suite_tests::meters::difference_db;
use suite_tests::meters::tape::{component, harmonic, programme, tone};
use tape_decay::engine::{Equalisation, Machine, Settings};

use crate::deck::{RATE, aligned, even, last, latency, level, play, play_song, play_tone};

fn response_db(settings: &Settings, rate: f64, hz: f64) -> f64 {
    let sound = play_tone(settings, rate, hz, 0.01, 2.0);
    20.0 * (component(last(&sound, rate), hz, rate).norm() / 0.01).log10()
}

#[test]
fn the_aligned_machine_is_flat() {
    let machines = [
        (Machine::Studio, 30.0, 20_000.0),
        (Machine::Studio, 15.0, 18_000.0),
        (Machine::Studio, 7.5, 14_000.0),
        (Machine::Domestic, 7.5, 14_000.0),
        (Machine::Domestic, 3.75, 10_000.0),
        (Machine::Cassette, 1.875, 9_000.0),
    ];
    let aligned = Settings { operating_level_db: -18.0, drive_db: 0.0, ..aligned() };
    for rate in [48_000.0, 96_000.0] {
        for (machine, speed_ips, highest_hz) in machines {
            for part in [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0f64] {
                let hz = (50.0 * (highest_hz / 50.0f64).powf(part)).round();
                let level = response_db(&Settings { machine, speed_ips, ..aligned }, rate, hz);
                assert!(level.abs() <= 1.0, "{machine:?} at {speed_ips} ips, {rate} Hz, {hz} Hz: {level:.2} dB");
            }
        }
    }
}

#[test]
fn the_head_bump_is_a_control() {
    for (machine, speed_ips, crest_hz) in [(Machine::Domestic, 7.5, 63.0), (Machine::Studio, 30.0, 85.0)] {
        let at = |head_bump| response_db(&Settings { machine, speed_ips, head_bump, ..aligned() }, RATE, crest_hz);
        let [half, whole] = [0.5, 1.0].map(|dial| at(dial) - at(0.0));
        assert!((half - 1.25).abs() < 0.3 && (whole - 2.5).abs() < 0.4, "{machine:?}: {half:.2}, {whole:.2} dB");
    }
}

/// Ten seconds of nothing but what the tape adds.
fn noise(settings: &Settings, playing: bool) -> Vec<f32> {
    play_song(settings, playing, RATE, &[vec![0.0; 10 * RATE as usize]]).remove(0).split_off(RATE as usize)
}

/// Power of `sound` under the A curve of IEC 61672-1, in dB.
fn a_weighted_db(sound: &[f32]) -> f64 {
    let power: f64 = bins(sound).iter().map(|(hz, power)| power * a_weight(*hz)).sum();
    10.0 * power.log10()
}

fn a_weight(hz: f64) -> f64 {
    let square = hz * hz;
    let [a, b, c, d] = [20.6, 107.7, 737.9, 12_194.0].map(|pole: f64| square + pole * pole);
    (1.2589 * 12_194f64.powi(2) * square * square / (a * d * (b * c).sqrt())).powi(2)
}

/// Mean power of `sound` by frequency, in 4096 bins up to half the rate, under a Hann window.
fn bins(sound: &[f32]) -> Vec<(f64, f64)> {
    let size = 8_192;
    let plan = realfft::RealFftPlanner::<f64>::new().plan_fft_forward(size);
    let (mut powers, mut count) = (vec![0.0; size / 2 + 1], 0.0);
    for part in sound.chunks_exact(size) {
        let window = |k: usize| 0.5 - 0.5 * (std::f64::consts::TAU * k as f64 / size as f64).cos();
        let mut part: Vec<f64> = part.iter().enumerate().map(|(k, x)| window(k) * f64::from(*x)).collect();
        let mut spectrum = plan.make_output_vec();
        plan.process(&mut part, &mut spectrum).expect("lengths agree");
        powers.iter_mut().zip(&spectrum).for_each(|(sum, bin)| *sum += bin.norm_sqr());
        count += 1.0;
    }
    // A Hann window passes 3/8 of the power; two sides of the spectrum.
    let scale = 2.0 / (count * 0.375 * (size * size) as f64);
    powers.iter().enumerate().map(|(k, power)| (k as f64 * RATE / size as f64, power * scale)).collect()
}

/// Level in dB of a tone at 1 kHz that comes off with 3 % third harmonic.
fn three_percent_db(settings: &Settings) -> f64 {
    for tenths in 100.. {
        let sound = play_tone(settings, RATE, 1e3, level(0.1 * f64::from(tenths)), 2.0);
        if harmonic(last(&sound, RATE), 1e3, 3, RATE) >= 0.03 {
            return 20.0 * (component(last(&sound, RATE), 1e3, RATE).norm() / 2f64.sqrt()).log10();
        }
    }
    unreachable!("the tape is full in the end")
}

#[test]
fn each_machine_hisses_as_its_makers_tell() {
    for (machine, speed_ips, hiss_db) in
        [(Machine::Studio, 15.0, -70.0), (Machine::Domestic, 7.5, -58.0), (Machine::Cassette, 1.875, -50.0)]
    {
        for equalisation in [Equalisation::Iec, Equalisation::Nab] {
            let clean = Settings { drive_db: 0.0, even_harmonics: 0.0, hysteresis: 0.0, head_bump: 0.0, ..even() };
            let settings = Settings { machine, speed_ips, equalisation, hiss_db, ..clean };
            let floor = a_weighted_db(&noise(&settings, true)) - three_percent_db(&clean);
            assert!((floor - f64::from(hiss_db)).abs() <= 1.0, "{machine:?}, {equalisation:?}: {floor:.2} dB");
        }
    }
}

#[test]
fn hiss_stops_with_the_song_and_without_hiss_there_is_nothing() {
    let settings = Settings { hiss_db: -40.0, ..even() };
    assert!(noise(&settings, true).iter().any(|x| *x != 0.0));
    assert!(noise(&settings, false).iter().all(|x| *x == 0.0));
    let silent = Settings { modulation_noise: 1.0, ..even() };
    assert!(noise(&silent, true).iter().all(|x| *x == 0.0));
}

#[test]
fn equalisation_has_the_time_constants_of_its_standard() {
    use Equalisation::{Iec, Nab};
    // Hiss is white on the tape: what it has been through is the replay's lift, and the response that all sound has. The
    // same chance at another speed and standard: what differs is what replay does to it.
    let replayed = |speed_ips, equalisation| {
        let settings = Settings { speed_ips, equalisation, machine: Machine::Studio, ..aligned() };
        let hiss = bins(&noise(&Settings { hiss_db: -40.0, ..settings }, true));
        let band = |hz: f64| {
            let inside = hiss.iter().filter(|(at, _)| (at / hz).ln().abs() < 0.1);
            inside.map(|(_, power)| power).sum::<f64>() / 10f64.powf(0.1 * response_db(&settings, RATE, hz))
        };
        BANDS_HZ.map(band)
    };
    let base = replayed(15.0, Iec);
    for (speed_ips, equalisation, us) in
        [(30.0, Iec, 17.5), (15.0, Nab, 50.0), (7.5, Iec, 70.0), (3.75, Nab, 90.0), (1.875, Iec, 120.0)]
    {
        let other = replayed(speed_ips, equalisation);
        let found = fitted_us(&std::array::from_fn(|k| other[k] / base[k]), 35.0);
        assert!((found / us - 1.0).abs() <= 0.01, "{speed_ips} ips, {equalisation:?}: {found:.2} us");
    }
}

/// Where hiss is looked at for time constants.
const BANDS_HZ: [f64; 8] = [400.0, 700.0, 1_200.0, 2_000.0, 3_200.0, 5_000.0, 7_000.0, 9_000.0];

/// The time constant in microseconds whose lift over that of `base_us` lies closest to the power `ratios` of the bands.
fn fitted_us(ratios: &[f64; BANDS_HZ.len()], base_us: f64) -> f64 {
    let lift = |hz: f64, us: f64| 1.0 + (std::f64::consts::TAU * hz * us * 1e-6).powi(2);
    let spread = |us: f64| {
        let off = BANDS_HZ.iter().zip(ratios).map(|(hz, ratio)| (ratio * lift(*hz, base_us) / lift(*hz, us)).ln());
        let (sum, square) = off.fold((0.0, 0.0), |(sum, square), x| (sum + x, square + x * x));
        square - sum * sum / ratios.len() as f64
    };
    let all = (1_000..15_000).map(|k| 0.01 * f64::from(k));
    all.min_by(|a, b| spread(*a).total_cmp(&spread(*b))).expect("there are some")
}

#[test]
fn modulation_noise_follows_the_signal() {
    let skirts_db = |peak: f64, modulation_noise| {
        let sound = play_tone(&Settings { modulation_noise, ..aligned() }, RATE, 1e3, peak, 9.0);
        let bins = bins(&sound[RATE as usize..]);
        let beside = bins.iter().filter(|(hz, _)| (150.0..400.0).contains(&(hz - 1e3).abs()));
        10.0 * beside.map(|(_, power)| power).sum::<f64>().log10()
    };
    assert!((skirts_db(0.01, 1.0) - skirts_db(0.001, 1.0) - 20.0).abs() < 0.5);
    assert!((skirts_db(0.01, 1.0) - skirts_db(0.01, 0.1) - 20.0).abs() < 0.5);
    // What is left without it is the window's.
    assert!(skirts_db(0.01, 0.0) < skirts_db(0.01, 0.2) - 12.0);
}

#[test]
fn crosstalk_is_as_loud_as_it_says() {
    let sound = [tone(1e3, 0.01, 2.0, RATE), vec![0.0; 96_000]];
    for crosstalk_db in [-60.0, -36.0, -20.0] {
        let out = play(&Settings { crosstalk_db: crosstalk_db as f32 + 1e-3, ..aligned() }, RATE, &sound);
        let [near, far] = [0, 1].map(|side| component(last(&out[side], RATE), 1e3, RATE).norm());
        assert!((20.0 * (far / near).log10() - crosstalk_db).abs() < 0.1);
    }
    let out = play(&aligned(), RATE, &sound);
    assert!(out[1].iter().all(|x| *x == 0.0));
}

#[test]
fn half_mix_has_no_comb_and_no_mix_is_the_input() {
    for head_bump in [0.0, 1.0] {
        let clean = Settings { head_bump, ..aligned() };
        for rate in [44_100.0, 48_000.0, 96_000.0] {
            for hz in [50.0, 70.0, 200.0, 1_000.0, 4_000.0, 8_000.0, 12_000.0, 16_000.0] {
                let at = |mix| {
                    let sound = play_tone(&Settings { mix, ..clean }, rate, hz, 0.01, 2.0);
                    component(last(&sound, rate), hz, rate).norm()
                };
                let (dry, half, wet) = (at(0.0), at(0.5), at(1.0));
                let error_db = 20.0 * (half / ((dry + wet) / 2.0)).log10();
                assert!(error_db.abs() < 1.0, "{hz} Hz at {rate} Hz: {error_db:.2} dB");
            }
        }
    }
    let music = programme(-20.0, 2.0, RATE);
    let out = play(&Settings { mix: 0.0, ..Settings::default() }, RATE, &music);
    assert_eq!(out[0][latency(RATE)..], music[0][..music[0].len() - latency(RATE)]);
}

#[test]
fn without_drive_stems_add_up_to_their_sum() {
    let clean = Settings { wow: 0.005, flutter: 0.003, head_bump: 0.5, even_harmonics: 0.0, ..aligned() };
    let worn = Settings { wear: 0.8, passes: 90.0, dropouts: 1.0, spacing_um: 3.0, print_through_db: -46.0, ..clean };
    let askew = Settings { azimuth_arcmin: 20.0, crosstalk_db: -30.0, bias_db: 3.0, ..worn };
    for settings in [clean, worn, askew] {
        let stems: Vec<Vec<f32>> = [110.0, 440.0, 1_000.0, 6_000.0].map(|hz| tone(hz, 0.05, 4.0, RATE)).to_vec();
        let sum: Vec<f32> = (0..stems[0].len()).map(|k| stems.iter().map(|stem| stem[k]).sum()).collect();
        let through = |sound: &Vec<f32>| play(&settings, RATE, &[sound.clone(), sound.clone()]);
        let whole = through(&sum);
        let played: Vec<Vec<Vec<f32>>> = stems.iter().map(through).collect();
        for side in [0, 1] {
            let apart: Vec<f32> = (0..sum.len()).map(|k| played.iter().map(|stem| stem[side][k]).sum()).collect();
            let error = difference_db(&whole[side], &apart);
            assert!(error <= -90.0, "{error:.1} dB");
        }
    }
}
