//! Misbehave: the laws, and what it must reach, measured on its engine.

#[path = "subjects/misbehave.rs"]
mod subject;

suite_tests::laws!(subject::subject());

use green_ring_dsp::{Song, Spec};
use misbehave::engine::{Engine, Event, Lane, Settings, Sync, events};
use suite_tests::signals::Planar;

/// A playback: song position, tempo and how time is cut.
#[derive(Clone, Copy)]
struct Take<'a> {
    rate_hz: f64,
    tempo_bpm: f64,
    /// Song sample of the first frame.
    from: i64,
    /// Frames of the blocks, by turns.
    cuts: &'a [usize],
}

impl Take<'_> {
    const PLAIN: Take<'static> = Take { rate_hz: 48_000.0, tempo_bpm: 120.0, from: 0, cuts: &[512] };

    fn spec(&self) -> Spec {
        Spec { sample_rate: self.rate_hz, channels: 2 }
    }

    fn song(&self, sample: i64) -> Song {
        Song::new(true, sample, self.tempo_bpm, self.rate_hz)
    }

    /// What comes out of `engine` for `input`.
    fn play_on(&self, engine: &mut Engine, settings: &Settings, input: &Planar) -> Planar {
        let (mut out, mut done) = (input.clone(), 0);
        let total = input[0].len();
        for cut in self.cuts.iter().cycle() {
            let end = (done + cut).min(total);
            let mut block: Vec<&mut [f32]> = out.iter_mut().map(|channel| &mut channel[done..end]).collect();
            engine.process(settings, &self.song(self.from + done as i64), &mut block);
            done = end;
            if done == total {
                return out;
            }
        }
        unreachable!("there is at least one cut")
    }

    fn play(&self, settings: &Settings, input: &Planar) -> Planar {
        self.play_on(&mut Engine::new(&self.spec()), settings, input)
    }

    fn told(&self, settings: &Settings, range: std::ops::Range<i64>) -> Vec<Event> {
        let mut list = vec![];
        events(&self.spec(), settings, &self.song(range.start), range, &mut |event| list.push(event));
        list
    }
}

mod gates {
    use std::collections::BTreeSet;

    use suite_tests::meters::{self, events as meter};
    use suite_tests::signals;

    use super::*;

    /// Order, short fades, every event of one lane.
    fn order(lane: Lane) -> Settings {
        Settings { chaos: 0.0, edge: 0.5, weights: Lane::ALL.map(|l| f32::from(l == lane)), ..Settings::default() }
    }

    /// Chaos with everything in it, still on clean splices.
    fn chaos() -> Settings {
        Settings { chaos: 1.0, activity: 0.6, edge: 0.5, seed: 7, ..Settings::default() }
    }

    /// Noise: every sample differs from every other.
    fn noise(seconds: f64, rate_hz: f64) -> Planar {
        signals::white(0.3, 3, 2, (seconds * rate_hz) as usize)
    }

    /// The first frame and the last of what each told event touches in the sound must be its own.
    fn assert_told_is_played(take: &Take, settings: &Settings, input: &Planar) {
        let wet = take.play(settings, input);
        let end = take.from + input[0].len() as i64;
        let heard_from = take.from + (0.1 + Engine::new(&take.spec()).memory(settings) as f64 * take.rate_hz) as i64;
        let told: Vec<Event> = take.told(settings, heard_from..end);
        let sounding = told.iter().filter(|e| e.end_sample() + 10 < end);
        let mut covered = BTreeSet::new();
        for event in sounding {
            let frame = |sample: i64| (sample - take.from) as usize;
            let differs = |n: usize| (0..2).any(|c| wet[c][n].to_bits() != input[c][n].to_bits());
            let (from, to) = (frame(event.start_sample), frame(event.end_sample()));
            // The fade of a soft splice begins so gently that one sample may round to nothing.
            assert!(differs(from) || differs(from + 1), "{event:?}: nothing at its first sample");
            covered.extend(from..to);
        }
        let (first, last) = (told[0].start_sample - take.from, told[told.len() - 1].start_sample - take.from);
        for n in first as usize..last as usize {
            let same = (0..2).all(|c| wet[c][n].to_bits() == input[c][n].to_bits());
            assert!(same || covered.contains(&n), "frame {n} lies in no told event and is touched");
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

    #[test]
    fn every_told_event_sounds_exactly_as_told() {
        let take = Take { cuts: &[8], ..Take::PLAIN };
        for settings in [Settings::default(), chaos(), Settings { sync: Sync::Time, repeat_bars: 3, ..chaos() }] {
            let mut engine = Engine::new(&take.spec());
            let mut sounded: Vec<Event> = vec![];
            let mut block = [[0.1f32; 8]; 2];
            for at in (0..40 * 48_000).step_by(8) {
                let [left, right] = &mut block;
                engine.process(&settings, &take.song(at), &mut [left, right]);
                if let Some(event) = engine.sounding().filter(|event| sounded.last() != Some(event)) {
                    sounded.push(event);
                }
            }
            let heard_from = (f64::from(engine.memory(&settings)) * 48_000.0) as i64;
            sounded.retain(|event| event.start_sample >= heard_from);
            assert!(sounded.len() > 50);
            assert_eq!(sounded, take.told(&settings, heard_from..40 * 48_000));
        }
    }

    #[test]
    fn onsets_lie_on_the_hosts_grid_to_the_sample() {
        for (tempo_bpm, rate_hz) in
            [(60.0, 48_000.0), (93.7, 44_100.0), (120.0, 48_000.0), (128.0, 96_000.0), (171.3, 192_000.0)]
        {
            let input = noise(12.0, rate_hz);
            for cuts in [&[1][..], &[64], &[4_096], &[7, 1_000, 333]] {
                let take = Take { rate_hz, tempo_bpm, cuts, ..Take::PLAIN };
                let settings = Settings { grid_quarters: 0.5, activity: 0.25, ..order(Lane::Reverse) };
                let wet = take.play(&settings, &input);
                let spans = meter::touched(&input, &wet, 64);
                let step = 0.5 * 60.0 / tempo_bpm * rate_hz;
                // The event on Start finds nothing behind it.
                let grid = (1..).map(|k| (4.0 * f64::from(k) * step - 1e-6).ceil() as usize);
                let want: Vec<usize> = grid.take_while(|n| *n < input[0].len()).collect();
                let have: Vec<usize> = spans.iter().map(|span| span.0).collect();
                assert_eq!(have, want, "{tempo_bpm} bpm, {rate_hz} Hz, {cuts:?}");
            }
        }
    }

    #[test]
    fn onsets_follow_a_tempo_ramp_within_a_sample() {
        let (rate_hz, settings) = (48_000.0, Settings { activity: 0.25, ..order(Lane::Reverse) });
        let input = noise(20.0, rate_hz);
        let mut engine = Engine::new(&Take::PLAIN.spec());
        let mut clock = green_ring_dsp::SongClock::new(rate_hz);
        let (mut out, mut beat, mut want) = (input.clone(), 0.0, vec![]);
        // 100 to 130 bpm in a straight line over time: the beat is a parabola, told at the start of each block.
        let tempo = |n: f64| 100.0 + 1.5 * n / rate_hz;
        for at in (0..input[0].len()).step_by(512) {
            let end = (at + 512).min(input[0].len());
            let host = green_ring_dsp::HostTransport {
                playing: true,
                tempo_bpm: Some(tempo(at as f64)),
                sample: Some(at as f64),
                beat: Some(beat),
            };
            let song = clock.advance(&host, end - at);
            let mut block: Vec<&mut [f32]> = out.iter_mut().map(|channel| &mut channel[at..end]).collect();
            engine.process(&settings, &song, &mut block);
            for n in at..end {
                let next = beat + tempo(n as f64 + 0.5) / (60.0 * rate_hz);
                if beat > 0.5 && next.floor() > beat.floor() {
                    want.push(n + 1);
                }
                beat = next;
            }
        }
        let spans = meter::touched(&input, &out, 64);
        assert!(spans.len() > 30);
        for (span, want) in spans.iter().zip(&want) {
            assert!(span.0.abs_diff(*want) <= 1, "{} {want}", span.0);
        }
    }

    #[test]
    fn any_cut_and_any_run_is_the_same_sound() {
        let input = noise(10.0, 48_000.0);
        let mut engine = Engine::new(&Take::PLAIN.spec());
        let whole = Take::PLAIN.play_on(&mut engine, &chaos(), &input);
        for cuts in [&[1][..], &[7], &[4_096], &[1, 999, 32, 31]] {
            let take = Take { cuts, ..Take::PLAIN };
            engine.reset();
            assert!(take.play_on(&mut engine, &chaos(), &input) == whole, "{cuts:?}");
        }
        assert!(Take::PLAIN.play(&chaos(), &input) == whole);
    }

    #[test]
    fn wherever_playing_begins_it_is_the_same_song_after_the_memory() {
        let input = noise(20.0, 48_000.0);
        let whole = Take::PLAIN.play(&chaos(), &input);
        for from in [12_345usize, 200_000] {
            let take = Take { from: from as i64, ..Take::PLAIN };
            let mut engine = Engine::new(&take.spec());
            let rest: Planar = input.iter().map(|c| c[from..].to_vec()).collect();
            let out = take.play_on(&mut engine, &chaos(), &rest);
            let after = (engine.memory(&chaos()) as f64 * 48_000.0) as usize;
            assert!((0..2).all(|c| out[c][after..] == whole[c][from + after..]), "from {from}");
        }
    }

    #[test]
    fn a_loop_sounds_on_each_pass_like_the_straight_playback() {
        // Two bars, twelve, and back to the third: what lies before it is still its past.
        let input = noise(24.0, 48_000.0);
        let settings = Settings { activity: 0.5, ..order(Lane::Reverse) };
        let mut engine = Engine::new(&Take::PLAIN.spec());
        let whole = Take::PLAIN.play_on(&mut engine, &settings, &input);
        let (from, to) = (4 * 48_000, 8 * 48_000);
        let back = Take { from: from as i64, ..Take::PLAIN };
        let pass: Planar = input.iter().map(|c| c[from..to].to_vec()).collect();
        engine.reset();
        Take::PLAIN.play_on(&mut engine, &settings, &input.iter().map(|c| c[..to].to_vec()).collect());
        let again = back.play_on(&mut engine, &settings, &pass);
        // The splice of the jump itself takes a few milliseconds.
        assert!((0..2).all(|c| again[c][480..] == whole[c][from + 480..to]));
    }

    #[test]
    fn a_cue_moved_with_its_start_is_the_same_cue() {
        let input = noise(12.0, 48_000.0);
        let whole = Take::PLAIN.play(&chaos(), &input);
        for moved in [1_i64, 777, 96_000, -48_000] {
            let take = Take { from: moved, ..Take::PLAIN };
            let start = moved as f64 / 24_000.0;
            assert!(take.play(&Settings { start, ..chaos() }, &input) == whole, "{moved}");
            let time = Settings { sync: Sync::Time, grid_s: 0.1, ..chaos() };
            let still = Take::PLAIN.play(&time, &input);
            let start = moved as f64 / 48_000.0;
            assert!(take.play(&Settings { start, ..time }, &input) == still, "{moved} in time");
        }
    }

    #[test]
    fn events_are_the_same_at_every_rate() {
        for settings in
            [Settings::default(), chaos(), Settings { sync: Sync::Time, grid_s: 0.07, edge: 1.0, ..chaos() }]
        {
            let told = |rate_hz: f64| {
                let take = Take { rate_hz, tempo_bpm: 111.1, ..Take::PLAIN };
                take.told(&settings, 0..(60.0 * rate_hz) as i64)
            };
            let want = told(48_000.0);
            assert!(want.len() > 50);
            for rate_hz in [44_100.0, 96_000.0, 192_000.0] {
                let have = told(rate_hz);
                assert_eq!(have.len(), want.len());
                for (a, b) in have.iter().zip(&want) {
                    let apart = a.start_sample as f64 - b.start_sample as f64 * rate_hz / 48_000.0;
                    // One sample of the coarser rate.
                    assert!(apart.abs() <= (rate_hz / 48_000.0).max(1.0), "{a:?} {b:?}");
                    assert_eq!((a.lane, a.step, a.strength), (b.lane, b.step, b.strength));
                }
            }
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

    #[test]
    fn splices_are_not_heard() {
        let rate_hz = 48_000.0;
        let frames = 30 * 48_000;
        let mix = |a: &Planar, b: &Planar| -> Planar {
            a.iter().zip(b).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + b).collect()).collect()
        };
        let sines =
            mix(&signals::sine(220.0, 0.2, rate_hz, 2, frames), &signals::sine(1_234.5, 0.1, rate_hz, 2, frames));
        let mut dark = signals::white(0.5, 9, 2, frames);
        for channel in &mut dark {
            for _ in 0..2 {
                let mut low = green_ring_dsp::filter::OnePole::default();
                low.set_hz(300.0, rate_hz as f32);
                channel.iter_mut().for_each(|x| *x = low.low(*x));
            }
        }
        for (name, input) in [("two sines", sines), ("dark noise", dark)] {
            for lane in Lane::ALL {
                assert!(splices_p95_db(lane, 1.0, &input) > 4.0, "{name}, {lane:?}: a hard splice must be heard");
                for edge in [0.0, 0.25, 0.5] {
                    let p95 = splices_p95_db(lane, edge, &input);
                    println!("{name}, {lane:?}, Edge {edge}: p95 {p95:.1} dB");
                    assert!(p95 <= 4.0, "{name}, {lane:?}, Edge {edge}: {p95}");
                }
            }
        }
    }

    /// What 95 % of a lane's splices do not exceed, at 48 kHz: both ends of its events and, each half step, what may
    /// lie between.
    fn splices_p95_db(lane: Lane, edge: f32, input: &Planar) -> f64 {
        let settings = Settings { edge, ..order(lane) };
        let wet = Take::PLAIN.play(&settings, input);
        let told = Take::PLAIN.told(&settings, 96_000..input[0].len() as i64);
        let cuts: Vec<usize> =
            told.iter().flat_map(|e| (e.start_sample..=e.end_sample()).step_by(3_000)).map(|at| at as usize).collect();
        meter::percentile(&meter::splices_db(&wet[0], &cuts, 48_000.0), 0.95)
    }

    #[test]
    fn a_stutter_keeps_the_attack_of_its_slice() {
        // A drum on every step; the stutter repeats the one before it.
        let rate_hz = 48_000.0;
        let mut input = signals::silence(2, 10 * 48_000);
        for channel in &mut input {
            for (n, x) in channel.iter_mut().enumerate() {
                let t = (n % 12_000) as f64 / rate_hz;
                *x = (0.5 * (-t * 60.0).exp() * (t * 2_000.0).min(1.0) * (1_500.0 * t).sin()) as f32;
            }
        }
        for edge in [0.0, 0.15, 0.5] {
            let settings = Settings { grid_quarters: 0.5, activity: 0.25, edge, ..order(Lane::Stutter) };
            let wet = Take::PLAIN.play(&settings, &input);
            let told = Take::PLAIN.told(&settings, 96_000..9 * 48_000);
            let five_ms = |sound: &Planar, at: usize| meters::peak(&sound[0][at..at + 240]);
            for event in told {
                for repeat in 0..4 {
                    let at = event.start_sample as usize + repeat * 6_000;
                    // The slice enters one fade ahead of its attack, which thus comes up to 5 ms late.
                    let fade = (0.005 * (0.48f64).powf(2.0 * f64::from(edge)) * rate_hz).round() as usize;
                    let kept = five_ms(&wet, at + fade) / five_ms(&input, event.start_sample as usize - 12_000);
                    assert!(kept >= 0.95, "Edge {edge}: {kept}");
                }
                // What begins where it ends is whole as well.
                let after = event.end_sample() as usize;
                assert!(wet[0][after..after + 480] == input[0][after..after + 480]);
            }
        }
    }

    #[test]
    fn a_reversed_decay_still_decays_in_order_and_swells_in_plain() {
        let rate_hz = 48_000.0;
        let mut input = noise(10.0, rate_hz);
        for channel in &mut input {
            for (n, x) in channel.iter_mut().enumerate() {
                *x *= (-((n % 12_000) as f32) / 3_000.0).exp();
            }
        }
        let settings = Settings { grid_quarters: 0.25, activity: 0.25, edge: 0.5, ..order(Lane::Reverse) };
        let wet = Take::PLAIN.play(&settings, &input);
        let event = Take::PLAIN.told(&settings, 96_000..480_000)[0];
        let from = event.start_sample as usize;
        let half = event.length_samples as usize / 2;
        let fall = meters::db(
            meters::rms(&wet[0][from + 480..from + half]) / meters::rms(&wet[0][from + half..][..half - 480]),
        );
        assert!(fall > 10.0, "{fall} dB");
    }

    #[test]
    fn idle_is_the_input() {
        let input = noise(6.0, 48_000.0);
        let none = [0.0; Lane::COUNT];
        for idle in [
            Settings { weights: none, mix: 0.3, ..chaos() },
            Settings { activity: 0.0, chaos: 0.0, ..chaos() },
            Settings { activity: 0.0, ..chaos() },
            Settings { mix: 0.0, ..chaos() },
            Settings { bypass: true, ..chaos() },
        ] {
            let wet = Take::PLAIN.play(&idle, &input);
            assert!(meter::touched(&input, &wet, 1).is_empty(), "{idle:?}");
        }
    }

    #[test]
    fn a_fire_switch_sounds_from_its_step_to_its_step() {
        let input = noise(8.0, 48_000.0);
        let mut engine = Engine::new(&Take::PLAIN.spec());
        let off = Settings { activity: 0.0, ..order(Lane::Stutter) };
        let on = Settings { fire: Lane::ALL.map(|l| l == Lane::Reverse), ..off };
        let mut out = input.clone();
        for at in (0..input[0].len()).step_by(512) {
            let settings = if (100_000..200_000).contains(&at) { on } else { off };
            let end = (at + 512).min(input[0].len());
            let mut block: Vec<&mut [f32]> = out.iter_mut().map(|channel| &mut channel[at..end]).collect();
            engine.process(&settings, &Take::PLAIN.song(at as i64), &mut block);
        }
        let spans = meter::touched(&input, &out, 64);
        // Steps lie 6 000 samples apart. It is let go at a step, and fades from there.
        assert_eq!(spans.len(), 1, "{spans:?}");
        assert_eq!(spans[0].0, 102_000);
        assert!((204_000..204_300).contains(&spans[0].1), "{spans:?}");
    }

    #[test]
    fn a_scatter_keeps_the_level() {
        let input = signals::pink(1.0, 48_000.0, 5, 2, 30 * 48_000);
        for chaos in [0.0, 1.0] {
            let settings = Settings { activity: 1.0, chaos, ..order(Lane::Scatter) };
            let wet = Take::PLAIN.play(&settings, &input);
            let late = |sound: &Planar| sound.iter().map(|c| c[240_000..].to_vec()).collect::<Planar>();
            let apart = meters::loudness(&late(&wet), 48_000.0) - meters::loudness(&late(&input), 48_000.0);
            println!("Scatter at Chaos {chaos}: {apart:.2} LU");
            assert!(apart.abs() < 1.5, "{apart} LU");
        }
    }
}
