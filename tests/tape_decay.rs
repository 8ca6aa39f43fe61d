//! Tape Decay: the laws, and what a listener hears of the machine against the figures that it must reach.

#[path = "subjects/tape_decay.rs"]
mod subject;

#[path = "tape_decay/curve.rs"]
mod curve;
#[path = "tape_decay/deck.rs"]
mod deck;
#[path = "tape_decay/levels.rs"]
mod levels;
#[path = "tape_decay/machine.rs"]
mod machine;
#[path = "tape_decay/player.rs"]
mod player;
#[path = "tape_decay/stable.rs"]
mod stable;
#[path = "tape_decay/stop.rs"]
mod stop;
#[path = "tape_decay/transport.rs"]
mod transport;
#[path = "tape_decay/worn.rs"]
mod worn;

suite_tests::laws!(subject::subject());
