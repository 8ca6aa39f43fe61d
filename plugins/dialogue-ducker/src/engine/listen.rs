//! What is listened to: the yielding bed, the key, or what was taken away.

use super::Listen;
use green_ring_dsp::delay::DelayLine;
use green_ring_dsp::mix::MIX_S;
use green_ring_dsp::{Ramp, Sound, Spec};

/// Fades between what may be listened to.
#[derive(Debug)]
pub struct Monitor {
    latency: usize,
    key: [DelayLine; 2],
    /// Gains of bed, key and what was removed.
    gains: [Ramp; 3],
    /// Whether the bed passes untouched until the next edge.
    untouched: bool,
}

impl Monitor {
    /// Listening to the bed. The key is heard `latency` samples late, as the bed is. Allocates.
    pub fn new(spec: &Spec, latency: usize) -> Self {
        let ramp = |gain| Ramp::new(gain, spec.samples(MIX_S));
        Self {
            latency,
            key: [DelayLine::new(latency), DelayLine::new(latency)],
            gains: [ramp(1.0), ramp(0.0), ramp(0.0)],
            untouched: true,
        }
    }

    /// Equal to fresh.
    pub fn reset(&mut self) {
        self.key.iter_mut().for_each(DelayLine::reset);
        self.gains.iter_mut().zip([1.0, 0.0, 0.0]).for_each(|(ramp, gain)| ramp.jump(gain));
        self.untouched = true;
    }

    /// Fades to `listen`.
    pub fn steer(&mut self, listen: Listen) {
        let heard = [Listen::Normal, Listen::Key, Listen::Removed];
        self.gains.iter_mut().zip(heard).for_each(|(ramp, of)| ramp.go(f32::from(u8::from(of == listen))));
        let [bed, key, removed] = &self.gains;
        self.untouched = bed.rests_at(1.0) && key.rests_at(0.0) && removed.rests_at(0.0);
    }

    /// Puts what is listened to in place of the bed in `sound`, `at` frames into the part whose key is `key`.
    pub fn process(&mut self, key: &Sound, at: usize, dry: &Sound, sound: &mut Sound, frames: usize) {
        for k in 0..frames {
            let late = [0, 1].map(|c| self.key[c].tick(key[c][at + k], self.latency));
            if self.untouched {
                continue;
            }
            let gains = [0, 1, 2].map(|g| self.gains[g].tick());
            for c in 0..2 {
                let removed = dry[c][k] - sound[c][k];
                sound[c][k] = gains[0] * sound[c][k] + gains[1] * late[c] + gains[2] * removed;
            }
        }
    }
}
