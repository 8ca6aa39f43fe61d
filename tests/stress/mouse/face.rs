//! What is on a plugin's face, and in which order: read from where the plugin says it, its `src/editor.rs`.

use std::path::Path;

use serde_json::Value;
use suite_tests::bundle::Bundle;
use suite_tests::host::Param;

/// How a control is moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Knob,
    Number,
    Switch,
    Choice,
}

/// A control on the face.
#[derive(Clone, Debug)]
pub struct Control {
    pub id: String,
    /// The number that stands for the id.
    pub number: u32,
    pub kind: Kind,
    pub steps: u32,
    /// Normalised.
    pub default: f64,
    /// The section and the place in it.
    pub place: (usize, usize),
}

impl Control {
    pub fn stepped(&self) -> bool {
        self.steps > 0
    }
}

/// Text ids by section: every list in the source that holds nothing but ids of parameters.
fn sections(source: &str, known: &serde_json::Map<String, Value>) -> Vec<Vec<String>> {
    let lists = source.split("&[").skip(1).filter_map(|rest| rest.split(']').next());
    let ids = |list: &str| -> Option<Vec<String>> {
        let items = list.split(',').map(str::trim).filter(|item| !item.is_empty());
        let id = |item: &str| Some(item.strip_prefix('"')?.strip_suffix('"')?.to_owned());
        items.map(id).collect::<Option<Vec<_>>>().filter(|ids| !ids.is_empty())
    };
    lists.filter_map(ids).filter(|ids| ids.iter().all(|id| known.contains_key(id))).collect()
}

/// All controls of a plugin. `state` is what it saves.
///
/// # Panics
/// When a parameter is on no face.
pub fn controls(bundle: &Bundle, params: &[Param], state: &Value) -> Vec<Control> {
    let known = state["params"].as_object().expect("parameters");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins").join(bundle.package).join("src/editor.rs");
    let sections = sections(&std::fs::read_to_string(path).expect("the face"), known);
    let shown: Vec<&String> = sections.iter().flatten().collect();
    let hidden: Vec<&String> = known.keys().filter(|id| !shown.contains(id)).collect();
    assert!(hidden.is_empty(), "{}: no control for {hidden:?}", bundle.title);
    let mut controls = Vec::new();
    for (section, ids) in sections.iter().enumerate() {
        for (at, id) in ids.iter().enumerate() {
            controls.push(control(id, params, &known[id], (section, at)));
        }
    }
    controls
}

fn control(id: &str, params: &[Param], held: &Value, place: (usize, usize)) -> Control {
    // The framework's hash, whose top bit is the host's.
    let number = id.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())) & !(1 << 31);
    let param = params.iter().find(|param| param.id == number).unwrap_or_else(|| panic!("no parameter {id}"));
    let kind = match held.as_object().and_then(|typed| typed.keys().next()).map(String::as_str) {
        Some("bool") => Kind::Switch,
        Some("string") => Kind::Choice,
        _ if ["seed", "start"].contains(&id) => Kind::Number,
        _ => Kind::Knob,
    };
    Control { id: id.to_owned(), number, kind, steps: param.steps, default: param.default, place }
}
