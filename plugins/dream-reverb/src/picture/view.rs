//! The space as it is looked at: pitch across, time away from the eye, level up.
//!
//! What sounds now is at the front edge. A time of t seconds lies at the share 1 / (1 + t / 2.5 s) of the way from the
//! horizon to the front, as in a perspective: a second has a third of the room, a minute is far away, and what never ends is
//! the horizon itself.

use green_ring_editor::egui::{Pos2, Rect, lerp, pos2};
use green_ring_editor::theme::Theme;

/// Seconds to the middle of the floor.
const MIDDLE_S: f32 = 2.5;

/// Width of the horizon as a share of the front's.
const FAR_WIDTH: f32 = 0.56;

/// Height of what is at full level as a share of the floor's: at the front and at the horizon.
const LIFT: [f32; 2] = [0.44, 0.12];

/// Where things lie in the picture's area.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    /// From the horizon down to the front edge.
    pub floor: Rect,
    pub area: Rect,
    pub theme: Theme,
}

impl View {
    /// The view in `area`.
    pub fn new(area: Rect, theme: Theme) -> Self {
        let front = area.bottom() - theme.px(20.0);
        let horizon = lerp(area.top()..=front, 0.22);
        let (left, right) = (area.left() + theme.px(16.0), area.right() - theme.px(46.0));
        Self { floor: Rect::from_min_max(pos2(left, horizon), pos2(right, front)), area, theme }
    }

    /// How near a time `ago_s` seconds ago is: 1 at the front, 0 at the horizon.
    pub fn near(ago_s: f32) -> f32 {
        1.0 / (1.0 + ago_s.max(0.0) / MIDDLE_S)
    }

    /// The time that is so `near`, in seconds ago.
    pub fn ago_s(near: f32) -> f32 {
        MIDDLE_S * (1.0 / near - 1.0)
    }

    /// The point on the floor that is so far `across` (0 the lowest pitch to 1 the highest) and so `near`.
    pub fn place(&self, across: f32, near: f32) -> Pos2 {
        let half = 0.5 * self.floor.width() * lerp(FAR_WIDTH..=1.0, near);
        pos2(self.floor.center().x + (2.0 * across - 1.0) * half, lerp(self.floor.top()..=self.floor.bottom(), near))
    }

    /// Height in points of full level there.
    pub fn lift(&self, near: f32) -> f32 {
        self.floor.height() * lerp(LIFT[1]..=LIFT[0], near)
    }

    /// Points between two moments `apart_s` seconds apart, `ago_s` seconds ago.
    pub fn gap(&self, ago_s: f32, apart_s: f32) -> f32 {
        self.floor.height() * Self::near(ago_s).powi(2) * apart_s / MIDDLE_S
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_editor::egui::vec2;

    #[test]
    fn now_is_in_front_and_for_ever_is_the_horizon() {
        let view = View::new(Rect::from_min_size(pos2(10.0, 20.0), vec2(800.0, 300.0)), Theme { scale: 1.0 });
        assert_eq!(view.place(0.0, View::near(0.0)), view.floor.left_bottom());
        assert_eq!(view.place(1.0, View::near(0.0)), view.floor.right_bottom());
        assert_eq!(view.place(0.5, View::near(f32::INFINITY)), view.floor.center_top());
        assert!((View::ago_s(View::near(7.0)) - 7.0).abs() < 1e-4);
        let moved = view.place(0.5, View::near(3.0)).y - view.place(0.5, View::near(3.05)).y;
        assert!((view.gap(3.0, 0.05) / moved - 1.0).abs() < 0.02);
    }
}
