//! The built bundles, opened through the real ABIs of both formats, as a DAW opens them.

#[path = "bundles/damage.rs"]
mod damage;
#[path = "bundles/listing.rs"]
mod listing;
#[path = "bundles/sound.rs"]
mod sound;
#[path = "bundles/state.rs"]
mod state;
#[path = "bundles/text.rs"]
mod text;

use suite_tests::bundle::Bundle;
use suite_tests::host::{Host, Param};

/// Runs each check once a plugin.
macro_rules! for_every_plugin {
    ($($file:ident::$check:ident,)*) => {
        for_every_plugin!(dream_reverb 0, $($file::$check,)*);
        for_every_plugin!(misbehave 1, $($file::$check,)*);
        for_every_plugin!(tape_decay 2, $($file::$check,)*);
        for_every_plugin!(dialogue_ducker 3, $($file::$check,)*);
    };
    ($plugin:ident $index:literal, $($file:ident::$check:ident,)*) => {
        mod $plugin {
            $(#[test]
            fn $check() {
                super::$file::$check(&suite_tests::bundle::ALL[$index]);
            })*
        }
    };
}

for_every_plugin! {
    listing::opens_by_its_fixed_ids,
    listing::same_parameters_in_both_formats,
    listing::one_bypass_for_the_host,
    listing::ports_follow_the_layout,
    listing::first_page_is_for_automation,
    text::reads_what_it_writes,
    text::seconds_in_three_spellings,
    sound::plays_in_every_layout,
    sound::formats_sound_the_same,
    sound::any_cut_sounds_the_same,
    state::travels_between_formats,
    state::missing_values_take_their_default,
    state::foreign_state_changes_nothing,
    damage::damaged_state_never_harms,
    damage::broken_stream_is_refused,
}

/// A number from 0 to 1 that belongs to `index`: the finalizer of SplitMix64 (Steele et al., OOPSLA 2014).
fn chance(index: u64) -> f64 {
    let mut bits = index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// A value for every parameter, another set for each `seed`.
fn random_values(params: &[Param], seed: u64) -> Vec<(u32, f64)> {
    let value = |(index, param): (usize, &Param)| (param.id, param.snap(chance(seed * 1000 + index as u64)));
    params.iter().enumerate().map(value).collect()
}

/// The format and the plugin, for messages.
fn place<H: Host>(bundle: &Bundle) -> String {
    format!("{} {}", bundle.title, H::FORMAT)
}
