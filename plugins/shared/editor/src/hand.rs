//! The user's hand on a parameter: the one place where gestures begin and end.
//!
//! A host records automation between a begin and an end. One that begins and never ends leaves the host in "touch" for
//! ever; so a hand holds one parameter at most, and lets go under every ending: the button is released, another parameter
//! is taken, the pointer is lost, the widget is gone, the editor closes. Where nothing changes no gesture is made.

use crate::host::Host;
use crate::parameter::Parameter;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// Notches of the wheel, or presses of a key, that belong to one gesture are at most this far apart.
const WHEEL_GESTURE_S: f64 = 0.4;
/// A key that is held and tells no press for this long is lost: its release may never reach us. Longer than any system waits
/// before it repeats a key.
const LOST_KEY_S: f64 = 1.5;
/// A dragging pointer that has left the window and says nothing for this long is lost: its release may never reach us.
/// A number of taste: long enough to hold a knob still outside a small window.
const LOST_POINTER_S: f64 = 1.5;

/// How a parameter is held.
#[derive(Clone, Copy, PartialEq)]
enum Grip {
    /// By the pressed button, for as long as the widget says that it is dragged.
    Drag,
    /// By the wheel, until this time.
    Wheel { until_s: f64 },
    /// By a key that was pressed at this time.
    Key { pressed_s: f64 },
}

struct Held {
    parameter: Parameter,
    grip: Grip,
    /// Where the hand is: between the steps of a stepped parameter, and ahead of a host that answers late.
    position: f32,
    /// The last value told.
    told: f32,
    begun: bool,
}

/// Whether the editor is closed: nothing may begin any more. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Closed(Arc<AtomicBool>);

impl Closed {
    pub fn set(&self) {
        self.0.store(true, SeqCst);
    }

    fn get(&self) -> bool {
        self.0.load(SeqCst)
    }
}

/// The user's one hand.
pub(crate) struct Hand {
    host: Box<dyn Host>,
    held: Option<Held>,
    /// Since when the pointer has been outside the window and silent.
    silent_since_s: Option<f64>,
    /// The pointer was lost in mid-drag: what it drags is let alone until egui, too, says that nothing is dragged.
    lost: bool,
    closed: Closed,
}

/// What the pointer and the keyboard did in a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pointer {
    pub now_s: f64,
    /// A widget is dragged.
    pub dragging: bool,
    /// The pointer is in the window, or moved.
    pub here: bool,
    /// A key that moves values is held.
    pub key: bool,
}

impl Hand {
    pub fn new(host: Box<dyn Host>) -> Self {
        Self { host, held: None, silent_since_s: None, lost: false, closed: Closed::default() }
    }

    /// The value to draw: the held one, which runs ahead of the host's answer, else the parameter's own.
    pub fn shown(&self, parameter: &Parameter) -> f32 {
        let held = self.held.as_ref().filter(|held| held.parameter.ptr() == parameter.ptr());
        held.map_or_else(|| parameter.value(), |held| held.told)
    }

    pub fn holds(&self, parameter: &Parameter) -> bool {
        self.held.as_ref().is_some_and(|held| held.begun && held.parameter.ptr() == parameter.ptr())
    }

    /// Moves a dragged parameter by `change` of its range.
    pub fn drag(&mut self, parameter: &Parameter, change: f32) {
        if !self.lost {
            self.advance(parameter, Grip::Drag, change);
        }
    }

    /// Moves a parameter by the wheel.
    pub fn turn(&mut self, parameter: &Parameter, change: f32, now_s: f64) {
        if !self.drags() {
            self.advance(parameter, Grip::Wheel { until_s: now_s + WHEEL_GESTURE_S }, change);
        }
    }

    /// Moves a parameter by a press of a key.
    pub fn nudge(&mut self, parameter: &Parameter, change: f32, now_s: f64) {
        if change != 0.0 && !self.drags() {
            self.advance(parameter, Grip::Key { pressed_s: now_s }, change);
        }
    }

    /// Sets a parameter in one whole gesture: a switch, a menu, a default, a typed value.
    pub fn put(&mut self, parameter: &Parameter, value: f32) {
        self.release();
        if self.closed.get() || parameter.snap(value) == parameter.value() {
            return;
        }
        self.host.begin(parameter.ptr());
        self.host.set(parameter.ptr(), parameter.snap(value));
        self.host.end(parameter.ptr());
    }

    /// To be called once at the end of each frame: lets go of what is no longer held. Returns when to look again, in seconds
    /// from now, if time alone may end the gesture.
    pub fn settle(&mut self, pointer: Pointer) -> Option<f64> {
        self.lost &= pointer.dragging;
        self.silent_since_s = match self.silent_since_s {
            _ if pointer.here => None,
            None => Some(pointer.now_s),
            since => since,
        };
        let silent_s = pointer.now_s - self.silent_since_s.unwrap_or(pointer.now_s);
        let left_s = match self.held.as_ref()?.grip {
            Grip::Wheel { until_s } => until_s - pointer.now_s,
            Grip::Key { pressed_s } if pointer.key => pressed_s + LOST_KEY_S - pointer.now_s,
            Grip::Key { pressed_s } => pressed_s + WHEEL_GESTURE_S - pointer.now_s,
            Grip::Drag if !pointer.dragging => 0.0,
            Grip::Drag if pointer.here => return None,
            Grip::Drag => LOST_POINTER_S - silent_s,
        };
        if left_s > 0.0 {
            return Some(left_s);
        }
        self.lost = pointer.dragging;
        self.release();
        None
    }

    /// Ends the gesture, if there is one.
    pub fn release(&mut self) {
        if let Some(held) = self.held.take().filter(|held| held.begun) {
            self.host.end(held.parameter.ptr());
        }
    }

    /// The editor closes, maybe in mid-drag.
    pub fn close(&mut self) {
        self.closed.set();
        self.release();
    }

    /// What tells the hand that the editor is closed.
    pub fn closed(&self) -> Closed {
        self.closed.clone()
    }

    pub fn is_closed(&self) -> bool {
        self.closed.get()
    }

    fn drags(&self) -> bool {
        self.held.as_ref().is_some_and(|held| held.grip == Grip::Drag)
    }

    fn advance(&mut self, parameter: &Parameter, grip: Grip, change: f32) {
        if self.closed.get() {
            return;
        }
        self.take(parameter, grip);
        let Some(held) = &mut self.held else { return };
        held.position = (held.position + change).clamp(0.0, 1.0);
        let value = parameter.snap(held.position);
        if value == held.told {
            return;
        }
        if !std::mem::replace(&mut held.begun, true) {
            self.host.begin(parameter.ptr());
        }
        held.told = value;
        self.host.set(parameter.ptr(), value);
    }

    /// Takes hold, unless this parameter is held this way already.
    fn take(&mut self, parameter: &Parameter, grip: Grip) {
        if let Some(held) = &mut self.held
            && held.parameter.ptr() == parameter.ptr()
            && std::mem::discriminant(&held.grip) == std::mem::discriminant(&grip)
        {
            held.grip = grip;
            return;
        }
        self.release();
        let value = parameter.value();
        let parameter = parameter.clone();
        self.held = Some(Held { parameter, grip, position: value, told: value, begun: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Call, Recorder, parameter};

    fn hand() -> (Hand, Recorder) {
        let recorder = Recorder::default();
        (Hand::new(Box::new(recorder.clone())), recorder)
    }

    fn pointer(now_s: f64, dragging: bool, here: bool) -> Pointer {
        Pointer { now_s, dragging, here, key: false }
    }

    #[test]
    fn a_drag_is_one_gesture() {
        let (mut hand, host) = hand();
        let decay = parameter("decay");
        for i in 0..10 {
            hand.drag(&decay, 0.01);
            assert_eq!(hand.settle(pointer(f64::from(i), true, true)), None);
        }
        hand.settle(pointer(10.0, false, true));
        let calls = host.calls();
        assert_eq!(calls.len(), 12);
        assert_eq!((calls[0], calls[11]), (Call::Begin("decay"), Call::End("decay")));
        assert!(matches!(calls[10], Call::Set("decay", v) if (v - 0.3).abs() < 1e-5), "{calls:?}");
    }

    #[test]
    fn a_drag_that_changes_nothing_is_none() {
        let (mut hand, host) = hand();
        hand.drag(&parameter("lines"), 0.01);
        hand.drag(&parameter("decay"), 0.0);
        hand.settle(pointer(0.0, false, true));
        assert_eq!(host.calls(), []);
    }

    #[test]
    fn small_drags_add_up_to_a_step() {
        let (mut hand, host) = hand();
        let lines = parameter("lines");
        (0..20).for_each(|_| hand.drag(&lines, 0.01));
        hand.release();
        assert_eq!(host.calls(), [Call::Begin("lines"), Call::Set("lines", 1.0 / 3.0), Call::End("lines")]);
    }

    #[test]
    fn notches_close_together_are_one_gesture() {
        let (mut hand, host) = hand();
        let decay = parameter("decay");
        for now_s in [0.0, 0.1, 0.3, 0.6] {
            hand.turn(&decay, 0.01, now_s);
            let left_s = hand.settle(pointer(now_s, false, true)).expect("still held");
            assert!((left_s - WHEEL_GESTURE_S).abs() < 1e-9);
        }
        hand.settle(pointer(1.01, false, true));
        hand.turn(&decay, 0.01, 2.0);
        hand.settle(pointer(3.0, false, true));
        assert_eq!(host.calls().len(), 1 + 4 + 1 + 3);
        assert!(host.balanced());
    }

    #[test]
    fn taking_another_ends_the_first() {
        let (mut hand, host) = hand();
        hand.drag(&parameter("decay"), 0.1);
        hand.drag(&parameter("mix"), 0.1);
        hand.put(&parameter("freeze"), 1.0);
        assert!(host.balanced());
        assert_eq!(host.calls().len(), 9);
    }

    #[test]
    fn a_lost_pointer_ends_the_gesture_once() {
        let (mut hand, host) = hand();
        let decay = parameter("decay");
        hand.drag(&decay, 0.1);
        hand.settle(pointer(0.0, true, true));
        assert!(hand.settle(pointer(0.1, true, false)).is_some(), "a short silence is no loss");
        hand.settle(pointer(2.0, true, false));
        assert!(host.balanced());
        for now_s in [2.1, 2.2, 2.3] {
            hand.drag(&decay, 0.1);
            hand.settle(pointer(now_s, true, true));
        }
        assert_eq!(host.calls().len(), 3, "a button that nobody holds must not move the knob");
        hand.settle(pointer(2.4, false, true));
        hand.drag(&decay, 0.1);
        hand.settle(pointer(2.5, false, true));
        assert_eq!(host.calls().len(), 6, "the next drag works again");
    }

    #[test]
    fn a_closed_editor_holds_nothing_and_begins_nothing() {
        let (mut hand, host) = hand();
        hand.drag(&parameter("decay"), 0.1);
        hand.close();
        assert!(host.balanced());
        hand.drag(&parameter("decay"), 0.1);
        hand.turn(&parameter("decay"), 0.1, 0.0);
        hand.put(&parameter("decay"), 0.9);
        assert_eq!(host.calls().len(), 3);
    }

    #[test]
    fn putting_what_is_there_is_no_gesture() {
        let (mut hand, host) = hand();
        let decay = parameter("decay");
        hand.put(&decay, decay.value());
        assert_eq!(host.calls(), []);
    }
}
