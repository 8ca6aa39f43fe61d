//! The plugin's state: saved, loaded, and changed by parameter id.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, ensure};
use clack_extensions::state::PluginState;
use clack_host::utils::ClapId;
use serde_json::{Map, Value};

use super::Hosted;
use super::params::Setting;

/// A length of eight bytes stands before the state's JSON.
const HEAD: usize = 8;

impl Hosted {
    /// The state as bytes, as a host keeps them in its project.
    pub fn save(&mut self) -> Result<Vec<u8>> {
        let handle = self.instance.plugin_handle();
        let state: PluginState = handle.get_extension().context("it has no state")?;
        let mut bytes = Vec::new();
        state.save(&handle, &mut bytes).map_err(|_| anyhow!("it does not save its state"))?;
        Ok(bytes)
    }

    /// Gives saved bytes back to the plugin.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<()> {
        let handle = self.instance.plugin_handle();
        let state: PluginState = handle.get_extension().context("it has no state")?;
        let loaded = state.load(&handle, &mut &bytes[..]);
        loaded.map_err(|_| anyhow!("it does not load its state"))?;
        self.instance.call_on_main_thread_callback();
        Ok(())
    }

    /// The state as JSON, which is the same in both formats.
    pub fn json(&mut self) -> Result<Value> {
        serde_json::from_slice(self.save()?.get(HEAD..).unwrap_or_default()).context("its state is not JSON")
    }

    /// Sets parameters by their ids to plain values: numbers in the parameter's unit, switches, or choices as they are shown.
    /// A plugin bends what it cannot take when it loads a state; a value that it does not keep as it was given is an
    /// error that names it.
    pub fn set_plain(&mut self, values: &BTreeMap<String, Value>) -> Result<()> {
        let mut state = self.json()?;
        let params = params_of(&mut state)?;
        for (id, value) in values.iter().filter(|(_, value)| !value.is_string()) {
            let held = params.get_mut(id).with_context(|| format!("there is no parameter '{id}'"))?;
            let held = slot(held)?;
            let fitted = fitted(held, value);
            *held = fitted.with_context(|| format!("'{id}' does not take {value} (it holds {held})"))?;
        }
        self.restore(&with_head(&state))?;
        self.check_kept(values)?;
        values.iter().try_for_each(|(id, value)| value.as_str().map_or(Ok(()), |name| self.choose(id, name)))
    }

    /// Sets a parameter with a list of choices to the one that is shown under this name.
    fn choose(&mut self, id: &str, name: &str) -> Result<()> {
        let parameters = self.parameters()?;
        let parameter = parameters.iter().find(|parameter| parameter.id == number(id) && parameter.stepped);
        let parameter = parameter.with_context(|| format!("there is no parameter '{id}' with choices"))?;
        let told = || format!("'{id}' does not take \"{name}\"");
        let value = self.value_of(parameter, name)?.with_context(told)?;
        ensure!(self.text_of(parameter, value)?.eq_ignore_ascii_case(name), told());
        self.set(&[Setting { id: parameter.id, value }])
    }

    fn check_kept(&mut self, values: &BTreeMap<String, Value>) -> Result<()> {
        let mut state = self.json()?;
        let params = params_of(&mut state)?;
        for (id, value) in values.iter().filter(|(_, value)| !value.is_string()) {
            let kept = slot(params.get_mut(id).context("a parameter went missing")?)?;
            ensure!(same(kept, value), "'{id}' does not take {value} (it makes {kept} of it)");
        }
        Ok(())
    }
}

/// The number that stands for a parameter's text id in both formats: the framework's own hash, whose top bit is the host's.
fn number(id: &str) -> ClapId {
    let hash = id.bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
    ClapId::new(hash & !(1 << 31))
}

fn params_of(state: &mut Value) -> Result<&mut Map<String, Value>> {
    state["params"].as_object_mut().context("its state has no parameters")
}

/// A held value stands under the name of its type: `{"f32": 1.5}`.
fn slot(held: &mut Value) -> Result<&mut Value> {
    let typed = held.as_object_mut().and_then(|typed| typed.values_mut().next());
    typed.context("its state holds a value without a type")
}

/// The value as the kind that is held: a whole number stays one, and no kind stands for another.
fn fitted(held: &Value, value: &Value) -> Option<Value> {
    match (held, value) {
        (Value::Number(held), Value::Number(given)) if held.is_i64() => {
            let whole = given.as_f64().filter(|number| number.fract() == 0.0)?;
            Some(Value::from(whole as i64))
        }
        (Value::Number(_), Value::Number(_)) | (Value::Bool(_), Value::Bool(_)) => Some(value.clone()),
        _ => None,
    }
}

/// Plugins hold numbers in single precision, so a number may come back a rounding away.
fn same(kept: &Value, given: &Value) -> bool {
    match (kept.as_f64(), given.as_f64()) {
        (Some(kept), Some(given)) => (kept - given).abs() <= 1e-6 * given.abs().max(1e-3),
        _ => kept == given,
    }
}

fn with_head(state: &Value) -> Vec<u8> {
    let json = state.to_string();
    let mut bytes = (json.len() as u64).to_le_bytes().to_vec();
    bytes.extend(json.bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_kind_stands_for_another() {
        let (float, whole, switch) = (Value::from(1.5), Value::from(3), Value::from(true));
        assert_eq!(fitted(&float, &whole), Some(whole.clone()));
        assert_eq!(fitted(&whole, &Value::from(4.0)), Some(Value::from(4)));
        assert_eq!(fitted(&whole, &float), None);
        assert_eq!(fitted(&switch, &whole), None);
        assert_eq!(fitted(&Value::from("half"), &float), None);
    }

    #[test]
    fn a_rounding_is_the_same_and_a_clamp_is_not() {
        assert!(same(&Value::from(0.1_f32 as f64), &Value::from(0.1)));
        assert!(same(&Value::from(0.0), &Value::from(0)));
        assert!(!same(&Value::from(20.0), &Value::from(20.01)));
        assert!(!same(&Value::from("dry"), &Value::from("key")));
    }
}
