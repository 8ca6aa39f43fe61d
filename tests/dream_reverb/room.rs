//! What a listener hears of the room, wet only.

use super::kit::{RATE, bare, from_s, impulse, level_db, pink, play, span};
use dream_reverb::engine::{Engine, Settings};
use green_ring_dsp::{Song, Spec};
use std::f64::consts::TAU;
use suite_tests::meters::{db, decay, rms};
use suite_tests::signals;

/// The octaves that lie one or more from both crossovers (250 Hz and 4 kHz), and their told share of Decay.
const CLEAR: [(f64, f64); 5] = [(125.0, 1.1), (500.0, 1.0), (1_000.0, 1.0), (2_000.0, 1.0), (8_000.0, 0.55)];
/// The octaves about the crossovers.
const CROSSED: [(f64, f64); 2] = [(250.0, 1.05), (4_000.0, 0.7)];

/// `settings` at eight Sizes.
fn sizes(settings: Settings) -> Vec<Settings> {
    (0..8).map(|k| Settings { size_m: 2.0 * 30f32.powf(k as f32 / 7.0), ..settings }).collect()
}

/// The line of each octave, from energies summed over both sides of all `rooms`, each from its own onset.
fn lines(rate: f64, rooms: &[Settings], octaves: &[(f64, f64)]) -> Vec<decay::Line> {
    let mut energies = vec![vec![]; octaves.len()];
    for room in rooms {
        let seconds = (0.85 * f64::from(room.longest_decay_s())).max(0.8);
        let heard = impulse(rate, room, seconds);
        let onset = decay::onset(&heard);
        for (energy, (hz, _)) in energies.iter_mut().zip(octaves) {
            let bands: Vec<Vec<f64>> = heard.iter().map(|side| decay::octave(side, *hz, rate)).collect();
            decay::add_energy(energy, &bands, onset);
        }
    }
    energies.iter().map(|energy| decay::line(energy, rate)).collect()
}

/// Relative errors of the decays of [`CLEAR`] octaves against what is told.
fn errors(rate: f64, settings: &Settings) -> Vec<f64> {
    let lines = lines(rate, &sizes(*settings), &CLEAR);
    let told = |share: f64| f64::from(settings.mid_s()) * share;
    lines.iter().zip(CLEAR).map(|(line, (_, share))| line.t30_s / told(share) - 1.0).collect()
}

/// The tail of the dream alone: bare, without swell and transforms.
fn dream(dream: f32, dream_decay_s: f32) -> Settings {
    let plain = Settings { swell: 0.0, reverse: 0.0, grains: 0.0, drift: 0.0, ..bare() };
    Settings { dream, dream_decay_s, decay_s: 1.0, ..plain }
}

#[test]
fn every_octave_decays_as_told() {
    let room = |decay_s| Settings { decay_s, ..bare() };
    for (rate, settings) in [
        (44_100.0, room(1.0)),
        (48_000.0, room(4.0)),
        (48_000.0, room(20.0)),
        (192_000.0, room(1.0)),
        (44_100.0, dream(0.5, 9.0)),
        (48_000.0, dream(0.5, 60.0)),
        (96_000.0, dream(0.5, 9.0)),
        (192_000.0, dream(0.5, 2.0)),
        (44_100.0, dream(1.0, 2.0)),
        (48_000.0, dream(1.0, 20.0)),
        (88_200.0, dream(1.0, 9.0)),
        (192_000.0, dream(1.0, 2.0)),
    ] {
        let errors = errors(rate, &settings);
        let mean = errors.iter().map(|e| e.abs()).sum::<f64>() / errors.len() as f64;
        let which = format!("{rate} Hz, {} s", settings.mid_s());
        assert!(mean <= 0.03, "{which}: {errors:.3?}");
        assert!(errors.iter().all(|e| e.abs() <= 0.05), "{which}: {errors:.3?}");
    }
    for rate in [44_100.0, 96_000.0, 192_000.0] {
        for place in [0.0, 0.5, 1.0] {
            let errors = errors(rate, &Settings { decay_s: 0.5, ..dream(place, 0.5) });
            assert!(errors.iter().all(|e| e.abs() <= 0.10), "{rate} Hz, 0.5 s, Dream {place}: {errors:.3?}");
        }
    }
}

#[test]
fn between_two_bands_decay_lies_between_theirs_where_the_plugin_tells() {
    let settings = Settings { decay_s: 2.0, ..bare() };
    for (line, (hz, share)) in lines(RATE, &sizes(settings), &CROSSED).iter().zip(CROSSED) {
        let told = f64::from(settings.decay_at_hz(hz as f32));
        // An octave that holds two decays reads as the longer of them in the end.
        assert!((-0.03..0.12).contains(&(line.t30_s / told - 1.0)), "{hz} Hz: {line:?} for {told}");
        assert!((told / 2.0 / share - 1.0).abs() < 0.03, "{hz} Hz: {told}");
    }
}

#[test]
fn all_octaves_begin_at_one_level() {
    // In half a second all Sizes from 12.5 m on are one room, and sixteen answers of an ideal tail would scatter by 0.4 dB at
    // 125 Hz: there each answer has a Seed of its own, and there are four times as many.
    for (decay_s, times) in [(0.5, 4), (1.0, 1), (4.0, 1)] {
        let all = (0..times).flat_map(|_| sizes(Settings { decay_s, ..bare() })).enumerate();
        let rooms: Vec<Settings> =
            all.map(|(k, room)| Settings { seed: if times > 1 { k as u32 } else { 0 }, ..room }).collect();
        let lines = lines(RATE, &rooms, &CLEAR);
        let levels: Vec<f64> =
            lines.iter().zip(CLEAR).map(|(line, (hz, _))| line.start_db - 10.0 * hz.log10()).collect();
        let mean = levels.iter().sum::<f64>() / levels.len() as f64;
        assert!(levels.iter().all(|level| (level - mean).abs() <= 1.0), "{decay_s} s: {levels:.2?}");
    }
}

#[test]
fn echoes_become_a_tail_in_time() {
    let room = Settings { mix: 1.0, motion: 0.0, ..Settings::default() };
    let mist = Settings { diffusion: 1.0, early_db: f32::NEG_INFINITY, ..room };
    let seeds = (1..6).map(|seed| (Settings { seed, ..room }, 0.1, 0.15));
    for (settings, mostly_s, wholly_s) in [(room, 0.1, 0.15), (mist, 0.06, 0.12)].into_iter().chain(seeds) {
        let heard = impulse(RATE, &settings, 1.0);
        let onset = decay::onset(&heard);
        for side in &heard {
            let density = decay::echo_density(side, onset, RATE);
            let first = |share: f64| density.iter().find(|d| d.1 >= share).expect("it becomes dense").0;
            let (mostly, wholly) = (first(0.9), first(1.0));
            assert!(mostly <= mostly_s && wholly <= wholly_s, "0.9 at {mostly:.3} s, 1.0 at {wholly:.3} s");
            let later: Vec<f64> = density.iter().filter(|d| d.0 > 0.25).map(|d| d.1).collect();
            let mean = later.iter().sum::<f64>() / later.len() as f64;
            assert!((0.95..1.05).contains(&mean), "the tail: {mean:.2}");
        }
    }
}

#[test]
fn a_large_room_does_not_ring() {
    for (decay_s, limit) in [(4.0, 6.0), (10.0, 6.5), (20.0, 6.5)] {
        let flat = Settings { low_decay: 1.0, high_decay: 1.0, size_m: 40.0, decay_s, ..bare() };
        let heard = impulse(RATE, &flat, 3.2);
        let second = RATE as usize;
        let (mut deviation, mut peak) = (0.0, 0.0);
        for k in 0..8 {
            let from = (0.35 * RATE) as usize + k / 2 * second / 2;
            let (d, p) = decay::ringing(&heard[k % 2][from..from + second], f64::from(decay_s), RATE);
            (deviation, peak) = (deviation + d / 8.0, peak + p / 8.0);
        }
        assert!(deviation <= limit && peak <= 10.5, "{decay_s} s: {deviation:.2} dB, {peak:.2} dB");
    }
}

#[test]
fn sides_and_seeds_have_little_in_common_but_their_lows() {
    let room = Settings { decay_s: 4.0, ..bare() };
    let dream = Settings { mix: 1.0, dream: 1.0, ..Settings::default() };
    for settings in [room, Settings { decay_s: 4.0, mix: 1.0, ..Settings::default() }, dream] {
        sides_and_seeds(&settings);
    }
}

fn sides_and_seeds(settings: &Settings) {
    let heard = |seed| from_s(&impulse(RATE, &Settings { seed, ..*settings }, 2.5), 0.35);
    let (one, other) = (heard(0), heard(1));
    for sound in [&one, &other] {
        let sides = decay::correlation(&sound[0], &sound[1]);
        let lows: Vec<Vec<f32>> = sound
            .iter()
            .map(|side| {
                let mut low: Vec<f64> = side.iter().map(|x| f64::from(*x)).collect();
                decay::cut(&mut low, 100.0, RATE, false);
                low.iter().map(|x| *x as f32).collect()
            })
            .collect();
        let low = decay::correlation(&lows[0], &lows[1]);
        assert!(sides.abs() <= 0.10 && low >= 0.5, "sides {sides:.3}, lows {low:.3}");
    }
    let seeds = decay::correlation(&one[0], &other[0]);
    assert!(seeds.abs() <= 0.10, "seeds {seeds:.3}");
}

#[test]
fn a_frozen_tail_keeps_level_and_colour() {
    // The room at three movements, with early reflections, and the dream with its transforms.
    let none = f32::NEG_INFINITY;
    for (dream, motion, early_db) in
        [(0.0, 0.0, none), (0.0, 0.5, none), (0.0, 1.0, none), (0.0, 0.5, 0.0), (0.0, 0.5, 6.0), (1.0, 0.5, none)]
    {
        let room = Settings { mix: 1.0, decay_s: 2.0, dream_decay_s: 2.0, ..Settings::default() };
        let settings = Settings { dream, motion, early_db, ..room };
        let mut sound = pink(6.0);
        sound.iter_mut().for_each(|channel| channel.resize((66.5 * RATE) as usize, 0.0));
        let heard = play(RATE, sound, |t| Settings { freeze: t >= 6.0, ..settings });
        let windows: Vec<(f64, f64)> = (0..6)
            .map(|k| {
                let (from, to) = (6.5 + 10.0 * k as f64, 16.5 + 10.0 * k as f64);
                let part =
                    |side: &Vec<f32>| decay::centroid_hz(&side[(from * RATE) as usize..(to * RATE) as usize], RATE);
                (level_db(&heard, from, to), 0.5 * (part(&heard[0]) + part(&heard[1])))
            })
            .collect();
        // Sound is caught as it was: no louder, no brighter.
        let before = level_db(&heard, 3.0, 6.0);
        let which = format!("Dream {dream}, Motion {motion}, Early {early_db} dB");
        assert!((windows[0].0 - before).abs() <= 0.75, "{which}: {before:.2}, then {windows:.2?}");
        let (level, colour) = windows[0];
        for (l, c) in &windows {
            assert!((l - level).abs() <= 0.25, "{which}: {windows:.2?}");
            assert!((c / colour - 1.0).abs() <= 0.03, "{which}: {windows:.2?}");
        }
    }
}

#[test]
fn a_tail_that_rings_by_itself_is_not_made_louder_when_it_is_caught() {
    let caught = |early_db| {
        let settings = Settings { mix: 1.0, decay_s: 2.0, early_db, ..Settings::default() };
        let mut sound = pink(4.0);
        sound.iter_mut().for_each(|channel| channel[(3.0 * RATE) as usize..].fill(0.0));
        level_db(&play(RATE, sound, |t| Settings { freeze: t >= 3.5, ..settings }), 3.6, 4.0)
    };
    let (with, without) = (caught(0.0), caught(f32::NEG_INFINITY));
    assert!((with - without).abs() <= 0.5, "with early reflections {with:.2} dB, without {without:.2} dB");
}

/// For the long run only: `cargo xtask test --soak`.
#[test]
fn a_freeze_of_an_hour_neither_fades_nor_grows() {
    if !suite_tests::laws::soak() {
        return;
    }
    let mut engine = Engine::new(&Spec { sample_rate: RATE, channels: 2 });
    let ten_s = 10 * RATE as usize;
    let mut levels = vec![];
    for k in 0..=360 {
        let mut sound = if k == 0 { pink(10.0) } else { signals::silence(2, ten_s) };
        let settings = Settings { mix: 1.0, motion: 1.0, freeze: k > 0, ..Settings::default() };
        let mut block: Vec<&mut [f32]> = sound.iter_mut().map(|channel| &mut channel[..]).collect();
        engine.process(&settings, &Song::new(true, (k * ten_s) as i64, 120.0, RATE), &mut block, &[]);
        levels.push(level_db(&sound, 1.0, 10.0));
    }
    println!("frozen: {:.2} dB, an hour later {:.2} dB", levels[1], levels[360]);
    assert!(levels[1..].iter().all(|level| (level - levels[1]).abs() <= 0.5));
}

#[test]
fn the_dry_sound_goes_on_over_a_frozen_one_and_nothing_new_gets_in() {
    let settings = Settings { mix: 1.0, ..Settings::default() };
    let mut sound = signals::white(0.5, 1, 2, 5 * RATE as usize);
    sound.iter_mut().for_each(|channel| channel[..2 * RATE as usize].fill(0.0));
    let frozen = play(RATE, sound.clone(), |t| Settings { freeze: t >= 1.0, ..settings });
    assert!(frozen.iter().flatten().all(|x| *x == 0.0), "a room frozen in silence lets sound in");
    let half = play(RATE, sound, |t| Settings { mix: 0.5, freeze: t >= 1.0, ..settings });
    assert!(level_db(&half, 3.0, 5.0) > -15.0, "the dry sound is gone");
}

#[test]
fn level_stays_over_size_diffusion_decay_and_width() {
    let level = |settings: Settings| level_db(&play(RATE, pink(12.0), |_| settings), 4.0, 12.0);
    let wet = Settings { mix: 1.0, ..Settings::default() };
    let sizes = [2.0, 4.0, 8.0, 14.0, 25.0, 40.0, 60.0].map(|size_m| level(Settings { size_m, ..wet }));
    let diffusions = [0.0, 0.35, 0.7, 1.0].map(|diffusion| level(Settings { diffusion, ..wet }));
    let decays = [0.1, 0.5, 1.1, 3.0].map(|decay_s| level(Settings { decay_s, ..wet }));
    let widths = [0.0, 0.5, 1.0, 1.5].map(|width| level(Settings { width, ..wet }));
    assert!(span(&sizes) <= 1.0 && span(&diffusions) <= 1.0, "{sizes:.2?} {diffusions:.2?}");
    assert!(span(&decays) <= 1.0 && span(&widths) <= 1.0, "{decays:.2?} {widths:.2?}");
    let dreams = [2.0, 14.0, 60.0].map(|size_m| level(Settings { size_m, dream: 1.0, dream_decay_s: 2.0, ..wet }));
    assert!(span(&dreams) <= 1.0, "{dreams:.2?}");
}

#[test]
fn a_sweep_of_size_is_no_dip_and_no_swell() {
    // 2 to 60 m and back in 8 s, in a tail that is long enough to show what a crossfade in a loop takes away.
    let settings = Settings { mix: 1.0, decay_s: 4.0, ..Settings::default() };
    let swept = play(RATE, pink(24.0), |t| {
        let place = (1.0 - ((t - 12.0) / 4.0 - 1.0).abs()).clamp(0.0, 1.0) as f32;
        Settings { size_m: 2.0 * 30f32.powf(place), ..settings }
    });
    let still = play(RATE, pink(24.0), |_| Settings { size_m: 2.0, ..settings });
    let apart: Vec<f64> = (0..24)
        .map(|k| 12.0 + 0.4 * f64::from(k))
        .map(|t| level_db(&swept, t, t + 0.4) - level_db(&still, t, t + 0.4))
        .collect();
    assert!(apart.iter().all(|db| db.abs() <= 2.0), "{apart:.1?}");
}

/// The steady part of a sound re its root mean square, in dB. The mean is taken under a Hann window: a plain one would read
/// what is left over of a period of the lowest notes.
fn offset_db(sound: &[f32]) -> f64 {
    let hann = |k: usize| 1.0 - (TAU * k as f64 / sound.len() as f64).cos();
    let sum: f64 = sound.iter().enumerate().map(|(k, x)| hann(k) * f64::from(*x)).sum();
    db(sum.abs() / sound.len() as f64 / rms(sound))
}

#[test]
fn a_steady_offset_does_not_get_in_and_none_is_made() {
    let low = signals::sine(37.3, 1.0, RATE, 1, (2.0 * RATE) as usize).remove(0);
    assert!(offset_db(&low) < -100.0 && offset_db(&low.iter().map(|x| x + 0.001).collect::<Vec<_>>()) > -60.0);
    let room = Settings { mix: 1.0, ..Settings::default() };
    let dream = Settings { dream: 1.0, ..room };
    let all = Settings { shimmer: 0.5, choir: 0.5, drone: 0.5, ..dream };
    for settings in [room, dream, all, Settings { low_cut_hz: 20.0, ..all }] {
        let mut sound = pink(7.0);
        sound.iter_mut().flatten().for_each(|x| *x += 0.5);
        let heard = play(RATE, sound, |_| settings);
        // From a second after the offset has set in.
        for from in [1.0, 5.0] {
            for side in from_s(&heard, from) {
                let offset_db = offset_db(&side[..(2.0 * RATE) as usize]);
                let Settings { dream, low_cut_hz, .. } = settings;
                assert!(offset_db <= -90.0, "Dream {dream}, {low_cut_hz} Hz, from {from} s: {offset_db:.1} dB");
            }
        }
    }
}
