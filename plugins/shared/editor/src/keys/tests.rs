//! The editor by keyboard alone.

use crate::rig::{FRAME_S, Rig};
use crate::testing::{Call, gestures, told};
use egui::{Event, Key, Modifiers, pos2};

/// A rig whose focus is on the control of this name.
fn on(name: &str) -> Rig {
    let mut rig = Rig::new();
    rig.focus(name);
    rig
}

#[test]
fn tab_goes_through_everything_in_reading_order_and_back() {
    let mut rig = Rig::with_picture();
    let mut order = Vec::new();
    while order.len() < 60 {
        rig.key(Key::Tab);
        match rig.focused() {
            Some(name) if order.first() == Some(&name) => break,
            Some(name) => order.push(name),
            None => (),
        }
    }
    let controls = ["Mix", "Decay", "Lines", "Mix", "Vowel", "Freeze", "Hall", "Seed", "Meters", "Help"];
    assert_eq!(order[order.len() - controls.len()..], controls);
    assert_eq!(order[0], "Previous preset");
    rig.modifiers = Modifiers::SHIFT;
    rig.key(Key::Tab);
    rig.idle(1);
    assert_eq!(rig.focused().as_deref(), Some("Help"));
}

#[test]
fn the_keyboard_is_the_hosts_until_tab_and_after_escape_or_a_click() {
    let leave: [fn(&mut Rig); 3] = [
        |rig| rig.key(Key::Escape),
        |rig| rig.click(pos2(3.0, 3.0)),
        |rig| drop(rig.frame(vec![Event::WindowFocused(false)])),
    ];
    for leave in leave {
        let mut rig = on("Decay");
        assert!(rig.context.egui_wants_keyboard_input());
        leave(&mut rig);
        rig.idle(1);
        assert!(!rig.context.egui_wants_keyboard_input());
        rig.key(Key::ArrowUp);
        rig.idle(30);
        assert_eq!(rig.calls(), []);
    }
}

#[test]
fn a_press_is_one_gesture_and_so_is_a_held_key() {
    let mut rig = on("Decay");
    rig.key(Key::ArrowUp);
    rig.idle((1.0 / FRAME_S) as usize);
    assert_eq!(gestures(&rig.calls()), 1);
    assert!((rig.plugin.decay.value() - 2.1).abs() < 1e-5);
    rig.hold(Key::ArrowRight, true);
    rig.idle((0.7 / FRAME_S) as usize);
    (0..30).for_each(|_| rig.hold(Key::ArrowRight, true));
    rig.hold(Key::ArrowRight, false);
    rig.idle((1.0 / FRAME_S) as usize);
    assert_eq!(gestures(&rig.calls()), 2);
    assert!((rig.plugin.decay.value() - 5.2).abs() < 1e-4, "{}", rig.plugin.decay.value());
}

#[test]
fn a_key_whose_release_never_comes_lets_go() {
    let mut rig = on("Decay");
    rig.hold(Key::ArrowUp, true);
    rig.idle((2.0 / FRAME_S) as usize);
    assert_eq!(gestures(&rig.calls()), 1);
}

#[test]
fn shift_is_fine_and_page_is_far() {
    let mut rig = on("Decay");
    rig.modifiers = Modifiers::SHIFT;
    rig.key(Key::ArrowUp);
    assert!((rig.plugin.decay.value() - 2.01).abs() < 1e-4);
    rig.modifiers = Modifiers::NONE;
    rig.key(Key::PageUp);
    assert!((rig.plugin.decay.value() - 3.01).abs() < 1e-4);
}

#[test]
fn an_arrow_right_after_tab_does_not_carry_the_focus_away() {
    let mut rig = on("Decay");
    let tab = |pressed| {
        let (modifiers, physical_key) = (Modifiers::NONE, None);
        Event::Key { key: Key::Tab, physical_key, pressed, repeat: false, modifiers }
    };
    rig.frame(vec![tab(true), tab(false)]);
    rig.key(Key::ArrowUp);
    rig.key(Key::ArrowUp);
    assert_eq!((rig.focused().as_deref(), rig.plugin.lines.value()), (Some("Lines"), 3));
}

#[test]
fn ends_and_default_are_whole_gestures() {
    let mut rig = on("Decay");
    for (key, value) in
        [(Key::Home, 0.0), (Key::End, 10.0), (Key::Delete, 2.0), (Key::End, 10.0), (Key::Backspace, 2.0)]
    {
        rig.key(key);
        assert_eq!(rig.plugin.decay.value(), value);
    }
    assert_eq!(gestures(&rig.calls()), 5);
}

#[test]
fn a_held_space_bar_turns_a_switch_over_once() {
    let mut rig = on("Freeze");
    (0..10).for_each(|_| rig.hold(Key::Space, true));
    let space = |pressed| {
        let (modifiers, physical_key) = (Modifiers::NONE, None);
        Event::Key { key: Key::Space, physical_key, pressed, repeat: false, modifiers }
    };
    (0..10).for_each(|_| drop(rig.frame(vec![space(false), space(true)])));
    rig.hold(Key::Space, false);
    assert_eq!(rig.calls(), [Call::Begin("freeze"), Call::Set("freeze", 1.0), Call::End("freeze")]);
}

#[test]
fn arrows_step_through_choices_and_the_focus_stays() {
    for (name, id) in [("Vowel", "vowel"), ("Hall", "hall")] {
        let mut rig = on(name);
        rig.key(Key::ArrowDown);
        rig.idle(30);
        let step = if id == "vowel" { 0.5 } else { 0.2 };
        assert_eq!(rig.calls(), [Call::Begin(id), Call::Set(id, step), Call::End(id)]);
        assert_eq!(rig.focused().as_deref(), Some(name));
    }
}

#[test]
fn enter_types_and_the_focus_comes_back() {
    let mut rig = on("Decay");
    rig.key(Key::Enter);
    rig.write("7.5 s");
    rig.key(Key::Enter);
    rig.idle(2);
    assert_eq!(told(&rig.calls()), [0.75]);
    assert_eq!(rig.focused().as_deref(), Some("Decay"));
    rig.write("4");
    rig.key(Key::Enter);
    assert_eq!(told(&rig.calls()), [0.75, 0.4]);
}

#[test]
fn tab_takes_what_was_typed_and_goes_on() {
    let mut rig = Rig::new();
    let at = rig.value("decay");
    rig.click(at);
    rig.write("7.5");
    rig.key(Key::Tab);
    rig.idle(1);
    assert_eq!(told(&rig.calls()), [0.75]);
    assert_eq!(rig.focused().as_deref(), Some("Lines"));
}

#[test]
fn l_locks_without_a_gesture() {
    let mut rig = on("Decay");
    rig.key(Key::L);
    assert!(rig.plugin.shelf.lock().locked.contains("decay"));
    assert_eq!(rig.calls(), []);
}

#[test]
fn a_ring_is_drawn_only_while_the_keyboard_is_ours() {
    let mut rig = on("Decay");
    let with = rig.frame(Vec::new()).shapes.len();
    rig.key(Key::Escape);
    rig.idle(1);
    assert_eq!(rig.frame(Vec::new()).shapes.len(), with - 1);
}
