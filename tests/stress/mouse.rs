//! A scripted mouse on a real window: it moves every control of an editor, and each tells the host the begin of a gesture,
//! values and its end, and lands where the picture says.

#[path = "mouse/desk.rs"]
mod desk;
#[path = "mouse/face.rs"]
mod face;

use green_ring_editor::egui::{Vec2, vec2};
use suite_tests::bundle::Bundle;
use suite_tests::window::mouse::{DOWN, LEFT, RIGHT, UP};

use self::desk::Desk;
use self::face::{Control, Kind};

/// A drag over a quarter of a knob's range, in moves that are each longer than what still counts as a click, in units.
const MOVES: usize = 5;
const MOVE: f32 = 11.0;
/// A drag over the whole range is so long, in units.
const WHOLE: f32 = 220.0;
/// One notch of the wheel on a continuous control.
const NOTCH: f64 = 0.02;
/// A line of a list or menu, and the margin above the first, in units.
const LINE: f32 = 24.0;
const MARGIN: f32 = 5.0;

/// Each control in the way that suits it, and the first knobs in all ways.
pub fn every_control(bundle: &Bundle) {
    let mut desk = Desk::open(bundle);
    let controls = desk.controls.clone();
    let mut knobs = 0;
    for control in &controls {
        match control.kind {
            Kind::Switch => click(&mut desk, control),
            Kind::Choice => choose(&mut desk, control),
            Kind::Number => type_value(&mut desk, control),
            Kind::Knob => {
                drag(&mut desk, control);
                if knobs < 3 && !control.stepped() {
                    wheel(&mut desk, control);
                    type_value(&mut desk, control);
                    take_default_from_menu(&mut desk, control);
                    drag(&mut desk, control);
                    knobs += 1;
                }
                double_click(&mut desk, control);
            }
        }
    }
    slide(&mut desk, &controls);
    println!("# {}: {} controls, {} gestures", bundle.title, controls.len(), desk.gestures);
    desk.close();
}

/// A window that stalls in the frame of the press takes a move as part of it: hence the second tries, which a wrong way or
/// length never passes.
fn drag(desk: &mut Desk, control: &Control) {
    let mut wrong = Vec::new();
    while let Err(told) = drag_once(desk, control) {
        wrong.push(told);
        assert!(wrong.len() < 3, "{wrong:?}");
    }
}

fn drag_once(desk: &mut Desk, control: &Control) -> Result<(), String> {
    let (before, step) = (desk.value(control), (MOVE * desk.places.scale).round());
    let way = if before < 0.5 { -step } else { step };
    let from = desk.dial(control).center();
    desk.point(from.x, from.y);
    desk.take_hold();
    for turn in 1..=MOVES {
        desk.point(from.x, from.y + way * turn as f32);
    }
    desk.let_go();
    let moved = f64::from(-way * MOVES as f32 / (WHOLE * desk.places.scale));
    desk.landed(control, before + moved, 0.012)
}

fn wheel(desk: &mut Desk, control: &Control) {
    let (before, at) = (desk.value(control), desk.dial(control).center());
    let (button, change) = if before < 0.5 { (UP, NOTCH) } else { (DOWN, -NOTCH) };
    desk.point(at.x, at.y);
    desk.click(button);
    desk.click(button);
    desk.lands(control, before + 2.0 * change, 1e-4);
}

/// Clicks the value and types a number, without its unit.
fn type_value(desk: &mut Desk, control: &Control) {
    let wanted = if desk.value(control) < 0.5 { 0.7 } else { 0.3 };
    let text = desk.text(control, wanted);
    let number: String = text.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '-')).collect();
    let value = desk.parse(control, &number);
    let at = if control.kind == Kind::Number { desk.dial(control) } else { desk.parts(control)[2] };
    desk.point(at.center().x, at.center().y);
    desk.click(LEFT);
    desk.write(&number);
    desk.lands(control, value, 1e-4);
}

fn take_default_from_menu(desk: &mut Desk, control: &Control) {
    let first = vec2(30.0, 0.7 * LINE) * desk.places.scale;
    open_and_take(desk, control, RIGHT, first, control.default);
}

fn double_click(desk: &mut Desk, control: &Control) {
    let at = desk.dial(control).center();
    desk.point(at.x, at.y);
    desk.click(LEFT);
    desk.click(LEFT);
    desk.lands(control, control.default, 1e-6);
}

fn click(desk: &mut Desk, control: &Control) {
    let (before, at) = (desk.value(control), desk.dial(control).center());
    desk.point(at.x, at.y);
    desk.click(LEFT);
    desk.lands(control, 1.0 - before, 1e-6);
}

/// The wheel takes the next choice, whether it is shown as segments or as a menu. A long list is opened and clicked too.
fn choose(desk: &mut Desk, control: &Control) {
    let (before, at, scale) = (desk.value(control), desk.dial(control).center(), desk.places.scale);
    let (button, change) = if before < 0.5 { (UP, 1.0) } else { (DOWN, -1.0) };
    desk.point(at.x, at.y);
    desk.click(button);
    desk.lands(control, before + change / f64::from(control.steps), 1e-6);
    if control.steps < 4 {
        return;
    }
    // Below its button the list opens only where the window has room.
    let list = ((control.steps + 1) as f32 * LINE + 2.0 * MARGIN) * scale;
    if at.y + LINE * scale + list < desk.size.y {
        let steps = f64::from(control.steps);
        let chosen = (desk.value(control) * steps).round();
        // What is chosen already would be no gesture.
        let line = if chosen == 2.0 { 1.0 } else { 2.0 };
        let way = vec2(0.0, (LINE / 2.0 + MARGIN + (line as f32 + 0.5) * LINE) * scale);
        open_and_take(desk, control, LEFT, way, line / steps);
    }
}

/// Opens what a button of the mouse opens on a control, and clicks at so far from it. A window that stalls may not have opened
/// it by then, and takes the click for none of its business: hence the second tries.
fn open_and_take(desk: &mut Desk, control: &Control, button: u8, way: Vec2, wanted: f64) {
    let at = desk.dial(control).center();
    for _ in 0..3 {
        desk.point(at.x, at.y);
        desk.click(button);
        desk.pump(250);
        desk.point(at.x + way.x, at.y + way.y);
        desk.click(LEFT);
        if desk.is_told(control) {
            return desk.lands(control, wanted, 1e-6);
        }
        desk.point(desk.size.x - 2.0, 2.0);
        desk.click(LEFT);
    }
    panic!("{}: nothing was told", control.id);
}

/// The large slider goes where the pointer goes.
fn slide(desk: &mut Desk, controls: &[Control]) {
    let (track, scale) = (desk.places.slider, desk.places.scale);
    let radius = 8.0 * scale;
    let at = |value: f64| track.left() + radius + (track.width() - 2.0 * radius) * value as f32;
    let gesture = desk.bundle.package;
    let id = match gesture {
        "dream-reverb" => "dream",
        "misbehave" => "chaos",
        "tape-decay" => "wear",
        _ => "target",
    };
    let control = controls.iter().find(|control| control.id == id).expect("the large gesture");
    let (before, y) = (desk.value(control), track.center().y);
    let (from, wanted) = (at(before).round(), if before < 0.5 { 0.8 } else { 0.2 });
    desk.point(from, y);
    desk.take_hold();
    for turn in 1..=MOVES {
        desk.point(from + (at(wanted).round() - from) * turn as f32 / MOVES as f32, y);
    }
    desk.let_go();
    desk.lands(control, wanted, 0.004);
}
