//! Where the controls of a window lie, for a test that moves a real mouse over it. Not part of what a plugin uses.

use crate::layout::{Plan, lay_out};
use crate::{knob, scene, theme::Theme};
use egui::{Rect, Vec2};

/// The places of one window, in points.
#[derive(Clone, Debug)]
pub struct Places {
    /// Points in a unit.
    pub scale: f32,
    /// The cell of each control, section by section.
    pub cells: Vec<Vec<Rect>>,
    /// The track of the large slider below the picture.
    pub slider: Rect,
}

/// The places in a window of this size with so many controls in each section and a picture above them.
pub fn places(window: Vec2, counts: &[usize]) -> Places {
    let layout = lay_out(window, Plan { counts, picture: true });
    let slider = scene::track(layout.gesture, Theme { scale: layout.scale });
    Places { scale: layout.scale, cells: layout.panels.into_iter().map(|panel| panel.cells).collect(), slider }
}

impl Places {
    /// Name, dial and value of a cell.
    pub fn parts(&self, cell: Rect) -> [Rect; 3] {
        let (name, dial, value) = knob::parts(cell, Theme { scale: self.scale });
        [name, dial, value]
    }
}
