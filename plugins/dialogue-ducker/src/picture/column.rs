//! The reduction over the bed's spectrum: each third of an octave before and after it has yielded, its gain hanging
//! from the top; and the speech light above.

use green_ring_editor::egui::{Align2, Painter, Rect, pos2, vec2};
use green_ring_editor::theme::{DIM, EDGE, RING, TEXT};

use super::history::FLOOR_DB;
use super::now::Now;
use super::plot::Plot;
use crate::engine::{BANDS, Detector};

/// Share of a band's width that its bar fills.
const FILLED: f32 = 0.78;

/// Bands that are named below, and how.
const NAMES: [(usize, &str); 4] = [(2, "250"), (7, "800"), (11, "2k"), (15, "5k Hz")];

/// Draws the right field.
pub fn paint(painter: &Painter, plot: &Plot, now: &Now) {
    let wide = plot.bands.width() / BANDS as f32;
    let middle = |b: usize| plot.bands.left() + wide * (b as f32 + 0.5);
    for b in 0..BANDS {
        let bar = |from: f32, to: f32| {
            let half = 0.5 * FILLED * wide;
            let (top, bottom) = (plot.y(from), plot.y(to));
            Rect::from_min_max(pos2(middle(b) - half, top), pos2(middle(b) + half, bottom.max(top)))
        };
        let (before, gain) = (now.bed[b], now.bands[b]);
        let after = (before + gain).max(FLOOR_DB);
        painter.rect_filled(bar(before, after), 0.0, DIM.gamma_multiply(0.22));
        painter.rect_filled(bar(after, FLOOR_DB), 0.0, TEXT.gamma_multiply(0.62));
        painter.rect_filled(bar(0.0, gain), 0.0, DIM.gamma_multiply(0.30));
        if gain < 0.0 {
            let edge = bar(gain, gain);
            painter.hline(edge.x_range(), edge.top(), plot.theme.stroke(1.2, DIM));
        }
    }
    NAMES.iter().for_each(|(b, name)| plot.foot(painter, plot.bands, middle(*b), 38.0, name));
    light(painter, plot, now);
}

/// The speech light: how much it looks as if somebody spoke.
fn light(painter: &Painter, plot: &Plot, now: &Now) {
    let belief = now.belief;
    let px = |units: f32| plot.theme.px(units);
    let centre = plot.light.left_center() + vec2(px(8.0), 0.0);
    painter.circle_filled(centre, px(8.0), RING.gamma_multiply(0.25 * belief));
    painter.circle_filled(centre, px(5.0), EDGE.lerp_to_gamma(RING, belief));
    let what = match now.detector {
        Detector::Speech => "speech",
        Detector::Level => "sound",
        Detector::Manual => "by hand",
    };
    let text = format!("{what} {:.0} %", 100.0 * belief);
    let rect = plot.light.with_min_x(centre.x + px(12.0));
    plot.label(painter, rect, Align2::LEFT_CENTER, DIM.lerp_to_gamma(TEXT, belief), &text);
}
