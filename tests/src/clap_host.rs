//! A small CLAP host on `clack-host`: opens a built `.clap` and speaks to it through its real ABI.

mod audio;
mod handlers;

use std::collections::HashMap;
use std::ffi::CString;
use std::path::PathBuf;
use std::sync::Mutex;

use clack_extensions::audio_ports::{AudioPortFlags, AudioPortInfoBuffer, PluginAudioPorts};
use clack_extensions::audio_ports_config::{AudioPortsConfigBuffer, PluginAudioPortsConfig};
use clack_extensions::gui::{GuiApiType, GuiConfiguration, PluginGui, Window as ParentWindow};
use clack_extensions::latency::PluginLatency;
use clack_extensions::params::{ParamInfoBuffer, ParamInfoFlags, PluginParams};
use clack_extensions::remote_controls::{PluginRemoteControls, RemoteControlsPageBuffer};
use clack_extensions::state::PluginState;
use clack_host::events::Pckn;
use clack_host::events::event_types::ParamValueEvent;
use clack_host::prelude::*;
use clack_host::utils::ClapId;

pub use self::audio::{ClapAudio, Told};
use self::handlers::{MainThread, Shared, TestHost};
use crate::bundle::Bundle;
use crate::host::{Host, Param, Port, Setup};
use crate::window::Window;

/// An instance from a `.clap`.
pub struct Clap {
    instance: PluginInstance<TestHost>,
    /// Steps of each parameter: CLAP values of the framework run from 0 to the number of steps, or to 1.
    steps: HashMap<u32, u32>,
}

/// A page of eight controls as a controller shows it: its name and the ids of its parameters, 0 where empty.
pub type Page = (String, [u32; 8]);

impl Clap {
    /// Remote-control pages, the plugin's own order.
    pub fn pages(&mut self) -> Vec<Page> {
        let plugin = self.instance.plugin_handle();
        let Some(pages) = plugin.get_extension::<PluginRemoteControls>() else { return Vec::new() };
        let page = |index| {
            let mut buffer = RemoteControlsPageBuffer::new();
            let page = pages.get(&plugin, index, &mut buffer).expect("a page below the count");
            (text(page.page_name), page.param_ids.map(|id| id.map_or(0, |id| id.get())))
        };
        (0..pages.count(&plugin)).map(page).collect()
    }

    /// Loads a state as the ABI has it, its length before it. True where the plugin accepts it.
    pub fn load_stream(&mut self, mut bytes: &[u8]) -> bool {
        let plugin = self.instance.plugin_handle();
        let state: PluginState = plugin.get_extension().expect("state");
        state.load(&plugin, &mut bytes).is_ok()
    }

    /// Largest CLAP value of a parameter.
    fn top(&self, id: u32) -> f64 {
        f64::from(self.steps[&id].max(1))
    }

    fn ports(&mut self, input: bool) -> Vec<Port> {
        let plugin = self.instance.plugin_handle();
        let ports: PluginAudioPorts = plugin.get_extension().expect("audio ports");
        let port = |index| {
            let mut buffer = AudioPortInfoBuffer::new();
            let info = ports.get(&plugin, index, input, &mut buffer).expect("a port below the count");
            let main = info.flags.contains(AudioPortFlags::IS_MAIN);
            Port { name: text(info.name), channels: info.channel_count, main }
        };
        (0..ports.count(&plugin, input)).map(port).collect()
    }

    fn choose_layout(&mut self, channels: usize) {
        let plugin = self.instance.plugin_handle();
        let layouts: PluginAudioPortsConfig = plugin.get_extension().expect("layouts");
        let id = (0..layouts.count(&plugin)).find_map(|index| {
            let mut buffer = AudioPortsConfigBuffer::new();
            let layout = layouts.get(&plugin, index, &mut buffer)?;
            (layout.main_input?.channel_count as usize == channels).then_some(layout.id)
        });
        let id = id.unwrap_or_else(|| panic!("no layout of {channels} channels"));
        layouts.select(&plugin, id).expect("a listed layout");
    }

    /// Opens the editor as on a screen of this scale. Returns its width and height in pixels.
    pub fn open_scaled(&mut self, window: &Window, scale: f64) -> (u32, u32) {
        let parent = ParentWindow::from_x11_handle(window.id().into());
        let mut size = (0, 0);
        self.gui(|gui, plugin| {
            let kind = GuiConfiguration { api_type: GuiApiType::X11, is_floating: false };
            gui.create(plugin, kind).expect("an editor");
            // A plugin may decline a scale that the system already tells it.
            let _ = gui.set_scale(plugin, scale);
            // SAFETY: the caller keeps the window until the editor is closed.
            unsafe { gui.set_parent(plugin, parent) }.expect("a parent");
            gui.show(plugin).expect("a view");
            size = gui.get_size(plugin).map_or((0, 0), |size| (size.width, size.height));
        });
        size
    }

    fn gui(&mut self, act: impl FnOnce(PluginGui, &PluginMainThreadHandle)) {
        let plugin = self.instance.plugin_handle();
        act(plugin.get_extension().expect("an editor"), &plugin);
    }
}

impl Host for Clap {
    type Audio = ClapAudio;
    const FORMAT: &'static str = "CLAP";

    fn open(bundle: &Bundle) -> Clap {
        let entry = library(bundle.clap());
        let info = HostInfo::new("Green Ring tests", "Green Ring", "", "1").unwrap();
        let id = CString::new(bundle.clap_id).unwrap();
        let instance = PluginInstance::new(|_| Shared::default(), |_| MainThread, &entry, &id, &info);
        let instance = instance.unwrap_or_else(|error| panic!("{} as {}: {error}", bundle.title, bundle.clap_id));
        let mut clap = Clap { instance, steps: HashMap::new() };
        clap.steps = clap.params().into_iter().map(|param| (param.id, param.steps)).collect();
        clap
    }

    fn params(&mut self) -> Vec<Param> {
        let plugin = self.instance.plugin_handle();
        let params: PluginParams = plugin.get_extension().expect("parameters");
        let param = |index| {
            let mut buffer = ParamInfoBuffer::new();
            let info = params.get_info(&plugin, index, &mut buffer).expect("a parameter below the count");
            let flag = |flag| info.flags.contains(flag);
            let stepped = flag(ParamInfoFlags::IS_STEPPED);
            Param {
                id: info.id.get(),
                name: text(info.name),
                group: text(info.module),
                steps: if stepped { info.max_value as u32 } else { 0 },
                default: info.default_value / info.max_value,
                automatable: flag(ParamInfoFlags::IS_AUTOMATABLE),
                hidden: flag(ParamInfoFlags::IS_HIDDEN),
                bypass: flag(ParamInfoFlags::IS_BYPASS),
            }
        };
        (0..params.count(&plugin)).map(param).collect()
    }

    fn value(&mut self, id: u32) -> f64 {
        let top = self.top(id);
        let plugin = self.instance.plugin_handle();
        let params: PluginParams = plugin.get_extension().expect("parameters");
        params.get_value(&plugin, clap_id(id)).expect("a listed parameter") / top
    }

    fn set(&mut self, values: &[(u32, f64)]) {
        let mut events = EventBuffer::new();
        for &(id, value) in values {
            events.push(&ParamValueEvent::new(0, clap_id(id), Pckn::match_all(), value * self.top(id)));
        }
        let mut plugin = self.instance.inactive_plugin_handle().expect("an inactive plugin");
        let params: PluginParams = plugin.get_extension().expect("parameters");
        params.flush(&mut plugin, &events.as_input(), &mut EventBuffer::new().as_output());
    }

    fn text(&mut self, id: u32, value: f64) -> String {
        let value = value * self.top(id);
        let plugin = self.instance.plugin_handle();
        let params: PluginParams = plugin.get_extension().expect("parameters");
        let mut buffer = [0; 128];
        text(params.value_to_text(&plugin, clap_id(id), value, &mut buffer).expect("a listed parameter"))
    }

    fn parse(&mut self, id: u32, text: &str) -> Option<f64> {
        let top = self.top(id);
        let plugin = self.instance.plugin_handle();
        let params: PluginParams = plugin.get_extension().expect("parameters");
        let value = params.text_to_value(&plugin, clap_id(id), &CString::new(text).unwrap())?;
        Some(value / top)
    }

    fn save(&mut self) -> Vec<u8> {
        let plugin = self.instance.plugin_handle();
        let state: PluginState = plugin.get_extension().expect("state");
        let mut bytes = Vec::new();
        state.save(&plugin, &mut bytes).expect("a state");
        let (length, json) = bytes.split_at(8);
        assert_eq!(u64::from_le_bytes(length.try_into().unwrap()), json.len() as u64);
        json.to_vec()
    }

    fn load(&mut self, state: &[u8]) -> bool {
        let length = (state.len() as u64).to_le_bytes();
        self.load_stream(&[&length, state].concat())
    }

    fn inputs(&mut self) -> Vec<Port> {
        self.ports(true)
    }

    fn outputs(&mut self) -> Vec<Port> {
        self.ports(false)
    }

    fn latency(&mut self) -> u32 {
        let plugin = self.instance.plugin_handle();
        let latency: PluginLatency = plugin.get_extension().expect("latency");
        latency.get(&plugin)
    }

    fn activate(&mut self, setup: Setup) -> ClapAudio {
        self.choose_layout(setup.channels);
        let has_key = self.ports(true).len() > 1;
        let configuration = PluginAudioConfiguration {
            sample_rate: setup.rate_hz,
            min_frames_count: 1,
            max_frames_count: setup.max_frames,
        };
        let stopped = self.instance.activate(|_, _| (), configuration).expect("an activation");
        let started = stopped.start_processing().expect("processing");
        ClapAudio::new(started, setup, has_key, self.steps.clone())
    }

    fn deactivate(&mut self, audio: ClapAudio) {
        self.instance.deactivate(audio.stop());
        self.idle();
    }

    fn open_editor(&mut self, window: &Window, _run_loop: bool) {
        self.open_scaled(window, 1.0);
    }

    fn close_editor(&mut self) {
        self.gui(|gui, plugin| gui.destroy(plugin));
    }

    fn idle(&mut self) {
        if self.instance.access_shared_handler(Shared::take_callback) {
            self.instance.call_on_main_thread_callback();
        }
    }
}

/// The entry of a library, loaded once a process.
fn library(path: PathBuf) -> PluginEntry {
    static LOADED: Mutex<Vec<(PathBuf, PluginEntry)>> = Mutex::new(Vec::new());
    let mut loaded = LOADED.lock().unwrap();
    if let Some((_, entry)) = loaded.iter().find(|(known, _)| *known == path) {
        return entry.clone();
    }
    // SAFETY: our own library, built to the CLAP ABI.
    let entry = unsafe { PluginEntry::load(&path) }.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    loaded.push((path, entry.clone()));
    entry
}

fn clap_id(id: u32) -> ClapId {
    ClapId::from_raw(id).expect("a valid id")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}
