//! Colours, fonts and the few strokes that all controls share. Dark and calm; text on panel has a contrast of 13 : 1, dim
//! text 6 : 1. The three hues are told apart by colour-blind eyes too (after Okabe and Ito, "Color Universal Design", 2008).

use egui::text::LayoutJob;
use egui::{Align2, Color32, FontId, Galley, Painter, Pos2, Rect, Stroke, Vec2, pos2};
use std::f32::consts::TAU;
use std::sync::Arc;

/// Behind everything.
pub const GROUND: Color32 = Color32::from_rgb(14, 17, 21);
/// Behind a group of controls, and behind a picture.
pub const PANEL: Color32 = Color32::from_rgb(23, 28, 34);
/// Behind what moves: dials, meters, fields.
pub const WELL: Color32 = Color32::from_rgb(9, 11, 14);
/// Lines that only separate.
pub const EDGE: Color32 = Color32::from_rgb(50, 59, 69);
/// What is to be read.
pub const TEXT: Color32 = Color32::from_rgb(232, 237, 241);
/// What is to be read second.
pub const DIM: Color32 = Color32::from_rgb(154, 166, 178);
/// What is set: the ring.
pub const RING: Color32 = Color32::from_rgb(46, 201, 151);
/// Loud, but whole.
pub const HOT: Color32 = Color32::from_rgb(240, 173, 60);
/// Clipped, or not understood.
pub const ALARM: Color32 = Color32::from_rgb(240, 96, 60);

/// The scale of everything drawn: 1 at the window's default size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Points in a unit.
    pub scale: f32,
}

impl Theme {
    /// A length in points at this scale.
    pub fn px(self, units: f32) -> f32 {
        units * self.scale
    }

    /// A line of this width, never thinner than a point.
    pub fn stroke(self, units: f32, colour: Color32) -> Stroke {
        Stroke::new(self.px(units).max(1.0), colour)
    }

    /// The face's font at this size.
    pub fn font(self, units: f32) -> FontId {
        // Fonts come in half points, so that a dragged corner does not fill the glyph cache with sizes.
        FontId::proportional((self.px(units) * 2.0).round() / 2.0)
    }

    /// One line of text in `rect`, cut with an ellipsis where it is too long.
    pub fn text(self, painter: &Painter, rect: Rect, align: Align2, units: f32, colour: Color32, text: &str) {
        let galley = self.line(painter, rect.width(), units, colour, text);
        let at = align.align_size_within_rect(galley.size(), rect).min;
        painter.galley(at, galley, colour);
    }

    /// A control's name in the middle of `rect`: a long one stands in two lines, which reach a little above and below it.
    pub(crate) fn name(self, painter: &Painter, rect: Rect, colour: Color32, text: &str) {
        let room = rect.shrink2(Vec2::new(self.px(2.0), 0.0));
        match (self.one_line(painter, rect, text), halves(text)) {
            (Some(units), _) => self.text(painter, room, Align2::CENTER_CENTER, units, colour, text),
            (None, None) => self.text(painter, room, Align2::CENTER_CENTER, NARROW, colour, text),
            (None, Some((first, second))) => {
                for (line, way) in [(first, -0.5), (second, 0.5)] {
                    let row = room.translate(Vec2::new(0.0, self.px(way * NARROW)));
                    self.text(painter, row, Align2::CENTER_CENTER, NARROW, colour, line);
                }
            }
        }
    }

    /// The size at which a control's name stands in one line; none where it does not.
    fn one_line(self, painter: &Painter, rect: Rect, text: &str) -> Option<f32> {
        let room = rect.width() - self.px(4.0);
        [12.5, 11.5].into_iter().find(|units| self.width(painter, *units, text) <= room)
    }

    /// How far below its room a control's name reaches, in units.
    pub(crate) fn name_below(self, painter: &Painter, rect: Rect, text: &str) -> f32 {
        let split = self.one_line(painter, rect, text).is_none() && halves(text).is_some();
        if split { 0.4 * NARROW } else { 0.0 }
    }

    /// One line of text in the first of `sizes` in which it fits: a long one is written smaller before it is cut.
    pub(crate) fn fitted(
        self,
        painter: &Painter,
        rect: Rect,
        align: Align2,
        sizes: [f32; 3],
        colour: Color32,
        text: &str,
    ) {
        let fits = |units: &f32| self.width(painter, *units, text) <= rect.width();
        let units = sizes.into_iter().find(fits).unwrap_or(sizes[2]);
        self.text(painter, rect, align, units, colour, text);
    }

    /// How wide a line of text is.
    pub(crate) fn width(self, painter: &Painter, units: f32, text: &str) -> f32 {
        self.line(painter, f32::INFINITY, units, TEXT, text).size().x
    }

    fn line(self, painter: &Painter, width: f32, units: f32, colour: Color32, text: &str) -> Arc<Galley> {
        let mut job = LayoutJob::simple_singleline(text.to_owned(), self.font(units), colour);
        job.wrap.max_width = width;
        job.wrap.max_rows = 1;
        job.wrap.break_anywhere = true;
        painter.layout_job(job)
    }
}

/// The size of a name that is too long for one line of the usual size, in units.
const NARROW: f32 = 10.5;

/// A text of several words in two lines of the most even lengths.
fn halves(text: &str) -> Option<(&str, &str)> {
    let spaces = text.match_indices(' ').map(|(at, _)| at);
    let at = spaces.min_by_key(|at| (2 * at).abs_diff(text.len()))?;
    Some((&text[..at], &text[at + 1..]))
}

/// An arc from `from` to `to`, in turns clockwise from straight down.
pub fn arc(painter: &Painter, centre: Pos2, radius: f32, from: f32, to: f32, stroke: Stroke) {
    // Straight pieces of 4 points: on a knob they stray by less than a tenth of a point.
    let count = ((to - from).abs() * TAU * radius / 4.0).ceil().max(1.0) as usize;
    let point = |i: usize| centre + spoke(from + (to - from) * i as f32 / count as f32) * radius;
    painter.line((0..=count).map(point).collect(), stroke);
}

/// The unit vector that points `turns` clockwise from straight down.
pub fn spoke(turns: f32) -> Vec2 {
    let (sin, cos) = (turns * TAU).sin_cos();
    pos2(-sin, cos).to_vec2()
}

/// Sets egui up: our colours where its own widgets are used (typing, menus), no animation (each frame of it would be a
/// repaint), and none of the shortcuts by which egui would zoom or close the window.
pub(crate) fn apply(context: &egui::Context) {
    context.set_theme(egui::Theme::Dark);
    context.options_mut(|options| {
        options.zoom_with_keyboard = false;
        options.quit_shortcuts.clear();
    });
    context.all_styles_mut(|style| {
        style.animation_time = 0.0;
        style.interaction.selectable_labels = false;
        // A typed value stands where the drawn one stood: by default egui makes its field taller than its line.
        style.spacing.interact_size = Vec2::ZERO;
        style.visuals.override_text_color = Some(TEXT);
        style.visuals.panel_fill = GROUND;
        style.visuals.window_fill = PANEL;
        style.visuals.window_stroke = Stroke::new(1.0, EDGE);
        style.visuals.extreme_bg_color = WELL;
        style.visuals.text_cursor.blink = false;
        style.visuals.selection.bg_fill = RING.gamma_multiply(0.35);
        style.visuals.selection.stroke = Stroke::new(1.0, RING);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast of two colours as WCAG 2.2 defines it.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let linear = |c: u8| egui::ecolor::linear_f32_from_gamma_u8(c);
        let luminance = |c: Color32| 0.2126 * linear(c.r()) + 0.7152 * linear(c.g()) + 0.0722 * linear(c.b());
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        a.max(b) / a.min(b)
    }

    #[test]
    fn text_is_easy_to_read() {
        for ground in [GROUND, PANEL, WELL] {
            assert!(contrast(TEXT, ground) >= 13.0, "{}", contrast(TEXT, ground));
            assert!(contrast(DIM, ground) >= 6.0, "{}", contrast(DIM, ground));
            for hue in [RING, HOT, ALARM] {
                assert!(contrast(hue, ground) >= 4.5, "{hue:?} {}", contrast(hue, ground));
            }
        }
    }

    #[test]
    fn long_names_are_broken_evenly() {
        assert_eq!(halves("Only When Masked"), Some(("Only When", "Masked")));
        assert_eq!(halves("Equalisation"), None);
    }

    #[test]
    fn spokes_turn_clockwise_from_below() {
        assert!((spoke(0.0) - egui::vec2(0.0, 1.0)).length() < 1e-6);
        assert!((spoke(0.25) - egui::vec2(-1.0, 0.0)).length() < 1e-6);
    }
}
