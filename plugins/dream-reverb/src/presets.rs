//! The factory presets.

/// The preset files, in the order in which they are shown.
pub const PRESETS: &[&str] = &[
    include_str!("../presets/live-room-kept.json"),
    include_str!("../presets/back-seat-3-am.json"),
    include_str!("../presets/looking-for-the-ring.json"),
    include_str!("../presets/before-the-mirror.json"),
    include_str!("../presets/the-mirror-turned.json"),
    include_str!("../presets/slipping-under.json"),
    include_str!("../presets/not-magic-just-wrong.json"),
    include_str!("../presets/distant-choir.json"),
    include_str!("../presets/submerged.json"),
    include_str!("../presets/stairwell-to-sleep.json"),
    include_str!("../presets/bridge-between-places.json"),
    include_str!("../presets/backwards-into-the-cut.json"),
    include_str!("../presets/the-chord-that-stays.json"),
    include_str!("../presets/the-room-forgets.json"),
    include_str!("../presets/farther-each-version.json"),
    include_str!("../presets/then-nothing.json"),
];
