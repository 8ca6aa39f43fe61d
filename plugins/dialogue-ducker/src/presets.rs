//! The factory presets.

/// All of them, as JSON files that [`green_ring_shell::presets`] reads.
pub const PRESETS: &[&str] = &[
    include_str!("../presets/score-under-a-scene.json"),
    include_str!("../presets/narration.json"),
    include_str!("../presets/fast-banter.json"),
    include_str!("../presets/slow-return.json"),
];
