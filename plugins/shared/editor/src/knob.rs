//! A knob: name, dial, value.

use crate::context;
use crate::control::{Desk, touch};
use crate::entry::{self, Place};
use crate::parameter::Parameter;
use crate::theme::{DIM, EDGE, HOT, RING, TEXT, Theme, WELL, arc, spoke};
use egui::{Rect, Ui, pos2};

/// The dial's stops, in turns clockwise from straight down.
const LOW: f32 = 0.125;
const HIGH: f32 = 0.875;
/// Heights of the name above and of the value below, in units.
const NAME: f32 = 18.0;
const VALUE: f32 = 20.0;
/// The largest dial, in units.
const DIAL: f32 = 84.0;

pub(crate) fn show(ui: &mut Ui, cell: Rect, parameter: &Parameter, desk: &mut Desk) {
    let (name, dial, value) = parts(cell, desk.theme);
    let response = touch(ui, name.union(dial), parameter, desk);
    if response.double_clicked() {
        desk.hand.put(parameter, parameter.default_value());
    }
    let lit = response.hovered() || desk.hand.holds(parameter);
    context::name(ui.painter(), cell, parameter, if lit { TEXT } else { DIM }, desk);
    draw(ui, dial, parameter, desk, lit);
    entry::show(ui, value, parameter, desk, Place::Knob);
}

/// Name, dial and value of a cell, from the top. The group stays together in the middle of a tall cell.
pub(crate) fn parts(cell: Rect, theme: Theme) -> (Rect, Rect, Rect) {
    let px = |units| theme.px(units);
    let room = cell.height() - px(NAME + VALUE);
    let dial = room.min(cell.width() - px(8.0)).min(px(DIAL));
    let top = cell.center().y - (dial + px(NAME + VALUE)) / 2.0;
    let row = |from: f32, to: f32| Rect::from_x_y_ranges(cell.x_range(), top + from..=top + to);
    let (a, b) = (px(NAME), px(NAME) + dial);
    (row(0.0, a), row(a, b), row(b, b + px(VALUE)))
}

fn draw(ui: &Ui, area: Rect, parameter: &Parameter, desk: &Desk, lit: bool) {
    let (theme, painter) = (desk.theme, ui.painter());
    let centre = pos2(area.center().x, area.center().y + theme.px(2.0));
    let radius = area.height() / 2.0 - theme.px(4.0);
    let angle = |value: f32| LOW + (HIGH - LOW) * value;
    let value = angle(desk.hand.shown(parameter));
    painter.circle(centre, radius * 0.74, WELL, theme.stroke(1.0, if lit { DIM } else { EDGE }));
    arc(painter, centre, radius, LOW, HIGH, theme.stroke(3.5, EDGE));
    arc(painter, centre, radius, angle(origin(parameter)), value, theme.stroke(3.5, RING));
    // What the host's modulation makes of it: a thin ring inside, from the knob's own place to what is heard.
    let modulated = angle(parameter.modulated());
    if (modulated - angle(parameter.value())).abs() > 1e-4 {
        arc(painter, centre, radius - theme.px(4.5), angle(parameter.value()), modulated, theme.stroke(2.0, HOT));
    }
    let hand = [centre + spoke(value) * radius * 0.34, centre + spoke(value) * radius * 0.66];
    painter.line_segment(hand, theme.stroke(2.5, TEXT));
}

/// Where the ring starts: at zero for a range that spans it evenly (gain, pitch), else at the low end.
fn origin(parameter: &Parameter) -> f32 {
    match parameter.parse("0") {
        Some(zero) if (zero - 0.5).abs() < 1e-3 => 0.5,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::parameter;
    use egui::vec2;

    #[test]
    fn name_dial_and_value_stand_in_their_cell() {
        for (scale, size) in [(0.75, vec2(66.0, 72.0)), (1.0, vec2(88.0, 96.0)), (3.0, vec2(900.0, 400.0))] {
            let cell = Rect::from_min_size(pos2(7.0, 11.0), size);
            let (name, dial, value) = parts(cell, Theme { scale });
            assert!([name, dial, value].iter().all(|part| cell.expand(0.01).contains_rect(*part)), "{scale}");
            assert!((name.bottom() - dial.top()).abs() < 0.01 && (dial.bottom() - value.top()).abs() < 0.01);
            assert!(dial.height() >= 50.0 * scale && dial.height() <= cell.width(), "{dial:?}");
        }
    }

    #[test]
    fn the_ring_starts_at_zero_where_zero_is_the_middle() {
        assert_eq!(["decay", "pan"].map(|id| origin(&parameter(id))), [0.0, 0.5]);
    }
}
