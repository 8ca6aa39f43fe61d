//! Which event of a layer sounds now, and when something is to be done next.

use super::{
    Event, Lane, Settings,
    align::{Aligner, Strand},
    call::Call,
    event::Layer,
    record::Record,
    ruler::Ruler,
    score::{Score, struck},
    voice::{Cut, Voice},
};

/// A step whose moment lies further back than this was missed. Less is rounding noise of a changing tempo.
const LATE_SAMPLES: i64 = 2;

/// Walks through the score of a layer.
#[derive(Clone, Debug)]
pub(super) struct Conductor {
    layer: Layer,
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
    pub aligner: &'a Aligner,
    /// Strengths of the lanes of which notes are held, above 0.
    pub notes: &'a [f32; Lane::COUNT],
}

impl View<'_> {
    /// Who says what sounds in `layer`.
    fn call(&self, layer: Layer) -> Call {
        Call::new(self.settings, self.notes, layer)
    }

    /// Whether a Fire switch or a note makes `lane` sound in `layer`.
    fn calls(&self, layer: Layer, lane: Lane) -> bool {
        matches!(self.call(layer), Call::Lane(called, _) if called == lane)
    }
}

impl Conductor {
    /// The conductor of one layer.
    pub fn new(layer: Layer) -> Self {
        Self { layer, score: Score::new(layer), ruler: None, step: 0, moment: 0, carries: false, voice: None }
    }

    /// The song goes on somewhere else: what sounds is over.
    pub fn jump(&mut self) {
        (self.ruler, self.voice) = (None, None);
    }

    /// The event that sounds.
    pub fn sounding(&self) -> Option<Event> {
        self.voice.as_ref().map(|voice| voice.event)
    }

    /// Looks at the score anew at song sample `now`, after a change of settings, calls or tempo.
    pub fn look(&mut self, view: &View, now: i64) {
        let known = self.ruler.is_some_and(|ruler| ruler.counts_like(view.ruler));
        self.ruler = Some(*view.ruler);
        if known {
            self.aim(view);
        }
        let two_steps = (2.0 * view.ruler.step() * view.ruler.unit_samples()) as i64;
        if !known || self.moment < now - LATE_SAMPLES || self.moment > now.saturating_add(two_steps) {
            self.step = self.score.first_step(view.settings, view.ruler, view.call(self.layer), now);
            self.aim(view);
        }
    }

    /// Notes came and went at song sample `now`; `came`: one that came is of this layer. Where what sounded is over and
    /// nothing follows, how alike it and the dry sound are, 0..1.
    pub fn note(&mut self, view: &View, came: bool, now: i64) -> Option<f32> {
        let sounded = self.voice.take_if(|voice| came || voice.called && !view.calls(self.layer, voice.event.lane));
        if let Call::Lane(lane, strength) = view.call(self.layer)
            && came
        {
            let event = struck(lane, strength, view.ruler, self.step - 1, now);
            let before = sounded.as_ref().map_or(Some(Strand::dry(now)), |voice| voice.heard(now));
            self.voice = event.and_then(|event| Voice::new(event, true, before, view));
        }
        sounded.filter(|_| self.voice.is_none()).map(|voice| voice.likeness(now, view))
    }

    /// The song sample at which [`Conductor::act`] must be called next.
    pub fn next(&self) -> i64 {
        let cut = self.voice.as_ref().map_or(i64::MAX, |voice| voice.next(self.follows(&voice.event)));
        cut.min(self.moment)
    }

    /// Does what is due at song sample `now`: the splice that is heard, if one is, and its strength.
    pub fn act(&mut self, view: &View, now: i64) -> Option<(Cut, f32)> {
        if self.moment <= now {
            let likeness = self.voice.as_ref().map(|voice| voice.likeness(now, view));
            if !self.take_step(view) {
                return likeness.filter(|_| self.voice.is_none()).map(|likeness| (Cut::End(likeness), 0.0));
            }
        }
        let voice = self.voice.as_mut()?;
        let (cut, strength) = (voice.cut(now, view), voice.event.strength);
        if matches!(cut, Cut::End(_)) {
            self.voice = None;
        }
        Some((cut, strength))
    }

    /// Takes the step whose turn it is; whether an event begins to sound.
    fn take_step(&mut self, view: &View) -> bool {
        let call = view.call(self.layer);
        let held = self.voice.as_ref().is_some_and(|voice| voice.called && view.calls(self.layer, voice.event.lane));
        let event = self.score.event(view.settings, view.ruler, call, self.step, !held);
        self.step += 1;
        self.aim(view);
        let let_go = !held && self.voice.as_ref().is_some_and(|voice| voice.called);
        if let Some(event) = event {
            let now = event.start_sample;
            let before = self.voice.as_ref().map_or(Some(Strand::dry(now)), |voice| voice.heard(now));
            self.voice = Voice::new(event, matches!(call, Call::Lane(..)), before, view);
        } else if let_go {
            self.voice = None;
        }
        event.is_some() && self.voice.is_some()
    }

    fn aim(&mut self, view: &View) {
        let call = view.call(self.layer);
        self.moment = self.score.moment(view.settings, view.ruler, call, self.step);
        self.carries = self.score.event(view.settings, view.ruler, call, self.step, false).is_some();
    }

    /// Whether another event begins where `event` ends.
    fn follows(&self, event: &Event) -> bool {
        self.carries && self.moment == event.end_sample()
    }
}
