//! A VU meter on the record amplifier.

use green_ring_editor::egui::{Align2, Painter, Rect, pos2, remap_clamp};
use green_ring_editor::theme::{ALARM, DIM, HOT, RING, TEXT, Theme, arc, spoke};

use super::plot::{FIGURE_LINE, caption, figure};

/// Ends of the scale in dB.
const DB: [f32; 2] = [-24.0, 15.0];
const LINES: [(f32, &str); 5] = [(-20.0, "-20"), (-10.0, "-10"), (0.0, "0"), (6.0, "6"), (12.0, "12")];

/// Level in dB onto the tape at which a sine has 3 % third harmonic ([`crate::engine::law`]).
pub const THREE_PERCENT_DB: f32 = 12.85;

/// Turns from one end of the scale to the other, to either side of straight up.
const SWEEP: f32 = 0.27;

/// How fast the needle falls where the machine does not run, as dB in one look.
const FALL_DB: f32 = 2.0;

/// The needle.
#[derive(Debug)]
pub struct Needle {
    db: f32,
}

impl Needle {
    /// A needle at rest.
    pub fn new() -> Self {
        Self { db: DB[0] }
    }

    /// Shows `db`. Returns whether it moves.
    pub fn show(&mut self, db: f32) -> bool {
        // Steps that can be seen. What is below the scale is at its end.
        let shown = (db.clamp(DB[0], DB[1]) * 10.0).round() / 10.0;
        std::mem::replace(&mut self.db, shown) != shown
    }

    /// Falls as the machine does not run. Returns whether it moves.
    pub fn fall(&mut self) -> bool {
        self.show(self.db - FALL_DB)
    }

    /// Whether it rests at the lower end.
    pub fn rests(&self) -> bool {
        self.db <= DB[0]
    }

    /// What it shows, as a gain: 1 is operating level, 0 is rest.
    pub fn gain(&self) -> f32 {
        if self.rests() { 0.0 } else { green_ring_dsp::units::gain(self.db) }
    }

    /// Draws it in `area`.
    pub fn paint(&self, painter: &Painter, area: Rect, theme: Theme) {
        let reading = if self.rests() { String::new() } else { format!("{:+.1} dB", self.db) };
        let room = caption(painter, area, theme, 0.4, "VU", &reading);
        let half = (SWEEP / 2.0 * std::f32::consts::TAU).sin();
        let labels = theme.px(FIGURE_LINE);
        let radius = (room.height() - labels - theme.px(6.0)).min((0.5 * room.width() - labels) / half).max(1.0);
        let spare = room.height() - labels - radius;
        let pivot = pos2(room.center().x, room.bottom() - 0.5 * spare);
        for (from, to, colour) in [(DB[0], 0.0, DIM), (0.0, THREE_PERCENT_DB, HOT), (THREE_PERCENT_DB, DB[1], ALARM)] {
            arc(painter, pivot, radius, turns(from), turns(to), theme.stroke(2.0, colour.gamma_multiply(0.8)));
        }
        // A small scale has every other figure.
        let every = if radius < theme.px(56.0) { 2 } else { 1 };
        for (k, (db, text)) in LINES.into_iter().enumerate() {
            let out = spoke(turns(db));
            painter
                .line_segment([pivot + out * (radius - theme.px(4.0)), pivot + out * radius], theme.stroke(1.0, DIM));
            if k % every == 0 {
                figure(painter, room, theme, Align2::CENTER_CENTER, pivot + out * (radius + 0.5 * labels), text);
            }
        }
        let out = spoke(turns(self.db));
        let colour = if self.rests() { DIM } else { TEXT };
        painter.line_segment([pivot + out * (0.12 * radius), pivot + out * (0.94 * radius)], theme.stroke(1.6, colour));
        painter.circle_filled(pivot, theme.px(3.0), if self.rests() { DIM } else { RING });
    }
}

/// Where `db` lies, in turns clockwise from straight down.
fn turns(db: f32) -> f32 {
    remap_clamp(db, DB[0]..=DB[1], 0.5 - SWEEP / 2.0..=0.5 + SWEEP / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_falls_to_rest_and_stays_there() {
        let mut needle = Needle::new();
        assert!(!needle.fall() && needle.rests() && needle.gain() == 0.0);
        assert!(needle.show(0.0) && !needle.show(0.01));
        assert_eq!(needle.gain(), 1.0);
        let falls = (0..100).take_while(|_| needle.fall()).count();
        assert!(needle.rests() && falls == 12, "{falls}");
        assert!(!needle.show(f32::NEG_INFINITY));
    }

    #[test]
    fn the_scale_opens_upwards() {
        assert!(turns(-100.0) < turns(0.0) && turns(0.0) < turns(40.0));
        assert!((turns(DB[0]) + turns(DB[1]) - 1.0).abs() < 1e-6);
    }
}
