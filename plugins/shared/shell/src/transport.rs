//! The framework's transport as plain numbers.
//!
//! Only what a host really tells is passed on: the framework's own accessors fill gaps from the *present* tempo,
//! which is wrong across a tempo map, and its bar start is wrong inside a split block, so bars are never used.

use green_ring_dsp::HostTransport;
use nice_plug::prelude::Transport;

/// What the host tells at the start of this block.
pub fn told(transport: &Transport) -> HostTransport {
    let seconds = transport.pos_seconds.map(|s| s * f64::from(transport.sample_rate));
    HostTransport {
        playing: transport.playing,
        tempo_bpm: transport.tempo,
        sample: transport.pos_samples.map(|s| s as f64).or(seconds),
        beat: transport.pos_beats,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_win_over_seconds_and_nothing_is_invented() {
        let mut transport = Transport::new(48_000.0);
        transport.tempo = Some(90.0);
        assert_eq!(told(&transport), HostTransport { tempo_bpm: Some(90.0), ..HostTransport::default() });
        transport.pos_seconds = Some(2.0);
        assert_eq!(told(&transport).sample, Some(96_000.0));
        transport.pos_samples = Some(7);
        assert_eq!((told(&transport).sample, told(&transport).beat), (Some(7.0), None));
    }
}
