//! The DSP that two or more of the suite's engines share. It knows nothing of plugins, editors or files.
//!
//! In the order in which sound and time meet it:
//!
//! | file | what it is |
//! | --- | --- |
//! | [`spec`] | sample rate and channel count, and seconds to samples |
//! | [`units`] | decibels and time constants |
//! | [`door`] | what comes in from a host is made finite and free of subnormals |
//! | [`song`] | host transport to an integer sample clock, and to quarter notes |
//! | [`grid`] | the 32-frame cells on which control work happens, and settings that ride with delayed sound |
//! | [`chance`] | addressed randomness: value = f(seed, lane, position) |
//! | [`ramp`] | click-free movement of a value, exact at its end |
//! | [`delay`] | delay line with integer and band-limited reads |
//! | [`sinc`] | the windowed-sinc table behind band-limited reads |
//! | [`filter`] | one-pole and state-variable filters |
//! | [`follower`] | the mean of a power over a gliding window |
//! | [`loudness`] | K-weighting and gliding loudness after ITU-R BS.1770 |
//! | [`mix`] | dry/wet, output gain and bypass at one place |
//!
//! Only constructors allocate. Everything else may be called on an audio thread.

pub mod chance;
pub mod delay;
pub mod door;
pub mod filter;
pub mod follower;
pub mod grid;
pub mod loudness;
pub mod mix;
pub mod ramp;
pub mod sinc;
pub mod song;
pub mod spec;
pub mod units;

pub use grid::{CELL, Grid, Leg, Part, Sound, Trail};
pub use ramp::Ramp;
pub use song::{HostTransport, Song, SongClock};
pub use spec::{Spec, Tail};
