//! The picture: how loud dialogue and bed have been for 20 s, where the bed is to lie, and what is taken from it.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`line`] | what the audio thread tells |
//! | `history` | the last 20 s, in columns |
//! | `spectrum` | the bed in thirds of an octave |
//! | `now` | the numbers and the words of this moment |
//! | `plot` | where everything lies, and surfaces of colour |
//! | `traces` | the difference over time |
//! | `column` | the reduction over the bed's spectrum |
//! | `learn` | the anchor from speech that is heard |
//! | `buttons` | Learn, and what is listened to |
//! | `route` | how dialogue gets to the key |

mod buttons;
mod column;
mod history;
mod learn;
pub mod line;
mod now;
mod plot;
mod route;
mod spectrum;
mod traces;

use std::sync::Arc;

use green_ring_editor::egui::{Painter, Rect};
use green_ring_editor::theme::Theme;
use green_ring_editor::{Picture, PictureButton};

use crate::engine::Listen;
use crate::listening::Listening;
use crate::params::DialogueDuckerParams;
use history::History;
use learn::Learn;
use line::{Ends, Told};
use nice_plug::prelude::Param;
use now::Now;
use plot::Plot;
use spectrum::Spectrum;

/// The picture of one open window.
pub struct Difference {
    params: Arc<DialogueDuckerParams>,
    listening: Arc<Listening>,
    ends: Ends,
    begun: bool,
    last: Option<Told>,
    history: History,
    spectrum: Spectrum,
    now: Now,
    learn: Learn,
    host: String,
}

impl Difference {
    /// A picture of what comes over `ends`, whose buttons tell `listening`. Allocates.
    pub fn new(params: &Arc<DialogueDuckerParams>, listening: &Arc<Listening>, ends: &Ends) -> Self {
        let settings = params.settings();
        Self {
            params: params.clone(),
            listening: listening.clone(),
            ends: ends.clone(),
            begun: false,
            last: None,
            history: History::new(&settings),
            spectrum: Spectrum::default(),
            now: Now::of(&settings, None, &Spectrum::default()),
            learn: Learn::default(),
            host: route::program(),
        }
    }
}

impl Picture for Difference {
    fn advance(&mut self) -> bool {
        if !std::mem::replace(&mut self.begun, true) {
            self.ends.clear();
        }
        let settings = self.params.settings();
        let Self { ends, last, history, spectrum, learn, .. } = self;
        let mut moved = false;
        ends.told.hear(|told| {
            moved |= history.hear(&told);
            learn.hear(&told);
            *last = Some(told);
        });
        spectrum.hear(last.map_or(0.0, |told| told.rate_hz), &ends.sound);
        if last.is_none() {
            history.rest(&settings);
        }
        let next = Now::of(&settings, last.as_ref(), spectrum);
        moved | (std::mem::replace(&mut self.now, next) != self.now)
    }

    fn paint(&self, painter: &Painter, area: Rect, theme: Theme) {
        let plot = Plot::new(area, theme);
        traces::paint(painter, &plot, &self.history, &self.now);
        column::paint(painter, &plot, &self.now);
        if self.now.keyless {
            route::paint(painter, &plot, &self.host);
        }
    }

    fn words(&self) -> String {
        self.learn.words().unwrap_or_else(|| self.now.words.clone())
    }

    fn buttons(&self, area: Rect, theme: Theme) -> Vec<PictureButton> {
        buttons::all(&Plot::new(area, theme), &self.learn, &self.listening)
    }

    fn press(&mut self, button: usize) -> Option<(&'static str, f32)> {
        if let Some(listen) = buttons::listen(button) {
            self.listening.set(listen);
            return None;
        }
        let anchor = &self.params.difference.anchor;
        self.learn.press().map(|lufs| ("anchor", anchor.preview_normalized(lufs)))
    }
}

impl Drop for Difference {
    /// A bounce must not print the key because somebody once listened to it.
    fn drop(&mut self) {
        self.listening.set(Listen::Normal);
    }
}

#[cfg(test)]
mod tests;
