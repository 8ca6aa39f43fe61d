//! An event as it sounds: how each lane cuts it, and what is read from cut to cut.
//!
//! Nothing here listens. Cuts follow from the event, the settings at its beginning and chance; the record is only
//! asked whether the material is there.

mod lanes;

use green_ring_dsp::chance::Chance;

use super::{
    CLEAN_EDGE, Event, Lane, Settings,
    align::{Entry, Strand},
    cloud::Weather,
    conductor::View,
    heads::{Entrance, Reader},
    pitch::Shift,
    ruler::{Ruler, SHORTEST_S, at_or_after},
    speed::Speed,
};

/// Added to a lane's number: the chance of its single cuts. It never changes.
const CUTS: u32 = 32;
/// Addresses set aside for the cuts of one event.
const CUTS_KEPT: i64 = 1_024;

/// Seconds of a splice at Edge 0 %, and up to [`CLEAN_EDGE`]: 2 ms of raised cosine are as quiet as no splice at
/// all, and a minimum-jerk fade that is as steep takes a fifth longer.
const SOFT_FADE_S: f64 = 0.005;
const SHORT_FADE_S: f64 = 0.0024;

/// Seconds that a splice takes.
fn fade_s(edge: f64) -> f64 {
    let soft = (1.0 - 2.0 * edge).max(0.0);
    let hard = ((edge - CLEAN_EDGE as f64) / (1.0 - CLEAN_EDGE as f64)).clamp(0.0, 1.0);
    SHORT_FADE_S * (SOFT_FADE_S / SHORT_FADE_S).powf(soft) * (1.0 - hard)
}

/// Samples that a splice takes: never more than an eighth of a step.
pub(super) fn fade_samples(settings: &Settings, ruler: &Ruler) -> usize {
    let longest = ruler.step() * ruler.unit_samples() / 8.0;
    (fade_s(settings.edge as f64) * ruler.rate_hz()).min(longest).round().max(1.0) as usize
}

/// Samples by which material may lie before an event.
pub(super) fn reach_samples(settings: &Settings, ruler: &Ruler) -> f64 {
    let reach = settings.reach_bars * ruler.bar() * ruler.unit_samples();
    reach.clamp(SHORTEST_S * ruler.rate_hz(), super::FARTHEST_S * ruler.rate_hz())
}

/// What is heard from a cut on.
#[expect(clippy::large_enum_variant, reason = "nothing may be allocated for a cut")]
pub(super) enum Cut {
    /// This, instead of the dry sound.
    Splice(Reader, Entrance),
    /// The dry sound, as if out of a hole: what sounded is no longer there to be held level with.
    Open,
    /// The dry sound, as alike (0..1) as this is to what sounded, and the event is over.
    End(f32),
}

/// An event that sounds.
#[derive(Clone, Debug)]
pub(super) struct Voice {
    pub event: Event,
    /// Whether a Fire switch or a note made it.
    pub called: bool,
    fade: i64,
    rate_hz: f64,
    chance: Chance,
    address: i64,
    chaos: f32,
    /// The event's exact beginning, and the next cut, in samples from there.
    origin: f64,
    cut: f64,
    index: i64,
    /// Length of the first slice, of the present one, of the next relative to it, and parts that the slice still has.
    first: f64,
    slice: f64,
    ratio: f64,
    parts: u32,
    part: f64,
    /// Repeats in a roll, after which it begins anew, and repeats so far.
    rolls: u32,
    rolled: u32,
    /// Song sample of the slice that is repeated.
    from: i64,
    plain: bool,
    weather: Option<Weather>,
    /// Where the slice that is repeated is entered, once it was looked for.
    entry: Option<Entry>,
    /// What is read since which song sample: at first what sounded before the event; `None` where it is not one place.
    heard: Option<(i64, Strand)>,
    /// Where the tape is.
    speed: Option<Speed>,
    /// How far the pitch moves.
    semitones: f64,
    /// Samples in a feedback loop.
    delay: usize,
    /// The settings at the beginning, by which the event keeps.
    settings: Settings,
}

impl Voice {
    /// `event` under the settings of this moment, when `before` is heard; `None` where its material was not recorded.
    pub fn new(event: Event, called: bool, before: Option<Strand>, view: &View) -> Option<Self> {
        let View { settings, ruler, record, .. } = *view;
        let address = ruler.address(event.step);
        let lane = event.lane.chance();
        let mut voice = Self {
            event,
            called,
            fade: fade_samples(settings, ruler) as i64,
            rate_hz: ruler.rate_hz(),
            chance: Chance::new(settings.seed, lane + CUTS),
            address,
            chaos: ruler.chaos(settings, event.step),
            origin: ruler.sample_of(event.start),
            cut: 0.0,
            index: 0,
            first: 0.0,
            slice: 0.0,
            ratio: 1.0,
            parts: 0,
            part: 0.0,
            rolls: u32::MAX,
            rolled: 0,
            from: event.start_sample,
            plain: false,
            weather: None,
            entry: None,
            heard: before.map(|strand| (event.start_sample, strand)),
            speed: None,
            semitones: 0.0,
            delay: 1,
            settings: *settings,
        };
        let step = ruler.step() * ruler.unit_samples();
        let reach = reach_samples(settings, ruler);
        let dice = Chance::new(settings.seed, lane).uniform(address);
        match event.lane {
            Lane::Stutter => voice.stutter(step, reach, dice),
            Lane::Reverse => voice.reverse(reach, dice),
            Lane::Speed => voice.tape(reach, dice),
            Lane::Scatter => voice.scatter(step, reach, dice),
            Lane::Gate => voice.gate(step, dice),
            Lane::Crush => {}
            Lane::Pitch => voice.semitones = settings.pitch_interval.semitones(dice[2]),
            Lane::Feedback => voice.feed(step, dice),
        }
        record.has(voice.oldest(view)).then_some(voice)
    }

    /// The oldest song sample that will be read, with the fades before and after.
    fn oldest(&self, view: &View) -> i64 {
        match self.event.lane {
            Lane::Stutter => self.from - view.aligner.around()[0],
            Lane::Speed => {
                self.event.start_sample - self.speed.map_or(0, |speed| speed.back() + view.aligner.around()[0])
            }
            Lane::Scatter => self.from,
            Lane::Reverse => {
                let back = (self.slice.ceil() as i64 + 2 * self.fade).max(self.fade + view.aligner.around()[0]);
                self.event.start_sample - back
            }
            Lane::Pitch => self.event.start_sample - Shift::back(self.rate_hz),
            Lane::Crush | Lane::Gate | Lane::Feedback => self.event.start_sample,
        }
    }

    /// Song sample of the next cut. `followed`: another event begins where this one ends.
    pub fn next(&self, followed: bool) -> i64 {
        let end = self.event.end_sample();
        // The dry sound is back when the event ends, so that what begins there keeps its attack.
        let release = if followed { end } else { (end - self.fade).max(self.event.start_sample + 1) };
        let cut = at_or_after(self.origin + self.cut);
        if cut.saturating_add(self.fade) >= release { release } else { cut }
    }

    /// Makes the cut at song sample `now`, and finds the next one.
    pub fn cut(&mut self, now: i64, view: &View) -> Cut {
        if now + self.fade >= self.event.end_sample() && self.index > 0 {
            return Cut::End(self.likeness(now, view));
        }
        let old = self.heard(now);
        self.index += 1;
        match self.event.lane {
            Lane::Stutter => {
                self.roll();
                self.enter(now, old, view)
            }
            Lane::Reverse => self.turned(now, old, view),
            Lane::Speed => self.taped(now, old, view),
            Lane::Scatter => self.scattered(),
            Lane::Crush => self.crushed(),
            Lane::Gate => self.hole(),
            Lane::Pitch => self.shifted(view),
            Lane::Feedback => self.fed(),
        }
    }

    /// What is heard at song sample `now`; `None` where it is not one place.
    pub fn heard(&self, now: i64) -> Option<Strand> {
        match self.event.lane {
            // The tape is its own only while it runs at its own speed.
            Lane::Speed if self.index > 0 => self.speed.and_then(|speed| speed.strand(self.event.start_sample, now)),
            _ => self.heard.map(|(since, strand)| strand.moved(now - since)),
        }
    }

    /// How alike what sounds at song sample `now` and the dry sound are, 0..1.
    pub fn likeness(&self, now: i64, view: &View) -> f32 {
        match self.event.lane {
            // A hole is like anything, and these make what comes in their own.
            Lane::Gate | Lane::Crush | Lane::Feedback => 1.0,
            _ => self.compare(self.heard(now), Strand::dry(now), now, view),
        }
    }

    /// How alike the pasts of two reads are, 0..1: in a hard splice entirely, for it has no level to hold.
    fn compare(&self, old: Option<Strand>, new: Strand, now: i64, view: &View) -> f32 {
        let known = |strand: Strand| strand.step > 0 || strand.at + view.aligner.around()[1] <= now;
        match old {
            _ if self.settings.edge > CLEAN_EDGE => 1.0,
            Some(old) if known(old) && known(new) => view.aligner.compare(view.record, old, new).clamp(0.0, 1.0),
            _ => 0.0,
        }
    }

    fn dice(&self) -> [f32; 4] {
        self.chance.uniform(self.address * CUTS_KEPT + self.index.min(CUTS_KEPT - 1))
    }
}

#[cfg(test)]
mod tests;
