//! What all controls have in common: the ways in which the mouse reaches a parameter.

use crate::access;
use crate::field::Field;
use crate::hand::Hand;
use crate::keys;
use crate::parameter::Parameter;
use crate::theme::Theme;
use egui::{Event, Id, MouseWheelUnit, PointerButton, Rect, Response, Sense, Ui, Vec2, vec2};
use green_ring_shell::Shelf;

/// The length of a drag over the whole range, in units of the layout. A number of taste.
const DRAG_UNITS: f32 = 220.0;
/// With Shift, drag, wheel and keys move this much of the usual way.
pub(crate) const FINE: f32 = 0.1;
/// One notch of the wheel moves a continuous parameter by this much of its range.
const NOTCH: f32 = 0.02;
/// A touchpad tells points, not notches.
const POINTS_PER_NOTCH: f32 = 40.0;
/// Dragging over this many units counts one.
const COUNT_UNITS: f32 = 4.0;

/// What controls share while a frame is drawn.
pub(crate) struct Desk<'a> {
    pub hand: &'a mut Hand,
    pub typing: &'a mut Option<Field>,
    /// Which parameters are locked.
    pub shelf: &'a Shelf,
    /// The line at the bottom: the control under the pointer in words.
    pub help: &'a mut String,
    /// A widget is dragged in this frame.
    pub dragging: &'a mut bool,
    /// The keyboard is the editor's, and not the host's.
    pub keys: bool,
    pub theme: Theme,
}

/// The egui id of the `part` of a parameter's control.
pub(crate) fn id(parameter: &Parameter, part: &str) -> Id {
    Id::unique((parameter.id(), part))
}

/// Lets the mouse move a parameter over `rect`: drag, wheel, Ctrl-click. Returns what is left to the control itself: its
/// click, and whether the pointer is over it.
pub(crate) fn touch(ui: &Ui, rect: Rect, parameter: &Parameter, desk: &mut Desk) -> Response {
    let length = desk.theme.px(DRAG_UNITS);
    reach(ui, rect, id(parameter, "control"), parameter, desk, vec2(0.0, -1.0 / length))
}

/// The same for a number that is counted in ones.
pub(crate) fn touch_slowly(ui: &Ui, rect: Rect, parameter: &Parameter, desk: &mut Desk) -> Response {
    let way = parameter.notch(NOTCH, false) / desk.theme.px(COUNT_UNITS);
    reach(ui, rect, id(parameter, "control"), parameter, desk, vec2(0.0, -way))
}

/// The same for a slider that is `length` points long: it goes as far as the pointer goes.
pub(crate) fn slide(ui: &Ui, rect: Rect, parameter: &Parameter, length: f32, desk: &mut Desk) -> Response {
    reach(ui, rect, id(parameter, "slider"), parameter, desk, vec2(1.0 / length.max(1.0), 0.0))
}

/// `way` is the share of the range that a point of the pointer's way moves, to the right and down.
fn reach(ui: &Ui, rect: Rect, id: Id, parameter: &Parameter, desk: &mut Desk, way: Vec2) -> Response {
    let response = ui.interact(rect, id, Sense::click_and_drag());
    drag(ui, &response, parameter, desk, way);
    wheel(ui, &response, parameter, desk);
    keys::act(ui, &response, parameter, desk);
    if wants_default(ui, &response) {
        desk.hand.put(parameter, parameter.default_value());
    }
    let focused = desk.keys && desk.help.is_empty() && response.has_focus();
    if response.hovered() || response.dragged() || focused {
        *desk.help = parameter.help(desk.hand.shown(parameter));
    }
    access::describe(ui, &response, parameter, desk.hand.shown(parameter));
    response
}

/// A Ctrl-click (Cmd-click on macOS).
pub(crate) fn wants_default(ui: &Ui, response: &Response) -> bool {
    response.clicked() && ui.input(|input| input.modifiers.command)
}

fn drag(ui: &Ui, response: &Response, parameter: &Parameter, desk: &mut Desk, way: Vec2) {
    if response.dragged_by(PointerButton::Primary) {
        *desk.dragging = true;
        let change = response.drag_delta().dot(way);
        desk.hand.drag(parameter, change * fineness(ui));
    }
}

fn wheel(ui: &Ui, response: &Response, parameter: &Parameter, desk: &mut Desk) {
    let notches = if response.hovered() { notches(ui) } else { 0.0 };
    if notches != 0.0 {
        let (fine, now_s) = ui.input(|input| (input.modifiers.shift, input.time));
        desk.hand.turn(parameter, notches * parameter.notch(NOTCH, fine), now_s);
    }
}

fn fineness(ui: &Ui) -> f32 {
    if ui.input(|input| input.modifiers.shift) { FINE } else { 1.0 }
}

/// Notches of the wheel in this frame, upwards positive. Systems that turn Shift and wheel sideways are turned back.
fn notches(ui: &Ui) -> f32 {
    let one = |event: &Event| match event {
        Event::MouseWheel { unit, delta, .. } => {
            let way = if delta.y == 0.0 { delta.x } else { delta.y };
            Some(if *unit == MouseWheelUnit::Point { way / POINTS_PER_NOTCH } else { way })
        }
        _ => None,
    };
    ui.input(|input| input.events.iter().filter_map(one).sum())
}

#[cfg(test)]
mod tests {
    use crate::rig::{FRAME_S, Rig};
    use crate::testing::{Call, gestures, parameters, set, told};
    use egui::{Event, Key, Modifiers, Pos2, vec2};

    #[test]
    fn a_released_drag_is_one_gesture_upwards() {
        let mut rig = Rig::new();
        let quarter = 0.25 * super::DRAG_UNITS * rig.scale();
        rig.drag("decay", vec2(0.0, -quarter));
        rig.button(false);
        rig.idle(2);
        let values = told(&rig.calls());
        assert_eq!(gestures(&rig.calls()), 1);
        assert!(
            values.is_sorted() && values[0] > 0.2 && (0.4..0.6).contains(values.last().expect("values")),
            "{values:?}"
        );
    }

    /// Whatever is held, and however it ends, the host hears of one whole gesture.
    #[test]
    fn every_control_ends_its_gesture_under_every_ending() {
        type Ending = (&'static str, fn(&mut Rig));
        let endings: [Ending; 6] = [
            ("release", |rig| rig.button(false)),
            ("escape", |rig| rig.key(Key::Escape)),
            ("lost pointer", |rig| {
                rig.frame(vec![Event::PointerGone]);
                rig.idle((2.0 / FRAME_S) as usize);
            }),
            ("close", |rig| rig.hand().close()),
            ("another taken", |rig| {
                let pan = parameters(&rig.plugin).into_iter().find(|parameter| parameter.id() == "pan");
                rig.hand().put(&pan.expect("another"), 1.0);
            }),
            ("window without focus", |rig| {
                rig.frame(vec![Event::WindowFocused(false)]);
                rig.button(false);
            }),
        ];
        for id in ["decay", "lines", "vowel", "freeze", "hall", "seed"] {
            for (name, end) in endings {
                let mut rig = Rig::new();
                let most = 0.75 * super::DRAG_UNITS * rig.scale();
                rig.drag(id, vec2(0.0, -most));
                assert!(!rig.host.balanced(), "{id}: nothing was held");
                end(&mut rig);
                rig.idle(2);
                assert!(rig.host.balanced(), "{id}, {name}: {:?}", rig.host.calls());
                assert_eq!(gestures(&rig.calls()), if name == "another taken" { 2 } else { 1 }, "{id}, {name}");
            }
        }
    }

    #[test]
    fn every_control_knows_wheel_default_and_a_plain_click() {
        for id in ["decay", "lines", "vowel", "freeze", "hall", "seed"] {
            let mut rig = Rig::new();
            let at = rig.dial(id);
            rig.move_to(at);
            rig.wheel(1.0);
            rig.idle((1.0 / FRAME_S) as usize);
            assert_eq!(gestures(&rig.calls()), 1, "{id}: wheel");
            rig.modifiers = Modifiers::COMMAND;
            rig.click(at);
            let default = parameters(&rig.plugin).into_iter().find(|parameter| parameter.id() == id);
            let default = default.expect("a parameter");
            assert_eq!(default.value(), default.default_value(), "{id}: Ctrl-click");
            assert_eq!(gestures(&rig.calls()), 2, "{id}");
        }
    }

    #[test]
    fn shift_makes_a_drag_ten_times_finer() {
        let moved = |modifiers| {
            let mut rig = Rig::new();
            rig.modifiers = modifiers;
            rig.drag("decay", vec2(0.0, -80.0));
            rig.button(false);
            rig.plugin.decay.value() - 2.0
        };
        let (coarse, fine) = (moved(Modifiers::NONE), moved(Modifiers::SHIFT));
        assert!((coarse / fine - 10.0).abs() < 0.01, "{coarse} {fine}");
    }

    #[test]
    fn a_drag_goes_on_outside_the_window_and_ends_when_the_pointer_is_lost() {
        let mut rig = Rig::new();
        rig.drag("decay", vec2(0.0, -40.0));
        rig.frame(vec![Event::PointerGone]);
        rig.move_by(vec2(0.0, -20.0));
        assert!(!rig.host.balanced(), "leaving the window is no ending");
        rig.frame(vec![Event::PointerGone]);
        rig.idle((2.0 / FRAME_S) as usize);
        assert_eq!(gestures(&rig.calls()), 1);
        rig.move_by(vec2(0.0, -40.0));
        rig.button(false);
        assert_eq!(gestures(&rig.calls()), 1, "a lost pointer drags no more");
    }

    #[test]
    fn a_drag_ends_when_the_editor_closes() {
        let mut rig = Rig::new();
        rig.drag("decay", vec2(0.0, -40.0));
        rig.hand().close();
        assert_eq!(gestures(&rig.calls()), 1);
    }

    #[test]
    fn escape_ends_a_drag() {
        let mut rig = Rig::new();
        rig.drag("decay", vec2(0.0, -40.0));
        rig.key(Key::Escape);
        rig.move_by(vec2(0.0, -40.0));
        assert_eq!(gestures(&rig.calls()), 1);
    }

    #[test]
    fn a_plain_click_on_a_knob_tells_nothing() {
        let mut rig = Rig::new();
        let at = rig.dial("decay");
        rig.click(at);
        rig.idle(40);
        assert_eq!(rig.calls(), []);
    }

    #[test]
    fn double_click_and_ctrl_click_give_the_default() {
        let twice: fn(&mut Rig, Pos2) = |rig, at| (0..2).for_each(|_| rig.click(at));
        let with_ctrl: fn(&mut Rig, Pos2) = |rig, at| {
            rig.modifiers = Modifiers::COMMAND;
            rig.click(at);
        };
        for reset in [twice, with_ctrl] {
            let mut rig = Rig::new();
            set(&parameters(&rig.plugin)[0], 0.9);
            let at = rig.dial("decay");
            reset(&mut rig, at);
            assert_eq!(rig.calls(), [Call::Begin("decay"), Call::Set("decay", 0.2), Call::End("decay")]);
        }
    }

    #[test]
    fn a_turn_of_the_wheel_is_one_gesture() {
        let mut rig = Rig::new();
        let at = rig.dial("lines");
        rig.move_to(at);
        (0..2).for_each(|_| rig.wheel(1.0));
        rig.idle((1.0 / FRAME_S) as usize);
        assert_eq!((gestures(&rig.calls()), rig.plugin.lines.value()), (1, 3));
        rig.wheel(-1.0);
        rig.idle((1.0 / FRAME_S) as usize);
        assert_eq!((gestures(&rig.calls()), rig.plugin.lines.value()), (2, 2));
    }
}
