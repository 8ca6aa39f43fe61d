//! A value that is typed. The keyboard is taken from the host only while this field is open.

use crate::control::{Desk, id, wants_default};
use crate::field::Field;
use crate::parameter::Parameter;
use crate::theme::{RING, TEXT};
use egui::{Align2, CursorIcon, Key, Rect, Sense, Ui};

/// Where a value stands. One that has a large slider stands in two places, and each has its own field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Knob,
    Slider,
}

impl Place {
    /// The parts of the control that are the text and the field in this place.
    fn parts(self) -> [&'static str; 2] {
        match self {
            Self::Knob => ["value", "field"],
            Self::Slider => ["large value", "large field"],
        }
    }

    /// The part that moves the parameter, and that the focus comes back to.
    pub fn control(self) -> &'static str {
        match self {
            Self::Knob => "control",
            Self::Slider => "slider",
        }
    }
}

/// The value of a parameter as text in `rect`, and the field that replaces it when it is clicked.
pub(crate) fn show(ui: &mut Ui, rect: Rect, parameter: &Parameter, desk: &mut Desk, place: Place) {
    let field = id(parameter, place.parts()[1]);
    match desk.typing.take_if(|typing| typing.id == field) {
        Some(typing) => edit(ui, rect, parameter, desk, place, typing),
        None => label(ui, rect, parameter, desk, place),
    }
}

/// Opens the field of a parameter whose value is drawn as text.
pub(crate) fn open(ui: &Ui, parameter: &Parameter, desk: &mut Desk, place: Place) {
    desk.hand.release();
    let text = parameter.text(desk.hand.shown(parameter));
    *desk.typing = Some(Field::open(ui, id(parameter, place.parts()[1]), text));
}

/// Opens the field with what has been typed already.
pub(crate) fn begin(ui: &Ui, parameter: &Parameter, desk: &mut Desk, place: Place, text: String) {
    desk.hand.release();
    *desk.typing = Some(Field::begin(ui, id(parameter, place.parts()[1]), text));
}

fn label(ui: &Ui, rect: Rect, parameter: &Parameter, desk: &mut Desk, place: Place) {
    let text = parameter.text(desk.hand.shown(parameter));
    // Not for the tab key: Enter on the control types.
    let response = ui.interact(rect, id(parameter, place.parts()[0]), Sense::CLICK);
    let colour = if response.hovered() { RING } else { TEXT };
    desk.theme.text(ui.painter(), rect, Align2::CENTER_CENTER, 12.5, colour, &text);
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::Text);
        *desk.help = format!("{}. Click to type a value, Enter takes it", parameter.name());
    }
    if wants_default(ui, &response) {
        desk.hand.put(parameter, parameter.default_value());
    } else if response.clicked() {
        open(ui, parameter, desk, place);
    }
}

fn edit(ui: &mut Ui, rect: Rect, parameter: &Parameter, desk: &mut Desk, place: Place, mut typing: Field) {
    *desk.help = parameter.help(desk.hand.shown(parameter));
    let has_focus = typing.show(ui, rect, desk.theme, Align2::CENTER_CENTER);
    let (enter, tab) = ui.input(|input| (input.key_pressed(Key::Enter), input.key_pressed(Key::Tab)));
    let value = parameter.parse(&typing.text);
    match value {
        Some(value) if enter || tab => {
            // As it stands it is rounded: taken like that it would be changed.
            if typing.text != parameter.text(desk.hand.shown(parameter)) {
                desk.hand.put(parameter, value);
            }
            if enter && desk.keys {
                ui.memory_mut(|memory| memory.request_focus(id(parameter, place.control())));
            }
            return;
        }
        None if enter => {
            typing.wrong = true;
            ui.memory_mut(|memory| memory.request_focus(typing.id));
        }
        _ if !has_focus => return,
        _ => typing.wrong &= value.is_none(),
    }
    *desk.typing = Some(typing);
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
    fn what_was_not_changed_is_not_told() {
        let mut rig = Rig::new();
        rig.drag("decay", egui::vec2(0.0, -33.3));
        rig.button(false);
        let (value, told) = (rig.plugin.decay.value(), rig.calls().len());
        let at = rig.value("decay");
        rig.click(at);
        rig.idle(2);
        rig.key(Key::Enter);
        assert_eq!((rig.plugin.decay.value(), rig.calls().len()), (value, told));
    }

    #[test]
    fn a_ctrl_click_on_the_value_gives_the_default() {
        let mut rig = Rig::new();
        rig.drag("decay", egui::vec2(0.0, -33.3));
        rig.button(false);
        rig.modifiers = egui::Modifiers::COMMAND;
        let at = rig.value("decay");
        rig.click(at);
        assert_eq!(rig.plugin.decay.value(), 2.0);
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
