//! The picture without a window.

use super::*;
use crate::engine::{Engine, PassMode};
use green_ring_dsp::Spec;
use green_ring_editor::egui::{Context, FullOutput, Pos2, RawInput, Shape};

const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

/// Sizes in points, and scales, at which a picture is drawn.
const SIZES: [(f32, f32, f32); 4] =
    [(500.0, 170.0, 0.75), (500.0, 170.0, 1.0), (820.0, 230.0, 1.0), (2_000.0, 800.0, 3.0)];

/// A machine with its picture.
struct Rig {
    picture: TapePicture,
    line: Line,
    engine: Engine,
    settings: Settings,
    /// The song sample that comes next.
    at: i64,
}

impl Rig {
    fn new(settings: Settings) -> Self {
        let line = Line::default();
        let picture = TapePicture::new(Arc::default(), line.listener());
        let mut rig = Self { picture, line, engine: Engine::new(&SPEC), settings, at: 0 };
        rig.picture.look(settings);
        rig
    }

    /// Plays a tone in blocks of 480 frames, with a look after every third. Without `level` the song is stopped. Returns
    /// how many looks changed the picture.
    fn play(&mut self, seconds: f64, level: f32) -> usize {
        let mut changed = 0;
        for block in 0..(seconds * 100.0).round() as i64 {
            let tone = |k: usize| level * ((self.at + k as i64) as f64 * 0.0576).sin() as f32;
            let (mut left, mut right): ([f32; 480], [f32; 480]) =
                (std::array::from_fn(tone), std::array::from_fn(tone));
            let song = Song::new(level > 0.0, self.at, 120.0, SPEC.sample_rate);
            let mut sound = [&mut left[..], &mut right[..]];
            self.engine.process(&self.settings, &song, &mut sound);
            self.line.tell(&self.engine, &self.settings, &song, &sound);
            self.at += 480;
            if block % 3 == 2 {
                changed += usize::from(self.picture.look(self.settings));
            }
        }
        changed
    }
}

fn paint(picture: &TapePicture, area: Rect, scale: f32) -> FullOutput {
    let context = Context::default();
    let input = || RawInput {
        screen_rect: Some(Rect::from_min_size(Pos2::ZERO, area.max.to_vec2() + vec2(50.0, 50.0))),
        ..RawInput::default()
    };
    // Fonts are there from the second frame on.
    let draw = || context.run_ui(input(), |ui| picture.paint(ui.painter(), area, Theme { scale }));
    draw().textures_delta.clear();
    let mut output = draw();
    output.textures_delta.clear();
    output
}

/// The texts that are drawn, and where.
fn texts(output: &FullOutput) -> Vec<(Rect, String)> {
    let text = |shape: &Shape| match shape {
        Shape::Text(text) => Some((text.visual_bounding_rect(), text.galley.text().to_owned())),
        _ => None,
    };
    output.shapes.iter().filter_map(|shape| text(&shape.shape)).collect()
}

#[test]
fn everything_is_drawn_inside_at_every_size() {
    let mut rig = Rig::new(Settings { passes: 100.0, dropouts: 1.0, wow: 0.01, map: Map::Loop, ..Settings::default() });
    rig.play(3.0, 0.3);
    for (width, height, scale) in SIZES {
        let area = Rect::from_min_size(Pos2::new(20.0, 30.0), vec2(width, height));
        let shapes = paint(&rig.picture, area, scale).shapes;
        assert!(shapes.len() > 40);
        for shape in &shapes {
            let bounds = shape.shape.visual_bounding_rect().intersect(shape.clip_rect);
            assert!(!shape.shape.visual_bounding_rect().any_nan(), "{:?}", shape.shape);
            assert!(!bounds.is_positive() || area.expand(1.0).contains_rect(bounds), "{bounds:?} {:?}", shape.shape);
            if let Shape::Mesh(mesh) = &shape.shape {
                assert!(mesh.is_valid() && mesh.vertices.iter().all(|vertex| vertex.pos.is_finite()));
            }
        }
    }
}

#[test]
fn one_is_not_many() {
    assert_eq!([1, 2].map(dropouts_in_words), ["1 dropout", "2 dropouts"]);
}

#[test]
fn the_pre_roll_is_told_until_it_is_over() {
    let mut rig = Rig::new(Settings { wear: 0.3, ..Settings::default() });
    let memory_s = rig.engine.memory(&rig.settings);
    rig.play(0.3, 0.3);
    let words = rig.picture.words();
    assert!(words.ends_with(&format!(", pre-roll {:.1} s", memory_s - 0.3)), "{words}");
    rig.play(f64::from(memory_s), 0.3);
    assert!(!rig.picture.words().contains("pre-roll"));
    rig.at += 96_000;
    rig.play(0.3, 0.3);
    assert!(rig.picture.words().contains("pre-roll"), "after a jump");
    rig.play(0.3, 0.0);
    assert!(!rig.picture.words().contains("pre-roll"), "stopped");
}

#[test]
fn texts_do_not_overlap() {
    let mut rig = Rig::new(Settings { wear: 0.9, dropouts: 1.0, wow: 0.03, flutter: 0.02, ..Settings::default() });
    rig.play(2.0, 0.3);
    for (width, height, scale) in SIZES {
        let area = Rect::from_min_size(Pos2::ZERO, vec2(width, height));
        let texts = texts(&paint(&rig.picture, area, scale));
        assert!(texts.len() > 15);
        for (k, (a, first)) in texts.iter().enumerate() {
            for (b, second) in &texts[..k] {
                assert!(!a.shrink(0.5).intersects(b.shrink(0.5)), "{width}: {first:?} {a:?} and {second:?} {b:?}");
            }
        }
    }
}

#[test]
fn a_loop_is_marked_from_end_to_end_and_the_whole_tape_from_start() {
    let marks = |settings: Settings, unit: &str| -> Vec<String> {
        let mut rig = Rig::new(settings);
        rig.at = 13 * 48_000;
        rig.play(0.1, 0.1);
        let all = texts(&paint(&rig.picture, Rect::from_min_size(Pos2::ZERO, vec2(820.0, 230.0)), 1.0));
        all.into_iter().map(|(_, text)| text).filter(|text| text.ends_with(unit)).collect()
    };
    let looped = Settings { map: Map::Loop, start: 7.0, pass_length_bars: 1.999_999_9, ..Settings::default() };
    let all: Vec<String> = (0..=8).map(|k| format!("{:.2} bars", 0.25 * f64::from(k))).collect();
    let all: Vec<String> =
        all.into_iter().map(|text| if text == "1.00 bars" { "1.00 bar".into() } else { text }).collect();
    assert_eq!(marks(looped, "")[2..11], all);
    let timed = Settings { sync: crate::engine::Sync::Time, ..Settings::default() };
    assert_eq!(marks(timed, " s")[..3], ["11 s", "12 s", "13 s"]);
}

#[test]
fn an_idle_editor_does_not_repaint() {
    let mut rig = Rig::new(Settings::default());
    for _ in 0..5 {
        assert!(!rig.picture.look(rig.settings), "no audio");
    }
    assert_eq!(rig.play(0.99, 0.3), 33, "music");
    rig.play(2.0, 0.0);
    assert_eq!(rig.play(1.0, 0.0), 0, "silence, and the song is stopped");
    assert!(rig.picture.look(Settings { wear: 0.5, ..rig.settings }), "a dial is turned");
}

#[test]
fn stale_readings_are_thrown_away_and_the_parameters_are_looked_at() {
    let mut rig = Rig::new(Settings::default());
    rig.picture = TapePicture::new(Arc::default(), rig.line.listener());
    rig.play(0.02, 0.1);
    assert!(!rig.picture.advance() && rig.picture.deck.song.is_none());
    assert_eq!(rig.picture.deck.settings, TapeDecayParams::default().settings());
}

#[test]
fn the_head_is_where_the_engine_is() {
    let mut rig = Rig::new(Settings::default());
    rig.at = 480_000;
    rig.play(0.6, 0.1);
    let (head, latency_s) = (rig.picture.deck.map.head(), rig.engine.latency() as f64 / 48_000.0);
    assert!((head - 2.0 * (10.6 - latency_s)).abs() < 1e-3, "{head}");
    assert!((rig.picture.deck.needle.gain() / 10f32.powf(rig.engine.vu_db() / 20.0) - 1.0).abs() < 0.01);
}

#[test]
fn tape_stop_is_told_and_holds_the_tape() {
    let mut rig = Rig::new(Settings::default());
    let mut after = |seconds: f64, tape_stop: bool| {
        rig.settings.tape_stop = tape_stop;
        rig.play(seconds, 0.1);
        (rig.picture.words(), rig.picture.deck.map.head())
    };
    after(0.9, false);
    assert_eq!(after(0.9, true).0, "slowing down");
    let stood = after(0.6, true);
    assert_eq!(stood.0, "stopped");
    assert_eq!(after(0.9, true), stood);
    assert_eq!(after(0.9, false).0, "spinning up");
    assert_eq!(after(0.6, false).0, "new tape");
}

#[test]
fn words_tell_wear_and_passes() {
    let words = |settings: Settings| Deck::new(settings).words();
    let (new, looped) = (Settings::default(), Settings { map: Map::Loop, ..Settings::default() });
    assert_eq!(words(new), "new tape");
    assert_eq!(words(Settings { bypass: true, ..new }), "bypassed");
    assert_eq!(words(Settings { mix: 0.0, ..new }), "not heard at Mix 0 %");
    assert_eq!(words(Settings { tape_stop: true, ..new }), "stopped");
    assert!(words(Settings { wear: 0.6, ..new }).starts_with("worn as after 4 passes, treble to "));
    assert!(words(Settings { wear: 0.3, ..new }).starts_with("worn 30 %, treble to "));
    let worn = words(Settings { passes: 120.0, ..looped });
    assert!(worn.starts_with("pass 120, ") && worn.ends_with(" % of the oxide left"), "{worn}");
    let at_start = Settings { pass_mode: PassMode::Song, start: 100.0, ..looped };
    assert_eq!((words(at_start), Deck::new(at_start).title()), ("new tape".into(), "Pass 0.0 of the loop".into()));
    assert_eq!(Deck::new(Settings { wear: 1.0, ..looped }).title(), "Pass 0.0 of the loop, as worn as after 160");
}
