//! The factory presets.

/// All of them, as JSON files that [`green_ring_shell::presets`] reads.
pub const PRESETS: &[&str] = &[
    include_str!("../presets/healthy-quarter-inch.json"),
    include_str!("../presets/location-reel.json"),
    include_str!("../presets/found-in-the-attic.json"),
    include_str!("../presets/taxi-cassette.json"),
    include_str!("../presets/answering-machine.json"),
    include_str!("../presets/interview-room.json"),
    include_str!("../presets/theme-remembered.json"),
    include_str!("../presets/theme-half-forgotten.json"),
    include_str!("../presets/pass-sixty.json"),
    include_str!("../presets/pass-two-hundred.json"),
    include_str!("../presets/left-in-the-sun.json"),
    include_str!("../presets/behind-the-wall.json"),
    include_str!("../presets/echo-of-last-reel.json"),
    include_str!("../presets/batteries-dying.json"),
    include_str!("../presets/power-cut.json"),
    include_str!("../presets/only-the-words-remain.json"),
];
