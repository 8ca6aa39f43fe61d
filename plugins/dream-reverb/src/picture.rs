//! The picture of Dream Reverb: the space. The wet sound goes away from the eye as a landscape, pitch across and level up,
//! over a floor on which the promised decay is drawn. Where both agree, a ridge that has come to the green line has left
//! 60 dB less in front.
//!
//! | file | what it is |
//! | --- | --- |
//! | [`link`] | the wire from the engine |
//! | [`bands`] | the bands of the picture |
//! | [`ear`] | what the wet sound is made of |
//! | [`view`] | where pitch, time and level lie |
//! | [`ridges`] | the sound as it goes away |
//! | [`told`] | the decay that the settings promise |
//! | [`scales`] | lines and figures to measure by |
//! | [`words`] | what it does now, in a few words |

mod bands;
mod ear;
mod link;
mod ridges;
mod scales;
mod told;
mod view;
mod words;

use std::sync::Arc;

use green_ring_editor::Picture;
use green_ring_editor::egui::{Align2, Color32, Mesh, Painter, Rect, Shape, lerp, pos2, vec2};
use green_ring_editor::theme::{GROUND, RING, TEXT, Theme};
use green_ring_shell::Listener;

use crate::engine::Settings;
use crate::params::DreamReverbParams;
use ear::Ear;
pub(crate) use link::{Glimpse, Link};
use ridges::Ridges;
use told::Told;
use view::View;

/// The colour of a dream. A room is drawn in the colour of text, and what is held in that of the ring: the three differ
/// for colour-blind eyes too (blue, white and a green that they see as grey or yellow).
const DREAM: Color32 = Color32::from_rgb(134, 152, 255);

/// Calls of [`Picture::advance`] after which an engine that is not heard of stands still.
const PATIENCE: u32 = 15;

/// The picture.
pub(crate) struct Space {
    params: Arc<DreamReverbParams>,
    listener: Listener<Glimpse>,
    fresh: bool,
    settings: Settings,
    told: Told,
    ear: Ear,
    ridges: Ridges,
    /// Frames that the engine has heard.
    now: usize,
    /// Calls since a glimpse came.
    waited: u32,
    /// How far Silence lets sound through, 0..1.
    open: f32,
    /// The pre-roll in seconds, while an engine runs.
    memory_s: Option<f32>,
}

impl Space {
    /// The space of the plugin with these parameters, whose engine tells `listener`. Allocates.
    pub fn new(params: Arc<DreamReverbParams>, listener: Listener<Glimpse>) -> Self {
        let settings = params.settings().held();
        Self {
            params,
            listener,
            fresh: true,
            told: Told::new(&settings),
            ear: Ear::new(48_000.0),
            ridges: Ridges::default(),
            now: 0,
            waited: PATIENCE,
            open: if settings.silence { 0.0 } else { 1.0 },
            memory_s: None,
            settings,
        }
    }

    /// Takes the parameters as they are now. Returns whether one has moved.
    fn read(&mut self) -> bool {
        let settings = self.params.settings().held();
        let moved = std::mem::replace(&mut self.settings, settings) != settings;
        if moved {
            self.told = Told::new(&settings);
        }
        moved
    }

    /// Hears what the engine has told. Returns whether anything came.
    fn listen(&mut self) -> bool {
        let hue = self.hue();
        let (ear, ridges) = (&mut self.ear, &mut self.ridges);
        let mut last = None;
        self.listener.hear(|glimpse| {
            if ear.rate_hz() != glimpse.rate_hz {
                *ear = Ear::new(glimpse.rate_hz);
            }
            if let Some(look) = ear.hear(&glimpse) {
                ridges.add(look, hue);
            }
            last = Some((glimpse.heard, glimpse.open, glimpse.memory_s));
        });
        let Some((now, open, memory_s)) = last else {
            return false;
        };
        (self.now, self.open, self.memory_s) = (now, open, Some(memory_s));
        self.ridges.age(now, self.ear.rate_hz());
        true
    }

    /// Without an engine that runs, the parameters alone tell what there is.
    fn wait(&mut self) {
        self.waited += 1;
        if self.waited > PATIENCE {
            self.open = if self.settings.silence { 0.0 } else { 1.0 };
            self.memory_s = None;
        }
    }

    fn held(&self) -> bool {
        self.settings.freeze || self.settings.infinite
    }

    /// The colour of what the room is now.
    fn hue(&self) -> Color32 {
        if self.held() { RING } else { TEXT.lerp_to_gamma(DREAM, self.settings.dream) }
    }

    /// Light above the horizon: as much as there is dream, or of the ring while the room is held.
    fn paint_sky(&self, painter: &Painter, view: &View) {
        let light = if self.held() { 0.16 } else { 0.2 * self.settings.dream };
        let mut mesh = Mesh::default();
        for (near, light) in [(0.0, light), (-0.24, 0.0)] {
            let y = lerp(view.floor.top()..=view.floor.bottom(), near).max(view.area.top());
            for x in [view.area.left(), view.area.right()] {
                mesh.colored_vertex(pos2(x, y), self.hue().gamma_multiply(light));
            }
        }
        mesh.add_triangle(0, 1, 2);
        mesh.add_triangle(1, 2, 3);
        painter.add(Shape::mesh(mesh));
    }

    /// The curtain of Silence: as far down as sound is choked.
    fn paint_curtain(&self, painter: &Painter, view: &View) {
        if self.open >= 1.0 {
            return;
        }
        let hem = lerp(view.area.bottom()..=view.area.top(), self.open);
        painter.rect_filled(view.area.with_max_y(hem), view.theme.px(5.0), GROUND.gamma_multiply(0.85));
        let top = (hem - view.theme.px(1.0)).max(view.area.top());
        painter.rect_filled(Rect::from_x_y_ranges(view.area.x_range(), top..=hem), 0.0, TEXT);
    }

    /// What holds the room or ends its sound, in the sky.
    fn paint_state(&self, painter: &Painter, view: &View) {
        let room = view.area.shrink2(vec2(view.theme.px(12.0), view.theme.px(8.0)));
        let colour = if self.settings.silence { TEXT } else { RING };
        if let Some(state) = words::state(&self.settings, self.open) {
            view.theme.text(painter, room, Align2::LEFT_TOP, 15.0, colour, state);
        }
    }
}

impl Picture for Space {
    fn advance(&mut self) -> bool {
        if std::mem::take(&mut self.fresh) {
            // What was told while nobody looked.
            self.listener.clear();
            return true;
        }
        let moved = self.read();
        let before = (self.open, self.memory_s, self.ridges.any());
        let heard = self.listen();
        self.waited = if heard { 0 } else { self.waited };
        if !heard {
            self.wait();
        }
        // Ridges move as the sound does: silence leaves none, and without sound they stand.
        moved || before != (self.open, self.memory_s, self.ridges.any()) || (heard && self.ridges.any())
    }

    fn paint(&self, painter: &Painter, area: Rect, theme: Theme) {
        let view = View::new(area, theme);
        self.paint_sky(painter, &view);
        self.told.paint_light(painter, &view);
        scales::paint_lines(painter, &view);
        self.ridges.paint(painter, &view, self.now, self.ear.rate_hz());
        scales::paint_figures(painter, &view);
        self.told.paint_lines(painter, &view);
        self.paint_curtain(painter, &view);
        self.paint_state(painter, &view);
    }

    fn words(&self) -> String {
        words::now(&self.settings, self.open, self.memory_s)
    }
}

#[cfg(test)]
mod tests {
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
            let noise = |side: usize| {
                (0..1_600).map(|n| level * Chance::new(3, 8).normal(self.at + n)[side]).collect::<Vec<f32>>()
            };
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
        let mut output = context.run_ui(input, |ui| {
            for _ in 0..5 {
                let t = std::time::Instant::now();
                space.paint(ui.painter(), area, theme);
                eprintln!("COST {:?} {:?}", size, t.elapsed());
            }
        });
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
}
