//! Where everything lies. Pure geometry: from the window's size and the number of controls in each section to rectangles.
//!
//! All lengths are units of a scale; the scale is the largest at which the sections still fit, so the whole face grows and
//! shrinks with its window and nothing is ever cut off.

use crate::size::DEFAULT;
use egui::{Rect, Vec2, pos2, vec2};

/// The least room of a control, in units.
const CELL: Vec2 = vec2(88.0, 96.0);
const GAP: f32 = 10.0;
const HEADER: f32 = 40.0;
const HELP: f32 = 28.0;
const METERS: f32 = 112.0;
const PAD: f32 = 8.0;
const SECTION_TITLE: f32 = 24.0;
const CORNER: f32 = 16.0;
/// Below this scale text is too small to read; windows are kept larger.
const SMALLEST_SCALE: f32 = 0.75;
const LARGEST_SCALE: f32 = 3.0;

/// A section of controls.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Panel {
    pub rect: Rect,
    pub title: Rect,
    pub cells: Vec<Rect>,
}

/// Everything in the window.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layout {
    pub scale: f32,
    pub header: Rect,
    pub panels: Vec<Panel>,
    pub meters: Rect,
    pub help: Rect,
    /// The handle that resizes the window.
    pub corner: Rect,
}

/// A section before it has its place.
#[derive(Clone, Copy)]
struct Block {
    count: usize,
    columns: usize,
    rows: usize,
}

/// The largest window, whatever it shows.
pub(crate) fn largest() -> Vec2 {
    DEFAULT * LARGEST_SCALE
}

/// The smallest window in which these sections are easy to read: of the default's shape.
pub(crate) fn smallest(counts: &[usize]) -> Vec2 {
    let sizes = (0..=90).map(|i| DEFAULT * (SMALLEST_SCALE + 0.025 * i as f32));
    let mut readable = sizes.filter(|size| fit(*size, counts).0 >= SMALLEST_SCALE);
    readable.next().unwrap_or(largest()).round()
}

/// Lays out `counts[i]` controls in section `i`. Allocates.
pub(crate) fn lay_out(window: Vec2, counts: &[usize]) -> Layout {
    let (scale, lines) = fit(window, counts);
    let px = |units: f32| units * scale;
    let all = Rect::from_min_size(pos2(0.0, 0.0), window);
    let (header, below) = all.split_top_bottom_at_y(px(HEADER));
    let (middle, help) = below.split_top_bottom_at_y(all.bottom() - px(HELP));
    let (area, meters) = middle.split_left_right_at_x(all.right() - px(METERS + GAP));
    let inset = Rect::from_min_max(area.min + vec2(px(GAP), 0.0), area.max - vec2(px(GAP), 0.0));
    Layout {
        scale,
        header: header.shrink2(vec2(px(GAP + 4.0), 0.0)),
        panels: place(inset, scale, &lines),
        meters: meters.with_max_x(all.right() - px(GAP)),
        help: help.shrink2(vec2(px(GAP + 4.0), 0.0)).with_max_x(all.right() - px(CORNER + GAP)),
        corner: Rect::from_min_max(all.max - Vec2::splat(px(CORNER)), all.max),
    }
}

/// The largest scale at which the sections fit, and the sections in lines at that scale.
fn fit(window: Vec2, counts: &[usize]) -> (f32, Vec<Vec<Block>>) {
    let scales = (0..=140).map(|i| LARGEST_SCALE * 0.98_f32.powi(i));
    let attempt = |scale: f32| {
        let room = window / scale - vec2(METERS + 3.0 * GAP, HEADER + HELP);
        let lines = flow(room.x, counts);
        (scale, natural_height(&lines) <= room.y && natural_width(&lines) <= room.x, lines)
    };
    let mut last = (SMALLEST_SCALE, flow(1.0, counts));
    for (scale, fits, lines) in scales.map(attempt) {
        last = (scale, lines);
        if fits {
            break;
        }
    }
    last
}

/// Sections in lines like words: each as wide as it needs to be, and folded where a whole line is not enough.
fn flow(width: f32, counts: &[usize]) -> Vec<Vec<Block>> {
    let most = (((width - 2.0 * PAD) / CELL.x).floor() as usize).max(1);
    let mut lines: Vec<Vec<Block>> = Vec::new();
    for &count in counts.iter().filter(|count| **count > 0) {
        let rows = count.div_ceil(most);
        let block = Block { count, columns: count.div_ceil(rows), rows };
        match lines.last_mut() {
            Some(line) if line_width(line) + GAP + block_width(&block) <= width => line.push(block),
            _ => lines.push(vec![block]),
        }
    }
    lines
}

fn block_width(block: &Block) -> f32 {
    block.columns as f32 * CELL.x + 2.0 * PAD
}

fn line_width(line: &[Block]) -> f32 {
    line.iter().map(block_width).sum::<f32>() + GAP * (line.len() - 1) as f32
}

fn line_rows(line: &[Block]) -> usize {
    line.iter().map(|block| block.rows).max().unwrap_or(1)
}

fn natural_width(lines: &[Vec<Block>]) -> f32 {
    lines.iter().map(|line| line_width(line)).fold(0.0, f32::max)
}

fn natural_height(lines: &[Vec<Block>]) -> f32 {
    let rows: usize = lines.iter().map(|line| line_rows(line)).sum();
    rows as f32 * CELL.y + lines.len() as f32 * (SECTION_TITLE + PAD) + GAP * lines.len().saturating_sub(1) as f32
}

/// Gives the lines their places, and what room is left to the cells.
fn place(area: Rect, scale: f32, lines: &[Vec<Block>]) -> Vec<Panel> {
    let rows: usize = lines.iter().map(|line| line_rows(line)).sum();
    let spare = area.height() - natural_height(lines) * scale;
    let cell_height = CELL.y * scale + spare.max(0.0) / rows.max(1) as f32;
    let (mut top, mut panels) = (area.top(), Vec::new());
    for line in lines {
        let height = line_rows(line) as f32 * cell_height + (SECTION_TITLE + PAD) * scale;
        panels.extend(place_line(Rect::from_x_y_ranges(area.x_range(), top..=top + height), scale, line));
        top += height + GAP * scale;
    }
    panels
}

fn place_line(area: Rect, scale: f32, line: &[Block]) -> Vec<Panel> {
    let columns: usize = line.iter().map(|block| block.columns).sum();
    let spare = (area.width() - line_width(line) * scale).max(0.0) / columns.max(1) as f32;
    let mut left = area.left();
    let mut panel = |block: &Block| {
        let width = block_width(block) * scale + spare * block.columns as f32;
        let rect = Rect::from_x_y_ranges(left..=left + width, area.y_range());
        left += width + GAP * scale;
        fill(rect, scale, block)
    };
    line.iter().map(&mut panel).collect()
}

/// The cells of a section, row by row.
fn fill(rect: Rect, scale: f32, block: &Block) -> Panel {
    let (title, rest) = rect.split_top_bottom_at_y(rect.top() + SECTION_TITLE * scale);
    let inner = Rect::from_min_max(rest.min + vec2(PAD * scale, 0.0), rest.max - Vec2::splat(PAD * scale));
    let size = inner.size() / vec2(block.columns as f32, block.rows as f32);
    let cell = |i: usize| {
        let (column, row) = ((i % block.columns) as f32, (i / block.columns) as f32);
        Rect::from_min_size(inner.min + size * vec2(column, row), size)
    };
    let title = title.shrink2(vec2(PAD * scale, 0.0));
    Panel { rect, title, cells: (0..block.count).map(cell).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From one knob to Dream Reverb's full set.
    const FACES: [&[usize]; 6] = [&[1], &[3, 2], &[1, 4, 3, 3], &[6, 5, 4, 3], &[9, 9, 2, 2], &[5, 8, 7, 9, 6, 4, 3]];

    fn windows(counts: &[usize]) -> Vec<Vec2> {
        let (low, high) = (smallest(counts), largest());
        let grid = |i: usize| low + (high - low) * vec2((i % 12) as f32 / 11.0, (i / 12) as f32 / 11.0);
        (0..144).map(grid).collect()
    }

    fn leaves(layout: &Layout) -> Vec<Rect> {
        let inner = layout.panels.iter().flat_map(|panel| panel.cells.iter().chain([&panel.title]));
        inner.chain([&layout.header, &layout.meters, &layout.help, &layout.corner]).copied().collect()
    }

    #[test]
    fn nothing_leaves_the_window() {
        for counts in FACES {
            for window in windows(counts) {
                let all = Rect::from_min_size(pos2(0.0, 0.0), window).expand(0.01);
                let layout = lay_out(window, counts);
                for rect in leaves(&layout).into_iter().chain(layout.panels.iter().map(|panel| panel.rect)) {
                    assert!(all.contains_rect(rect), "{counts:?} {window:?} {rect:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_overlaps() {
        for counts in FACES {
            for window in windows(counts) {
                let rects = leaves(&lay_out(window, counts));
                for (i, a) in rects.iter().enumerate() {
                    for b in &rects[..i] {
                        assert!(!a.shrink(0.01).intersects(b.shrink(0.01)), "{counts:?} {window:?} {a:?} {b:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_control_has_its_room() {
        for counts in FACES {
            for window in windows(counts) {
                let layout = lay_out(window, counts);
                let cells: Vec<Rect> = layout.panels.iter().flat_map(|panel| panel.cells.clone()).collect();
                assert_eq!(cells.len(), counts.iter().sum::<usize>());
                for cell in cells {
                    assert!(cell.width() >= CELL.x * layout.scale - 0.01, "{counts:?} {window:?} {cell:?}");
                    assert!(cell.height() >= CELL.y * layout.scale - 0.01, "{counts:?} {window:?} {cell:?}");
                }
            }
        }
    }

    #[test]
    fn every_allowed_window_is_readable() {
        for counts in FACES {
            for window in windows(counts) {
                assert!(lay_out(window, counts).scale >= SMALLEST_SCALE * 0.999, "{counts:?} {window:?}");
            }
        }
    }

    #[test]
    fn a_small_face_fits_the_default_window() {
        assert!(smallest(&[1, 4, 3, 3]).x < DEFAULT.x);
    }
}
