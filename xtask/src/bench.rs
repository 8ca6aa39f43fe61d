//! `cargo xtask bench`.

use anyhow::Result;

use crate::suite::{cargo, run};

/// Runs the benches of all plugins.
pub fn bench() -> Result<()> {
    run(cargo().args(["bench", "--package", "suite-tests"]), "the benches")
}
