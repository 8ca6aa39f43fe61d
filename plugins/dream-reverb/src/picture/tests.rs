//! The picture as a whole: it stays inside, moves with the sound, and shows what is told.

use super::*;
use crate::engine::Engine;
use green_ring_dsp::chance::Chance;
use green_ring_dsp::{Song, Spec};
use green_ring_editor::egui::{Context, Pos2, RawInput, Vec2, epaint::ClippedShape};

const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

/// An engine, the wire and the picture at its end.
struct Rig {
    engine: Engine,
    link: Link,
    space: Space,
    settings: Settings,
    at: i64,
}

impl Rig {
    fn new() -> Self {
        let link = Link::default();
        let mut space = Space::new(Arc::default(), link.listener());
        space.advance();
        Self { engine: Engine::new(&SPEC), link, space, settings: Settings::default(), at: 0 }
    }

    /// Plays a thirtieth of a second of noise at `level`. Returns whether the picture looks different.
    fn tick(&mut self, level: f32) -> bool {
        let noise =
            |side: usize| (0..1_600).map(|n| level * Chance::new(3, 8).normal(self.at + n)[side]).collect::<Vec<f32>>();
        let (mut left, mut right) = (noise(0), noise(1));
        let song = Song::new(true, self.at, 120.0, 48_000.0);
        self.engine.process(&self.settings, &song, &mut [&mut left[..], &mut right[..]], &[]);
        self.link.tell(&self.engine, &self.settings);
        self.at += 1_600;
        self.space.advance()
    }

    fn play(&mut self, ticks: usize, level: f32) {
        for _ in 0..ticks {
            self.tick(level);
        }
    }
}

/// What the picture draws in an area of `size`, away from the corner of the window.
fn drawn(space: &Space, size: Vec2, theme: Theme) -> (Rect, Vec<ClippedShape>) {
    let area = Rect::from_min_size(pos2(30.0, 40.0), size);
    let window = Some(Rect::from_min_size(Pos2::ZERO, size + vec2(90.0, 90.0)));
    let context = Context::default();
    let input = RawInput { screen_rect: window, ..RawInput::default() };
    let mut output = context.run_ui(input, |ui| space.paint(ui.painter(), area, theme));
    output.textures_delta.clear();
    (area, output.shapes)
}

#[test]
fn in_every_state_and_size_all_of_it_lies_inside() {
    let mut rig = Rig::new();
    for state in ["sound", "frozen", "endless", "silence", "dream"] {
        rig.settings.freeze = state == "frozen";
        rig.settings.infinite = state == "endless";
        rig.settings.silence = state == "silence";
        rig.settings.dream = if state == "dream" { 1.0 } else { 0.0 };
        rig.play(40, 0.5);
        (rig.space.settings, rig.space.told) = (rig.settings, Told::new(&rig.settings));
        for (size, scale) in [([500.0, 170.0], 0.9), ([820.0, 260.0], 1.0), ([2_000.0, 800.0], 3.0)] {
            let (area, shapes) = drawn(&rig.space, size.into(), Theme { scale });
            assert!(shapes.len() > 20, "{state}: {}", shapes.len());
            for shape in shapes {
                let bounds = shape.shape.visual_bounding_rect();
                assert!(!bounds.any_nan(), "{state}: {:?}", shape.shape);
                assert!(!bounds.is_positive() || area.expand(0.6).contains_rect(bounds), "{state}: {bounds:?}");
            }
        }
    }
}

#[test]
fn it_moves_with_the_sound_and_rests_in_silence_and_without_an_engine() {
    let mut rig = Rig::new();
    assert!(!rig.space.advance(), "no engine");
    assert!((0..10).map(|_| rig.tick(0.0)).skip(1).all(|moved| !moved), "silence");
    rig.play(10, 0.3);
    assert!(rig.tick(0.3) && rig.space.ridges.any(), "sound");
    rig.play(40 * 30, 0.0);
    assert!(!rig.tick(0.0) && !rig.space.ridges.any(), "silence again");
    (0..=PATIENCE).for_each(|_| {
        rig.space.advance();
    });
    assert!(!rig.space.advance() && rig.space.memory_s.is_none(), "stopped");
}

#[test]
fn the_pre_roll_and_the_curtain_are_the_engines() {
    let mut rig = Rig::new();
    rig.settings.silence_s = 1.0;
    rig.play(5, 0.3);
    assert_eq!(rig.space.memory_s, Some(rig.engine.memory(&rig.settings)));
    assert_eq!(rig.space.open, 1.0);
    rig.settings.silence = true;
    rig.play(15, 0.3);
    assert!((rig.space.open - 0.5).abs() < 0.01, "{}", rig.space.open);
    rig.play(20, 0.3);
    assert_eq!(rig.space.open, 0.0);
}

#[test]
fn the_ridges_fall_by_what_is_told() {
    let mut rig = Rig::new();
    rig.settings = Settings { decay_s: 2.0, early_db: f32::NEG_INFINITY, ..Settings::default() };
    rig.play(90, 0.5);
    rig.play(45, 0.0);
    // The middle of the spectrum, over a second of the tail: 20 looks.
    let fallen_db = rig.space.ridges.fallen(20) * (ear::TOP_DB - ear::FLOOR_DB);
    let told_db = 60.0 / rig.settings.decay_at_hz(1_000.0);
    assert!((fallen_db / told_db + 1.0).abs() < 0.12, "{fallen_db} for {told_db}");
}
