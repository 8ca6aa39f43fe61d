//! The wiring that all four plugins share.

use std::sync::Arc;

use green_ring_dsp::{Song, SongClock, Spec, Tail};
use nice_plug::prelude::*;

use crate::meters::{Meters, Taps};
use crate::transport;

/// The maker, as hosts show it.
pub const VENDOR: &str = "Green Ring";

/// Stereo and mono, nothing else connected.
pub const LAYOUTS: &[AudioIOLayout] = &[layout(2, &[], &[]), layout(1, &[], &[])];

/// Stereo and mono, each with a key input of the same width that the host shows as "Dialogue". The first is what a
/// host gets that asks for nothing.
pub const LAYOUTS_WITH_DIALOGUE: &[AudioIOLayout] =
    &[layout(2, &[new_nonzero_u32(2)], &["Dialogue"]), layout(1, &[new_nonzero_u32(1)], &["Dialogue"])];

const fn layout(channels: u32, keys: &'static [NonZeroU32], names: &'static [&'static str]) -> AudioIOLayout {
    AudioIOLayout {
        main_input_channels: NonZeroU32::new(channels),
        main_output_channels: NonZeroU32::new(channels),
        aux_input_ports: keys,
        aux_output_ports: &[],
        names: PortNames { aux_inputs: names, ..PortNames::const_default() },
    }
}

/// What an engine is built for, under this layout and configuration.
pub fn spec(layout: &AudioIOLayout, config: &BufferConfig) -> Spec {
    let channels = layout.main_output_channels.map_or(2, |n| n.get() as usize);
    Spec { sample_rate: f64::from(config.sample_rate), channels }
}

/// What a host is told after each block about how long the sound goes on.
pub fn status(tail: Tail) -> ProcessStatus {
    match tail {
        Tail::Samples(samples) => ProcessStatus::Tail(samples),
        Tail::Infinite => ProcessStatus::KeepAlive,
    }
}

/// Song clock and meters of one activation.
#[derive(Debug)]
pub struct Desk {
    clock: SongClock,
    taps: Taps,
    meters: Arc<Meters>,
}

impl Desk {
    /// A desk for one activation. Allocates.
    pub fn new(spec: &Spec, meters: Arc<Meters>) -> Self {
        Self { clock: SongClock::new(spec.sample_rate), taps: Taps::new(spec), meters }
    }

    /// Equal to fresh. Does not allocate.
    pub fn reset(&mut self) {
        self.clock.reset();
        self.taps.reset();
    }

    /// The song for a block of `frames`.
    pub fn song(&mut self, transport: &Transport, frames: usize) -> Song {
        self.clock.advance(&transport::told(transport), frames)
    }

    /// Measures what comes in.
    pub fn input(&mut self, block: &[&mut [f32]]) {
        self.taps.input(&self.meters, block);
    }

    /// Measures what goes out.
    pub fn output(&mut self, block: &[&mut [f32]]) {
        self.taps.output(&self.meters, block);
    }
}
