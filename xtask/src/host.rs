//! A small CLAP host: it loads a bundle through its real ABI, as a DAW does, and plays sound through it.
//!
//! One instance a file, one thread, offline. [`params`] reads and sets parameters, [`state`] saves and loads,
//! [`play`] runs the audio.

mod handlers;
pub mod params;
pub mod play;
pub mod song;
pub mod state;

use std::ffi::CString;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail, ensure};
use clack_extensions::audio_ports::{AudioPortInfoBuffer, PluginAudioPorts};
use clack_extensions::audio_ports_config::{AudioPortsConfigBuffer, PluginAudioPortsConfig};
use clack_extensions::render::{PluginRender, RenderMode};
use clack_host::prelude::{HostInfo, PluginEntry, PluginInstance};

use handlers::{Handlers, MainThread, Shared};

/// A plugin that is loaded and not yet playing.
pub struct Hosted {
    instance: PluginInstance<Handlers>,
    /// The name that it tells a host.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Channels of the main input and output, and of the key input where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    pub channels: usize,
    pub key: Option<usize>,
}

impl Hosted {
    /// Loads the bundle and makes an instance of its first plugin.
    pub fn load(bundle: &Path) -> Result<Hosted> {
        ensure!(bundle.exists(), "{} is not there", bundle.display());
        // SAFETY: loading runs the library's code, which is why the command was called: the bundle is one that
        // the user built from this workspace or named himself.
        let entry = unsafe { PluginEntry::load(bundle) }
            .map_err(|error| anyhow!("{} does not load: {error}", bundle.display()))?;
        Hosted::first_of(&entry).with_context(|| format!("{} does not start", bundle.display()))
    }

    fn first_of(entry: &PluginEntry) -> Result<Hosted> {
        let factory = entry.get_plugin_factory().context("it has no plugin factory")?;
        let descriptor = factory.plugin_descriptor(0).context("it lists no plugin")?;
        let text =
            |field: Option<&std::ffi::CStr>| field.map(|text| text.to_string_lossy().into_owned()).unwrap_or_default();
        let id: CString = descriptor.id().context("its plugin has no id")?.to_owned();
        let (name, version) = (text(descriptor.name()), text(descriptor.version()));
        let host = HostInfo::new("Green Ring xtask", "Green Ring", "", env!("CARGO_PKG_VERSION"))?;
        let instance = PluginInstance::new(|_| Shared, |_| MainThread, entry, &id, &host)?;
        Ok(Hosted { instance, name, version })
    }

    /// Chooses the layout whose main input and output are `channels` wide.
    pub fn choose_layout(&mut self, channels: usize) -> Result<Layout> {
        let handle = self.instance.plugin_handle();
        if let Some(layouts) = handle.get_extension::<PluginAudioPortsConfig>() {
            let mut buffer = AudioPortsConfigBuffer::new();
            for index in 0..layouts.count(&handle) {
                let Some(layout) = layouts.get(&handle, index, &mut buffer) else { continue };
                let wide = layout.main_input.map(|port| port.channel_count as usize);
                if wide == Some(channels) {
                    layouts.select(&handle, layout.id)?;
                    break;
                }
            }
        }
        let layout = self.layout()?;
        if layout.channels != channels {
            bail!("{} has no layout of {channels} channels", self.name);
        }
        Ok(layout)
    }

    /// Tells the plugin that it bounces, not plays live, where it wants to know.
    pub fn bounce(&mut self) -> Result<()> {
        let handle = self.instance.plugin_handle();
        let render = handle.get_extension::<PluginRender>();
        render.map_or(Ok(()), |render| render.set(&handle, RenderMode::Offline)).context("it does not bounce")
    }

    fn layout(&mut self) -> Result<Layout> {
        let handle = self.instance.plugin_handle();
        let ports: PluginAudioPorts = handle.get_extension().context("it has no audio ports")?;
        let mut buffer = AudioPortInfoBuffer::new();
        let mut channels = |index: u32| {
            let port = ports.get(&handle, index, true, &mut buffer)?;
            Some(port.channel_count as usize)
        };
        let main = channels(0).context("it has no audio input")?;
        Ok(Layout { channels: main, key: channels(1) })
    }
}
