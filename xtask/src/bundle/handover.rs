//! The folder for a mixer who has no Rust: both formats, licences, a page on where to drop what.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{copy, licences, names, zip};
use crate::suite::{self, Plugin};
use crate::vst3_presets;

/// Makes the folder and its zip in the target folder, and returns the zip.
pub fn make(plugins: &[Plugin], bundled: &Path) -> Result<PathBuf> {
    let version = version()?;
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    let folder = suite::target()?.join(format!("green-ring-{version}-{system}-{machine}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).context("cannot renew the folder to hand on")?;
    }
    fs::create_dir_all(folder.join("CLAP")).context("cannot make the folder to hand on")?;
    fs::create_dir_all(folder.join("VST3")).context("cannot make the folder to hand on")?;
    for plugin in plugins {
        copy(&bundled.join(plugin.clap()), &folder.join("CLAP").join(plugin.clap()))?;
        copy(&bundled.join(plugin.vst3()), &folder.join("VST3").join(plugin.vst3()))?;
    }
    vst3_presets::write(plugins, bundled, &folder.join("VST3 Presets"))?;
    copy(&suite::root().join("LICENSE"), &folder.join("LICENSE.txt"))?;
    fs::write(folder.join("THIRD-PARTY.txt"), licences::text(plugins)?)?;
    fs::write(folder.join("INSTALL.txt"), page(plugins, &version))?;
    zip::pack(&folder)
}

fn version() -> Result<String> {
    let metadata = suite::metadata(&["--no-deps"])?;
    let packages = metadata["packages"].as_array().context("cargo lists no packages")?;
    let of_plugin = packages.iter().find(|package| package["name"] == suite::PLUGINS[0].package);
    let version = of_plugin.and_then(|package| package["version"].as_str());
    Ok(version.context("the plugins have no version")?.to_owned())
}

fn page(plugins: &[Plugin], version: &str) -> String {
    let (clap, vst3, presets) = match std::env::consts::OS {
        "macos" => ("~/Library/Audio/Plug-Ins/CLAP", "~/Library/Audio/Plug-Ins/VST3", "~/Library/Audio/Presets"),
        "windows" => {
            (r"%LOCALAPPDATA%\Programs\Common\CLAP", r"%LOCALAPPDATA%\Programs\Common\VST3", r"%APPDATA%\VST3 Presets")
        }
        _ => ("~/.clap", "~/.vst3", "~/.vst3/presets"),
    };
    let unlock = match std::env::consts::OS {
        "macos" => UNLOCK,
        _ => "",
    };
    format!(
        "Green Ring {version}: {}\n\n\
         Take one format; a DAW that loads both shows each plugin twice.\n\n\
         CLAP (Bitwig, REAPER): copy what is in the folder CLAP to\n    {clap}\n\
         VST3 (any other DAW):  copy what is in the folder VST3 to\n    {vst3}\n\n\
         Each editor has the factory presets in it. For the DAW's own browser of VST3 presets,\n\
         copy what is in the folder VST3 Presets to\n    {presets}\n\n\
         Make the folder where it does not exist yet, copy the .vst3 folders whole, and let the\n\
         DAW scan for plugins (REAPER: Preferences, Plug-ins, Re-scan; Bitwig scans by itself).\n\
         To remove a plugin, delete it there.\n{unlock}\n\
         Licence: LICENSE.txt. What others wrote in it: THIRD-PARTY.txt.\n",
        names(plugins)
    )
}

/// Files that came by mail or browser are quarantined there, and these are not notarised.
const UNLOCK: &str = "\n\
    If macOS will not open them, lift the quarantine in Terminal:\n    \
    xattr -dr com.apple.quarantine ~/Library/Audio/Plug-Ins/CLAP ~/Library/Audio/Plug-Ins/VST3\n";
