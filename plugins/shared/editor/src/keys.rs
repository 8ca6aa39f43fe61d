//! The keyboard. All keys are the host's (the space bar plays) until the user comes in by Tab, or types a value and goes on
//! by Tab; Escape, a press of the mouse, and the loss of the window's focus give them back.
//!
//! On the control that has the focus: arrows move it (Shift: finely), Page Up and Down ten times as far, Home and End to
//! its ends, Delete and Backspace to its default, L locks it, M opens its menu. Enter types a value, a figure begins one;
//! Space and Enter press what can be pressed. In an open list arrows go from line to line, Enter takes one, and Escape
//! closes the list and no more.

use crate::context::toggle_lock;
use crate::control::{Desk, id};
use crate::entry::{self, Place};
use crate::parameter::{Kind, Parameter};
use crate::theme::{TEXT, Theme};
use egui::accesskit::{Action, ActionData};
use egui::{Event, FocusDirection, Id, Key, Popup, Response, StrokeKind, Ui};

/// One press of an arrow moves a continuous parameter by this much of its range: half a notch of the wheel.
const STEP: f32 = 0.01;
/// Page Up and Page Down are so many arrows.
const PAGE: f32 = 10.0;

/// Whether the keyboard is the editor's.
#[derive(Default)]
pub(crate) struct Keyboard {
    ours: bool,
    /// A list was open in the last frame.
    listed: bool,
    /// What had the focus before the list opened, and gets it back.
    origin: Option<Id>,
}

impl Keyboard {
    pub fn is_ours(&self) -> bool {
        self.ours
    }

    /// To be called at the beginning of a frame. The arrows belong to the control that has the focus; left alone, egui would
    /// carry the focus away with them. (A filter would ask egui not to, but only from the second frame of the focus on.)
    pub fn begin(ui: &Ui) {
        const ARROWS: [Key; 4] = [Key::ArrowUp, Key::ArrowDown, Key::ArrowLeft, Key::ArrowRight];
        if ui.input(|input| ARROWS.iter().any(|key| input.key_pressed(*key))) {
            ui.memory_mut(|memory| memory.move_focus(FocusDirection::None));
        }
    }

    /// To be called at the end of a frame. Gives the focus, and with it the keyboard, back to the host unless it is ours or
    /// `typing` has it.
    pub fn settle(&mut self, ui: &Ui, typing: Option<Id>) {
        let walked = ui.data_mut(|data| data.remove_temp::<bool>(walked())).unwrap_or(false);
        let listed = std::mem::replace(&mut self.listed, Popup::is_any_open(ui.ctx()));
        self.ours = ui.input(|input| {
            let enters = input.key_pressed(Key::Tab) || input.events.iter().any(is_focus_request);
            let leaves = input.key_pressed(Key::Escape) && !listed
                || input.pointer.any_pressed()
                || input.events.contains(&Event::WindowFocused(false));
            (self.ours || enters || walked) && !leaves
        });
        if listed && !self.listed && typing.is_none() {
            self.ours &= self.origin.is_some();
            if let Some(origin) = self.origin.filter(|_| self.ours) {
                ui.memory_mut(|memory| memory.request_focus(origin));
            }
        }
        if !self.listed {
            self.origin = ui.memory(|memory| memory.focused());
        }
        ui.memory_mut(|memory| match memory.focused() {
            Some(focused) if Some(focused) != typing && !self.ours => memory.surrender_focus(focused),
            _ => (),
        });
    }

    /// Draws a ring around what has the focus.
    pub fn ring(&self, ui: &Ui, theme: Theme) {
        let focused = ui.memory(|memory| memory.focused()).filter(|_| self.ours);
        let response = focused.and_then(|id| ui.ctx().read_response(id));
        // What a list has scrolled out of sight has none.
        if let Some(response) = response.filter(|response| response.interact_rect.is_positive()) {
            let rect =
                response.interact_rect.expand(theme.px(3.0)).intersect(ui.ctx().content_rect().shrink(theme.px(1.0)));
            let painter = ui.ctx().layer_painter(response.layer_id);
            painter.rect_stroke(rect, theme.px(5.0), theme.stroke(1.5, TEXT), StrokeKind::Inside);
        }
    }
}

fn is_focus_request(event: &Event) -> bool {
    matches!(event, Event::AccessKitActionRequest(request) if request.action == Action::Focus)
}

/// Whether one of the keys that move values is held down.
pub(crate) fn is_held(ui: &Ui) -> bool {
    const MOVING: [Key; 6] =
        [Key::ArrowUp, Key::ArrowDown, Key::ArrowLeft, Key::ArrowRight, Key::PageUp, Key::PageDown];
    ui.input(|input| MOVING.iter().any(|key| input.key_down(*key)))
}

/// A click, or Space or Enter on what has the focus; once, however long the key is held. Some systems repeat a held key as
/// presses, X11 as a release and a press at one time, which no finger can do within a frame.
pub(crate) fn presses(ui: &Ui, response: &Response) -> bool {
    let again = |event: &Event| match event {
        Event::Key { key: Key::Space | Key::Enter, pressed, repeat, .. } => *repeat || !pressed,
        _ => false,
    };
    response.clicked() && !ui.input(|input| input.events.iter().any(again))
}

/// Lets up and down carry the focus through the lines of an open list, given from top to bottom. To be called after they
/// are drawn.
pub(crate) fn walk(ui: &Ui, lines: &[Id]) {
    let presses = |key| ui.input(|input| input.num_presses(key)) as isize;
    let way = presses(Key::ArrowDown) - presses(Key::ArrowUp);
    let Some(last) = lines.len().checked_sub(1).filter(|_| way != 0) else { return };
    let focused = ui.memory(|memory| memory.focused());
    let next = match lines.iter().position(|line| Some(*line) == focused) {
        Some(at) => at.saturating_add_signed(way).min(last),
        None if way > 0 => 0,
        None => last,
    };
    enter(ui, lines[next]);
}

/// Gives the focus to a line of an open list, which scrolls there, and with it the keyboard to us. After the line is drawn:
/// it must not see the key that led there.
pub(crate) fn enter(ui: &Ui, line: Id) {
    if let Some(response) = ui.ctx().read_response(line) {
        ui.scroll_to_rect(response.rect, None);
    }
    ui.memory_mut(|memory| memory.request_focus(line));
    ui.data_mut(|data| data.insert_temp(walked(), true));
}

/// Where it is noted that a list has taken the keyboard in this frame.
fn walked() -> Id {
    Id::unique("walked")
}

/// Whether a control that has the focus is asked for its menu: M, or what the system's own keyboards have for it where the
/// adapter passes it on.
pub(crate) fn asks_for_menu(ui: &Ui, response: &Response) -> bool {
    let asked = |event: &Event| match event {
        Event::Key { key: Key::M, pressed: true, repeat: false, modifiers, .. } => modifiers.is_none(),
        Event::Key { key: Key::F10, pressed: true, modifiers, .. } => modifiers.shift,
        Event::Key { key: Key::Menu, pressed, .. } => *pressed,
        _ => false,
    };
    response.has_focus() && ui.input(|input| input.events.iter().any(asked))
}

/// Lets keys, and assistive technology, move the parameter of a control.
pub(crate) fn act(ui: &Ui, response: &Response, parameter: &Parameter, desk: &mut Desk) {
    asked(ui, response.id, parameter, desk);
    if !response.has_focus() {
        return;
    }
    let (events, now_s) = ui.input(|input| (input.events.clone(), input.time));
    for event in events {
        if let Event::Key { key, pressed: true, repeat, modifiers, .. } = event
            && !modifiers.command
            && !modifiers.alt
        {
            match key {
                Key::Home => desk.hand.put(parameter, 0.0),
                Key::End => desk.hand.put(parameter, 1.0),
                Key::Delete | Key::Backspace => desk.hand.put(parameter, parameter.default_value()),
                Key::L if !repeat && !parameter.is_projects() => toggle_lock(parameter, desk),
                _ => desk.hand.nudge(parameter, arrows(key, parameter) * parameter.notch(STEP, modifiers.shift), now_s),
            }
        }
    }
}

/// How many arrows a key is worth, upwards positive. The choices of a menu are read downwards.
fn arrows(key: Key, parameter: &Parameter) -> f32 {
    let up = if parameter.kind() == Kind::Menu { -1.0 } else { 1.0 };
    match key {
        Key::ArrowRight => 1.0,
        Key::ArrowLeft => -1.0,
        Key::ArrowUp => up,
        Key::ArrowDown => -up,
        Key::PageUp => up * PAGE,
        Key::PageDown => -up * PAGE,
        _ => 0.0,
    }
}

/// What a screen reader asks for.
fn asked(ui: &Ui, id: Id, parameter: &Parameter, desk: &mut Desk) {
    let (steps, wanted, now_s) = ui.input(|input| {
        let count = |action| input.num_accesskit_action_requests(id, action) as f32;
        let wanted = input.accesskit_action_requests(id, Action::SetValue).last().and_then(|ask| ask.data.clone());
        (count(Action::Increment) - count(Action::Decrement), wanted, input.time)
    });
    desk.hand.nudge(parameter, steps * parameter.notch(STEP, false), now_s);
    let value = match wanted {
        Some(ActionData::NumericValue(plain)) => Some(parameter.normalized(plain as f32)),
        Some(ActionData::Value(text)) => parameter.parse(&text),
        _ => None,
    };
    if let Some(value) = value {
        desk.hand.put(parameter, value);
    }
}

/// Opens the field of a control that has the focus, by Enter or by the first figure. To be called after the control is
/// drawn: the field must not see the key that opened it.
pub(crate) fn types(ui: &Ui, parameter: &Parameter, desk: &mut Desk, place: Place) {
    let control = id(parameter, place.control());
    // Had it before this frame: else the Enter that ends the typing would begin it again.
    let focused = ui.memory(|memory| memory.has_focus(control) && memory.had_focus_last_frame(control));
    if !focused || !desk.keys || !parameter.is_typed() {
        return;
    }
    let (enter, figure) = ui.input(|input| (input.key_pressed(Key::Enter), input.events.iter().find_map(figure)));
    if enter {
        entry::open(ui, parameter, desk, place);
    } else if let Some(text) = figure {
        entry::begin(ui, parameter, desk, place, text);
    }
}

/// Text that begins a value.
fn figure(event: &Event) -> Option<String> {
    match event {
        Event::Text(text) if text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
