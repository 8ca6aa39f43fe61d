//! "From playhead": the small button beside Start that sets it to where the song is, in the unit that Sync counts in.

use crate::context::lock_place;
use crate::control::{Desk, id};
use crate::parameter::Parameter;
use crate::theme::{DIM, RING, TEXT, Theme};
use egui::{Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

/// The parameter that says where counting begins, and the one that says what is counted.
const START: &str = "start";
const SYNC: &str = "sync";

/// The width and height of the button, in units.
const WIDTH: f32 = 18.0;
const HEIGHT: f32 = 16.0;

/// Draws the button at the right of Start's name, which has its padlock at the left: nothing for any other parameter. `playhead` is where the song is, in quarter notes and in seconds.
pub(crate) fn show(
    ui: &Ui,
    cell: Rect,
    parameter: &Parameter,
    all: &[Vec<Parameter>],
    playhead: Option<(f64, f64)>,
    desk: &mut Desk,
) {
    if parameter.id() != START {
        return;
    }
    let rect = place(cell, desk.theme);
    let response = ui.interact(rect, id(parameter, "playhead"), Sense::click());
    draw(ui, rect, desk, response.hovered());
    let beats = all.iter().flatten().find(|other| other.id() == SYNC).is_none_or(|sync| sync.value() < 0.5);
    let there = playhead.map(|(quarters, seconds)| if beats { quarters } else { seconds });
    let unit = if beats { "quarter notes" } else { "s" };
    if response.hovered() {
        *desk.help = match there {
            Some(there) => format!("From playhead: sets Start to where the song is now ({there:.2} {unit})"),
            None => "From playhead: sets Start to where the song is, once the host has played".into(),
        };
    }
    let value = there.filter(|_| response.clicked()).and_then(|there| parameter.parse(&format!("{there:.2}")));
    if let Some(value) = value {
        desk.hand.put(parameter, value);
    }
}

/// Where the button is in its cell: as far from the middle as the padlock on the other side.
fn place(cell: Rect, theme: Theme) -> Rect {
    let lock = lock_place(cell, theme);
    let size = vec2(theme.px(WIDTH), theme.px(HEIGHT));
    Rect::from_min_size(pos2(cell.left() + cell.right() - lock.left() - size.x, lock.top() - theme.px(1.0)), size)
}

/// The head of a playhead, with the line below it.
fn draw(ui: &Ui, rect: Rect, desk: &Desk, lit: bool) {
    let (theme, painter) = (desk.theme, ui.painter());
    let colour = if lit { TEXT } else { RING };
    let (x, top, half) = (rect.center().x, rect.top() + theme.px(3.0), theme.px(4.0));
    let head = vec![pos2(x - half, top), pos2(x + half, top), pos2(x, top + theme.px(5.0))];
    painter.add(Shape::convex_polygon(head, colour, Stroke::NONE));
    let line = [pos2(x, top), pos2(x, rect.bottom() - theme.px(1.0))];
    painter.line_segment(line, theme.stroke(1.2, if lit { TEXT } else { DIM }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hand::Hand;
    use crate::testing::{Recorder, TestParams, parameters, plugin, set};
    use crate::theme::apply;
    use egui::{Context, Event, Modifiers, PointerButton, Pos2, RawInput};
    use green_ring_shell::params::start_value;
    use std::sync::Arc;

    const CELL: Rect = Rect { min: Pos2::new(10.0, 10.0), max: Pos2::new(110.0, 110.0) };

    /// Clicks the button while the song is there. Returns the help line and whether the gesture is whole.
    fn click(plugin: &Arc<TestParams>, playhead: Option<(f64, f64)>) -> (String, Recorder) {
        let (context, host, all) = (Context::default(), Recorder::default(), parameters(plugin));
        let (mut hand, mut help) = (Hand::new(Box::new(host.clone())), String::new());
        apply(&context);
        let start = all.iter().find(|parameter| parameter.id() == START).expect("a Start").clone();
        let at = place(CELL, Theme { scale: 1.0 }).center();
        let button = |pressed| Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        let frames = [vec![], vec![Event::PointerMoved(at)], vec![button(true)], vec![button(false)]];
        for (turn, events) in frames.into_iter().enumerate() {
            let time = Some(turn as f64 / 30.0);
            let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, vec2(200.0, 200.0)));
            let input = RawInput { screen_rect, time, events, ..RawInput::default() };
            let mut output = context.run_ui(input, |ui| {
                help.clear();
                let (typing, dragging) = (&mut None, &mut false);
                let (hand, help) = (&mut hand, &mut help);
                let mut desk = Desk {
                    hand,
                    typing,
                    shelf: &plugin.shelf,
                    help,
                    dragging,
                    keys: false,
                    theme: Theme { scale: 1.0 },
                };
                show(ui, CELL, &start, std::slice::from_ref(&all), playhead, &mut desk);
            });
            output.textures_delta.clear();
        }
        (help, host)
    }

    #[test]
    fn start_goes_to_the_playhead_in_the_unit_of_sync() {
        let plugin = plugin();
        let (help, host) = click(&plugin, Some((12.3456, 7.0)));
        assert_eq!(start_value(&plugin.start), 12.35);
        assert!(host.balanced() && host.calls().len() == 3);
        assert!(help.contains("12.35 quarter notes"), "{help}");
        let sync = parameters(&plugin).into_iter().find(|parameter| parameter.id() == SYNC).expect("a Sync");
        set(&sync, 1.0);
        let (help, _) = click(&plugin, Some((12.3456, 7.0)));
        assert_eq!(start_value(&plugin.start), 7.0);
        assert!(help.contains("7.00 s"), "{help}");
    }

    #[test]
    fn before_the_song_is_its_start_and_nothing_heard_is_nothing_set() {
        let plugin = plugin();
        let (help, host) = click(&plugin, None);
        assert!(host.calls().is_empty() && help.contains("once the host has played"), "{help}");
        click(&plugin, Some((8.0, 4.0)));
        click(&plugin, Some((-2.0, -1.0)));
        assert_eq!(plugin.start.value(), 0.0);
    }
}
