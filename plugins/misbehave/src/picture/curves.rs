//! What has no single events: Chaos as it grows, the own clock as it slides, the rise that never arrives.

use std::f64::consts::PI;

use green_ring_editor::{
    egui::{Align2, Color32, Mesh, Painter, Pos2, Rangef, Shape, pos2},
    theme::{EDGE, RING, TEXT},
};

use super::{scene::Scene, sheet::Sheet};

/// Points of a curve that is not straight, and of a copy of the rise.
const POINTS: i64 = 192;
const PARTS: i32 = 16;

/// Octaves above and below its own speed between which a copy of the rise is heard.
const OCTAVES: f64 = 2.0;

/// All of them.
pub(super) fn paint(painter: &Painter, sheet: &Sheet, scene: &Scene) {
    chaos(painter, sheet, scene);
    if let Some(row) = sheet.drift {
        drift(painter, sheet, scene, row);
    }
    if let Some(row) = sheet.rise {
        rise(painter, sheet, scene, row);
    }
}

/// Chaos: level, straight from Start to where it has grown, and level again.
fn chaos(painter: &Painter, sheet: &Sheet, scene: &Scene) {
    let (row, outlook) = (sheet.chaos, &scene.outlook);
    for share in [0.0, 0.5, 1.0] {
        painter.hline(sheet.x, row.max - share * row.span(), sheet.theme.stroke(1.0, EDGE.gamma_multiply(0.5)));
    }
    let height = |sample: i64| row.max - row.span() * outlook.chaos(outlook.place_of(sample));
    let corners = outlook.growth().map(|place| sheet.sample(sheet.at(outlook.sample_of(place))));
    let ends = scene.span();
    let curve: Vec<Pos2> =
        [ends[0], corners[0], corners[1], ends[1]].map(|sample| pos2(sheet.at(sample as f64), height(sample))).into();
    painter.add(under(&curve, row, RING.gamma_multiply(0.30)));
    painter.line(curve, sheet.theme.stroke(1.6, RING));
    let now = scene.song.sample;
    let here = pos2(sheet.at(now as f64), height(now));
    painter.circle_filled(here, sheet.theme.px(3.2), TEXT);
    // Beside the playhead, on the side of the curve that has more room.
    let above = here.y > row.center();
    let (align, lift) = if above { (Align2::LEFT_BOTTOM, -3.0) } else { (Align2::LEFT_TOP, 3.0) };
    let place = sheet.cell(here.x + sheet.theme.px(6.0), sheet.x.max, Rangef::point(here.y + sheet.theme.px(lift)));
    let value = format!("{:.0} %", 100.0 * outlook.chaos(outlook.place_of(now)));
    sheet.theme.text(painter, place, align, sheet.letters, TEXT, &value);
}

/// What lies under a curve, fading to nothing at the row's foot.
fn under(curve: &[Pos2], row: Rangef, colour: Color32) -> Shape {
    let mut mesh = Mesh::default();
    for (k, point) in (0..).zip(curve) {
        let share = (row.max - point.y) / row.span().max(1.0);
        mesh.colored_vertex(*point, colour.gamma_multiply(0.25 + 0.75 * share));
        mesh.colored_vertex(pos2(point.x, row.max), colour.gamma_multiply(0.15));
        if k > 0 {
            mesh.add_triangle(2 * k - 2, 2 * k - 1, 2 * k);
            mesh.add_triangle(2 * k - 1, 2 * k, 2 * k + 1);
        }
    }
    Shape::mesh(mesh)
}

/// How late the own clock comes, downwards, and how early, upwards, between the most that it may.
fn drift(painter: &Painter, sheet: &Sheet, scene: &Scene, row: Rangef) {
    let [from, to] = scene.span();
    // Points keep to their places in the song, or the curve would shimmer as it moves.
    let step = ((to - from) / POINTS).max(1);
    let point = |k: i64| {
        let sample = (from.div_euclid(step) + k) * step;
        let late = scene.outlook.late_s(scene.outlook.place_of(sample)) / scene.settings.clock_drift_s;
        pos2(sheet.at(sample as f64), row.center() + 0.45 * row.span() * late as f32)
    };
    painter.hline(sheet.x, row.center(), sheet.theme.stroke(1.0, EDGE.gamma_multiply(0.7)));
    painter.line((0..=POINTS + 1).map(point).collect(), sheet.theme.stroke(1.4, RING.gamma_multiply(0.9)));
}

/// The copies of the rise, an octave of speed apart: each comes from far below and leaves far above, loudest in the
/// middle.
fn rise(painter: &Painter, sheet: &Sheet, scene: &Scene, row: Rangef) {
    let [first, last] = scene.span().map(|sample| scene.outlook.risen(sample));
    let level = scene.settings.rise.sqrt() * if scene.is_heard() { 1.0 } else { 0.3 };
    let sign = if scene.settings.rise_down { -1.0 } else { 1.0 };
    let across = |risen: f64| sheet.x.min + sheet.x.span() * ((risen - first) / (last - first)) as f32;
    for copy in 0..=(last - first + 2.0 * OCTAVES).min(1_000.0) as i32 {
        let centre = (first - OCTAVES).ceil() + f64::from(copy);
        let [from, to] = [first.max(centre - OCTAVES), last.min(centre + OCTAVES)];
        let part = |k: i32| {
            let risen = from + (to - from) * f64::from(k) / f64::from(PARTS);
            let octaves = sign * (risen - centre);
            let gain = (octaves * PI / (2.0 * OCTAVES)).cos().max(0.0) as f32;
            let y = row.center() - 0.5 * row.span() * (octaves / OCTAVES) as f32;
            (pos2(across(risen), y), RING.gamma_multiply(level * gain))
        };
        if from < to {
            painter.add(band((0..=PARTS).map(part), row));
        }
    }
}

/// A soft band along a line, within its row.
fn band(line: impl Iterator<Item = (Pos2, Color32)>, row: Rangef) -> Shape {
    let mut mesh = Mesh::default();
    let half = 0.16 * row.span();
    for (k, (at, colour)) in (0..).map(|k| 3 * k).zip(line) {
        for (y, colour) in [(-half, Color32::TRANSPARENT), (0.0, colour), (half, Color32::TRANSPARENT)] {
            mesh.colored_vertex(pos2(at.x, row.clamp(at.y + y)), colour);
        }
        if k > 0 {
            for corner in [k - 3, k - 2] {
                mesh.add_triangle(corner, corner + 1, corner + 3);
                mesh.add_triangle(corner + 1, corner + 3, corner + 4);
            }
        }
    }
    Shape::mesh(mesh)
}
