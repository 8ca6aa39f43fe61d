//! What the editor shows.

use std::sync::Arc;

use green_ring_editor::{Editor, Face, Section, editor};
use green_ring_shell::Meters;

use crate::params::MisbehaveParams;

/// The editor of one instance.
pub(crate) fn open(params: &Arc<MisbehaveParams>, meters: &Arc<Meters>) -> Option<Editor> {
    let sections = vec![
        Section { name: "Order to chaos", ids: &["chaos", "activ", "edge"] },
        Section { name: "Grid", ids: &["grid", "gridt", "reach", "repeat"] },
        Section { name: "Lanes", ids: &["stut", "revs", "scat", "gate"] },
        Section { name: "Fire", ids: &["fstut", "frevs", "fscat", "fgate"] },
        Section { name: "Song", ids: &["seed", "sync", "start"] },
        Section { name: "Output", ids: &["mix", "out", "bypass"] },
    ];
    editor(Face { title: "Misbehave", sections }, params.clone(), params.window.clone(), meters.clone())
}
