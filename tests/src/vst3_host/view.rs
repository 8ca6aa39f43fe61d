//! A VST3 editor in a host's window, with and without the host's event loop.

use std::ffi::c_void;
use std::sync::{Arc, Mutex};

use vst3::Steinberg::Linux::{
    FileDescriptor, IEventHandler, IEventHandlerTrait, IRunLoop, IRunLoopTrait, ITimerHandler, TimerInterval,
};
use vst3::Steinberg::Vst::{IEditController, IEditControllerTrait};
use vst3::Steinberg::{IPlugFrame, IPlugFrameTrait, IPlugView, IPlugViewTrait, ViewRect, kResultOk, tresult};
use vst3::{Class, ComPtr, ComRef, ComWrapper};

use crate::window::Window;

/// What the plugin wants to be called for: its handler, and the file that wakes it.
type Wakes = Arc<Mutex<Vec<(usize, FileDescriptor)>>>;

/// The editor of one instance, open or not.
#[derive(Default)]
pub struct View {
    open: Option<ComPtr<IPlugView>>,
    wakes: Wakes,
}

impl View {
    pub fn open(&mut self, controller: &ComPtr<IEditController>, window: &Window, run_loop: bool) {
        // SAFETY: the string ends in 0; the reference that comes back is ours.
        let view = unsafe { ComPtr::from_raw(controller.createView(c"editor".as_ptr())) }.expect("an editor");
        let frame = if run_loop {
            ComWrapper::new(LoopFrame(self.wakes.clone())).to_com_ptr::<IPlugFrame>()
        } else {
            ComWrapper::new(PlainFrame).to_com_ptr::<IPlugFrame>()
        };
        // SAFETY: the plugin keeps its own reference to the frame.
        assert_eq!(unsafe { view.setFrame(frame.unwrap().as_ptr()) }, kResultOk);
        let parent = window.id() as usize as *mut c_void;
        // SAFETY: the caller keeps the window until the editor is closed.
        assert_eq!(unsafe { view.attached(parent, c"X11EmbedWindowID".as_ptr()) }, kResultOk);
        self.open = Some(view);
    }

    pub fn close(&mut self) {
        let view = self.open.take().expect("an open editor");
        // SAFETY: no pointers are passed.
        assert_eq!(unsafe { view.removed() }, kResultOk);
        // SAFETY: null takes the frame away.
        assert_eq!(unsafe { view.setFrame(std::ptr::null_mut()) }, kResultOk);
    }

    /// One turn of the event loop: calls each handler whose file has something to read.
    pub fn idle(&self) {
        let wakes = self.wakes.lock().unwrap().clone();
        for (handler, file) in wakes {
            let mut poll = libc::pollfd { fd: file, events: libc::POLLIN, revents: 0 };
            // SAFETY: one valid pollfd.
            if unsafe { libc::poll(&mut poll, 1, 0) } > 0 && poll.revents & libc::POLLIN != 0 {
                // SAFETY: the framework keeps a registered handler alive.
                let handler = unsafe { ComRef::from_raw(handler as *mut IEventHandler) }.unwrap();
                // SAFETY: no pointers are passed.
                unsafe { handler.onFDIsSet(file) };
            }
        }
    }
}

/// A frame that grants every size.
struct PlainFrame;

/// The same, lending the host's event loop.
struct LoopFrame(Wakes);

impl Class for PlainFrame {
    type Interfaces = (IPlugFrame,);
}

impl Class for LoopFrame {
    type Interfaces = (IPlugFrame, IRunLoop);
}

impl IPlugFrameTrait for PlainFrame {
    unsafe fn resizeView(&self, view: *mut IPlugView, size: *mut ViewRect) -> tresult {
        grant(view, size)
    }
}

impl IPlugFrameTrait for LoopFrame {
    unsafe fn resizeView(&self, view: *mut IPlugView, size: *mut ViewRect) -> tresult {
        grant(view, size)
    }
}

fn grant(view: *mut IPlugView, size: *mut ViewRect) -> tresult {
    // SAFETY: the plugin passes its own view.
    let view = unsafe { ComRef::from_raw(view) }.expect("a view");
    // SAFETY: the plugin's size is valid for the call.
    unsafe { view.onSize(size) }
}

impl IRunLoopTrait for LoopFrame {
    unsafe fn registerEventHandler(&self, handler: *mut IEventHandler, file: FileDescriptor) -> tresult {
        self.0.lock().unwrap().push((handler as usize, file));
        kResultOk
    }

    unsafe fn unregisterEventHandler(&self, handler: *mut IEventHandler) -> tresult {
        self.0.lock().unwrap().retain(|(known, _)| *known != handler as usize);
        kResultOk
    }

    unsafe fn registerTimer(&self, _: *mut ITimerHandler, _: TimerInterval) -> tresult {
        kResultOk
    }

    unsafe fn unregisterTimer(&self, _: *mut ITimerHandler) -> tresult {
        kResultOk
    }
}
