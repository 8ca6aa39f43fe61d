//! A plugin's own picture, with its one large gesture and its words below.

use crate::button::{self, Look};
use crate::context;
use crate::control::{Desk, slide};
use crate::entry::{self, Place};
use crate::keys;
use crate::layout::Layout;
use crate::parameter::Parameter;
use crate::theme::{DIM, EDGE, HOT, PANEL, RING, TEXT, Theme, WELL};
use egui::{Align2, Id, Painter, Rect, StrokeKind, Ui, vec2};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A picture of what a plugin's sound is doing, drawn from its real state.
///
/// The editor calls [`advance`](Picture::advance) from its own thread and [`paint`](Picture::paint) from the window's,
/// one at a time, only while the window is open.
pub trait Picture: Send {
    /// Looks at what has come since the last call, about 30 times a second. Returns whether the picture looks different.
    fn advance(&mut self) -> bool;

    /// Draws the picture in `area`, and nothing outside it.
    fn paint(&self, painter: &Painter, area: Rect, theme: Theme);

    /// What the plugin does now, in a few words.
    fn words(&self) -> String;

    /// The buttons that lie over the picture in `area`, if it has any.
    fn buttons(&self, _area: Rect, _theme: Theme) -> Vec<PictureButton> {
        Vec::new()
    }

    /// The button of this index was pressed. Returns the id of a parameter that is to be set by it, in one gesture, and
    /// its value, 0 to 1.
    fn press(&mut self, _button: usize) -> Option<(&'static str, f32)> {
        None
    }
}

/// A button over a picture: what it does is no parameter.
#[derive(Clone, Debug)]
pub struct PictureButton {
    /// Where it lies.
    pub rect: Rect,
    /// What stands on it.
    pub text: String,
    /// What it does, in one sentence for the help line.
    pub help: &'static str,
    /// Whether what it stands for is so now.
    pub set: bool,
}

/// A picture that the window's thread and the editor's clock share.
pub(crate) type Shared = Arc<Mutex<Box<dyn Picture>>>;

pub(crate) fn lock(picture: &Shared) -> MutexGuard<'_, Box<dyn Picture>> {
    picture.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The picture in an open window, and the parameter of the large gesture.
pub(crate) struct Scene {
    pub picture: Shared,
    pub gesture: Option<Parameter>,
    /// All parameters, which buttons of the picture may set.
    pub parameters: Vec<Parameter>,
}

impl Scene {
    pub fn show(&mut self, ui: &mut Ui, layout: &Layout, desk: &mut Desk) {
        let (painter, theme) = (ui.painter(), desk.theme);
        painter.rect_filled(layout.picture, theme.px(6.0), PANEL);
        let inside = layout.picture.shrink(theme.px(1.0));
        let (words, buttons) = {
            let picture = lock(&self.picture);
            picture.paint(&painter.with_clip_rect(inside), inside, theme);
            (picture.words(), picture.buttons(inside, theme))
        };
        buttons.iter().enumerate().for_each(|(k, button)| self.button(ui, k, button, desk));
        painter.rect_stroke(
            layout.picture,
            theme.px(6.0),
            theme.stroke(1.0, EDGE.gamma_multiply(0.6)),
            StrokeKind::Inside,
        );
        let (slider, beside) = halves(layout.gesture, theme);
        theme.fitted(painter, beside, Align2::LEFT_CENTER, [13.0, 12.0, 11.0], TEXT, &words);
        if let Some(parameter) = &self.gesture {
            large_slider(ui, slider, parameter, desk);
        }
    }

    fn button(&self, ui: &Ui, index: usize, of: &PictureButton, desk: &mut Desk) {
        let look = if of.set { Look::Set } else { Look::Plain };
        let response = button::show(ui, of.rect, Id::unique(("picture", index)), desk.theme, &of.text, look);
        if response.hovered() {
            *desk.help = of.help.into();
        }
        if !response.clicked() {
            return;
        }
        ui.request_repaint();
        // The picture is let go of before the host is told: a host may close the editor there, which waits for it.
        let pressed = lock(&self.picture).press(index);
        if let Some((id, value)) = pressed
            && let Some(parameter) = self.parameters.iter().find(|parameter| parameter.id() == id)
        {
            desk.hand.put(parameter, value);
        }
    }
}

/// The large slider's room, and that of the words beside it.
fn halves(gesture: Rect, theme: Theme) -> (Rect, Rect) {
    let row = gesture.with_min_y(gesture.top() + theme.px(6.0));
    let (slider, beside) = row.split_left_right_at_fraction(0.66);
    (slider, beside.with_min_x(beside.left() + theme.px(14.0)))
}

/// The track that the large slider's knob moves along.
pub(crate) fn track(gesture: Rect, theme: Theme) -> Rect {
    let slider = halves(gesture, theme).0;
    slider.with_min_x(slider.left() + theme.px(NAME)).with_max_x(slider.right() - theme.px(VALUE))
}

/// The width of the name and of the value at the two ends of the large slider, in units.
const NAME: f32 = 78.0;
const VALUE: f32 = 74.0;

/// A slider that a whole arm can move: dragged along its length, it goes where the pointer goes.
fn large_slider(ui: &mut Ui, area: Rect, parameter: &Parameter, desk: &mut Desk) {
    let theme = desk.theme;
    let (name, rest) = area.split_left_right_at_x(area.left() + theme.px(NAME));
    let (track, value) = rest.split_left_right_at_x(area.right() - theme.px(VALUE));
    let bar = Rect::from_center_size(track.center(), vec2(track.width(), theme.px(16.0)));
    let knob = bar.height() / 2.0;
    let response = slide(ui, name.union(track), parameter, bar.width() - 2.0 * knob, desk);
    if response.double_clicked() {
        desk.hand.put(parameter, parameter.default_value());
    }
    let lit = response.hovered() || desk.hand.holds(parameter);
    let painter = ui.painter();
    theme.text(painter, name, Align2::LEFT_CENTER, 17.0, if lit { TEXT } else { DIM }, parameter.name());
    painter.rect_filled(bar, bar.height() / 2.0, WELL);
    painter.rect_stroke(bar, bar.height() / 2.0, theme.stroke(1.0, if lit { DIM } else { EDGE }), StrokeKind::Inside);
    let place = |value: f32| bar.left() + knob + (bar.width() - 2.0 * knob) * value;
    let x = place(desk.hand.shown(parameter));
    let filled = bar.with_max_x(x + knob).shrink(theme.px(2.0));
    painter.rect_filled(filled, filled.height() / 2.0, RING.gamma_multiply(0.55));
    // What the host's modulation makes of it, from the slider's own place to what is heard.
    let (own, modulated) = (parameter.value(), parameter.modulated());
    if (modulated - own).abs() > 1e-4 {
        let reach = place(own.min(modulated))..=place(own.max(modulated));
        painter.hline(reach, bar.center().y, theme.stroke(2.0, HOT));
    }
    painter.circle_filled(egui::pos2(x, bar.center().y), knob * 1.25, RING);
    painter.circle_filled(egui::pos2(x, bar.center().y), knob * 0.5, TEXT);
    entry::show(ui, value, parameter, desk, Place::Slider);
    keys::types(ui, parameter, desk, Place::Slider);
    context::show(ui, parameter, Place::Slider, desk);
}

#[cfg(test)]
mod tests {
    use crate::rig::Rig;
    use crate::testing::gestures;
    use egui::vec2;

    #[test]
    fn the_large_slider_goes_where_the_pointer_goes() {
        let mut rig = Rig::with_picture();
        let bar = rig.slider();
        rig.move_to(bar.left_center() + vec2(0.2 * bar.width(), 0.0));
        rig.button(true);
        (0..8).for_each(|_| rig.move_by(vec2(0.05 * bar.width(), 0.0)));
        rig.button(false);
        rig.idle(1);
        // The knob stays inside the track: it has its own width less to go.
        let way = 0.4 * bar.width() / (bar.width() - 16.0 * rig.scale());
        let moved = rig.plugin.mix.value() - 0.3;
        assert!((moved - way).abs() < 0.01, "{moved} for {way}");
        assert_eq!(gestures(&rig.calls()), 1);
    }

    #[test]
    fn the_keyboard_and_every_ending_reach_the_large_slider() {
        let endings: [fn(&mut Rig); 3] =
            [|rig| rig.button(false), |rig| rig.key(egui::Key::Escape), |rig| rig.hand().close()];
        for end in endings {
            let mut rig = Rig::with_picture();
            let bar = rig.slider();
            rig.move_to(bar.center());
            rig.button(true);
            rig.move_by(vec2(40.0, 0.0));
            end(&mut rig);
            rig.idle(2);
            assert_eq!(gestures(&rig.calls()), 1);
        }
        let mut rig = Rig::with_picture();
        rig.focus("Mix");
        rig.key(egui::Key::ArrowRight);
        rig.key(egui::Key::Enter);
        rig.write("0.75");
        rig.key(egui::Key::Enter);
        assert_eq!((rig.plugin.mix.value(), gestures(&rig.calls())), (0.75, 2));
        assert_eq!(rig.focused().as_deref(), Some("Mix"));
    }

    #[test]
    fn a_right_click_offers_its_default() {
        let mut rig = Rig::with_picture();
        let bar = rig.slider();
        rig.click(bar.right_center() + vec2(30.0, 0.0) * rig.scale());
        rig.write("0.9");
        rig.key(egui::Key::Enter);
        rig.right_click(bar.center());
        rig.idle(2);
        let menu = rig.area(crate::context::menu_id(&crate::testing::parameter("mix"), crate::entry::Place::Slider));
        rig.click(menu.left_top() + vec2(30.0, 16.0) * rig.scale());
        assert_eq!((rig.plugin.mix.value(), gestures(&rig.calls())), (0.3, 2));
    }

    #[test]
    fn a_button_over_the_picture_sets_its_parameter_in_one_gesture() {
        let mut rig = Rig::with_picture();
        rig.click(rig.picture().center());
        rig.idle(1);
        assert_eq!((rig.plugin.mix.value(), gestures(&rig.calls())), (0.9, 1));
    }

    #[test]
    fn its_value_is_typed_in_its_own_place() {
        let mut rig = Rig::with_picture();
        let bar = rig.slider();
        rig.click(bar.right_center() + vec2(30.0, 0.0) * rig.scale());
        rig.idle(2);
        rig.write("0.75");
        rig.key(egui::Key::Enter);
        assert_eq!(rig.plugin.mix.value(), 0.75);
    }

    #[test]
    fn a_picture_draws_inside_its_room() {
        let mut rig = Rig::with_picture();
        rig.idle(2);
        let all = egui::Rect::from_min_size(egui::Pos2::ZERO, rig.window).expand(0.5);
        let shapes = rig.frame(Vec::new()).shapes;
        let drawn = shapes.iter().filter(|shape| shape.clip_rect.is_positive());
        assert!(
            drawn
                .map(|shape| shape.shape.visual_bounding_rect().intersect(shape.clip_rect))
                .all(|b| !b.is_positive() || all.contains_rect(b))
        );
    }
}
