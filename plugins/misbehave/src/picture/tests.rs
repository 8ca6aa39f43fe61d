//! The picture beside the engine that it shows.

use green_ring_editor::egui::{self, Shape, pos2, vec2};
use green_ring_shell::wire;

use super::*;
use crate::engine::events;

const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };
const BLOCK: usize = 1_600;

fn song(sample: i64) -> Song {
    Song::new(true, sample, 120.0, SPEC.sample_rate)
}

fn stopped(sample: i64) -> Song {
    Song::new(false, sample, 120.0, SPEC.sample_rate)
}

/// What is seen under `settings` from Start on.
pub fn scene(settings: Settings) -> Scene {
    Scene::new(&SPEC, &settings, &song(0))
}

/// A picture, the engine that it shows, and the wire between them.
struct Rig {
    params: Arc<MisbehaveParams>,
    engine: Engine,
    teller: Teller<Reading>,
    score: Score,
}

impl Rig {
    fn new() -> Self {
        let (params, meters) = (Arc::new(MisbehaveParams::default()), Arc::new(Meters::default()));
        let (teller, listener) = wire(WIRE);
        let mut score = Score::new(&params, &meters, &listener);
        score.advance();
        Self { params, engine: Engine::new(&SPEC), teller, score }
    }

    /// Plays a block, and looks; whether anything looks different.
    fn play(&mut self, song: &Song) -> bool {
        let settings = self.params.settings();
        let mut sound: [Vec<f32>; 2] = [vec![0.1; BLOCK], vec![0.1; BLOCK]];
        let [left, right] = &mut sound;
        self.engine.process(&settings, song, &mut [left, right]);
        tell(&mut self.teller, &self.engine, &settings);
        self.score.advance()
    }

    fn play_from(&mut self, from: i64, blocks: i64) {
        for k in 0..blocks {
            assert!(self.play(&song(from + k * BLOCK as i64)));
        }
    }

    /// Sets a parameter as a host would.
    fn set(&self, param: &impl Param, normalized: f32) {
        // SAFETY: the parameter lives as long as this rig, and nothing else sets it.
        unsafe { param.as_ptr()._internal_set_normalized_value(normalized) };
    }
}

/// All that is painted in `area`, as it is clipped.
fn painted(context: &egui::Context, score: &Score, area: Rect, scale: f32) -> Vec<egui::epaint::ClippedShape> {
    let input = egui::RawInput {
        screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), area.max.to_vec2() + vec2(50.0, 50.0))),
        ..Default::default()
    };
    let mut output = context.run_ui(input, |ui| score.paint(ui.painter(), area, Theme { scale }));
    output.textures_delta.clear();
    std::mem::take(&mut output.shapes)
}

fn full() -> Settings {
    Settings {
        chaos: 0.1,
        growth: 0.9,
        growth_over_bars: 4.0,
        activity: 1.0,
        clock_drift_s: 0.08,
        rise: 1.0,
        rise_cycle_bars: 4.0,
        repeat_bars: 1,
        start: 3.5,
        ..Settings::default()
    }
}

#[test]
fn everything_is_drawn_inside_its_room_and_is_a_number() {
    let (mut rig, context) = (Rig::new(), egui::Context::default());
    rig.play_from(0, 60);
    let dense = Settings { grid_quarters: 1.0 / 24.0, ..full() };
    let time = Settings { sync: crate::engine::Sync::Time, grid_s: 0.02, bypass: true, ..full() };
    for settings in [Settings::default(), full(), dense, time] {
        for tempo_bpm in [1e-20, 1.0, 120.0, 960.0, 1e5] {
            for sample in [0, 90_000, -1_000_000, 1 << 50] {
                let song = Song::new(true, sample, tempo_bpm, SPEC.sample_rate);
                rig.score.scene.stand(&settings, &SPEC, &song);
                for (width, height, scale) in [(500.0, 170.0, 1.0), (500.0, 170.0, 3.0), (2_000.0, 800.0, 2.0)] {
                    let area = Rect::from_min_size(pos2(13.0, 29.0), vec2(width, height));
                    let shapes = painted(&context, &rig.score, area, scale);
                    assert!(shapes.len() < 3_000);
                    for egui::epaint::ClippedShape { clip_rect, shape, .. } in shapes {
                        let bounds = shape.visual_bounding_rect();
                        assert!(!bounds.any_nan(), "{shape:?}");
                        let seen = bounds.intersect(clip_rect);
                        assert!(!seen.is_positive() || area.expand(0.5).contains_rect(seen), "{bounds:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn labels_do_not_overlap() {
    let context = egui::Context::default();
    for settings in [Settings::default(), full()] {
        for (width, height, scale) in [(500.0, 170.0, 1.0), (760.0, 190.0, 0.9), (2_000.0, 800.0, 3.0)] {
            let mut rig = Rig::new();
            rig.score.scene = scene(settings);
            let shapes = painted(&context, &rig.score, Rect::from_min_size(pos2(0.0, 0.0), vec2(width, height)), scale);
            let texts = shapes.iter().filter(|shape| matches!(shape.shape, Shape::Text(_)));
            let places: Vec<Rect> = texts.map(|text| text.shape.visual_bounding_rect()).collect();
            assert!(places.len() > 10);
            for (k, a) in places.iter().enumerate() {
                let clear = |b: &Rect| !a.shrink(0.5).intersect(b.shrink(0.5)).is_positive();
                assert!(places[..k].iter().all(clear), "{width} {a:?} {places:?}");
            }
        }
    }
}

#[test]
fn nothing_moves_while_nothing_happens() {
    let mut rig = Rig::new();
    assert!((0..20).all(|_| !rig.score.advance()));
    // The transport stands and nothing is heard, though the engine runs on.
    rig.play(&stopped(0));
    assert!((1..50).all(|k| !rig.play(&stopped(k * BLOCK as i64))));
    rig.play_from(200_000, 10);
    let rests: Vec<bool> = (0..50).map(|_| rig.score.advance()).collect();
    assert!(!rests[PATIENCE as usize + 1..].contains(&true));
    rig.play(&stopped(500_000));
    assert_eq!(rig.score.scene.song.sample, 200_000 + 10 * BLOCK as i64, "it stands where it stood");
}

#[test]
fn a_control_that_is_moved_redraws_the_future_at_once() {
    let mut rig = Rig::new();
    let before = rig.score.scene.coming.events.clone();
    rig.set(&rig.params.time.activity, 0.9);
    assert!(rig.score.advance());
    assert!(rig.score.scene.coming.events.len() > 2 * before.len());
    assert!(!rig.score.advance());
    rig.set(&rig.params.time.start, 0.5);
    assert!(rig.score.advance());
    let scene = &rig.score.scene;
    assert_eq!(scene.song.sample, scene.outlook.sample_of(scene.outlook.start()).round() as i64);
}

#[test]
fn future_and_past_are_what_the_engine_says_and_did() {
    let mut rig = Rig::new();
    rig.set(&rig.params.time.activity, 0.8);
    rig.play_from(0, 300);
    let scene = &rig.score.scene;
    let [left, right] = scene.span();
    let now = scene.song.sample;
    assert_eq!((now, now - left), (300 * BLOCK as i64, (right - left) / 8));
    let mut told = vec![];
    events(&SPEC, &scene.settings, &song(0), 0..right, &mut |event| told.push(event));
    let coming: Vec<Event> = scene.coming.events.iter().copied().filter(|e| e.start_sample < right).collect();
    assert!(told.iter().filter(|event| event.start_sample >= now).eq(&coming));
    let past: Vec<Event> = scene.past.events.iter().map(|played| played.event).collect();
    assert!(past.len() > 4 && scene.past.events.iter().all(|played| played.sounded));
    let begun = |event: &&Event| event.start_sample < now && event.end_sample() > left;
    assert!(told.iter().filter(begun).all(|event| past.contains(event)));
    assert_eq!(scene.heard.sounding, rig.engine.sounding());
}

#[test]
fn after_a_jump_the_past_is_empty_and_the_pre_roll_is_told() {
    let mut rig = Rig::new();
    rig.set(&rig.params.time.activity, 1.0);
    rig.play_from(0, 100);
    assert!(!rig.score.words().contains("pre-roll"), "{}", rig.score.words());
    rig.play_from(9_600_000, 15);
    assert!(rig.score.scene.past.events.iter().all(|played| played.event.start_sample >= 9_600_000));
    assert!(rig.score.words().ends_with("pre-roll 2.6 s"), "{}", rig.score.words());
}

#[test]
fn words_say_what_is_and_why_nothing_is() {
    let words = |settings: Settings| {
        let mut rig = Rig::new();
        rig.score.scene = scene(settings);
        rig.score.words()
    };
    let d = Settings::default();
    assert_eq!(words(d), "stopped \u{b7} next: Stutter");
    assert_eq!(words(Settings { activity: 0.0, ..d }), "idle: Activity is 0 %");
    assert_eq!(words(Settings { weights: [0.0; crate::engine::Lane::COUNT], ..d }), "idle: all lanes are at 0 %");
    assert_eq!(words(Settings { mix: 0.0, ..d }), "idle: Mix is 0 %");
    assert_eq!(words(Settings { trigger: crate::engine::Trigger::Notes, ..d }), "waiting for notes");
    assert_eq!(words(Settings { bypass: true, ..d }), "bypassed");
    let mut rig = Rig::new();
    rig.play_from(0, 70);
    let sounding = rig.score.scene.heard.sounding.iter().flatten().next().is_some();
    assert!(sounding != rig.score.words().starts_with("next: "), "{}", rig.score.words());
}
