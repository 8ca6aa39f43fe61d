//! The suite's editor: one window, one theme and one family of controls for all four plugins. It knows no DSP: it reads
//! parameters and meters, and tells the host what the user's hand does.
//!
//! A plugin says what it shows with a [`Face`], keeps a [`WindowSize`] and a shelf of presets among its parameters
//! ([`Kept`]), and returns [`editor`] from `Plugin::editor`.
//!
//! Every control: drag up and down (Shift for fine), wheel, double-click or Ctrl-click for the default, click on the value
//! to type it with its unit (Enter takes it, Escape leaves it). Tab enters keyboard mode: arrows, ends, default, typing on
//! the control that has the focus; Escape gives the keyboard back to the host. The line at the bottom tells name, what it
//! does, value and range.

mod access;
mod bar;
mod button;
mod comfort;
mod context;
mod control;
#[cfg(test)]
mod endings;
mod entry;
mod face;
mod field;
mod grasp;
mod hand;
pub mod history;
mod host;
mod keys;
mod knob;
mod layout;
mod menu;
mod meter;
mod number;
mod offscreen;
mod parameter;
#[doc(hidden)]
pub mod places;
mod playhead;
mod presets;
#[cfg(test)]
mod rig;
mod scene;
mod segments;
mod shelf_list;
mod size;
mod switch;
#[cfg(test)]
mod testing;
pub mod theme;
mod thread_end;
mod view;
mod watch;
mod window;

pub use egui;
pub use face::{Face, LONGEST_HELP, PictureOf, Section};
pub use offscreen::Offscreen;
pub use scene::{Picture, PictureButton};
pub use size::WindowSize;
pub use window::{Editor, Handle, Kept, Window, editor};
