//! One layer of what sounds: a conductor, and the heads that it sends to and fro.

use green_ring_dsp::{CELL, Sound};

use super::{
    Event,
    conductor::{Conductor, View},
    event::Layer,
    heads::{Heads, Stock},
    voice::{Cut, fade_samples},
};

/// The events of one layer as they are heard.
#[derive(Debug)]
pub(super) struct Deck {
    pub layer: Layer,
    conductor: Conductor,
    heads: Heads,
}

impl Deck {
    /// A deck at rest, whose loops are shorter than `loop_samples`. Allocates.
    pub fn new(layer: Layer, loop_samples: usize) -> Self {
        Self { layer, conductor: Conductor::new(layer), heads: Heads::new(loop_samples) }
    }

    /// Equal to fresh. Does not allocate.
    pub fn reset(&mut self) {
        self.conductor = Conductor::new(self.layer);
        self.heads.reset();
    }

    /// The song goes on somewhere else.
    pub fn jump(&mut self, fade_samples: usize) {
        self.conductor.jump();
        self.heads.release(fade_samples, 1.0);
    }

    /// The event that sounds.
    pub fn sounding(&self) -> Option<Event> {
        self.conductor.sounding()
    }

    /// Looks at the score anew at song sample `now`.
    pub fn look(&mut self, view: &View, now: i64) {
        self.conductor.look(view, now);
    }

    /// Notes came and went at song sample `now`; `struck`: one that came is of this layer.
    pub fn note(&mut self, view: &View, struck: bool, now: i64) {
        if let Some(likeness) = self.conductor.note(view, struck, now) {
            self.heads.release(fade_samples(view.settings, view.ruler), likeness);
        }
    }

    /// Lays the layer over `below`, for `frames` frames from song sample `first` on, by the share `mix` of each frame.
    pub fn play(
        &mut self,
        view: &View,
        stock: &Stock,
        first: i64,
        below: &Sound,
        mix: &[f32; CELL],
        frames: usize,
    ) -> Sound {
        let (mut wet, mut at) = (*below, 0);
        while at < frames {
            let now = first + at as i64;
            let until = self.conductor.next();
            if until <= now {
                self.cut(view, now);
                continue;
            }
            let end = until.saturating_sub(first).min(frames as i64) as usize;
            self.heads.process(stock, below, &mut wet, mix, [at, end]);
            at = end;
        }
        wet
    }

    fn cut(&mut self, view: &View, now: i64) {
        let fade = fade_samples(view.settings, view.ruler);
        match self.conductor.act(view, now) {
            Some((Cut::Splice(reader, entrance), strength)) => self.heads.splice(reader, strength, fade, entrance),
            Some((Cut::Open, _)) => self.heads.release(fade, 1.0),
            Some((Cut::End(likeness), _)) => self.heads.release(fade, likeness),
            None => {}
        }
    }
}
