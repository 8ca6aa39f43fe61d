//! Where everything lies. Pure geometry: from the window's size and the number of controls in each section to rectangles.
//!
//! All lengths are units of a scale; the scale is the largest at which the sections still fit, so the whole face grows and
//! shrinks with its window and nothing is ever cut off.

use crate::size::DEFAULT;
use egui::{Rect, Vec2, pos2, vec2};

/// The least room of a control, in units.
const CELL: Vec2 = vec2(82.0, 86.0);
const GAP: f32 = 10.0;
/// Between two rows of a section: a value above is not to be read as the name below.
const ROW_GAP: f32 = 7.0;
const HEADER: f32 = 40.0;
/// Room in the header for the plugin's name at its left and the suite's at its right.
const TITLE: f32 = 190.0;
const FAMILY: f32 = 130.0;
const HELP: f32 = 28.0;
/// The side of the button that switches help on and off.
const ASK: f32 = 18.0;
const METERS: f32 = 112.0;
/// The least height of a plugin's picture, and that of the large gesture and the words below it.
const PICTURE: f32 = 170.0;
/// From the scale on at which everything is read with ease, the picture has at least this much of the window's height
/// before the controls grow further.
const EASY_SCALE: f32 = 0.85;
const PICTURE_SHARE: f32 = 0.3;
const GESTURE: f32 = 46.0;
const PAD: f32 = 8.0;
const SECTION_TITLE: f32 = 24.0;
const CORNER: f32 = 16.0;
/// Below this scale text is too small to read; windows are kept larger.
const SMALLEST_SCALE: f32 = 0.75;
const LARGEST_SCALE: f32 = 3.0;

/// What has to be laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan<'a> {
    /// The number of controls in each section.
    pub counts: &'a [usize],
    /// Whether there is a picture, with a large gesture below it.
    pub picture: bool,
}

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
    /// The preset bar, within the header.
    pub bar: Rect,
    /// The picture, and below it the large gesture with the words beside it. Empty where there is none.
    pub picture: Rect,
    pub gesture: Rect,
    pub panels: Vec<Panel>,
    pub meters: Rect,
    pub help: Rect,
    /// The button that switches help on and off.
    pub ask: Rect,
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
pub(crate) fn smallest(plan: Plan) -> Vec2 {
    let sizes = (0..=90).map(|i| DEFAULT * (SMALLEST_SCALE + 0.025 * i as f32));
    let mut readable = sizes.filter(|size| fit(*size, plan).0 >= SMALLEST_SCALE);
    readable.next().unwrap_or(largest()).round()
}

/// Lays out a window. Allocates.
pub(crate) fn lay_out(window: Vec2, plan: Plan) -> Layout {
    let (scale, lines) = fit(window, plan);
    let px = |units: f32| units * scale;
    let all = Rect::from_min_size(pos2(0.0, 0.0), window);
    let (header, below) = all.split_top_bottom_at_y(px(HEADER));
    let (middle, help) = below.split_top_bottom_at_y(all.bottom() - px(HELP));
    let (area, meters) = middle.split_left_right_at_x(all.right() - px(METERS + GAP));
    let inset = Rect::from_min_max(area.min + vec2(px(GAP), 0.0), area.max - vec2(px(GAP), 0.0));
    let (band, controls) = split(inset, scale, plan, &lines);
    let ask =
        Rect::from_center_size(pos2(all.right() - px(CORNER + GAP + ASK / 2.0), help.center().y), Vec2::splat(px(ASK)));
    let (picture, gesture) = band.split_top_bottom_at_y(band.bottom() - px(GESTURE).min(band.height()));
    Layout {
        scale,
        header: header.shrink2(vec2(px(GAP + 4.0), 0.0)),
        bar: header.with_min_x(px(TITLE)).with_max_x(all.right() - px(FAMILY)),
        picture,
        gesture,
        panels: place(controls, scale, &lines),
        meters: meters.with_max_x(all.right() - px(GAP)),
        help: help.shrink2(vec2(px(GAP + 4.0), 0.0)).with_max_x(ask.left() - px(GAP)),
        ask,
        corner: Rect::from_min_max(all.max - Vec2::splat(px(CORNER)), all.max),
    }
}

/// The band of the picture, which takes what room the controls leave, and the controls' own room.
fn split(area: Rect, scale: f32, plan: Plan, lines: &[Vec<Block>]) -> (Rect, Rect) {
    if !plan.picture {
        return area.split_top_bottom_at_y(area.top());
    }
    let controls = natural_height(lines) * scale;
    let band = (area.height() - controls - GAP * scale).max((PICTURE + GESTURE) * scale);
    let (band, controls) = area.split_top_bottom_at_y(area.top() + band + GAP * scale);
    (band.with_max_y(band.bottom() - GAP * scale), controls)
}

/// The largest scale at which the sections fit, and the sections in lines at that scale.
fn fit(window: Vec2, plan: Plan) -> (f32, Vec<Vec<Block>>) {
    let counts = plan.counts;
    let picture = |scale: f32| if scale > EASY_SCALE { PICTURE.max(PICTURE_SHARE * window.y / scale) } else { PICTURE };
    let above = |scale: f32| if plan.picture { picture(scale) + GESTURE + GAP } else { 0.0 };
    let scales = (0..=140).map(|i| LARGEST_SCALE * 0.98_f32.powi(i));
    let attempt = |scale: f32| {
        let room = window / scale - vec2(METERS + 3.0 * GAP, HEADER + HELP + above(scale));
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

/// Sections in lines like words: each as wide as it needs to be, and folded where a whole line is not enough; beside a folded
/// one, as high as that.
fn flow(width: f32, counts: &[usize]) -> Vec<Vec<Block>> {
    let most = (((width - 2.0 * PAD) / CELL.x).floor() as usize).max(1);
    let mut lines: Vec<Vec<Block>> = Vec::new();
    for &count in counts.iter().filter(|count| **count > 0) {
        let beside = lines.last().map(|line| (line_width(line) + GAP, folded(count, line_rows(line))));
        match (lines.last_mut(), beside) {
            (Some(line), Some((left, block))) if left + block_width(&block) <= width => line.push(block),
            _ => lines.push(vec![folded(count, count.div_ceil(most))]),
        }
    }
    lines
}

/// A section in so many rows at most.
fn folded(count: usize, rows: usize) -> Block {
    let columns = count.div_ceil(rows);
    Block { count, columns, rows: count.div_ceil(columns) }
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
    let gaps = GAP * lines.len().saturating_sub(1) as f32 + ROW_GAP * (rows - lines.len()) as f32;
    rows as f32 * CELL.y + lines.len() as f32 * (SECTION_TITLE + PAD) + gaps
}

/// Gives the lines their places, and what room is left to the cells.
fn place(area: Rect, scale: f32, lines: &[Vec<Block>]) -> Vec<Panel> {
    let rows: usize = lines.iter().map(|line| line_rows(line)).sum();
    let spare = area.height() - natural_height(lines) * scale;
    let cell_height = CELL.y * scale + spare.max(0.0) / rows.max(1) as f32;
    let (mut top, mut panels) = (area.top(), Vec::new());
    for line in lines {
        let rows = line_rows(line) as f32;
        let height = rows * cell_height + (SECTION_TITLE + PAD + ROW_GAP * (rows - 1.0)) * scale;
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
    let gap = vec2(0.0, ROW_GAP * scale);
    let way = (inner.size() + gap) / vec2(block.columns as f32, block.rows as f32);
    let cell = |i: usize| {
        let (column, row) = ((i % block.columns) as f32, (i / block.columns) as f32);
        Rect::from_min_size(inner.min + way * vec2(column, row), way - gap)
    };
    let title = title.shrink2(vec2(PAD * scale, 0.0));
    Panel { rect, title, cells: (0..block.count).map(cell).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From one knob to Dream Reverb's full set.
    const FACES: [&[usize]; 6] = [&[1], &[3, 2], &[1, 4, 3, 3], &[6, 5, 4, 3], &[9, 9, 2, 2], &[5, 8, 7, 9, 6, 4, 3]];

    fn plans() -> impl Iterator<Item = Plan<'static>> {
        FACES.iter().flat_map(|counts| [false, true].map(|picture| Plan { counts, picture }))
    }

    fn windows(plan: Plan) -> Vec<Vec2> {
        let (low, high) = (smallest(plan), largest());
        let grid = |i: usize| low + (high - low) * vec2((i % 12) as f32 / 11.0, (i / 12) as f32 / 11.0);
        (0..144).map(grid).collect()
    }

    fn leaves(layout: &Layout) -> Vec<Rect> {
        let inner = layout.panels.iter().flat_map(|panel| panel.cells.iter().chain([&panel.title]));
        inner
            .chain([&layout.header, &layout.picture, &layout.gesture, &layout.meters])
            .chain([&layout.help, &layout.ask, &layout.corner])
            .copied()
            .collect()
    }

    #[test]
    fn nothing_leaves_the_window() {
        for plan in plans() {
            for window in windows(plan) {
                let all = Rect::from_min_size(pos2(0.0, 0.0), window).expand(0.01);
                let layout = lay_out(window, plan);
                for rect in leaves(&layout).into_iter().chain(layout.panels.iter().map(|panel| panel.rect)) {
                    assert!(all.contains_rect(rect), "{plan:?} {window:?} {rect:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_overlaps() {
        for plan in plans() {
            for window in windows(plan) {
                let rects = leaves(&lay_out(window, plan));
                for (i, a) in rects.iter().enumerate() {
                    for b in &rects[..i] {
                        assert!(!a.shrink(0.01).intersects(b.shrink(0.01)), "{plan:?} {window:?} {a:?} {b:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_control_has_its_room() {
        for plan in plans() {
            for window in windows(plan) {
                let layout = lay_out(window, plan);
                let cells: Vec<Rect> = layout.panels.iter().flat_map(|panel| panel.cells.clone()).collect();
                assert_eq!(cells.len(), plan.counts.iter().sum::<usize>());
                for cell in cells {
                    assert!(cell.width() >= CELL.x * layout.scale - 0.01, "{plan:?} {window:?} {cell:?}");
                    assert!(cell.height() >= CELL.y * layout.scale - 0.01, "{plan:?} {window:?} {cell:?}");
                }
            }
        }
    }

    #[test]
    fn a_picture_has_its_room_and_takes_what_is_spare() {
        for plan in plans().filter(|plan| plan.picture) {
            for window in windows(plan) {
                let layout = lay_out(window, plan);
                assert!(layout.picture.height() >= PICTURE * layout.scale - 0.01, "{plan:?} {window:?}");
                assert!(layout.gesture.height() >= GESTURE * layout.scale - 0.01, "{plan:?} {window:?}");
            }
        }
        let plan = Plan { counts: &[3, 2], picture: true };
        assert!(lay_out(DEFAULT, plan).picture.height() > 0.35 * DEFAULT.y);
    }

    #[test]
    fn in_an_easy_window_the_picture_has_its_share() {
        let plan = Plan { counts: &[5, 4, 4, 4, 5, 2], picture: true };
        for window in windows(plan) {
            let layout = lay_out(window, plan);
            let share = layout.picture.height() / window.y;
            assert!(layout.scale <= EASY_SCALE || share >= PICTURE_SHARE - 0.01, "{window:?} {share}");
        }
    }

    #[test]
    fn beside_a_folded_section_others_fold() {
        let lines = flow(1_100.0, &[14, 7, 6]);
        let shape = |line: &Vec<Block>| line.iter().map(|block| (block.columns, block.rows)).collect::<Vec<_>>();
        assert_eq!(lines.iter().map(shape).collect::<Vec<_>>(), [vec![(7, 2), (4, 2)], vec![(6, 1)]]);
    }

    #[test]
    fn every_allowed_window_is_readable() {
        for plan in plans() {
            for window in windows(plan) {
                assert!(lay_out(window, plan).scale >= SMALLEST_SCALE * 0.999, "{plan:?} {window:?}");
            }
        }
    }

    #[test]
    fn a_small_face_fits_the_default_window() {
        assert!(smallest(Plan { counts: &[1, 4, 3, 3], picture: true }).x < DEFAULT.x);
    }
}
