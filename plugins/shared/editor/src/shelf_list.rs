//! The list of presets: what is searched for, the factory's by scene and the user's by folder, and what can be done with the
//! chosen one. Up and down go from line to line, Enter takes one, and letters search.

use crate::access;
use crate::bar::{Bar, id};
use crate::button::{self, Look};
use crate::control::Desk;
use crate::field::Field;
use crate::keys;
use crate::theme::{ALARM, DIM, EDGE, RING, TEXT, WELL};
use egui::{Align2, Event, Key, Popup, PopupCloseBehavior, Rect, Response, ScrollArea, Sense, StrokeKind, Ui, vec2};
use green_ring_shell::presets::Preset;
use std::fs::create_dir_all;

/// The list's least width, its margin and the height of a line, in units.
const WIDTH: f32 = 460.0;
const MARGIN: f32 = 4.0;
const LINE: f32 = 24.0;
/// Where the comments begin, in units.
const COMMENT: f32 = 180.0;

const HINT: &str = "Click, or type, to search by name, scene or comment";

/// One line of the list.
struct Line {
    name: String,
    comment: String,
    /// Nothing can be taken from this file: the comment tells why.
    damaged: bool,
}

impl Line {
    fn of(preset: &Preset) -> Self {
        Self { name: preset.name.clone(), comment: preset.comment.clone(), damaged: false }
    }
}

/// The open list below the bar. `response` is that of the button which opens it.
pub(crate) fn show(ui: &Ui, below: Rect, response: &Response, bar: &mut Bar, desk: &mut Desk) {
    // As wide as the field that it hangs from: comments are long.
    let width = desk
        .theme
        .px(WIDTH)
        .max(below.width() - desk.theme.px(2.0 * MARGIN) - 2.0)
        .min(ui.ctx().content_rect().width() - desk.theme.px(40.0));
    Popup::from_response(response)
        .id(id("list"))
        .anchor(below)
        .open_memory(None)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .gap(desk.theme.px(2.0))
        .frame(egui::Frame::popup(&ui.global_style()).inner_margin(desk.theme.px(MARGIN)))
        .show(|ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, desk.theme.px(3.0));
            search(ui, width, bar, desk);
            // Room for the window's header and help line, the search and the actions.
            let tallest = (ui.ctx().content_rect().height() - desk.theme.px(170.0)).max(desk.theme.px(3.0 * LINE));
            ScrollArea::vertical().max_height(tallest).show(ui, |ui| lines(ui, width, bar, desk));
            actions(ui, width, bar, desk);
        });
}

/// The field that narrows the list. It takes the keyboard only once it is clicked or something is typed; what it found
/// stays, and Enter goes on to it.
fn search(ui: &mut Ui, width: f32, bar: &mut Bar, desk: &mut Desk) {
    let (rect, response) = ui.allocate_exact_size(vec2(width, desk.theme.px(LINE)), Sense::click());
    if let Some(mut field) = desk.typing.take_if(|typing| typing.id == id("search")) {
        let goes_on = field.show(ui, rect, desk.theme, Align2::LEFT_CENTER);
        bar.search.clone_from(&field.text);
        let enter = ui.input(|input| input.key_pressed(Key::Enter));
        bar.enter |= enter;
        if goes_on && !enter {
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
    } else if let Some(text) = ui.input(|input| input.events.iter().find_map(letter)) {
        *desk.typing = Some(Field::begin(ui, id("search"), format!("{}{text}", bar.search)));
    }
}

/// Text that begins a search.
fn letter(event: &Event) -> Option<String> {
    match event {
        Event::Text(text) if !text.starts_with(char::is_whitespace) => Some(text.clone()),
        _ => None,
    }
}

fn lines(ui: &mut Ui, width: f32, bar: &mut Bar, desk: &mut Desk) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let chosen = bar.presets.name();
    let (mut drawn, mut present) = (Vec::new(), None);
    for (heading, lines) in groups(bar) {
        draw_heading(ui, width, &heading, desk);
        for line in lines {
            let is_chosen = chosen.as_ref() == Some(&line.name);
            let response = draw(ui, width, &line, is_chosen, desk);
            drawn.push(response.id);
            present = present.or(is_chosen.then_some(response.id));
            if keys::presses(ui, &response) {
                take(ui, line, bar, desk);
            }
        }
    }
    keys::walk(ui, &drawn);
    if let Some(line) = present.or(drawn.first().copied()).filter(|_| std::mem::take(&mut bar.enter)) {
        keys::enter(ui, line);
    }
}

fn draw_heading(ui: &mut Ui, width: f32, heading: &str, desk: &Desk) {
    let (rect, _) = ui.allocate_exact_size(vec2(width, desk.theme.px(LINE)), Sense::hover());
    let words = rect.shrink2(vec2(desk.theme.px(8.0), 0.0)).translate(vec2(0.0, desk.theme.px(2.0)));
    desk.theme.text(ui.painter(), words, Align2::LEFT_CENTER, 11.0, DIM, heading);
    let foot = rect.bottom() - desk.theme.px(1.0);
    ui.painter().hline(words.x_range(), foot, desk.theme.stroke(1.0, EDGE.gamma_multiply(0.7)));
}

fn take(ui: &Ui, line: Line, bar: &mut Bar, desk: &mut Desk) {
    bar.fault = if line.damaged { Some(line.comment) } else { bar.presets.choose(&line.name, desk.hand).err() };
    if bar.fault.is_none() {
        *desk.typing = None;
        ui.close();
    }
}

/// The presets that have what is searched for in their heading, name or comment: the factory's under their scenes, the
/// user's under their folders.
fn groups(bar: &Bar) -> Vec<(String, Vec<Line>)> {
    let library = &bar.presets.library;
    let factory = library.factory().iter().map(|preset| (scene(preset), Line::of(preset)));
    let user = library.user().iter().map(|file| {
        let damaged = |fault: &String| Line { name: file.name(), comment: fault.clone(), damaged: true };
        (folder(file.folder()), file.preset.as_ref().map_or_else(damaged, Line::of))
    });
    let wanted = bar.search.trim().to_lowercase();
    let mut groups: Vec<(String, Vec<Line>)> = Vec::new();
    for (heading, line) in factory.chain(user) {
        if !format!("{heading}\n{}\n{}", line.name, line.comment).to_lowercase().contains(&wanted) {
            continue;
        }
        match groups.last_mut() {
            Some((last, lines)) if *last == heading => lines.push(line),
            _ => groups.push((heading, vec![line])),
        }
    }
    groups
}

fn scene(preset: &Preset) -> String {
    if preset.scene.is_empty() { "Factory".into() } else { preset.scene.clone() }
}

fn folder(name: &str) -> String {
    if name.is_empty() { "Yours".into() } else { format!("Yours: {name}") }
}

fn draw(ui: &mut Ui, width: f32, line: &Line, chosen: bool, desk: &mut Desk) -> Response {
    let theme = desk.theme;
    // An id of its own: what egui would count out changes when the search field closes, between press and release.
    let (_, rect) = ui.allocate_space(vec2(width, theme.px(LINE)));
    let response = ui.interact(rect, id(&line.name), Sense::click());
    access::button(&response, &line.name);
    if response.gained_focus() {
        ui.scroll_to_rect(rect, None);
    }
    if response.hovered() || response.has_focus() {
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

/// Shows the user's folder, which it makes where there is none yet.
fn open_folder(bar: &Bar) -> Result<(), String> {
    let folder = bar.presets.library.folder().ok_or("this system tells no folder for a user's data")?;
    let shown = create_dir_all(folder).and_then(|()| (bar.show_folder)(folder));
    shown.map_err(|error| format!("cannot show {}: {error}", folder.display()))
}
