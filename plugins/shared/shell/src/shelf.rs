//! What the project keeps of presets besides the values themselves: which are locked, which preset was chosen, and the
//! other of A and B. It never reaches the audio thread.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nice_plug::params::persist::PersistentField;
use serde::{Deserialize, Serialize};

/// What belongs to the place in a mix rather than to the sound: locked until the user unlocks it.
pub(crate) const LOCKED_AT_FIRST: [&str; 6] = ["mix", "out", "seed", "qual", "bedtr", "keytr"];

/// No plugin has as many parameters: what claims more is not ours.
const MOST: usize = 512;

/// A or B.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    /// The first.
    #[default]
    A,
    /// The second.
    B,
}

impl Side {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    /// Its name, as it is shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }
}

/// The settings that wait on the other side: normalized value by parameter id, and the preset that they came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Waiting {
    /// Normalized values by parameter id. Empty until there is another side.
    pub values: BTreeMap<String, f32>,
    /// The preset chosen there.
    pub preset: Option<String>,
}

/// What the shelf holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// Ids of the parameters that presets, A/B and init leave alone.
    pub locked: BTreeSet<String>,
    /// The name of the preset chosen last.
    pub preset: Option<String>,
    /// The side that sounds.
    pub side: Side,
    /// The side that does not.
    pub waiting: Waiting,
}

impl Default for Kept {
    fn default() -> Self {
        let locked = LOCKED_AT_FIRST.map(String::from).into();
        Self { locked, preset: None, side: Side::A, waiting: Waiting::default() }
    }
}

/// The shelf of one instance. Put it among the plugin's parameters as `#[persist = "shelf"] shelf: Arc<Shelf>`.
#[derive(Debug, Default)]
pub struct Shelf(Mutex<Kept>);

impl Shelf {
    /// What is on it, to be read or changed. Held for as long as the guard lives; never by the audio thread.
    pub fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PersistentField<'_, Kept> for Arc<Shelf> {
    /// A damaged state may hold anything: what is no value is dropped, and what is no shelf of ours is passed over.
    fn set(&self, mut kept: Kept) {
        if kept.locked.len() > MOST || kept.waiting.values.len() > MOST {
            return;
        }
        kept.waiting.values.retain(|_, value| (0.0..=1.0).contains(value));
        *self.lock() = kept;
    }

    fn map<F, R>(&self, f: F) -> R
    where
        F: Fn(&Kept) -> R,
    {
        f(&self.lock())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_the_mix_is_locked_at_first() {
        let shelf = Shelf::default();
        assert!(["mix", "out", "seed", "qual", "bedtr", "keytr"].iter().all(|id| shelf.lock().locked.contains(*id)));
        assert!(!shelf.lock().locked.contains("decay"));
    }

    #[test]
    fn it_comes_back_as_it_was_saved() {
        let from = Arc::new(Shelf::default());
        {
            let mut kept = from.lock();
            kept.locked.clear();
            kept.preset = Some("Submerged".into());
            kept.side = Side::B;
            kept.waiting.values.insert("decay".into(), 0.25);
        }
        let json = from.map(|kept| serde_json::to_string(kept).unwrap());
        let to = Arc::new(Shelf::default());
        to.set(serde_json::from_str(&json).unwrap());
        assert_eq!(*to.lock(), *from.lock());
    }

    #[test]
    fn a_damaged_shelf_keeps_its_good_parts() {
        let shelf = Arc::new(Shelf::default());
        shelf.set(serde_json::from_str(r#"{"waiting":{"values":{"a":0.5,"b":7.0,"c":-1e30}}}"#).unwrap());
        assert_eq!(shelf.lock().waiting.values.keys().collect::<Vec<_>>(), ["a"]);
        assert!(shelf.lock().locked.contains("mix"));
    }
}
