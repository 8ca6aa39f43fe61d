//! The meters: input and output, each with its peak, its loudness and a clip light that stays on until it is clicked.

use crate::access;
use crate::theme::{ALARM, DIM, EDGE, HOT, RING, TEXT, Theme, WELL};
use crate::watch::{FLOOR_DB, Reading, Readings};
use egui::{Align2, Id, Painter, Rect, Sense, Ui, lerp, pos2, vec2};

const TOP_DB: f32 = 6.0;
const BOTTOM_DB: f32 = -60.0;
/// Above this the bar is hot: a number of taste, the usual headroom of a mix.
const HOT_DB: f32 = -6.0;
/// A loudness bar is hot above this; film dialogue lies near -27 LUFS.
const HOT_LUFS: f32 = -14.0;
const MARKS_DB: [f32; 6] = [0.0, -6.0, -12.0, -24.0, -36.0, -48.0];
/// The width of a meter, in units; what is left between the two is the scale's.
const COLUMN: f32 = 42.0;
/// Heights in units, from the top: name, clip light; from the bottom: two lines of figures.
const NAME: f32 = 20.0;
const CLIP: f32 = 12.0;
const FIGURE: f32 = 16.0;

pub(crate) fn show(ui: &Ui, area: Rect, readings: &Readings, theme: Theme, help: &mut String) {
    let response = ui.interact(area, Id::unique("meters"), Sense::click());
    access::button(&response, "Meters");
    if response.clicked() {
        readings.reset();
    }
    let [input, output] = readings.shown();
    if response.hovered() {
        *help = words(input, output);
    }
    let column = theme.px(COLUMN);
    one(ui.painter(), area.with_max_x(area.left() + column), "In", input, theme);
    one(ui.painter(), area.with_min_x(area.right() - column), "Out", output, theme);
    marks(ui.painter(), area, theme);
}

fn words(input: Reading, output: Reading) -> String {
    let of =
        |reading: Reading| format!("{} dB peak, {} LUFS", figure(reading.highest_db), figure(reading.loudness_lufs));
    format!("In {};  out {}.  Click to reset", of(input), of(output))
}

fn figure(value: f32) -> String {
    if value <= FLOOR_DB { "-inf".into() } else { format!("{value:.1}") }
}

/// The part of the column that the bars fill.
fn well(area: Rect, theme: Theme) -> Rect {
    let top = area.top() + theme.px(NAME + CLIP + 4.0);
    Rect::from_x_y_ranges(area.x_range(), top..=area.bottom() - theme.px(2.0 * FIGURE + 6.0))
}

fn one(painter: &Painter, area: Rect, name: &str, reading: Reading, theme: Theme) {
    let row = |top: f32, height: f32| Rect::from_x_y_ranges(area.x_range(), top..=top + theme.px(height));
    theme.text(painter, row(area.top(), NAME), Align2::CENTER_CENTER, 12.0, DIM, name);
    let (well, px) = (well(area, theme), |units| theme.px(units));
    let x = area.center().x;
    let light = Rect::from_center_size(pos2(x, area.top() + px(NAME + CLIP / 2.0)), vec2(px(25.0), px(6.0)));
    painter.rect_filled(light, px(2.0), if reading.clipped { ALARM } else { EDGE });
    let peak = Rect::from_x_y_ranges(x - px(12.5)..=x + px(2.5), well.y_range());
    let loudness = Rect::from_x_y_ranges(x + px(5.5)..=x + px(12.5), well.y_range());
    bar(painter, peak, reading.peak_db, HOT_DB, theme);
    bar(painter, loudness, reading.loudness_lufs, HOT_LUFS, theme);
    let hold = height(peak, reading.highest_db);
    if reading.highest_db > BOTTOM_DB {
        painter.hline(peak.x_range(), hold, theme.stroke(1.5, TEXT));
    }
    let below = well.bottom() + px(5.0);
    let colour = if reading.clipped { ALARM } else { TEXT };
    theme.text(painter, row(below, FIGURE), Align2::CENTER_CENTER, 11.5, colour, &figure(reading.highest_db));
    let loud = figure(reading.loudness_lufs);
    theme.text(painter, row(below + px(FIGURE), FIGURE), Align2::CENTER_CENTER, 11.5, DIM, &loud);
}

/// Where a level lies on a bar.
fn height(bar: Rect, level_db: f32) -> f32 {
    let full = ((level_db - BOTTOM_DB) / (TOP_DB - BOTTOM_DB)).clamp(0.0, 1.0);
    lerp(bar.bottom()..=bar.top(), full)
}

fn bar(painter: &Painter, rect: Rect, level_db: f32, hot_db: f32, theme: Theme) {
    let part = |from_db: f32, to_db: f32, colour| {
        let filled = Rect::from_x_y_ranges(rect.x_range(), height(rect, to_db)..=height(rect, from_db));
        painter.rect_filled(filled, 0.0, colour);
    };
    painter.rect_filled(rect, theme.px(1.5), WELL);
    part(BOTTOM_DB, level_db.min(hot_db), RING);
    if level_db > hot_db {
        part(hot_db, level_db.min(0.0), HOT);
    }
    if level_db > 0.0 {
        part(0.0, level_db, ALARM);
    }
}

/// The scale between the two meters.
fn marks(painter: &Painter, area: Rect, theme: Theme) {
    let (well, x) = (well(area, theme), area.center().x);
    for db in MARKS_DB {
        let at = Rect::from_center_size(pos2(x, height(well, db)), vec2(theme.px(24.0), theme.px(12.0)));
        theme.text(painter, at, Align2::CENTER_CENTER, 10.0, DIM, &format!("{db:.0}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rig::Rig;
    use crate::size::DEFAULT;
    use crate::testing::hear;

    #[test]
    fn the_scale_is_straight_and_stays_in_the_bar() {
        let bar = Rect::from_min_size(pos2(0.0, 10.0), vec2(5.0, 66.0));
        assert_eq!(height(bar, 6.0), 10.0);
        assert!((height(bar, 0.0) - 16.0).abs() < 1e-4);
        assert!((height(bar, -30.0) - 46.0).abs() < 1e-4);
        assert_eq!((height(bar, -200.0), height(bar, 30.0)), (76.0, 10.0));
    }

    #[test]
    fn silence_has_its_word() {
        assert_eq!(figure(FLOOR_DB), "-inf");
        assert_eq!(figure(-23.04), "-23.0");
    }

    #[test]
    fn a_clip_is_held_until_the_meters_are_clicked() {
        let mut rig = Rig::new();
        rig.meters.set_open(true);
        hear(&rig.meters, 1.5);
        assert!(rig.readings.advance(), "a clip is worth a repaint");
        rig.readings.advance();
        let [input, output] = rig.readings.shown();
        assert!(input.clipped && !output.clipped && (input.highest_db - 3.5).abs() < 0.05, "{input:?}");
        rig.click(pos2(DEFAULT.x - 50.0, DEFAULT.y / 2.0));
        rig.readings.advance();
        let [input, _] = rig.readings.shown();
        assert!(!input.clipped && input.highest_db < 0.0 && !rig.meters.input.clipped(), "{input:?}");
    }
}
