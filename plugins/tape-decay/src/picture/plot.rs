//! What the parts of the picture share: captions, scales and room.

use green_ring_editor::egui::{Align2, Color32, Painter, Pos2, Rect, pos2, vec2};
use green_ring_editor::theme::{DIM, EDGE, TEXT, Theme};

/// Sizes of captions and of figures on scales, in units.
const CAPTION: f32 = 11.5;
const FIGURE: f32 = 9.5;

/// Heights of the lines that they stand in, in units.
const CAPTION_LINE: f32 = 17.0;
pub const FIGURE_LINE: f32 = 13.0;

/// Colour of the lines of a scale.
pub fn faint() -> Color32 {
    EDGE.gamma_multiply(0.7)
}

/// A caption: what is shown, `share` of the width for it, and at the right its reading. Gives the room below.
pub fn caption(painter: &Painter, area: Rect, theme: Theme, share: f32, name: &str, reading: &str) -> Rect {
    let (line, room) = area.split_top_bottom_at_y(area.top() + theme.px(CAPTION_LINE));
    let (left, right) = line.split_left_right_at_fraction(share);
    theme.text(painter, left, Align2::LEFT_TOP, CAPTION, DIM, name);
    theme.text(painter, right, Align2::RIGHT_TOP, CAPTION, TEXT, reading);
    room
}

/// A figure on a scale, at `at` by its `align`, if it fits into `bounds`.
pub fn figure(painter: &Painter, bounds: Rect, theme: Theme, align: Align2, at: Pos2, text: &str) {
    // No figure is wider than this.
    let size = vec2(theme.px(6.0) * text.chars().count() as f32, theme.px(FIGURE_LINE));
    let rect = align.anchor_size(at, size);
    if bounds.expand(0.5).contains_rect(rect) {
        theme.text(painter, rect, align, FIGURE, DIM, text);
    }
}

/// A room with a scale at its left and one below it: `left` units and a line of figures are theirs.
pub fn with_scales(room: Rect, theme: Theme, left: f32) -> Rect {
    Rect::from_min_max(
        pos2(room.left() + theme.px(left), room.top() + theme.px(2.0)),
        pos2(room.right(), room.bottom() - theme.px(FIGURE_LINE)),
    )
}

/// `value` with as many decimals as tell it apart at a glance.
pub fn short(value: f64) -> String {
    let decimals = match value.abs() {
        v if v >= 9.95 => 0,
        v if v >= 0.995 => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        let texts = [0.0, 0.25, 0.5, 1.0, 2.5, 14.2, 120.0, -3.04, 0.08].map(short);
        assert_eq!(texts, ["0", "0.25", "0.5", "1", "2.5", "14", "120", "-3", "0.08"]);
    }
}
