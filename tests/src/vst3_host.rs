//! A small VST3 host on the raw `vst3` bindings: opens a built `.vst3` and speaks to it through its real ABI.

mod audio;
mod library;
mod objects;
mod view;

use std::collections::HashMap;

use vst3::Steinberg::Vst::BusDirections_::{kInput, kOutput};
use vst3::Steinberg::Vst::BusTypes_::kMain;
use vst3::Steinberg::Vst::MediaTypes_::kAudio;
use vst3::Steinberg::Vst::ParameterInfo_::ParameterFlags_::{kCanAutomate, kIsBypass, kIsHidden};
use vst3::Steinberg::Vst::ProcessModes_::kRealtime;
use vst3::Steinberg::Vst::SymbolicSampleSizes_::kSample32;
use vst3::Steinberg::Vst::{
    BusInfo, IAudioProcessor, IAudioProcessorTrait, IComponent, IComponentHandler, IComponentTrait, IEditController,
    IEditControllerTrait, IUnitInfo, IUnitInfoTrait, ParameterInfo, ProcessSetup, SpeakerArr, SpeakerArrangement,
    String128, TChar, UnitInfo, kRootUnitId,
};
use vst3::Steinberg::{IBStream, IPluginBaseTrait, kResultOk};
use vst3::{ComPtr, ComWrapper};

pub use self::audio::Vst3Audio;
use self::library::{factory, instance};
use self::objects::{Handler, Stream};
use self::view::View;
use crate::bundle::Bundle;
use crate::host::{Host, Param, Port, Setup};
use crate::window::Window;

/// An instance from a `.vst3`.
pub struct Vst3 {
    component: ComPtr<IComponent>,
    processor: ComPtr<IAudioProcessor>,
    controller: ComPtr<IEditController>,
    view: View,
}

// The interfaces are pointers to the plugin's objects, which live as long as the ComPtr does. Every call below hands
// over pointers to values that outlive the call: that is what the SAFETY comments call "valid for the call".

impl Vst3 {
    fn port(&self, direction: i32, index: i32) -> Port {
        // SAFETY: plain data, all zero is a value.
        let mut info: BusInfo = unsafe { std::mem::zeroed() };
        // SAFETY: valid for the call.
        let result = unsafe { self.component.getBusInfo(kAudio as i32, direction, index, &mut info) };
        assert_eq!(result, kResultOk);
        let main = info.busType == kMain as i32;
        Port { name: text(&info.name), channels: info.channelCount as u32, main }
    }

    fn ports(&self, direction: i32) -> Vec<Port> {
        // SAFETY: no pointers are passed.
        let count = unsafe { self.component.getBusCount(kAudio as i32, direction) };
        (0..count).map(|index| self.port(direction, index)).collect()
    }

    fn info(&self, index: i32) -> ParameterInfo {
        // SAFETY: plain data, all zero is a value.
        let mut info: ParameterInfo = unsafe { std::mem::zeroed() };
        // SAFETY: valid for the call.
        assert_eq!(unsafe { self.controller.getParameterInfo(index, &mut info) }, kResultOk);
        info
    }

    fn infos(&self) -> Vec<ParameterInfo> {
        // SAFETY: no pointers are passed.
        let count = unsafe { self.controller.getParameterCount() };
        (0..count).map(|index| self.info(index)).collect()
    }

    /// Path of every group by its id.
    fn groups(&self) -> HashMap<i32, String> {
        let units = self.controller.cast::<IUnitInfo>().expect("groups");
        let mut paths = HashMap::from([(kRootUnitId, String::new())]);
        // SAFETY: no pointers are passed.
        for index in 0..unsafe { units.getUnitCount() } {
            // SAFETY: plain data, all zero is a value.
            let mut info: UnitInfo = unsafe { std::mem::zeroed() };
            // SAFETY: valid for the call.
            assert_eq!(unsafe { units.getUnitInfo(index, &mut info) }, kResultOk);
            if info.id != kRootUnitId {
                let parent = &paths[&info.parentUnitId];
                let path = [parent.as_str(), &text(&info.name)].join("/");
                paths.insert(info.id, path.trim_start_matches('/').to_owned());
            }
        }
        paths
    }

    fn choose_layout(&self, channels: usize) {
        let arrangement = if channels == 1 { SpeakerArr::kMono } else { SpeakerArr::kStereo };
        let arrange = |direction| -> Vec<SpeakerArrangement> { vec![arrangement; self.ports(direction).len()] };
        let (mut ins, mut outs) = (arrange(kInput as i32), arrange(kOutput as i32));
        let (in_count, out_count) = (ins.len() as i32, outs.len() as i32);
        // SAFETY: valid for the call.
        let result =
            unsafe { self.processor.setBusArrangements(ins.as_mut_ptr(), in_count, outs.as_mut_ptr(), out_count) };
        assert_eq!(result, kResultOk, "no layout of {channels} channels");
    }

    fn activate_ports(&self) {
        for direction in [kInput as i32, kOutput as i32] {
            for index in 0..self.ports(direction).len() as i32 {
                // SAFETY: no pointers are passed.
                let result = unsafe { self.component.activateBus(kAudio as i32, direction, index, 1) };
                assert_eq!(result, kResultOk);
            }
        }
    }
}

impl Host for Vst3 {
    type Audio = Vst3Audio;
    const FORMAT: &'static str = "VST3";

    fn open(bundle: &Bundle) -> Vst3 {
        let component = instance(&factory(&bundle.vst3()), bundle);
        let processor = component.cast().expect("a processor");
        let controller = component.cast::<IEditController>().expect("a controller");
        let handler = ComWrapper::new(Handler).to_com_ptr::<IComponentHandler>().unwrap();
        // SAFETY: the plugin keeps its own reference to the handler.
        assert_eq!(unsafe { controller.setComponentHandler(handler.as_ptr()) }, kResultOk);
        Vst3 { component, processor, controller, view: View::default() }
    }

    fn params(&mut self) -> Vec<Param> {
        let groups = self.groups();
        let param = |info: ParameterInfo| {
            let flag = |flag: u32| info.flags as u32 & flag != 0;
            Param {
                id: info.id,
                name: text(&info.title),
                group: groups[&info.unitId].clone(),
                steps: info.stepCount as u32,
                default: info.defaultNormalizedValue,
                automatable: flag(kCanAutomate as u32),
                hidden: flag(kIsHidden as u32),
                bypass: flag(kIsBypass as u32),
            }
        };
        self.infos().into_iter().map(param).collect()
    }

    fn value(&mut self, id: u32) -> f64 {
        // SAFETY: no pointers are passed.
        unsafe { self.controller.getParamNormalized(id) }
    }

    fn set(&mut self, values: &[(u32, f64)]) {
        for &(id, value) in values {
            // SAFETY: no pointers are passed.
            assert_eq!(unsafe { self.controller.setParamNormalized(id, value) }, kResultOk);
        }
    }

    fn text(&mut self, id: u32, value: f64) -> String {
        let mut string: String128 = [0; 128];
        // SAFETY: valid for the call.
        assert_eq!(unsafe { self.controller.getParamStringByValue(id, value, &mut string) }, kResultOk);
        let info = self.infos().into_iter().find(|info| info.id == id).expect("a listed parameter");
        text(&string) + &text(&info.units)
    }

    fn parse(&mut self, id: u32, text: &str) -> Option<f64> {
        let mut string: Vec<TChar> = text.encode_utf16().chain([0]).collect();
        let mut value = 0.0;
        // SAFETY: valid for the call, and the string ends in 0.
        let result = unsafe { self.controller.getParamValueByString(id, string.as_mut_ptr(), &mut value) };
        (result == kResultOk).then_some(value)
    }

    fn save(&mut self) -> Vec<u8> {
        let stream = ComWrapper::new(Stream::default());
        let pointer = stream.to_com_ptr::<IBStream>().unwrap();
        // SAFETY: valid for the call.
        assert_eq!(unsafe { self.component.getState(pointer.as_ptr()) }, kResultOk);
        stream.bytes()
    }

    fn load(&mut self, state: &[u8]) -> bool {
        let stream = ComWrapper::new(Stream::new(state)).to_com_ptr::<IBStream>().unwrap();
        // SAFETY: valid for the call.
        unsafe { self.component.setState(stream.as_ptr()) == kResultOk }
    }

    fn inputs(&mut self) -> Vec<Port> {
        self.ports(kInput as i32)
    }

    fn outputs(&mut self) -> Vec<Port> {
        self.ports(kOutput as i32)
    }

    fn latency(&mut self) -> u32 {
        // SAFETY: no pointers are passed.
        unsafe { self.processor.getLatencySamples() }
    }

    fn activate(&mut self, setup: Setup) -> Vst3Audio {
        self.choose_layout(setup.channels);
        let mut told = ProcessSetup {
            processMode: kRealtime as i32,
            symbolicSampleSize: kSample32 as i32,
            maxSamplesPerBlock: setup.max_frames as i32,
            sampleRate: setup.rate_hz,
        };
        // SAFETY: valid for the call.
        assert_eq!(unsafe { self.processor.setupProcessing(&mut told) }, kResultOk);
        self.activate_ports();
        // SAFETY: no pointers are passed.
        assert_eq!(unsafe { self.component.setActive(1) }, kResultOk);
        // SAFETY: no pointers are passed.
        unsafe { self.processor.setProcessing(1) };
        Vst3Audio::new(self.processor.clone(), setup, self.inputs().len() > 1)
    }

    fn deactivate(&mut self, audio: Vst3Audio) {
        drop(audio);
        // SAFETY: no pointers are passed.
        unsafe { self.processor.setProcessing(0) };
        // SAFETY: no pointers are passed.
        assert_eq!(unsafe { self.component.setActive(0) }, kResultOk);
    }

    fn open_editor(&mut self, window: &Window, run_loop: bool) {
        self.view.open(&self.controller, window, run_loop);
    }

    fn close_editor(&mut self) {
        self.view.close();
    }

    fn idle(&mut self) {
        self.view.idle();
    }
}

impl Drop for Vst3 {
    fn drop(&mut self) {
        // SAFETY: a null handler takes the old one away.
        unsafe { self.controller.setComponentHandler(std::ptr::null_mut()) };
        // SAFETY: no pointers are passed.
        unsafe { self.component.terminate() };
    }
}

fn text(string: &[TChar]) -> String {
    let units = string.iter().copied().take_while(|unit| *unit != 0);
    String::from_utf16(&units.collect::<Vec<_>>()).expect("UTF-16")
}
