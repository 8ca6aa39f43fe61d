//! What an editor shows.

use crate::parameter::Parameter;
use crate::scene::{Picture, Scene};
use nice_plug::prelude::Params;
use std::sync::{Arc, Mutex};

/// The longest sentence that stands beside value and range in the window's last line, in characters.
pub const LONGEST_HELP: usize = 96;

/// What an editor shows: the plugin's title and its sections of controls, in signal order.
#[derive(Clone)]
pub struct Face {
    /// The plugin's name, drawn at the top left.
    pub title: &'static str,
    /// The groups of controls, left to right and top to bottom.
    pub sections: Vec<Section>,
    /// What each parameter does to sound, by its id: one sentence without its stop, of at most [`LONGEST_HELP`] characters.
    pub help: &'static [(&'static str, &'static str)],
    /// The factory presets, as their files have them.
    pub presets: &'static [&'static str],
    /// The plugin's own picture, if it has one.
    pub picture: Option<PictureOf>,
}

/// A plugin's picture and what belongs to it.
#[derive(Clone)]
pub struct PictureOf {
    /// Makes the picture when a window opens. Allocates.
    pub make: Arc<dyn Fn() -> Box<dyn Picture> + Send + Sync>,
    /// Id of the parameter that is the plugin's one large gesture.
    pub gesture: &'static str,
}

/// A named group of controls.
#[derive(Clone, Copy)]
pub struct Section {
    /// Drawn above the group.
    pub name: &'static str,
    /// Ids of the parameters, in order. A float or integer parameter gets a knob (a seed and a place are typed), a boolean
    /// one a switch, an enum segments where they fit, else a menu.
    pub ids: &'static [&'static str],
}

impl Face {
    /// The picture for a window that opens, if there is one.
    pub(crate) fn scene(&self, params: &Arc<dyn Params>) -> Option<Scene> {
        let PictureOf { make, gesture } = self.picture.as_ref()?;
        let parameters: Vec<Parameter> = self.parameters(params).collect();
        let gesture = parameters.iter().find(|parameter| parameter.id() == *gesture).cloned();
        debug_assert!(gesture.is_some(), "{}: the large gesture has no parameter", self.title);
        Some(Scene { picture: Arc::new(Mutex::new(make())), gesture, parameters })
    }

    /// All parameters of the plugin, each with its sentence.
    fn parameters(&self, params: &Arc<dyn Params>) -> impl Iterator<Item = Parameter> {
        let about = |id: &str| self.help.iter().find(|(told, _)| *told == id).map_or("", |(_, about)| about);
        Parameter::all(params).into_iter().map(move |parameter| {
            let about = about(parameter.id());
            parameter.with_about(about)
        })
    }

    /// Names of the shown controls that are not explained, or at too great a length.
    pub(crate) fn unexplained(&self, params: &Arc<dyn Params>) -> Vec<String> {
        let shown = self.resolve(params).into_iter().flatten();
        let fits = |about: &str| (1..=LONGEST_HELP).contains(&about.chars().count()) && !about.ends_with('.');
        shown.filter(|parameter| !fits(parameter.about())).map(|parameter| parameter.name().into()).collect()
    }

    /// The parameters of each section, in order. An id that the plugin does not have is a mistake in the plugin: debug
    /// builds stop there, release builds leave it out.
    pub(crate) fn resolve(&self, params: &Arc<dyn Params>) -> Vec<Vec<Parameter>> {
        let all: Vec<Parameter> = self.parameters(params).collect();
        let find = |id: &&'static str| {
            let found = all.iter().find(|parameter| parameter.id() == *id).cloned();
            debug_assert!(found.is_some(), "{}: no parameter has the id {id}", self.title);
            found
        };
        self.sections.iter().map(|section| section.ids.iter().filter_map(find).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn sections_keep_their_order() {
        let sections = testing::face().resolve(&testing::params());
        let ids: Vec<Vec<&str>> = sections.iter().map(|section| section.iter().map(Parameter::id).collect()).collect();
        assert_eq!(ids, [vec!["decay", "lines", "mix"], vec!["vowel", "freeze", "hall", "seed"]]);
    }

    #[test]
    fn what_is_not_explained_is_told() {
        let silent = Face { help: &[("decay", "how long it lasts"), ("mix", "too"), ("lines", "")], ..testing::face() };
        assert_eq!(silent.unexplained(&testing::params()), ["Lines", "Vowel", "Freeze", "Hall", "Seed"]);
    }

    #[test]
    #[should_panic(expected = "no parameter has the id nosuch")]
    fn an_unknown_id_is_told() {
        let sections = vec![Section { name: "Odd", ids: &["nosuch"] }];
        Face { title: "Odd", sections, help: &[], presets: &[], picture: None }.resolve(&testing::params());
    }
}
