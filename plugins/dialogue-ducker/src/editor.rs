//! What the editor shows.

use std::sync::Arc;

use green_ring_editor::{Editor, Face, Section, editor};
use green_ring_shell::Meters;

use crate::params::DialogueDuckerParams;

/// The editor of one instance.
pub(crate) fn open(params: &Arc<DialogueDuckerParams>, meters: &Arc<Meters>) -> Option<Editor> {
    let sections = vec![
        Section { name: "Difference", ids: &["target", "depth", "focus", "masked", "expand"] },
        Section { name: "Loudness", ids: &["bedtr", "keytr", "anchor", "follow"] },
        Section { name: "Dialogue", ids: &["detect", "sens", "manual", "look"] },
        Section { name: "Movement", ids: &["attack", "hold", "releas", "highs"] },
        Section { name: "Pull-Out", ids: &["pull", "pfade", "return", "rafter", "rfade"] },
        Section { name: "Output", ids: &["out", "bypass"] },
    ];
    editor(Face { title: "Dialogue Ducker", sections }, params.clone(), params.window.clone(), meters.clone())
}
