//! A menu: shows what is chosen, and opens the list of what may be.

use crate::context;
use crate::control::{Desk, id, touch, wants_default};
use crate::keys::presses;
use crate::knob::parts;
use crate::parameter::Parameter;
use crate::theme::{DIM, EDGE, RING, TEXT, Theme, WELL};
use egui::{Align2, Popup, PopupCloseBehavior, Rect, Response, ScrollArea, Sense, Shape, StrokeKind, Ui, pos2, vec2};

/// The height of the button and of a line of the list, in units.
const LINE: f32 = 24.0;

pub(crate) fn show(ui: &mut Ui, cell: Rect, parameter: &Parameter, desk: &mut Desk) {
    let (name, body, _) = parts(cell, desk.theme);
    let size = vec2(cell.width() - desk.theme.px(6.0), desk.theme.px(LINE));
    let button = Rect::from_center_size(body.center(), size);
    let response = touch(ui, name.union(button), parameter, desk);
    let lit = response.hovered();
    context::name(ui.painter(), cell, parameter, if lit { TEXT } else { DIM }, desk);
    draw(ui, button, desk.theme, &parameter.text(desk.hand.shown(parameter)), lit);
    let open = presses(ui, &response) && !wants_default(ui, &response);
    list(ui, button, &response, open, parameter, desk);
}

fn draw(ui: &Ui, button: Rect, theme: Theme, text: &str, lit: bool) {
    let painter = ui.painter();
    painter.rect_filled(button, theme.px(4.0), WELL);
    let edge = theme.stroke(1.0, if lit { DIM } else { EDGE });
    painter.rect_stroke(button, theme.px(4.0), edge, StrokeKind::Inside);
    let words = button.with_max_x(button.right() - theme.px(18.0)).with_min_x(button.left() + theme.px(7.0));
    theme.fitted(painter, words, Align2::LEFT_CENTER, [12.5, 11.5, 10.5], TEXT, text);
    let (x, y, half) = (button.right() - theme.px(11.0), button.center().y, theme.px(3.5));
    let arrow = vec![pos2(x - half, y - half / 2.0), pos2(x + half, y - half / 2.0), pos2(x, y + half / 2.0)];
    painter.add(Shape::convex_polygon(arrow, DIM, egui::Stroke::NONE));
}

/// The open list: below its button or above it, wherever the window has room; it scrolls where it is taller.
fn list(ui: &Ui, button: Rect, response: &Response, open: bool, parameter: &Parameter, desk: &mut Desk) {
    let popup = id(parameter, "list");
    if open {
        Popup::toggle_id(ui.ctx(), popup);
    }
    let width = button.width().max(desk.theme.px(96.0));
    Popup::from_response(response)
        .id(popup)
        .anchor(button)
        .open_memory(None)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .gap(desk.theme.px(2.0))
        .frame(egui::Frame::popup(&ui.global_style()).inner_margin(desk.theme.px(3.0)))
        .show(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let tallest = ui.ctx().content_rect().height() * 0.4;
            ScrollArea::vertical().max_height(tallest).show(ui, |ui| lines(ui, width, parameter, desk));
        });
}

fn lines(ui: &mut Ui, width: f32, parameter: &Parameter, desk: &mut Desk) {
    let steps = parameter.steps().unwrap_or(1);
    let chosen = desk.hand.shown(parameter);
    for step in 0..=steps {
        let value = step as f32 / steps as f32;
        let (rect, response) = ui.allocate_exact_size(vec2(width, desk.theme.px(LINE)), Sense::CLICK);
        let colour = if parameter.snap(value) == parameter.snap(chosen) { RING } else { TEXT };
        if response.hovered() {
            ui.painter().rect_filled(rect, desk.theme.px(3.0), EDGE);
            *desk.help = format!("{}: {}", parameter.name(), parameter.text(value));
        }
        let words = rect.shrink2(vec2(desk.theme.px(7.0), 0.0));
        desk.theme.text(ui.painter(), words, Align2::LEFT_CENTER, 12.5, colour, &parameter.text(value));
        if response.clicked() {
            desk.hand.put(parameter, value);
            ui.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rig::Rig;
    use crate::testing::{Hall, gestures, parameter};

    #[test]
    fn a_menu_sets_what_is_chosen() {
        let mut rig = Rig::new();
        let at = rig.dial("hall");
        rig.click(at);
        rig.idle(2);
        assert_eq!(rig.calls(), [], "opening is no change");
        let list = rig.area(id(&parameter("hall"), "list"));
        rig.click(list.center_bottom() - vec2(0.0, 12.0));
        assert_eq!(rig.plugin.hall.value(), Hall::Yard);
        assert_eq!(gestures(&rig.calls()), 1);
        rig.idle(2);
        assert!(!Popup::is_any_open(&rig.context));
    }

    #[test]
    fn a_click_elsewhere_and_escape_close_the_list_and_change_nothing() {
        let close: [fn(&mut Rig); 2] = [|rig| rig.click(pos2(3.0, 3.0)), |rig| rig.key(egui::Key::Escape)];
        for close in close {
            let mut rig = Rig::new();
            let at = rig.dial("hall");
            rig.click(at);
            rig.idle(2);
            close(&mut rig);
            rig.idle(2);
            assert!(!Popup::is_any_open(&rig.context));
            assert_eq!(rig.calls(), []);
        }
    }

    #[test]
    fn arrows_choose_in_the_open_list_and_enter_closes_it() {
        let mut rig = Rig::new();
        rig.focus("Hall");
        rig.key(egui::Key::Enter);
        rig.idle(2);
        assert!(Popup::is_any_open(&rig.context));
        (0..2).for_each(|_| rig.key(egui::Key::ArrowDown));
        rig.key(egui::Key::Enter);
        rig.idle(20);
        assert!(!Popup::is_any_open(&rig.context));
        assert_eq!((rig.plugin.hall.value(), gestures(&rig.calls())), (Hall::Crypt, 1));
    }
}
