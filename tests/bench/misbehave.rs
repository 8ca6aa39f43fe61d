//! What Misbehave costs.

use misbehave::Misbehave;
use suite_tests::{bench, laws::Values};

#[path = "../subjects/misbehave.rs"]
mod subject;

/// Every step carries an event of every lane by turns; and what else is wanted.
macro_rules! every_lane {
    ($($more:expr),*) => {
        &[
            ("activ", 100.0),
            ("stut", 50.0),
            ("revs", 50.0),
            ("speed", 50.0),
            ("spamt", 50.0),
            ("scat", 50.0),
            ("scgrn", 32.0),
            ("crush", 50.0),
            ("gate", 50.0),
            ("pitch", 50.0),
            ("feed", 50.0),
            $($more),*
        ]
    };
}
const ALL: Values = every_lane!();
const ALL_AND_RISE: Values = every_lane!(("rise", 100.0), ("rcycle", 8.0));
const GRAINS: Values = &[("activ", 100.0), ("fscat", 1.0), ("scgrn", 32.0)];
const TAPE: Values = &[("fspeed", 1.0), ("spamt", 50.0)];
const PITCH: Values = &[("fpitch", 1.0)];
const FORMANTS: Values = &[("fpitch", 1.0), ("pform", 1.0)];
const RISE: Values = &[("activ", 0.0), ("rise", 100.0), ("rcycle", 8.0)];
/// Nothing to do, in each of three ways.
const NO_ACTIVITY: Values = &[("activ", 0.0)];
const NO_LANES: Values = &[("stut", 0.0), ("revs", 0.0), ("scat", 0.0), ("gate", 0.0)];
const NO_MIX: Values = &[("mix", 0.0)];

fn main() {
    bench::table(&subject::subject());
    for (name, values) in [
        ("idle: Activity 0 %", NO_ACTIVITY),
        ("idle: all lanes and Rise 0 %", NO_LANES),
        ("idle: Mix 0 %", NO_MIX),
        ("all lanes with 32 grains", ALL),
        ("all lanes with 32 grains, and Rise", ALL_AND_RISE),
        ("32 grains all the time", GRAINS),
        ("Speed all the time", TAPE),
        ("Pitch all the time", PITCH),
        ("Pitch with formants all the time", FORMANTS),
        ("Rise", RISE),
    ] {
        bench::busy::<Misbehave>(name, values);
    }
}
