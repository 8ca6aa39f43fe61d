//! What the suite's tests stand on.
//!
//! | file | what it is |
//! | --- | --- |
//! | [`rig`] | a plugin driven in this process, without a host: any cut, any automation, any transport |
//! | [`signals`] | sounds to test with |
//! | [`meters`] | what a listener hears, as numbers |
//! | [`laws`] | the twelve laws of the design, for every plugin |
//! | [`bench`] | what it costs, for `cargo xtask bench` |
//! | [`bundle`], [`host`], [`clap_host`], [`vst3_host`], [`window`] | the built bundles through their real interfaces |
//! | [`editor`] | a plugin's editor without a window: its cost, its words |
//! | [`damage`] | plugin states that are not whole |

pub mod bench;
pub mod bundle;
pub mod clap_host;
pub mod damage;
pub mod editor;
pub mod host;
pub mod laws;
pub mod meters;
pub mod rig;
pub mod signals;
pub mod vst3_host;
pub mod window;

/// Counts what is allocated where nothing may be.
#[global_allocator]
static ALLOCATOR: nice_assert_no_alloc::AllocDisabler = nice_assert_no_alloc::AllocDisabler;
