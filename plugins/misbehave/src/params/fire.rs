//! Lanes that are made to sound, drawn to picture.

use green_ring_shell::params;
use nice_plug::prelude::*;

use crate::engine::Lane;

/// While one is on, its lane sounds from grid step to grid step and nothing else does. Crush and Gate lie over the others:
/// one of them and one of the others sound together.
#[derive(Params)]
pub struct FireParams {
    /// Stutters for as long as it is on.
    #[id = "fstut"]
    pub stutter: BoolParam,
    /// Reverses for as long as it is on.
    #[id = "frevs"]
    pub reverse: BoolParam,
    /// Bends the tape for as long as it is on.
    #[id = "fspeed"]
    pub speed: BoolParam,
    /// Scatters for as long as it is on.
    #[id = "fscat"]
    pub scatter: BoolParam,
    /// Crushes for as long as it is on.
    #[id = "fcrsh"]
    pub crush: BoolParam,
    /// Cuts holes for as long as it is on.
    #[id = "fgate"]
    pub gate: BoolParam,
    /// Plays another note for as long as it is on.
    #[id = "fpitch"]
    pub pitch: BoolParam,
    /// Feeds back for as long as it is on.
    #[id = "ffeed"]
    pub feedback: BoolParam,
}

impl FireParams {
    /// The switches in the order of [`Lane::ALL`].
    pub fn all(&self) -> [&BoolParam; Lane::COUNT] {
        [&self.stutter, &self.reverse, &self.speed, &self.scatter, &self.crush, &self.gate, &self.pitch, &self.feedback]
    }
}

impl Default for FireParams {
    fn default() -> Self {
        let switch = |name| params::switch(name, false);
        Self {
            stutter: switch("Fire Stutter"),
            reverse: switch("Fire Reverse"),
            speed: switch("Fire Speed"),
            scatter: switch("Fire Scatter"),
            crush: switch("Fire Crush"),
            gate: switch("Fire Gate"),
            pitch: switch("Fire Pitch"),
            feedback: switch("Fire Feedback"),
        }
    }
}
