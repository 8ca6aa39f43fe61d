//! Who says what sounds: the score, a Fire switch or a note.

use super::{Lane, Settings, Trigger, event::Layer};

/// Who says what sounds in a layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Call {
    /// The score.
    Score,
    /// A Fire switch or a note: this lane, at this strength.
    Lane(Lane, f32),
    /// A Fire switch or a note of another layer: nothing.
    Silence,
}

impl Call {
    /// Who says so in `layer` under these settings, while these notes are held, as strengths above 0.
    pub fn new(settings: &Settings, notes: &[f32; Lane::COUNT], layer: Layer) -> Self {
        let strength = |lane: usize| if notes[lane] > 0.0 { notes[lane] } else { f32::from(settings.fire[lane]) };
        let mut called = (0..Lane::COUNT).map(|lane| (Lane::ALL[lane], strength(lane))).filter(|call| call.1 > 0.0);
        let mut others = called.clone();
        match called.find(|(lane, _)| lane.layer() == layer) {
            Some((lane, strength)) => Self::Lane(lane, strength),
            None if others.next().is_some() || settings.trigger == Trigger::Notes => Self::Silence,
            None => Self::Score,
        }
    }
}
