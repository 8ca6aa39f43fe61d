//! The list of presets: what is searched for, the factory's and the user's, and what can be done with the chosen one.

use crate::bar::{Bar, id};
use crate::button::{self, Look};
use crate::control::Desk;
use crate::field::Field;
use crate::theme::{ALARM, DIM, EDGE, RING, TEXT, WELL};
use egui::{Align2, Key, Popup, PopupCloseBehavior, Rect, Response, ScrollArea, Sense, StrokeKind, Ui, vec2};
use std::fs::create_dir_all;

/// The list's width and the height of a line, in units.
const WIDTH: f32 = 460.0;
const LINE: f32 = 24.0;
/// Where the comments begin, in units.
const COMMENT: f32 = 180.0;

const HINT: &str = "Click to search by name or comment";

/// One line of the list.
struct Line {
    name: String,
    comment: String,
    /// Nothing can be taken from this file: the comment tells why.
    damaged: bool,
}

/// The open list below the bar. `response` is that of the button which opens it.
pub(crate) fn show(ui: &Ui, below: Rect, response: &Response, bar: &mut Bar, desk: &mut Desk) {
    let width = desk.theme.px(WIDTH).min(ui.ctx().content_rect().width() - desk.theme.px(40.0));
    Popup::from_response(response)
        .id(id("list"))
        .anchor(below)
        .open_memory(None)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .gap(desk.theme.px(2.0))
        .frame(egui::Frame::popup(&ui.global_style()).inner_margin(desk.theme.px(4.0)))
        .show(|ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, desk.theme.px(3.0));
            search(ui, width, bar, desk);
            // Room for the window's header and help line, the search and the actions.
            let tallest = (ui.ctx().content_rect().height() - desk.theme.px(170.0)).max(desk.theme.px(3.0 * LINE));
            ScrollArea::vertical().max_height(tallest).show(ui, |ui| lines(ui, width, bar, desk));
            actions(ui, width, bar, desk);
        });
}

/// The field that narrows the list. It takes the keyboard only while it is clicked; what it found stays.
fn search(ui: &mut Ui, width: f32, bar: &mut Bar, desk: &mut Desk) {
    let (rect, response) = ui.allocate_exact_size(vec2(width, desk.theme.px(LINE)), Sense::click());
    if let Some(mut field) = desk.typing.take_if(|typing| typing.id == id("search")) {
        let goes_on = field.show(ui, rect, desk.theme, Align2::LEFT_CENTER);
        bar.search.clone_from(&field.text);
        if goes_on && !ui.input(|input| input.key_pressed(Key::Enter)) {
            *desk.typing = Some(field);
        }
        return;
    }
    ui.painter().rect_filled(rect, desk.theme.px(3.0), WELL);
    ui.painter().rect_stroke(rect, desk.theme.px(3.0), desk.theme.stroke(1.0, EDGE), StrokeKind::Inside);
    let words = rect.shrink2(vec2(desk.theme.px(4.0), 0.0));
    let (text, colour) = if bar.search.is_empty() { (HINT, DIM) } else { (bar.search.as_str(), TEXT) };
    desk.theme.text(ui.painter(), words, Align2::LEFT_CENTER, 12.5, colour, text);
    if response.clicked() {
        *desk.typing = Some(Field::open(ui, id("search"), bar.search.clone()));
    }
}

fn lines(ui: &mut Ui, width: f32, bar: &mut Bar, desk: &mut Desk) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let chosen = bar.presets.name();
    for (heading, lines) in groups(bar) {
        let (rect, _) = ui.allocate_exact_size(vec2(width, desk.theme.px(LINE * 0.9)), Sense::hover());
        let words = rect.shrink2(vec2(desk.theme.px(8.0), 0.0));
        desk.theme.text(ui.painter(), words, Align2::LEFT_CENTER, 11.0, DIM, heading);
        for line in lines {
            let is_chosen = chosen.as_ref() == Some(&line.name);
            if draw(ui, width, &line, is_chosen, desk).clicked() {
                take(ui, line, bar, desk);
            }
        }
    }
}

fn take(ui: &Ui, line: Line, bar: &mut Bar, desk: &mut Desk) {
    bar.fault = if line.damaged { Some(line.comment) } else { bar.presets.choose(&line.name, desk.hand).err() };
    if bar.fault.is_none() {
        *desk.typing = None;
        ui.close();
    }
}

/// The factory's and the user's presets that have what is searched for in their name or comment.
fn groups(bar: &Bar) -> Vec<(&'static str, Vec<Line>)> {
    let wanted = bar.search.trim().to_lowercase();
    let library = &bar.presets.library;
    let factory = library.factory().iter().map(|preset| Line {
        name: preset.name.clone(),
        comment: preset.comment.clone(),
        damaged: false,
    });
    let user = library.user().iter().map(|file| Line {
        name: file.name(),
        comment: file.preset.as_ref().map_or_else(Clone::clone, |preset| preset.comment.clone()),
        damaged: file.preset.is_err(),
    });
    let fits = |line: &Line| format!("{}\n{}", line.name, line.comment).to_lowercase().contains(&wanted);
    let groups = [("Factory", factory.filter(fits).collect::<Vec<_>>()), ("Yours", user.filter(fits).collect())];
    groups.into_iter().filter(|(_, lines)| !lines.is_empty()).collect()
}

fn draw(ui: &mut Ui, width: f32, line: &Line, chosen: bool, desk: &mut Desk) -> Response {
    let theme = desk.theme;
    // An id of its own: what egui would count out changes when the search field closes, between press and release.
    let (_, rect) = ui.allocate_space(vec2(width, theme.px(LINE)));
    let response = ui.interact(rect, id(&line.name), Sense::click());
    if response.hovered() {
        ui.painter().rect_filled(rect, theme.px(3.0), EDGE);
        *desk.help = line.comment.clone();
    }
    let name = match (chosen, line.damaged) {
        (_, true) => ALARM,
        (true, _) => RING,
        _ => TEXT,
    };
    let split = rect.left() + theme.px(COMMENT);
    let (left, right) = rect.shrink2(vec2(theme.px(8.0), 0.0)).split_left_right_at_x(split);
    theme.text(ui.painter(), left, Align2::LEFT_CENTER, 12.5, name, &line.name);
    theme.text(ui.painter(), right, Align2::LEFT_CENTER, 11.5, DIM, &line.comment);
    response
}

/// What can be done besides taking one.
fn actions(ui: &mut Ui, width: f32, bar: &mut Bar, desk: &mut Desk) {
    let (row, _) = ui.allocate_exact_size(vec2(width, desk.theme.px(LINE)), Sense::hover());
    let users = bar.presets.name().is_some_and(|name| bar.presets.library.is_users(&name));
    let own = if users { Look::Plain } else { Look::Idle };
    let gap = desk.theme.px(4.0);
    let each = (row.width() - 4.0 * gap) / 5.0;
    let mut left = row.left();
    let mut press = |part: &str, look: Look| {
        let rect = Rect::from_x_y_ranges(left..=left + each, row.y_range());
        left += each + gap;
        button::show(ui, rect, id(part), desk.theme, part, look).clicked()
    };
    let pressed = [
        press("Init", Look::Plain),
        press("Save as", Look::Plain),
        press("Rename", own),
        press(if bar.sure { "Sure?" } else { "Delete" }, own),
        press("Folder", if bar.presets.library.folder().is_some() { Look::Plain } else { Look::Idle }),
    ];
    match pressed.iter().position(|pressed| *pressed) {
        Some(0) => bar.presets.init(desk.hand),
        Some(1) => bar.ask_name(ui, false, desk),
        Some(2) => bar.ask_name(ui, true, desk),
        Some(3) if !std::mem::replace(&mut bar.sure, true) => return,
        Some(3) => bar.fault = bar.presets.delete().err(),
        Some(4) => bar.fault = open_folder(bar).err(),
        _ => return,
    }
    bar.sure = false;
    ui.close();
}

/// Shows the user's folder in the system's file manager.
fn open_folder(bar: &Bar) -> Result<(), String> {
    let folder = bar.presets.library.folder().ok_or("this system tells no folder for a user's data")?;
    let shown = create_dir_all(folder).and_then(|()| open::that_detached(folder));
    shown.map_err(|error| format!("cannot show {}: {error}", folder.display()))
}
