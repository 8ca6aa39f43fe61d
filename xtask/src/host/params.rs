//! Parameters as the host sees them: listed, read as text, parsed from text, set.

use std::ffi::CString;

use anyhow::{Context, Result, bail};
use clack_extensions::params::{ParamInfoBuffer, ParamInfoFlags, PluginParams};
use clack_host::events::Pckn;
use clack_host::events::event_types::ParamValueEvent;
use clack_host::events::io::EventBuffer;
use clack_host::utils::ClapId;

use super::Hosted;

/// One parameter. Its values are those of the ABI: 0 to 1 for a continuous one, 0 to the last step for a stepped one.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub id: ClapId,
    pub name: String,
    pub min: f64,
    pub max: f64,
    pub stepped: bool,
    pub automatable: bool,
}

/// A value for a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    pub id: ClapId,
    pub value: f64,
}

impl Setting {
    /// The event that sets it at this sample of a block.
    pub fn at(&self, sample: u32) -> ParamValueEvent {
        ParamValueEvent::new(sample, self.id, Pckn::match_all(), self.value)
    }
}

impl Hosted {
    /// All parameters that a user may see, in the plugin's order.
    pub fn parameters(&mut self) -> Result<Vec<Parameter>> {
        let (handle, params) = self.params()?;
        let mut buffer = ParamInfoBuffer::new();
        let mut list = Vec::new();
        for index in 0..params.count(&handle) {
            let info = params.get_info(&handle, index, &mut buffer);
            let info = info.with_context(|| format!("it does not tell parameter {index}"))?;
            if !info.flags.contains(ParamInfoFlags::IS_HIDDEN) {
                list.push(Parameter {
                    id: info.id,
                    name: String::from_utf8_lossy(info.name).into_owned(),
                    min: info.min_value,
                    max: info.max_value,
                    stepped: info.flags.contains(ParamInfoFlags::IS_STEPPED),
                    automatable: info.flags.contains(ParamInfoFlags::IS_AUTOMATABLE),
                });
            }
        }
        Ok(list)
    }

    /// The text that the plugin shows for a value, with its unit.
    pub fn text_of(&mut self, parameter: &Parameter, value: f64) -> Result<String> {
        let (handle, params) = self.params()?;
        let mut buffer = [0; 256];
        let Ok(text) = params.value_to_text(&handle, parameter.id, value, &mut buffer) else {
            bail!("it has no text for {} at {value}", parameter.name);
        };
        Ok(String::from_utf8_lossy(text).into_owned())
    }

    /// The value that the plugin makes of a text, or `None` where it cannot read it.
    pub fn value_of(&mut self, parameter: &Parameter, text: &str) -> Result<Option<f64>> {
        let (handle, params) = self.params()?;
        let Ok(text) = CString::new(text) else { return Ok(None) };
        let value = params.text_to_value(&handle, parameter.id, &text);
        Ok(value.filter(|value| value.is_finite()))
    }

    /// Sets parameters before the plugin plays: they hold from the first sample on, latency included.
    pub fn set(&mut self, settings: &[Setting]) -> Result<()> {
        let mut handle = self.instance.inactive_plugin_handle().context("it is playing")?;
        let params: PluginParams = handle.get_extension().context("it has no parameters")?;
        let mut events = EventBuffer::new();
        for setting in settings {
            events.push(&setting.at(0));
        }
        let mut answers = EventBuffer::new();
        params.flush(&mut handle, &events.as_input(), &mut answers.as_output());
        Ok(())
    }

    fn params(&mut self) -> Result<(clack_host::prelude::PluginMainThreadHandle<'_>, PluginParams)> {
        let handle = self.instance.plugin_handle();
        let params = handle.get_extension().context("it has no parameters")?;
        Ok((handle, params))
    }
}
