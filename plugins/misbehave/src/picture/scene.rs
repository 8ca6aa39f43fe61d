//! What there is to be seen at one moment.

use green_ring_dsp::{Song, Spec};

use super::{
    Reading,
    coming::{Coming, Past, same},
};
use crate::engine::{Event, Outlook, Settings, Sync};

/// Bars, or seconds under [`Sync::Time`], that are seen at once; one part in [`PAST`] of them lies behind.
const BARS: f64 = 8.0;
const SECONDS: f64 = 8.0;
const PAST: i64 = 8;

/// Bounds of what is seen at once, in seconds: at any tempo, it is halved or doubled into them.
const SHORTEST_S: f64 = 2.0;
const LONGEST_S: f64 = 120.0;

/// Song samples beyond this are not told apart from it, so that no sum overflows.
const FARTHEST: f64 = 1e17;

/// What moves the song.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Motion {
    /// Nothing: it stands.
    Stands,
    /// Sound comes in while the host's transport is stopped: the own clock runs on.
    Free,
    /// The host plays.
    Plays,
}

/// What was remembered and what sounded when the engine was heard last.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Heard {
    pub samples: i64,
    pub memory_s: f32,
    pub sounding: [Option<Event>; 2],
}

/// Everything that the picture shows, but for its own size.
#[derive(Debug)]
pub(super) struct Scene {
    pub spec: Spec,
    pub settings: Settings,
    pub song: Song,
    pub outlook: Outlook,
    pub motion: Motion,
    pub heard: Heard,
    pub coming: Coming,
    pub past: Past,
    /// Whether it stands somewhere in the song, and not on Start for want of better.
    placed: bool,
    begun: Vec<Event>,
}

impl Scene {
    /// The song before any was heard, from Start on.
    pub fn new(spec: &Spec, settings: &Settings, song: &Song) -> Self {
        let mut scene = Self {
            spec: *spec,
            settings: *settings,
            song: *song,
            outlook: Outlook::new(spec, settings, song),
            motion: Motion::Stands,
            heard: Heard::default(),
            coming: Coming::default(),
            past: Past::default(),
            placed: false,
            begun: vec![],
        };
        scene.look(settings, &song.moved(0));
        scene
    }

    /// What the picture depends on. While this is the same it looks the same.
    pub fn looks(&self) -> impl PartialEq + use<> {
        (self.settings, self.spec, self.song, self.motion, self.heard)
    }

    /// The song goes on to where the last of the `readings` says.
    pub fn play(&mut self, settings: &Settings, readings: &[Reading]) {
        let Some(last) = readings.last() else { return };
        self.respec(&last.spec);
        (self.placed, self.motion) = (true, if last.song.playing { Motion::Plays } else { Motion::Free });
        self.heard = Heard { samples: last.heard_samples, memory_s: last.memory_s, sounding: last.sounding };
        readings.iter().for_each(|reading| self.past.hear(reading));
        self.look(settings, &last.song);
        self.past.pass(&self.begun, readings);
        let left = self.span()[0];
        self.past.events.retain(|played| played.event.end_sample() > left);
    }

    /// The song stands where it stood, at the tempo of `song`.
    pub fn stand(&mut self, settings: &Settings, spec: &Spec, song: &Song) {
        self.respec(spec);
        self.rest();
        self.look(settings, &song.moved(self.song.sample - song.sample));
    }

    /// Nothing was told; `stands`: for so long that nothing sounds any more.
    pub fn wait(&mut self, settings: &Settings, stands: bool) {
        if stands {
            self.rest();
        }
        if *settings != self.settings {
            self.look(settings, &self.song.moved(0));
        }
    }

    /// The song samples at the picture's left and right edge.
    pub fn span(&self) -> [i64; 2] {
        let rate = self.spec.sample_rate;
        let unit = self.outlook.unit_samples();
        let whole = if self.settings.sync == Sync::Beats { BARS * self.outlook.bar() } else { SECONDS } * unit;
        let doublings = (SHORTEST_S * rate / whole).log2().ceil().max(0.0);
        let halvings = (whole / (LONGEST_S * rate)).log2().ceil().max(0.0);
        let whole = (whole * (doublings - halvings).exp2()) as i64;
        let left = self.song.sample - whole / PAST;
        [left, left + whole]
    }

    /// Samples of pre-roll until it no longer matters where playback began: 0 where it does not, or nothing plays.
    pub fn pre_roll_samples(&self) -> i64 {
        let memory = (f64::from(self.heard.memory_s) * self.spec.sample_rate) as i64;
        if self.motion == Motion::Plays { (memory - self.heard.samples).max(0) } else { 0 }
    }

    /// Whether `event` sounds now.
    pub fn sounds(&self, event: &Event) -> bool {
        self.heard.sounding.iter().flatten().any(|sounding| same(sounding, event))
    }

    /// Whether events can be heard at all.
    pub fn is_heard(&self) -> bool {
        !self.settings.bypass && self.settings.mix > 0.0
    }

    fn rest(&mut self) {
        (self.motion, self.heard.sounding) = (Motion::Stands, [None; 2]);
    }

    /// Song samples of another rate are not those of this one.
    fn respec(&mut self, spec: &Spec) {
        if self.spec != *spec {
            (self.spec, self.placed) = (*spec, false);
            (self.past, self.heard) = (Past::default(), Heard::default());
        }
    }

    /// Looks ahead from the place of `song`, or from Start where none was heard.
    fn look(&mut self, settings: &Settings, song: &Song) {
        self.settings = *settings;
        self.outlook = Outlook::new(&self.spec, settings, song);
        let start = self.outlook.sample_of(self.outlook.start()).clamp(-FARTHEST, FARTHEST).round() as i64;
        self.song = if self.placed { *song } else { song.moved(start - song.sample) };
        let right = self.span()[1];
        self.coming.look(&self.spec, settings, &self.song, right, &mut self.begun);
    }
}
