//! A parameter that can be read safely: the one place where the framework's raw pointers are followed.

use crate::control::FINE;
use nice_plug::prelude::{ParamFlags, ParamPtr, Params};
use std::sync::Arc;

/// One parameter of the plugin. It keeps the plugin's parameters alive, so its pointer is always good.
#[derive(Clone)]
pub(crate) struct Parameter {
    id: Arc<str>,
    ptr: ParamPtr,
    /// What it does to sound, in one sentence without its stop. Empty where the face does not tell.
    about: &'static str,
    _alive: Arc<dyn Params>,
}

/// The control that suits a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Knob,
    /// A number that is typed rather than turned.
    Number,
    Switch,
    /// One of several choices, shown in segments where they are few and short.
    Menu,
}

/// An integer with more values than this is no dial: nobody turns to a seed.
const MOST_TURNED: usize = 1_000;
/// A stepped dial with more steps than this goes through its range in so many notches all the same.
const MOST_NOTCHES: usize = 100;

/// Calls a method of `ParamPtr` that only asks for the parameter to be alive.
macro_rules! read {
    ($self:ident . $method:ident ( $($argument:expr),* )) => {
        // SAFETY: `_alive` owns the parameter that `ptr` points to.
        unsafe { $self.ptr.$method($($argument),*) }
    };
}

impl Parameter {
    /// All parameters of a plugin in its own order. Allocates.
    pub fn all(params: &Arc<dyn Params>) -> Vec<Self> {
        let wrap = |(id, ptr, _): (String, ParamPtr, String)| Self {
            id: id.into(),
            ptr,
            about: "",
            _alive: Arc::clone(params),
        };
        params.param_map().into_iter().map(wrap).collect()
    }

    /// The same parameter with a sentence of what it does.
    pub fn with_about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    /// What it does to sound, in one sentence without its stop; may be empty.
    pub fn about(&self) -> &'static str {
        self.about
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn ptr(&self) -> ParamPtr {
        self.ptr
    }

    pub fn kind(&self) -> Kind {
        match self.ptr {
            // A place in the song: what is not automated is set once.
            ParamPtr::FloatParam(_) if read!(self.flags()).contains(ParamFlags::NON_AUTOMATABLE) => Kind::Number,
            ParamPtr::IntParam(_) if self.steps() > Some(MOST_TURNED) => Kind::Number,
            ParamPtr::FloatParam(_) | ParamPtr::IntParam(_) => Kind::Knob,
            ParamPtr::BoolParam(_) => Kind::Switch,
            ParamPtr::EnumParam(_) => Kind::Menu,
        }
    }

    /// Whether its value can be typed.
    pub fn is_typed(&self) -> bool {
        matches!(self.kind(), Kind::Knob | Kind::Number)
    }

    pub fn name(&self) -> &str {
        read!(self.name())
    }

    /// The value as the host's lane draws it, 0 to 1, without modulation.
    pub fn value(&self) -> f32 {
        read!(self.unmodulated_normalized_value())
    }

    /// The value with the host's modulation, 0 to 1: what is heard.
    pub fn modulated(&self) -> f32 {
        read!(self.modulated_normalized_value())
    }

    /// Whether it belongs to the project and not to the sound: Bypass, and what is not automated.
    pub fn is_projects(&self) -> bool {
        read!(self.flags()).intersects(ParamFlags::BYPASS | ParamFlags::NON_AUTOMATABLE)
    }

    pub fn default_value(&self) -> f32 {
        read!(self.default_normalized_value())
    }

    /// The number of steps between the lowest and the highest value; none for a continuous parameter.
    pub fn steps(&self) -> Option<usize> {
        read!(self.step_count())
    }

    /// The choices of an enum, in order.
    pub fn choices(&self) -> Option<Vec<String>> {
        let last = self.steps().filter(|_| self.kind() == Kind::Menu)?;
        Some((0..=last).map(|step| self.text(step as f32 / last.max(1) as f32)).collect())
    }

    /// How far one notch of the wheel, or one press of a key, goes: `share` of a continuous range, a step of a stepped one,
    /// one of what is counted.
    pub fn notch(&self, share: f32, fine: bool) -> f32 {
        let fineness = if fine { FINE } else { 1.0 };
        match (self.steps(), self.kind()) {
            (None, Kind::Number) => fineness / (self.plain(1.0) - self.plain(0.0)),
            (None, _) => share * fineness,
            (Some(steps), Kind::Knob) if !fine => (steps / MOST_NOTCHES).max(1) as f32 / steps as f32,
            (Some(steps), _) => 1.0 / steps.max(1) as f32,
        }
    }

    /// The value in the parameter's own unit.
    pub fn plain(&self, value: f32) -> f32 {
        read!(self.preview_plain(value))
    }

    /// A value in the parameter's own unit as one from 0 to 1.
    pub fn normalized(&self, plain: f32) -> f32 {
        let value = read!(self.preview_normalized(plain));
        if value.is_finite() { self.snap(value) } else { self.value() }
    }

    /// The nearest value that the parameter can take.
    pub fn snap(&self, value: f32) -> f32 {
        let value = value.clamp(0.0, 1.0);
        match self.steps() {
            Some(steps) => (value * steps as f32).round() / steps as f32,
            None => value,
        }
    }

    /// The value with its unit, as the host shows it.
    pub fn text(&self, value: f32) -> String {
        read!(self.normalized_value_to_string(value, true))
    }

    /// Reads a typed value, with or without its unit; none if it makes no sense or is not a number.
    pub fn parse(&self, text: &str) -> Option<f32> {
        let value = read!(self.string_to_normalized_value(text.trim()))?;
        value.is_finite().then(|| self.snap(value))
    }

    /// One sentence for the help line: name, what it does, value, range and default.
    pub fn help(&self, value: f32) -> String {
        let (name, now, default) = (self.name(), self.text(value), self.text(self.default_value()));
        let about = if self.about.is_empty() { String::new() } else { format!("{}.   ", self.about) };
        match self.kind() {
            Kind::Knob | Kind::Number => {
                let (low, high) = (self.text(0.0), self.text(1.0));
                format!("{name}: {about}{now}   ({low} to {high}, default {default})")
            }
            Kind::Switch | Kind::Menu => format!("{name}: {about}{now}   (default {default})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::parameter;

    #[test]
    fn kinds_follow_the_type() {
        let kinds = ["decay", "lines", "vowel", "freeze", "seed"].map(|id| parameter(id).kind());
        assert_eq!(kinds, [Kind::Knob, Kind::Knob, Kind::Menu, Kind::Switch, Kind::Number]);
    }

    #[test]
    fn stepped_values_snap_and_stay_in_range() {
        let lines = parameter("lines");
        assert_eq!(lines.snap(0.36), 1.0 / 3.0);
        assert_eq!(lines.snap(7.0), 1.0);
        assert_eq!(parameter("decay").snap(0.36), 0.36);
    }

    #[test]
    fn text_reads_back() {
        let decay = parameter("decay");
        assert_eq!(decay.text(decay.parse("7.5 s").expect("parses")), "7.50 s");
        assert_eq!(decay.text(decay.parse(" 2.5 ").expect("parses")), "2.50 s");
        assert!(decay.parse("loud").is_none() && decay.parse("nan").is_none());
        assert_eq!(decay.parse("9000 s"), Some(1.0));
    }

    #[test]
    fn a_notch_is_a_step_or_a_share() {
        let notch = |id, fine| parameter(id).notch(0.02, fine);
        assert_eq!([notch("decay", false), notch("decay", true)], [0.02, 0.002]);
        assert_eq!([notch("lines", false), notch("lines", true)], [1.0 / 3.0; 2]);
        assert_eq!(notch("seed", false), 1.0 / 65_535.0);
    }

    #[test]
    fn help_tells_value_and_range() {
        assert_eq!(parameter("decay").help(1.0), "Decay: 10.00 s   (0.00 s to 10.00 s, default 2.00 s)");
        let freeze = parameter("freeze").with_about("holds the tail");
        assert_eq!(freeze.help(1.0), "Freeze: holds the tail.   On   (default Off)");
    }
}
