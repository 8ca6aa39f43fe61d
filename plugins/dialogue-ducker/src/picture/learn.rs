//! Learn: Dialogue Anchor from speech that is heard.

use super::line::Told;
use crate::engine::Reading;

/// Less speech than this tells nothing, in seconds.
const LEAST_S: f32 = 3.0;

/// Listens from one press to the next.
#[derive(Clone, Debug, Default)]
pub struct Learn {
    /// The reading at which it began; none before the first.
    from: Option<Reading>,
    on: bool,
    /// Loudness of the speech heard since then, the dialogue's fader included, in LUFS, and its length in seconds.
    heard: (f32, f32),
}

impl Learn {
    /// Takes in what was told.
    pub fn hear(&mut self, told: &Told) {
        if !self.on {
            return;
        }
        let from = *self.from.get_or_insert(told.reading);
        // An engine that has been made anew counts from nothing.
        if told.reading.spoken.1 < from.spoken.1 {
            self.from = Some(told.reading);
            return;
        }
        let (lufs, seconds) = told.reading.spoken_since(&from);
        self.heard = (lufs + told.settings.key_trim_db, seconds);
    }

    /// Begins, or ends: what was learned in LUFS, or none where too little was spoken.
    pub fn press(&mut self) -> Option<f32> {
        let (lufs, seconds) = self.heard;
        let learned = (self.on && seconds >= LEAST_S).then_some((10.0 * lufs).round() / 10.0);
        *self = Self { on: !self.on, ..Self::default() };
        learned
    }

    /// Whether it listens.
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// What stands on its button.
    pub fn text(&self) -> String {
        match self.heard {
            _ if !self.on => "Learn".into(),
            (_, seconds) if seconds < LEAST_S => format!("learning {seconds:.0} of {LEAST_S:.0} s"),
            (lufs, seconds) => format!("{lufs:.1}, {seconds:.0} s"),
        }
    }

    /// What it waits for, in words; nothing while it is off.
    pub fn words(&self) -> Option<String> {
        let (lufs, seconds) = self.heard;
        self.on.then(|| match seconds {
            _ if seconds < LEAST_S => format!("learning: {seconds:.0} s of speech, {LEAST_S:.0} s are needed"),
            _ => format!("learning {seconds:.0} s: {lufs:.1} LUFS, press Learn to take it"),
        })
    }
}
