//! The factory presets.

/// The preset files, in the order in which they are shown.
pub const PRESETS: &[&str] = &[
    include_str!("../presets/live-room-kept.json"),
    include_str!("../presets/back-seat-3-am.json"),
    include_str!("../presets/submerged.json"),
    include_str!("../presets/stairwell-to-sleep.json"),
    include_str!("../presets/bridge-between-places.json"),
];
