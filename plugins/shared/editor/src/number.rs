//! A number that is typed rather than turned: a seed, a place in the song. Dragging, the wheel and arrows count in ones.

use crate::context;
use crate::control::{Desk, touch_slowly};
use crate::entry::{self, Place};
use crate::knob::parts;
use crate::parameter::Parameter;
use crate::theme::{DIM, EDGE, TEXT, Theme, WELL};
use egui::{Rect, StrokeKind, Ui, vec2};

/// The height of the box, in units.
const HEIGHT: f32 = 26.0;

pub(crate) fn show(ui: &mut Ui, cell: Rect, parameter: &Parameter, desk: &mut Desk) {
    let (name, field) = (parts(cell, desk.theme).0, field(cell, desk.theme));
    let response = touch_slowly(ui, name.union(field), parameter, desk);
    if response.double_clicked() {
        desk.hand.put(parameter, parameter.default_value());
    }
    let lit = response.hovered() || desk.hand.holds(parameter);
    context::name(ui.painter(), cell, parameter, if lit { TEXT } else { DIM }, desk);
    ui.painter().rect_filled(field, desk.theme.px(4.0), WELL);
    let edge = desk.theme.stroke(1.0, if lit { DIM } else { EDGE });
    ui.painter().rect_stroke(field, desk.theme.px(4.0), edge, StrokeKind::Inside);
    // The figures alone are clicked to be typed: what is left of the box can be dragged.
    let words = field.shrink2(vec2(desk.theme.px(10.0), desk.theme.px(4.0)));
    entry::show(ui, words, parameter, desk, Place::Knob);
}

/// The box in a cell.
pub(crate) fn field(cell: Rect, theme: Theme) -> Rect {
    let dial = parts(cell, theme).1;
    Rect::from_center_size(dial.center(), vec2(cell.width() - theme.px(6.0), theme.px(HEIGHT)))
}

#[cfg(test)]
mod tests {
    use crate::rig::Rig;
    use crate::testing::gestures;
    use egui::{Key, vec2};

    #[test]
    fn a_click_types() {
        let mut rig = Rig::new();
        let at = rig.dial("seed");
        rig.click(at);
        rig.idle(2);
        rig.write("4711");
        rig.key(Key::Enter);
        assert_eq!((rig.plugin.seed.value(), gestures(&rig.calls())), (4_711, 1));
    }

    #[test]
    fn tab_takes_the_number_and_goes_on() {
        let mut rig = Rig::new();
        let at = rig.dial("seed");
        rig.click(at);
        rig.idle(2);
        rig.write("4711");
        let key = |pressed| {
            let (modifiers, physical_key) = (egui::Modifiers::NONE, None);
            egui::Event::Key { key: Key::Tab, physical_key, pressed, repeat: false, modifiers }
        };
        rig.frame(vec![key(true), key(false)]);
        rig.idle(2);
        assert_eq!((rig.plugin.seed.value(), gestures(&rig.calls())), (4_711, 1));
        assert_eq!(rig.focused().as_deref(), Some("Meters"));
    }

    #[test]
    fn wheel_drag_and_arrows_count() {
        let mut rig = Rig::new();
        let name = rig.name("seed");
        rig.move_to(name);
        rig.wheel(1.0);
        rig.idle(20);
        assert_eq!(rig.plugin.seed.value(), 1);
        rig.button(true);
        (0..8).for_each(|_| rig.move_by(vec2(0.0, -6.0)));
        rig.button(false);
        let dragged = rig.plugin.seed.value();
        assert!((6..=13).contains(&dragged), "{dragged}");
        rig.focus("Seed");
        rig.key(Key::PageUp);
        rig.idle(20);
        assert_eq!(rig.plugin.seed.value(), dragged + 10);
        assert_eq!(gestures(&rig.calls()), 3);
    }
}
