//! Tape Decay: the laws, and what a listener hears of the machine.

#[path = "subjects/tape_decay.rs"]
mod subject;

suite_tests::laws!(subject::subject());

/// What a listener hears of the machine, against the figures that it must reach.
mod gates {
    use green_ring_dsp::{Song, Spec};
    use suite_tests::meters::tape::{
        AES6_TONE_HZ, Demodulated, component, harmonic, programme, tone, two_sigma, worst_alias_db, wow_and_flutter,
    };
    use suite_tests::meters::{difference_db, loudness, peak};
    use tape_decay::engine::{Engine, Quality, Settings, reached};

    const RATE: f64 = 48_000.0;

    /// A machine that runs perfectly even.
    fn even() -> Settings {
        Settings { wow: 0.0, flutter: 0.0, ..Settings::default() }
    }

    /// Latency in samples at `rate_hz`.
    fn latency(rate_hz: f64) -> usize {
        Engine::new(&Spec { sample_rate: rate_hz, channels: 1 }).latency()
    }

    /// Peak of a sine that is `db` above operating level.
    fn level(db: f64) -> f64 {
        10f64.powf((db - 18.0) / 20.0) * std::f64::consts::SQRT_2
    }

    /// Plays `sound` through a machine, from song sample 0, in blocks of 4096.
    fn play(settings: &Settings, rate_hz: f64, sound: &[Vec<f32>]) -> Vec<Vec<f32>> {
        let mut engine = Engine::new(&Spec { sample_rate: rate_hz, channels: sound.len() });
        let mut out = sound.to_vec();
        let frames = sound[0].len();
        for from in (0..frames).step_by(4_096) {
            let to = frames.min(from + 4_096);
            let mut block: Vec<&mut [f32]> = out.iter_mut().map(|channel| &mut channel[from..to]).collect();
            engine.process(settings, &Song::new(true, from as i64, 120.0, rate_hz), &mut block);
        }
        out
    }

    fn play_tone(settings: &Settings, rate_hz: f64, hz: f64, peak: f64, seconds: f64) -> Vec<f32> {
        play(settings, rate_hz, &[tone(hz, peak, seconds, rate_hz)]).remove(0)
    }

    /// The last second: everything has settled.
    fn last(sound: &[f32], rate_hz: f64) -> &[f32] {
        &sound[sound.len() - rate_hz as usize..]
    }

    #[test]
    fn third_harmonic_follows_the_measured_machine() {
        let clean = Settings { drive_db: 0.0, even_harmonics: 0.0, ..even() };
        let h3 = |rate, db| 100.0 * harmonic(last(&play_tone(&clean, rate, 1e3, level(db), 2.0), rate), 1e3, 3, rate);
        for rate in [44_100.0, 48_000.0, 192_000.0] {
            for (db, percent) in [(-12.0, 0.005), (-6.0, 0.02), (0.0, 0.08), (6.0, 0.40)] {
                let reads = h3(rate, db);
                assert!((reads / percent - 1.0).abs() < 0.2, "{rate} Hz, {db} dB: {reads:.4} % for {percent} %");
            }
            assert!(h3(rate, 11.0) < 3.0 && h3(rate, 13.0) > 3.0);
        }
    }

    #[test]
    fn even_harmonics_are_dialled_and_leave_no_direct_current() {
        for (dial, within) in [(0.0, 0.01), (0.5, 0.1), (1.2, 0.12)] {
            let settings = Settings { drive_db: 0.0, even_harmonics: dial, ..even() };
            let sound = play_tone(&settings, RATE, 1e3, level(0.0), 3.0);
            let sound = last(&sound, RATE);
            let ratio = harmonic(sound, 1e3, 2, RATE) / harmonic(sound, 1e3, 3, RATE);
            assert!((ratio - dial as f64).abs() < within, "dial {dial}: H2/H3 {ratio:.3}");
            let steady = sound.iter().map(|x| *x as f64).sum::<f64>() / RATE;
            assert!(steady.abs() < 1e-5, "dial {dial}: {steady:e}");
        }
    }

    #[test]
    fn aliases_stay_below_the_figures() {
        for rate in [44_100.0, 48_000.0] {
            for quality in [Quality::Four, Quality::Eight] {
                for (hz, most_db) in [(5_000, -85.0), (10_000, -75.0)] {
                    let settings = Settings { quality, ..even() };
                    let sound = play_tone(&settings, rate, hz as f64, 1.0, 3.0);
                    let worst = worst_alias_db(last(&sound, rate), hz);
                    assert!(worst <= most_db, "{rate} Hz, {quality:?}, {hz} Hz: {worst:.1} dB");
                }
            }
        }
    }

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
            let settings = Settings { wow, wow_rate_hz, quality: Quality::Two, ..Settings::default() };
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
        for quality in [Quality::Two, Quality::Four, Quality::Eight] {
            for rate in [44_100.0, 48_000.0, 192_000.0] {
                let mut click = vec![0.0; 20_000];
                click[1_000] = 0.01;
                let out = play(&Settings { quality, ..even() }, rate, &[click]).remove(0);
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

    #[test]
    fn drive_holds_the_loudness_of_music() {
        for lufs in [-23.0, -16.0] {
            let music = programme(lufs, 8.0, RATE);
            for drive_db in [-12.0, -6.0, 0.0, 4.0, 8.0, 12.0] {
                let out = play(&Settings { drive_db, ..Settings::default() }, RATE, &music);
                let change = loudness(&stretch(&out, latency(RATE)), RATE) - loudness(&stretch(&music, 0), RATE);
                assert!(change.abs() <= 0.5, "{lufs} LUFS, drive {drive_db} dB: {change:+.2} LU");
            }
        }
    }

    /// All of `sound` but a half second, from `from` on.
    fn stretch(sound: &[Vec<f32>], from: usize) -> Vec<Vec<f32>> {
        sound.iter().map(|channel| channel[from..from + channel.len() - 24_000].to_vec()).collect()
    }

    #[test]
    fn it_is_stable_at_any_level_and_rate() {
        for rate in [8_000.0, 48_000.0, 192_000.0] {
            let loud: Vec<f32> = programme(-10.0, 1.0, rate)[0].clone();
            let scale = 15.85 / peak(&loud);
            let loud: Vec<f32> = loud.iter().map(|x| (4.0 * x * scale).clamp(-15.85, 15.85)).collect();
            for (operating_level_db, drive_db) in [(-24.0, -12.0), (-24.0, 24.0), (-9.0, -12.0), (-9.0, 24.0)] {
                let settings = Settings { operating_level_db, drive_db, even_harmonics: 1.2, ..Settings::default() };
                let out = play(&settings, rate, std::slice::from_ref(&loud)).remove(0);
                assert!(out.iter().all(|x| x.is_finite()));
                assert!(peak(&out) <= 3.98 * 15.85, "{rate} Hz: {}", peak(&out));
            }
        }
    }

    #[test]
    fn half_mix_has_no_comb_and_no_mix_is_the_input() {
        let clean = Settings { operating_level_db: -9.0, drive_db: -12.0, ..even() };
        for rate in [44_100.0, 48_000.0, 96_000.0] {
            for hz in [50.0, 200.0, 1_000.0, 4_000.0, 8_000.0, 12_000.0, 16_000.0] {
                let at = |mix| {
                    let sound = play_tone(&Settings { mix, ..clean }, rate, hz, 0.01, 2.0);
                    component(last(&sound, rate), hz, rate).norm()
                };
                let (dry, half, wet) = (at(0.0), at(0.5), at(1.0));
                let error_db = 20.0 * (half / ((dry + wet) / 2.0)).log10();
                assert!(error_db.abs() < 1.0, "{hz} Hz at {rate} Hz: {error_db:.2} dB");
            }
        }
        let music = programme(-20.0, 2.0, RATE);
        let out = play(&Settings { mix: 0.0, ..Settings::default() }, RATE, &music);
        assert_eq!(out[0][latency(RATE)..], music[0][..music[0].len() - latency(RATE)]);
    }

    #[test]
    fn without_drive_stems_add_up_to_their_sum() {
        let clean =
            Settings { operating_level_db: -9.0, drive_db: -12.0, wow: 0.005, flutter: 0.003, ..Settings::default() };
        let stems: Vec<Vec<f32>> = [110.0, 440.0, 1_000.0, 6_000.0].map(|hz| tone(hz, 0.002, 3.0, RATE)).to_vec();
        let sum: Vec<f32> = (0..stems[0].len()).map(|k| stems.iter().map(|stem| stem[k]).sum()).collect();
        let whole = play(&clean, RATE, &[sum]).remove(0);
        let played: Vec<Vec<f32>> =
            stems.iter().map(|stem| play(&clean, RATE, std::slice::from_ref(stem)).remove(0)).collect();
        let apart: Vec<f32> = (0..whole.len()).map(|k| played.iter().map(|stem| stem[k]).sum()).collect();
        let error = difference_db(&whole, &apart);
        assert!(error <= -90.0, "{error:.1} dB");
    }
}
