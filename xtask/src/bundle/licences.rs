//! The licences of everything that is linked into the plugins.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::suite::{self, Plugin};

/// File names that begin so hold a licence; in a folder of fonts every text does.
const NAMES: [&str; 6] = ["license", "licence", "copying", "copyright", "notice", "unlicense"];

/// Where crates keep them besides their root; fonts carry their own.
const FOLDERS: [&str; 4] = ["", "licenses", "LICENSES", "fonts"];

/// A list of crates with their licences, then each text once with the crates that it covers.
pub fn text(plugins: &[Plugin]) -> Result<String> {
    let metadata = suite::metadata(&["--filter-platform", &platform()?])?;
    let linked = linked(&metadata, plugins)?;
    let mut list = String::from("Green Ring contains these works of others.\n\n");
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages(&metadata)?.filter(|package| linked.contains(id(package))) {
        if package["source"].is_null() {
            continue;
        }
        let word = |field: &str| package[field].as_str().unwrap_or("see its text below").to_owned();
        let name = format!("{} {}", word("name"), word("version"));
        let files = licence_files(Path::new(&word("manifest_path")));
        let by = if files.is_empty() { authors(package) } else { String::new() };
        writeln!(list, "{name}: {}{by}", word("license"))?;
        for text in files {
            texts.entry(text).or_default().push(name.clone());
        }
    }
    for (text, names) in texts {
        writeln!(list, "\n{}\n{}\n\n{}", "=".repeat(80), names.join(", "), text)?;
    }
    Ok(list)
}

/// The target triple of this machine, as rustc tells it.
fn platform() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("cannot run rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc tells no host")?.to_owned())
}

fn packages(metadata: &Value) -> Result<impl Iterator<Item = &Value>> {
    Ok(metadata["packages"].as_array().context("cargo lists no packages")?.iter())
}

fn id(package: &Value) -> &str {
    package["id"].as_str().unwrap_or_default()
}

/// Ids of the packages that the plugins reach by normal dependencies; build and test dependencies are not linked.
fn linked<'m>(metadata: &'m Value, plugins: &[Plugin]) -> Result<BTreeSet<&'m str>> {
    let nodes = metadata["resolve"]["nodes"].as_array().context("cargo resolved nothing")?;
    let by_id: BTreeMap<&str, &Value> = nodes.iter().map(|node| (id(node), node)).collect();
    let ours = |package: &&Value| plugins.iter().any(|plugin| package["name"] == plugin.package);
    let mut waiting: Vec<&str> = packages(metadata)?.filter(ours).map(id).collect();
    let mut reached = BTreeSet::new();
    while let Some(package) = waiting.pop() {
        if reached.insert(package) {
            let dependencies = by_id.get(package).and_then(|node| node["deps"].as_array());
            let normal = dependencies.into_iter().flatten().filter(|&dependency| is_normal(dependency));
            waiting.extend(normal.filter_map(|dependency| dependency["pkg"].as_str()));
        }
    }
    Ok(reached)
}

fn is_normal(dependency: &Value) -> bool {
    let kinds = dependency["dep_kinds"].as_array();
    kinds.into_iter().flatten().any(|kind| kind["kind"].is_null())
}

/// Who wrote a package that ships no licence text of its own, and where it lives.
fn authors(package: &Value) -> String {
    let authors = package["authors"].as_array().into_iter().flatten();
    let names = authors.filter_map(|author| author.as_str()?.split('<').next());
    let names: Vec<&str> = names.map(str::trim).collect();
    let home = package["repository"].as_str().unwrap_or_default();
    format!("; no text in its package; {} {home}", names.join(", "))
}

fn licence_files(manifest: &Path) -> Vec<String> {
    let Some(root) = manifest.parent() else { return Vec::new() };
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in FOLDERS {
        let entries = fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
        files.extend(entries.map(|entry| entry.path()).filter(|path| is_licence(path)));
    }
    files.sort();
    files.dedup();
    let texts = files.iter().filter_map(|file| fs::read_to_string(file).ok());
    texts.map(|text| text.replace("\r\n", "\n").trim().to_owned()).collect()
}

fn is_licence(path: &Path) -> bool {
    let lower = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().to_lowercase();
    let named = NAMES.iter().any(|known| lower(path.file_name()).starts_with(known));
    let of_font = lower(path.extension()) == "txt" && path.parent().is_some_and(|p| p.ends_with("fonts"));
    path.is_file() && (named || of_font)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_is_linked_is_reached() {
        let dependency = |name: &str, kind: Value| json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        let metadata = json!({
            "packages": [{"id": "r", "name": "dream-reverb"}, {"id": "x", "name": "xtask"}],
            "resolve": {"nodes": [
                {"id": "r", "deps": [dependency("a", Value::Null), dependency("t", json!("dev"))]},
                {"id": "a", "deps": [dependency("b", Value::Null), dependency("c", json!("build"))]},
                {"id": "b", "deps": []},
                {"id": "x", "deps": [dependency("y", Value::Null)]},
            ]},
        });
        let linked = linked(&metadata, &suite::PLUGINS).expect("a graph");
        assert_eq!(linked.into_iter().collect::<Vec<_>>(), ["a", "b", "r"]);
    }

    #[test]
    fn the_framework_is_listed_with_its_text() {
        let text = text(&suite::PLUGINS[..1]).expect("licences");
        assert!(text.contains("nice-plug 0.4.2: ISC; no text"), "the framework is missing");
        assert!(!text.contains("indicatif"), "a tool of ours is not linked into a plugin");
        assert!(text.contains("Permission to use, copy, modify, and/or distribute"), "no text of the ISC");
    }
}
