//! The window: what the framework opens, resizes and closes.
//!
//! The adapter's own editor is made afresh at each opening, since its size is fixed when it is made, and a project is loaded
//! after that. Its `editor_closed` is never called (nice-plug-egui 0.6.0): the end of the handle is the end of the editor.

use crate::face::Face;
use crate::grasp::Grasp;
use crate::hand::Closed;
use crate::layout::{Plan, largest, smallest};
use crate::offscreen::Offscreen;
use crate::parameter::Parameter;
use crate::presets::Presets;
use crate::size::WindowSize;
use crate::theme::{self, GROUND};
use crate::thread_end::{Awaited, Ending};
use crate::view::View;
use crate::watch::{Readings, Wake, Watch};
use egui::{Vec2, vec2};
use green_ring_shell::{Library, Meters, Shelf};
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::{LogicalSize, NativeSize};
use nice_plug::editor::{Editor as _, EditorHandle, HostMethods, ParentWindowHandle, ResizeHint, SpawnedEditor};
use nice_plug::prelude::Params;
use nice_plug_egui::baseview::{self, HandlerError};
use nice_plug_egui::{
    EguiEditor, EguiEditorHandle, EguiEditorState, EguiNiceSettings, Frame, NiceEguiApp, RepaintNotifier,
};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// How often the adapter looks whether the framework has told it of a new value: our own clock is there first.
const POLL: Duration = Duration::from_millis(500);

/// What an editor keeps in the project: fields of the plugin's parameters.
#[derive(Clone)]
pub struct Kept {
    /// The `#[persist = "window"]` field.
    pub size: Arc<WindowSize>,
    /// The `#[persist = "shelf"]` field.
    pub shelf: Arc<Shelf>,
}

/// The editor of a plugin, to be returned from `Plugin::editor`. The meters are those that its `process` feeds. Always
/// `Some`. Allocates; opens nothing yet.
pub fn editor(face: Face, params: Arc<dyn Params>, kept: Kept, meters: Arc<Meters>) -> Option<Editor> {
    let counts: Vec<usize> = face.resolve(&params).iter().map(Vec::len).collect();
    let smallest = smallest(Plan { counts: &counts, picture: face.picture.is_some() });
    let scale = Arc::new(AtomicU64::new(1.0_f64.to_bits()));
    Some(Editor { face, params, kept, meters, smallest, scale })
}

/// The editor as the framework sees it: `type Editor = green_ring_editor::Editor`.
pub struct Editor {
    face: Face,
    params: Arc<dyn Params>,
    kept: Kept,
    meters: Arc<Meters>,
    smallest: Vec2,
    /// The screen's scale, as the window was last told: the bits of an `f64`.
    scale: Arc<AtomicU64>,
}

impl Editor {
    fn logical_size(&self) -> LogicalSize<f32> {
        let size = self.kept.size.load().clamp(self.smallest, largest());
        LogicalSize::new(size.x, size.y)
    }

    /// An open editor that nobody sees, for measuring what it costs. It reads the plugin's meters from now on.
    pub fn offscreen(&self) -> Offscreen {
        let readings = Arc::new(Readings::new(Arc::clone(&self.meters)));
        self.meters.set_open(true);
        let library = Library::at(None, self.face.presets);
        let presets = Presets::new(&self.params, Arc::clone(&self.kept.shelf), library);
        let scene = self.face.scene(&self.params);
        let picture = scene.as_ref().map(|scene| Arc::clone(&scene.picture));
        let view = View::new(self.face.clone(), &self.params, Arc::clone(&readings), presets, scene);
        Offscreen::new(view, readings, picture)
    }

    /// Names of the controls that the face does not explain in one sentence that fits.
    pub fn unexplained(&self) -> Vec<String> {
        self.face.unexplained(&self.params)
    }

    fn settings(&self) -> EguiNiceSettings {
        EguiNiceSettings::new()
            .with_tile(self.face.title)
            .with_resize_hint(self.resize_hint())
            .with_repaint_poll_interval(POLL)
    }
}

impl nice_plug::prelude::Editor for Editor {
    type Handle = Handle;

    fn spawn(
        &self,
        parent: Option<ParentWindowHandle>,
        wait_for_parent: bool,
        scale: Option<f64>,
        gui: GuiContext,
        host: Option<HostMethods>,
    ) -> Result<SpawnedEditor<Handle>, Box<dyn Error>> {
        let grasp = Arc::new(Grasp::new(Box::new(gui.clone())));
        let readings = Arc::new(Readings::new(Arc::clone(&self.meters)));
        let library = Library::new(self.face.title, self.face.presets);
        let presets = Presets::new(&self.params, Arc::clone(&self.kept.shelf), library);
        let scene = self.face.scene(&self.params);
        let picture = scene.as_ref().map(|scene| Arc::clone(&scene.picture));
        let (ending, wake) = (Ending::default(), Wake::default());
        let app = App {
            view: View::new(self.face.clone(), &self.params, Arc::clone(&readings), presets, scene),
            grasp: Arc::clone(&grasp),
            size: Arc::clone(&self.kept.size),
            scale: Arc::clone(&self.scale),
            ending: ending.clone(),
            wake: wake.clone(),
        };
        let state = EguiEditorState::from_size(self.logical_size(), 1.0);
        let inner: EguiEditor<App> =
            nice_plug_egui::create_egui_editor(state, RepaintNotifier::new(), self.settings(), app)
                .ok_or("the egui adapter made no editor")?;
        let watch = Watch::start(readings, Parameter::all(&self.params), picture, wake);
        let opened = inner.spawn(parent, wait_for_parent, None, gui, host)?;
        // Told to the window only now: on X11 one that knows its scale from the start opens that many times too small.
        if let Some(scale) = scale {
            opened.handle.set_fallback_scale_factor(scale, &opened.window)?;
        }
        let (hint, scale) = (self.resize_hint(), Arc::clone(&self.scale));
        let closed = grasp.closed();
        let handle = Handle { inner: opened.handle, grasp, closed, hint, scale, _watch: watch };
        Ok(SpawnedEditor { handle, window: Window { inner: opened.window, _ending: Awaited(ending) } })
    }

    fn size(&self) -> NativeSize<u32> {
        NativeSize::from_size(self.logical_size().into(), f64::from_bits(self.scale.load(Relaxed)))
    }

    fn resize_hint(&self) -> ResizeHint {
        let size = |size: Vec2| Some(LogicalSize::new(size.x, size.y));
        ResizeHint::RESIZABLE.with_min_max_logical_size(size(self.smallest), size(largest()))
    }
}

/// What the adapter calls from the window's thread.
struct App {
    view: View,
    grasp: Arc<Grasp>,
    size: Arc<WindowSize>,
    scale: Arc<AtomicU64>,
    ending: Ending,
    wake: Wake,
}

impl NiceEguiApp for App {
    fn build(&mut self, context: egui::Context, _: GuiContext, frame: &mut Frame) -> Result<(), HandlerError> {
        self.ending.is_of_this_thread();
        self.wake.set(frame.baseview_window().waker());
        theme::apply(&context);
        frame.set_clear_color(GROUND.into());
        self.resized(frame.baseview_window().size());
        Ok(())
    }

    fn ui(&mut self, ui: &mut egui::Ui, _: &mut Frame) {
        let Self { view, grasp, .. } = self;
        grasp.frame(|hand| view.show(ui, hand));
    }

    fn resized(&mut self, size: baseview::WindowSize) {
        self.size.store(vec2(size.logical.width as f32, size.logical.height as f32));
        self.scale.store(size.scale_factor.to_bits(), Relaxed);
    }
}

/// An open editor. Dropping it closes the editor: an unfinished gesture ends, the repaint clock stops.
pub struct Handle {
    inner: EguiEditorHandle,
    grasp: Arc<Grasp>,
    closed: Closed,
    hint: ResizeHint,
    scale: Arc<AtomicU64>,
    _watch: Watch,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.grasp.close(&self.closed);
    }
}

/// The window of an open editor. Dropping it closes it, and returns when it is gone: see the module `thread_end`.
pub struct Window {
    inner: baseview::Window,
    /// Dropped after the window.
    _ending: Awaited,
}

impl EditorHandle for Handle {
    type Window = Window;
    type Error = baseview::Error;

    fn run_until_closed(window: Self::Window) -> Result<(), Self::Error> {
        EguiEditorHandle::run_until_closed(window.inner)
    }

    fn set_parent(&self, parent: ParentWindowHandle, window: &Self::Window) -> Result<(), Self::Error> {
        self.inner.set_parent(parent, &window.inner)
    }

    fn show(&self, window: &Self::Window) -> Result<(), Self::Error> {
        self.inner.show(&window.inner)
    }

    fn hide(&self, window: &Self::Window) -> Result<(), Self::Error> {
        self.inner.hide(&window.inner)
    }

    fn set_size(&self, size: NativeSize<u32>, window: &Self::Window) -> Result<(), Self::Error> {
        self.inner.set_size(size, &window.inner)
    }

    fn host_main_thread_callback(&self, window: &Self::Window) {
        self.inner.host_main_thread_callback(&window.inner);
    }

    /// The nearest size within the limits. Not left to the adapter: its limits forget a scale that the host told late.
    fn adjust_size(&self, size: NativeSize<u32>, _: &Self::Window) -> Option<NativeSize<u32>> {
        Some(self.hint.adjust_size(size, size, f64::from_bits(self.scale.load(Relaxed))))
    }

    fn set_fallback_scale_factor(&self, scale: f64, window: &Self::Window) -> Result<(), Self::Error> {
        self.inner.set_fallback_scale_factor(scale, &window.inner)
    }

    fn state_changed(&self) {
        self.inner.state_changed();
    }

    fn param_value_changed(&self, id: &str, value: f32) {
        self.inner.param_value_changed(id, value);
    }

    fn param_modulation_changed(&self, id: &str, offset: f32) {
        self.inner.param_modulation_changed(id, offset);
    }
}
