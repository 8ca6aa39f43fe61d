//! One frame of the editor: the whole face, drawn from parameters and readings, and what the mouse and the keyboard do to it.

use crate::access;
use crate::bar::Bar;
use crate::button::{self, Look};
use crate::comfort::Comfort;
use crate::context;
use crate::control::Desk;
use crate::entry::Place;
use crate::face::Face;
use crate::field::Field;
use crate::hand::{Hand, Pointer};
use crate::keys::{self, Keyboard};
use crate::layout::{Layout, Panel, Plan, largest, lay_out, smallest};
use crate::parameter::{Kind, Parameter};
use crate::presets::Presets;
use crate::scene::Scene;
use crate::theme::{ALARM, DIM, EDGE, GROUND, PANEL, RING, TEXT, Theme};
use crate::watch::Readings;
use crate::{knob, menu, meter, number, playhead, segments, switch};
use egui::{Align2, CursorIcon, Id, Painter, Rect, Sense, StrokeKind, Ui, Vec2, ViewportCommand, pos2, vec2};
use nice_plug::prelude::Params;
use std::sync::Arc;
use std::time::Duration;

const HINT: &str = "Drag up or down, Shift: fine, double-click: default. Click a value to type it. Tab: by keyboard.";

/// The face and what it remembers from frame to frame.
pub(crate) struct View {
    face: Face,
    sections: Vec<Vec<Parameter>>,
    counts: Vec<usize>,
    scene: Option<Scene>,
    readings: Arc<Readings>,
    /// The layout and the window's size that it is for.
    layout: (Vec2, Layout),
    pub bar: Bar,
    typing: Option<Field>,
    keyboard: Keyboard,
    comfort: Comfort,
    /// What the last line said of what is under the pointer.
    help: String,
    /// The window's size when its corner was taken.
    grabbed: Option<Vec2>,
}

impl View {
    pub fn new(
        face: Face,
        params: &Arc<dyn Params>,
        readings: Arc<Readings>,
        presets: Presets,
        scene: Option<Scene>,
    ) -> Self {
        let sections = face.resolve(params);
        let counts = sections.iter().map(Vec::len).collect();
        let layout = (Vec2::ZERO, lay_out(largest(), Plan { counts: &[], picture: false }));
        let comfort = Comfort::beside(presets.library.folder());
        let (bar, keyboard, help) = (Bar::new(presets), Keyboard::default(), String::new());
        let (typing, grabbed) = (None, None);
        Self { face, sections, counts, scene, readings, layout, bar, typing, keyboard, comfort, help, grabbed }
    }

    /// What the last line says of what is under the pointer.
    #[cfg(test)]
    pub fn help(&self) -> &str {
        &self.help
    }

    /// What has to be laid out.
    pub fn plan(&self) -> Plan<'_> {
        Plan { counts: &self.counts, picture: self.scene.is_some() }
    }

    pub fn show(&mut self, ui: &mut Ui, hand: &mut Hand) {
        Keyboard::begin(ui);
        let window = ui.ctx().content_rect().size();
        if self.layout.0 != window {
            self.layout = (window, lay_out(window, self.plan()));
        }
        let (layout, theme) = (self.layout.1.clone(), Theme { scale: self.layout.1.scale });
        ui.painter().rect_filled(ui.ctx().content_rect(), 0.0, GROUND);
        header(ui.painter(), layout.header, theme, self.face.title);
        let (mut help, mut dragging) = (String::new(), false);
        let shelf = self.bar.presets.shelf();
        let (typing, help_line, keys) = (&mut None, &mut help, self.keyboard.is_ours());
        let desk = Desk { hand, typing, shelf: &shelf, help: help_line, dragging: &mut dragging, keys, theme };
        self.controls(ui, &layout, desk);
        meter::show(ui, layout.meters, &self.readings, theme, &mut help);
        self.explain(ui, &layout, theme, help);
        self.corner(ui, layout.corner, theme);
        self.keyboard.ring(ui, theme);
        self.settle(ui, hand, dragging);
    }

    /// The last line: what is under the pointer, or what went wrong; and the button that switches the former off.
    fn explain(&mut self, ui: &Ui, layout: &Layout, theme: Theme, help: String) {
        let look = if self.comfort.help { Look::Set } else { Look::Plain };
        let ask = button::show(ui, layout.ask, Id::unique("ask"), theme, "?", look);
        access::button(&ask, "Help");
        if ask.clicked() {
            self.comfort.toggle_help();
        }
        self.help = match (self.comfort.help, ask.hovered()) {
            (true, true) => "Every control is explained here. Click to switch that off, in all editors".into(),
            (false, true) => "Click to have every control explained here, in all editors".into(),
            (true, false) => help,
            (false, false) => String::new(),
        };
        let (words, colour) = match &self.bar.fault {
            _ if !self.help.is_empty() => (self.help.as_str(), DIM),
            Some(fault) => (fault.as_str(), ALARM),
            None if self.comfort.help => (HINT, DIM),
            None => return,
        };
        theme.fitted(ui.painter(), layout.help, Align2::LEFT_CENTER, [12.0, 11.0, 10.0], colour, words);
    }

    fn controls(&mut self, ui: &mut Ui, layout: &Layout, desk: Desk) {
        let mut desk = Desk { typing: &mut self.typing, ..desk };
        self.bar.show(ui, layout.bar, &mut desk);
        if let Some(scene) = &mut self.scene {
            scene.show(ui, layout, &mut desk);
        }
        let song = self.readings.playhead();
        let shown = self.sections.iter().zip(&self.face.sections).filter(|(parameters, _)| !parameters.is_empty());
        for ((parameters, section), panel) in shown.zip(&layout.panels) {
            frame(ui.painter(), panel, desk.theme, section.name);
            for (parameter, cell) in parameters.iter().zip(&panel.cells) {
                control(ui, *cell, parameter, &mut desk);
                keys::types(ui, parameter, &mut desk, Place::Knob);
                context::show(ui, parameter, Place::Knob, &mut desk);
                context::lock(ui, *cell, parameter, &mut desk);
                playhead::show(ui, *cell, parameter, &self.sections, song, &mut desk);
            }
        }
    }

    /// The corner that resizes the window, through the host.
    fn corner(&mut self, ui: &Ui, corner: Rect, theme: Theme) {
        let response = ui.interact(corner, Id::unique("corner"), Sense::DRAG);
        let (window, lit) = (ui.ctx().content_rect().size(), response.hovered() || response.dragged());
        for step in [4.0, 8.0, 12.0] {
            let (end, reach) = (corner.max - Vec2::splat(theme.px(3.0)), theme.px(step));
            let line = [pos2(end.x - reach, end.y), pos2(end.x, end.y - reach)];
            ui.painter().line_segment(line, theme.stroke(1.0, if lit { TEXT } else { DIM }));
        }
        if lit {
            ui.set_cursor_icon(CursorIcon::ResizeNwSe);
        }
        let Some(way) = response.total_drag_delta().filter(|_| response.dragged()) else {
            self.grabbed = None;
            return;
        };
        let wanted = *self.grabbed.get_or_insert(window) + way;
        let wanted = wanted.clamp(smallest(self.plan()), largest()).round();
        if wanted != window.round() {
            ui.send_viewport_cmd(ViewportCommand::InnerSize(wanted));
        }
    }

    /// Lets go of what is no longer held, and gives the keyboard back to the host unless a value is being typed.
    fn settle(&mut self, ui: &Ui, hand: &mut Hand, dragging: bool) {
        let (now_s, here) = ui.input(|input| (input.time, input.pointer.has_pointer()));
        if let Some(left_s) = hand.settle(Pointer { now_s, dragging, here, key: keys::is_held(ui) }) {
            ui.request_repaint_after(Duration::from_secs_f64(left_s));
        }
        self.keyboard.settle(ui, self.typing.as_ref().map(|typing| typing.id));
    }
}

/// The control that suits a parameter and its cell.
fn control(ui: &mut Ui, cell: Rect, parameter: &Parameter, desk: &mut Desk) {
    match parameter.kind() {
        Kind::Knob => knob::show(ui, cell, parameter, desk),
        Kind::Number => number::show(ui, cell, parameter, desk),
        Kind::Switch => switch::show(ui, cell, parameter, desk),
        Kind::Menu => match segments::places(ui, cell, parameter, desk.theme) {
            Some(places) => segments::show(ui, cell, &places, parameter, desk),
            None => menu::show(ui, cell, parameter, desk),
        },
    }
}

fn header(painter: &Painter, area: Rect, theme: Theme, title: &str) {
    theme.text(painter, area, Align2::LEFT_CENTER, 19.0, TEXT, title);
    let family = area.with_min_x(area.right() - theme.px(100.0));
    theme.text(painter, family, Align2::RIGHT_CENTER, 12.0, DIM, "Green Ring");
    let centre = pos2(area.right() - theme.px(76.0), area.center().y + theme.px(0.5));
    painter.circle_stroke(centre, theme.px(5.0), theme.stroke(2.0, RING));
}

fn frame(painter: &Painter, panel: &Panel, theme: Theme, name: &str) {
    painter.rect_filled(panel.rect, theme.px(6.0), PANEL);
    painter.rect_stroke(panel.rect, theme.px(6.0), theme.stroke(1.0, EDGE.gamma_multiply(0.6)), StrokeKind::Inside);
    let title = panel.title.translate(vec2(theme.px(3.0), theme.px(1.0)));
    theme.text(painter, title, Align2::LEFT_CENTER, 12.0, DIM, name);
}

#[cfg(test)]
mod tests {
    use crate::layout::{Plan, largest, smallest};
    use crate::rig::Rig;
    use crate::size::DEFAULT;
    use egui::{Event, Key, Pos2, Rect, ViewportCommand, ViewportId, pos2, vec2};
    use std::time::Duration;

    /// That of the test face.
    const PLAN: Plan = Plan { counts: &[3, 4], picture: false };

    #[test]
    fn no_click_takes_the_keyboard() {
        let mut rig = Rig::new();
        for id in ["decay", "freeze", "vowel", "hall"] {
            let at = rig.dial(id);
            rig.click(at);
            rig.key(Key::ArrowUp);
            rig.idle(1);
            assert!(!rig.context.egui_wants_keyboard_input(), "{id}");
        }
    }

    #[test]
    fn the_corner_resizes_within_limits() {
        let mut rig = Rig::new();
        rig.move_to((DEFAULT - vec2(5.0, 5.0)).to_pos2());
        rig.button(true);
        let mut ask = |to| {
            let output = rig.frame(vec![Event::PointerMoved(to)]);
            output.viewport_output[&ViewportId::ROOT].commands.clone()
        };
        let larger = vec2(795.0, 500.0);
        assert_eq!(ask(larger.to_pos2()), [ViewportCommand::InnerSize(larger + vec2(5.0, 5.0))]);
        let [ViewportCommand::InnerSize(least)] = ask(pos2(1.0, 1.0))[..] else { panic!("no size asked for") };
        assert_eq!(least, smallest(PLAN));
    }

    #[test]
    fn nothing_is_drawn_outside_the_window() {
        for window in [smallest(PLAN), vec2(largest().x, smallest(PLAN).y), DEFAULT, largest()] {
            let mut rig = Rig::new();
            rig.window = window;
            rig.idle(1);
            let shapes = rig.frame(Vec::new()).shapes;
            assert!(shapes.len() > 50, "{}", shapes.len());
            let all = Rect::from_min_size(Pos2::ZERO, window).expand(0.5);
            for shape in shapes {
                let bounds = shape.shape.visual_bounding_rect();
                assert!(!bounds.is_positive() || all.contains_rect(bounds), "{window:?} {bounds:?}");
            }
        }
    }

    #[test]
    fn nothing_moves_is_nothing_drawn() {
        let hover: fn(&mut Rig) = |rig| rig.move_to(rig.dial("decay"));
        let open_menu: fn(&mut Rig) = |rig| rig.click(rig.dial("vowel"));
        let type_value: fn(&mut Rig) = |rig| rig.click(rig.value("decay"));
        for act in [hover, open_menu, type_value] {
            let mut rig = Rig::new();
            act(&mut rig);
            rig.idle(5);
            let delay = rig.frame(Vec::new()).viewport_output[&ViewportId::ROOT].repaint_delay;
            assert_eq!(delay, Duration::MAX);
        }
    }
}
