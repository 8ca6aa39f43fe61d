//! The factory presets do what their names and comments say, with real speech over real music.

use crate::gates::*;
use dialogue_ducker::params::DialogueDuckerParams;
use green_ring_dsp::filter::Svf;
use suite_tests::rig::load;

/// The settings of the factory preset of this name.
fn preset(name: &str) -> Settings {
    let named = |file: &&str| {
        let params = DialogueDuckerParams::default();
        (load(&params, file) == name).then(|| params.settings())
    };
    dialogue_ducker::presets::PRESETS.iter().find_map(named).expect("a preset of this name")
}

/// What a preset did to a bed under a scene.
struct Heard {
    bed: Vec<f32>,
    ducked: Vec<f32>,
    spans: Vec<(usize, usize)>,
    /// Dialogue above the bed while somebody speaks, in LU.
    difference_lu: f64,
}

impl Heard {
    /// How much quieter the bed is than it was, between two moments, in dB.
    fn cut_db(&self, from: usize, to: usize) -> f64 {
        let power = |x: &[f32]| k_power(&x[from..to]).iter().sum::<f64>() + 1e-15;
        10.0 * (power(&self.bed) / power(&self.ducked)).log10()
    }

    /// The same of what lies below or above `hz`.
    fn part_cut_db(&self, hz: f32, above: bool, from: usize, to: usize) -> f64 {
        let power = |x: &[f32]| {
            let mut filters = [Svf::default(); 2];
            filters.iter_mut().for_each(|filter| filter.set(hz, 0.707, RATE));
            let pass = |x: f32, filter: &mut Svf| if above { filter.tick(x).high } else { filter.tick(x).low };
            let part: Vec<f32> = x[..to].iter().map(|x| filters.iter_mut().fold(*x, pass)).collect();
            part[from..].iter().map(|x| f64::from(x * x)).sum::<f64>() + 1e-15
        };
        10.0 * (power(&self.bed) / power(&self.ducked)).log10()
    }

    /// Share of the first line's cut that its first 50 ms have.
    fn first_syllable(&self) -> f64 {
        let at = self.spans[0].0;
        self.cut_db(at, at + samples(0.05)) / self.cut_db(at + samples(0.2), at + samples(0.5))
    }

    /// Seconds from the last word on until the bed is within 1 dB of what it was.
    fn back_s(&self) -> f32 {
        let end = self.spans[self.spans.len() - 1].1;
        let back =
            (0..220).map(|k| 0.1 * k as f32).find(|s| self.cut_db(end + samples(*s), end + samples(s + 0.1)) < 1.0);
        back.unwrap_or(f32::INFINITY)
    }
}

/// Six lines as loud as the preset expects, over `bed` as loud as they, and half a minute without words.
fn hear(name: &str, bed: Option<Vec<f32>>) -> Option<Heard> {
    let (lines, settings) = (fresh_utterances()?, preset(name));
    let (mut speech, spans) = scene(&lines[..6], &[0.35, 0.6]);
    speech = scaled(speech, f64::from(settings.anchor_lufs) + 27.0);
    speech.resize(speech.len() + samples(24.0), 0.0);
    let n = speech.len();
    let piece = || music(0.0, n as f32 / RATE + 0.01).expect("the same packages").swap_remove(1);
    let bed = at_level(bed.unwrap_or_else(piece)[..n].to_vec(), f64::from(settings.anchor_lufs));
    let ducked = duck(&settings, &bed, &speech).bed;
    let difference_lu = difference(&speech, &ducked, &spans);
    let heard = Heard { bed, ducked, spans, difference_lu };
    println!(
        "{name}: {difference_lu:.1} LU for {}, {:.2} of the first syllable, back {:.1} s after the last word (hold {} s, release {} s)",
        settings.target_lu,
        heard.first_syllable(),
        heard.back_s(),
        settings.hold_s,
        settings.release_s
    );
    Some(heard)
}

/// Presets that work on any bed.
const EVERYWHERE: [&str; 12] = [
    "Score Under a Scene",
    "Under a Whisper",
    "Live Back Seat",
    "Club, Shouted",
    "Narration",
    "Radio in the Room",
    "Crowd Parts",
    "Rain",
    "Highs Leave First",
    "Slow Return",
    "Trailer Voice",
    "Fast Banter",
];

#[test]
fn presets_reach_their_target_from_the_first_syllable_on_and_return_as_they_say() {
    for name in EVERYWHERE {
        let Some(heard) = hear(name, None) else { return };
        let settings = preset(name);
        assert!((heard.difference_lu - f64::from(settings.target_lu)).abs() <= 1.0, "{name}");
        assert!(heard.first_syllable() >= 0.9 || settings.attack_s.is_some(), "{name}");
        let longest_s = settings.hold_s + settings.release_s * (1.0 + settings.highs_first) + 0.2;
        let back_s = heard.back_s();
        assert!((settings.hold_s + 0.4 * settings.release_s..longest_s).contains(&back_s), "{name}: {back_s}");
    }
}

#[test]
fn presets_leave_alone_what_does_not_mask() {
    let Some(heard) = hear("Drone Left Alone", Some(drone(samples(60.0)))) else { return };
    let (from, to) = (heard.spans[0].0, heard.spans[5].1);
    assert!(heard.cut_db(from, to) <= 1.0);
    for name in ["Drone Left Alone", "Street Through Glass"] {
        let (heard, target_lu) = (hear(name, None).expect("the same packages"), f64::from(preset(name).target_lu));
        assert!((target_lu - 4.0..=target_lu + 1.0).contains(&heard.difference_lu), "{name}");
    }
}

#[test]
fn presets_take_the_top_end_and_leave_the_bass_as_they_say() {
    let Some(club) = hear("Club, Shouted", None) else { return };
    let (from, to) = (club.spans[0].0 + samples(0.5), club.spans[5].1);
    let [bass, voice] = [(120.0, false), (2_500.0, true)].map(|(hz, above)| club.part_cut_db(hz, above, from, to));
    println!("Club, Shouted: bass {bass:.1} dB, above 2.5 kHz {voice:.1} dB");
    assert!(bass <= 4.0 && voice >= 10.0);

    let highs = hear("Highs Leave First", None).expect("the same packages");
    let from = highs.spans[0].0;
    let share = |hz, above| {
        let whole = highs.part_cut_db(hz, above, from + samples(0.9), from + samples(1.3));
        highs.part_cut_db(hz, above, from + samples(0.25), from + samples(0.35)) / whole
    };
    let [low, top] = [share(600.0, false), share(2_500.0, true)];
    println!("Highs Leave First: 0.3 s into the words {low:.2} of the lows are out, and {top:.2} of the top end");
    assert!(top >= low + 0.1);

    let rain = hear("Rain", Some(white(3, samples(60.0)))).expect("the same packages");
    for (name, heard, after_s) in [("Highs Leave First", &highs, 6.0), ("Rain", &rain, 8.0)] {
        let end = (heard.spans[5].1, heard.spans[5].1 + samples(0.3));
        let later = |hz, above| heard.part_cut_db(hz, above, end.0 + samples(after_s), end.1 + samples(after_s));
        let [low, top] = [later(600.0, false), later(2_500.0, true)];
        println!("{name}: {after_s} s after the last word lows are {low:.1} dB down, the top end {top:.1} dB");
        assert!(top >= low + 2.0);
    }
}

#[test]
fn presets_that_pull_out_are_silent_under_the_line_and_come_back_as_they_say() {
    let Some(call) = hear("Phone Call, Drums Stop", None) else { return };
    let silent = |heard: &Heard, from: usize, to: usize| heard.ducked[from..to].iter().all(|x| *x == 0.0);
    let (from, end) = (call.spans[0].0, call.spans[5].1);
    assert!(silent(&call, from + samples(0.3), end + samples(3.4)) && !silent(&call, end, end + samples(4.5)));
    assert!(call.cut_db(end + samples(6.0), end + samples(7.0)) < 0.1);
    let out = hear("Out at the First Word", None).expect("the same packages");
    assert!(silent(&out, from + samples(0.6), out.ducked.len()));
}
