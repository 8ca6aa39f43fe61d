//! The tape itself: what it adds to the sound, and what wear takes away.
//!
//! Hiss joins last: it is the noise of every copy and of every replay, and a hole does not take it away.

use green_ring_dsp::{Leg, Sound, Spec};

use super::grain::Grain;
use super::hiss::Hiss;
use super::machine::Response;
use super::print_through::PrintThrough;
use super::reel::Reel;
use super::settings::Settings;
use super::tape::Tape;
use super::worn::{Dials, worn};

/// Modulation noise, oxide, print-through and hiss.
#[derive(Debug)]
pub struct Medium {
    rate_hz: f64,
    grain: Grain,
    tape: Tape,
    print: PrintThrough,
    hiss: Hiss,
}

impl Medium {
    /// New tape. Allocates.
    pub fn new(spec: &Spec) -> Self {
        Self {
            rate_hz: spec.sample_rate,
            grain: Grain::new(spec),
            tape: Tape::new(spec),
            print: PrintThrough::new(spec),
            hiss: Hiss::new(spec),
        }
    }

    /// Equal to fresh, without allocating.
    pub fn reset(&mut self) {
        self.grain.reset();
        self.tape.reset();
        self.print.reset();
        self.hiss.reset();
    }

    /// Samples that the sound is late.
    pub fn latency(&self) -> usize {
        self.tape.latency()
    }

    /// Seconds that the print of what was on the tape still takes; 0 where nothing prints.
    pub fn printed_s(&self) -> f64 {
        self.print.turn_s()
    }

    /// Passes `leg.frames` frames of `sound`, in place.
    pub fn process(&mut self, leg: &Leg<Settings>, sound: &mut Sound) {
        if leg.edge {
            self.latch(leg);
        }
        self.grain.process(sound, leg.frames);
        self.tape.process(leg.frames, sound);
        self.print.process(leg.frames, sound);
        self.hiss.process(leg, sound);
    }

    fn latch(&mut self, leg: &Leg<Settings>) {
        let (settings, song, reel) = (&leg.settings, &leg.song, Reel::new(&leg.settings));
        let origin = reel.origin(song, self.rate_hz);
        let beats = reel.beats(song, song.sample, self.rate_hz);
        let passes = reel.pass(beats, settings.passes, settings.shed_rate);
        let noise_db = worn(settings.wear, &Dials { passes, ..Dials::default() }).noise_db;
        self.grain.latch(leg, origin);
        self.tape.latch(song, settings);
        self.print.latch(settings);
        self.hiss.latch(leg, origin, Response::new(settings), noise_db);
    }
}
