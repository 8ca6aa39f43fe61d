//! What choosing, comparing and keeping presets does to the parameters. Every change is a gesture of the hand, and only
//! what differs and is not locked is touched.

use crate::hand::Hand;
use crate::parameter::Parameter;
use green_ring_shell::presets::Preset;
use green_ring_shell::shelf::Waiting;
use green_ring_shell::{Library, Shelf};
use nice_plug::prelude::Params;
use std::sync::Arc;

/// Normalized values closer than this are the same: a value that went through text and back.
const SAME: f32 = 1e-5;

/// The name that is shown where no preset was chosen.
pub(crate) const INIT: &str = "Init";

/// Values for some of the parameters, by their place.
type Values = Vec<(usize, f32)>;

pub(crate) struct Presets {
    params: Arc<dyn Params>,
    parameters: Vec<Parameter>,
    shelf: Arc<Shelf>,
    pub library: Library,
    /// What the chosen preset asks for, and its name: none where nothing is chosen or it is gone.
    chosen: Option<(String, Values)>,
}

impl Presets {
    pub fn new(params: &Arc<dyn Params>, shelf: Arc<Shelf>, library: Library) -> Self {
        Self { params: Arc::clone(params), parameters: Parameter::all(params), shelf, library, chosen: None }
    }

    /// The chosen preset's name.
    pub fn name(&self) -> Option<String> {
        self.shelf.lock().preset.clone()
    }

    /// Whether anything has been changed since the preset was chosen. What is locked does not count.
    pub fn changed(&mut self) -> bool {
        let Some(name) = self.name() else { return self.differs(&self.defaults()) };
        if self.chosen.as_ref().is_none_or(|(chosen, _)| *chosen != name) {
            let values = self.library.find(&name).and_then(|preset| self.values(preset).ok());
            self.chosen = values.map(|values| (name, values));
        }
        self.chosen.as_ref().is_some_and(|(_, values)| self.differs(values))
    }

    /// Takes the preset of this name. One that does not fit says why, and changes nothing.
    pub fn choose(&mut self, name: &str, hand: &mut Hand) -> Result<(), String> {
        let preset = self.library.find(name).ok_or_else(|| format!("there is no preset \"{name}\""))?;
        let values = self.values(preset)?;
        self.apply(&values, hand);
        self.shelf.lock().preset = Some(name.into());
        Ok(())
    }

    /// The next preset, or with -1 the one before; past the last comes the first.
    pub fn step(&mut self, by: isize, hand: &mut Hand) -> Result<(), String> {
        let names: Vec<&str> = self.library.all().map(|preset| preset.name.as_str()).collect();
        if names.is_empty() {
            return Ok(());
        }
        let now = self.name().and_then(|name| names.iter().position(|other| **other == name));
        let next = match now {
            Some(now) => now as isize + by,
            None => by.min(0),
        };
        let name = names[next.rem_euclid(names.len() as isize) as usize].to_owned();
        self.choose(&name, hand)
    }

    /// Everything that is not locked to its default.
    pub fn init(&mut self, hand: &mut Hand) {
        self.apply(&self.defaults(), hand);
        self.shelf.lock().preset = None;
    }

    /// Turns to the other of A and B. The first time there is nothing on it but what sounds now.
    pub fn turn(&mut self, hand: &mut Hand) {
        let now = self.present();
        let (there, values) = {
            let mut kept = self.shelf.lock();
            kept.side = kept.side.other();
            let there = std::mem::replace(&mut kept.waiting, now.clone());
            let values: Values =
                self.project_free().filter_map(|(at, p)| Some((at, *there.values.get(p.id())?))).collect();
            (there, values)
        };
        if !values.is_empty() {
            self.apply(&values, hand);
            self.shelf.lock().preset = there.preset;
        }
    }

    /// Copies what sounds now to the other of A and B.
    pub fn copy(&mut self) {
        let now = self.present();
        self.shelf.lock().waiting = now;
    }

    /// Keeps what sounds now as the user's preset of this name.
    pub fn save(&mut self, name: &str) -> Result<(), String> {
        let comment = self.library.find(name).map(|preset| preset.comment.clone()).unwrap_or_default();
        self.library.save(&Preset::capture(name, &comment, &*self.params))?;
        self.chosen = None;
        self.shelf.lock().preset = Some(name.into());
        Ok(())
    }

    /// Gives the chosen preset, a user's, another name.
    pub fn rename(&mut self, to: &str) -> Result<(), String> {
        let from = self.name().unwrap_or_default();
        self.library.rename(&from, to)?;
        self.shelf.lock().preset = Some(to.into());
        Ok(())
    }

    /// Deletes the chosen preset, a user's. The values stay.
    pub fn delete(&mut self) -> Result<(), String> {
        let name = self.name().unwrap_or_default();
        self.library.delete(&name)?;
        self.shelf.lock().preset = None;
        Ok(())
    }

    /// The shelf, for locks.
    pub fn shelf(&self) -> Arc<Shelf> {
        Arc::clone(&self.shelf)
    }

    /// The side that sounds.
    pub fn side(&self) -> green_ring_shell::shelf::Side {
        self.shelf.lock().side
    }

    /// What a preset asks for.
    fn values(&self, preset: &Preset) -> Result<Values, String> {
        let values = preset.values(&*self.params)?;
        let place = |ptr| self.parameters.iter().position(|parameter| parameter.ptr() == ptr);
        Ok(values.into_iter().filter_map(|(ptr, value)| Some((place(ptr)?, value))).collect())
    }

    fn defaults(&self) -> Values {
        self.project_free().map(|(at, parameter)| (at, parameter.default_value())).collect()
    }

    fn present(&self) -> Waiting {
        let values = self.project_free().map(|(_, parameter)| (parameter.id().into(), parameter.value())).collect();
        Waiting { values, preset: self.name() }
    }

    /// The parameters that are not the project's own: Bypass and what is not automated stay as they are.
    fn project_free(&self) -> impl Iterator<Item = (usize, &Parameter)> {
        self.parameters.iter().enumerate().filter(|(_, parameter)| !parameter.is_projects())
    }

    fn open(&self, values: &Values) -> Vec<(&Parameter, f32)> {
        let kept = self.shelf.lock();
        let all = values.iter().map(|(at, value)| (&self.parameters[*at], *value));
        all.filter(|(parameter, value)| {
            let differs = (parameter.snap(*value) - parameter.value()).abs() > SAME;
            differs && !kept.locked.contains(parameter.id())
        })
        .collect()
    }

    fn differs(&self, values: &Values) -> bool {
        !self.open(values).is_empty()
    }

    fn apply(&self, values: &Values, hand: &mut Hand) {
        for (parameter, value) in self.open(values) {
            hand.put(parameter, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Call, FACTORY, Recorder, TestParams, plugin, told};
    use green_ring_shell::shelf::Side;

    struct Desk {
        plugin: Arc<TestParams>,
        presets: Presets,
        hand: Hand,
        host: Recorder,
    }

    fn desk() -> Desk {
        let (plugin, host) = (plugin(), Recorder::default());
        let params: Arc<dyn Params> = plugin.clone();
        let presets = Presets::new(&params, Arc::clone(&plugin.shelf), Library::at(None, FACTORY));
        Desk { plugin, presets, hand: Hand::new(Box::new(host.clone())), host }
    }

    fn turn_decay(desk: &mut Desk, value: f32) {
        let decay = Parameter::all(&(desk.plugin.clone() as Arc<dyn Params>)).remove(0);
        desk.hand.put(&decay, value);
    }

    #[test]
    fn a_preset_touches_only_what_differs_and_is_not_locked() {
        let mut desk = desk();
        desk.presets.choose("Long", &mut desk.hand).unwrap();
        assert_eq!(desk.host.calls(), [Call::Begin("decay"), Call::Set("decay", 0.9), Call::End("decay")]);
        desk.presets.choose("Long", &mut desk.hand).unwrap();
        assert_eq!(told(&desk.host.calls()).len(), 1, "mix is locked, the rest is there already");
        assert!(!desk.presets.changed());
        desk.plugin.shelf.lock().locked.clear();
        assert!(desk.presets.changed(), "what is no longer locked counts");
        desk.presets.choose("Long", &mut desk.hand).unwrap();
        assert_eq!(desk.plugin.mix.value(), 0.8);
        assert!(desk.host.balanced());
    }

    #[test]
    fn a_preset_that_does_not_fit_changes_nothing() {
        let mut desk = desk();
        let fault = desk.presets.choose("Misfit", &mut desk.hand).unwrap_err();
        assert!(fault.contains("nosuch"), "{fault}");
        assert_eq!(desk.host.calls(), []);
        assert_eq!(desk.presets.name(), None);
    }

    #[test]
    fn a_changed_value_marks_the_preset_until_it_is_back() {
        let mut desk = desk();
        assert!(!desk.presets.changed());
        turn_decay(&mut desk, 0.5);
        assert!(desk.presets.changed());
        desk.presets.init(&mut desk.hand);
        assert!(!desk.presets.changed() && desk.presets.name().is_none());
    }

    #[test]
    fn steps_go_round() {
        let mut desk = desk();
        let mut step = |by| {
            let _ = desk.presets.step(by, &mut desk.hand);
            desk.presets.name().unwrap_or_default()
        };
        assert_eq!([step(1), step(1), step(-1), step(-1)], ["Long", "Short", "Long", "Long"]);
        // The last one does not fit: it is refused, and the place stays.
    }

    #[test]
    fn a_and_b_keep_their_values_and_their_names() {
        let mut desk = desk();
        desk.presets.choose("Long", &mut desk.hand).unwrap();
        desk.presets.turn(&mut desk.hand);
        assert_eq!((desk.presets.side(), desk.plugin.decay.value()), (Side::B, 9.0), "at first both are the same");
        desk.presets.choose("Short", &mut desk.hand).unwrap();
        desk.presets.turn(&mut desk.hand);
        assert_eq!((desk.presets.name().as_deref(), desk.plugin.decay.value()), (Some("Long"), 9.0));
        desk.presets.turn(&mut desk.hand);
        assert_eq!((desk.presets.name().as_deref(), desk.plugin.decay.value()), (Some("Short"), 1.0));
        desk.presets.copy();
        desk.presets.turn(&mut desk.hand);
        assert_eq!(desk.plugin.decay.value(), 1.0);
        assert!(desk.host.balanced());
    }
}
