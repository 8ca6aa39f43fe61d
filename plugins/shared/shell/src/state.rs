//! A loaded state is checked before it is believed.
//!
//! The framework takes a state as it finds it: numbers out of range, enum values that do not exist (which abort the
//! host at its next save), and parameters that the state lacks keep whatever value they happened to have.

use std::collections::BTreeMap;

use nice_plug::plugin::ParamValue;
use nice_plug::prelude::*;

use crate::presets::touches;
use crate::shelf::LOCKED_AT_FIRST;

/// The field of a state that makes it a preset for a host's own browser. A session's state never has it.
pub const PRESET: &str = "preset";

/// Makes `state` safe to load into a plugin of type `P`: every known parameter has a value of its own type within its
/// range, or its default; unknown parameters and fields are dropped. A state that knows none of the parameters
/// belongs to something else, and is emptied, so that it changes nothing.
///
/// A preset from a host's browser (a state with the field [`PRESET`]) does what one in our own bar does while the locks are
/// as they are at first: what belongs to the project or to the place in a mix stays as it was, and so do the locks.
pub fn check<P: Plugin>(state: &mut PluginState) {
    let params = P::default().params();
    let map = params.param_map();
    let fields = params.serialize_fields();
    let preset = state.fields.contains_key(PRESET);
    state.fields.retain(|name, _| !preset && fields.contains_key(name));
    if !map.iter().any(|(id, ..)| state.params.contains_key(id)) {
        state.params.clear();
        state.fields.clear();
        return;
    }
    // SAFETY: the pointers are to fields of `params`, which lives until the end of this function.
    let set = map.iter().filter(|(id, param, _)| !preset || unsafe { is_presets(id, *param) });
    // SAFETY: as above.
    let checked = set.map(|(id, param, _)| (id.clone(), unsafe { value(*param, state.params.get(id)) }));
    // What is left out here, the framework leaves as it was.
    state.params = checked.collect::<BTreeMap<_, _>>();
}

/// Whether a preset from a host's browser sets this parameter.
///
/// # Safety
/// `param` must point to a living parameter.
unsafe fn is_presets(id: &str, param: ParamPtr) -> bool {
    // SAFETY: as promised by the caller.
    unsafe { touches(id, param) && !LOCKED_AT_FIRST.contains(&id) }
}

/// The value that `param` takes from a state.
///
/// # Safety
/// `param` must point to a living parameter, of which no one else changes the value.
unsafe fn value(param: ParamPtr, stored: Option<&ParamValue>) -> ParamValue {
    // SAFETY: as promised by the caller.
    unsafe {
        match (param, stored) {
            (ParamPtr::FloatParam(p), Some(ParamValue::F32(x))) if x.is_finite() => {
                let (a, b) = ((*p).preview_plain(0.0), (*p).preview_plain(1.0));
                ParamValue::F32(x.clamp(a.min(b), a.max(b)))
            }
            (ParamPtr::FloatParam(p), _) => ParamValue::F32((*p).default_plain_value()),
            (ParamPtr::IntParam(p), Some(ParamValue::I32(x))) => {
                let (a, b) = ((*p).preview_plain(0.0), (*p).preview_plain(1.0));
                ParamValue::I32((*x).clamp(a.min(b), a.max(b)))
            }
            (ParamPtr::IntParam(p), _) => ParamValue::I32((*p).default_plain_value()),
            (ParamPtr::BoolParam(_), Some(ParamValue::Bool(on))) => ParamValue::Bool(*on),
            (ParamPtr::BoolParam(p), _) => ParamValue::Bool((*p).default_plain_value()),
            (ParamPtr::EnumParam(p), stored) => {
                if let Some(ParamValue::String(id)) = stored {
                    // An unknown id leaves the default that a new instance has.
                    (*p).set_from_id(id);
                }
                let id = (*p).unmodulated_plain_id().expect("every enum variant of the suite has an id");
                ParamValue::String(id.to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::{self, Sync};
    use std::sync::Arc;

    #[derive(Params)]
    struct Few {
        #[id = "gain"]
        gain: FloatParam,
        #[id = "seed"]
        seed: IntParam,
        #[id = "sync"]
        sync: EnumParam<Sync>,
        #[id = "on"]
        on: BoolParam,
        #[id = "out"]
        out: FloatParam,
    }

    struct Fake(Arc<Few>);

    impl Default for Fake {
        fn default() -> Self {
            Self(Arc::new(Few {
                gain: params::output(),
                seed: params::seed(),
                sync: params::sync(Sync::Time),
                on: params::switch("On", true),
                out: params::output(),
            }))
        }
    }

    impl Plugin for Fake {
        const NAME: &'static str = "";
        const VENDOR: &'static str = "";
        const URL: &'static str = "";
        const EMAIL: &'static str = "";
        const VERSION: &'static str = "";
        const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = &[];
        type Editor = ();
        type SysExMessage = ();
        type BackgroundTask = ();

        fn params(&self) -> Arc<dyn Params> {
            self.0.clone()
        }

        fn process(
            &mut self,
            _: &mut Buffer,
            _: &mut AuxiliaryBuffers,
            _: &mut impl ProcessContext<Self>,
        ) -> ProcessStatus {
            ProcessStatus::Normal
        }
    }

    fn checked(json: &str) -> String {
        let mut state: PluginState = serde_json::from_str(json).unwrap();
        check::<Fake>(&mut state);
        serde_json::to_string(&state.params).unwrap()
    }

    #[test]
    fn what_is_right_stays_and_what_is_wrong_is_mended() {
        assert_eq!(
            checked(
                r#"{"params":{"gain":{"f32":55.0},"seed":{"i32":-3},"sync":{"string":"beats"},"on":{"bool":false},"x":{"i32":1}},"fields":{}}"#
            ),
            r#"{"gain":{"f32":24.0},"on":{"bool":false},"out":{"f32":0.0},"seed":{"i32":0},"sync":{"string":"beats"}}"#
        );
        let defaults =
            r#"{"gain":{"f32":0.0},"on":{"bool":true},"out":{"f32":0.0},"seed":{"i32":0},"sync":{"string":"time"}}"#;
        assert_eq!(
            checked(r#"{"params":{"gain":{"i32":3},"sync":{"i32":99},"on":{"f32":1.0}},"fields":{}}"#),
            defaults
        );
        assert_eq!(checked(r#"{"params":{"sync":{"string":"zz"}},"fields":{"junk":"1"}}"#), defaults);
    }

    #[test]
    fn a_hosts_preset_leaves_the_project_the_mix_and_the_locks_alone() {
        let given = r#"{"params":{"gain":{"f32":3.0},"seed":{"i32":7},"sync":{"string":"beats"},"on":{"bool":false},
            "out":{"f32":9.0}},"fields":{"preset":"Long"}}"#;
        assert_eq!(checked(given), r#"{"gain":{"f32":3.0},"on":{"bool":false}}"#);
        assert_eq!(
            checked(r#"{"params":{"seed":{"i32":7}},"fields":{"preset":""}}"#),
            r#"{"gain":{"f32":0.0},"on":{"bool":true}}"#,
            "what a preset does not name takes its default"
        );
    }

    #[test]
    fn a_foreign_state_changes_nothing() {
        assert_eq!(checked(r#"{"params":{"cutoff":{"f32":1.0}},"fields":{}}"#), "{}");
    }
}
