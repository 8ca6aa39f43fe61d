//! What stands between an engine and a host. It knows no sound and draws nothing.
//!
//! | file | what it is |
//! | --- | --- |
//! | [`desk`] | the wiring that all four plugins share: layouts, song clock, meters, what a host is told |
//! | [`transport`] | the framework's transport as the plain numbers of a [`SongClock`](green_ring_dsp::SongClock) |
//! | [`key`] | the key (sidechain) input, whatever the host connected |
//! | [`text`] | values as text with their unit, both ways |
//! | [`params`] | parameters of the suite's kinds: per cent, decibels, seconds ..., and the shared Sync, Start, Seed, Bypass |
//! | [`state`] | a loaded state is checked before it is believed |
//! | [`presets`] | presets: files of parameter id to plain value |
//! | [`library`] | the presets of one plugin: the factory's, and the user's files |
//! | [`shelf`] | what the project keeps of presets: locks, the chosen preset, A and B |
//! | [`meters`] | levels and loudness on their way to an editor |
//! | [`wire`] | what an engine tells its picture in the editor |
//! | [`guard`] | what keeps the framework's known bugs harmless on Linux |

pub mod desk;
pub mod guard;
pub mod key;
pub mod library;
pub mod meters;
pub mod params;
pub mod presets;
pub mod shelf;
pub mod state;
pub mod text;
pub mod transport;
pub mod wire;

pub use desk::Desk;
pub use library::Library;
pub use meters::{Level, Meters};
pub use shelf::Shelf;
pub use wire::{Listener, Teller, wire};
