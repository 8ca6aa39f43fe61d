//! Presets: files of parameter id to plain value.
//!
//! A preset never touches what belongs to the project and not to the sound: Bypass, Seed, and every parameter that is
//! not automated (Sync, Start, what changes latency).

use std::collections::BTreeMap;

use nice_plug::prelude::*;
use serde::{Deserialize, Serialize};

/// One preset, as it stands in its file.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Its name, as it is shown.
    pub name: String,
    /// Who made it.
    pub author: String,
    /// What it is for, in a sentence.
    pub comment: String,
    /// The heading that it stands under in the list. Empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub scene: String,
    /// Parameter id to plain value. What is missing takes its default.
    pub values: BTreeMap<String, Value>,
}

/// A plain value: a number in the parameter's unit, a switch, or a choice by the name that is shown.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// On or off.
    Switch(bool),
    /// A number in the unit that the host shows.
    Number(f32),
    /// The name of an enum variant.
    Choice(String),
}

impl Preset {
    /// Reads a preset file. The error is one line that says what is wrong.
    pub fn parse(json: &str) -> Result<Self, String> {
        serde_json::from_str(json).map_err(|error| format!("not a preset: {error}"))
    }

    /// A preset of what `params` are now (without modulation): every parameter that a preset may set, by its id.
    pub fn capture(name: &str, comment: &str, params: &dyn Params) -> Self {
        let map = params.param_map();
        // SAFETY: the pointers are to fields of `params`, which outlives this call.
        let touched = map.iter().filter(|(id, param, _)| unsafe { touches(id, *param) });
        // SAFETY: as above.
        let values = touched.map(|(id, param, _)| (id.clone(), unsafe { shown(*param) })).collect();
        let (author, scene) = (String::new(), String::new());
        Self { name: name.into(), author, comment: comment.into(), scene, values }
    }

    /// The preset as its file has it.
    pub fn to_json(&self) -> String {
        // Names, numbers and switches always have a form in JSON: there is nothing to go wrong.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Every parameter that this preset may set, with its normalized value. Refuses the whole preset, and names the
    /// reason, when one value does not fit its parameter.
    ///
    /// The pointers are valid as long as `params` is.
    pub fn values(&self, params: &dyn Params) -> Result<Vec<(ParamPtr, f32)>, String> {
        let map = params.param_map();
        if let Some(id) = self.values.keys().find(|id| !map.iter().any(|(known, ..)| known == *id)) {
            return Err(format!("preset \"{}\": there is no parameter \"{id}\"", self.name));
        }
        // SAFETY: the pointers are to fields of `params`, which outlives this call.
        let touched = map.iter().filter(|(id, param, _)| unsafe { touches(id, *param) });
        touched
            .map(|(id, param, _)| {
                // SAFETY: as above.
                let value = unsafe { normalized(*param, self.values.get(id)) };
                value.map(|x| (*param, x)).ok_or_else(|| format!("preset \"{}\": bad value for \"{id}\"", self.name))
            })
            .collect()
    }
}

/// Whether presets set this parameter at all.
///
/// # Safety
/// `param` must point to a living parameter.
pub(crate) unsafe fn touches(id: &str, param: ParamPtr) -> bool {
    // SAFETY: as promised by the caller.
    id != "seed" && !unsafe { param.flags() }.intersects(ParamFlags::BYPASS | ParamFlags::NON_AUTOMATABLE)
}

/// The present value, as a file has it.
///
/// # Safety
/// `param` must point to a living parameter.
unsafe fn shown(param: ParamPtr) -> Value {
    // SAFETY: as promised by the caller.
    unsafe {
        let now = param.unmodulated_normalized_value();
        match param {
            ParamPtr::FloatParam(_) | ParamPtr::IntParam(_) => {
                let (a, b) = (param.preview_plain(0.0), param.preview_plain(1.0));
                Value::Number(param.preview_plain(now).clamp(a.min(b), a.max(b)))
            }
            ParamPtr::BoolParam(_) => Value::Switch(now >= 0.5),
            ParamPtr::EnumParam(_) => Value::Choice(param.normalized_value_to_string(now, false)),
        }
    }
}

/// # Safety
/// `param` must point to a living parameter.
unsafe fn normalized(param: ParamPtr, value: Option<&Value>) -> Option<f32> {
    // SAFETY: as promised by the caller.
    unsafe {
        Some(match (param, value) {
            (_, None) => param.default_normalized_value(),
            (ParamPtr::FloatParam(_) | ParamPtr::IntParam(_), Some(Value::Number(x))) => {
                let (a, b) = (param.preview_plain(0.0), param.preview_plain(1.0));
                (x.is_finite() && (a.min(b)..=a.max(b)).contains(x)).then(|| param.preview_normalized(*x))?
            }
            (ParamPtr::BoolParam(_), Some(Value::Switch(on))) => f32::from(u8::from(*on)),
            (ParamPtr::EnumParam(p), Some(Value::Choice(id))) => choice(&*p, id)?,
            _ => return None,
        })
    }
}

/// The normalized value of the enum variant with this name. The framework tells the id of the present variant only,
/// so each step is compared through the text that it shows.
fn choice(param: &nice_plug::params::enums::EnumParamInner, name: &str) -> Option<f32> {
    let steps = param.step_count()?;
    (0..=steps)
        .map(|k| param.preview_normalized(k as i32))
        .find(|x| param.normalized_value_to_string(*x, false).eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params;

    #[derive(Params)]
    struct Few {
        #[id = "decay"]
        decay: FloatParam,
        #[id = "sync"]
        sync: EnumParam<params::Sync>,
        #[id = "hold"]
        hold: BoolParam,
        #[id = "seed"]
        seed: IntParam,
        #[id = "bypass"]
        bypass: BoolParam,
    }

    fn few() -> Few {
        Few {
            decay: params::seconds("Decay", 1.0, 0.1, 10.0),
            sync: EnumParam::new("Sync", params::Sync::Beats),
            hold: params::switch("Hold", false),
            seed: params::seed(),
            bypass: params::bypass(),
        }
    }

    fn read(values: &str) -> Result<Vec<f32>, String> {
        let few = few();
        let preset = Preset::parse(&format!(r#"{{"name":"P","author":"","comment":"","values":{values}}}"#))?;
        let values = preset.values(&few)?;
        Ok(values
            .into_iter()
            .map(|(param, x)| unsafe {
                // SAFETY: `few` is alive.
                param.preview_plain(x)
            })
            .collect())
    }

    #[test]
    fn values_fit_their_parameters_and_the_projects_own_are_left_alone() {
        let plain = read(r#"{"decay":4.5,"sync":"Time","hold":true,"seed":7,"bypass":true}"#).unwrap();
        assert_eq!(plain.len(), 3);
        assert!((plain[0] - 4.5).abs() < 1e-4 && plain[1] == 1.0 && plain[2] == 1.0);
        assert!((read("{}").unwrap()[0] - 1.0).abs() < 1e-4);
    }

    #[test]
    fn what_is_captured_reads_back_as_it_was() {
        let few = few();
        for (param, value) in [(few.decay.as_ptr(), 0.37), (few.hold.as_ptr(), 1.0)] {
            // SAFETY: `few` is alive and nothing else sets it.
            unsafe { param._internal_set_normalized_value(value) };
        }
        let kept = Preset::capture("Mine", "for a test", &few);
        let read = Preset::parse(&kept.to_json()).unwrap();
        assert_eq!(read, kept);
        assert_eq!(read.values.keys().collect::<Vec<_>>(), ["decay", "hold", "sync"]);
        for (param, value) in read.values(&few).unwrap() {
            // SAFETY: as above.
            assert!((value - unsafe { param.unmodulated_normalized_value() }).abs() < 1e-5);
        }
    }

    #[test]
    fn a_bad_preset_names_its_fault_and_gives_nothing() {
        for (values, fault) in [
            (r#"{"decay":99}"#, "bad value for \"decay\""),
            (r#"{"hold":3}"#, "bad value for \"hold\""),
            (r#"{"sync":"sometimes"}"#, "bad value for \"sync\""),
            (r#"{"dekay":1}"#, "no parameter \"dekay\""),
            (r#"{"decay":}"#, "not a preset"),
        ] {
            let error = read(values).unwrap_err();
            assert!(error.contains(fault) && !error.contains('\n'), "{error}");
        }
    }
}
