//! The factory presets.

/// The preset files, in the order in which they are shown.
pub const PRESETS: &[&str] = &[
    include_str!("../presets/one-hair-off.json"),
    include_str!("../presets/the-story-cracks.json"),
    include_str!("../presets/beautiful-wreck.json"),
    include_str!("../presets/drums-on-strike.json"),
];
