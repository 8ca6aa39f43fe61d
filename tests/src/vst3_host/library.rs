//! From a library on disk to an instance.

use std::ffi::c_void;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use libloading::Library;
use vst3::Steinberg::Vst::IComponent;
use vst3::Steinberg::{FIDString, IPluginBaseTrait, IPluginFactory, IPluginFactoryTrait, kResultOk};
use vst3::{ComPtr, Interface};

use crate::bundle::Bundle;

/// The factory of a library, loaded and entered once a process.
pub fn factory(path: &Path) -> ComPtr<IPluginFactory> {
    static LOADED: Mutex<Vec<(PathBuf, Library)>> = Mutex::new(Vec::new());
    let mut loaded = LOADED.lock().unwrap();
    if !loaded.iter().any(|(known, _)| known == path) {
        // SAFETY: our own library, built to the VST3 ABI.
        let library = unsafe { Library::new(path) }.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        enter(&library);
        loaded.push((path.to_owned(), library));
    }
    let (_, library) = loaded.iter().find(|(known, _)| known == path).unwrap();
    // SAFETY: the symbol has this type in the VST3 ABI.
    let make = unsafe { library.get::<unsafe extern "system" fn() -> *mut c_void>(b"GetPluginFactory") };
    // SAFETY: returns a reference of our own to the factory.
    unsafe { ComPtr::from_raw(make.unwrap()().cast::<IPluginFactory>()) }.expect("a factory")
}

fn enter(library: &Library) {
    // SAFETY: the symbol has this type in the VST3 ABI on Linux.
    let entry = unsafe { library.get::<unsafe extern "system" fn(*mut c_void) -> bool>(b"ModuleEntry") };
    // SAFETY: the framework does not look at the handle.
    assert!(entry.is_ok_and(|entry| unsafe { entry(std::ptr::null_mut()) }), "ModuleEntry");
}

/// A new instance, initialised, of the class that the bundle is known by.
pub fn instance(factory: &ComPtr<IPluginFactory>, bundle: &Bundle) -> ComPtr<IComponent> {
    let (class, wanted) = (bundle.vst3_id.as_ptr(), IComponent::IID.as_ptr());
    let mut object = std::ptr::null_mut();
    // SAFETY: both ids are 16 bytes; the rest is valid for the call.
    let result = unsafe { factory.createInstance(class as FIDString, wanted as FIDString, &mut object) };
    assert_eq!(result, kResultOk, "{} has no class of its id", bundle.title);
    // SAFETY: the reference that the factory made is ours.
    let component = unsafe { ComPtr::from_raw(object.cast::<IComponent>()) }.unwrap();
    // SAFETY: the framework does not look at the context.
    assert_eq!(unsafe { component.initialize(std::ptr::null_mut()) }, kResultOk);
    component
}
