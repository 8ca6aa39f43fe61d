//! The response of the machine, as it is aligned and as the head meets the tape.

use std::f64::consts::TAU;

use green_ring_dsp::{Song, Spec};
use green_ring_editor::egui::{Align2, Mesh, Painter, Pos2, Rect, Shape, pos2, remap};
use green_ring_editor::theme::{DIM, RING, Theme};

use super::plot::{caption, faint, figure, short, with_scales};
use crate::engine::machine::{Response, build};
use crate::engine::reel::Reel;
use crate::engine::shaper::Curve as _;
use crate::engine::tape::{State, Tape};
use crate::engine::{Settings, contour};

/// Points of a curve, and its bounds.
const POINTS: usize = 160;
const HZ: [f64; 2] = [30.0, 20_000.0];
const DB: [f32; 2] = [-48.0, 6.0];

/// Lines of the scales.
const HZ_LINES: [(f64, &str); 5] =
    [(50.0, "50 Hz"), (200.0, "200 Hz"), (1_000.0, "1 kHz"), (3_000.0, "3 kHz"), (10_000.0, "10 kHz")];
const DB_LINES: [(f32, &str); 5] = [(0.0, "0 dB"), (-12.0, "-12"), (-24.0, "-24"), (-36.0, "-36"), (-48.0, "-48")];

/// Sample rate in hertz at which the tape is looked up: its places are seconds and beats.
const RATE_HZ: f64 = 48_000.0;

/// The band ends where it is so many decibels below 1 kHz.
const BAND_DB: f32 = -3.0;

/// The two curves, in dB from [`HZ`] on.
#[derive(Debug)]
pub struct Curve {
    tape: Tape,
    key: Option<(Settings, State)>,
    aligned: Vec<f32>,
    present: Vec<f32>,
}

impl Curve {
    /// A curve that has yet to be worked out. Allocates.
    pub fn new() -> Self {
        let tape = Tape::new(&Spec { sample_rate: RATE_HZ, channels: 2 });
        Self { tape, key: None, aligned: vec![0.0; POINTS], present: vec![0.0; POINTS] }
    }

    /// Works the response out for the head `beats` from Start. Returns whether it looks different.
    pub fn look(&mut self, settings: &Settings, beats: f64, tempo_bpm: f64) -> bool {
        let key = (*settings, self.meets(settings, beats, tempo_bpm));
        if self.key.replace(key) == Some(key) {
            return false;
        }
        for (k, (aligned, present)) in self.aligned.iter_mut().zip(&mut self.present).enumerate() {
            let gain = aligned_gain(settings, hz(k));
            (*aligned, *present) = (db(gain), db(gain * kept(&key.1, hz(k))));
        }
        true
    }

    /// What the head meets there, by the engine's own tape.
    fn meets(&mut self, settings: &Settings, beats: f64, tempo_bpm: f64) -> State {
        let (reel, song) = (Reel::new(settings), Song::new(true, 0, tempo_bpm, RATE_HZ));
        let seconds = beats * reel.beat_ms(&song) / 1_000.0;
        let sample = reel.origin(&song, RATE_HZ) + (seconds * RATE_HZ).round() as i64;
        self.tape.reset();
        self.tape.latch(&song.moved(sample), settings);
        self.tape.meets()
    }

    /// Where the band ends now, in hertz.
    pub fn ends_hz(&self) -> f64 {
        let at_1k = (0..POINTS).find(|k| hz(*k) >= 1_000.0).unwrap_or(0);
        let least = self.present[at_1k] + BAND_DB;
        (at_1k..POINTS).take_while(|k| self.present[*k] >= least).last().map_or(HZ[0], hz)
    }

    /// Draws it in `area`.
    pub fn paint(&self, painter: &Painter, area: Rect, theme: Theme) {
        let reading = format!("to {}", spoken_hz(self.ends_hz()));
        let room = caption(painter, area, theme, 0.62, "Response at the head", &reading);
        let plot = with_scales(room, theme, 30.0);
        scales(painter, room, plot, theme);
        let line =
            |points: &[f32]| points.iter().enumerate().map(|(k, db)| at(plot, hz(k), *db)).collect::<Vec<Pos2>>();
        let (aligned, present) = (line(&self.aligned), line(&self.present));
        // Lines that leave the scale leave it through its floor.
        let inside = painter.with_clip_rect(plot.expand(theme.px(1.0)).intersect(painter.clip_rect()));
        inside.add(Shape::mesh(between(&aligned, &present)));
        inside.line(aligned, theme.stroke(1.0, DIM.gamma_multiply(0.7)));
        inside.line(present, theme.stroke(1.8, RING));
    }
}

/// What has been lost: the ground between both curves.
fn between(above: &[Pos2], below: &[Pos2]) -> Mesh {
    let mut mesh = Mesh::default();
    for (k, (above, below)) in (0u32..).zip(above.iter().zip(below)) {
        mesh.colored_vertex(*above, RING.gamma_multiply(0.16));
        mesh.colored_vertex(*below, RING.gamma_multiply(0.02));
        if k > 0 {
            mesh.add_triangle(2 * k - 2, 2 * k - 1, 2 * k);
            mesh.add_triangle(2 * k - 1, 2 * k, 2 * k + 1);
        }
    }
    mesh
}

fn scales(painter: &Painter, room: Rect, plot: Rect, theme: Theme) {
    // Where there is little height, every other line has a figure.
    let every = if plot.height() < theme.px(62.0) { 2 } else { 1 };
    for (k, (db, text)) in DB_LINES.into_iter().enumerate() {
        let y = at(plot, HZ[0], db).y;
        painter.hline(plot.x_range(), y, theme.stroke(1.0, faint()));
        if k % every == 0 {
            figure(painter, room, theme, Align2::RIGHT_CENTER, pos2(plot.left() - theme.px(4.0), y), text);
        }
    }
    for (hz, text) in HZ_LINES {
        let x = at(plot, hz, 0.0).x;
        painter.vline(x, plot.y_range(), theme.stroke(1.0, faint()));
        figure(painter, room, theme, Align2::CENTER_TOP, pos2(x, plot.bottom()), text);
    }
}

fn at(plot: Rect, hz: f64, db: f32) -> Pos2 {
    let [low, high] = HZ.map(f64::ln);
    let x = remap(hz.ln() as f32, low as f32..=high as f32, plot.left()..=plot.right());
    pos2(x, remap(db, DB[0]..=DB[1], plot.bottom()..=plot.top()))
}

/// The frequency of point `k`.
fn hz(k: usize) -> f64 {
    HZ[0] * (HZ[1] / HZ[0]).powf(k as f64 / (POINTS - 1) as f64)
}

fn db(gain: f64) -> f32 {
    20.0 * gain.max(1e-9).log10() as f32
}

/// Gain of the aligned machine, its bass and all.
fn aligned_gain(settings: &Settings, hz: f64) -> f64 {
    let bass = contour::gain(&build(settings.machine), settings.speed_ips.into(), settings.head_bump, hz);
    bass * Response::new(settings).gain(hz).abs()
}

/// What contact, age and oxide leave (`engine::contact`), both tracks together.
fn kept(state: &State, hz: f64) -> f64 {
    let [left_s, right_s, left, right, age_s] = state.map(f64::from);
    let w = TAU * hz;
    let (left, right) = (left * (-w * left_s).exp(), right * (-w * right_s).exp());
    (0.5 * (left * left + right * right)).sqrt() * (-0.5 * (w * age_s).powi(2)).exp()
}

fn spoken_hz(hz: f64) -> String {
    if hz < 995.0 { format!("{hz:.0} Hz") } else { format!("{} kHz", short(hz / 1_000.0)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, Map};

    const SPEC: Spec = Spec { sample_rate: RATE_HZ, channels: 1 };

    /// Level in dB of a tone at `hz` that the engine gives back.
    fn heard_db(settings: &Settings, hz: f64) -> f32 {
        let mut engine = Engine::new(&SPEC);
        let (mut power, mut count) = (0.0, 0);
        for block in 0..1_100i64 {
            let tone = |k: i64| 0.01 * (TAU * hz * (64 * block + k) as f64 / RATE_HZ).sin() as f32;
            let mut sound: [f32; 64] = std::array::from_fn(|k| tone(k as i64));
            engine.process(settings, &Song::new(true, 64 * block, 120.0, RATE_HZ), &mut [&mut sound]);
            if block >= 700 {
                power += sound.iter().map(|x| f64::from(x * x)).sum::<f64>();
                count += 64;
            }
        }
        (10.0 * (power / f64::from(count) / 0.5e-4).log10()) as f32
    }

    #[test]
    fn the_curve_is_what_the_engine_does() {
        let quiet = Settings { drive_db: 0.0, wow: 0.0, flutter: 0.0, modulation_noise: 0.0, ..Settings::default() };
        for settings in
            [quiet, Settings { wear: 0.6, spacing_um: 3.0, ..quiet }, Settings { speed_ips: 1.875, ..quiet }]
        {
            let mut curve = Curve::new();
            assert!(curve.look(&settings, 0.0, 120.0) && !curve.look(&settings, 0.0, 120.0));
            for k in [20, 60, 90, 120, 135] {
                let (told, heard) = (curve.present[k], heard_db(&settings, hz(k)));
                assert!((told - heard).abs() < 0.7, "{:.0} Hz: {told:.2} {heard:.2}", hz(k));
            }
        }
    }

    #[test]
    fn new_tape_is_the_aligned_machine_and_a_hole_is_below_it() {
        let mut curve = Curve::new();
        curve.look(&Settings::default(), 3.0, 120.0);
        assert_eq!(curve.aligned, curve.present);
        assert!(curve.ends_hz() > 14_000.0);
        let worn = Settings { passes: 150.0, map: Map::Loop, ..Settings::default() };
        assert!(curve.look(&worn, 3.0, 120.0));
        assert!(curve.aligned.iter().zip(&curve.present).all(|(a, b)| b <= a));
        assert!(curve.ends_hz() < 6_000.0);
    }
}
