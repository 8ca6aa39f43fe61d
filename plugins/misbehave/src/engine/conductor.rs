//! Which event sounds now, and when something is to be done next.

use super::{
    Event, Settings,
    record::Record,
    ruler::Ruler,
    score::Score,
    voice::{Cut, Voice},
};

/// A step whose moment lies further back than this was missed. Less is rounding noise of a changing tempo.
const LATE_SAMPLES: i64 = 2;

/// Walks through the score.
#[derive(Clone, Debug, Default)]
pub(super) struct Conductor {
    score: Score,
    /// The grid that steps are counted on; `None` before the first look.
    ruler: Option<Ruler>,
    /// The step whose turn comes next, the song sample at which it comes, and whether it carries an event.
    step: i64,
    moment: i64,
    carries: bool,
    voice: Option<Voice>,
}

/// What the score is read under.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub settings: &'a Settings,
    pub ruler: &'a Ruler,
    pub record: &'a Record,
}

impl Conductor {
    /// Equal to fresh. Does not allocate.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The song goes on somewhere else: what sounds is over.
    pub fn jump(&mut self) {
        (self.ruler, self.voice) = (None, None);
    }

    /// The event that sounds.
    pub fn sounding(&self) -> Option<Event> {
        self.voice.as_ref().map(|voice| voice.event)
    }

    /// Looks at the score anew at song sample `now`, after a change of settings or tempo.
    pub fn look(&mut self, view: &View, now: i64) {
        let known = self.ruler.is_some_and(|ruler| ruler.counts_like(view.ruler));
        self.ruler = Some(*view.ruler);
        if known {
            self.aim(view);
        }
        let two_steps = (2.0 * view.ruler.step() * view.ruler.unit_samples()) as i64;
        if !known || self.moment < now - LATE_SAMPLES || self.moment > now.saturating_add(two_steps) {
            self.step = self.score.first_step(view.settings, view.ruler, now);
            self.aim(view);
        }
    }

    /// The song sample at which [`Conductor::act`] must be called next.
    pub fn next(&self) -> i64 {
        let cut = self.voice.as_ref().map_or(i64::MAX, |voice| voice.next(self.follows(&voice.event)));
        cut.min(self.moment)
    }

    /// Does what is due at song sample `now`: the splice that is heard, if one is, and its strength.
    pub fn act(&mut self, view: &View, now: i64) -> Option<(Cut, f32)> {
        if self.moment <= now {
            let sounded = self.voice.is_some();
            if !self.take_step(view) {
                return (sounded && self.voice.is_none()).then_some((Cut::End, 0.0));
            }
        }
        let voice = self.voice.as_mut()?;
        let (cut, strength) = (voice.cut(now, view.record), voice.event.strength);
        if matches!(cut, Cut::End) {
            self.voice = None;
        }
        Some((cut, strength))
    }

    /// Takes the step whose turn it is; whether an event begins to sound.
    fn take_step(&mut self, view: &View) -> bool {
        let fired = view.settings.fired();
        let held = self.voice.as_ref().is_some_and(|voice| voice.fired && fired == Some(voice.event.lane));
        let event = self.score.event(view.settings, view.ruler, self.step, !held);
        self.step += 1;
        self.aim(view);
        let let_go = !held && self.voice.as_ref().is_some_and(|voice| voice.fired);
        if let Some(event) = event {
            self.voice = Voice::new(event, fired.is_some(), view);
        } else if let_go {
            self.voice = None;
        }
        event.is_some() && self.voice.is_some()
    }

    fn aim(&mut self, view: &View) {
        self.moment = self.score.moment(view.settings, view.ruler, self.step);
        self.carries = self.score.event(view.settings, view.ruler, self.step, false).is_some();
    }

    /// Whether another event begins where `event` ends.
    fn follows(&self, event: &Event) -> bool {
        self.carries && self.moment == event.end_sample()
    }
}
