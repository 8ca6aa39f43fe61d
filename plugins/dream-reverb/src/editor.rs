//! What the editor shows.

use std::sync::Arc;

use green_ring_editor::{Editor, Face, Kept, PictureOf, Section, editor};
use green_ring_shell::{Listener, Meters};

use crate::help::HELP;
use crate::params::DreamReverbParams;
use crate::picture::{Glimpse, Space};
use crate::presets::PRESETS;

/// The editor of one instance.
pub(crate) fn open(
    params: &Arc<DreamReverbParams>,
    meters: &Arc<Meters>,
    listener: Listener<Glimpse>,
) -> Option<Editor> {
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
    let kept = Kept { size: params.window.clone(), shelf: params.shelf.clone() };
    let theirs = params.clone();
    let make = Arc::new(move || Box::new(Space::new(theirs.clone(), listener.clone())) as _);
    let picture = Some(PictureOf { make, gesture: "dream" });
    editor(
        Face { title: "Dream Reverb", sections, help: HELP, presets: PRESETS, picture },
        params.clone(),
        kept,
        meters.clone(),
    )
}
