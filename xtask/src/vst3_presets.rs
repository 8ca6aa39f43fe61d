//! The factory presets as `.vstpreset` files, which VST3 hosts list in their own browsers.
//!
//! Each is made by the built plugin: a fresh instance takes the preset's values and saves its state, which is the same in
//! both formats. A field marks the state as a preset, so that the plugin leaves alone what belongs to the project or to the
//! place in a mix (`plugins/shared/shell/src/state.rs`).

mod file;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::host::Hosted;
use crate::render::preset::{self, Preset};
use crate::suite::{PLUGINS, Plugin};
use file::{COMPONENT, INFO};

/// The maker's folder, in which each plugin has its own.
const VENDOR: &str = "Green Ring";

/// The field that marks a state as a preset.
const MARK: &str = "preset";

/// Where to write, for those who have only the bundles.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder that gets a folder of the maker
    folder: PathBuf,
}

/// Writes the presets of all plugins from the bundles as they are.
pub fn vst3_presets(arguments: &Arguments) -> Result<()> {
    let count = write(&PLUGINS, &crate::suite::bundled()?, &arguments.folder)?;
    println!("{count} presets in {}", arguments.folder.join(VENDOR).display());
    Ok(())
}

/// Writes the factory presets of the plugins, whose bundles are in `bundled`, below `folder`, and removes those that we
/// wrote earlier and that are no more. What the user keeps there is left alone. Returns how many there are.
pub fn write(plugins: &[Plugin], bundled: &Path, folder: &Path) -> Result<usize> {
    let mut count = 0;
    for plugin in plugins {
        let files = files(*plugin, &bundled.join(plugin.clap())).with_context(|| plugin.name)?;
        renew(&folder.join(VENDOR).join(plugin.name), &files)?;
        count += files.len();
    }
    Ok(count)
}

/// Names and contents of a plugin's files.
fn files(plugin: Plugin, clap: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let presets = preset::all(&plugin.presets())?;
    let file = |preset: &Preset| -> Result<_> {
        let mut hosted = Hosted::load(clap)?;
        hosted.set_plain(&preset.values).with_context(|| format!("preset '{}'", preset.name))?;
        let mut state = hosted.json()?;
        state["fields"] = json!({ MARK: preset.name });
        let chunks = [(COMPONENT, state.to_string()), (INFO, info(plugin, preset))];
        let chunks = chunks.each_ref().map(|(name, text)| (*name, text.as_bytes()));
        Ok((format!("{}.vstpreset", plain(&preset.name)), file::encode(plugin.vst3_class, &chunks)))
    };
    presets.iter().map(file).collect()
}

/// A name without what file systems do not take, replaced as Steinberg's "Preset Locations" has it.
fn plain(name: &str) -> String {
    name.replace(['"', '\\', '*', '?', '/', ':', '<', '>', '|'], "_")
}

/// What a browser may show of it.
fn info(plugin: Plugin, preset: &Preset) -> String {
    let attribute = |(id, value): (&str, &str)| {
        let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        format!("\t<Attribute id=\"{id}\" value=\"{value}\" type=\"string\" flags=\"writeProtected\"/>\n")
    };
    let attributes = [
        ("MediaType", "VstPreset"),
        ("PlugInName", plugin.name),
        ("PlugInVendor", VENDOR),
        ("Name", &preset.name),
        ("Comment", &preset.comment),
    ];
    let attributes: String = attributes.into_iter().map(attribute).collect();
    format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<MetaInfo>\n{attributes}</MetaInfo>\n")
}

/// Puts the files into the folder, each whole or not at all, and takes away those of ours that are no longer among them.
fn renew(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    let told = || format!("cannot write presets into {}", folder.display());
    fs::create_dir_all(folder).with_context(told)?;
    for (name, bytes) in files {
        let (path, beside) = (folder.join(name), folder.join(format!(".{name}.new")));
        if path.exists() && !is_ours(&path) {
            eprintln!("{} is not ours: left as it is", path.display());
            continue;
        }
        let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, &path));
        if written.is_err() {
            // Nothing half-written stays; that it cannot be removed either is no news.
            let _ = fs::remove_file(&beside);
        }
        written.with_context(told)?;
    }
    for entry in fs::read_dir(folder).with_context(told)? {
        let path = entry.with_context(told)?.path();
        let stays = files.iter().any(|(name, _)| path.file_name() == Some(OsStr::new(name)));
        if !stays && is_ours(&path) {
            fs::remove_file(&path).with_context(told)?;
        }
    }
    Ok(())
}

/// Whether we wrote this file: a host that saves a preset of its own saves a state without our mark.
fn is_ours(path: &Path) -> bool {
    let state = fs::read(path).ok().and_then(|bytes| {
        let component = file::chunk(&bytes, COMPONENT)?;
        serde_json::from_slice::<Value>(component).ok()
    });
    state.is_some_and(|state| state["fields"][MARK].is_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(text: &str) -> Vec<u8> {
        let state = json!({ "fields": { MARK: text } }).to_string();
        file::encode(b"GreenRingMisbehv", &[(COMPONENT, state.as_bytes())])
    }

    #[test]
    fn old_ones_go_and_the_users_stay() {
        let folder = std::env::temp_dir().join(format!("green-ring-vstpresets-{}", std::process::id()));
        renew(&folder, &[("One.vstpreset".into(), ours("1")), ("Two.vstpreset".into(), ours("2"))]).expect("written");
        let users = file::encode(b"GreenRingMisbehv", &[(COMPONENT, br#"{"fields":{}}"#)]);
        fs::write(folder.join("Mine.vstpreset"), &users).expect("file");
        fs::write(folder.join("Three.vstpreset"), &users).expect("file");
        fs::write(folder.join("notes.txt"), "mine").expect("file");
        renew(&folder, &[("Two.vstpreset".into(), ours("new")), ("Three.vstpreset".into(), ours("3"))])
            .expect("renewed");
        let mut names: Vec<_> =
            fs::read_dir(&folder).expect("folder").map(|entry| entry.expect("entry").file_name()).collect();
        names.sort();
        assert_eq!(names, ["Mine.vstpreset", "Three.vstpreset", "Two.vstpreset", "notes.txt"]);
        assert_eq!(fs::read(folder.join("Two.vstpreset")).expect("file"), ours("new"));
        assert_eq!(fs::read(folder.join("Three.vstpreset")).expect("file"), users, "never over the user's own");
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn names_and_comments_fit_where_they_stand() {
        assert_eq!(plain("Live / Kept?"), "Live _ Kept_");
        let preset = Preset { name: "A \"B\"".into(), comment: "x < y & z".into(), values: Default::default() };
        let text = info(PLUGINS[0], &preset);
        assert!(text.contains("value=\"A &quot;B&quot;\"") && text.contains("x &lt; y &amp; z"), "{text}");
    }
}
