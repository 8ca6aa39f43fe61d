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
mod tests;
