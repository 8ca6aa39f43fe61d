//! The factory presets.

/// All of them, as JSON files that [`green_ring_shell::presets`] reads.
pub const PRESETS: &[&str] = &[
    include_str!("../presets/score-under-a-scene.json"),
    include_str!("../presets/under-a-whisper.json"),
    include_str!("../presets/phone-call-drums-stop.json"),
    include_str!("../presets/out-at-the-first-word.json"),
    include_str!("../presets/live-back-seat.json"),
    include_str!("../presets/street-through-glass.json"),
    include_str!("../presets/club-shouted.json"),
    include_str!("../presets/narration.json"),
    include_str!("../presets/radio-in-the-room.json"),
    include_str!("../presets/crowd-parts.json"),
    include_str!("../presets/drone-left-alone.json"),
    include_str!("../presets/rain.json"),
    include_str!("../presets/highs-leave-first.json"),
    include_str!("../presets/slow-return.json"),
    include_str!("../presets/trailer-voice.json"),
    include_str!("../presets/fast-banter.json"),
];
