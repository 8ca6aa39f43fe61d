//! The events: as wide as they last, the stronger the brighter.

use green_ring_editor::{
    egui::{Color32, CornerRadius, Painter, Rect, Shape, Stroke, StrokeKind, epaint::RectShape},
    theme::{DIM, EDGE, HOT, RING},
};

use super::{coming::Played, scene::Scene, sheet::Sheet};
use crate::engine::Event;

/// Past, future, and what sounds between them.
pub(super) fn paint(painter: &Painter, sheet: &Sheet, scene: &Scene) {
    let past = scene.past.events.iter().filter(|played| !scene.sounds(&played.event));
    let future = if scene.is_heard() { RING } else { EDGE };
    let past = past.map(|played| behind(sheet, played));
    let coming = scene.coming.events.iter().map(|event| filled(sheet, event, bright(future, event)));
    painter.extend(past.chain(coming).flatten());
    for event in scene.heard.sounding.iter().flatten() {
        lit(painter, sheet, scene, event);
    }
}

/// Strength as brightness: by its square, the share of the power that an event takes.
fn bright(colour: Color32, event: &Event) -> Color32 {
    colour.gamma_multiply(0.22 + 0.78 * event.strength * event.strength)
}

/// What was played; only an outline where the dry sound passed.
fn behind(sheet: &Sheet, played: &Played) -> Option<Shape> {
    let event = &played.event;
    if played.sounded {
        return filled(sheet, event, bright(DIM, event).gamma_multiply(0.62));
    }
    let rect = place(sheet, event)?;
    let stroke = sheet.theme.stroke(1.0, DIM.gamma_multiply(0.4));
    Some(shape(sheet, rect, Color32::TRANSPARENT, stroke))
}

/// What sounds: what it has done is bright, what it will do is less so.
fn lit(painter: &Painter, sheet: &Sheet, scene: &Scene, event: &Event) {
    let Some(rect) = place(sheet, event) else { return };
    let colour = if scene.is_heard() { HOT } else { DIM };
    let now = sheet.at(scene.song.sample as f64).clamp(rect.left(), rect.right());
    let glow = shape(sheet, rect.expand(sheet.theme.px(1.0)), colour.gamma_multiply(0.4), Stroke::NONE);
    painter.add(glow);
    painter.add(shape(sheet, rect.with_max_x(now), bright(colour, event), Stroke::NONE));
}

fn filled(sheet: &Sheet, event: &Event, colour: Color32) -> Option<Shape> {
    place(sheet, event).map(|rect| shape(sheet, rect, colour, Stroke::NONE))
}

/// Where an event lies, if it is seen: a point wide at least, and a hair short of the next.
fn place(sheet: &Sheet, event: &Event) -> Option<Rect> {
    let [left, right] = [event.start_sample, event.end_sample()].map(|sample| sheet.at(sample as f64));
    let gap = sheet.theme.px(0.75).min(0.2 * (right - left));
    let rect = sheet.cell(left, (right - gap).max(left + 1.0), sheet.lanes[event.lane as usize]);
    (right > sheet.x.min && left < sheet.x.max).then(|| rect.shrink2([0.0, 0.12 * rect.height()].into()))
}

fn shape(sheet: &Sheet, rect: Rect, fill: Color32, stroke: Stroke) -> Shape {
    let corner = sheet.theme.px(2.5).min(0.5 * rect.width());
    let shape = RectShape::new(rect, CornerRadius::from(corner), fill, stroke, StrokeKind::Inside);
    // Whole pixels would make events breathe as they move.
    Shape::Rect(RectShape { round_to_pixels: Some(false), ..shape })
}
