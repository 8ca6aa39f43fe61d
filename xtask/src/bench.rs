//! `cargo xtask bench`.

use std::process::Command;

use anyhow::Result;

use crate::suite::{cargo, run};

/// Runs the benches of all plugins and, where there is a C++ compiler to build them with, of their peers.
pub fn bench() -> Result<()> {
    let mut bench = cargo();
    bench.args(["bench", "--package", "suite-tests"]);
    let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".into());
    if Command::new(&compiler).arg("--version").output().is_ok() {
        bench.args(["--features", "peers"]);
    } else {
        eprintln!("Without the C++ compiler `{compiler}` the peers are not measured.");
    }
    run(&mut bench, "the benches")
}
