//! The preset bar and its list, as a user drives them, and what then lies in the user's folder.

use crate::rig::Rig;
use crate::testing::{gestures, told};
use egui::{Key, Modifiers, Popup, vec2};
use green_ring_shell::presets::{Preset, Value};
use std::fs;
use std::path::PathBuf;

#[test]
fn next_takes_a_preset_in_whole_gestures() {
    let mut rig = Rig::new();
    let [_, on, ..] = rig.bar();
    rig.click(on.center());
    assert_eq!(rig.plugin.decay.value(), 9.0);
    assert_eq!(gestures(&rig.calls()), 1);
    assert_eq!(chosen(&rig).as_deref(), Some("Long"));
}

#[test]
fn the_list_finds_and_takes() {
    let mut rig = Rig::new();
    let name = rig.bar()[2];
    rig.click(name.center());
    rig.idle(2);
    let list = rig.area(super::id("list"));
    rig.click(list.center_top() + vec2(0.0, 16.0) * rig.scale());
    rig.idle(2);
    rig.write("CUPB");
    rig.idle(1);
    assert!(rig.area(super::id("list")).height() < list.height(), "fewer lines");
    rig.click(list.left_top() + vec2(60.0, 66.0) * rig.scale());
    assert_eq!(rig.plugin.decay.value(), 1.0);
    rig.idle(2);
    assert!(!egui::Popup::is_any_open(&rig.context));
    assert!(!rig.context.egui_wants_keyboard_input());
}

#[test]
fn a_named_preset_is_kept_and_a_factory_name_is_refused() {
    let mut rig = Rig::new();
    let [_, _, _, save, ..] = rig.bar();
    rig.click(save.center());
    rig.idle(2);
    rig.write("Long");
    rig.key(Key::Enter);
    assert!(rig.fault().is_some_and(|fault| fault.contains("factory")));
    rig.modifiers = Modifiers::NONE;
    rig.write("er");
    rig.key(Key::Enter);
    assert_eq!(rig.fault(), None);
    assert_eq!(chosen(&rig).as_deref(), Some("Longer"));
    rig.idle(2);
    assert!(!rig.context.egui_wants_keyboard_input());
}

#[test]
fn a_and_b_are_heard_in_turn() {
    let mut rig = Rig::new();
    let [_, on, _, _, side, copy] = rig.bar();
    rig.click(side.center());
    rig.click(on.center());
    assert_eq!(rig.plugin.decay.value(), 9.0);
    rig.click(side.center());
    assert_eq!(rig.plugin.decay.value(), 2.0);
    rig.click(copy.center());
    rig.click(side.center());
    assert_eq!(rig.plugin.decay.value(), 2.0);
}

/// What lies in the user's folder: the names of the files, and the presets in them.
fn files(rig: &Rig) -> Vec<(String, Preset)> {
    let folder = rig.presets_folder().expect("a folder");
    let paths = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let read = |path: PathBuf| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, Preset::parse(&fs::read_to_string(&path).expect("a file")).expect("a preset"))
    };
    let mut files: Vec<(String, Preset)> = paths.map(read).collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

/// The name of the chosen preset.
fn chosen(rig: &Rig) -> Option<String> {
    rig.plugin.shelf.lock().preset.clone()
}

/// Opens the list and clicks on what is called so in it.
fn click_in_list(rig: &mut Rig, name: &str) {
    let at = rig.bar()[2].center();
    rig.click(at);
    rig.idle(2);
    click(rig, name);
}

fn click(rig: &mut Rig, name: &str) {
    let at = rig.node(name).rect().center();
    rig.click(at);
    rig.idle(2);
}

/// A rig on which a preset "Mine" with a decay of 4 s has been kept.
fn with_own() -> Rig {
    let mut rig = Rig::new();
    let at = rig.value("decay");
    rig.click(at);
    rig.write("4");
    rig.key(Key::Enter);
    click_in_list(&mut rig, "Save as");
    rig.write("Mine");
    rig.key(Key::Enter);
    rig.idle(2);
    rig
}

fn decay(preset: &Preset) -> f32 {
    match preset.values["decay"] {
        Value::Number(decay) => decay,
        _ => panic!("no number"),
    }
}

#[test]
fn save_as_keeps_what_sounds_and_save_writes_over_it() {
    let mut rig = with_own();
    assert_eq!((chosen(&rig).as_deref(), rig.fault()), (Some("Mine"), None));
    assert!(!rig.dirty());
    let [(name, preset)] = &files(&rig)[..] else { panic!("one file") };
    assert_eq!((name.as_str(), preset.name.as_str(), decay(preset)), ("mine.json", "Mine", 4.0));
    assert_eq!(gestures(&rig.calls()), 1, "saving moves nothing");
    let at = rig.value("decay");
    rig.click(at);
    rig.write("6");
    rig.key(Key::Enter);
    assert!(rig.dirty());
    let save = rig.bar()[3].center();
    rig.click(save);
    rig.idle(2);
    assert!(!rig.dirty() && !rig.context.egui_wants_keyboard_input(), "no name is asked for");
    let [(_, preset)] = &files(&rig)[..] else { panic!("one file") };
    assert_eq!(decay(preset), 6.0);
}

#[test]
fn a_name_that_is_left_keeps_nothing() {
    let mut rig = Rig::new();
    click_in_list(&mut rig, "Save as");
    rig.write("Never");
    rig.key(Key::Escape);
    rig.idle(2);
    assert!(files(&rig).is_empty() && chosen(&rig).is_none());
    assert!(!rig.context.egui_wants_keyboard_input());
}

#[test]
fn rename_keeps_the_file_and_the_choice() {
    let mut rig = with_own();
    click_in_list(&mut rig, "Rename");
    rig.write("Long");
    rig.key(Key::Enter);
    assert!(rig.fault().is_some_and(|fault| fault.contains("factory")));
    rig.write(" ago");
    rig.key(Key::Enter);
    assert_eq!((rig.fault(), chosen(&rig).as_deref()), (None, Some("Long ago")));
    let [(name, preset)] = &files(&rig)[..] else { panic!("one file") };
    assert_eq!((name.as_str(), preset.name.as_str(), decay(preset)), ("mine.json", "Long ago", 4.0));
}

#[test]
fn delete_asks_first_and_leaves_the_values() {
    let mut rig = with_own();
    click_in_list(&mut rig, "Delete");
    assert_eq!(files(&rig).len(), 1);
    click(&mut rig, "Sure?");
    assert!(files(&rig).is_empty() && chosen(&rig).is_none());
    assert_eq!(rig.plugin.decay.value(), 4.0);
    assert!(!Popup::is_any_open(&rig.context));
}

#[test]
fn a_list_that_was_closed_is_no_longer_sure() {
    let mut rig = with_own();
    click_in_list(&mut rig, "Delete");
    rig.key(Key::Escape);
    rig.idle(2);
    click_in_list(&mut rig, "Delete");
    assert_eq!(files(&rig).len(), 1);
}

#[test]
fn what_is_part_of_the_plugin_is_neither_renamed_nor_deleted() {
    let mut rig = Rig::new();
    click_in_list(&mut rig, "Long");
    for action in ["Rename", "Delete"] {
        click_in_list(&mut rig, action);
        assert!(Popup::is_any_open(&rig.context) && !rig.context.egui_wants_keyboard_input(), "{action} does nothing");
        rig.key(Key::Escape);
        rig.idle(2);
    }
    assert_eq!((chosen(&rig).as_deref(), rig.fault()), (Some("Long"), None));
}

#[test]
fn the_folder_is_made_and_shown() {
    let mut rig = Rig::new();
    // Stands for the file manager, which finds the folder there.
    rig.bar_mut().show_folder = |folder| fs::write(folder.join("seen"), "");
    click_in_list(&mut rig, "Folder");
    assert!(rig.presets_folder().expect("a folder").join("seen").exists());
    rig.bar_mut().show_folder = |_| Err(std::io::Error::other("no file manager"));
    click_in_list(&mut rig, "Folder");
    assert!(rig.fault().is_some_and(|fault| fault.contains("no file manager")));
}

#[test]
fn init_and_presets_and_sides_leave_alone_what_is_locked() {
    let mut rig = Rig::new();
    let [_, on, _, _, side, _] = rig.bar();
    rig.click(on.center());
    // Mix is locked at first: the preset's 0.8 does not reach it.
    assert_eq!((rig.plugin.decay.value(), rig.plugin.mix.value()), (9.0, 0.3));
    let lock = crate::context::lock_place(rig.cell("decay"), crate::theme::Theme { scale: rig.scale() }).center();
    rig.click(lock);
    let begun = gestures(&rig.calls());
    click_in_list(&mut rig, "Init");
    assert_eq!((rig.plugin.decay.value(), gestures(&rig.calls())), (9.0, begun));
    click_in_list(&mut rig, "Short");
    rig.click(side.center());
    assert_eq!((rig.plugin.decay.value(), gestures(&rig.calls())), (9.0, begun));
    rig.click(lock);
    click_in_list(&mut rig, "Init");
    assert_eq!((rig.plugin.decay.value(), gestures(&rig.calls())), (2.0, begun + 1));
    assert!(chosen(&rig).is_none());
}

#[test]
fn a_damaged_file_says_what_is_wrong_and_changes_nothing() {
    let mut rig = Rig::new();
    let folder = rig.presets_folder().expect("a folder");
    fs::create_dir_all(&folder).expect("a folder that can be made");
    fs::write(folder.join("broken.json"), "{\"name\": 3").expect("a file");
    // The damaged files stand at the end of the list, which is taller than the window.
    let at = rig.bar()[2].center();
    rig.click(at);
    rig.write("broken");
    rig.idle(2);
    click(&mut rig, "broken.json");
    assert!(rig.fault().is_some_and(|fault| fault.starts_with("not a preset: ")), "{:?}", rig.fault());
    assert!(Popup::is_any_open(&rig.context), "another may be chosen");
    (0..2).for_each(|_| rig.key(Key::Escape));
    click_in_list(&mut rig, "Misfit");
    assert!(rig.fault().is_some_and(|fault| fault.contains("nosuch")), "{:?}", rig.fault());
    assert_eq!((rig.calls(), chosen(&rig)), (vec![], None));
    click(&mut rig, "Short");
    assert_eq!((rig.fault(), rig.plugin.decay.value()), (None, 1.0));
}

#[test]
fn a_copy_is_what_sounded_when_it_was_made() {
    let mut rig = Rig::new();
    let [_, on, _, _, side, copy] = rig.bar();
    rig.click(on.center());
    rig.click(copy.center());
    assert_eq!(gestures(&rig.calls()), 1, "copying moves nothing");
    click_in_list(&mut rig, "Short");
    rig.click(side.center());
    assert_eq!((rig.plugin.decay.value(), chosen(&rig).as_deref()), (9.0, Some("Long")));
    rig.click(side.center());
    assert_eq!((rig.plugin.decay.value(), chosen(&rig).as_deref()), (1.0, Some("Short")));
}

#[test]
fn scenes_and_folders_are_searched() {
    let mut rig = with_own();
    let folder = rig.presets_folder().expect("a folder").join("Chase");
    fs::create_dir_all(&folder).expect("a folder that can be made");
    fs::write(folder.join("car.json"), r#"{"name":"Car","author":"","comment":"","values":{}}"#).expect("a file");
    let shown = |rig: &mut Rig, wanted: &str| {
        let at = rig.bar()[2].center();
        rig.click(at);
        rig.idle(2);
        rig.write(wanted);
        rig.idle(2);
        let shown = ["Long", "Short", "Misfit", "Mine", "Car"].map(|name| rig.shows(name));
        (0..2).for_each(|_| rig.key(Key::Escape));
        rig.idle(2);
        shown
    };
    assert_eq!(shown(&mut rig, "HALLS"), [true, false, false, false, false]);
    assert_eq!(shown(&mut rig, "factory"), [false, false, true, false, false]);
    assert_eq!(shown(&mut rig, "yours"), [false, false, false, true, true]);
    assert_eq!(shown(&mut rig, "chase"), [false, false, false, false, true]);
}

#[test]
fn the_keyboard_walks_through_the_list_and_takes() {
    let mut rig = Rig::new();
    rig.focus("Presets: Init");
    rig.key(Key::Enter);
    rig.idle(2);
    assert_eq!(rig.focused().as_deref(), Some("Long"), "the first line");
    rig.key(Key::ArrowDown);
    assert_eq!((rig.focused().as_deref(), rig.calls()), (Some("Short"), vec![]));
    rig.key(Key::Enter);
    rig.idle(2);
    assert_eq!(told(&rig.calls()), [0.1]);
    assert!(!Popup::is_any_open(&rig.context));
    assert_eq!(rig.focused().as_deref(), Some("Presets: Short"), "the focus comes back");
    rig.key(Key::Enter);
    rig.idle(2);
    assert_eq!(rig.focused().as_deref(), Some("Short"), "the chosen line");
    (0..9).for_each(|_| rig.key(Key::ArrowUp));
    assert_eq!(rig.focused().as_deref(), Some("Long"));
    rig.key(Key::Escape);
    rig.idle(2);
    assert_eq!((Popup::is_any_open(&rig.context), rig.focused().as_deref()), (false, Some("Presets: Short")));
    rig.key(Key::Escape);
    rig.idle(2);
    assert!(!rig.context.egui_wants_keyboard_input());
    assert_eq!(gestures(&rig.calls()), 1);
}

#[test]
fn the_list_scrolls_to_the_line_that_has_the_focus() {
    let mut rig = with_own();
    let folder = rig.presets_folder().expect("a folder");
    for name in ["a", "b", "c", "d"] {
        let json = format!(r#"{{"name":"{name}","author":"","comment":"","values":{{}}}}"#);
        fs::write(folder.join(name).with_extension("json"), json).expect("a file");
    }
    let at = rig.bar()[2].center();
    rig.click(at);
    rig.idle(2);
    // The actions lie below what is in sight of the lines.
    let hidden = |rig: &Rig| rig.node("Mine").rect().bottom() > rig.node("Init").rect().top();
    assert!(hidden(&rig), "a list that is long enough");
    rig.key(Key::ArrowUp);
    rig.idle(30);
    assert_eq!((rig.focused().as_deref(), hidden(&rig)), (Some("Mine"), false));
}

#[test]
fn letters_search_and_enter_goes_on_to_what_was_found() {
    for by_mouse in [true, false] {
        let mut rig = Rig::new();
        if by_mouse {
            let at = rig.bar()[2].center();
            rig.click(at);
        } else {
            rig.focus("Presets: Init");
            rig.key(Key::Enter);
        }
        rig.idle(2);
        rig.write("c");
        rig.write("upb");
        rig.key(Key::Enter);
        rig.idle(2);
        assert_eq!((rig.focused().as_deref(), rig.shows("Long")), (Some("Short"), false));
        rig.key(Key::Enter);
        rig.idle(2);
        assert_eq!((rig.plugin.decay.value(), Popup::is_any_open(&rig.context)), (1.0, false));
        assert_eq!(rig.context.egui_wants_keyboard_input(), !by_mouse, "who came by mouse gets the keyboard back");
    }
}

#[test]
fn arrows_work_in_a_list_that_the_mouse_opened() {
    let mut rig = Rig::new();
    let at = rig.bar()[2].center();
    rig.click(at);
    rig.idle(2);
    (0..2).for_each(|_| rig.key(Key::ArrowDown));
    rig.key(Key::Enter);
    rig.idle(2);
    assert_eq!(rig.plugin.decay.value(), 1.0);
    assert!(!rig.context.egui_wants_keyboard_input());
}
