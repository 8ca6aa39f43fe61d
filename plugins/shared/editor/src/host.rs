//! The host as the user's hand sees it: the framework's, or one that a test writes down.

use nice_plug::context::gui::GuiContext;
use nice_plug::prelude::ParamPtr;

/// What the hand tells the host. Values are normalised, 0 to 1.
pub(crate) trait Host: Send {
    fn begin(&self, parameter: ParamPtr);
    fn set(&self, parameter: ParamPtr, value: f32);
    fn end(&self, parameter: ParamPtr);
}

impl Host for GuiContext {
    fn begin(&self, parameter: ParamPtr) {
        // SAFETY: the pointer comes from the plugin's own parameters, which the editor keeps alive.
        unsafe { self.raw_begin_set_parameter(parameter) }
    }

    fn set(&self, parameter: ParamPtr, value: f32) {
        // SAFETY: as above.
        unsafe { self.raw_set_parameter_normalized(parameter, value) }
    }

    fn end(&self, parameter: ParamPtr) {
        // SAFETY: as above.
        unsafe { self.raw_end_set_parameter(parameter) }
    }
}
