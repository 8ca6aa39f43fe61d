//! The preset bar: previous and next, the chosen preset with a mark where it was changed, save, and A against B.

use crate::access;
use crate::button::{self, Look};
use crate::control::Desk;
use crate::field::Field;
use crate::keys::presses;
use crate::presets::{INIT, Presets};
use crate::shelf_list;
use crate::theme::{DIM, EDGE, HOT, TEXT, Theme, WELL};
use egui::{Align2, Id, Key, Popup, Rect, Sense, Shape, StrokeKind, Ui, pos2, vec2};
use std::io;
use std::path::Path;

/// Widths of the bar's parts and the gap between them, in units.
const ARROW: f32 = 24.0;
const SAVE: f32 = 48.0;
const SIDE: f32 = 28.0;
const COPY: f32 = 54.0;
const GAP: f32 = 4.0;
/// The height of everything in it, in units.
const HEIGHT: f32 = 24.0;

/// What the field in place of the name is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    Save,
    Rename,
}

/// The bar and what it remembers from frame to frame.
pub(crate) struct Bar {
    pub presets: Presets,
    naming: Option<Naming>,
    /// What the list is searched for while it is open.
    pub search: String,
    /// The list was opened by a key, or has been searched: the focus is to go to its lines.
    pub enter: bool,
    /// The next click on Delete deletes.
    pub sure: bool,
    /// What went wrong with the last action.
    pub fault: Option<String>,
    /// Shows a folder to the user.
    pub show_folder: fn(&Path) -> io::Result<()>,
}

/// In the system's file manager.
fn show_folder(folder: &Path) -> io::Result<()> {
    open::that_detached(folder)
}

/// The egui id of a part of the bar.
pub(crate) fn id(part: &str) -> Id {
    Id::unique(("presets", part))
}

impl Bar {
    pub fn new(presets: Presets) -> Self {
        Self { presets, naming: None, search: String::new(), enter: false, sure: false, fault: None, show_folder }
    }

    pub fn show(&mut self, ui: &mut Ui, area: Rect, desk: &mut Desk) {
        let [back, on, name, save, side, copy] = parts(area, desk.theme);
        self.arrow(ui, back, -1, desk);
        self.arrow(ui, on, 1, desk);
        match desk.typing.take_if(|typing| typing.id == id("name")) {
            Some(field) => self.write_name(ui, name, desk, field),
            None => self.name(ui, name, desk),
        }
        if button::show(ui, save, id("save"), desk.theme, "Save", Look::Plain).clicked() {
            self.save(ui, desk);
        }
        self.sides(ui, [side, copy], desk);
    }

    /// Takes a preset's name from the user, beginning with the present one.
    pub fn ask_name(&mut self, ui: &Ui, rename: bool, desk: &mut Desk) {
        self.naming = Some(if rename { Naming::Rename } else { Naming::Save });
        desk.hand.release();
        *desk.typing = Some(Field::open(ui, id("name"), self.presets.name().unwrap_or_default()));
    }

    fn arrow(&mut self, ui: &Ui, rect: Rect, by: isize, desk: &mut Desk) {
        let (text, help) = if by < 0 { ("<", "Previous preset") } else { (">", "Next preset") };
        let response = button::show(ui, rect, id(text), desk.theme, text, Look::Plain);
        access::button(&response, help);
        if response.hovered() {
            *desk.help = help.into();
        }
        if response.clicked() {
            self.fault = self.presets.step(by, desk.hand).err();
        }
    }

    /// The chosen preset's name, which opens the list.
    fn name(&mut self, ui: &mut Ui, rect: Rect, desk: &mut Desk) {
        let response = ui.interact(rect, id("list button"), Sense::click());
        let (name, changed) = (self.presets.name(), self.presets.changed());
        access::button(&response, &format!("Presets: {}", name.as_deref().unwrap_or(INIT)));
        draw_name(ui, rect, desk.theme, name.as_deref().unwrap_or(INIT), changed, response.hovered());
        if response.hovered() {
            let preset = name.as_ref().and_then(|name| self.presets.library.find(name));
            let comment = preset.map_or("Everything at its default", |preset| &preset.comment);
            *desk.help = format!("{comment}{}", if changed { "   (changed since)" } else { "" });
        }
        if presses(ui, &response) {
            self.presets.library.refresh();
            (self.sure, self.enter) = (false, desk.keys);
            self.search.clear();
            Popup::toggle_id(ui.ctx(), id("list"));
        }
        shelf_list::show(ui, rect, &response, self, desk);
    }

    fn write_name(&mut self, ui: &mut Ui, rect: Rect, desk: &mut Desk, mut field: Field) {
        let has_focus = field.show(ui, rect, desk.theme, Align2::LEFT_CENTER);
        *desk.help = "The preset's name: Enter keeps it, Escape leaves it".into();
        if ui.input(|input| input.key_pressed(Key::Enter)) {
            let kept = match self.naming {
                Some(Naming::Rename) => self.presets.rename(field.text.trim()),
                _ => self.presets.save(field.text.trim()),
            };
            self.fault = kept.err();
            if self.fault.is_none() {
                return;
            }
            field.wrong = true;
            ui.memory_mut(|memory| memory.request_focus(field.id));
        } else if !has_focus {
            self.fault = None;
            return;
        }
        *desk.typing = Some(field);
    }

    /// Saves over a preset of the user's own; for any other, asks for a name.
    fn save(&mut self, ui: &Ui, desk: &mut Desk) {
        match self.presets.name().filter(|name| self.presets.library.is_users(name)) {
            Some(name) => self.fault = self.presets.save(&name).err(),
            None => self.ask_name(ui, false, desk),
        }
    }

    fn sides(&mut self, ui: &Ui, [side, copy]: [Rect; 2], desk: &mut Desk) {
        let now = self.presets.side();
        let turn = button::show(ui, side, id("side"), desk.theme, now.name(), Look::Set);
        if turn.hovered() {
            *desk.help = format!("{} sounds. Click to hear {}", now.name(), now.other().name());
        }
        if turn.clicked() {
            self.presets.turn(desk.hand);
        }
        let words = format!("to {}", now.other().name());
        let copied = button::show(ui, copy, id("copy"), desk.theme, &words, Look::Plain);
        if copied.hovered() {
            *desk.help = format!("Copies {} to {}", now.name(), now.other().name());
        }
        if copied.clicked() {
            self.presets.copy();
        }
    }
}

/// Back, on, name, save, side and copy, from left to right.
pub(crate) fn parts(area: Rect, theme: Theme) -> [Rect; 6] {
    let px = |units| theme.px(units);
    let area = Rect::from_center_size(area.center(), vec2(area.width(), px(HEIGHT)));
    let fixed = 2.0 * ARROW + SAVE + SIDE + COPY + 5.0 * GAP;
    let name = (area.width() / theme.scale - fixed).max(40.0);
    let mut left = area.left();
    [ARROW, ARROW, name, SAVE, SIDE, COPY].map(|width| {
        let rect = Rect::from_x_y_ranges(left..=left + px(width), area.y_range());
        left += px(width + GAP);
        rect
    })
}

fn draw_name(ui: &Ui, rect: Rect, theme: Theme, name: &str, changed: bool, lit: bool) {
    let painter = ui.painter();
    painter.rect_filled(rect, theme.px(4.0), WELL);
    painter.rect_stroke(rect, theme.px(4.0), theme.stroke(1.0, if lit { DIM } else { EDGE }), StrokeKind::Inside);
    let words = rect.with_min_x(rect.left() + theme.px(20.0)).with_max_x(rect.right() - theme.px(18.0));
    theme.text(painter, words, Align2::LEFT_CENTER, 13.0, TEXT, name);
    if changed {
        painter.circle_filled(pos2(rect.left() + theme.px(11.0), rect.center().y), theme.px(3.0), HOT);
    }
    let (x, y, half) = (rect.right() - theme.px(11.0), rect.center().y, theme.px(3.5));
    let arrow = vec![pos2(x - half, y - half / 2.0), pos2(x + half, y - half / 2.0), pos2(x, y + half / 2.0)];
    painter.add(Shape::convex_polygon(arrow, DIM, egui::Stroke::NONE));
}

#[cfg(test)]
mod tests;
