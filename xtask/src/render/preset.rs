//! Factory presets, read from the plugin's source folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::suite::Plugin;

/// A preset as its file has it.
#[derive(Debug)]
pub struct Preset {
    pub name: String,
    /// What it is for, in a sentence.
    pub comment: String,
    /// Parameter ids with plain values.
    pub values: BTreeMap<String, Value>,
}

/// Parameter ids with plain values, of the preset of this name.
pub fn values(plugin: Plugin, name: &str) -> Result<BTreeMap<String, Value>> {
    let presets = all(&plugin.presets())?;
    let found = presets.iter().find(|known| known.name.eq_ignore_ascii_case(name.trim()));
    if let Some(preset) = found {
        return Ok(preset.values.clone());
    }
    let mut known: Vec<&str> = presets.iter().map(|preset| preset.name.as_str()).collect();
    known.sort_unstable();
    match known.is_empty() {
        true => bail!("{} has no presets", plugin.name),
        false => bail!("no preset '{name}'; {} has {}", plugin.name, known.join("; ")),
    }
}

/// All presets in a folder; none where there is no such folder.
pub fn all(folder: &Path) -> Result<Vec<Preset>> {
    let Ok(files) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut presets = Vec::new();
    for file in files {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            presets.push(read(&path).with_context(|| format!("bad preset {}", path.display()))?);
        }
    }
    Ok(presets)
}

fn read(path: &Path) -> Result<Preset> {
    let preset: Value = serde_json::from_str(&fs::read_to_string(path)?)?;
    let name = preset["name"].as_str().context("it has no \"name\"")?;
    let values = preset["values"].as_object().context("it has no \"values\"")?;
    let values = values.iter().map(|(id, value)| (id.clone(), value.clone()));
    let comment = preset["comment"].as_str().unwrap_or_default();
    Ok(Preset { name: name.to_owned(), comment: comment.to_owned(), values: values.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_by_their_name_inside() {
        let folder = std::env::temp_dir().join(format!("green-ring-presets-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let text = r#"{"name": "Live Room, Kept", "values": {"decay": 1.5, "sync": "time"}}"#;
        fs::write(folder.join("one.json"), text).expect("file");
        fs::write(folder.join("notes.txt"), "not a preset").expect("file");
        let presets = all(&folder).expect("presets");
        assert_eq!(presets.len(), 1);
        assert_eq!(presets[0].name, "Live Room, Kept");
        assert_eq!(presets[0].values["decay"], 1.5);
        fs::write(folder.join("two.json"), r#"{"values": {}}"#).expect("file");
        let error = format!("{:#}", all(&folder).expect_err("no name"));
        assert!(error.contains("two.json: it has no \"name\""), "{error}");
        fs::remove_dir_all(folder).expect("removed");
    }
}
