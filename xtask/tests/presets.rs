//! The presets for VST3 hosts' own browsers, as `cargo xtask install` writes them, loaded through the VST3 ABI.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use suite_tests::bundle::{ALL, Bundle};
use suite_tests::host::{Host, Param};
use suite_tests::vst3_host::Vst3;

/// What no preset of a host touches: the project's own, and what is locked at first.
const NEVER: [&str; 11] = ["bypass", "seed", "sync", "start", "look", "offq", "mix", "out", "qual", "bedtr", "keytr"];

/// Writes all presets into a folder that only the test of this name uses.
fn written(test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("green-ring-{test}-{}", std::process::id()));
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = command.arg("vst3-presets").arg(&folder).output().expect("xtask runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

fn files(folder: &Path, bundle: &Bundle) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("Green Ring").join(bundle.title)).expect("a folder of the plugin");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

/// The state in a file, read as the format's definition has it and not with the code that wrote it.
fn component(bundle: &Bundle, file: &[u8]) -> Vec<u8> {
    let place = |at: usize| u64::from_le_bytes(file[at..at + 8].try_into().unwrap()) as usize;
    let class: String = bundle.vst3_id.iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!((&file[..8], &file[8..40]), (&b"VST3\x01\0\0\0"[..], class.as_bytes()));
    let list = place(40);
    assert_eq!(&file[list..list + 8], b"List\x02\0\0\0");
    assert_eq!(file.len(), list + 8 + 2 * 20, "the list ends the file");
    assert_eq!((&file[list + 8..list + 12], &file[list + 28..list + 32]), (&b"Comp"[..], &b"Info"[..]));
    file[place(list + 12)..place(list + 12) + place(list + 20)].to_vec()
}

/// The factory preset that a file is made from.
fn source(bundle: &Bundle, file: &Path) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins").join(bundle.package).join("presets");
    let presets = fs::read_dir(folder).expect("presets").map(|entry| {
        let text = fs::read_to_string(entry.expect("an entry").path()).expect("a preset");
        serde_json::from_str::<Value>(&text).expect("JSON")
    });
    let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
    presets.into_iter().find(|preset| preset["name"] == *name).unwrap_or_else(|| panic!("no preset {name}"))
}

/// The parameter of a text id, by the framework's hash.
fn param<'p>(params: &'p [Param], id: &str) -> &'p Param {
    let hash = id.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into())) & !(1 << 31);
    params.iter().find(|param| param.id == hash).unwrap_or_else(|| panic!("no parameter {id}"))
}

fn normalised(host: &mut Vst3, param: &Param, value: &Value) -> f64 {
    let text = match value {
        Value::Bool(on) => if *on { "On" } else { "Off" }.to_owned(),
        Value::String(choice) => choice.clone(),
        number => number.to_string(),
    };
    host.parse(param.id, &text).unwrap_or_else(|| panic!("{} does not read {text}", param.name))
}

/// Every value but those that a preset leaves alone is the preset's, or its default; those stay as they were.
fn check(host: &mut Vst3, bundle: &Bundle, path: &Path) {
    let params: Vec<Param> = host.params().into_iter().filter(|param| !param.hidden).collect();
    let elsewhere: Vec<(u32, f64)> = params.iter().map(|param| (param.id, param.snap(0.37))).collect();
    host.set(&elsewhere);
    let before: Vec<f64> = params.iter().map(|param| host.value(param.id)).collect();
    assert!(host.load(&component(bundle, &fs::read(path).expect("a file"))), "{}", path.display());
    let state: Value = serde_json::from_slice(&host.save()).expect("JSON");
    let preset = source(bundle, path);
    for id in state["params"].as_object().expect("parameters").keys() {
        let param = param(&params, id);
        let place = params.iter().position(|other| other.id == param.id).expect("a listed parameter");
        let wanted = match &preset["values"][id] {
            _ if NEVER.contains(&id.as_str()) => before[place],
            Value::Null => param.default,
            value => normalised(host, param, value),
        };
        let now = host.value(param.id);
        assert!((now - wanted).abs() < 2e-5, "{}: {id} is {now}, expected {wanted}", path.display());
    }
    assert!(state["fields"].get("preset").is_none(), "the mark is the file's, not the session's");
}

#[test]
fn each_file_loaded_through_the_abi_is_its_preset() {
    let folder = written("vst3-presets");
    for bundle in &ALL {
        let files = files(&folder, bundle);
        assert!(files.len() >= 16, "{}: {} presets", bundle.title, files.len());
        let mut host = Vst3::open(bundle);
        files.iter().for_each(|path| check(&mut host, bundle, path));
    }
    fs::remove_dir_all(folder).expect("removed");
}

#[test]
fn a_folder_that_cannot_be_written_is_told_in_a_line() {
    let file = std::env::temp_dir().join(format!("green-ring-no-folder-{}", std::process::id()));
    fs::write(&file, "a file").expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_xtask")).arg("vst3-presets").arg(&file).output().expect("xtask runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.lines().count() == 1 && said.contains("cannot write presets"), "{said}");
    fs::remove_file(file).expect("removed");
}
