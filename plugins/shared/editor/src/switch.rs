//! A switch: a click turns it over. Two quick clicks turn it over twice; its default is at Ctrl-click.

use crate::context;
use crate::control::{Desk, touch, wants_default};
use crate::keys::presses;
use crate::knob::parts;
use crate::parameter::Parameter;
use crate::theme::{DIM, EDGE, RING, TEXT, WELL};
use egui::{Align2, Rect, StrokeKind, Ui, pos2, vec2};

pub(crate) fn show(ui: &mut Ui, cell: Rect, parameter: &Parameter, desk: &mut Desk) {
    let (name, body, value) = parts(cell, desk.theme);
    let response = touch(ui, name.union(value), parameter, desk);
    if presses(ui, &response) && !wants_default(ui, &response) {
        desk.hand.put(parameter, 1.0 - desk.hand.shown(parameter).round());
    }
    let (theme, painter) = (desk.theme, ui.painter());
    let now = desk.hand.shown(parameter);
    let colour = if response.hovered() { TEXT } else { DIM };
    context::name(painter, cell, parameter, colour, desk);
    draw(ui, body, desk, now >= 0.5, response.hovered());
    theme.text(painter, value, Align2::CENTER_CENTER, 12.5, TEXT, &parameter.text(now));
}

fn draw(ui: &Ui, body: Rect, desk: &Desk, on: bool, lit: bool) {
    let (theme, painter) = (desk.theme, ui.painter());
    let pill = Rect::from_center_size(body.center(), vec2(theme.px(46.0), theme.px(24.0)));
    let radius = pill.height() / 2.0;
    painter.rect_filled(pill, radius, if on { RING.gamma_multiply(0.55) } else { WELL });
    let edge = if on {
        RING
    } else if lit {
        DIM
    } else {
        EDGE
    };
    painter.rect_stroke(pill, radius, theme.stroke(1.5, edge), StrokeKind::Inside);
    let x = if on { pill.right() - radius } else { pill.left() + radius };
    painter.circle_filled(pos2(x, pill.center().y), radius - theme.px(5.0), if on { TEXT } else { DIM });
}

#[cfg(test)]
mod tests {
    use crate::rig::Rig;
    use crate::testing::gestures;

    #[test]
    fn a_click_turns_a_switch_over() {
        let mut rig = Rig::new();
        let at = rig.dial("freeze");
        rig.click(at);
        assert!(rig.plugin.freeze.value());
        rig.click(at);
        assert!(!rig.plugin.freeze.value());
        assert_eq!(gestures(&rig.calls()), 2);
    }
}
