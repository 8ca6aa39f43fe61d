//! `cargo xtask install`: builds, puts the bundles where DAWs look, and plays sound through what was installed.

pub mod sound_check;
mod test_sound;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::bundle::{build, chosen, copy};
use crate::suite::Plugin;
use crate::vst3_presets;

/// What to install, and where.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Only this plugin; may be repeated
    #[arg(short, long, value_name = "NAME", value_parser = Plugin::find)]
    package: Vec<Plugin>,
    /// Puts both formats in this folder, and the presets of VST3 hosts in "VST3 Presets" there
    #[arg(long, value_name = "DIR", value_parser = absolute)]
    to: Option<PathBuf>,
}

fn absolute(text: &str) -> std::io::Result<PathBuf> {
    std::path::absolute(text)
}

/// Where each format goes.
#[derive(Debug, PartialEq)]
struct Folders {
    clap: PathBuf,
    vst3: PathBuf,
    presets: PathBuf,
}

/// Installs, then prints a row for each plugin.
pub fn install(arguments: &Arguments) -> Result<()> {
    let folders = match &arguments.to {
        Some(folder) => Folders { clap: folder.clone(), vst3: folder.clone(), presets: folder.join("VST3 Presets") },
        None => Folders::of(std::env::consts::OS, |name| std::env::var_os(name))?,
    };
    // Before minutes of building, not after them.
    for folder in [&folders.clap, &folders.vst3, &folders.presets] {
        fs::create_dir_all(folder).with_context(|| format!("cannot install into {}", folder.display()))?;
    }
    let plugins = chosen(&arguments.package);
    let bundled = build(&plugins, &["--release"])?;
    for plugin in &plugins {
        place(&bundled.join(plugin.clap()), &folders.clap)?;
        place(&bundled.join(plugin.vst3()), &folders.vst3)?;
    }
    println!("CLAP in {}, VST3 in {}", folders.clap.display(), folders.vst3.display());
    let count = vst3_presets::write(&plugins, &bundled, &folders.presets)?;
    println!("{count} presets for the browsers of VST3 hosts in {}\n", folders.presets.display());
    check(&plugins, &folders.clap)
}

impl Folders {
    /// The user's own folders (CLAP `entry.h`; Steinberg, "Plug-in Locations" and "Preset Locations").
    fn of(system: &str, variable: impl Fn(&str) -> Option<OsString>) -> Result<Folders> {
        let base = |name| {
            let value = variable(name).filter(|value| !value.is_empty());
            value.map(PathBuf::from).context("no home folder is known: say where with --to DIR")
        };
        let (programs, data) = if system == "windows" { ("LOCALAPPDATA", "APPDATA") } else { ("HOME", "HOME") };
        let (clap, vst3, presets) = match system {
            "windows" => ("Programs/Common/CLAP", "Programs/Common/VST3", "VST3 Presets"),
            "macos" => ("Library/Audio/Plug-Ins/CLAP", "Library/Audio/Plug-Ins/VST3", "Library/Audio/Presets"),
            _ => (".clap", ".vst3", ".vst3/presets"),
        };
        let programs = base(programs)?;
        Ok(Folders { clap: programs.join(clap), vst3: programs.join(vst3), presets: base(data)?.join(presets) })
    }
}

/// Copies a bundle beside its place and then swaps it in, so that a DAW never finds half of one.
fn place(bundle: &Path, folder: &Path) -> Result<()> {
    let told = || format!("cannot install into {}", folder.display());
    let name = bundle.file_name().context("a bundle without a name")?.to_string_lossy();
    let (new, old) = (folder.join(format!(".{name}.new")), folder.join(format!(".{name}.old")));
    let installed = folder.join(&*name);
    fs::create_dir_all(folder).with_context(told)?;
    remove(&new).with_context(told)?;
    remove(&old).with_context(told)?;
    copy(bundle, &new)?;
    if installed.is_dir() {
        fs::rename(&installed, &old).with_context(told)?;
    }
    fs::rename(&new, &installed).with_context(told)?;
    remove(&old).with_context(told)
}

/// Removes a file, a link or a folder; nothing there is fine.
fn remove(path: &Path) -> std::io::Result<()> {
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    }
}

/// Plays sound through each installed CLAP, each in its own process: one that crashes is told, not followed.
fn check(plugins: &[Plugin], folder: &Path) -> Result<()> {
    println!("{}", sound_check::head());
    let mut failed = Vec::new();
    for plugin in plugins {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("sound-check").arg(folder.join(plugin.clap()));
        let status = command.status().context("cannot start the sound check")?;
        if !status.success() {
            failed.push(plugin.name);
        }
        if status.code().is_none() {
            eprintln!("error: {} crashed while it was loaded or played ({status})", plugin.name);
        }
    }
    ensure!(failed.is_empty(), "installed, but they do not play: {}", failed.join(", "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(system: &str) -> Result<Folders> {
        Folders::of(system, |name| match name {
            "HOME" => Some("/home/mixer".into()),
            "LOCALAPPDATA" => Some("C:/Users/mixer/Local".into()),
            "APPDATA" => Some("C:/Users/mixer/Roaming".into()),
            _ => None,
        })
    }

    #[test]
    fn each_system_has_its_folders() {
        let linux = folders("linux").expect("folders");
        assert_eq!(linux.clap, Path::new("/home/mixer/.clap"));
        assert_eq!(linux.vst3, Path::new("/home/mixer/.vst3"));
        assert_eq!(linux.presets, Path::new("/home/mixer/.vst3/presets"));
        let mac = folders("macos").expect("folders");
        assert_eq!(mac.vst3, Path::new("/home/mixer/Library/Audio/Plug-Ins/VST3"));
        let windows = folders("windows").expect("folders");
        assert_eq!(windows.clap, Path::new("C:/Users/mixer/Local/Programs/Common/CLAP"));
        assert_eq!(windows.presets, Path::new("C:/Users/mixer/Roaming/VST3 Presets"));
        assert!(Folders::of("linux", |_| None).is_err());
    }

    #[test]
    fn a_bundle_replaces_the_one_before_whole() {
        let root = std::env::temp_dir().join(format!("green-ring-place-{}", std::process::id()));
        let (bundle, folder) = (root.join("A.vst3"), root.join("installed"));
        fs::create_dir_all(bundle.join("Contents")).expect("folder");
        fs::write(bundle.join("Contents/one"), "1").expect("file");
        place(&bundle, &folder).expect("installed");
        fs::rename(bundle.join("Contents/one"), bundle.join("Contents/two")).expect("renamed");
        place(&bundle, &folder).expect("installed again");
        let inside = |path: PathBuf| fs::read_dir(path).expect("folder").count();
        assert_eq!(inside(folder.clone()), 1);
        assert_eq!(inside(folder.join("A.vst3/Contents")), 1);
        assert!(folder.join("A.vst3/Contents/two").exists());
        fs::remove_dir_all(root).expect("removed");
    }
}
