//! Where everything lies, and surfaces of colour. One scale serves all: a decibel is as high as a LU, over time and
//! over frequency.

use green_ring_editor::egui::epaint::Mesh;
use green_ring_editor::egui::{Align2, Color32, Painter, Rect, Stroke, pos2, vec2};
use green_ring_editor::theme::{DIM, EDGE, GROUND, Theme};

use super::buttons;
use super::history::FLOOR_DB;

/// Room around the fields, in units: the numbers at the left, above and below, and between the two fields.
const PAD: f32 = 10.0;
const LEFT: f32 = 30.0;
const HEADER: f32 = 24.0;
/// Height of a row of buttons below the legend, and the legend's own width.
const ROW: f32 = 22.0;
const LEGEND: f32 = 334.0;
const BELOW: f32 = 18.0;
const BETWEEN: f32 = 64.0;

/// Width of the right field: a share of all, within limits in units.
const BANDS_SHARE: f32 = 0.24;
const BANDS_WIDTH: [f32; 2] = [118.0, 300.0];

/// Decibels between two lines.
const STEP_DB: usize = 10;

/// Where everything lies.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    /// Its scale.
    pub theme: Theme,
    /// The field of the traces, and what stands above it.
    pub time: Rect,
    pub legend: Rect,
    /// Where the buttons stand, at its right end.
    pub buttons: Rect,
    /// The field of the bands, and what stands above it.
    pub bands: Rect,
    pub light: Rect,
    /// Between the two.
    pub between: Rect,
}

impl Plot {
    /// Lays out `area`.
    pub fn new(area: Rect, theme: Theme) -> Self {
        let px = |units: f32| theme.px(units);
        let inner = area.shrink2(vec2(px(PAD), px(PAD * 0.5)));
        let (header, rest) = inner.split_top_bottom_at_y(inner.top() + px(HEADER));
        let width = (BANDS_SHARE * inner.width()).clamp(px(BANDS_WIDTH[0]), px(BANDS_WIDTH[1]));
        let (left, right) = inner.with_min_x(inner.left() + px(LEFT)).split_left_right_at_x(inner.right() - width);
        let above = |field: Rect| Rect::from_x_y_ranges(field.x_range(), header.y_range());
        // The buttons stand beside the legend, or below it where there is no room.
        let row = above(left).with_max_x(left.right() - px(PAD));
        let beside = row.width() >= px(LEGEND + buttons::WIDTH);
        let row = if beside { row } else { row.translate(vec2(0.0, px(ROW))) };
        let top = if beside { rest.top() } else { rest.top() + px(ROW) };
        let field = |side: Rect| Rect::from_x_y_ranges(side.x_range(), top..=rest.bottom() - px(BELOW));
        let (time, between) = field(left).split_left_right_at_x(left.right() - px(BETWEEN));
        Self { theme, time, legend: above(left), buttons: row, bands: field(right), light: above(right), between }
    }

    /// Height of this many LUFS, or dB.
    pub fn y(&self, db: f32) -> f32 {
        self.time.top() + self.time.height() * (db.clamp(FLOOR_DB, 0.0) / FLOOR_DB)
    }

    /// A line of small text.
    pub fn label(&self, painter: &Painter, rect: Rect, align: Align2, colour: Color32, text: &str) {
        self.theme.text(painter, rect, align, 11.5, colour, text);
    }

    /// A small text below a field, in the middle of `width` units around `x`, but within the field's own width.
    pub fn foot(&self, painter: &Painter, field: Rect, x: f32, width: f32, text: &str) {
        let (half, y) = (self.theme.px(width) / 2.0, field.bottom() + self.theme.px(2.0));
        let x = x.clamp(field.left() + half, field.right() - half);
        let rect = Rect::from_min_max(pos2(x - half, y), pos2(x + half, y + self.theme.px(BELOW - 2.0)));
        self.label(painter, rect, Align2::CENTER_CENTER, DIM, text);
    }

    /// Both fields with their lines, and the scale that they share.
    pub fn ground(&self, painter: &Painter) {
        for field in [self.time, self.bands] {
            painter.rect_filled(field, self.theme.px(3.0), GROUND);
        }
        let line = Stroke::new(1.0, EDGE.gamma_multiply(0.55));
        let most = -FLOOR_DB as usize;
        for db in (STEP_DB..most).step_by(STEP_DB) {
            let y = self.y(-(db as f32)).round() + 0.5;
            for field in [self.time, self.bands] {
                painter.hline(field.x_range(), y, line);
            }
            self.scale(painter, y, &format!("-{db}"));
        }
        self.scale(painter, self.time.top() + self.theme.px(6.0), "LUFS");
    }

    fn scale(&self, painter: &Painter, y: f32, text: &str) {
        let right = self.time.left() - self.theme.px(5.0);
        let half = self.theme.px(8.0);
        let rect = Rect::from_min_max(pos2(right - self.theme.px(LEFT), y - half), pos2(right, y + half));
        self.theme.text(painter, rect, Align2::RIGHT_CENTER, 10.5, DIM, text);
    }
}

/// Adds a surface to `mesh`: upright lines of colours, joined from each to the next.
pub fn surface<const N: usize>(mesh: &mut Mesh, lines: impl Iterator<Item = (f32, [(f32, Color32); N])>) {
    let first = mesh.vertices.len() as u32;
    lines.for_each(|(x, stops)| stops.iter().for_each(|(y, colour)| mesh.colored_vertex(pos2(x, *y), *colour)));
    let (n, all) = (N as u32, mesh.vertices.len() as u32);
    for line in (first..all.saturating_sub(n)).step_by(N) {
        for k in line..line + n - 1 {
            mesh.add_triangle(k, k + 1, k + n);
            mesh.add_triangle(k + 1, k + n, k + n + 1);
        }
    }
}
