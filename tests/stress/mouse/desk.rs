//! One instance that plays, its editor in a window, and the hand at mouse and keyboard.

use std::time::{Duration, Instant};

use green_ring_editor::egui::{Rect, Vec2, vec2};
use green_ring_editor::places::{Places, places};
use suite_tests::bundle::Bundle;
use suite_tests::clap_host::{Clap, ClapAudio, Told};
use suite_tests::host::{Audio, Block, Host, Key, Setup, Song};
use suite_tests::window::mouse::LEFT;
use suite_tests::window::{Window, key};

use super::face::{Control, controls};

const FRAMES: usize = 256;
/// Between two things that the hand does: longer than a frame of the editor.
const PAUSE_MS: u64 = 50;
/// A gesture that has not ended by then does not come.
const PATIENCE: Duration = Duration::from_millis(1_500);

pub struct Desk {
    pub bundle: Bundle,
    /// Of the window.
    pub size: Vec2,
    pub places: Places,
    pub controls: Vec<Control>,
    /// Gestures so far.
    pub gestures: usize,
    host: Clap,
    audio: ClapAudio,
    window: Window,
    told: Vec<Told>,
    frame: i64,
}

impl Desk {
    pub fn open(bundle: &Bundle) -> Desk {
        let mut host = Clap::open(bundle);
        let state = serde_json::from_slice(&host.save()).expect("JSON");
        let controls = controls(bundle, &host.params(), &state);
        let audio = host.activate(Setup { rate_hz: 48_000.0, max_frames: FRAMES as u32, channels: 2 });
        let window = Window::open(1_600, 1_200);
        let (width, height) = host.open_scaled(&window, 1.0);
        let mut counts = vec![0; controls.iter().map(|control| control.place.0 + 1).max().expect("controls")];
        controls.iter().for_each(|control| counts[control.place.0] += 1);
        let size = vec2(width as f32, height as f32);
        let places = places(size, &counts);
        let (told, frame, gestures) = (Vec::new(), 0, 0);
        let mut desk = Desk { bundle: *bundle, size, places, controls, gestures, host, audio, window, told, frame };
        desk.pump(1_500);
        desk
    }

    pub fn close(mut self) {
        self.host.close_editor();
        self.host.deactivate(self.audio);
    }

    /// Plays and lets the host's main thread turn for so long.
    pub fn pump(&mut self, time_ms: u64) {
        let end = Instant::now() + Duration::from_millis(time_ms);
        while Instant::now() < end {
            let input = vec![vec![0.1; FRAMES]; 2];
            let song = Some(Song { playing: true, frame: self.frame, tempo_bpm: 120.0 });
            self.audio.process(&Block { input: &input, key: Key::Missing, changes: &[], song });
            self.frame += FRAMES as i64;
            self.told.extend(self.audio.told());
            self.host.idle();
            std::thread::sleep(Duration::from_millis(3));
        }
    }

    pub fn point(&mut self, x: f32, y: f32) {
        self.window.point(x.round() as i16, y.round() as i16);
        self.pump(PAUSE_MS);
    }

    pub fn press(&mut self, button: u8, down: bool) {
        self.window.press(button, down);
        self.pump(PAUSE_MS);
    }

    /// Begins a drag, in a frame before that of the first way.
    pub fn take_hold(&mut self) {
        self.press(LEFT, true);
        self.pump(2 * PAUSE_MS);
    }

    /// Ends a drag. A way that is drawn in the frame of the release is no part of it: so the hand rests first.
    pub fn let_go(&mut self) {
        self.pump(3 * PAUSE_MS);
        self.press(LEFT, false);
    }

    pub fn click(&mut self, button: u8) {
        self.press(button, true);
        self.press(button, false);
    }

    /// Writes into an open field and takes it.
    pub fn write(&mut self, text: &str) {
        self.pump(150);
        for keysym in text.chars().map(u32::from).chain([key::RETURN]) {
            self.window.key(keysym);
            self.pump(PAUSE_MS);
        }
    }

    pub fn value(&mut self, control: &Control) -> f64 {
        self.host.value(control.number)
    }

    pub fn text(&mut self, control: &Control, value: f64) -> String {
        self.host.text(control.number, value)
    }

    pub fn parse(&mut self, control: &Control, text: &str) -> f64 {
        let value = self.host.parse(control.number, text);
        value.unwrap_or_else(|| panic!("{} does not read {text:?}", control.id))
    }

    pub fn parts(&self, control: &Control) -> [Rect; 3] {
        self.places.parts(self.places.cells[control.place.0][control.place.1])
    }

    pub fn dial(&self, control: &Control) -> Rect {
        self.parts(control)[1]
    }

    /// Waits until a gesture on this control has ended. Whether anything was told.
    pub fn is_told(&mut self, control: &Control) -> bool {
        let (begun, end) = (Instant::now(), Told::End(control.number));
        while !self.told.contains(&end) && begun.elapsed() < PATIENCE {
            self.pump(5);
        }
        !self.told.is_empty()
    }

    /// Waits for the end of a gesture on this control: begin, values, end, and nothing of any other. Its last value.
    pub fn gesture(&mut self, control: &Control) -> Option<f64> {
        self.is_told(control);
        let end = Told::End(control.number);
        let told = std::mem::take(&mut self.told);
        if told.is_empty() {
            return None;
        }
        let whole = told.len() >= 3
            && told.first() == Some(&Told::Begin(control.number))
            && told.last() == Some(&end)
            && told[1..told.len() - 1].iter().all(|told| matches!(told, Told::Value(id, _) if *id == control.number));
        assert!(whole, "{}: not one whole gesture: {told:?}", control.id);
        self.gestures += 1;
        told.iter().rev().find_map(|told| if let Told::Value(_, value) = told { Some(*value) } else { None })
    }

    /// Asserts one whole gesture after which the control is at `wanted`, or the nearest value that it can have.
    pub fn lands(&mut self, control: &Control, wanted: f64, within: f64) {
        self.landed(control, wanted, within).unwrap_or_else(|told| panic!("{told}"));
    }

    /// The same, telling where else it landed. That the gesture is whole is asserted all the same.
    pub fn landed(&mut self, control: &Control, wanted: f64, within: f64) -> Result<(), String> {
        let last = self.gesture(control).unwrap_or_else(|| panic!("{}: nothing was told", control.id));
        let held = self.host.value(control.number);
        assert!((held - last).abs() < 1e-5, "{}: told {last}, and holds {held}", control.id);
        let step = if control.steps == 0 { 0.0 } else { 0.5 / f64::from(control.steps) + 1e-6 };
        let wanted = wanted.clamp(0.0, 1.0);
        let near = (last - wanted).abs() <= within + step;
        near.then_some(()).ok_or_else(|| format!("{}: {last}, expected {wanted}", control.id))
    }
}
