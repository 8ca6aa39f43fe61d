//! How unevenly the tape runs.

use green_ring_dsp::{Song, Spec};
use suite_tests::meters::tape::{AES6_TONE_HZ, Demodulated, aes6, tone, two_sigma, wow_and_flutter};
use tape_decay::engine::wander::Wander;
use tape_decay::engine::{Engine, Machine, Quality, Settings, reached};

use crate::deck::{RATE, aligned, even, latency, play, play_tone};

#[test]
fn wow_and_flutter_dials_read_true() {
    let wow = |wow, wow_rate_hz| Settings { wow, wow_rate_hz, ..even() };
    let flutter = |flutter, flutter_rate_hz| Settings { flutter, flutter_rate_hz, ..even() };
    let machines = [
        wow(0.000_2, 1.0),
        wow(0.000_8, 2.0),
        wow(0.005, 4.0),
        wow(0.02, 0.8),
        flutter(0.000_2, 9.0),
        flutter(0.000_6, 4.0),
        flutter(0.005, 25.0),
        flutter(0.02, 60.0),
    ];
    for (k, machine) in machines.into_iter().enumerate() {
        let settings = Settings { seed: k as u32, quality: Quality::Two, ..machine };
        let reads = wow_and_flutter(&play_tone(&settings, RATE, AES6_TONE_HZ, 0.1, 120.0), RATE);
        let told = (settings.wow + settings.flutter) as f64;
        assert!((reads / told - 1.0).abs() < 0.1, "{settings:?}: {:.3} of the dial", reads / told);
    }
}

#[test]
fn two_minutes_read_true_under_any_seed() {
    for rate_hz in [0.8, 1.0, 4.0, 9.0, 60.0] {
        let meter_hz = 50.0f64.max(rate_hz) * 20.0;
        for seed in 0..40 {
            let mut wander = Wander::turning(rate_hz, seed, 0);
            let path: Vec<f64> = (0..=(120.0 * meter_hz) as usize).map(|k| wander.at(k as f64 / meter_hz)).collect();
            let speed: Vec<f64> = path.windows(2).map(|w| (w[1] - w[0]) * meter_hz).collect();
            let reads = aes6(&speed, meter_hz);
            assert!((reads - 1.0).abs() <= 0.1, "{rate_hz} Hz, seed {seed}: {reads:.3} of the dial");
        }
    }
}

#[test]
fn wow_and_flutter_are_equal_at_every_rate() {
    let settings = Settings { wow: 0.002, flutter: 0.001, quality: Quality::Two, ..even() };
    let reads = [44_100.0, 96_000.0, 192_000.0]
        .map(|rate| wow_and_flutter(&play_tone(&settings, rate, AES6_TONE_HZ, 0.1, 15.0), rate));
    for other in &reads[1..] {
        assert!((other / reads[0] - 1.0).abs() < 0.02, "{reads:?}");
    }
}

#[test]
fn scrape_reads_true_unweighted() {
    for dial in [0.001, 0.01] {
        let sound = play_tone(&Settings { scrape: dial, ..even() }, 96_000.0, 20_000.0, 0.1, 10.0);
        let tone = Demodulated::new(&sound[9_600..], 20_000.0, 8_000.0, 96_000.0);
        let reads = two_sigma(&tone.speed()) / dial as f64;
        assert!((reads - 1.0).abs() < 0.1, "{dial}: {reads:.3}");
    }
}

#[test]
fn the_tone_keeps_its_level_while_it_wavers() {
    let settings = Settings { wow: 0.01, flutter: 0.005, ..even() };
    for rate in [44_100.0, 96_000.0] {
        let sound = play_tone(&settings, rate, 10_000.0, 0.05, 20.0);
        let ripple = Demodulated::new(&sound[rate as usize..], 10_000.0, 1_000.0, rate).ripple_db();
        assert!(ripple <= 0.05, "{rate} Hz: {ripple:.3} dB");
    }
}

#[test]
fn the_mean_delay_is_the_told_latency_and_the_swing_is_limited() {
    let late_ms = |settings: &Settings, seconds| {
        let sound = play_tone(settings, RATE, 200.0, 0.05, seconds);
        let tone = Demodulated::new(&sound[latency(RATE)..], 200.0, 50.0, RATE);
        tone.lateness_s()[tone.rate_hz as usize..].iter().map(|s| 1e3 * s).collect::<Vec<f64>>()
    };
    // What the high-pass and the meter themselves do to 200 Hz.
    let still_ms = late_ms(&even(), 3.0)[0];
    for (wow, wow_rate_hz) in [(0.000_8, 1.0), (0.03, 0.8), (0.03, 0.2)] {
        let settings =
            Settings { wow, wow_rate_hz, quality: Quality::Two, modulation_noise: 0.0, ..Settings::default() };
        let late_ms = late_ms(&settings, 121.0);
        let mean_ms = late_ms.iter().sum::<f64>() / late_ms.len() as f64 - still_ms;
        // A tone does not tell whole periods of its own apart.
        let error_ms = mean_ms - 5.0 * (mean_ms / 5.0).round();
        assert!(error_ms.abs() <= 0.1, "wow {wow} at {wow_rate_hz} Hz: {error_ms:.3} ms");
        let (low, high) = late_ms.iter().fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
        let swing_ms = (high - low) / 2.0;
        let told_ms = f64::from(reached(&settings).swing_ms);
        assert!(swing_ms <= told_ms && told_ms <= 20.0, "swings by {swing_ms:.2} ms, told {told_ms:.2} ms");
        assert!(swing_ms >= 0.5 * told_ms);
    }
}

#[test]
fn an_impulse_arrives_at_the_told_latency() {
    for quality in [Quality::Two, Quality::Four, Quality::Eight, Quality::Sixteen] {
        for rate in [44_100.0, 48_000.0, 192_000.0] {
            let mut click = vec![0.0; 20_000];
            click[1_000] = 0.01;
            let out = play(&Settings { quality, ..aligned() }, rate, &[click]).remove(0);
            let at = (0..out.len()).max_by(|a, b| out[*a].abs().total_cmp(&out[*b].abs()));
            assert_eq!(at, Some(1_000 + latency(rate)), "{quality:?} at {rate} Hz");
        }
    }
}

#[test]
fn one_seed_is_one_trajectory_whatever_sounds() {
    let settings = Settings { wow: 0.01, flutter: 0.005, scrape: 0.002, ..Settings::default() };
    let path = |settings: Settings, sound: f32, channels: usize| {
        let mut engine = Engine::new(&Spec { sample_rate: RATE, channels });
        let frame = |k: i64| {
            let mut frame = [[sound * (k as f32 * 0.1).sin()], [0.3 * sound]];
            let [left, right] = &mut frame;
            let block: &mut [&mut [f32]] = &mut [left, right];
            engine.process(&settings, &Song::new(true, k, 120.0, RATE), &mut block[..channels]);
            engine.swing_ms().to_bits()
        };
        (0..20_000).map(frame).collect::<Vec<u32>>()
    };
    let one = path(settings, 1.0, 2);
    assert_eq!(one, path(Settings { drive_db: 20.0, mix: 0.3, ..settings }, 0.01, 1));
    assert_ne!(one, path(Settings { seed: 2, ..settings }, 1.0, 2));
}

/// How much the left track leads over the right one, in seconds by time: of a tone at 1 kHz.
fn lead_s(settings: &Settings, seconds: f64) -> Vec<f64> {
    let out = play(settings, RATE, &[tone(1e3, 0.05, seconds, RATE), tone(1e3, 0.05, seconds, RATE)]);
    let [left, right] = [0, 1].map(|side| Demodulated::new(&out[side][9_600..], 1e3, 20.0, RATE).lateness_s());
    left.iter().zip(right).map(|(left, right)| right - left).collect()
}

#[test]
fn azimuth_is_distance_by_tangent_by_speed_and_wanders() {
    for (machine, speed_ips, apart_mm) in
        [(Machine::Studio, 15.0, 4.0), (Machine::Domestic, 7.5, 3.4), (Machine::Cassette, 1.875, 0.9)]
    {
        let settings = Settings { machine, speed_ips, azimuth_arcmin: 10.0, ..aligned() };
        let leads = lead_s(&settings, 40.0);
        let mean = leads.iter().sum::<f64>() / leads.len() as f64;
        let told = 1e-3 * apart_mm * (10.0f64 / 60.0).to_radians().tan() / (f64::from(speed_ips) * 0.025_4);
        assert!((mean / told - 1.0).abs() < 0.1, "{machine:?}: {:.2} us for {:.2} us", 1e6 * mean, 1e6 * told);
        let (low, high) = leads.iter().fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
        assert!(high - low > 0.15 * told && high < 1.31 * told && low > 0.69 * told);
    }
    assert!(lead_s(&aligned(), 1.0).iter().all(|lead| lead.abs() < 1e-9));
}
