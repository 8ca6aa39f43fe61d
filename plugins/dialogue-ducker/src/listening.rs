//! What is listened to: neither saved nor automated, so no parameter. It is Normal whenever an instance begins.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::engine::Listen;

/// All of them, by number.
const ALL: [Listen; 3] = [Listen::Normal, Listen::Key, Listen::Removed];

/// What is listened to, told from any thread and read by the audio thread.
#[derive(Debug, Default)]
pub struct Listening(AtomicU8);

impl Listening {
    /// Fades to `listen` from the next block on. Does not allocate.
    pub fn set(&self, listen: Listen) {
        self.0.store(ALL.iter().position(|of| *of == listen).unwrap_or(0) as u8, Ordering::Relaxed);
    }

    /// What is listened to.
    pub fn get(&self) -> Listen {
        ALL[usize::from(self.0.load(Ordering::Relaxed)) % ALL.len()]
    }
}
