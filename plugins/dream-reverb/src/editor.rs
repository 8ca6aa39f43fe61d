//! What the editor shows.

use std::sync::Arc;

use green_ring_editor::{Editor, Face, Section, editor};
use green_ring_shell::Meters;

use crate::params::DreamReverbParams;

/// The editor of one instance.
pub(crate) fn open(params: &Arc<DreamReverbParams>, meters: &Arc<Meters>) -> Option<Editor> {
    let sections = vec![
        Section {
            name: "Dream",
            ids: &[
                "dream", "drdec", "swell", "rev", "revtim", "revlen", "grains", "grsize", "grspr", "shim", "shimct",
                "choir", "vowel", "drone",
            ],
        },
        Section { name: "Scene", ids: &["freeze", "inf", "silen", "silent", "recede", "duck", "duckfr"] },
        Section { name: "Room", ids: &["size", "glide", "pre", "presyn", "early", "diff"] },
        Section { name: "Tail", ids: &["decay", "lodec", "lox", "hidec", "hix"] },
        Section { name: "Tone", ids: &["locut", "hicut"] },
        Section { name: "Movement", ids: &["motion", "drift", "seed", "sync", "start"] },
        Section { name: "Output", ids: &["width", "mix", "out", "bypass"] },
    ];
    editor(Face { title: "Dream Reverb", sections }, params.clone(), params.window.clone(), meters.clone())
}
