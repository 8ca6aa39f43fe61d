//! A small button with a word on it.

use crate::access;
use crate::theme::{DIM, EDGE, RING, TEXT, Theme, WELL};
use egui::{Align2, Id, Rect, Response, Sense, StrokeKind, Ui};

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Plain,
    /// What it stands for is so now.
    Set,
    /// There is nothing to press.
    Idle,
}

/// Draws a button and returns what the mouse does to it. An idle one is never clicked.
pub(crate) fn show(ui: &Ui, rect: Rect, id: Id, theme: Theme, text: &str, look: Look) -> Response {
    let sense = if look == Look::Idle { Sense::hover() } else { Sense::click() };
    let response = ui.interact(rect, id, sense);
    access::button(&response, text);
    let lit = response.hovered() && look != Look::Idle;
    let colour = match look {
        Look::Set => RING,
        Look::Idle => DIM.gamma_multiply(0.5),
        Look::Plain if lit => TEXT,
        Look::Plain => DIM,
    };
    let painter = ui.painter();
    painter.rect_filled(rect, theme.px(4.0), WELL);
    painter.rect_stroke(rect, theme.px(4.0), theme.stroke(1.0, if lit { DIM } else { EDGE }), StrokeKind::Inside);
    theme.text(painter, rect.shrink(theme.px(3.0)), Align2::CENTER_CENTER, 12.5, colour, text);
    response
}
