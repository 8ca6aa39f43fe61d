//! Dialogue Ducker: the laws, and what a listener hears of it.

#[path = "subjects/dialogue_ducker.rs"]
mod subject;

#[path = "dialogue_ducker/cuts.rs"]
mod cuts;
#[path = "dialogue_ducker/focus.rs"]
mod focus;
#[path = "dialogue_ducker/presets.rs"]
mod presets;
#[path = "dialogue_ducker/pull.rs"]
mod pull;

suite_tests::laws!(subject::subject());

mod gates {
    pub use dialogue_ducker::engine::{Engine, LookAhead, Settings, State};
    pub use green_ring_dsp::{CELL, Song, Spec};
    pub use suite_tests::meters::speech::*;

    /// The bed as it came out, moved back by the latency, with the gain in decibels,
    /// that of each band, and the state of each cell.
    pub struct Ducked {
        pub bed: Vec<f32>,
        pub gain_db: Vec<f32>,
        pub bands_db: Vec<[f32; 18]>,
        pub states: Vec<State>,
    }

    impl Ducked {
        fn between(&self, from: usize, to: usize) -> &[f32] {
            &self.gain_db[from / CELL..(to / CELL).min(self.gain_db.len())]
        }

        fn mean_db(&self, from: usize, to: usize) -> f32 {
            let gains = self.between(from, to);
            gains.iter().sum::<f32>() / gains.len() as f32
        }

        pub fn deepest_db(&self) -> f32 {
            self.gain_db.iter().fold(0.0, |least, g| least.min(*g))
        }

        /// Lengths in samples of the stretches in which the gain is below `low_db`, and how deep each goes.
        fn dips(&self, low_db: f32) -> Vec<(usize, f32)> {
            let low = self.gain_db.split(|g| *g >= low_db).filter(|dip| !dip.is_empty());
            low.map(|dip| (dip.len() * CELL, dip.iter().fold(0.0, |least: f32, g| least.min(*g)))).collect()
        }
    }

    /// `bed` under `key`, in blocks of one cell.
    pub fn duck(settings: &Settings, bed: &[f32], key: &[f32]) -> Ducked {
        let mut engine = Engine::new(&SPEC, settings);
        let latency = engine.latency();
        let frames = (bed.len() + latency).next_multiple_of(CELL);
        let padded = |x: &[f32]| [x, &vec![0.0; frames - x.len()]].concat();
        let (mut left, mut right, key) = (padded(bed), vec![0.0; frames], padded(key));
        let (mut gain_db, mut bands_db, mut states) = (vec![], vec![], vec![]);
        for at in (0..frames).step_by(CELL) {
            let song = Song::new(true, at as i64, 120.0, SPEC.sample_rate);
            let mut block = [&mut left[at..at + CELL], &mut right[at..at + CELL]];
            engine.process(settings, &song, &mut block, &[&key[at..at + CELL]]);
            gain_db.push(engine.reading().gain_db);
            bands_db.push(engine.reading().bands_db);
            states.push(engine.reading().state);
        }
        let cells = latency / CELL;
        Ducked {
            bed: left[latency..latency + bed.len()].to_vec(),
            gain_db: gain_db.split_off(cells),
            bands_db: bands_db.split_off(cells),
            states: states.split_off(cells),
        }
    }

    pub fn deep() -> Settings {
        Settings { target_lu: 12.0, max_depth_db: 40.0, hold_s: 1.0, focus: 0.0, ..Settings::default() }
    }

    /// Two seconds of silence, then `lines` with `gaps_s` between them, at -27 LUFS; and where each line lies.
    pub fn scene(lines: &[Vec<f32>], gaps_s: &[f32]) -> (Vec<f32>, Vec<(usize, usize)>) {
        let (mut speech, mut spans) = (vec![0.0; samples(2.0)], vec![]);
        for (line, gap_s) in lines.iter().zip(gaps_s.iter().cycle()) {
            let line = &line[onset(line)..offset(line)];
            spans.push((speech.len(), speech.len() + line.len()));
            speech.extend(line);
            speech.extend(vec![0.0; samples(*gap_s)]);
        }
        (at_loudness(speech, -27.0), spans)
    }

    pub fn steady_beds(n: usize) -> [(&'static str, Vec<f32>); 2] {
        [("pink", at_level(pink(1, n), -24.0)), ("strings", at_level(strings(n), -24.0))]
    }

    #[test]
    fn dialogue_stands_above_a_steady_bed_by_the_target_however_loud_it_is() {
        let Some(lines) = utterances() else { return };
        let (speech, spans) = scene(&lines[..24], &[0.35, 0.6, 0.9, 1.6]);
        for (name, bed) in steady_beds(speech.len()) {
            let mut found = vec![];
            for level in [-33.0, -27.0, -21.0] {
                let key = scaled(speech.clone(), level + 27.0);
                for anchor_lufs in [-27.0, level as f32] {
                    let ducked = duck(&Settings { anchor_lufs, ..deep() }, &bed, &key);
                    found.push(difference(&key, &ducked.bed, &spans));
                }
            }
            let (least, most) = found.iter().fold((99.0f64, 0.0f64), |(l, m), d| (l.min(*d), m.max(*d)));
            println!("{name}: {least:.2} to {most:.2} LU for a target of 12");
            assert!((11.0..=13.0).contains(&least) && (11.0..=13.0).contains(&most) && most - least <= 1.0);
        }
    }

    #[test]
    fn a_swelling_bed_is_held_down() {
        let Some(lines) = utterances() else { return };
        let (speech, spans) = scene(&lines[..24], &[0.35, 0.6, 0.9]);
        let swell = |k: usize| 10f32.powf(0.5 * (std::f32::consts::TAU * k as f32 / (9.0 * RATE)).sin());
        let bed: Vec<f32> =
            at_level(pink(2, speech.len()), -24.0).iter().enumerate().map(|(k, x)| x * swell(k)).collect();
        let found = difference(&speech, &duck(&deep(), &bed, &speech).bed, &spans);
        println!("swelling bed: {found:.2} LU for a target of 12");
        assert!(found >= 10.0);
    }

    #[test]
    fn every_three_seconds_of_speech_stand_above_the_bed() {
        let Some(lines) = utterances() else { return };
        let (speech, spans) = scene(&lines[..28], &[0.35, 0.6, 0.9]);
        for (name, bed) in steady_beds(speech.len()) {
            let under = short_term(&speech, &duck(&deep(), &bed, &speech).bed, &spans, 3.0);
            let low: Vec<usize> = under.split(|lu| *lu >= 11.0).map(<[f64]>::len).collect();
            let (longest, least) = (low.iter().max().unwrap(), under.iter().fold(99.0f64, |l, d| l.min(*d)));
            println!("{name}: longest {:.1} s under 11 LU, least {least:.2} LU", *longest as f32 * 0.1);
            assert!(*longest <= 10, "{:.1} s", *longest as f32 * 0.1);
        }
    }

    /// What onsets look like in one mode: share of utterances whose bed is within 1 dB of its depth at the onset, mean
    /// share of the depth over the first 50 ms, and utterances that do not duck.
    fn onsets(lines: &[Vec<f32>], look_ahead: LookAhead, room_tone_lufs: Option<f64>) -> (f32, f32, usize) {
        let bed = at_level(pink(1, samples(12.0)), -27.0);
        let (mut down, mut share, mut missed) = (0, 0.0, 0);
        for line in lines {
            let lead = vec![0.0; samples(1.5)];
            let at = lead.len() + onset(line);
            let close = [lead, line.clone(), vec![0.0; samples(0.5)]].concat();
            let tone = |lufs| mix(&room(&close, 5), &room_tone(6, close.len(), lufs));
            let key = room_tone_lufs.map_or(close.clone(), tone);
            let ducked = duck(&Settings { look_ahead, ..deep() }, &bed[..key.len()], &key);
            let depth_db = ducked.mean_db(at + samples(0.2), at + samples(0.3));
            down += usize::from(ducked.mean_db(at, at + 2 * CELL) < depth_db + 1.0);
            share += ducked.mean_db(at, at + samples(0.05)) / depth_db;
            missed += usize::from(ducked.deepest_db() > -6.0);
        }
        let n = lines.len() as f32;
        println!(
            "{look_ahead:?} {room_tone_lufs:?}: {:.3} down at onset, {:.3} of the depth, {missed} missed",
            down as f32 / n,
            share / n
        );
        (down as f32 / n, share / n, missed)
    }

    #[test]
    fn the_bed_is_down_when_the_first_syllable_sounds() {
        for lines in [utterances(), fresh_utterances()].into_iter().flatten() {
            for room_tone_lufs in [None, Some(-47.0)] {
                let (down, _, missed) = onsets(&lines, LookAhead::Long, room_tone_lufs);
                assert!(down >= 0.95 && missed == 0);
            }
        }
    }

    #[test]
    fn shorter_look_aheads_cover_their_share_of_the_first_syllable() {
        let Some(lines) = utterances() else { return };
        for room_tone_lufs in [None, Some(-47.0)] {
            assert!(onsets(&lines, LookAhead::Medium, room_tone_lufs).1 >= 0.8);
            assert!(onsets(&lines, LookAhead::Short, room_tone_lufs).1 >= 0.6);
        }
    }

    #[test]
    fn pauses_do_not_release_the_bed_and_it_does_not_pump() {
        let Some(lines) = utterances() else { return };
        let (speech, spans) = scene(&lines[..28], &[0.35, 0.6, 0.9]);
        for (name, bed) in steady_beds(speech.len()) {
            let ducked = duck(&deep(), &bed, &speech);
            let (first, last) = (spans[0].0 + samples(0.1), spans[27].1);
            let inside = &ducked.states[first / CELL..last / CELL];
            assert!(inside.iter().all(|s| matches!(s, State::Yielding | State::Holding(_))), "{name}");
            let pumping = movement_db(ducked.between(first + samples(10.0), last), RATE / CELL as f32);
            println!("{name}: {pumping:.2} dB rms of movement between 0.5 and 8 Hz");
            assert!(pumping <= 0.5);
        }
    }

    #[test]
    fn room_tone_hiss_and_traffic_move_nothing() {
        let n = samples(if suite_tests::laws::soak() { 600.0 } else { 60.0 });
        let bed = at_level(pink(1, n), -24.0);
        let noises = [
            room_tone(6, n, -47.0),
            room_tone(7, n, -37.0),
            at_level(white(8, n), -40.0),
            at_level(pink(9, n), -30.0),
            at_level(traffic(10, n), -30.0),
        ];
        for key in noises {
            let ducked = duck(&deep(), &bed, &key);
            assert_eq!(ducked.deepest_db(), 0.0);
            assert!(ducked.bed == bed, "the bed passes bit for bit");
        }
    }

    #[test]
    fn blows_and_coughs_are_no_speech() {
        let bed = at_level(pink(1, samples(60.0)), -24.0);
        let brief = Settings { hold_s: 0.2, release_s: 0.3, ..deep() };
        for look_ahead in [LookAhead::Medium, LookAhead::Long] {
            for event in Event::ALL {
                let ducks =
                    duck(&Settings { look_ahead, ..brief }, &bed, &event.train(60.0, 2.0, 0.4)).dips(-2.0).len();
                println!("{event:?} {look_ahead:?}: {ducks} ducks in 60 s");
                assert!(ducks <= if event == Event::Slam { 2 } else { 0 });
            }
        }
    }

    #[test]
    fn in_the_short_modes_a_blow_moves_the_bed_a_little_and_briefly() {
        let bed = at_level(pink(1, samples(60.0)), -24.0);
        for look_ahead in [LookAhead::None, LookAhead::Short] {
            for event in [Event::Clap, Event::Click, Event::Slam] {
                let settings = Settings { look_ahead, hold_s: 0.2, release_s: 0.3, ..deep() };
                let dips = duck(&settings, &bed, &event.train(60.0, 2.0, 0.4)).dips(-0.5);
                let long = dips.iter().filter(|(length, deep_db)| *length > samples(0.1) || *deep_db < -2.05).count();
                let longest = dips.iter().map(|(length, _)| *length as f32 / RATE).fold(0.0, f32::max);
                println!("{event:?} {look_ahead:?}: {} dips, {long} too far, longest {longest:.3} s", dips.len());
                assert_eq!(long, 0);
            }
        }
    }

    #[test]
    fn most_music_on_the_dialogue_bus_is_no_speech() {
        let bed = at_level(pink(1, samples(60.0)), -24.0);
        let share = |key: &Vec<f32>| {
            let states = duck(&deep(), &bed, key).states;
            states.iter().filter(|s| **s == State::Yielding).count() as f32 / states.len() as f32
        };
        let Some(pieces) = music(0.0, 60.0) else { return };
        let shares: Vec<f32> = pieces.iter().map(share).collect();
        println!("music taken for speech: {shares:.2?}");
        assert!(shares.iter().all(|share| *share <= 0.25));
    }

    #[test]
    fn other_music_and_other_voices_are_told_apart_as_well() {
        let (Some(pieces), Some(voices)) = (music(100.0, 60.0), espeak()) else { return };
        let bed = at_level(pink(1, samples(60.0)), -24.0);
        let yields = |key: &[f32]| {
            let states = duck(&deep(), &bed[..key.len()], key).states;
            states.iter().filter(|s| **s == State::Yielding).count() as f32 / states.len() as f32
        };
        let shares: Vec<f32> = pieces.iter().map(|piece| yields(piece)).collect();
        let heard: Vec<f32> =
            voices.iter().map(|voice| yields(&[vec![0.0; samples(1.5)], voice.clone()].concat())).collect();
        println!("unseen music taken for speech: {shares:.2?}; made voices heard: {heard:.2?}");
        assert!(heard.iter().all(|share| *share > 0.3));
        assert!(shares.iter().all(|share| *share <= 0.25));
    }

    #[test]
    fn a_voice_on_one_channel_of_the_key_reads_as_on_both() {
        let Some(lines) = utterances() else { return };
        let voice = &[vec![0.0; samples(1.0)], lines[0].clone()].concat();
        let bed = at_level(pink(1, voice.len()), -24.0);
        let silent = vec![0.0; voice.len()];
        let ducked = |key: &[&[f32]]| {
            let mut engine = Engine::new(&SPEC, &Settings { focus: 0.5, ..deep() });
            let (mut left, mut right) = (bed.clone(), bed.clone());
            let song = Song::new(true, 0, 120.0, SPEC.sample_rate);
            engine.process(&Settings { focus: 0.5, ..deep() }, &song, &mut [&mut left, &mut right], key);
            assert!(left == right, "the image stands still");
            left
        };
        let mono = ducked(&[voice]);
        assert!(mono != bed && ducked(&[voice, voice]) == mono);
        assert!(ducked(&[voice, &silent]) == mono && ducked(&[&silent, voice]) == mono);
    }

    #[test]
    fn a_line_after_music_on_the_same_bus_is_heard() {
        let (Some(lines), Some(pieces)) = (utterances(), music(0.0, 8.0)) else { return };
        let longest = lines.iter().map(Vec::len).max().unwrap_or(0);
        let bed = at_level(pink(1, samples(9.0) + longest), -24.0);
        let heard = |line: &&Vec<f32>| {
            let key = [&pieces[2], &vec![0.0; samples(0.5)], &line[..]].concat();
            let states = duck(&deep(), &bed[..key.len()], &key).states;
            let by = samples(8.5) + onset(line) + samples(0.5);
            states[by / CELL] == State::Yielding
        };
        let lines: Vec<&Vec<f32>> = lines.iter().step_by(3).collect();
        let share = lines.iter().filter(|line| heard(line)).count() as f32 / lines.len() as f32;
        println!("lines after music heard within 0.5 s: {share:.2}");
        assert!(share >= 0.9);
    }

    #[test]
    fn a_duck_leaves_no_side_bands() {
        let Some(lines) = utterances() else { return };
        let n = samples(5.0);
        let sine = |k: usize| 0.1 * (std::f64::consts::TAU * (997.0 * k as f64 / 48_000.0).fract()).sin() as f32;
        let bed: Vec<f32> = (0..n).map(sine).collect();
        for look_ahead in [LookAhead::Medium, LookAhead::Long] {
            let settings = Settings { look_ahead, target_lu: 30.0, max_depth_db: 12.0, ..deep() };
            let (worst_db, step_db) =
                lines[..8].iter().chain(&lines[50..]).fold((-999.0f64, 0.0f32), |(worst, step), line| {
                    let key = [vec![0.0; samples(2.5)], line.clone()].concat();
                    let ducked = duck(&settings, &bed, &key[..n.min(key.len())]);
                    let steepest =
                        ducked.gain_db.windows(2).map(|g| (g[1] - g[0]).abs() / CELL as f32).fold(0.0, f32::max);
                    (worst.max(beyond_db(&ducked.bed, 997.0, 100.0)), step.max(steepest))
                });
            println!("{look_ahead:?}: {worst_db:.1} dB beyond 100 Hz, {step_db:.4} dB a sample");
            assert!(worst_db <= -75.0 && step_db <= 0.05);
        }
    }

    #[test]
    fn latency_is_exact_and_nothing_to_do_is_nothing_done() {
        for sample_rate in [8_000.0, 44_100.0, 48_000.0, 88_200.0, 96_000.0, 192_000.0, 384_000.0] {
            for look_ahead in [LookAhead::None, LookAhead::Short, LookAhead::Medium, LookAhead::Long] {
                let settings = Settings { look_ahead, ..deep() };
                let mut engine = Engine::new(&Spec { sample_rate, channels: 1 }, &settings);
                let latency = engine.latency();
                let least = (look_ahead.seconds() * sample_rate) as usize;
                assert!((least..=least + CELL).contains(&latency));
                let bed = white(3, latency + 5_000);
                let mut out = bed.clone();
                let song = Song::new(true, 0, 120.0, sample_rate);
                engine.process(&settings, &song, &mut [&mut out], &[]);
                assert!(out[..latency].iter().all(|x| *x == 0.0) && out[latency..] == bed[..5_000]);
            }
        }
    }
}
