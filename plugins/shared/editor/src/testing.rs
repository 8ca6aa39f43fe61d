//! A plugin's parameters and a host, for the tests of this crate.

use crate::face::{Face, PictureOf, Section};
use crate::host::Host;
use crate::parameter::Parameter;
use crate::scene::{Picture, PictureButton};
use crate::size::WindowSize;
use crate::theme::Theme;
use egui::{Align2, Painter, Rect, vec2};
use green_ring_shell::params::{self, Sync};
use green_ring_shell::{Desk, Meters, Shelf};
use nice_plug::prelude::*;
use std::sync::{Arc, Mutex};

#[derive(Clone, Copy, Debug, Enum, PartialEq)]
pub enum Vowel {
    #[id = "a"]
    A,
    #[id = "e"]
    E,
    #[id = "o"]
    O,
}

/// Too many for segments.
#[derive(Clone, Copy, Debug, Enum, PartialEq)]
pub enum Hall {
    #[id = "nave"]
    Nave,
    #[id = "choir"]
    Choir,
    #[id = "crypt"]
    Crypt,
    #[id = "tower"]
    Tower,
    #[id = "porch"]
    Porch,
    #[id = "yard"]
    Yard,
}

#[derive(Params)]
pub struct TestParams {
    #[id = "decay"]
    pub decay: FloatParam,
    #[id = "lines"]
    pub lines: IntParam,
    #[id = "mix"]
    pub mix: FloatParam,
    #[id = "pan"]
    pub pan: FloatParam,
    #[id = "vowel"]
    pub vowel: EnumParam<Vowel>,
    #[id = "freeze"]
    pub freeze: BoolParam,
    #[id = "hall"]
    pub hall: EnumParam<Hall>,
    #[id = "seed"]
    pub seed: IntParam,
    #[id = "sync"]
    pub sync: EnumParam<Sync>,
    #[id = "start"]
    pub start: FloatParam,
    #[persist = "window"]
    pub window: Arc<WindowSize>,
    #[persist = "shelf"]
    pub shelf: Arc<Shelf>,
}

/// Two presets and one that is not for this plugin.
pub const FACTORY: &[&str] = &[
    r#"{"name":"Long","author":"","comment":"a hall that never ends","scene":"Halls","values":{"decay":9.0,"mix":0.8}}"#,
    r#"{"name":"Short","author":"","comment":"a cupboard","scene":"Small","values":{"decay":1.0}}"#,
    r#"{"name":"Misfit","author":"","comment":"for something else","values":{"nosuch":1.0}}"#,
];

const IDS: [&str; 10] = ["decay", "lines", "mix", "pan", "vowel", "freeze", "hall", "seed", "sync", "start"];

pub fn plugin() -> Arc<TestParams> {
    Arc::new(TestParams {
        decay: FloatParam::new("Decay", 2.0, FloatRange::Linear { min: 0.0, max: 10.0 })
            .with_unit(" s")
            .with_value_to_string(formatters::v2s_f32_rounded(2)),
        lines: IntParam::new("Lines", 1, IntRange::Linear { min: 1, max: 4 }),
        mix: FloatParam::new("Mix", 0.3, FloatRange::Linear { min: 0.0, max: 1.0 }),
        pan: FloatParam::new("Pan", 0.0, FloatRange::Linear { min: -1.0, max: 1.0 }),
        vowel: EnumParam::new("Vowel", Vowel::A),
        freeze: BoolParam::new("Freeze", false),
        hall: EnumParam::new("Hall", Hall::Nave),
        seed: IntParam::new("Seed", 0, IntRange::Linear { min: 0, max: 65_535 }),
        sync: params::sync(Sync::Beats),
        start: params::start(),
        window: Arc::default(),
        shelf: Arc::default(),
    })
}

pub fn params() -> Arc<dyn Params> {
    plugin()
}

pub fn parameters(plugin: &Arc<TestParams>) -> Vec<Parameter> {
    let params: Arc<dyn Params> = plugin.clone();
    Parameter::all(&params)
}

/// One parameter of a fresh plugin, which it keeps alive.
pub fn parameter(id: &str) -> Parameter {
    let all = parameters(&plugin());
    all.into_iter().find(|parameter| parameter.id() == id).expect("a parameter of the test plugin")
}

/// Sets a parameter as a host would.
pub fn set(parameter: &Parameter, value: f32) {
    // SAFETY: the parameter keeps its plugin alive, and nothing else sets it.
    unsafe { parameter.ptr()._internal_set_normalized_value(value) };
}

pub fn face() -> Face {
    let sections = vec![
        Section { name: "Space", ids: &["decay", "lines", "mix"] },
        Section { name: "Dream", ids: &["vowel", "freeze", "hall", "seed"] },
    ];
    Face { title: "Test", sections, help: &[("decay", "how long it lasts")], presets: FACTORY, picture: None }
}

/// A picture that fills its room, and more than that.
pub fn picture() -> PictureOf {
    struct Full;
    impl Picture for Full {
        fn advance(&mut self) -> bool {
            false
        }

        fn paint(&self, painter: &Painter, area: Rect, theme: Theme) {
            painter.rect_filled(area.expand(500.0), 0.0, crate::theme::WELL);
            theme.text(painter, area, Align2::CENTER_CENTER, 20.0, crate::theme::TEXT, "picture");
        }

        fn words(&self) -> String {
            "nothing held".into()
        }

        fn buttons(&self, area: Rect, theme: Theme) -> Vec<PictureButton> {
            let rect = Rect::from_center_size(area.center(), vec2(theme.px(60.0), theme.px(20.0)));
            vec![PictureButton { rect, text: "most".into(), help: "Nine tenths of Mix", set: false }]
        }

        fn press(&mut self, _button: usize) -> Option<(&'static str, f32)> {
            Some(("mix", 0.9))
        }
    }
    PictureOf { make: Arc::new(|| Box::new(Full)), gesture: "mix" }
}

/// What a host was told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Call {
    Begin(&'static str),
    Set(&'static str, f32),
    End(&'static str),
}

/// A host that writes down what it is told, and obeys at once.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Vec<Call>>>);

impl Recorder {
    pub fn calls(&self) -> Vec<Call> {
        self.0.lock().expect("no test panics while writing").clone()
    }

    /// Whether every gesture is begin, one value or more, end, of one parameter, and none is open.
    pub fn balanced(&self) -> bool {
        let mut open: Option<(&str, bool)> = None;
        for call in self.calls() {
            open = match (open, call) {
                (None, Call::Begin(id)) => Some((id, false)),
                (Some((id, _)), Call::Set(set, _)) if id == set => Some((id, true)),
                (Some((id, true)), Call::End(end)) if id == end => None,
                _ => return false,
            };
        }
        open.is_none()
    }

    fn write(&self, call: Call) {
        self.0.lock().expect("no test panics while writing").push(call);
    }
}

/// The id of a parameter of the test plugin, by what kind of parameter it is and what it is called.
fn id_of(ptr: ParamPtr) -> &'static str {
    // SAFETY: tests keep the parameter that they move.
    let name = unsafe { ptr.name() }.to_lowercase();
    IDS.into_iter().find(|id| *id == name).expect("a parameter of the test plugin")
}

impl Host for Recorder {
    fn begin(&self, parameter: ParamPtr) {
        self.write(Call::Begin(id_of(parameter)));
    }

    fn set(&self, parameter: ParamPtr, value: f32) {
        self.write(Call::Set(id_of(parameter), value));
        // SAFETY: as above.
        unsafe { parameter._internal_set_normalized_value(value) };
    }

    fn end(&self, parameter: ParamPtr) {
        self.write(Call::End(id_of(parameter)));
    }
}

/// The values that a host was told, in order.
pub fn told(calls: &[Call]) -> Vec<f32> {
    calls.iter().filter_map(|call| if let Call::Set(_, value) = call { Some(*value) } else { None }).collect()
}

/// How many gestures a host was told of.
pub fn gestures(calls: &[Call]) -> usize {
    calls.iter().filter(|call| matches!(call, Call::Begin(_))).count()
}

/// Plays one sample of `level` into the input meter, if it is open.
pub fn hear(meters: &Arc<Meters>, level: f32) {
    let (sample_rate, process_mode) = (48_000.0, ProcessMode::Realtime);
    let config = BufferConfig { sample_rate, min_buffer_size: None, max_buffer_size: 1, process_mode };
    let spec = green_ring_shell::desk::spec(&green_ring_shell::desk::LAYOUTS[0], &config);
    Desk::new(&spec, Arc::clone(meters)).input(&[&mut [level], &mut [level]]);
}
