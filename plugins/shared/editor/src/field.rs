//! A line of text that is typed: values, names, what is searched for. The keyboard is taken from the host only while one
//! is open.

use crate::theme::{ALARM, RING, Theme, WELL};
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Align2, Id, Rect, StrokeKind, TextEdit, Ui, vec2};

/// The longest line, in characters.
const LONGEST: usize = 60;

/// A line in the middle of being typed.
pub(crate) struct Field {
    pub id: Id,
    pub text: String,
    /// Enter was pressed on something that makes no sense.
    pub wrong: bool,
}

impl Field {
    /// Takes the keyboard for a field that is drawn from the next frame on, all of it selected: the first key replaces it.
    pub fn open(ui: &Ui, id: Id, text: String) -> Self {
        Self::select(ui, id, text, 0)
    }

    /// The same with the cursor behind `text`: the next key goes on with it.
    pub fn begin(ui: &Ui, id: Id, text: String) -> Self {
        let end = text.chars().count();
        Self::select(ui, id, text, end)
    }

    fn select(ui: &Ui, id: Id, text: String, from: usize) -> Self {
        let mut state = TextEditState::default();
        let end = CCursor::new(text.chars().count());
        state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(from), end)));
        TextEdit::store_state(ui.ctx(), id, state);
        ui.memory_mut(|memory| memory.request_focus(id));
        Self { id, text, wrong: false }
    }

    /// Draws the field. Returns whether it still has the focus: Escape, Tab and a click elsewhere take it away.
    pub fn show(&mut self, ui: &mut Ui, rect: Rect, theme: Theme, align: Align2) -> bool {
        let edge = if self.wrong { ALARM } else { RING };
        ui.painter().rect_filled(rect, theme.px(3.0), WELL);
        ui.painter().rect_stroke(rect, theme.px(3.0), theme.stroke(1.0, edge), StrokeKind::Inside);
        let font = theme.font(12.5);
        let line = vec2(rect.width() - theme.px(8.0), ui.fonts_mut(|fonts| fonts.row_height(&font)));
        let editor = TextEdit::singleline(&mut self.text)
            .id(self.id)
            .font(font)
            .frame(egui::Frame::NONE)
            .align(align)
            .char_limit(LONGEST);
        ui.put(Rect::from_center_size(rect.center(), line), editor);
        // Not the window's focus: on X11 it comes a moment after the click that asked for it.
        ui.memory(|memory| memory.has_focus(self.id))
    }
}
