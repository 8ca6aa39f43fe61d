//! What assistive technology is told of a control, as an AccessKit node: what it is, its name, its value with unit, its
//! range, and what may be asked of it. Built only while somebody listens: the context's AccessKit has to be switched on.

use crate::parameter::{Kind, Parameter};
use egui::accesskit::{Action, Role, Toggled};
use egui::{Response, Ui, WidgetInfo};

/// Tells of the control of a parameter whose value is `value`.
pub(crate) fn describe(ui: &Ui, response: &Response, parameter: &Parameter, value: f32) {
    response.widget_info(|| WidgetInfo::labeled(role(parameter.kind()), true, parameter.name()));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_value(parameter.text(value));
        node.set_description(parameter.about());
        node.set_numeric_value(parameter.plain(value).into());
        node.set_min_numeric_value(parameter.plain(0.0).into());
        node.set_max_numeric_value(parameter.plain(1.0).into());
        if parameter.kind() == Kind::Switch {
            node.set_toggled(Toggled::from(value >= 0.5));
        }
        for action in [Action::Increment, Action::Decrement, Action::SetValue] {
            node.add_action(action);
        }
    });
}

/// Tells of something that is pressed and has no word of its own on it.
pub(crate) fn button(response: &Response, name: &str) {
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
}

fn role(kind: Kind) -> Role {
    match kind {
        Kind::Knob => Role::Slider,
        Kind::Number => Role::SpinButton,
        Kind::Switch => Role::Switch,
        Kind::Menu => Role::ComboBox,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rig::Rig;
    use crate::testing::{Call, gestures};
    use egui_kittest::kittest::NodeT;

    #[test]
    fn every_control_tells_what_it_is() {
        let rig = Rig::new();
        let told = |name: &str| {
            let node = rig.node(name);
            let node = node.accesskit_node();
            let range = node.min_numeric_value().zip(node.max_numeric_value());
            (node.role(), node.value().unwrap_or_default(), range)
        };
        assert_eq!(told("Decay"), (Role::Slider, "2.00 s".into(), Some((0.0, 10.0))));
        assert_eq!(told("Seed"), (Role::SpinButton, "0".into(), Some((0.0, 65_535.0))));
        assert_eq!(told("Freeze").0, Role::Switch);
        assert_eq!((told("Vowel").0, told("Hall").1), (Role::ComboBox, "Nave".into()));
    }

    #[test]
    fn what_is_asked_is_done_in_whole_gestures() {
        let mut rig = Rig::new();
        rig.ask("Decay", Action::Increment, None);
        rig.idle(30);
        assert!((rig.plugin.decay.value() - 2.1).abs() < 1e-5);
        rig.ask("Decay", Action::SetValue, Some(egui::accesskit::ActionData::NumericValue(5.0)));
        assert_eq!(rig.plugin.decay.value(), 5.0);
        assert_eq!(gestures(&rig.calls()), 2);
        rig.ask("Freeze", Action::Click, None);
        assert_eq!(rig.calls().last(), Some(&Call::End("freeze")));
    }
}
