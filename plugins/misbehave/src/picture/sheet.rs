//! Where everything lies: names at the left, song time to the right; from top to bottom the bars' numbers, Chaos, the own
//! clock if it slides, the lanes, and the rise if it sounds.

use green_ring_editor::{
    egui::{Rangef, Rect, pos2},
    theme::Theme,
};

use super::scene::Scene;
use crate::engine::Lane;

/// The least room that the picture is drawn for, in units; in less everything is drawn smaller.
const LEAST: [f32; 2] = [480.0, 160.0];

/// Room at the edges, for the names, for the bars' numbers and between the parts, in units.
const EDGE: f32 = 6.0;
const NAMES: f32 = 74.0;
const NUMBERS: f32 = 15.0;
const GAP: f32 = 4.0;

/// Heights of Chaos, the own clock and the rise, in lanes; and where all three are there, so that the lanes' names stay
/// legible.
const ROOMY: [f32; 3] = [2.4, 1.2, 2.0];
const CROWDED: [f32; 3] = [1.7, 1.0, 1.3];

/// The largest letters, in units, and the share of a lane's height that letters may have: a line of type is never as
/// high as its size from the top of a capital to the foot of a tail.
const LETTERS: f32 = 10.5;
const SHARE: f32 = 1.0;

/// Where everything lies, for one size and one moment.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub theme: Theme,
    /// From the first moment that is seen to the last.
    pub x: Rangef,
    /// The names' room.
    pub names: Rangef,
    pub numbers: Rangef,
    pub chaos: Rangef,
    pub drift: Option<Rangef>,
    pub lanes: [Rangef; Lane::COUNT],
    pub rise: Option<Rangef>,
    /// Size of the names, in units.
    pub letters: f32,
    /// The song sample at the left edge, and points a sample.
    from: i64,
    scale: f64,
}

impl Sheet {
    /// Lays out `scene` in `area`.
    pub fn new(area: Rect, theme: Theme, scene: &Scene) -> Self {
        let scale = theme.scale.min(area.width() / LEAST[0]).min(area.height() / LEAST[1]);
        let theme = Theme { scale: scale.max(0.1) };
        let inner = area.shrink(theme.px(EDGE));
        let plot = inner.with_min_x(inner.left() + theme.px(NAMES));
        let [drift, rise] = [scene.settings.clock_drift_s > 0.0, scene.settings.rise > 0.0];
        let [chaos_height, drift_height, rise_height] = if drift && rise { CROWDED } else { ROOMY };
        let extra = f32::from(drift) * drift_height + f32::from(rise) * rise_height;
        let gaps = 1.0 + f32::from(drift) + f32::from(rise);
        let room = plot.height() - theme.px(NUMBERS + gaps * GAP);
        let lane = room / (chaos_height + Lane::COUNT as f32 + extra);
        let mut top = plot.top();
        let mut take = |height: f32, gap: f32| {
            let row = Rangef::new(top, top + height);
            top = row.max + theme.px(gap);
            row
        };
        let [from, to] = scene.span();
        Self {
            theme,
            x: plot.x_range(),
            names: Rangef::new(inner.left(), plot.left() - theme.px(EDGE)),
            numbers: take(theme.px(NUMBERS), 0.0),
            chaos: take(chaos_height * lane, GAP),
            drift: drift.then(|| take(drift_height * lane, GAP)),
            lanes: std::array::from_fn(|k| take(lane, if k + 1 == Lane::COUNT { GAP } else { 0.0 })),
            rise: rise.then(|| take(rise_height * lane, 0.0)),
            letters: (SHARE * lane / theme.scale).min(LETTERS),
            from,
            scale: f64::from(plot.width()) / (to - from).max(1) as f64,
        }
    }

    /// The point across at which song sample `sample` lies, at the nearest edge if it is not seen.
    pub fn at(&self, sample: f64) -> f32 {
        let x = f64::from(self.x.min) + (sample - self.from as f64) * self.scale;
        (x as f32).clamp(self.x.min, self.x.max)
    }

    /// The song sample at a point across.
    pub fn sample(&self, x: f32) -> i64 {
        self.from + (f64::from(x - self.x.min) / self.scale) as i64
    }

    /// Points of so many samples.
    pub fn width(&self, samples: f64) -> f64 {
        samples * self.scale
    }

    /// From the top of Chaos to the foot of all.
    pub fn rows(&self) -> Rangef {
        Rangef::new(self.chaos.min, self.rise.unwrap_or(self.lanes[Lane::COUNT - 1]).max)
    }

    /// From `left` to `right` in `row`.
    pub fn cell(&self, left: f32, right: f32, row: Rangef) -> Rect {
        Rect::from_min_max(pos2(left, row.min), pos2(right, row.max))
    }

    /// The names' room beside `row`.
    pub fn beside(&self, row: Rangef) -> Rect {
        Rect::from_x_y_ranges(self.names, row)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::scene, *};
    use crate::engine::Settings;

    #[test]
    fn rows_lie_below_each_other_within_the_area() {
        let full = Settings { clock_drift_s: 0.02, rise: 0.5, ..Settings::default() };
        for settings in [Settings::default(), full] {
            for (width, height, scale) in [(500.0, 170.0, 1.0), (500.0, 170.0, 3.0), (2_000.0, 800.0, 3.0)] {
                let area = Rect::from_min_max(pos2(10.0, 20.0), pos2(10.0 + width, 20.0 + height));
                let sheet = Sheet::new(area, Theme { scale }, &scene(settings));
                let rows = [Some(sheet.numbers), Some(sheet.chaos), sheet.drift].into_iter();
                let rows: Vec<Rangef> = rows.chain(sheet.lanes.map(Some)).chain([sheet.rise]).flatten().collect();
                assert!(rows.windows(2).all(|rows| rows[0].max <= rows[1].min + 1e-3 && rows[0].span() > 4.0));
                assert!(rows[0].min >= area.top() && rows[rows.len() - 1].max <= area.bottom());
                assert!(sheet.names.min >= area.left() && sheet.names.max < sheet.x.min && sheet.x.max <= area.right());
            }
        }
    }

    #[test]
    fn names_stay_legible_where_the_clock_slides_and_the_rise_sounds() {
        let full = Settings { clock_drift_s: 0.02, rise: 0.5, ..Settings::default() };
        let letters = |settings| {
            let area = Rect::from_min_max(pos2(0.0, 0.0), pos2(900.0, 170.0));
            Sheet::new(area, Theme { scale: 1.0 }, &scene(settings)).letters
        };
        let (full, plain) = (letters(full), letters(Settings::default()));
        assert!(full >= 0.85 * plain && full >= 10.0, "{full} and {plain}");
    }

    #[test]
    fn the_playhead_stands_an_eighth_from_the_left() {
        let scene = scene(Settings::default());
        let sheet = Sheet::new(Rect::from_min_max(pos2(0.0, 0.0), pos2(900.0, 300.0)), Theme { scale: 1.0 }, &scene);
        let share = (sheet.at(scene.song.sample as f64) - sheet.x.min) / sheet.x.span();
        assert!((share - 0.125).abs() < 1e-3);
        assert!((sheet.sample(sheet.at(100_000.0)) - 100_000).abs() < 100);
        assert_eq!([-1e30, 1e30].map(|sample| sheet.at(sample)), [sheet.x.min, sheet.x.max]);
    }
}
