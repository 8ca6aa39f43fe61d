//! The suite's editor: one window, one theme and one family of controls for all four plugins. It knows no DSP: it reads
//! parameters and meters, and tells the host what the user's hand does.
//!
//! A plugin says what it shows with a [`Face`], keeps a [`WindowSize`] and a shelf of presets among its parameters
//! ([`Kept`]), and returns [`editor`] from `Plugin::editor`.
//!
//! Every control: drag up and down (Shift for fine), wheel, double-click or Ctrl-click for the default, click on the value
//! to type it with its unit (Enter takes it, Escape leaves it). The line at the bottom tells name, value and range.

mod bar;
mod button;
mod context;
mod control;
mod entry;
mod face;
mod field;
mod hand;
mod host;
mod knob;
mod layout;
mod menu;
mod meter;
mod parameter;
mod presets;
#[cfg(test)]
mod rig;
mod scene;
mod shelf_list;
mod size;
mod switch;
#[cfg(test)]
mod testing;
pub mod theme;
mod view;
mod watch;
mod window;

pub use egui;
pub use face::{Face, PictureOf, Section};
pub use scene::{Picture, PictureButton};
pub use size::WindowSize;
pub use window::{Editor, Handle, Kept, editor};
