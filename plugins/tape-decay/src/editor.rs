//! What the editor shows.

use std::sync::Arc;

use green_ring_editor::{Editor, Face, Kept, Picture, PictureOf, Section, editor};
use green_ring_shell::Meters;

use crate::help::HELP;
use crate::params::TapeDecayParams;
use crate::picture::{Line, TapePicture};
use crate::presets::PRESETS;

/// The editor, in signal order, with a picture at the other end of `line`.
pub fn open(params: &Arc<TapeDecayParams>, meters: &Arc<Meters>, line: &Line) -> Option<Editor> {
    let section = |name, ids| Section { name, ids };
    let sections = vec![
        section("Decay", &["wear", "pmode", "passes", "map", "pbars", "psecs", "shed", "drop", "space"]),
        section("Tape", &["level", "drive", "bias", "hyst", "even", "hiss", "modn", "print", "qual", "offq"]),
        section("Machine", &["mach", "speed", "eq", "bump", "azim", "xtalk"]),
        section("Transport", &["wow", "wrate", "flut", "frate", "scrape", "stop", "stopt"]),
        section("Place", &["seed", "sync", "start"]),
        section("Output", &["width", "mix", "out", "bypass"]),
    ];
    let (machine, listener) = (params.clone(), line.listener());
    let make = Arc::new(move || Box::new(TapePicture::new(machine.clone(), listener.clone())) as Box<dyn Picture>);
    let kept = Kept { size: params.window.clone(), shelf: params.shelf.clone() };
    editor(
        Face {
            title: "Tape Decay",
            sections,
            help: HELP,
            presets: PRESETS,
            picture: Some(PictureOf { make, gesture: "wear" }),
        },
        params.clone(),
        kept,
        meters.clone(),
    )
}
