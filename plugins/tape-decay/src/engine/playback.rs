//! The replay side: transport, head and amplifier.

use green_ring_dsp::{Leg, Sound, Spec};

use super::azimuth::Azimuth;
use super::contour::Contour;
use super::crosstalk::Crosstalk;
use super::machine::{self, Response};
use super::reel::Reel;
use super::settings::Settings;
use super::shaper::Shaper;
use super::tape_stop::Run;
use super::transport::Transport;
use super::width::Width;

/// The replay side of all channels.
#[derive(Debug)]
pub struct Playback {
    rate_hz: f64,
    azimuth: Azimuth,
    transport: Transport,
    response: Shaper<Response>,
    contour: Contour,
    crosstalk: Crosstalk,
    width: Width,
}

impl Playback {
    /// A replay side at rest, whose transport has a mean delay of `mean` samples. Allocates.
    pub fn new(spec: &Spec, mean: usize) -> Self {
        Self {
            rate_hz: spec.sample_rate,
            azimuth: Azimuth::new(spec),
            transport: Transport::new(spec, mean),
            response: Shaper::new(spec),
            contour: Contour::new(spec),
            crosstalk: Crosstalk::new(spec),
            width: Width::new(spec),
        }
    }

    /// Equal to fresh, without allocating.
    pub fn reset(&mut self) {
        self.azimuth.reset();
        self.transport.reset();
        self.response.reset();
        self.contour.reset();
        self.crosstalk.reset();
        self.width.reset();
    }

    /// The swing of the delay at the last frame, in seconds.
    pub fn swing_s(&self) -> f64 {
        self.transport.swing_s()
    }

    /// Whether the tape runs in step with the song: it is neither braked nor on its way back.
    pub fn in_step(&self) -> bool {
        self.transport.in_step()
    }

    /// How the tape runs, wow and flutter apart.
    pub fn run(&self) -> Run {
        self.transport.run()
    }

    /// Replays `leg.frames` frames of `sound`, in place.
    pub fn process(&mut self, leg: &Leg<Settings>, sound: &mut Sound) {
        if leg.edge {
            self.latch(leg);
        }
        let leads = self.azimuth.run(leg.frames);
        self.transport.process(leg, leads, sound);
        self.response.process(sound, leg.frames);
        self.contour.process(sound, leg.frames);
        self.crosstalk.process(sound, leg.frames);
        self.width.process(sound, leg.frames);
    }

    fn latch(&mut self, leg: &Leg<Settings>) {
        let settings = &leg.settings;
        let build = machine::build(settings.machine);
        self.azimuth.latch(leg, &build, Reel::new(settings).origin(&leg.song, self.rate_hz));
        self.transport.latch(leg);
        self.response.latch(Response::new(settings));
        self.contour.set(&build, settings.speed_ips.into(), settings.head_bump);
        self.crosstalk.set(settings.crosstalk_db);
        self.width.set(settings.width);
    }
}
