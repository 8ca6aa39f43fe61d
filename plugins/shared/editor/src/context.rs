//! What a right-click on a control offers: its default, typing, copy and paste, and the lock.

use crate::control::{Desk, id};
use crate::entry::{self, Place};
use crate::knob::parts;
use crate::parameter::Parameter;
use crate::theme::{DIM, EDGE, HOT, TEXT, Theme};
use egui::{Align2, Painter, Popup, PopupCloseBehavior, Rect, Sense, StrokeKind, Ui, pos2, vec2};
use std::sync::Mutex;

/// The menu's width and the height of a line, in units.
const WIDTH: f32 = 170.0;
const LINE: f32 = 24.0;

/// The value that was copied last, as text. The system's clipboard can be written from a menu but not read.
static COPIED: Mutex<String> = Mutex::new(String::new());

/// What a line of the menu does.
#[derive(Clone, Copy, PartialEq)]
enum Act {
    Default,
    Type,
    Copy,
    Paste,
    Lock,
}

/// The menu of a control that has been drawn. After it and not before: a field that is opened here must not see the click
/// that opened it.
pub(crate) fn show(ui: &Ui, parameter: &Parameter, place: Place, desk: &mut Desk) {
    let Some(response) = ui.ctx().read_response(id(parameter, place.control())) else { return };
    Popup::context_menu(&response)
        .id(menu_id(parameter, place))
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .frame(egui::Frame::popup(&ui.global_style()).inner_margin(desk.theme.px(3.0)))
        .show(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (act, words) in offers(parameter, desk) {
                if line(ui, &words, desk.theme) {
                    perform(ui, act, parameter, place, desk);
                    ui.close();
                }
            }
        });
}

/// The egui id of the menu of a control.
pub(crate) fn menu_id(parameter: &Parameter, place: Place) -> egui::Id {
    let part = if place == Place::Slider { "large context" } else { "context" };
    id(parameter, part)
}

fn offers(parameter: &Parameter, desk: &Desk) -> Vec<(Act, String)> {
    let mut offers = vec![(Act::Default, format!("Default: {}", parameter.text(parameter.default_value())))];
    if parameter.is_typed() {
        offers.push((Act::Type, "Type a value".into()));
    }
    offers.push((Act::Copy, format!("Copy {}", parameter.text(desk.hand.shown(parameter)))));
    if let Some(value) = copied(parameter) {
        offers.push((Act::Paste, format!("Paste {}", parameter.text(value))));
    }
    if !parameter.is_projects() {
        let locked = desk.shelf.lock().locked.contains(parameter.id());
        offers.push((Act::Lock, if locked { "Unlock" } else { "Lock" }.into()));
    }
    offers
}

fn perform(ui: &Ui, act: Act, parameter: &Parameter, place: Place, desk: &mut Desk) {
    match act {
        Act::Default => desk.hand.put(parameter, parameter.default_value()),
        Act::Type => entry::open(ui, parameter, desk, place),
        Act::Copy => {
            let text = parameter.text(desk.hand.shown(parameter));
            ui.copy_text(text.clone());
            *COPIED.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = text;
        }
        Act::Paste => {
            if let Some(value) = copied(parameter) {
                desk.hand.put(parameter, value);
            }
        }
        Act::Lock => toggle_lock(parameter, desk),
    }
}

/// What was copied, as a value of this parameter; none where it makes no sense here.
fn copied(parameter: &Parameter) -> Option<f32> {
    let text = COPIED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    parameter.parse(&text)
}

/// Locks a parameter or unlocks it.
pub(crate) fn toggle_lock(parameter: &Parameter, desk: &Desk) {
    let mut kept = desk.shelf.lock();
    if !kept.locked.remove(parameter.id()) {
        kept.locked.insert(parameter.id().into());
    }
}

fn line(ui: &mut Ui, words: &str, theme: Theme) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(theme.px(WIDTH), theme.px(LINE)), Sense::CLICK);
    if response.hovered() {
        ui.painter().rect_filled(rect, theme.px(3.0), EDGE);
    }
    theme.text(ui.painter(), rect.shrink2(vec2(theme.px(7.0), 0.0)), Align2::LEFT_CENTER, 12.5, TEXT, words);
    response.clicked()
}

/// The padlock in the corner of a cell: shut on what is locked, and offered, dim, where the pointer is. A click on it
/// locks or unlocks.
pub(crate) fn lock(ui: &Ui, cell: Rect, parameter: &Parameter, desk: &mut Desk) {
    if parameter.is_projects() {
        return;
    }
    let locked = desk.shelf.lock().locked.contains(parameter.id());
    let here = ui.rect_contains_pointer(cell);
    if !locked && !here {
        return;
    }
    let rect = lock_place(cell, desk.theme);
    let response = ui.interact(rect, id(parameter, "lock"), Sense::CLICK);
    draw_lock(ui.painter(), rect, desk.theme, locked, response.hovered());
    if response.hovered() {
        let now = if locked { "is locked: presets, A/B and Init leave it alone" } else { "can be locked" };
        *desk.help = format!("{} {now}. Click to {}", parameter.name(), if locked { "unlock" } else { "lock" });
    }
    if response.clicked() {
        toggle_lock(parameter, desk);
    }
}

/// Where the padlock of a cell lies: at the left of the name, and near it where the cell is wide.
fn lock_place(cell: Rect, theme: Theme) -> Rect {
    let (name, ..) = parts(cell, theme);
    let left = (cell.left() + theme.px(1.0)).max(cell.center().x - theme.px(62.0));
    Rect::from_min_size(pos2(left, name.top() + theme.px(1.0)), vec2(theme.px(14.0), theme.px(14.0)))
}

fn draw_lock(painter: &Painter, rect: Rect, theme: Theme, locked: bool, lit: bool) {
    let colour = match (locked, lit) {
        (_, true) => TEXT,
        (true, false) => HOT,
        (false, false) => DIM.gamma_multiply(0.6),
    };
    let body =
        Rect::from_min_max(rect.min + vec2(rect.width() * 0.2, rect.height() * 0.45), rect.max - rect.size() * 0.14);
    painter.rect_filled(body, theme.px(1.0), colour);
    // An open shackle stands to the side.
    let aside = if locked { 0.0 } else { rect.width() * 0.28 };
    let shackle = Rect::from_min_max(
        pos2(body.left() + body.width() * 0.18 + aside, rect.top() + rect.height() * 0.1),
        pos2(body.right() - body.width() * 0.18 + aside, body.top() + theme.px(1.5)),
    );
    painter.rect_stroke(shackle, theme.px(2.5), theme.stroke(1.2, colour), StrokeKind::Inside);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rig::Rig;
    use crate::testing::{Call, parameter, told};

    /// Right-clicks a control and clicks the line of its menu.
    fn choose(rig: &mut Rig, id_: &str, line: usize) {
        let at = rig.dial(id_);
        rig.right_click(at);
        rig.idle(2);
        let menu = rig.area(menu_id(&parameter(id_), Place::Knob));
        rig.click(menu.left_top() + vec2(30.0, 16.0 + LINE * line as f32) * rig.scale());
        rig.idle(2);
    }

    #[test]
    fn default_copy_and_paste_are_gestures() {
        let mut rig = Rig::new();
        rig.drag("decay", vec2(0.0, -66.0));
        rig.button(false);
        let value = rig.plugin.decay.value();
        choose(&mut rig, "decay", 2);
        choose(&mut rig, "decay", 0);
        assert_eq!(rig.plugin.decay.value(), 2.0);
        choose(&mut rig, "decay", 3);
        assert!((rig.plugin.decay.value() - value).abs() < 0.01);
        assert!(matches!(rig.calls().last(), Some(Call::End("decay"))));
    }

    #[test]
    fn typing_begins_from_the_menu() {
        let mut rig = Rig::new();
        choose(&mut rig, "decay", 1);
        assert!(rig.context.egui_wants_keyboard_input());
        rig.write("5 s");
        rig.key(egui::Key::Enter);
        assert_eq!(told(&rig.calls()), [0.5]);
    }

    #[test]
    fn a_padlock_locks_and_unlocks_without_a_gesture() {
        let mut rig = Rig::new();
        let corner = lock_place(rig.cell("decay"), Theme { scale: rig.scale() }).center();
        rig.click(corner);
        assert!(rig.plugin.shelf.lock().locked.contains("decay"));
        rig.click(corner);
        assert!(!rig.plugin.shelf.lock().locked.contains("decay"));
        assert_eq!(rig.calls(), []);
    }
}
