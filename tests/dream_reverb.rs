//! Dream Reverb: the laws, and what a listener hears of the room and of the dream.

#[path = "subjects/dream_reverb.rs"]
mod subject;

suite_tests::laws!(subject::subject());

#[path = "dream_reverb/choir.rs"]
mod choir;
#[path = "dream_reverb/dream.rs"]
mod dream;
#[path = "dream_reverb/drone.rs"]
mod drone;
#[path = "dream_reverb/grains.rs"]
mod grains;
#[path = "dream_reverb/hold.rs"]
mod hold;
#[path = "dream_reverb/kit.rs"]
mod kit;
#[path = "dream_reverb/reverse.rs"]
mod reverse;
#[path = "dream_reverb/room.rs"]
mod room;
#[path = "dream_reverb/scenes.rs"]
mod scenes;
#[path = "dream_reverb/shimmer.rs"]
mod shimmer;
