//! What the events lie on: bar lines and their numbers, the lanes and their names, the past and the playhead.

use green_ring_editor::{
    egui::{Align2, Color32, Painter, Rangef, Shape, Stroke, pos2, vec2},
    theme::{DIM, EDGE, HOT, RING, TEXT, WELL},
};

use super::{scene::Scene, sheet::Sheet};
use crate::engine::{Lane, Sync};

/// The least distances between two lines, two numbered lines and two lines within a bar, in units.
const LINES: f64 = 8.0;
const NUMBERED: f64 = 46.0;
const BEATS: f64 = 12.0;

/// The past, the grid and the lanes.
pub(super) fn lines(painter: &Painter, sheet: &Sheet, scene: &Scene) {
    let now = sheet.at(scene.song.sample as f64);
    painter.rect_filled(sheet.cell(sheet.x.min, now, sheet.rows()), 0.0, WELL.gamma_multiply(0.6));
    for row in sheet.lanes {
        painter.hline(sheet.x, row.max, sheet.theme.stroke(1.0, EDGE.gamma_multiply(0.35)));
    }
    bars(painter, sheet, scene);
    starts(painter, sheet, scene);
}

/// Every so many units of `unit_samples` from place 0 that there are at least `least` units of the picture between them.
fn stride(sheet: &Sheet, unit_samples: f64, least: f64) -> f64 {
    let width = sheet.width(unit_samples) / f64::from(sheet.theme.scale);
    (least / width).log2().ceil().max(0.0).exp2()
}

/// Song samples of the multiples of `step` (a length in places) that are seen, each with its number.
fn multiples(sheet: &Sheet, scene: &Scene, origin: f64, step: f64) -> impl Iterator<Item = (f64, f64)> {
    let outlook = scene.outlook;
    let left = outlook.place_of(sheet.sample(sheet.x.min)) - origin;
    let first = (left / step).ceil();
    let count = (f64::from(sheet.x.span()) / sheet.width(step * outlook.unit_samples())).clamp(0.0, 1_000.0);
    let place = move |k: u32| (outlook.sample_of(origin + (first + f64::from(k)) * step), first + f64::from(k));
    let right = sheet.sample(sheet.x.max) as f64;
    (0..=count as u32).map(place).filter(move |(sample, _)| *sample <= right)
}

/// Bars and, where there is room, beats; seconds where the clock counts.
fn bars(painter: &Painter, sheet: &Sheet, scene: &Scene) {
    let beats = scene.settings.sync == Sync::Beats;
    let unit = if beats { 4.0 } else { 1.0 };
    let samples = unit * scene.outlook.unit_samples();
    let line = |painter: &Painter, sample: f64, strength: f32| {
        painter.vline(sheet.at(sample), sheet.rows(), sheet.theme.stroke(1.0, EDGE.gamma_multiply(strength)));
    };
    if beats && stride(sheet, 0.25 * samples, BEATS) == 1.0 {
        multiples(sheet, scene, 0.0, 1.0).for_each(|(sample, _)| line(painter, sample, 0.22));
    }
    multiples(sheet, scene, 0.0, unit * stride(sheet, samples, LINES))
        .for_each(|(sample, _)| line(painter, sample, 0.65));
    let step = stride(sheet, samples, NUMBERED);
    let width = sheet.width(step * samples) as f32 - sheet.theme.px(6.0);
    for (sample, number) in multiples(sheet, scene, 0.0, unit * step) {
        let left = sheet.at(sample) + sheet.theme.px(1.0);
        let place = sheet.cell(left, (left + width).min(sheet.x.max), sheet.numbers);
        let text = if beats { format!("{}", number * step + 1.0) } else { clock(number * step) };
        if place.width() > sheet.theme.px(6.0 + 6.0 * text.len() as f32) {
            sheet.theme.text(painter, place, Align2::LEFT_CENTER, 9.5, DIM, &text);
        }
    }
}

/// Seconds as minutes and seconds.
fn clock(seconds: f64) -> String {
    let (sign, whole) = (if seconds < 0.0 { "-" } else { "" }, seconds.abs());
    format!("{sign}{:.0}:{:02.0}", (whole / 60.0).floor(), whole % 60.0)
}

/// Start, from which everything counts, and where a cycle begins anew.
fn starts(painter: &Painter, sheet: &Sheet, scene: &Scene) {
    let start = scene.outlook.start();
    let cycle = f64::from(scene.settings.repeat_bars) * scene.outlook.bar();
    if cycle > 0.0 && stride(sheet, cycle * scene.outlook.unit_samples(), LINES) == 1.0 {
        multiples(sheet, scene, start, cycle).for_each(|(sample, _)| flag(painter, sheet, sample, DIM));
    }
    let sample = scene.outlook.sample_of(start);
    if (sheet.sample(sheet.x.min) as f64 - 1.0..=sheet.sample(sheet.x.max) as f64).contains(&sample) {
        flag(painter, sheet, sample, RING);
    }
}

/// A small flag at the foot of the bars' numbers.
fn flag(painter: &Painter, sheet: &Sheet, sample: f64, colour: Color32) {
    let (x, size) = (sheet.at(sample), sheet.theme.px(4.0));
    painter.vline(x, sheet.rows(), sheet.theme.stroke(1.0, colour.gamma_multiply(0.5)));
    let foot = pos2(x, sheet.numbers.max + size);
    let corners = vec![foot, foot - vec2(size, size), foot + vec2(size, -size)];
    painter.add(Shape::convex_polygon(corners, colour, Stroke::NONE));
}

/// The playhead, and below it the stretch of the song that is remembered.
pub(super) fn playhead(painter: &Painter, sheet: &Sheet, scene: &Scene) {
    let (now, rows) = (scene.song.sample, sheet.rows());
    let x = sheet.at(now as f64);
    painter.vline(x, rows, sheet.theme.stroke(1.5, TEXT));
    let known = sheet.at((now - scene.heard.samples) as f64);
    let foot = Rangef::new(rows.max + sheet.theme.px(2.0), rows.max + sheet.theme.px(4.0));
    let colour = if scene.settings.hold { HOT } else { RING };
    painter.rect_filled(sheet.cell(known, x, foot), 0.0, colour.gamma_multiply(0.8));
}

/// The rows' names: a lane that sounds is lit, one that never will is faint.
pub(super) fn names(painter: &Painter, sheet: &Sheet, scene: &Scene, names: &[String]) {
    let settings = &scene.settings;
    for (k, (lane, row)) in Lane::ALL.into_iter().zip(sheet.lanes).enumerate() {
        let sounds = scene.heard.sounding.iter().flatten().any(|event| event.lane == lane);
        let silent = settings.weights[k] == 0.0 && !settings.fire[k];
        let colour = if sounds || settings.fire[k] { HOT } else { DIM.gamma_multiply(if silent { 0.45 } else { 1.0 }) };
        name(painter, sheet, row, colour, &names[k]);
    }
    measures(painter, sheet, scene);
}

/// What the other rows are, their scales and values.
fn measures(painter: &Painter, sheet: &Sheet, scene: &Scene) {
    let value = |row: Rangef, align: Align2, colour: Color32, units: f32, text: &str| {
        sheet.theme.text(painter, sheet.beside(row), align, units, colour, text);
    };
    name(painter, sheet, sheet.chaos, DIM, "Chaos");
    let small = sheet.letters * 0.88;
    value(sheet.chaos, Align2::RIGHT_TOP, DIM, small, "100 %");
    value(sheet.chaos, Align2::RIGHT_BOTTOM, DIM, small, "0 %");
    if let Some(row) = sheet.drift {
        let late_s = scene.outlook.late_s(scene.outlook.place_of(scene.song.sample));
        name(painter, sheet, row, DIM, "Drift");
        value(row, Align2::RIGHT_CENTER, TEXT, sheet.letters, &format!("{:+.0} ms", 1_000.0 * late_s));
    }
    if let Some(row) = sheet.rise {
        name(painter, sheet, row, DIM, "Rise");
        let way = if scene.settings.rise_down { "down" } else { "up" };
        value(row, Align2::RIGHT_CENTER, TEXT, sheet.letters, way);
    }
}

fn name(painter: &Painter, sheet: &Sheet, row: Rangef, colour: Color32, text: &str) {
    sheet.theme.text(painter, sheet.beside(row), Align2::LEFT_CENTER, sheet.letters, colour, text);
}
