//! A value that is typed. The keyboard is taken from the host only while this field is open.

use crate::control::{Desk, id};
use crate::parameter::Parameter;
use crate::theme::{ALARM, RING, TEXT, WELL};
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Align2, CursorIcon, Id, Key, Rect, Sense, StrokeKind, TextEdit, Ui, vec2};

/// A value in the middle of being typed.
pub(crate) struct Typing {
    field: Id,
    text: String,
    /// Enter was pressed on something that is no value.
    wrong: bool,
}

impl Typing {
    pub fn field(&self) -> Id {
        self.field
    }
}

/// The value of a parameter as text in `rect`, and the field that replaces it when it is clicked.
pub(crate) fn show(ui: &mut Ui, rect: Rect, parameter: &Parameter, desk: &mut Desk) {
    let field = id(parameter, "field");
    match desk.typing.take_if(|typing| typing.field == field) {
        Some(typing) => edit(ui, rect, parameter, desk, typing),
        None => label(ui, rect, parameter, desk, field),
    }
}

fn label(ui: &Ui, rect: Rect, parameter: &Parameter, desk: &mut Desk, field: Id) {
    let text = parameter.text(desk.hand.shown(parameter));
    let response = ui.interact(rect, id(parameter, "value"), Sense::click());
    let colour = if response.hovered() { RING } else { TEXT };
    desk.theme.text(ui.painter(), rect, Align2::CENTER_CENTER, 12.5, colour, &text);
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::Text);
        *desk.help = format!("{}. Click to type a value, Enter takes it", parameter.name());
    }
    if response.clicked() {
        desk.hand.release();
        open(ui, field, &text);
        *desk.typing = Some(Typing { field, text, wrong: false });
    }
}

fn edit(ui: &mut Ui, rect: Rect, parameter: &Parameter, desk: &mut Desk, mut typing: Typing) {
    *desk.help = parameter.help(desk.hand.shown(parameter));
    let has_focus = write(ui, rect, desk, &mut typing);
    let enter = ui.input(|input| input.key_pressed(Key::Enter));
    let value = parameter.parse(&typing.text);
    match value {
        Some(value) if enter => return desk.hand.put(parameter, value),
        None if enter => {
            typing.wrong = true;
            ui.memory_mut(|memory| memory.request_focus(typing.field));
        }
        _ if !has_focus => return,
        _ => typing.wrong &= value.is_none(),
    }
    *desk.typing = Some(typing);
}

/// Draws the field. Returns whether it still has the focus: Escape, Tab and a click elsewhere take it away.
fn write(ui: &mut Ui, rect: Rect, desk: &Desk, typing: &mut Typing) -> bool {
    let edge = if typing.wrong { ALARM } else { RING };
    ui.painter().rect_filled(rect, desk.theme.px(3.0), WELL);
    ui.painter().rect_stroke(rect, desk.theme.px(3.0), desk.theme.stroke(1.0, edge), StrokeKind::Inside);
    let font = desk.theme.font(12.5);
    let line = vec2(rect.width() - desk.theme.px(6.0), ui.fonts_mut(|fonts| fonts.row_height(&font)));
    let editor = TextEdit::singleline(&mut typing.text)
        .id(typing.field)
        .font(font)
        .frame(egui::Frame::NONE)
        .align(Align2::CENTER_CENTER)
        .char_limit(40);
    ui.put(Rect::from_center_size(rect.center(), line), editor);
    // Not the window's focus: on X11 it comes a moment after the click that asked for it.
    ui.memory(|memory| memory.has_focus(typing.field))
}

/// Takes the keyboard for a field that is drawn from the next frame on, all of it selected: the first key replaces it.
fn open(ui: &Ui, field: Id, text: &str) {
    let mut state = TextEditState::default();
    let end = CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(0), end)));
    TextEdit::store_state(ui.ctx(), field, state);
    ui.memory_mut(|memory| memory.request_focus(field));
}

#[cfg(test)]
mod tests {
    use crate::rig::Rig;
    use crate::testing::{Call, told};
    use egui::{Key, pos2};

    #[test]
    fn a_typed_value_is_one_gesture_and_gives_the_keyboard_back() {
        let mut rig = Rig::new();
        let at = rig.value("decay");
        rig.click(at);
        rig.idle(2);
        assert!(rig.context.egui_wants_keyboard_input());
        rig.write("7.5 s");
        rig.key(Key::Enter);
        assert_eq!(rig.calls(), [Call::Begin("decay"), Call::Set("decay", 0.75), Call::End("decay")]);
        rig.idle(2);
        assert!(!rig.context.egui_wants_keyboard_input());
    }

    #[test]
    fn escape_and_a_click_elsewhere_leave_the_value() {
        for ending in [|rig: &mut Rig| rig.key(Key::Escape), |rig: &mut Rig| rig.click(pos2(3.0, 3.0))] {
            let mut rig = Rig::new();
            let at = rig.value("decay");
            rig.click(at);
            rig.write("7.5");
            ending(&mut rig);
            rig.idle(2);
            assert_eq!(rig.calls(), []);
            assert!(!rig.context.egui_wants_keyboard_input());
        }
    }

    #[test]
    fn nonsense_stays_open_until_it_is_mended() {
        let mut rig = Rig::new();
        let at = rig.value("decay");
        rig.click(at);
        rig.write("loud");
        rig.key(Key::Enter);
        rig.idle(2);
        assert_eq!(rig.calls(), []);
        assert!(rig.context.egui_wants_keyboard_input());
        (0..4).for_each(|_| rig.key(Key::Backspace));
        rig.write("5");
        rig.key(Key::Enter);
        assert_eq!(told(&rig.calls()), [0.5]);
    }
}
