//! The objects that a VST3 host hands to a plugin: state stream, parameter changes, edit handler.

use std::ffi::c_void;
use std::sync::Mutex;

use vst3::Steinberg::IBStream_::IStreamSeekMode_::{kIBSeekCur, kIBSeekSet};
use vst3::Steinberg::Vst::{
    IComponentHandler, IComponentHandlerTrait, IParamValueQueue, IParamValueQueueTrait, IParameterChanges,
    IParameterChangesTrait, ParamID, ParamValue,
};
use vst3::Steinberg::{IBStream, IBStreamTrait, int32, int64, kResultFalse, kResultOk, tresult};
use vst3::{Class, ComPtr, ComWrapper};

use crate::host::Change;

/// Bytes in memory with a position.
#[derive(Default)]
pub struct Stream(Mutex<(Vec<u8>, usize)>);

impl Stream {
    pub fn new(bytes: &[u8]) -> Stream {
        Stream(Mutex::new((bytes.to_vec(), 0)))
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().0.clone()
    }
}

impl Class for Stream {
    type Interfaces = (IBStream,);
}

impl IBStreamTrait for Stream {
    unsafe fn read(&self, buffer: *mut c_void, count: int32, read: *mut int32) -> tresult {
        let mut stream = self.0.lock().unwrap();
        let (bytes, place) = &mut *stream;
        let rest = &bytes[*place..];
        let length = rest.len().min(count as usize);
        // SAFETY: the caller's buffer holds `count` bytes.
        unsafe { std::ptr::copy_nonoverlapping(rest.as_ptr(), buffer.cast(), length) };
        *place += length;
        tell(read, length as int32)
    }

    unsafe fn write(&self, buffer: *mut c_void, count: int32, written: *mut int32) -> tresult {
        // SAFETY: the caller's buffer holds `count` bytes.
        let new = unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), count as usize) };
        let mut stream = self.0.lock().unwrap();
        stream.0.extend_from_slice(new);
        stream.1 += new.len();
        tell(written, count)
    }

    #[allow(clippy::unnecessary_cast)] // The constants' type differs from system to system.
    unsafe fn seek(&self, place: int64, mode: int32, result: *mut int64) -> tresult {
        let mut stream = self.0.lock().unwrap();
        let origin = match mode as u32 {
            mode if mode == kIBSeekSet as u32 => 0,
            mode if mode == kIBSeekCur as u32 => stream.1,
            _ => stream.0.len(),
        };
        stream.1 = (origin as int64 + place).clamp(0, stream.0.len() as int64) as usize;
        tell(result, stream.1 as int64)
    }

    unsafe fn tell(&self, place: *mut int64) -> tresult {
        tell(place, self.0.lock().unwrap().1 as int64)
    }
}

/// Answers through a pointer that may be null.
fn tell<T>(answer: *mut T, value: T) -> tresult {
    if !answer.is_null() {
        // SAFETY: the plugin's pointer is null or valid for the call.
        unsafe { *answer = value };
    }
    kResultOk
}

/// The changes of one parameter.
struct Queue {
    id: u32,
    points: Vec<(int32, ParamValue)>,
}

impl Class for Queue {
    type Interfaces = (IParamValueQueue,);
}

impl IParamValueQueueTrait for Queue {
    unsafe fn getParameterId(&self) -> ParamID {
        self.id
    }

    unsafe fn getPointCount(&self) -> int32 {
        self.points.len() as int32
    }

    unsafe fn getPoint(&self, index: int32, offset: *mut int32, value: *mut ParamValue) -> tresult {
        let Some(point) = self.points.get(index as usize) else { return kResultFalse };
        tell(offset, point.0);
        tell(value, point.1)
    }

    unsafe fn addPoint(&self, _: int32, _: ParamValue, _: *mut int32) -> tresult {
        kResultFalse
    }
}

/// The changes of a block, a queue a parameter.
pub struct Changes(Vec<ComPtr<IParamValueQueue>>);

impl Changes {
    pub fn object(changes: &[Change]) -> ComPtr<IParameterChanges> {
        let mut queues: Vec<Queue> = Vec::new();
        for change in changes {
            let point = (change.frame as int32, change.value);
            match queues.iter_mut().find(|queue| queue.id == change.id) {
                Some(queue) => queue.points.push(point),
                None => queues.push(Queue { id: change.id, points: vec![point] }),
            }
        }
        let queues = queues.into_iter().map(|queue| ComWrapper::new(queue).to_com_ptr().unwrap());
        ComWrapper::new(Changes(queues.collect())).to_com_ptr().unwrap()
    }
}

impl Class for Changes {
    type Interfaces = (IParameterChanges,);
}

impl IParameterChangesTrait for Changes {
    unsafe fn getParameterCount(&self) -> int32 {
        self.0.len() as int32
    }

    unsafe fn getParameterData(&self, index: int32) -> *mut IParamValueQueue {
        self.0.get(index as usize).map_or(std::ptr::null_mut(), |queue| queue.as_ptr())
    }

    unsafe fn addParameterData(&self, _: *const ParamID, _: *mut int32) -> *mut IParamValueQueue {
        std::ptr::null_mut()
    }
}

/// Takes every edit and every request, and does nothing.
pub struct Handler;

impl Class for Handler {
    type Interfaces = (IComponentHandler,);
}

impl IComponentHandlerTrait for Handler {
    unsafe fn beginEdit(&self, _: ParamID) -> tresult {
        kResultOk
    }

    unsafe fn performEdit(&self, _: ParamID, _: ParamValue) -> tresult {
        kResultOk
    }

    unsafe fn endEdit(&self, _: ParamID) -> tresult {
        kResultOk
    }

    unsafe fn restartComponent(&self, _: int32) -> tresult {
        kResultOk
    }
}
