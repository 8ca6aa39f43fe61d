//! An editor without a window, for measuring what its own drawing costs: layout, shapes and tessellation, everything but
//! the graphics driver's share.

use crate::hand::Hand;
use crate::host::Host;
use crate::scene::{Shared, lock};
use crate::size::DEFAULT;
use crate::theme;
use crate::view::View;
use crate::watch::Readings;
use egui::{Context, Pos2, RawInput, Rect};
use nice_plug::prelude::ParamPtr;
use std::sync::Arc;

/// An open editor of the default size that nobody sees.
pub struct Offscreen {
    context: Context,
    view: View,
    hand: Hand,
    readings: Arc<Readings>,
    picture: Option<Shared>,
    now_s: f64,
}

/// A host that hears nothing.
struct Deaf;

impl Host for Deaf {
    fn begin(&self, _: ParamPtr) {}
    fn set(&self, _: ParamPtr, _: f32) {}
    fn end(&self, _: ParamPtr) {}
}

impl Offscreen {
    pub(crate) fn new(view: View, readings: Arc<Readings>, picture: Option<Shared>) -> Self {
        let context = Context::default();
        theme::apply(&context);
        Self { context, view, hand: Hand::new(Box::new(Deaf)), readings, picture, now_s: 0.0 }
    }

    /// What the editor's clock does 30 times a second. Returns whether the window would be drawn anew.
    pub fn look(&mut self) -> bool {
        let moved = self.picture.as_ref().is_some_and(|picture| lock(picture).advance());
        self.readings.advance() | moved
    }

    /// Draws one frame, down to triangles. Returns how many.
    pub fn draw(&mut self) -> usize {
        self.now_s += 1.0 / 30.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, DEFAULT)),
            time: Some(self.now_s),
            ..RawInput::default()
        };
        let Self { context, view, hand, .. } = self;
        let mut output = context.run_ui(input, |ui| view.show(ui, hand));
        output.textures_delta.clear();
        let primitives = context.tessellate(output.shapes, output.pixels_per_point);
        let triangles = primitives.iter().map(|clipped| match &clipped.primitive {
            egui::epaint::Primitive::Mesh(mesh) => mesh.indices.len() / 3,
            egui::epaint::Primitive::Callback(_) => 0,
        });
        triangles.sum()
    }
}
