//! The wire from the engine to the picture.

use green_ring_shell::{Listener, Teller, wire};

use crate::engine::heard::KEPT;
use crate::engine::{Engine, Settings};

/// Frames in a glimpse.
pub(crate) const FRAMES: usize = 64;

/// Glimpses that the wire holds: 0.5 s at 48 kHz, 0.13 s at 192 kHz. The picture listens every 0.03 s.
const LENGTH: usize = 384;

/// A moment of the wet sound, and what the engine says of itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glimpse {
    /// Left and right.
    pub wet: [[f32; 2]; FRAMES],
    /// Frames that the engine had heard at its end.
    pub heard: usize,
    pub rate_hz: f32,
    /// How far Silence lets sound through, 0..1.
    pub open: f32,
    /// The pre-roll in seconds.
    pub memory_s: f32,
}

/// Both ends of the wire. Making one allocates.
pub(crate) struct Link {
    teller: Teller<Glimpse>,
    listener: Listener<Glimpse>,
    /// Frames that were told of or passed over.
    told: usize,
}

impl Default for Link {
    fn default() -> Self {
        let (teller, listener) = wire(LENGTH);
        Self { teller, listener, told: 0 }
    }
}

impl Link {
    /// The picture's end.
    pub fn listener(&self) -> Listener<Glimpse> {
        self.listener.clone()
    }

    /// Tells what `engine` has heard since the last call. While nobody listens it costs nothing.
    pub fn tell(&mut self, engine: &Engine, settings: &Settings) {
        let heard = engine.heard();
        if !self.teller.is_open() || self.told > heard.count() {
            self.told = heard.count();
            return;
        }
        self.told = self.told.max(heard.count().saturating_sub(KEPT));
        let memory_s = engine.memory(settings);
        while self.told + FRAMES <= heard.count() {
            let wet = std::array::from_fn(|n| heard.frame(self.told + n));
            self.told += FRAMES;
            let (rate_hz, open) = (engine.rate_hz(), engine.open());
            self.teller.tell(Glimpse { wet, heard: self.told, rate_hz, open, memory_s });
        }
    }
}
