//! The tape, as it is drawn: the oxide that is left on its tracks, what the head has met on it, and the head.

use green_ring_dsp::units::gain;
use green_ring_editor::egui::{Align2, Color32, Mesh, Painter, Pos2, Rect, Shape, lerp, pos2, remap, vec2};
use green_ring_editor::theme::{EDGE, HOT, RING, TEXT, Theme, WELL};

use super::map::{OxideMap, Section};
use super::needle::THREE_PERCENT_DB;
use super::plot::{FIGURE_LINE, figure};
use crate::engine::Sync;
use crate::engine::dropouts::DEEPEST_UM;
use crate::engine::law::bend;

/// Oxide in good order, and oxide that has lost its treble.
const FRESH: Color32 = Color32::from_rgb(152, 102, 58);
const DULL: Color32 = Color32::from_rgb(86, 92, 66);

/// How much darker a track is at its edges: tape is not flat.
const EDGE_SHADE: f32 = 0.82;

/// Of a track, what sound fills with which the tape is full.
const FULL: f32 = 0.9;

/// Distance of neighbouring figures on the scale, in units, and steps of it in bars and in seconds.
const APART: f32 = 74.0;
const BARS: [f64; 9] = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];
const SECONDS: [f64; 10] = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0];

/// Draws the tape of `map` in `area`, with its scale below.
pub fn paint(painter: &Painter, area: Rect, theme: Theme, map: &OxideMap, tracks: usize, sync: Sync) {
    let (room, below) = area.split_top_bottom_at_y(area.bottom() - theme.px(FIGURE_LINE + 3.0));
    // The head looks out above and below.
    let tape = room.shrink2(vec2(0.0, theme.px(5.0)));
    let inside = painter.with_clip_rect(tape.intersect(painter.clip_rect()));
    painter.rect_filled(tape, 0.0, WELL);
    let view = Across { tape, from: map.view().start, to: map.view().end };
    for (track, lane) in lanes(tape, theme, tracks).into_iter().enumerate() {
        let sections = || map.sections().zip(view.centres(map));
        inside.add(Shape::mesh(oxide(sections(), lane, track)));
        inside.add(Shape::mesh(sound(sections(), lane, track, 1.0 / painter.pixels_per_point())));
        inside.add(Shape::mesh(lifts(map, &view, lane, track, theme)));
    }
    for y in [tape.top(), tape.bottom()] {
        painter.hline(tape.x_range(), y, theme.stroke(1.0, EDGE));
    }
    scale(painter, below, theme, &view, sync, map.zero());
    head(painter, room, theme, view.x(map.head()));
}

/// Where beats from Start lie across the tape.
struct Across {
    tape: Rect,
    from: f64,
    to: f64,
}

impl Across {
    fn x(&self, beats: f64) -> f32 {
        remap(beats, self.from..=self.to, self.tape.left().into()..=self.tape.right().into()) as f32
    }

    /// The middles of the sections.
    fn centres(&self, map: &OxideMap) -> impl Iterator<Item = f32> {
        let (beats, count) = (map.beats(), map.sections().len());
        let (left, right) = (self.x(beats.start), self.x(beats.end));
        (0..count).map(move |k| lerp(left..=right, (k as f32 + 0.5) / count as f32))
    }
}

/// The tracks, with bare tape between.
fn lanes(tape: Rect, theme: Theme, tracks: usize) -> Vec<Rect> {
    if tracks == 1 {
        return vec![tape];
    }
    let gap = theme.px(1.5);
    let (upper, lower) = tape.split_top_bottom_at_y(tape.center().y);
    vec![upper.with_max_y(upper.bottom() - gap), lower.with_min_y(lower.top() + gap)]
}

/// The oxide of one track: gone where it is dark, dull where it has lost its treble.
fn oxide<'a>(sections: impl Iterator<Item = (&'a Section, f32)>, lane: Rect, track: usize) -> Mesh {
    strip(sections, |section, x| {
        let left = section.level[track].sqrt();
        let colour = mixed(WELL, mixed(DULL, FRESH, section.treble[track].sqrt()), left);
        let edge = mixed(WELL, colour, EDGE_SHADE);
        [(pos2(x, lane.top()), edge), (pos2(x, lane.center().y), colour), (pos2(x, lane.bottom()), edge)]
    })
}

/// What the head has read from one track, as wide as the tape is full of it. A hole is a hole in it. Its edges fade
/// within a `pixel`.
fn sound<'a>(sections: impl Iterator<Item = (&'a Section, f32)>, lane: Rect, track: usize, pixel: f32) -> Mesh {
    let (middle, full) = (lane.center().y, 0.5 * FULL * lane.height());
    strip(sections, |section, x| {
        let half = full * (bend(section.sound) / bend(gain(THREE_PERCENT_DB))).min(1.0) * section.level[track];
        let colour = if section.sound > 0.0 { TEXT.gamma_multiply(0.7) } else { Color32::TRANSPARENT };
        let row = |away: f32, colour| (pos2(x, middle + away), colour);
        [
            row(-half - pixel, Color32::TRANSPARENT),
            row(-half, colour),
            row(half, colour),
            row(half + pixel, Color32::TRANSPARENT),
        ]
    })
}

/// One mesh of columns of vertices, each joined with the next.
fn strip<'a, const ROWS: usize>(
    sections: impl Iterator<Item = (&'a Section, f32)>,
    column: impl Fn(&Section, f32) -> [(Pos2, Color32); ROWS],
) -> Mesh {
    let mut mesh = Mesh::default();
    for (section, x) in sections {
        let here = mesh.vertices.len() as u32;
        for (at, colour) in column(section, x) {
            mesh.colored_vertex(at, colour);
        }
        let Some(before) = here.checked_sub(ROWS as u32) else { continue };
        for row in 0..ROWS as u32 - 1 {
            mesh.add_triangle(before + row, before + row + 1, here + row);
            mesh.add_triangle(before + row + 1, here + row, here + row + 1);
        }
    }
    mesh
}

/// The dropouts of one track, at its outer edge, as high as the tape lifts.
fn lifts(map: &OxideMap, view: &Across, lane: Rect, track: usize, theme: Theme) -> Mesh {
    let mut mesh = Mesh::default();
    for lift in map.lifts().iter().filter(|lift| lift.hits[track]) {
        let [from, to] = lift.beats.map(|beats| view.x(beats));
        let height = (0.3 * lane.height() * lift.depth_um / DEEPEST_UM).max(theme.px(1.5));
        let x = from..=to.max(from + theme.px(1.0));
        let y = if track == 0 { lane.top()..=lane.top() + height } else { lane.bottom() - height..=lane.bottom() };
        mesh.add_colored_rect(Rect::from_x_y_ranges(x, y), HOT);
    }
    mesh
}

/// Bars or seconds from `zero` on.
fn scale(painter: &Painter, below: Rect, theme: Theme, view: &Across, sync: Sync, zero: f64) {
    let (unit, name, steps) = match sync {
        Sync::Beats => (4.0, "bars", &BARS[..]),
        Sync::Time => (2.0, "s", &SECONDS[..]),
    };
    let (from, to) = ((view.from - zero) / unit, (view.to - zero) / unit);
    let room = f64::from(view.tape.width() / theme.px(APART));
    let step = steps.iter().copied().find(|step| (to - from) / step <= room).unwrap_or(to - from);
    let decimals = usize::from(step < 1.0) + usize::from(step == 0.25);
    for k in (from / step - 1e-3).ceil() as i64..=(to / step + 1e-3).floor() as i64 {
        let place = k as f64 * step;
        let x = view.x(zero + place * unit);
        painter.vline(x, below.top() - theme.px(5.0)..=below.top() - theme.px(1.0), theme.stroke(1.0, EDGE));
        let align = match x {
            x if x < below.left() + theme.px(20.0) => Align2::LEFT_BOTTOM,
            x if x > below.right() - theme.px(20.0) => Align2::RIGHT_BOTTOM,
            _ => Align2::CENTER_BOTTOM,
        };
        let text = format!("{place:.decimals$} {}", if place == 1.0 && unit == 4.0 { "bar" } else { name });
        figure(painter, below, theme, align, pos2(x, below.bottom()), &text);
    }
}

/// The head and its gap.
fn head(painter: &Painter, room: Rect, theme: Theme, x: f32) {
    let (wide, high) = (theme.px(6.0), theme.px(9.0));
    let x = x.clamp(room.left() + wide, room.right() - wide);
    painter.vline(x, room.y_range(), theme.stroke(1.5, RING));
    let top = pos2(x, room.top() + high);
    painter.add(Shape::convex_polygon(
        vec![pos2(x - wide, room.top()), pos2(x + wide, room.top()), top],
        RING,
        theme.stroke(1.0, WELL),
    ));
}

/// From `a` to `b` by `share`, as the eye sees it.
fn mixed(a: Color32, b: Color32, share: f32) -> Color32 {
    a.lerp_to_gamma(b, share.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_oxide_is_full_and_a_hole_lets_the_ground_through() {
        let lane = Rect::from_min_size(pos2(0.0, 0.0), vec2(10.0, 10.0));
        let section = |level: f32, treble: f32| Section { level: [level; 2], treble: [treble; 2], sound: 0.0 };
        let sections = [section(1.0, 1.0), section(1.0, 0.0), section(0.0, 0.0)];
        let mesh = oxide(sections.iter().zip([0.0, 5.0, 10.0]), lane, 0);
        let colours: Vec<Color32> = mesh.vertices.iter().map(|vertex| vertex.color).collect();
        let middles: Vec<Color32> = colours.into_iter().skip(1).step_by(3).collect();
        assert_eq!(middles, [FRESH, DULL, WELL]);
        assert_eq!(mesh.indices.len(), 24);
        assert!(mesh.is_valid());
    }
}
