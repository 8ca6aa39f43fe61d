//! The sound as it goes away: each look at it is a ridge that moves from the front to the horizon.

use std::collections::VecDeque;
use std::sync::Arc;

use green_ring_editor::egui::epaint::Vertex;
use green_ring_editor::egui::{Color32, Mesh, Painter, Shape, vec2};
use green_ring_editor::theme::PANEL;

use super::bands::BANDS;
use super::ear::{LOOKS_HZ, Look};
use super::view::View;

/// Seconds until a ridge is lost in the distance.
const LOST_S: f32 = 30.0;

/// Units between two ridges, at least. A number of taste.
const GAP: f32 = 4.5;

/// Vertices of a ridge in each band: above its line, on it, below it, on the floor.
const STACK: u32 = 4;

/// A look, and the colour of what the room was then.
struct Ridge {
    look: Look,
    hue: Color32,
}

/// The ridges that can be seen, oldest first. Silence leaves none.
#[derive(Default)]
pub(crate) struct Ridges {
    all: VecDeque<Ridge>,
}

impl Ridges {
    /// Whether there is anything to see.
    pub fn any(&self) -> bool {
        !self.all.is_empty()
    }

    /// Adds what was seen just now.
    pub fn add(&mut self, look: Look, hue: Color32) {
        // Its engine is not that of the others: the sound has begun anew.
        if self.all.back().is_some_and(|last| last.look.at > look.at) {
            self.all.clear();
        }
        if look.levels.iter().any(|level| *level > 0.0) {
            self.all.push_back(Ridge { look, hue });
        }
    }

    /// Forgets what is lost in the distance at frame `now`.
    pub fn age(&mut self, now: usize, rate_hz: f32) {
        while self.all.front().is_some_and(|oldest| ago_s(oldest, now, rate_hz) > LOST_S) {
            self.all.pop_front();
        }
    }

    /// By how much the middle of the spectrum has risen over the last `looks` looks: a mean over two octaves around 1 kHz.
    #[cfg(test)]
    pub fn fallen(&self, looks: usize) -> f32 {
        let middle = |ridge: &Ridge| ridge.look.levels[38..61].iter().sum::<f32>() / 23.0;
        let last = self.all.len() - 1;
        middle(&self.all[last]) - middle(&self.all[last - looks])
    }

    /// Draws them as they are at frame `now`, the far ones first: a near one hides what lies behind it.
    pub fn paint(&self, painter: &Painter, view: &View, now: usize, rate_hz: f32) {
        let mut mesh = Mesh::default();
        for ridge in &self.all {
            let ago_s = ago_s(ridge, now, rate_hz);
            let presence = presence(ridge.look.number, ago_s, view);
            if presence > 0.0 {
                raise(&mut mesh, ridge, view, View::near(ago_s), presence);
            }
        }
        painter.add(Shape::Mesh(Arc::new(mesh)));
    }
}

fn ago_s(ridge: &Ridge, now: usize, rate_hz: f32) -> f32 {
    now.saturating_sub(ridge.look.at) as f32 / rate_hz
}

/// In the distance only every second ridge is left, then every fourth ...: each fades before it is passed over, 1 to 0.
fn presence(number: usize, ago_s: f32, view: &View) -> f32 {
    let wanted = (view.theme.px(GAP) / view.gap(ago_s, 1.0 / LOOKS_HZ as f32)).log2();
    (1.0 + number.trailing_zeros() as f32 - wanted).clamp(0.0, 1.0)
}

/// Adds a ridge: a bright line, and below it a slope that ends in the dark.
fn raise(mesh: &mut Mesh, ridge: &Ridge, view: &View, near: f32, presence: f32) {
    let (lift, soft) = (view.lift(near), view.theme.px(1.2).max(1.0));
    // Distance dims.
    let clear = near.sqrt();
    for (band, level) in ridge.look.levels.iter().enumerate() {
        let foot = view.place(band as f32 / (BANDS - 1) as f32, near);
        let up = lift * level;
        let seen = presence * (level / 0.05).min(1.0);
        let tint = |share: f32| PANEL.lerp_to_gamma(ridge.hue, clear * share).gamma_multiply(seen);
        let line = tint(0.25 + 0.75 * level);
        let stack = [
            (up + soft, Color32::TRANSPARENT),
            (up, line),
            ((up - soft).max(0.0), tint(0.06 + 0.34 * level * level)),
            (0.0, tint(0.02)),
        ];
        let vertex = |(up, colour)| Vertex::untextured(foot - vec2(0.0, up), colour);
        mesh.vertices.extend(stack.map(vertex));
        if band > 0 {
            join(mesh);
        }
    }
}

/// Joins the last two stacks of vertices by triangles.
fn join(mesh: &mut Mesh) {
    let right = mesh.vertices.len() as u32 - STACK;
    for a in (right - STACK..right).take(STACK as usize - 1) {
        mesh.add_triangle(a, a + 1, a + STACK);
        mesh.add_triangle(a + 1, a + STACK, a + STACK + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_editor::egui::{Rect, pos2};
    use green_ring_editor::theme::Theme;

    fn look(number: usize, level: f32) -> Look {
        Look { number, at: number * 2_400, levels: [level; BANDS] }
    }

    #[test]
    fn silence_leaves_nothing_and_what_is_far_is_lost() {
        let mut ridges = Ridges::default();
        ridges.add(look(1, 0.0), PANEL);
        assert!(!ridges.any());
        ridges.add(look(2, 0.3), PANEL);
        ridges.age(2 * 2_400 + 29 * 48_000, 48_000.0);
        assert!(ridges.any());
        ridges.age(2 * 2_400 + 31 * 48_000, 48_000.0);
        assert!(!ridges.any());
    }

    #[test]
    fn a_new_engine_begins_anew() {
        let mut ridges = Ridges::default();
        (5..9).for_each(|number| ridges.add(look(number, 0.5), PANEL));
        ridges.add(look(1, 0.5), PANEL);
        assert_eq!(ridges.all.len(), 1);
    }

    #[test]
    fn ridges_are_drawn_far_fewer_than_heard_and_never_crowd() {
        let view = View::new(Rect::from_min_size(pos2(0.0, 0.0), vec2(900.0, 260.0)), Theme { scale: 1.0 });
        let ages = (0..600).map(|number| (number, (600 - number) as f32 / 20.0));
        let drawn: Vec<f32> =
            ages.filter(|(number, ago_s)| presence(*number, *ago_s, &view) > 0.5).map(|(_, ago_s)| ago_s).collect();
        assert!((20..60).contains(&drawn.len()), "{}", drawn.len());
        let y = |ago_s: &f32| view.place(0.5, View::near(*ago_s)).y;
        assert!(drawn.windows(2).all(|pair| y(&pair[1]) - y(&pair[0]) > 0.4 * GAP));
    }
}
