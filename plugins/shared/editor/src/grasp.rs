//! The hand that a window's frames use and the window's end opens.
//!
//! A host may close the editor from inside the call that tells it a value: on the window's own thread, in the middle of a
//! frame that holds the hand. To wait for the frame would be to wait for ourselves; the frame lets go at its own end.

use crate::hand::{Closed, Hand};
use crate::host::Host;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{ThreadId, current};

/// A hand for the frames of one window.
pub(crate) struct Grasp {
    hand: Mutex<Hand>,
    /// The thread that draws a frame now.
    drawing: Mutex<Option<ThreadId>>,
}

impl Grasp {
    pub fn new(host: Box<dyn Host>) -> Self {
        Self { hand: Mutex::new(Hand::new(host)), drawing: Mutex::new(None) }
    }

    /// Draws one frame.
    pub fn frame(&self, draw: impl FnOnce(&mut Hand)) {
        let mut hand = lock(&self.hand);
        *lock(&self.drawing) = Some(current().id());
        draw(&mut hand);
        *lock(&self.drawing) = None;
        if hand.is_closed() {
            open(&mut hand);
        }
    }

    /// The editor closes: an unfinished gesture ends, now or with the frame that called the host, and no other begins.
    pub fn close(&self, closed: &Closed) {
        closed.set();
        let ours = *lock(&self.drawing) == Some(current().id());
        if !ours {
            open(&mut lock(&self.hand));
        }
    }

    /// What tells the hand, even in the middle of a frame, that the editor is closed.
    pub fn closed(&self) -> Closed {
        lock(&self.hand).closed()
    }
}

/// A host may destroy a plugin under its open editor; the framework then panics when it is told the gesture's end, and a
/// panic here would end the host.
fn open(hand: &mut Hand) {
    let _ = catch_unwind(AssertUnwindSafe(|| hand.close()));
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Call, Recorder, parameter};
    use nice_plug::prelude::ParamPtr;
    use std::sync::{Arc, OnceLock};

    /// Closes the editor from inside the call that tells it a value.
    struct Impatient(Recorder, Arc<OnceLock<(Arc<Grasp>, Closed)>>);

    impl Host for Impatient {
        fn begin(&self, parameter: ParamPtr) {
            self.0.begin(parameter);
        }

        fn set(&self, parameter: ParamPtr, value: f32) {
            self.0.set(parameter, value);
            let (grasp, closed) = self.1.get().expect("an open editor");
            grasp.close(closed);
        }

        fn end(&self, parameter: ParamPtr) {
            self.0.end(parameter);
        }
    }

    fn editor() -> (Arc<Grasp>, Recorder) {
        let (host, own) = (Recorder::default(), Arc::new(OnceLock::new()));
        let grasp = Arc::new(Grasp::new(Box::new(Impatient(host.clone(), Arc::clone(&own)))));
        let closed = grasp.closed();
        assert!(own.set((Arc::clone(&grasp), closed)).is_ok());
        (grasp, host)
    }

    #[test]
    fn a_host_that_closes_the_editor_while_it_is_told_a_value_gets_the_end_and_nothing_more() {
        let (grasp, host) = editor();
        let (decay, lines) = (parameter("decay"), parameter("lines"));
        grasp.frame(|hand| {
            hand.drag(&decay, 0.3);
            hand.drag(&decay, 0.1);
            hand.put(&lines, 1.0);
        });
        assert!(host.balanced());
        assert_eq!(host.calls(), [Call::Begin("decay"), Call::Set("decay", 0.5), Call::End("decay")]);
    }

    #[test]
    fn a_close_from_another_thread_waits_for_the_frame() {
        let host = Recorder::default();
        let grasp = Arc::new(Grasp::new(Box::new(host.clone())));
        let (theirs, closed, decay) = (Arc::clone(&grasp), grasp.closed(), parameter("decay"));
        let mut closing = None;
        grasp.frame(|hand| {
            hand.drag(&decay, 0.3);
            closing = Some(std::thread::spawn(move || theirs.close(&closed)));
        });
        closing.expect("a thread").join().expect("closed");
        assert!(host.balanced() && host.calls().len() == 3);
    }
}
