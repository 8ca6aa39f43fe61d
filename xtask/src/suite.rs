//! What the suite consists of, and where it lies on disk.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// One of the four plugins: its package in the workspace, the name that a host shows, and its VST3 class id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plugin {
    pub package: &'static str,
    pub name: &'static str,
    pub vst3_class: &'static [u8; 16],
}

/// All of them, in the order of the README. The names are those of `bundler.toml`.
pub const PLUGINS: [Plugin; 4] = [
    Plugin { package: "dream-reverb", name: "Dream Reverb", vst3_class: b"GreenRingDreamRv" },
    Plugin { package: "misbehave", name: "Misbehave", vst3_class: b"GreenRingMisbehv" },
    Plugin { package: "tape-decay", name: "Tape Decay", vst3_class: b"GreenRingTapeDec" },
    Plugin { package: "dialogue-ducker", name: "Dialogue Ducker", vst3_class: b"GreenRingDialDuk" },
];

impl Plugin {
    /// The plugin of this package name or display name, whatever the case.
    pub fn find(text: &str) -> Result<Plugin, String> {
        let wanted = text.trim();
        let found = PLUGINS
            .into_iter()
            .find(|plugin| wanted.eq_ignore_ascii_case(plugin.package) || wanted.eq_ignore_ascii_case(plugin.name));
        found.ok_or_else(|| format!("expected {}", PLUGINS.map(|p| p.package).join(", ")))
    }

    /// The file or folder name of its CLAP.
    pub fn clap(&self) -> String {
        format!("{}.clap", self.name)
    }

    /// The folder name of its VST3.
    pub fn vst3(&self) -> String {
        format!("{}.vst3", self.name)
    }

    /// The folder of its factory presets.
    pub fn presets(&self) -> PathBuf {
        root().join("plugins").join(self.package).join("presets")
    }
}

/// The repository, whatever folder the command was called from: where `bundler.toml` lies. Cargo tells at run time where
/// the package is; what it told at build time is out of date once the repository has moved.
pub fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let built = env!("CARGO_MANIFEST_DIR");
        let package = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or(built.into()));
        let root = package.ancestors().find(|folder| folder.join("bundler.toml").is_file());
        root.unwrap_or(&package).to_owned()
    });
    &ROOT
}

/// What cargo knows of the workspace, as `cargo metadata` tells it.
pub fn metadata(arguments: &[&str]) -> Result<Value> {
    let output =
        cargo().args(["metadata", "--format-version", "1"]).args(arguments).output().context("cannot run cargo")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo metadata failed: {}", complaint.trim());
    serde_json::from_slice(&output.stdout).context("cargo metadata gave no JSON")
}

/// The folder that cargo builds into.
pub fn target() -> Result<PathBuf> {
    let metadata = metadata(&["--no-deps"])?;
    let target = metadata["target_directory"].as_str().context("cargo tells no target folder")?;
    Ok(PathBuf::from(target))
}

/// The folder of the built bundles: where the tests are told that it is, else where cargo builds.
pub fn bundled() -> Result<PathBuf> {
    match std::env::var_os("GREEN_RING_BUNDLES") {
        Some(folder) => Ok(PathBuf::from(folder)),
        None => Ok(target()?.join("bundled")),
    }
}

/// A cargo call that works on this workspace.
pub fn cargo() -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root());
    cargo
}

/// Runs a command to its end; anything but success is an error that names `what` was going on.
pub fn run(command: &mut Command, what: &str) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("{what}: cannot run {program}"))?;
    ensure!(status.success(), "{what} failed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_bundler() {
        let text = std::fs::read_to_string(root().join("bundler.toml")).expect("bundler.toml");
        for plugin in PLUGINS {
            let entry = format!("[{}]\nname = \"{}\"", plugin.package, plugin.name);
            assert!(text.contains(&entry), "{entry}");
        }
        assert_eq!(text.matches("name =").count(), PLUGINS.len());
    }

    #[test]
    fn either_name_finds_a_plugin() {
        assert_eq!(Plugin::find("dream reverb"), Ok(PLUGINS[0]));
        assert_eq!(Plugin::find(" Tape-Decay "), Ok(PLUGINS[2]));
        let error = Plugin::find("reverb").expect_err("no such plugin");
        assert_eq!(error, "expected dream-reverb, misbehave, tape-decay, dialogue-ducker");
    }
}
