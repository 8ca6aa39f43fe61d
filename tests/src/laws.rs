//! The twelve laws of the design, for every plugin.
//!
//! | law | where |
//! | --- | --- |
//! | 1 finite, 2 calm, 9 click-free, 10 rates | [`sound`] |
//! | 4 partition, 5 repeat, 6 place | [`time`] |
//! | 3 real time, 7 idle, 8 told = measured | [`host`] |
//! | 11 state, 12 frozen, and presets | [`contract`] |
//!
//! `cargo xtask test` runs them over all 40 pairs of rate and cut, each in mono or stereo by turns; with
//! `GREEN_RING_SOAK=1` each pair runs in both, and longer.

use nice_plug::prelude::Plugin;

use crate::rig::{Change, Cut, Motion, Rig, Run};
use crate::signals::{self, Planar};

pub mod contract;
pub mod host;
pub mod sound;
pub mod time;

/// Plain values of parameters, by id; of a choice its index, of a switch 0 or 1.
pub type Values = &'static [(&'static str, f32)];

/// The sample rates of the laws, in hertz.
pub const RATES: [f64; 5] = [44_100.0, 48_000.0, 88_200.0, 96_000.0, 192_000.0];

/// One plugin, and what the laws must know of it.
pub struct Subject<P: Plugin> {
    /// Package name with underscores; names the golden file.
    pub name: &'static str,
    /// Settings under which all of the plugin is heard.
    pub lively: Values,
    /// Settings, each on top of the defaults, under which nothing is to be done.
    pub idle: &'static [Values],
    /// Settings under which the wet sound is the dry sound, delayed: an impulse then arrives at the told latency.
    pub through: Option<Values>,
    /// Told memory in seconds at the settings that the rig has now.
    pub memory_s: fn(&Rig<P>) -> f64,
    /// How closely the sound agrees after the told memory, in dBFS; `-inf` where nothing recurses.
    pub place_db: f64,
    /// Parameters whose sound is a break: the normalized value up to which law 9 holds, and the reason.
    pub breaks: &'static [(&'static str, f32, &'static str)],
    /// The factory presets' files.
    pub presets: &'static [&'static str],
}

/// Whether the long matrix is asked for.
pub fn soak() -> bool {
    std::env::var_os("GREEN_RING_SOAK").is_some()
}

/// Rate, cut and channel count: every pair of rate and cut, the width by turns (both in a soak).
pub fn matrix() -> Vec<(f64, Cut, usize)> {
    let pairs = RATES
        .iter()
        .enumerate()
        .flat_map(|(i, rate)| Cut::ALL.iter().enumerate().map(move |(k, cut)| (i + k, *rate, *cut)));
    let widths = |turn: usize| if soak() { vec![1, 2] } else { vec![1 + turn % 2] };
    pairs.flat_map(|(turn, rate, cut)| widths(turn).into_iter().map(move |width| (rate, cut, width))).collect()
}

/// Input and key of a law's run.
pub struct Material {
    /// The main input.
    pub input: Planar,
    /// The key input; used where the plugin has one.
    pub key: Planar,
}

impl Material {
    /// A busy programme and a speaking key, `seconds` long.
    pub fn new(rate_hz: f64, channels: usize, seconds: f64) -> Self {
        let frames = (seconds * rate_hz) as usize;
        Self {
            input: signals::programme(rate_hz, 1, channels, frames),
            key: signals::babble(rate_hz, 2, channels, frames),
        }
    }

    /// A run of it, played from song sample 0.
    pub fn run<'a>(&'a self, cut: Cut, motions: &'a [Motion], changes: &'a [Change]) -> Run<'a> {
        Run { input: &self.input, key: Some(&self.key), cut, motions, changes }
    }
}

/// Automation that moves every parameter by chance, `per_second` changes of each a second.
pub fn storm<P: Plugin>(rig: &Rig<P>, seed: u32, frames: usize, per_second: f64) -> Vec<Change> {
    let every = (rig.rate_hz / per_second) as usize;
    let mut changes = vec![];
    for (lane, id) in rig.ids().iter().enumerate() {
        let chance = green_ring_dsp::chance::Chance::new(seed, lane as u32);
        for k in 0..frames / every {
            let [when, value, edge, _] = chance.uniform(k as i64);
            let normalized = if edge < 0.2 { value.round() } else { value };
            let frame = k * every + (when * every as f32) as usize;
            changes.push(Change { frame, id: id.clone(), normalized });
        }
    }
    changes.sort_by_key(|c| c.frame);
    changes
}

/// The tests of one plugin: `laws!(SUBJECT)` for a `Subject` named `SUBJECT`.
#[macro_export]
macro_rules! laws {
    ($subject:expr) => {
        mod laws {
            use super::*;
            use suite_tests::laws;

            #[test]
            fn law_01_finite() {
                laws::sound::finite(&$subject);
            }
            #[test]
            fn law_02_calm() {
                laws::sound::calm(&$subject);
            }
            #[test]
            fn law_03_real_time() {
                laws::host::real_time(&$subject);
            }
            #[test]
            fn law_04_partition() {
                laws::time::partition(&$subject);
            }
            #[test]
            fn law_05_repeat() {
                laws::time::repeat(&$subject);
            }
            #[test]
            fn law_06_place() {
                laws::time::place(&$subject);
            }
            #[test]
            fn law_07_idle() {
                laws::host::idle(&$subject);
            }
            #[test]
            fn law_08_told_is_measured() {
                laws::host::told(&$subject);
            }
            #[test]
            fn law_09_click_free() {
                laws::sound::click_free(&$subject);
            }
            #[test]
            fn law_10_rates() {
                laws::sound::rates(&$subject);
            }
            #[test]
            fn law_11_state() {
                laws::contract::state(&$subject);
            }
            #[test]
            fn law_12_frozen() {
                laws::contract::frozen(&$subject);
            }
            #[test]
            fn presets_keep_their_level() {
                laws::contract::presets(&$subject);
            }
            #[test]
            fn the_editor_explains_every_control() {
                suite_tests::editor::explained(&$subject);
            }
        }
    };
}
