//! An editor without a window: a mouse, a keyboard and a screen reader for the tests of this crate. The frames are run, and
//! what a screen reader would see is kept, by egui's own harness.

use crate::face::{Face, Section};
use crate::hand::Hand;
use crate::knob::parts;
use crate::layout::lay_out;
use crate::presets::Presets;
use crate::size::DEFAULT;
use crate::testing::{Call, FACTORY, Recorder, TestParams, face, parameter, picture, plugin};
use crate::theme::Theme;
use crate::view::View;
use crate::watch::Readings;
use egui::accesskit::{Action, ActionData, ActionRequest, TreeId};
use egui::{Context, Event, FullOutput, Id, Key, Modifiers, PointerButton, Pos2, Rect, Vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use egui_kittest::{Harness, Node};
use green_ring_shell::{Library, Meters};
use nice_plug::prelude::Params;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Between two frames.
pub const FRAME_S: f64 = 1.0 / 30.0;

pub struct Rig {
    pub plugin: Arc<TestParams>,
    pub meters: Arc<Meters>,
    pub readings: Arc<Readings>,
    pub context: Context,
    pub host: Recorder,
    pub modifiers: Modifiers,
    pub window: Vec2,
    face: Face,
    harness: Harness<'static, Seat>,
    now_s: f64,
    pointer: Pos2,
}

/// What the frames are run on.
struct Seat {
    view: View,
    hand: Hand,
}

/// A folder for presets, in a folder for all that the user keeps, that no other rig has.
fn folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("green-ring-rig-{}-{}", std::process::id(), COUNT.fetch_add(1, Relaxed));
    std::env::temp_dir().join(name).join("Test")
}

impl Drop for Rig {
    fn drop(&mut self) {
        if let Some(kept) = self.presets_folder().as_deref().and_then(std::path::Path::parent) {
            let _ = std::fs::remove_dir_all(kept);
        }
    }
}

impl Rig {
    pub fn new() -> Self {
        Self::of(face())
    }

    /// The same face with a picture, whose large gesture is Mix.
    pub fn with_picture() -> Self {
        Self::of(Face { picture: Some(picture()), ..face() })
    }

    /// The same face with a section of what belongs to the project.
    pub fn with_project() -> Self {
        let mut face = face();
        face.sections.push(Section { name: "Song", ids: &["sync", "start"] });
        Self::of(face)
    }

    fn of(face: Face) -> Self {
        let (plugin, host) = (plugin(), Recorder::default());
        let params: Arc<dyn Params> = plugin.clone();
        let presets = Presets::new(&params, Arc::clone(&plugin.shelf), Library::at(Some(folder()), FACTORY));
        let meters = Arc::new(Meters::default());
        let readings = Arc::new(Readings::new(Arc::clone(&meters)));
        let view = View::new(face.clone(), &params, Arc::clone(&readings), presets, face.scene(&params));
        let seat = Seat { view, hand: Hand::new(Box::new(host.clone())) };
        let frame = |ui: &mut egui::Ui, seat: &mut Seat| seat.view.show(ui, &mut seat.hand);
        let builder = Harness::builder().with_size(DEFAULT).with_context_setup(crate::theme::apply);
        let harness = builder.build_ui_state(frame, seat);
        let context = harness.ctx.clone();
        let mut rig = Self {
            face,
            harness,
            modifiers: Modifiers::NONE,
            window: DEFAULT,
            now_s: 0.0,
            pointer: Pos2::ZERO,
            plugin,
            meters,
            readings,
            context,
            host,
        };
        rig.idle(3);
        rig
    }

    /// Draws one frame in which `events` happen.
    pub fn frame(&mut self, mut events: Vec<Event>) -> FullOutput {
        self.now_s += FRAME_S;
        if !events.is_empty() {
            events.insert(0, Event::ModifiersChanged(self.modifiers));
        }
        self.harness.set_size(self.window);
        let input = self.harness.input_mut();
        (input.time, input.events) = (Some(self.now_s), events);
        self.harness.step();
        self.harness.output().clone()
    }

    pub fn idle(&mut self, frames: usize) {
        (0..frames).for_each(|_| drop(self.frame(Vec::new())));
    }

    /// So many seconds in which nothing is drawn, and then two frames.
    pub fn pause(&mut self, seconds: f64) {
        self.now_s += seconds;
        self.idle(2);
    }

    pub fn move_to(&mut self, to: Pos2) {
        self.pointer = to;
        self.frame(vec![Event::PointerMoved(to)]);
    }

    pub fn move_by(&mut self, way: Vec2) {
        self.move_to(self.pointer + way);
    }

    pub fn button(&mut self, pressed: bool) {
        let (pos, modifiers) = (self.pointer, self.modifiers);
        self.frame(vec![Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers }]);
    }

    pub fn right_click(&mut self, at: Pos2) {
        self.move_to(at);
        let (pos, modifiers, button) = (at, self.modifiers, PointerButton::Secondary);
        for pressed in [true, false] {
            self.frame(vec![Event::PointerButton { pos, button, pressed, modifiers }]);
        }
    }

    pub fn click(&mut self, at: Pos2) {
        self.move_to(at);
        self.button(true);
        self.button(false);
    }

    /// Presses on a control and moves away from it, `pixels` in eight frames.
    pub fn drag(&mut self, id: &str, way: Vec2) {
        let dial = self.dial(id);
        self.move_to(dial);
        self.button(true);
        (0..8).for_each(|_| self.move_by(way / 8.0));
    }

    pub fn wheel(&mut self, lines: f32) {
        let delta = egui::vec2(0.0, lines);
        let (unit, phase, source) =
            (egui::MouseWheelUnit::Line, egui::TouchPhase::Move, egui::MouseWheelSource::Unknown);
        self.frame(vec![Event::MouseWheel { unit, delta, modifiers: self.modifiers, phase, source }]);
    }

    pub fn key(&mut self, key: Key) {
        self.hold(key, true);
        self.hold(key, false);
    }

    /// Presses a key, again and again where it is held already, or lets it go.
    pub fn hold(&mut self, key: Key, pressed: bool) {
        let modifiers = self.modifiers;
        self.frame(vec![Event::Key { key, physical_key: None, pressed, repeat: false, modifiers }]);
    }

    /// Goes on with Tab until the control of this name has the focus.
    pub fn focus(&mut self, name: &str) {
        (0..60).find(|_| {
            self.key(Key::Tab);
            self.focused().as_deref() == Some(name)
        });
        assert_eq!(self.focused().as_deref(), Some(name));
    }

    /// The name of what has the focus, as a screen reader is told.
    pub fn focused(&self) -> Option<String> {
        let root = self.harness.root();
        let focused = root.children_recursive().find(|node| node.accesskit_node().is_focused());
        focused.and_then(|node| node.accesskit_node().label())
    }

    /// What a screen reader is told of the control of this name, and where it lies.
    pub fn node<'a>(&'a self, name: &'a str) -> Node<'a> {
        self.harness.get_by_label(name)
    }

    /// Asks something of a control as a screen reader would.
    pub fn ask(&mut self, name: &str, action: Action, data: Option<ActionData>) {
        let (target_node, target_tree) = (self.node(name).accesskit_node().locate().0, TreeId::ROOT);
        self.frame(vec![Event::AccessKitActionRequest(ActionRequest { action, target_tree, target_node, data })]);
    }

    pub fn write(&mut self, text: &str) {
        self.frame(vec![Event::Text(text.into())]);
    }

    /// The middle of a control's dial, switch or button.
    pub fn dial(&self, id: &str) -> Pos2 {
        self.parts(id).1.center()
    }

    /// The middle of a control's value.
    pub fn value(&self, id: &str) -> Pos2 {
        self.parts(id).2.center()
    }

    /// The middle of a control's name.
    pub fn name(&self, id: &str) -> Pos2 {
        self.parts(id).0.center()
    }

    /// The middle of a choice of a segmented control.
    pub fn segment(&mut self, id: &str, choice: usize) -> Pos2 {
        self.segments(id).expect("segments that fit")[choice].center()
    }

    /// Where the segments of a choice lie, if they fit.
    pub fn segments(&self, id: &str) -> Option<Vec<Rect>> {
        let (cell, theme, parameter) = (self.cell(id), Theme { scale: self.scale() }, parameter(id));
        let mut places = None;
        let _ = self.context.run_ui(egui::RawInput::default(), |ui| {
            places = crate::segments::places(ui, cell, &parameter, theme);
        });
        places
    }

    /// What the last line says of what is under the pointer.
    pub fn help(&self) -> String {
        self.view().help().into()
    }

    pub fn hand(&mut self) -> &mut Hand {
        &mut self.harness.state_mut().hand
    }

    fn view(&self) -> &View {
        &self.harness.state().view
    }

    /// The user's folder for presets.
    pub fn presets_folder(&self) -> Option<PathBuf> {
        self.view().bar.presets.library.folder().map(Into::into)
    }

    /// The parts of the preset bar.
    pub fn bar(&self) -> [Rect; 6] {
        let layout = lay_out(self.window, self.view().plan());
        crate::bar::parts(layout.bar, Theme { scale: layout.scale })
    }

    /// The room of the picture.
    pub fn picture(&self) -> Rect {
        lay_out(self.window, self.view().plan()).picture
    }

    /// The track of the large slider.
    pub fn slider(&self) -> Rect {
        crate::scene::track(lay_out(self.window, self.view().plan()).gesture, Theme { scale: self.scale() })
    }

    /// Whether anything of this name can be seen by a screen reader.
    pub fn shows(&self, name: &str) -> bool {
        self.harness.query_by_label(name).is_some()
    }

    pub fn bar_mut(&mut self) -> &mut crate::bar::Bar {
        &mut self.harness.state_mut().view.bar
    }

    /// Whether the chosen preset has been changed since.
    pub fn dirty(&mut self) -> bool {
        self.bar_mut().presets.changed()
    }

    /// What the preset bar says went wrong.
    pub fn fault(&self) -> Option<String> {
        self.view().bar.fault.clone()
    }

    /// Where an open popup lies.
    pub fn area(&self, id: Id) -> Rect {
        self.context.memory(|memory| memory.area_rect(id)).expect("an open popup")
    }

    /// What the host was told, which is begun and ended if anything.
    pub fn calls(&self) -> Vec<Call> {
        assert!(self.host.balanced(), "{:?}", self.host.calls());
        self.host.calls()
    }

    fn parts(&self, id: &str) -> (Rect, Rect, Rect) {
        parts(self.cell(id), Theme { scale: self.scale() })
    }

    /// The scale of everything that is drawn.
    pub fn scale(&self) -> f32 {
        lay_out(self.window, self.view().plan()).scale
    }

    /// The whole cell of a control.
    pub fn cell(&self, id: &str) -> Rect {
        let layout = lay_out(self.window, self.view().plan());
        let at = self.face.sections.iter().enumerate().find_map(|(section, controls)| {
            controls.ids.iter().position(|other| *other == id).map(|control| (section, control))
        });
        let (section, control) = at.expect("an id on the face");
        layout.panels[section].cells[control]
    }
}
