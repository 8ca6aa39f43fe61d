//! The window's size, remembered in the project.

use egui::{Vec2, vec2};
use nice_plug::params::persist::PersistentField;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The size at first opening, in logical points.
pub(crate) const DEFAULT: Vec2 = vec2(960.0, 660.0);

/// The size of the editor's window in logical points (physical pixels divided by the screen's scale). Put it among the
/// plugin's parameters as `#[persist = "window"] window: Arc<WindowSize>`: the host then saves it with the project. One
/// atomic word, so any thread may read or set it.
#[derive(Debug)]
pub struct WindowSize(AtomicU64);

/// A size as the project file has it, in logical points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Points {
    /// From left to right.
    pub width: f32,
    /// From top to bottom.
    pub height: f32,
}

impl Default for WindowSize {
    fn default() -> Self {
        Self(AtomicU64::new(pack(DEFAULT)))
    }
}

impl WindowSize {
    pub(crate) fn load(&self) -> Vec2 {
        let word = self.0.load(Relaxed);
        let half = |shift: u32| f32::from_bits((word >> shift) as u32);
        vec2(half(32), half(0))
    }

    pub(crate) fn store(&self, size: Vec2) {
        self.0.store(pack(size), Relaxed);
    }
}

fn pack(size: Vec2) -> u64 {
    u64::from(size.x.to_bits()) << 32 | u64::from(size.y.to_bits())
}

impl PersistentField<'_, Points> for Arc<WindowSize> {
    /// A damaged state may hold anything: what is no number is passed over, and the window clamps the rest when it opens.
    fn set(&self, Points { width, height }: Points) {
        if width.is_finite() && height.is_finite() {
            self.store(vec2(width, height));
        }
    }

    fn map<F, R>(&self, f: F) -> R
    where
        F: Fn(&Points) -> R,
    {
        let size = self.load();
        f(&Points { width: size.x, height: size.y })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use nice_plug::prelude::Params;

    #[test]
    fn the_project_keeps_the_size() {
        let (from, to) = (testing::plugin(), testing::plugin());
        from.window.store(vec2(901.5, 633.25));
        to.deserialize_fields(&from.serialize_fields());
        assert_eq!(to.window.load(), vec2(901.5, 633.25));
    }

    #[test]
    fn what_is_no_number_is_passed_over() {
        let size = Arc::new(WindowSize::default());
        size.set(Points { width: f32::NAN, height: 300.0 });
        assert_eq!(size.load(), DEFAULT);
    }
}
