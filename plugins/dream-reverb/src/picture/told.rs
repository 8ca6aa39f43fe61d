//! What is told of the decay: at every pitch the time after which a sound has fallen by 60 dB, and on the way there by 20
//! and by 40, as lines on the floor.

use green_ring_editor::egui::{Align2, Color32, Mesh, Painter, Pos2, Shape, vec2};
use green_ring_editor::theme::{GROUND, RING, TEXT};

use super::bands::{self, BANDS, Bands};
use super::view::View;
use crate::engine::Settings;

/// Where the decay is told in figures, and on which side of the place they are written.
const FIGURES: [(f32, Align2); 3] =
    [(100.0, Align2::LEFT_BOTTOM), (1_000.0, Align2::CENTER_BOTTOM), (10_000.0, Align2::RIGHT_BOTTOM)];

/// The decay that settings promise.
pub(crate) struct Told {
    /// Seconds in which each band falls by 60 dB; endless while it is held.
    falls_s: Bands,
    figures: [String; 3],
    /// Nothing is promised of what is silenced.
    silent: bool,
}

impl Told {
    /// What `settings` promise.
    pub fn new(settings: &Settings) -> Self {
        let held = settings.freeze || settings.infinite;
        let falls_s = |hz: f32| if held { f32::INFINITY } else { settings.decay_at_hz(hz) };
        let figure = |hz: f32| if held { "never".into() } else { seconds(falls_s(hz)) };
        let mut figures = FIGURES.map(|(hz, _)| figure(hz));
        figures[1].insert_str(0, "\u{2212}60 dB: ");
        Self { falls_s: std::array::from_fn(|band| falls_s(bands::hz(band as f32))), figures, silent: settings.silence }
    }

    /// What lies under the ridges: light on the floor, as long as there is sound.
    pub fn paint_light(&self, painter: &Painter, view: &View) {
        if self.silent {
            return;
        }
        let mut mesh = Mesh::default();
        for (band, falls_s) in self.falls_s.iter().enumerate() {
            for step in 0..=STEPS {
                let share = step as f32 / STEPS as f32;
                // Steps even in nearness, and light even in decibels.
                let near = 1.0 + share * (View::near(*falls_s) - 1.0);
                let fallen = if falls_s.is_finite() { View::ago_s(near) / falls_s } else { 0.0 };
                let colour = RING.gamma_multiply(0.16 * (1.0 - fallen).clamp(0.0, 1.0));
                mesh.colored_vertex(view.place(band as f32 / (BANDS - 1) as f32, near), colour);
            }
            if band > 0 {
                join(&mut mesh);
            }
        }
        painter.add(Shape::mesh(mesh));
    }

    /// What lies over the ridges: the lines and the figures.
    pub fn paint_lines(&self, painter: &Painter, view: &View) {
        if self.silent {
            return;
        }
        let theme = view.theme;
        for (share, light) in [(1.0 / 3.0, 0.25), (2.0 / 3.0, 0.4)] {
            painter.line(self.line(view, share), theme.stroke(1.0, RING.gamma_multiply(light)));
        }
        painter.line(self.line(view, 1.0), theme.stroke(5.0, RING.gamma_multiply(0.18)));
        painter.line(self.line(view, 1.0), theme.stroke(1.8, RING));
        for ((hz, align), figure) in FIGURES.iter().zip(&self.figures) {
            let band = bands::across(*hz) * (BANDS - 1) as f32;
            let at = view.place(bands::across(*hz), View::near(self.falls_s[band.round() as usize]));
            write(painter, view, at - vec2(0.0, theme.px(5.0)), *align, figure);
        }
    }

    /// The line where each band has fallen by this share of 60 dB.
    fn line(&self, view: &View, share: f32) -> Vec<Pos2> {
        let place =
            |(band, falls_s): (usize, &f32)| view.place(band as f32 / (BANDS - 1) as f32, View::near(falls_s * share));
        self.falls_s.iter().enumerate().map(place).collect()
    }
}

/// Steps of the light between the front and where it ends.
const STEPS: u32 = 8;

fn join(mesh: &mut Mesh) {
    let right = mesh.vertices.len() as u32 - (STEPS + 1);
    for b in right..right + STEPS {
        let a = b - (STEPS + 1);
        mesh.add_triangle(a, a + 1, b);
        mesh.add_triangle(a + 1, b, b + 1);
    }
}

/// Text that stays readable over a ridge.
fn write(painter: &Painter, view: &View, at: Pos2, align: Align2, text: &str) {
    let galley = painter.layout_no_wrap(text.to_owned(), view.theme.font(11.0), TEXT);
    let rect = align.anchor_size(at, galley.size());
    let inside = view.area.shrink(view.theme.px(4.0));
    let rect = rect.translate(vec2(0.0, (inside.top() - rect.top()).max(0.0)));
    painter.rect_filled(rect.expand2(vec2(view.theme.px(4.0), 0.0)), view.theme.px(3.0), backing());
    painter.galley(rect.min, galley, TEXT);
}

/// What lies behind a figure.
pub(crate) fn backing() -> Color32 {
    GROUND.gamma_multiply(0.6)
}

/// A time as it is read at a glance.
pub(crate) fn seconds(seconds: f32) -> String {
    let decimals = if seconds < 0.995 { 2 } else { usize::from(seconds < 9.95) };
    format!("{seconds:.decimals$} s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_what_the_engine_promises() {
        let settings = Settings { dream: 0.4, recede: 0.3, low_decay: 1.6, ..Settings::default() };
        let told = Told::new(&settings);
        for (band, falls_s) in told.falls_s.iter().enumerate() {
            assert_eq!(*falls_s, settings.decay_at_hz(bands::hz(band as f32)));
        }
        assert_eq!(told.figures[2], seconds(settings.decay_at_hz(10_000.0)));
        let held = Told::new(&Settings { freeze: true, ..settings });
        assert!(held.falls_s.iter().all(|falls_s| falls_s.is_infinite()));
    }

    #[test]
    fn times_are_read_at_a_glance() {
        let read = [0.054, 0.62, 1.1, 9.94, 9.96, 42.3].map(seconds);
        assert_eq!(read, ["0.05 s", "0.62 s", "1.1 s", "9.9 s", "10 s", "42 s"]);
    }
}
