//! What a right-click on a control, or the key M, offers: its default, typing, copy and paste, and the lock.

use crate::access;
use crate::control::{Desk, id};
use crate::entry::{self, Place};
use crate::keys;
use crate::knob::parts;
use crate::parameter::Parameter;
use crate::theme::{DIM, EDGE, HOT, PANEL, TEXT, Theme};
use egui::{
    Align2, Color32, Id, Painter, Popup, PopupCloseBehavior, Rect, Response, Sense, StrokeKind, Ui, pos2, vec2,
};
use std::sync::Mutex;

/// The menu's width and the height of a line, in units.
const WIDTH: f32 = 170.0;
const LINE: f32 = 24.0;
/// The colour of a padlock that nobody can open.
const FOR_GOOD: Color32 = DIM;

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
    let (menu, by_key) = (menu_id(parameter, place), keys::asks_for_menu(ui, &response));
    if by_key {
        desk.hand.release();
        Popup::open_id(ui.ctx(), menu);
    }
    let popup = Popup::context_menu(&response).id(menu);
    // A key opens it below the control, the mouse where it is.
    let at_pointer = response.secondary_clicked() || Popup::position_of_id(ui.ctx(), menu).is_some();
    let popup = if at_pointer { popup } else { popup.anchor(response.rect) };
    popup
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .frame(egui::Frame::popup(&ui.global_style()).inner_margin(desk.theme.px(3.0)))
        .show(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let mut lines = Vec::new();
            for (act, words) in offers(parameter, desk) {
                let response = line(ui, Id::unique((menu, lines.len())), &words, desk.theme);
                lines.push(response.id);
                if keys::presses(ui, &response) {
                    perform(ui, act, parameter, place, desk);
                    ui.close();
                }
            }
            keys::walk(ui, &lines);
            if by_key {
                keys::enter(ui, lines[0]);
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
        let locked = is_locked(parameter, desk);
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

fn line(ui: &mut Ui, id: Id, words: &str, theme: Theme) -> Response {
    let (_, rect) = ui.allocate_space(vec2(theme.px(WIDTH), theme.px(LINE)));
    let response = ui.interact(rect, id, Sense::click());
    access::button(&response, words);
    if response.hovered() {
        ui.painter().rect_filled(rect, theme.px(3.0), EDGE);
    }
    theme.text(ui.painter(), rect.shrink2(vec2(theme.px(7.0), 0.0)), Align2::LEFT_CENTER, 12.5, TEXT, words);
    response
}

/// Draws a control's name: in the middle of its cell, or beside the padlock that is shut on it where that would be in the way.
pub(crate) fn name(painter: &Painter, cell: Rect, parameter: &Parameter, colour: Color32, desk: &Desk) {
    let ((all, ..), lock, theme) = (parts(cell, desk.theme), lock_place(cell, desk.theme), desk.theme);
    let begins = all.center().x - 0.5 * theme.width(painter, 12.5, parameter.name());
    let room = if is_locked(parameter, desk) && begins < lock.right() { all.with_min_x(lock.right()) } else { all };
    theme.name(painter, room, colour, parameter.name());
}

/// Whether presets, A/B and Init leave a parameter alone.
fn is_locked(parameter: &Parameter, desk: &Desk) -> bool {
    parameter.is_projects() || desk.shelf.lock().locked.contains(parameter.id())
}

/// The padlock in the corner of a cell: shut on what is locked, and offered, dim, where the pointer is. A click on it
/// locks or unlocks. What belongs to the project is never touched by any of them: its padlock is shut for good, and dim.
pub(crate) fn lock(ui: &Ui, cell: Rect, parameter: &Parameter, desk: &mut Desk) {
    if parameter.is_projects() {
        let rect = lock_place(cell, desk.theme);
        draw_lock(ui.painter(), rect, desk.theme, true, FOR_GOOD);
        if ui.rect_contains_pointer(rect) {
            let name = parameter.name();
            *desk.help = format!("{name} belongs to the project: presets, A/B and Init never touch it");
        }
        return;
    }
    let locked = is_locked(parameter, desk);
    let here = ui.rect_contains_pointer(cell);
    if !locked && !here {
        return;
    }
    let rect = lock_place(cell, desk.theme);
    let response = ui.interact(rect, id(parameter, "lock"), Sense::CLICK);
    if !locked {
        // A long name gives way while the padlock is offered.
        ui.painter().rect_filled(rect, 0.0, PANEL);
    }
    let colour = match (locked, response.hovered()) {
        (_, true) => TEXT,
        (true, false) => HOT,
        (false, false) => DIM.gamma_multiply(0.6),
    };
    draw_lock(ui.painter(), rect, desk.theme, locked, colour);
    if response.hovered() {
        let now = if locked { "is locked: presets, A/B and Init leave it alone" } else { "can be locked" };
        *desk.help = format!("{} {now}. Click to {}", parameter.name(), if locked { "unlock" } else { "lock" });
    }
    if response.clicked() {
        toggle_lock(parameter, desk);
    }
}

/// Where the padlock of a cell lies: at the left of the name, and near it where the cell is wide.
pub(crate) fn lock_place(cell: Rect, theme: Theme) -> Rect {
    let (name, ..) = parts(cell, theme);
    let left = (cell.left() + theme.px(1.0)).max(cell.center().x - theme.px(62.0));
    Rect::from_min_size(pos2(left, name.top() + theme.px(1.0)), vec2(theme.px(14.0), theme.px(14.0)))
}

fn draw_lock(painter: &Painter, rect: Rect, theme: Theme, locked: bool, colour: Color32) {
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
    use egui::{Key, Modifiers};

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
    fn the_keyboard_opens_the_menu_and_goes_through_its_lines() {
        for (key, modifiers) in [(Key::M, Modifiers::NONE), (Key::F10, Modifiers::SHIFT), (Key::Menu, Modifiers::NONE)]
        {
            let mut rig = Rig::new();
            rig.focus("Decay");
            rig.modifiers = modifiers;
            rig.key(key);
            rig.modifiers = Modifiers::NONE;
            rig.idle(2);
            assert_eq!(rig.focused().as_deref(), Some("Default: 2.00 s"));
            rig.key(Key::ArrowDown);
            rig.key(Key::Enter);
            rig.write("5 s");
            rig.key(Key::Enter);
            assert_eq!((told(&rig.calls()), rig.focused().as_deref()), (vec![0.5], Some("Decay")));
            rig.key(Key::M);
            (0..9).for_each(|_| rig.key(Key::ArrowDown));
            rig.key(Key::Enter);
            rig.idle(2);
            assert!(rig.plugin.shelf.lock().locked.contains("decay"), "the last line");
            assert_eq!((rig.focused().as_deref(), told(&rig.calls()).len()), (Some("Decay"), 1));
        }
    }

    #[test]
    fn arrows_work_in_a_menu_that_the_mouse_opened() {
        let mut rig = Rig::new();
        rig.drag("decay", vec2(0.0, -66.0));
        rig.button(false);
        let at = rig.dial("decay");
        rig.right_click(at);
        rig.idle(2);
        rig.key(Key::ArrowDown);
        assert_eq!(rig.focused().as_deref(), Some("Default: 2.00 s"));
        rig.key(Key::Enter);
        rig.idle(2);
        assert_eq!((rig.plugin.decay.value(), Popup::is_any_open(&rig.context)), (2.0, false));
        assert!(!rig.context.egui_wants_keyboard_input());
    }

    #[test]
    fn escape_closes_the_menu_and_keeps_the_focus() {
        let mut rig = Rig::with_picture();
        rig.focus("Mix");
        rig.key(Key::M);
        rig.idle(2);
        assert!(Popup::is_any_open(&rig.context));
        rig.key(Key::Escape);
        rig.idle(2);
        assert_eq!((Popup::is_any_open(&rig.context), rig.focused().as_deref()), (false, Some("Mix")));
        assert_eq!(rig.calls(), []);
    }

    #[test]
    fn what_belongs_to_the_project_is_locked_for_good() {
        let (sync, lock) = (parameter("sync"), parameter("decay"));
        assert!(sync.is_projects() && !lock.is_projects());
        let mut rig = Rig::with_project();
        let at = lock_place(rig.cell("sync"), Theme { scale: rig.scale() }).center();
        rig.click(at);
        rig.idle(1);
        assert!(rig.help().contains("never touch it"), "{}", rig.help());
        assert!(!rig.plugin.shelf.lock().locked.contains("sync"));
        assert_eq!(rig.calls(), []);
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
