//! A foreign host: pedalboard, which is JUCE behind Python, in an environment of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::suite;

/// JUCE's host in a package, and the arrays that it talks in.
const PACKAGES: [&str; 2] = ["pedalboard==0.9.26", "numpy"];

/// Loads, plays and reloads every VST3 there.
pub fn run(bundled: &Path) -> Result<()> {
    let python = environment()?;
    let script = suite::root().join("tests").join("foreign.py");
    let mut command = Command::new(python);
    suite::run(command.arg(script).arg(bundled), "the foreign host")
}

/// The environment's Python, made and filled where that is still to do.
fn environment() -> Result<PathBuf> {
    let folder = suite::target()?.join("foreign");
    let python = match cfg!(windows) {
        true => folder.join("Scripts").join("python.exe"),
        false => folder.join("bin").join("python"),
    };
    if !python.exists() {
        let mut make = Command::new("python3");
        suite::run(make.args(["-m", "venv"]).arg(&folder), "the Python environment")?;
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES);
    suite::run(&mut pip, "installing the foreign host")?;
    Ok(python)
}
