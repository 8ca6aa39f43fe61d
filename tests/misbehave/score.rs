//! Events: told, ordered, chaotic.

use std::collections::BTreeSet;

use suite_tests::meters::events as meter;

use super::*;

/// The first frame and the last of what each told event touches in the sound must be its own.
fn assert_told_is_played(take: &Take, settings: &Settings, input: &Planar) {
    let wet = take.play(settings, input);
    let end = take.from + input[0].len() as i64;
    let heard_from = take.from + (0.1 + Engine::new(&take.spec()).memory(settings) as f64 * take.rate_hz) as i64;
    let mut covered = BTreeSet::new();
    for event in take.told(settings, take.from..end) {
        let [from, to] = [event.start_sample, event.end_sample()].map(|sample| (sample - take.from) as usize);
        // The fade of a soft splice begins so gently that one sample may round to nothing.
        let sounds = event.start_sample >= heard_from && to + 10 < input[0].len();
        let touched = !sounds || !same(&wet, input, from) || !same(&wet, input, from + 1);
        assert!(touched, "{event:?}: nothing at its first sample");
        covered.extend(from..to);
    }
    for n in (heard_from - take.from) as usize..input[0].len() {
        assert!(same(&wet, input, n) || covered.contains(&n), "frame {n} lies in no told event and is touched");
    }
}

#[test]
fn told_future_is_what_is_played() {
    for (tempo_bpm, rate_hz) in [(120.0, 48_000.0), (97.3, 44_100.0), (143.0, 96_000.0)] {
        let take = Take { rate_hz, tempo_bpm, from: 123_457, cuts: &[480] };
        let input = noise(20.0, rate_hz);
        assert_told_is_played(&take, &Settings::default(), &input);
        assert_told_is_played(&take, &chaos(), &input);
    }
}

/// Asserts that what sounds in 20 s, after the memory, is what was told, every event and to the sample.
fn assert_sounds_as_told(settings: &Settings) {
    const END: i64 = 20 * 48_000;
    let take = Take { cuts: &[8], ..Take::PLAIN };
    let mut engine = Engine::new(&take.spec());
    let mut sounded: [Vec<Event>; 2] = Default::default();
    let mut block = [[0.1f32; 8]; 2];
    for at in (0..END).step_by(8) {
        let [left, right] = &mut block;
        engine.process(settings, &take.song(at), &mut [left, right]);
        for (sounded, event) in sounded.iter_mut().zip(engine.sounding()) {
            sounded.extend(event.filter(|event| sounded.last() != Some(event)));
        }
    }
    let heard_from = (f64::from(engine.memory(settings)) * 48_000.0) as i64;
    let mut told = take.told(settings, heard_from..END);
    let mut sounded = sounded.concat();
    sounded.retain(|event| event.start_sample >= heard_from);
    sounded.sort_by_key(|event| (event.start_sample, event.step));
    told.sort_by_key(|event| (event.start_sample, event.step));
    assert!(sounded.len() > 20, "{settings:?}: {}", sounded.len());
    assert_eq!(sounded, told, "{settings:?}");
}

#[test]
fn every_told_event_sounds_exactly_as_told() {
    let drifting = Settings { clock_drift_s: 0.08, relock_bars: 4, growth: -0.5, ..chaos() };
    let wandering = Settings { clock_drift_s: 0.08, relock_bars: 0, edge: 1.0, ..chaos() };
    let growing = Settings { chaos: 0.0, growth: 1.0, growth_over_bars: 6.0, start: 5.0, relock_bars: 1, ..drifting };
    let time = Settings { sync: Sync::Time, repeat_bars: 3, ..chaos() };
    let repeating = Settings { repeat_bars: 1, grid_quarters: 1.0 / 6.0, clock_drift_s: 0.03, growth: 0.5, ..chaos() };
    let rising = Settings { rise: 1.0, rise_cycle_bars: 4.0, reach_bars: 2.0, ..chaos() };
    for settings in [Settings::default(), chaos(), drifting, wandering, growing, time, repeating, rising] {
        assert_sounds_as_told(&settings);
    }
}

#[test]
fn every_told_event_of_every_lane_sounds_exactly_as_told() {
    for lane in Lane::ALL {
        let weights = order(lane).weights;
        assert_sounds_as_told(&Settings { weights, clock_drift_s: 0.02, relock_bars: 2, growth: -0.4, ..chaos() });
        assert_sounds_as_told(&Settings { activity: 0.5, ..order(lane) });
    }
}

#[test]
fn entropy_rises_with_chaos() {
    const BARS: usize = 1_000;
    let rate_hz = 48_000.0;
    let bar = 96_000;
    let bits: Vec<f64> = (0..=20)
        .map(|k| {
            let settings = Settings { chaos: k as f32 / 20.0, ..Settings::default() };
            let list = Take::PLAIN.told(&settings, 0..(BARS as i64 * bar));
            let slot = |e: &Event| ((e.start % 4.0) * 16.0).round() as usize % 64;
            let length = |e: &Event| (e.length_samples as f64 / rate_hz * 32.0).round() as i64;
            meter::entropy_bits(list.iter().map(|e| (slot(e), (e.lane as u8, length(e)))), 64, BARS)
        })
        .collect();
    println!("bits a bar over Chaos: {bits:.1?}");
    let rank = meter::spearman(&bits);
    assert!(rank >= 0.98, "Spearman {rank}: {bits:.1?}");
}

#[test]
fn in_order_the_pattern_is_euclids() {
    for pulses in 1..=16 {
        let settings = Settings { activity: pulses as f32 / 16.0, ..order(Lane::Stutter) };
        let steps: Vec<i64> = Take::PLAIN.told(&settings, 0..96_000).iter().map(|e| e.step).collect();
        // E(k, n): pulse i falls on the first step at or after i n / k.
        let want: Vec<i64> = (0..pulses).map(|i| (i * 16 + pulses - 1) / pulses).collect();
        assert_eq!(steps, want);
    }
}

/// What begins in these bars, at 120 bpm: lane, beginning, length and strength.
fn told(settings: Settings, bars: std::ops::Range<i64>) -> Vec<(Lane, i64, i64, f32)> {
    let list = Take::PLAIN.told(&settings, bars.start * 96_000..bars.end * 96_000);
    list.iter().map(|e| (e.lane, e.start_sample, e.length_samples, e.strength)).collect()
}

/// Events of one bar that do not begin where they would under `calm`, over 200 seeds.
fn strays(calm: Settings, climbing: Settings, bar: i64) -> usize {
    let mut strays = 0;
    for seed in 0..200 {
        let even: BTreeSet<i64> = told(Settings { seed, ..calm }, bar..bar + 1).iter().map(|e| e.1).collect();
        let events = told(Settings { seed, ..climbing }, bar..bar + 1);
        strays += events.iter().filter(|e| !even.contains(&e.1)).count();
    }
    strays
}

#[test]
fn growth_climbs_from_order_into_chaos_and_calms_again() {
    let (calm, wild) = (Settings { chaos: 0.0, ..chaos() }, chaos());
    let climbing = Settings { growth: 1.0, growth_over_bars: 16.0, ..calm };
    let calming = Settings { growth: -1.0, growth_over_bars: 16.0, ..wild };
    // A phrase whose first event is still in order may be followed by one that is not.
    assert_eq!(told(climbing, -8..0), told(calm, -8..0));
    assert_eq!(told(calming, -8..0), told(wild, -8..0));
    assert_eq!(told(climbing, 16..64), told(wild, 16..64));
    assert_eq!(told(calming, 16..64), told(calm, 16..64));
    // On the way, events leave the even pattern more and more often.
    let strays: Vec<f64> = (0..16).step_by(2).map(|bar| strays(calm, climbing, bar) as f64).collect();
    println!("events off the even pattern, bar by bar: {strays:?}");
    assert!(meter::spearman(&strays) >= 0.98);
}

#[test]
fn the_clock_slides_and_comes_home_at_relock_to_the_sample() {
    for (relock_bars, tempo_bpm, sync) in [(1, 97.3, Sync::Beats), (8, 120.0, Sync::Beats), (4, 120.0, Sync::Time)] {
        let take = Take { tempo_bpm, ..Take::PLAIN };
        let still = Settings { activity: 1.0, chaos: 0.0, sync, start: 3.0, relock_bars, ..Settings::default() };
        let drifting = Settings { clock_drift_s: 0.08, ..still };
        let told = |settings: &Settings| take.told(settings, 480_000..6_000_000);
        // What lies at the ends of the span may slide out of it.
        let (a, b) = (told(&still), told(&drifting));
        let late: Vec<(i64, i64)> = b
            .iter()
            .filter_map(|b| Some((b.step, b.start_sample - a.iter().find(|a| a.step == b.step)?.start_sample)))
            .collect();
        assert!(late.len() > 500);
        let home = 16 * i64::from(relock_bars);
        assert!(late.iter().filter(|(step, _)| step % home == 0).count() > 5);
        assert!(late.iter().all(|(step, late)| step % home != 0 || *late == 0), "{relock_bars} bars: not home");
        let farthest = late.iter().map(|(_, late)| late.abs()).max().unwrap();
        assert!((1_920..=3_840).contains(&farthest), "{farthest} samples of 3 840");
        assert!(b.windows(2).all(|w| w[0].start_sample < w[1].start_sample));
    }
    // Never: it begins at home, and wanders.
    let never = Settings { clock_drift_s: 0.08, relock_bars: 0, activity: 1.0, ..Settings::default() };
    let told = Take::PLAIN.told(&Settings { chaos: 0.0, ..never }, 0..20_000_000);
    assert_eq!(told[0].start_sample, 0);
    assert!(told.iter().map(|e| (e.start_sample - e.step * 6_000).abs()).max().unwrap() > 1_920);
}
