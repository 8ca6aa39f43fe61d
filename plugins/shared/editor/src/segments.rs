//! A segmented choice: all of a few short choices in sight, and each one click away. Side by side where they fit, else one
//! below the other; what does not fit so either is a menu.

use crate::context;
use crate::control::{Desk, touch, wants_default};
use crate::keys::presses;
use crate::knob::parts;
use crate::parameter::Parameter;
use crate::theme::{DIM, EDGE, RING, TEXT, Theme, WELL};
use egui::{Align2, Rect, StrokeKind, Ui, vec2};

/// The most choices that are shown at once.
const MOST: usize = 4;
/// The height of a segment, in units, where there is room for it, and the least at which it is read and hit, in units and
/// in points.
const TALL: f32 = 22.0;
const LOW: f32 = 16.0;
const LOW_POINTS: f32 = 15.0;
/// The size of the words and the room beside them, in units.
const WORDS: f32 = 12.0;
const BESIDE: f32 = 4.0;

/// Where the segments of a cell lie; none where they do not fit.
pub(crate) fn places(ui: &Ui, cell: Rect, parameter: &Parameter, theme: Theme) -> Option<Vec<Rect>> {
    let choices = parameter.choices().filter(|choices| choices.len() <= MOST)?;
    let (name, dial, value) = parts(cell, theme);
    let columns = cell.shrink2(vec2(theme.px(3.0), 0.0)).x_range();
    let below = 2.0 + theme.name_below(ui.painter(), name, parameter.name());
    let room = Rect::from_x_y_ranges(columns, name.bottom() + theme.px(below)..=value.bottom());
    let widths = choices.iter().map(|choice| theme.width(ui.painter(), WORDS, choice) + theme.px(2.0 * BESIDE));
    let widest = widths.fold(0.0, f32::max);
    let count = choices.len() as f32;
    if widest * count <= room.width() {
        let row = Rect::from_center_size(dial.center(), vec2(room.width(), theme.px(TALL + 2.0)));
        return Some(split(row, choices.len(), vec2(row.width() / count, 0.0)));
    }
    let height = (room.height() / count).min(theme.px(TALL));
    let stack = Rect::from_center_size(room.center(), vec2(room.width(), height * count));
    let fits = widest <= room.width() && height >= theme.px(LOW).max(LOW_POINTS);
    fits.then(|| split(stack, choices.len(), vec2(0.0, height)))
}

/// `count` equal parts, each `way` from the one before.
fn split(all: Rect, count: usize, way: egui::Vec2) -> Vec<Rect> {
    let size = if way.x > 0.0 { vec2(way.x, all.height()) } else { vec2(all.width(), way.y) };
    (0..count).map(|i| Rect::from_min_size(all.min + way * i as f32, size)).collect()
}

pub(crate) fn show(ui: &mut Ui, cell: Rect, places: &[Rect], parameter: &Parameter, desk: &mut Desk) {
    let (name, ..) = parts(cell, desk.theme);
    let all = places.iter().fold(Rect::NOTHING, |all, place| all.union(*place));
    let response = touch(ui, name.union(all), parameter, desk);
    let last = (places.len() - 1).max(1) as f32;
    let chosen = (desk.hand.shown(parameter) * last).round() as usize;
    if presses(ui, &response) && !wants_default(ui, &response) {
        let at = response.interact_pointer_pos().filter(|_| response.clicked_by(egui::PointerButton::Primary));
        let hit = at.map(|at| places.iter().position(|place| place.contains(at)));
        // A click beside the segments chooses nothing; a key goes on to the next.
        if let Some(choice) = hit.unwrap_or(Some((chosen + 1) % places.len())) {
            desk.hand.put(parameter, choice as f32 / last);
        }
    }
    let lit = response.hovered();
    context::name(ui.painter(), cell, parameter, if lit { TEXT } else { DIM }, desk);
    draw(ui, all, places, parameter, desk, lit);
}

fn draw(ui: &Ui, all: Rect, places: &[Rect], parameter: &Parameter, desk: &Desk, lit: bool) {
    let (theme, painter) = (desk.theme, ui.painter());
    let last = (places.len() - 1).max(1) as f32;
    let chosen = (desk.hand.shown(parameter) * last).round() as usize;
    let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|_| lit);
    painter.rect_filled(all, theme.px(4.0), WELL);
    for (i, place) in places.iter().enumerate() {
        let (is_chosen, is_lit) = (i == chosen, pointer.is_some_and(|at| place.contains(at)));
        if is_chosen {
            let inside = place.shrink(theme.px(2.0));
            painter.rect_filled(inside, theme.px(3.0), RING.gamma_multiply(0.3));
            painter.rect_stroke(inside, theme.px(3.0), theme.stroke(1.0, RING), StrokeKind::Inside);
        }
        let colour = if is_chosen || is_lit { TEXT } else { DIM };
        let words = place.shrink2(vec2(theme.px(BESIDE - 1.0), 0.0));
        theme.text(painter, words, Align2::CENTER_CENTER, WORDS, colour, &parameter.text(i as f32 / last));
    }
    painter.rect_stroke(all, theme.px(4.0), theme.stroke(1.0, if lit { DIM } else { EDGE }), StrokeKind::Inside);
}

#[cfg(test)]
mod tests {
    use crate::rig::Rig;
    use crate::testing::{Call, Vowel, gestures};
    use egui::{Key, Modifiers};

    #[test]
    fn each_choice_is_one_click_away() {
        let mut rig = Rig::new();
        for (choice, vowel) in [(2, Vowel::O), (0, Vowel::A), (1, Vowel::E)] {
            let at = rig.segment("vowel", choice);
            rig.click(at);
            assert_eq!(rig.plugin.vowel.value(), vowel);
        }
        assert_eq!(gestures(&rig.calls()), 3);
    }

    #[test]
    fn the_chosen_one_and_the_name_change_nothing() {
        let mut rig = Rig::new();
        let at = rig.segment("vowel", 0);
        rig.click(at);
        let name = rig.name("vowel");
        rig.click(name);
        assert_eq!(rig.calls(), []);
    }

    #[test]
    fn wheel_default_and_space_reach_it() {
        let mut rig = Rig::new();
        let at = rig.segment("vowel", 0);
        rig.move_to(at);
        rig.wheel(1.0);
        rig.idle(20);
        assert_eq!(rig.plugin.vowel.value(), Vowel::E);
        rig.modifiers = Modifiers::COMMAND;
        rig.click(at);
        assert_eq!(rig.plugin.vowel.value(), Vowel::A);
        rig.modifiers = Modifiers::NONE;
        rig.focus("Vowel");
        rig.key(Key::Space);
        assert!(matches!(rig.calls()[..], [.., Call::Set("vowel", 0.5), Call::End("vowel")]), "{:?}", rig.calls());
    }

    #[test]
    fn what_does_not_fit_is_a_menu() {
        let rig = Rig::new();
        assert!(rig.segments("vowel").is_some() && rig.segments("hall").is_none());
    }
}
