//! What the picture promises, drawn without a window.

use super::history::{COLUMNS, FLOOR_DB, bed_lufs, tenths};
use super::line::Line;
use super::*;
use crate::engine::{Detector, Engine, LookAhead, Settings, State};
use green_ring_dsp::chance::Chance;
use green_ring_dsp::{Song, Spec};
use green_ring_editor::egui::epaint::ClippedShape;
use green_ring_editor::egui::{Context, Pos2, RawInput, Shape, pos2, vec2};
use green_ring_shell::Meters;
use green_ring_shell::meters::Taps;

const RATE: f64 = 48_000.0;
const BLOCK: usize = 480;

/// A plugin without a host, and its picture.
struct Rig {
    params: Arc<DialogueDuckerParams>,
    settings: Settings,
    engine: Engine,
    line: Line,
    meters: Meters,
    taps: Taps,
    listening: Arc<Listening>,
    picture: Difference,
    at: usize,
}

impl Rig {
    fn new(settings: Settings) -> Self {
        let (params, mut line) = (Arc::new(DialogueDuckerParams::default()), Line::default());
        line.activate(RATE);
        let spec = Spec { sample_rate: RATE, channels: 2 };
        let (engine, meters, taps) = (Engine::new(&spec, &settings), Meters::default(), Taps::new(&spec));
        meters.set_open(true);
        let listening = Arc::<Listening>::default();
        let mut picture = Difference::new(&params, &listening, line.ends());
        picture.advance();
        Self { params, settings, engine, line, meters, taps, listening, picture, at: 0 }
    }

    /// So many seconds of noise as bed and as key. Returns how often the picture looked different.
    fn play(&mut self, seconds: f32, bed: f32, key: f32) -> usize {
        let noise = Chance::new(7, 0);
        (0..(f64::from(seconds) * RATE) as usize / BLOCK)
            .filter(|block| {
                let mut sound = [bed, bed, key]
                    .map(|gain| (0..BLOCK).map(|k| gain * noise.normal((self.at + k) as i64)[0]).collect::<Vec<f32>>());
                let [left, right, key] = &mut sound;
                let block_of_bed: &mut [&mut [f32]] = &mut [left, right];
                self.line.hear(block_of_bed);
                let song = Song::new(true, self.at as i64, 120.0, RATE);
                self.engine.process(&self.settings, &song, block_of_bed, &[key]);
                self.taps.output(&self.meters, block_of_bed);
                self.line.tell(BLOCK, &self.engine, &self.settings, &self.meters);
                self.at += BLOCK;
                block % 3 == 2 && self.picture.advance()
            })
            .count()
    }

    fn shapes(&self, area: Rect, scale: f32) -> Vec<ClippedShape> {
        let context = Context::default();
        let input = || RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(4_000.0, 2_000.0))),
            ..RawInput::default()
        };
        let mut output = context.run_ui(input(), |ui| self.picture.paint(ui.painter(), area, Theme { scale }));
        output.textures_delta.clear();
        output.shapes
    }
}

fn keyed() -> Settings {
    Settings { detector: Detector::Level, ..Settings::default() }
}

fn is_number(shape: &Shape) -> bool {
    match shape {
        Shape::Mesh(mesh) => mesh.vertices.iter().all(|vertex| vertex.pos.is_finite()),
        shape => shape.visual_bounding_rect().is_finite() || shape.visual_bounding_rect() == Rect::NOTHING,
    }
}

#[test]
fn it_draws_within_its_room_at_any_size() {
    let mut rig = Rig::new(keyed());
    for key in [0.0, 0.1] {
        rig.play(1.5, 0.2, key);
        for (size, scale) in
            [([500.0, 170.0], 0.8), ([500.0, 170.0], 1.0), ([750.0, 240.0], 1.0), ([2_000.0, 800.0], 3.0)]
        {
            let area = Rect::from_min_size(pos2(17.0, 23.0), size.into());
            let shapes = rig.shapes(area, scale);
            assert!(shapes.len() > 60 && shapes.len() < 250, "{}", shapes.len());
            for ClippedShape { shape, .. } in shapes {
                let bounds = shape.visual_bounding_rect();
                assert!(is_number(&shape), "{shape:?}");
                assert!(bounds == Rect::NOTHING || area.contains_rect(bounds), "{size:?} x {scale}: {bounds:?}");
            }
        }
    }
}

#[test]
fn what_is_drawn_is_what_the_engine_says() {
    let mut rig = Rig::new(keyed());
    rig.play(1.0, 0.2, 0.0);
    rig.play(1.0, 0.2, 0.1);
    let (told, column) = (rig.picture.last.unwrap(), *rig.picture.history.column(COLUMNS - 1));
    assert!(told.reading.gain_db < -3.0 && told.reading.state == State::Yielding);
    assert_eq!((column.gain, column.before), (tenths(told.reading.gain_db), tenths(bed_lufs(&told)[0])));
    assert_eq!(column.dialogue, tenths(told.reading.dialogue_lufs.unwrap()));
    assert_eq!(column.edge, tenths(column.level - rig.settings.target_lu));
    assert_eq!(rig.picture.now.bands, told.reading.bands_db.map(tenths));
    assert!(!rig.picture.now.keyless && rig.picture.words().starts_with("yielding"));
    rig.settings.look_ahead = LookAhead::None;
    rig.play(0.1, 0.2, 0.1);
    assert!(rig.picture.words().ends_with(", restart pending"), "{}", rig.picture.words());
}

#[test]
fn silence_settles() {
    let mut rig = Rig::new(Settings::default());
    assert_eq!(rig.play(2.0, 0.0, 0.0), 1, "only the words change, once");
    rig.play(1.0, 0.1, 0.0);
    assert!(rig.play(21.0, 0.0, 0.0) > 100, "what was heard passes by");
    assert_eq!(rig.play(2.0, 0.0, 0.0), 0);
    assert!(rig.picture.now.keyless && rig.picture.words() == "no dialogue on the key");
}

#[test]
fn without_sound_the_parameters_alone_are_drawn() {
    let mut rig = Rig::new(Settings::default());
    let first = *rig.picture.history.column(0);
    let settings = rig.params.settings();
    assert_eq!((first.level, first.edge), (settings.anchor_lufs, settings.anchor_lufs - settings.target_lu));
    assert!(first.before == FLOOR_DB && first.after == FLOOR_DB && first.gain == 0.0);
    assert!(!rig.picture.advance() && rig.picture.words() == "waiting for sound");
    let moved = Settings { target_lu: 11.0, ..settings };
    assert_ne!(Now::of(&moved, None, &Spectrum::default()), rig.picture.now);
}

#[test]
fn only_a_line_that_lasts_can_be_short_of_its_target() {
    let shorts = |max_depth_db: f32| {
        let mut rig = Rig::new(Settings { max_depth_db, bed_trim_db: 10.0, ..keyed() });
        rig.play(1.0, 0.2, 0.0);
        rig.play(2.0, 0.2, 0.05);
        let words = rig.picture.words();
        assert_eq!(words.ends_with("held by Max Depth"), max_depth_db < 10.0, "{words}");
        (0..COLUMNS).filter(|k| rig.picture.history.column(*k).short).count()
    };
    let columns = shorts(3.0);
    assert!((22..=28).contains(&columns), "{columns} columns of the 40 that were spoken: its beginning is not");
    assert_eq!(shorts(60.0), 0, "where nothing holds it back, it is not short");
}

#[test]
fn a_bypassed_bed_yields_by_nothing() {
    let mut rig = Rig::new(Settings { bypass: true, output_db: 6.0, ..keyed() });
    rig.play(1.0, 0.2, 0.0);
    rig.play(1.0, 0.2, 0.1);
    let column = rig.picture.history.column(COLUMNS - 1);
    assert!(column.gain == 0.0 && (column.before - column.after).abs() < 0.7, "{column:?}");
}

#[test]
fn learn_sets_the_anchor_from_the_speech_between_two_presses() {
    let mut rig = Rig::new(Settings { key_trim_db: 3.0, ..keyed() });
    // Loud before, to show that only what comes after the press counts.
    rig.play(1.0, 0.0, 0.0);
    rig.play(1.0, 0.0, 0.5);
    assert_eq!(rig.picture.press(0), None, "it begins");
    rig.play(2.0, 0.0, 0.1);
    let few = rig.picture.words();
    assert!(few.starts_with("learning: 2 s of speech"), "{few}");
    rig.play(3.0, 0.0, 0.1);
    let (id, value) = rig.picture.press(0).expect("enough speech");
    let learned = rig.params.difference.anchor.preview_plain(value);
    // White noise of 0.1 is at -20 dBFS, K-weighted 3.8 LU louder, less the 0.69 LU of a meter; and the fader's 3 dB.
    assert!(id == "anchor" && (learned - 3.0 + 16.9).abs() < 0.6, "{learned}");
    assert!(!rig.picture.words().starts_with("learning"));
}

#[test]
fn too_little_speech_teaches_nothing() {
    let mut rig = Rig::new(keyed());
    assert_eq!(rig.picture.press(0), None);
    rig.play(1.0, 0.1, 0.0);
    rig.play(2.0, 0.1, 0.1);
    rig.play(4.0, 0.1, 0.0);
    assert_eq!(rig.picture.press(0), None);
}

#[test]
fn what_is_listened_to_is_normal_again_when_the_window_closes() {
    let rig = Rig::new(keyed());
    let Rig { listening, mut picture, .. } = rig;
    for (button, listen) in [(2, Listen::Key), (3, Listen::Removed), (1, Listen::Normal), (2, Listen::Key)] {
        assert_eq!(picture.press(button), None);
        let lit = picture.buttons(Rect::from_min_size(pos2(0.0, 0.0), vec2(820.0, 240.0)), Theme { scale: 1.0 });
        assert!(listening.get() == listen && lit[button].set);
    }
    drop(picture);
    assert_eq!(listening.get(), Listen::Normal);
}
