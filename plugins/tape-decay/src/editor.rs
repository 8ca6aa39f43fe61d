//! What the editor shows.

use std::sync::Arc;

use green_ring_editor::{Editor, Face, Section, editor};
use green_ring_shell::Meters;

use crate::params::TapeDecayParams;

/// The editor, in signal order.
pub fn open(params: &Arc<TapeDecayParams>, meters: &Arc<Meters>) -> Option<Editor> {
    let section = |name, ids| Section { name, ids };
    let sections = vec![
        section("Decay", &["wear", "pmode", "passes", "map", "pbars", "psecs", "shed", "drop", "space"]),
        section("Tape", &["level", "drive", "bias", "hyst", "even", "hiss", "modn", "print", "qual", "offq"]),
        section("Machine", &["mach", "speed", "eq", "bump", "azim", "xtalk"]),
        section("Transport", &["wow", "wrate", "flut", "frate", "scrape", "stop", "stopt"]),
        section("Place", &["seed", "sync", "start"]),
        section("Output", &["width", "mix", "out", "bypass"]),
    ];
    let face = Face { title: "Tape Decay", sections };
    editor(face, params.clone(), params.window.clone(), meters.clone())
}
