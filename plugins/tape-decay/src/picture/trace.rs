//! How fast the tape has run in the last seconds, against the speed that it should have.

use green_ring_editor::egui::{Align2, Painter, Rect, pos2, remap, remap_clamp};
use green_ring_editor::history::History;
use green_ring_editor::theme::{RING, Theme};

use super::plot::{caption, faint, figure, short, with_scales};
use super::tap::Reading;

/// What is in view, in seconds, and how many points it is drawn with.
const VIEW_S: f64 = 3.0;
const POINTS: usize = 360;
const POINT_S: f64 = VIEW_S / POINTS as f64;

/// Ends of the scale, as shares of the speed: the first that holds all.
const ENDS: [f32; 9] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/// The trace of speed, newest last.
#[derive(Debug)]
pub struct Trace {
    /// The speed, as a share of what it should be; none where it is not known.
    points: History<Option<f32>>,
    /// Of the point that comes next: the sum of what it is the mean of, and seconds of it.
    sum: f64,
    filled_s: f64,
    /// The last reading, and the speed that it told.
    last: Option<Reading>,
    faster: f64,
    /// What the dials reach now: wow and flutter as shares of the speed.
    reached: [f32; 2],
}

impl Default for Trace {
    fn default() -> Self {
        let points = History::new(POINTS, None);
        Self { points, sum: 0.0, filled_s: 0.0, last: None, faster: 0.0, reached: [0.0; 2] }
    }
}

impl Trace {
    /// Takes what the dials reach: `wow` and `flutter`, as shares of the speed.
    pub fn dial(&mut self, wow: f32, flutter: f32) {
        self.reached = [wow, flutter];
    }

    /// Takes a reading: the speed was the mean that led from swing to swing, and is drawn straight from mean to mean.
    /// Where the song has jumped, no speed is known.
    pub fn hear(&mut self, reading: &Reading) {
        let Some(last) = self.last.replace(*reading) else { return };
        if reading.song.sample - last.song.sample != i64::from(reading.frames) {
            return;
        }
        let seconds = reading.seconds();
        let later_s = f64::from(reading.swing_ms - last.swing_ms) / 1_000.0;
        let faster = -later_s / seconds * f64::from(reading.run.speed);
        let before = std::mem::replace(&mut self.faster, faster);
        let mut left_s = seconds.min(VIEW_S);
        while left_s > 0.0 {
            let step_s = left_s.min(POINT_S - self.filled_s);
            left_s -= step_s;
            let middle = (left_s + 0.5 * step_s) / seconds;
            self.sum += (faster + middle * (before - faster)) * step_s;
            self.filled_s += step_s;
            if self.filled_s > POINT_S - 1e-9 {
                self.end_point();
            }
        }
    }

    fn end_point(&mut self) {
        self.points.push(Some((self.sum / self.filled_s) as f32));
        (self.sum, self.filled_s) = (0.0, 0.0);
    }

    /// The end of the scale.
    fn end(&self) -> f32 {
        let most = self.points.columns().flatten().fold(0.0f32, |most, point| most.max(point.abs()));
        ENDS.into_iter().find(|end| *end >= 1.1 * most.max(self.reached[0])).unwrap_or(1.0)
    }

    /// Draws it in `area`.
    pub fn paint(&self, painter: &Painter, area: Rect, theme: Theme) {
        let [wow, flutter] = self.reached.map(|share| short(f64::from(100.0 * share)));
        let reading = format!("wow {wow} %  flutter {flutter} %");
        let room = caption(painter, area, theme, 0.3, "Speed", &reading);
        let (plot, end) = (with_scales(room, theme, 40.0), self.end());
        scales(painter, room, plot, theme, end);
        self.points.draw(painter, plot, theme.stroke(1.3, RING), |point| point.map(|point| y(plot, point / end)));
    }
}

/// Where `share` of the scale lies, -1 to 1.
fn y(plot: Rect, share: f32) -> f32 {
    remap_clamp(share, -1.0..=1.0, plot.bottom()..=plot.top())
}

fn scales(painter: &Painter, room: Rect, plot: Rect, theme: Theme, end: f32) {
    let percent = short(f64::from(100.0 * end));
    for (share, text) in [(1.0, format!("+{percent} %")), (0.0, "0 %".into()), (-1.0, format!("-{percent} %"))] {
        let y = y(plot, share);
        painter.hline(plot.x_range(), y, theme.stroke(1.0, faint()));
        // The figures at the ends stand inside.
        let inside = y + share * theme.px(5.0);
        figure(painter, room, theme, Align2::RIGHT_CENTER, pos2(plot.left() - theme.px(4.0), inside), &text);
    }
    for seconds in 0..=VIEW_S as usize {
        let x = remap(seconds as f32, VIEW_S as f32..=0.0, plot.left()..=plot.right());
        painter.vline(x, plot.y_range(), theme.stroke(1.0, faint()));
        let text = if seconds == 0 { "now".into() } else { format!("-{seconds} s") };
        let align = [Align2::RIGHT_TOP, Align2::CENTER_TOP, Align2::CENTER_TOP, Align2::LEFT_TOP][seconds];
        figure(painter, room, theme, align, pos2(x, plot.bottom()), &text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Run;
    use green_ring_dsp::Song;

    fn play(trace: &mut Trace, frames: u32, seconds: f64, swing_ms: impl Fn(f64) -> f64) {
        let step = f64::from(frames) / 48_000.0;
        for k in 0..(seconds / step) as i64 {
            let song = Song::new(true, k * i64::from(frames), 120.0, 48_000.0);
            let (swing_ms, run) = (swing_ms(k as f64 * step) as f32, Run { speed: 1.0, behind_s: 0.0 });
            trace.hear(&Reading { song, frames, swing_ms, run, vu_db: 0.0, mono: false, pre_roll_s: 0.0 });
        }
    }

    /// The speeds that are known.
    fn known(trace: &Trace) -> Vec<f32> {
        trace.points.columns().flatten().copied().collect()
    }

    #[test]
    fn a_swing_is_drawn_as_the_speed_behind_it() {
        // 1 ms at 2 Hz is 4 pi ms a second: 1.257 %.
        for frames in [256, 480, 1_024, 2_048] {
            let mut trace = Trace::default();
            play(&mut trace, frames, 5.0, |t| (std::f64::consts::TAU * 2.0 * t).sin());
            assert_eq!(known(&trace).len(), POINTS);
            let most = known(&trace).into_iter().fold(0.0f32, f32::max);
            assert!((most / 0.012_57 - 1.0).abs() < 0.03, "{frames}: {most}");
            assert_eq!(trace.end(), 0.02);
        }
    }

    #[test]
    fn a_still_machine_is_a_straight_line_and_a_long_silence_is_no_loop_without_end() {
        let mut trace = Trace::default();
        play(&mut trace, 480, 0.5, |_| 3.0);
        assert!(known(&trace).len() > 50 && known(&trace).iter().all(|point| *point == 0.0));
        play(&mut trace, u32::MAX, 4e5, |_| 3.0);
        assert_eq!((known(&trace).len(), trace.end()), (POINTS, 0.001));
    }

    #[test]
    fn a_jump_of_the_song_is_no_speed() {
        let mut trace = Trace::default();
        play(&mut trace, 480, 1.0, |_| 3.0);
        play(&mut trace, 480, 1.0, |_| -9.0);
        assert!(known(&trace).len() > 200 && known(&trace).iter().all(|point| *point == 0.0));
    }
}
