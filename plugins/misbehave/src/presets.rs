//! The factory presets.

/// The preset files, in the order in which they are shown.
pub const PRESETS: &[&str] = &[
    include_str!("../presets/one-hair-off.json"),
    include_str!("../presets/the-story-cracks.json"),
    include_str!("../presets/losing-signal.json"),
    include_str!("../presets/engine-wont-catch.json"),
    include_str!("../presets/gamblers-loop.json"),
    include_str!("../presets/always-about-to-win.json"),
    include_str!("../presets/racing-thoughts.json"),
    include_str!("../presets/beautiful-wreck.json"),
    include_str!("../presets/drums-on-strike.json"),
    include_str!("../presets/neon-in-rain.json"),
    include_str!("../presets/wrong-floor.json"),
    include_str!("../presets/voice-comes-back-broken.json"),
    include_str!("../presets/clock-next-door.json"),
    include_str!("../presets/night-bus-skips.json"),
    include_str!("../presets/speaker-in-protest.json"),
    include_str!("../presets/home-on-the-bar.json"),
];
