//! What the editor shows.

use std::sync::Arc;

use green_ring_editor::{Editor, Face, Kept, PictureOf, Section, editor};
use green_ring_shell::Meters;

use crate::help::HELP;
use crate::listening::Listening;
use crate::params::DialogueDuckerParams;
use crate::picture::Difference;
use crate::picture::line::Ends;
use crate::presets::PRESETS;

/// The editor of one instance.
pub(crate) fn open(
    params: &Arc<DialogueDuckerParams>,
    meters: &Arc<Meters>,
    listening: &Arc<Listening>,
    ends: &Ends,
) -> Option<Editor> {
    let sections = vec![
        Section { name: "Difference", ids: &["target", "depth", "focus", "masked", "expand"] },
        Section { name: "Loudness", ids: &["bedtr", "keytr", "anchor", "follow"] },
        Section { name: "Dialogue", ids: &["detect", "sens", "manual", "look"] },
        Section { name: "Movement", ids: &["attack", "hold", "releas", "highs"] },
        Section { name: "Pull-Out", ids: &["pull", "pfade", "return", "rafter", "rfade"] },
        Section { name: "Output", ids: &["out", "bypass"] },
    ];
    let kept = Kept { size: params.window.clone(), shelf: params.shelf.clone() };
    let picture = Some(picture(params, listening, ends));
    editor(
        Face { title: "Dialogue Ducker", sections, help: HELP, presets: PRESETS, picture },
        params.clone(),
        kept,
        meters.clone(),
    )
}

fn picture(params: &Arc<DialogueDuckerParams>, listening: &Arc<Listening>, ends: &Ends) -> PictureOf {
    let (params, listening, ends) = (params.clone(), listening.clone(), ends.clone());
    PictureOf { make: Arc::new(move || Box::new(Difference::new(&params, &listening, &ends))), gesture: "target" }
}
