//! Every widget under every ending: whatever is pressed, moved or typed, and however that ends, the host hears of whole
//! gestures only, and the editor goes on as before.

use crate::bar;
use crate::context::{lock_place, menu_id};
use crate::control::id;
use crate::entry::Place;
use crate::rig::Rig;
use crate::testing::{gestures, parameter, parameters};
use crate::theme::Theme;
use egui::{Event, Key, Pos2, vec2};

/// How something is taken hold of.
type Hold = (&'static str, fn(&mut Rig));
/// How that ends.
type Ending = (&'static str, fn(&mut Rig));

const HOLDS: [Hold; 27] = [
    ("knob", |rig| drag(rig, "decay")),
    ("stepped knob", |rig| drag(rig, "lines")),
    ("segments", |rig| drag(rig, "vowel")),
    ("switch", |rig| drag(rig, "freeze")),
    ("menu", |rig| drag(rig, "hall")),
    ("number", |rig| drag(rig, "seed")),
    ("large slider", |rig| {
        let at = rig.slider().center();
        press(rig, at);
        rig.move_by(vec2(40.0, 0.0));
    }),
    ("wheel", |rig| {
        let at = rig.dial("decay");
        rig.move_to(at);
        rig.wheel(1.0);
    }),
    ("held key", |rig| {
        rig.focus("Decay");
        rig.hold(Key::ArrowUp, true);
    }),
    ("pressed segment", |rig| {
        let at = rig.segment("vowel", 2);
        press(rig, at);
    }),
    ("pressed switch", |rig| {
        let at = rig.dial("freeze");
        press(rig, at);
    }),
    ("line of a menu", |rig| {
        let at = rig.dial("hall");
        rig.click(at);
        rig.idle(2);
        let at = rig.area(id(&parameter("hall"), "list")).center();
        press(rig, at);
    }),
    ("line of a context menu", |rig| {
        let at = rig.dial("decay");
        rig.drag("decay", vec2(0.0, -30.0));
        rig.button(false);
        rig.right_click(at);
        rig.idle(2);
        let at = rig.area(menu_id(&parameter("decay"), Place::Knob)).left_top() + vec2(30.0, 16.0) * rig.scale();
        press(rig, at);
    }),
    ("typed value", |rig| {
        let at = rig.value("decay");
        rig.click(at);
        rig.write("7.5");
    }),
    ("typed number", |rig| {
        let at = rig.dial("seed");
        rig.click(at);
        rig.write("77");
    }),
    ("lock", |rig| {
        let at = lock_place(rig.cell("decay"), Theme { scale: rig.scale() }).center();
        press(rig, at);
    }),
    ("previous preset", |rig| press_bar(rig, 0)),
    ("next preset", |rig| press_bar(rig, 1)),
    ("name of the preset", |rig| press_bar(rig, 2)),
    ("save", |rig| press_bar(rig, 3)),
    ("A and B", |rig| press_bar(rig, 4)),
    ("copy", |rig| press_bar(rig, 5)),
    ("line of the presets", |rig| {
        open_presets(rig);
        let at = rig.node("Long").rect().center();
        press(rig, at);
    }),
    ("search", |rig| {
        open_presets(rig);
        rig.write("cup");
    }),
    ("typed name", |rig| {
        let at = rig.bar()[3].center();
        rig.click(at);
        rig.write("Mine");
    }),
    ("button of the picture", |rig| {
        let at = rig.picture().center();
        press(rig, at);
    }),
    ("meters", |rig| {
        let at = rig.node("Meters").rect().center();
        press(rig, at);
    }),
];

const ENDINGS: [Ending; 6] = [
    ("release", |rig| {
        rig.hold(Key::ArrowUp, false);
        rig.button(false);
    }),
    ("escape", |rig| rig.key(Key::Escape)),
    ("lost pointer", |rig| {
        rig.frame(vec![Event::PointerGone]);
    }),
    ("close", |rig| rig.hand().close()),
    ("another taken", |rig| {
        let pan = parameters(&rig.plugin).into_iter().find(|parameter| parameter.id() == "pan");
        rig.hand().put(&pan.expect("another"), 1.0);
    }),
    ("window without focus", |rig| {
        rig.frame(vec![Event::WindowFocused(false)]);
        // Hosts take the keyboard back in the middle of a drag, which goes on.
        rig.button(false);
    }),
];

fn press(rig: &mut Rig, at: Pos2) {
    rig.move_to(at);
    rig.button(true);
}

fn press_bar(rig: &mut Rig, part: usize) {
    let at = rig.bar()[part].center();
    press(rig, at);
}

fn drag(rig: &mut Rig, id: &str) {
    rig.drag(id, vec2(0.0, -160.0 * rig.scale()));
}

fn open_presets(rig: &mut Rig) {
    let at = rig.bar()[2].center();
    rig.click(at);
    rig.idle(2);
    assert!(egui::Popup::is_id_open(&rig.context, bar::id("list")));
}

#[test]
fn every_widget_under_every_ending() {
    for (held, hold) in HOLDS {
        for (ended, end) in ENDINGS {
            let mut rig = Rig::with_picture();
            hold(&mut rig);
            end(&mut rig);
            // Longer than what is lost is waited for.
            rig.idle(2);
            rig.pause(2.0);
            assert!(rig.host.balanced(), "{held}, {ended}: {:?}", rig.host.calls());
            // A click elsewhere ends what is left: a button that is still down, an open list, a field.
            rig.button(false);
            (0..2).for_each(|_| rig.key(Key::Escape));
            rig.click(Pos2::new(3.0, 3.0));
            rig.idle(2);
            let before = gestures(&rig.calls());
            drag(&mut rig, "lines");
            rig.button(false);
            rig.idle(2);
            let went_on = gestures(&rig.calls()) - before;
            assert_eq!(went_on, usize::from(ended != "close"), "{held}, {ended}: {:?}", rig.host.calls());
        }
    }
}
