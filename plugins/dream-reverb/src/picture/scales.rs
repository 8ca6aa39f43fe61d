//! What the space is measured by: lines of equal time, lines of equal pitch, and their figures.

use green_ring_editor::egui::{Align2, Painter, Rect, pos2, vec2};
use green_ring_editor::theme::{DIM, EDGE};

use super::bands;
use super::told::backing;
use super::view::View;

/// Lines of equal time, in seconds. The figures that matter most come first: the others are left out where they would
/// touch one.
const TIMES: [(f32, &str); 8] = [
    (0.0, "now"),
    (f32::INFINITY, "for ever"),
    (1.0, "1 s"),
    (5.0, "5 s"),
    (2.0, "2 s"),
    (10.0, "10 s"),
    (0.5, "0.5 s"),
    (20.0, "20 s"),
];

/// Lines of equal pitch. Only the first three have figures where there is little room.
const PITCHES: [(f32, &str); 7] = [
    (100.0, "100 Hz"),
    (1_000.0, "1 kHz"),
    (10_000.0, "10 kHz"),
    (200.0, "200"),
    (500.0, "500"),
    (2_000.0, "2 kHz"),
    (5_000.0, "5 kHz"),
];

/// Size of the figures, in units.
const FIGURE: f32 = 10.5;

/// Draws the lines, which lie under the ridges.
pub(crate) fn paint_lines(painter: &Painter, view: &View) {
    let theme = view.theme;
    for (hz, _) in PITCHES {
        let ends = [0.0, 1.0].map(|near| view.place(bands::across(hz), near));
        painter.line_segment(ends, theme.stroke(1.0, EDGE.gamma_multiply(0.5)));
    }
    for (ago_s, _) in TIMES {
        let ends = [0.0, 1.0].map(|across| view.place(across, View::near(ago_s)));
        painter.line_segment(ends, theme.stroke(1.0, EDGE.gamma_multiply(0.8)));
    }
}

/// Writes the figures, which stay readable over a ridge.
pub(crate) fn paint_figures(painter: &Painter, view: &View) {
    times(painter, view);
    pitches(painter, view);
}

fn times(painter: &Painter, view: &View) {
    let (theme, mut taken) = (view.theme, Vec::with_capacity(TIMES.len()));
    let height = theme.px(FIGURE + 3.0);
    for (ago_s, figure) in TIMES {
        let at = view.place(1.0, View::near(ago_s)) + vec2(theme.px(7.0), 0.0);
        if taken.iter().all(|y: &f32| (y - at.y).abs() >= height) {
            taken.push(at.y);
            let galley = painter.layout_no_wrap(figure.into(), theme.font(FIGURE), DIM);
            let rect = Align2::LEFT_CENTER.anchor_size(at, galley.size());
            painter.rect_filled(rect.expand2(vec2(theme.px(3.0), -theme.px(1.0))), theme.px(3.0), backing());
            painter.galley(rect.min, galley, DIM);
        }
    }
}

fn pitches(painter: &Painter, view: &View) {
    let theme = view.theme;
    let wide = view.floor.width() > theme.px(520.0);
    for (hz, figure) in PITCHES.iter().take(if wide { 7 } else { 3 }) {
        let at = view.place(bands::across(*hz), 1.0);
        let room = Rect::from_min_max(at - vec2(theme.px(30.0), 0.0), pos2(at.x + theme.px(30.0), view.area.bottom()));
        theme.text(painter, room, Align2::CENTER_CENTER, FIGURE, DIM, figure);
    }
}
