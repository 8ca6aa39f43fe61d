//! The difference over time: the dialogue, the place under it where the bed is to lie, the bed before and after it has
//! yielded, and its gain, which hangs from the top.
//!
//! All of it is drawn where it is heard; what comes out later is moved to the left by the latency, so that cause and
//! effect stand above each other. What is heard and has not sounded yet lies to the right of the last of it.

use green_ring_editor::egui::epaint::Mesh;
use green_ring_editor::egui::{Align2, Color32, Painter, Rect, Shape, Stroke, lerp, pos2, vec2};
use green_ring_editor::history::trace;
use green_ring_editor::theme::{DIM, EDGE, HOT, RING, TEXT};

use super::history::{COLUMN_S, COLUMNS, Column, FLOOR_DB, History};
use super::now::Now;
use super::plot::{Plot, surface};

/// How far the soft edge reaches below the place where the bed is to lie, in LU.
const SOFT_LU: f32 = 4.0;

/// From this much light on, a line is taken to be spoken.
const LIT: f32 = 0.3;

const CLEAR: Color32 = Color32::TRANSPARENT;

/// The traces, as they are to be drawn.
struct Traces<'a> {
    plot: &'a Plot,
    history: &'a History,
    /// Columns by which the bed comes out later.
    late: usize,
}

/// Draws the left field with its legend and its numbers.
pub fn paint(painter: &Painter, plot: &Plot, history: &History, now: &Now) {
    plot.ground(painter);
    let traces = Traces { plot, history, late: now.late.min(COLUMNS / 2) };
    let mut mesh = Mesh::default();
    traces.surfaces(&mut mesh);
    painter.add(Shape::mesh(mesh));
    traces.lines(painter);
    traces.clock(painter);
    legend(painter, plot, now);
    bracket(painter, plot, now);
}

impl Traces<'_> {
    /// Place, what was heard there, and what came of it.
    fn sounded(&self) -> impl Iterator<Item = (f32, &Column, &Column)> {
        let column =
            |k: usize| (self.history.x(self.plot.time, k), self.history.column(k), self.history.column(k + self.late));
        (0..COLUMNS - self.late).map(column)
    }

    fn heard(&self) -> impl Iterator<Item = (f32, &Column)> {
        (0..COLUMNS).map(|k| (self.history.x(self.plot.time, k), self.history.column(k)))
    }

    fn surfaces(&self, mesh: &mut Mesh) {
        let (y, bottom) = (|db: f32| self.plot.y(db), self.plot.time.bottom());
        let top = self.plot.time.top();
        // Where the bed is to lie: brighter while somebody speaks.
        surface(
            mesh,
            self.heard().map(|(x, c)| {
                let bright = 0.3 + 0.7 * c.light;
                let [thin, full] = [0.03, 0.34].map(|share| RING.gamma_multiply(share * bright));
                (x, [(y(c.level), thin), (y(c.edge), full), (y(c.edge - SOFT_LU), CLEAR)])
            }),
        );
        // What is left of the bed, and what is taken from it.
        surface(
            mesh,
            self.sounded()
                .map(|(x, _, c)| (x, [(y(c.after), TEXT.gamma_multiply(0.13)), (bottom, TEXT.gamma_multiply(0.02))])),
        );
        surface(
            mesh,
            self.sounded().map(|(x, heard, c)| {
                let taken = DIM.gamma_multiply(0.10);
                (x, [(y(heard.before.max(c.after)), taken), (y(c.after), taken)])
            }),
        );
        // What is lacking.
        surface(
            mesh,
            self.sounded().map(|(x, _, c)| {
                let (edge, colour) = if c.short { (c.edge, HOT.gamma_multiply(0.5)) } else { (c.after, CLEAR) };
                (x, [(y(c.after), colour), (y(edge), colour)])
            }),
        );
        // The gain, and all of the bed where it is pulled out.
        surface(
            mesh,
            self.sounded().map(|(x, _, c)| {
                let gain = if c.out { FLOOR_DB } else { c.gain };
                let thick = if gain < 0.0 { DIM.gamma_multiply(0.30) } else { CLEAR };
                (x, [(top, thick.gamma_multiply(0.35)), (y(gain), thick)])
            }),
        );
        // The light, at the bottom.
        let strip = bottom - self.plot.theme.px(3.0);
        surface(
            mesh,
            self.heard().map(|(x, c)| {
                let colour = RING.gamma_multiply(0.9 * c.light);
                (x, [(strip, colour), (bottom, colour)])
            }),
        );
    }

    fn lines(&self, painter: &Painter) {
        let theme = self.plot.theme;
        let at = |x: f32, db: f32| (db > FLOOR_DB).then(|| pos2(x, self.plot.y(db)));
        let lit = |x, c: &Column| at(x, c.dialogue).filter(|_| c.light >= LIT);
        let hung = |x, c: &Column| at(x, c.gain).filter(|_| c.gain < 0.0 && !c.out);
        trace(painter, self.heard().map(|(x, c)| at(x, c.before)), theme.stroke(1.0, DIM.gamma_multiply(0.45)));
        trace(painter, self.heard().map(|(x, c)| at(x, c.level)), theme.stroke(1.0, RING.gamma_multiply(0.35)));
        trace(painter, self.sounded().map(|(x, _, c)| hung(x, c)), theme.stroke(1.2, DIM));
        trace(painter, self.sounded().map(|(x, _, c)| at(x, c.after)), theme.stroke(1.6, TEXT));
        trace(painter, self.heard().map(|(x, c)| lit(x, c)), theme.stroke(2.2, RING));
    }

    /// The line of what sounds now, and the seconds before it.
    fn clock(&self, painter: &Painter) {
        let Self { plot, history, late } = self;
        let per_second = (1.0 / COLUMN_S) as usize;
        let x =
            |seconds_ago: usize| history.x(plot.time, (COLUMNS - 1 - late).saturating_sub(seconds_ago * per_second));
        painter.vline(x(0), plot.time.y_range(), Stroke::new(1.0, EDGE));
        for seconds in [5, 10, 15] {
            plot.foot(painter, plot.time, x(seconds), 40.0, &format!("{seconds} s"));
        }
        plot.foot(painter, plot.time, x(0), 32.0, "now");
    }
}

/// What the traces are, and how loud they are now.
fn legend(painter: &Painter, plot: &Plot, now: &Now) {
    let number = |db: f32| if db > FLOOR_DB { format!("{db:.1}") } else { "-".into() };
    let dialogue = if now.measured { "dialogue" } else { "anchor" };
    let difference = now.difference_lu().map_or("-".into(), |lu| format!("{lu:.1} LU"));
    let colour = if now.speaks { TEXT } else { DIM };
    let entries = [
        (118.0, RING, TEXT, format!("{dialogue} {}", number(now.level))),
        (86.0, TEXT, TEXT, format!("bed {}", number(now.after))),
        (130.0, CLEAR, colour, format!("difference {difference}")),
    ];
    let mut left = plot.legend.left();
    for (width, mark, colour, text) in entries {
        let entry = plot.legend.with_min_x(left).with_max_x(left + plot.theme.px(width));
        let mark_at = entry.left_center() + vec2(plot.theme.px(4.0), 0.0);
        painter.circle_filled(mark_at, plot.theme.px(3.5), mark);
        let text_at = entry.with_min_x(entry.left() + plot.theme.px(12.0));
        plot.label(painter, text_at, Align2::LEFT_CENTER, colour, &text);
        left = entry.right();
    }
}

/// Beside the traces: the gain, and Target as a bracket from the dialogue down to where the bed is to lie.
fn bracket(painter: &Painter, plot: &Plot, now: &Now) {
    let px = |units: f32| plot.theme.px(units);
    let [top, bottom] = [now.level, now.level - now.target_lu].map(|db| plot.y(db));
    let (x, stroke) = (plot.between.left() + px(6.0), plot.theme.stroke(1.5, RING));
    painter.vline(x, top..=bottom, stroke);
    for y in [top, bottom] {
        painter.hline(x - px(3.0)..=x + px(3.0), y, stroke);
    }
    let line = |y: f32| Rect::from_x_y_ranges(x + px(5.0)..=plot.between.right(), y - px(8.0)..=y + px(8.0));
    let y = lerp(top..=bottom, 0.5).clamp(plot.time.top() + px(26.0), plot.time.bottom() - px(8.0));
    plot.label(painter, line(y), Align2::LEFT_CENTER, RING, &format!("{} LU", now.target_lu));
    if now.gain < 0.0 {
        let text = if now.gain > FLOOR_DB { format!("{:.1} dB", now.gain) } else { "out".into() };
        plot.label(painter, line(plot.time.top() + px(8.0)), Align2::LEFT_CENTER, TEXT, &text);
    }
}
