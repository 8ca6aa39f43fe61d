//! The factory presets.

/// All of them, as JSON files that [`green_ring_shell::presets`] reads.
pub const PRESETS: &[&str] = &[
    include_str!("../presets/healthy-quarter-inch.json"),
    include_str!("../presets/location-reel.json"),
    include_str!("../presets/taxi-cassette.json"),
    include_str!("../presets/batteries-dying.json"),
];
