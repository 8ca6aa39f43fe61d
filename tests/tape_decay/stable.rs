//! Stability: whatever is turned, at any level and rate.

use green_ring_dsp::chance::Chance;
use green_ring_dsp::{Song, Spec};
use suite_tests::meters::peak;
use suite_tests::meters::tape::programme;
use tape_decay::engine::{Engine, Equalisation, Machine, Map, PassMode, Quality, Settings, Sync};

use crate::deck::play;

/// +24 dBFS, and what may come out of it.
const LOUD: f32 = 15.85;
const MOST: f32 = 3.98 * LOUD;

/// Everything by chance but what is a gain behind the machine (Width above 100 %, Output).
fn any(chance: &Chance, k: i64) -> Settings {
    let [a, b, c, d] = chance.uniform(k);
    let [e, f, g, h] = chance.uniform(k + 1_000);
    let [i, j, l, m] = chance.uniform(k + 2_000);
    let machines = [Machine::Studio, Machine::Domestic, Machine::Cassette, Machine::Dictaphone];
    let qualities = [Quality::Two, Quality::Four, Quality::Eight, Quality::Sixteen];
    Settings {
        wear: h,
        pass_mode: if i < 0.5 { PassMode::Manual } else { PassMode::Song },
        passes: 400.0 * a * a,
        map: if j < 0.5 { Map::Loop } else { Map::WholeTape },
        pass_length_bars: 0.25 + 4.0 * l,
        pass_length_s: 1.0 + 9.0 * l,
        shed_rate: 10.0 * m,
        machine: machines[(4.0 * a) as usize],
        speed_ips: 30.0 / f32::powi(2.0, (5.0 * b) as i32),
        equalisation: if l < 0.5 { Equalisation::Iec } else { Equalisation::Nab },
        operating_level_db: -24.0 + 15.0 * g,
        drive_db: 36.0 * c - 12.0,
        bias_db: 12.0 * d - 4.0,
        hysteresis: e,
        even_harmonics: 1.2 * m,
        wow: 0.03 * f,
        wow_rate_hz: 0.2 + 3.8 * i,
        flutter: 0.02 * j,
        flutter_rate_hz: 4.0 + 56.0 * g,
        scrape: 0.01 * b,
        hiss_db: if h < 0.3 { f32::NEG_INFINITY } else { -90.0 + 60.0 * i },
        modulation_noise: d,
        dropouts: j,
        spacing_um: 30.0 * i * i,
        azimuth_arcmin: 60.0 * d,
        crosstalk_db: -60.0 + 40.0 * e,
        print_through_db: -70.0 + 25.0 * f,
        head_bump: f,
        width: l,
        tape_stop: m < 0.2,
        stop_time_s: 0.1 + 2.0 * c * c,
        quality: qualities[(4.0 * l) as usize],
        seed: (1e4 * a) as u32,
        sync: if e < 0.5 { Sync::Beats } else { Sync::Time },
        start: f64::from((4.0 * b).round()),
        mix: if c < 0.3 { 1.0 } else { m },
        bypass: g > 0.95,
        ..Settings::default()
    }
}

#[test]
fn any_jump_of_settings_stays_within_bounds() {
    for rate in [8_000.0, 48_000.0, 192_000.0] {
        let chance = Chance::new(11, 0);
        let mut engine = Engine::new(&Spec { sample_rate: rate, channels: 2 });
        let mut most = 0.0f32;
        for k in 0..200i64 {
            let square = |n: i64, half: i64| if (n / half + k) % 2 == 0 { LOUD } else { -LOUD };
            let mut block = [37, 53].map(|half| (0..700).map(|n| square(n, half)).collect::<Vec<f32>>());
            let [left, right] = &mut block;
            engine.process(&any(&chance, k), &Song::new(true, 700 * k, 120.0, rate), &mut [left, right]);
            assert!(block.iter().flatten().all(|x| x.is_finite()));
            most = most.max(peak(&block[0])).max(peak(&block[1]));
        }
        assert!(most <= MOST, "{rate} Hz: {:.1} dB over", 20.0 * (most / LOUD).log10());
    }
}

#[test]
fn it_is_stable_at_any_level_and_rate() {
    for rate in [8_000.0, 48_000.0, 192_000.0] {
        let loud: Vec<f32> = programme(-10.0, 1.0, rate)[0].clone();
        let scale = LOUD / peak(&loud);
        let loud: Vec<f32> = loud.iter().map(|x| (4.0 * x * scale).clamp(-LOUD, LOUD)).collect();
        for (operating_level_db, drive_db) in [(-24.0, -12.0), (-24.0, 24.0), (-9.0, -12.0), (-9.0, 24.0)] {
            for (machine, speed_ips) in
                [(Machine::Domestic, 7.5), (Machine::Cassette, 1.875), (Machine::Dictaphone, 30.0)]
            {
                let level = Settings { operating_level_db, drive_db, machine, speed_ips, ..Settings::default() };
                let settings = Settings { even_harmonics: 1.2, hysteresis: 1.0, ..level };
                let out = play(&settings, rate, std::slice::from_ref(&loud)).remove(0);
                assert!(out.iter().all(|x| x.is_finite()));
                assert!(peak(&out) <= MOST, "{rate} Hz: {}", peak(&out));
            }
        }
    }
}
