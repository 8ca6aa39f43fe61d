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
    rate_hz: f64,
    clock: SongClock,
    taps: Taps,
    meters: Arc<Meters>,
}

impl Desk {
    /// A desk for one activation. Allocates.
    pub fn new(spec: &Spec, meters: Arc<Meters>) -> Self {
        let rate_hz = spec.sample_rate;
        Self { rate_hz, clock: SongClock::new(rate_hz), taps: Taps::new(spec), meters }
    }

    /// Equal to fresh. Does not allocate.
    pub fn reset(&mut self) {
        self.clock.reset();
        self.taps.reset();
    }

    /// The song for a block of `frames`.
    pub fn song(&mut self, transport: &Transport, frames: usize) -> Song {
        let told = transport::told(transport);
        let song = self.clock.advance(&told, frames);
        // Stopped, the clock runs on by itself, and the playhead is where the host says that its cursor stands.
        let (sample, beat) = match told.playing {
            true => (song.sample as f64, song.beat(song.sample)),
            false => (told.sample.unwrap_or(song.sample as f64), told.beat.unwrap_or(song.beat(song.sample))),
        };
        self.meters.tell_playhead(beat, sample / self.rate_hz);
        song
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

#[cfg(test)]
mod tests {
    use super::*;

    fn stands(playing: bool, samples: i64, beats: f64) -> Transport {
        let mut transport = Transport::new(48_000.0);
        (transport.playing, transport.tempo) = (playing, Some(90.0));
        (transport.pos_samples, transport.pos_beats) = (Some(samples), Some(beats));
        transport
    }

    #[test]
    fn the_playhead_is_told_playing_and_stopped_while_somebody_looks() {
        let meters = Arc::new(Meters::default());
        let mut desk = Desk::new(&Spec { sample_rate: 48_000.0, channels: 2 }, Arc::clone(&meters));
        desk.song(&stands(true, 96_000, 3.0), 512);
        assert_eq!(meters.playhead.get(), None, "nobody looks");
        meters.set_open(true);
        desk.song(&stands(true, 192_000, 6.0), 512);
        assert_eq!(meters.playhead.get(), Some((6.0, 4.0)));
        for _ in 0..3 {
            desk.song(&stands(false, 480_000, 15.0), 512);
            assert_eq!(meters.playhead.get(), Some((15.0, 10.0)), "a parked cursor does not run away");
        }
    }
}
