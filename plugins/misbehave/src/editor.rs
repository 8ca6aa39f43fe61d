//! What the editor shows.

use std::sync::Arc;

use green_ring_editor::{Editor, Face, Kept, Section, editor};
use green_ring_shell::{Listener, Meters};

use crate::help::HELP;
use crate::params::MisbehaveParams;
use crate::picture::{self, Reading};
use crate::presets::PRESETS;

/// The editor of one instance.
pub(crate) fn open(
    params: &Arc<MisbehaveParams>,
    meters: &Arc<Meters>,
    listener: &Listener<Reading>,
) -> Option<Editor> {
    let sections = vec![
        Section { name: "Order to chaos", ids: &["chaos", "activ", "edge"] },
        Section { name: "Lanes", ids: &["stut", "revs", "speed", "scat", "crush", "gate", "pitch", "feed"] },
        Section { name: "Fire", ids: &["fstut", "frevs", "fspeed", "fscat", "fcrsh", "fgate", "fpitch", "ffeed"] },
        Section { name: "Grid", ids: &["grid", "gridt", "reach", "repeat"] },
        Section { name: "Rise", ids: &["rise", "rcycle", "rdir", "rpitch"] },
        Section { name: "Growth and drift", ids: &["growth", "growb", "growt", "drift", "relock", "hold"] },
        Section { name: "Stutter, Reverse, Speed", ids: &["stroll", "revenv", "spshap", "spamt"] },
        Section { name: "Scatter, Crush", ids: &["scgrn", "scspr", "crbits", "crrate"] },
        Section { name: "Gate, Pitch, Feedback", ids: &["gopen", "pintv", "pform", "fdamt", "fdceil"] },
        Section { name: "Song", ids: &["seed", "sync", "start", "trig"] },
        Section { name: "Output", ids: &["mix", "out", "bypass"] },
    ];
    let kept = Kept { size: params.window.clone(), shelf: params.shelf.clone() };
    let picture = Some(picture::of(params, meters, listener));
    editor(
        Face { title: "Misbehave", sections, help: HELP, presets: PRESETS, picture },
        params.clone(),
        kept,
        meters.clone(),
    )
}
