//! The buttons over the picture: Learn, and what is listened to.

use green_ring_editor::PictureButton;
use green_ring_editor::egui::{Align2, Rect, pos2, vec2};

use super::learn::Learn;
use super::plot::Plot;
use crate::engine::Listen;
use crate::listening::Listening;

/// Sizes in units.
const LEARN: f32 = 104.0;
const LISTEN: f32 = 60.0;
const HIGH: f32 = 19.0;
const GAP: f32 = 3.0;

/// The width of all of them, in units.
pub const WIDTH: f32 = LEARN + 3.0 * (LISTEN + GAP);

/// What may be listened to, as its button says.
const HEARD: [(Listen, &str, &str); 3] = [
    (Listen::Normal, "Normal", "Listen: the bed as it yields"),
    (
        Listen::Key,
        "Key",
        "Listen: the dialogue that arrives on the key. Not saved; Normal again when this window closes",
    ),
    (Listen::Removed, "Removed", "Listen: what is taken from the bed. Not saved; Normal again when this window closes"),
];

/// All of them, Learn first.
pub fn all(plot: &Plot, learn: &Learn, listening: &Listening) -> Vec<PictureButton> {
    let heard = HEARD.iter().map(|(listen, text, help)| (*text, *help, LISTEN, listening.get() == *listen));
    let text = learn.text();
    let help =
        "Learn: press it, let the dialogue play for some seconds, press it again: Dialogue Anchor is set from it";
    let wanted = std::iter::once((text.as_str(), help, LEARN, learn.is_on())).chain(heard);
    let mut left = row(plot).left();
    wanted
        .map(|(text, help, width, set)| {
            let rect = Rect::from_min_size(pos2(left, row(plot).top()), vec2(plot.theme.px(width), row(plot).height()));
            left = rect.right() + plot.theme.px(GAP);
            PictureButton { rect, text: text.into(), help, set }
        })
        .collect()
}

/// Their row.
fn row(plot: &Plot) -> Rect {
    let size = vec2(plot.theme.px(WIDTH), plot.theme.px(HIGH));
    Align2::RIGHT_CENTER.anchor_size(plot.buttons.right_center(), size)
}

/// What the button of this index, after Learn, lets be heard.
pub fn listen(button: usize) -> Option<Listen> {
    HEARD.get(button.checked_sub(1)?).map(|(listen, ..)| *listen)
}
