//! The presets of one plugin: the factory's, and those that the user keeps as files.
//!
//! User presets lie in the user's data folder, under `Green Ring/<plugin>/` and the folders in it, one JSON file each, in the
//! form of the factory's. They are read when an editor opens, and after each change. None of this happens on the audio thread.

use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use etcetera::base_strategy::choose_native_strategy;

use crate::presets::Preset;

/// The longest name, in characters.
const LONGEST_NAME: usize = 60;

/// No preset is longer than this, in bytes: what is longer is not read.
const LARGEST_FILE: u64 = 1 << 20;

/// A file in the user's folder.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    folder: String,
    /// The preset, or what is wrong with the file in one line.
    pub preset: Result<Preset, String>,
}

impl File {
    /// The name of the folder that it lies in, in the user's own; empty right there.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// The preset's name; of a damaged file, the file's.
    pub fn name(&self) -> String {
        let file = || self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.preset.as_ref().map_or_else(|_| file(), |preset| preset.name.clone())
    }
}

/// The presets of one plugin.
#[derive(Debug)]
pub struct Library {
    factory: Vec<Preset>,
    folder: Option<PathBuf>,
    user: Vec<File>,
}

impl Library {
    /// The presets of the plugin called `plugin`: the files in `factory`, which are part of it, and those in the user's
    /// data folder. Reads files; allocates.
    pub fn new(plugin: &str, factory: &[&str]) -> Self {
        let data = choose_native_strategy().ok().map(|folders| folders.data_dir());
        Self::at(data.map(|data| data.join("Green Ring").join(plugin)), factory)
    }

    /// The same with the user's presets in `folder`, which need not exist yet.
    pub fn at(folder: Option<PathBuf>, factory: &[&str]) -> Self {
        let parse = |json: &&str| Preset::parse(json).ok();
        let mut library = Self { factory: Vec::new(), folder, user: Vec::new() };
        factory.iter().filter_map(parse).for_each(|preset| library.shelve(preset));
        library.refresh();
        library
    }

    /// Puts a preset of the factory's behind the last of its scene.
    fn shelve(&mut self, preset: Preset) {
        let last = self.factory.iter().rposition(|other| other.scene == preset.scene);
        self.factory.insert(last.map_or(self.factory.len(), |last| last + 1), preset);
    }

    /// Reads the user's folder again, and the folders right in it.
    pub fn refresh(&mut self) {
        self.user.clear();
        let Some(own) = self.folder.clone() else { return };
        for path in entries(&own) {
            if path.is_dir() {
                let folder = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                entries(&path).into_iter().for_each(|path| self.find_file(path, &folder));
            } else {
                self.find_file(path, "");
            }
        }
        self.user.sort_by_key(|file| (file.folder.to_lowercase(), file.name().to_lowercase()));
    }

    fn find_file(&mut self, path: PathBuf, folder: &str) {
        if path.extension().is_some_and(|extension| extension == "json") {
            self.user.push(File { preset: read(&path), path, folder: folder.into() });
        }
    }

    /// The presets that are part of the plugin, scene by scene, in its order.
    pub fn factory(&self) -> &[Preset] {
        &self.factory
    }

    /// The user's files, by folder and name.
    pub fn user(&self) -> &[File] {
        &self.user
    }

    /// The folder of the user's presets; none where the system tells no data folder.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Every whole preset: the factory's, then the user's.
    pub fn all(&self) -> impl Iterator<Item = &Preset> {
        self.factory.iter().chain(self.user.iter().filter_map(|file| file.preset.as_ref().ok()))
    }

    /// The preset of this name.
    pub fn find(&self, name: &str) -> Option<&Preset> {
        self.all().find(|preset| preset.name == name)
    }

    /// Whether this is one of the user's presets.
    pub fn is_users(&self, name: &str) -> bool {
        self.file(name).is_some()
    }

    /// Keeps `preset` as a file, in place of the user's preset of that name if there is one. The error is one line.
    pub fn save(&mut self, preset: &Preset) -> Result<(), String> {
        self.check(&preset.name)?;
        let path = match self.file(&preset.name) {
            Some(file) => file.path.clone(),
            None => self.free_path(&preset.name)?,
        };
        self.write(&path, preset)
    }

    /// Gives a user's preset another name. The error is one line.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<(), String> {
        self.check(to)?;
        if from != to && self.is_users(to) {
            return Err(format!("there is a preset \"{to}\" already"));
        }
        let file = self.file(from).ok_or_else(|| format!("there is no file of a preset \"{from}\""))?;
        let (path, mut preset) = (file.path.clone(), file.preset.clone()?);
        preset.name = to.into();
        self.write(&path, &preset)
    }

    /// Deletes a user's preset. The error is one line.
    pub fn delete(&mut self, name: &str) -> Result<(), String> {
        let file = self.file(name).ok_or_else(|| format!("there is no file of a preset \"{name}\""))?;
        fs::remove_file(&file.path).map_err(|error| format!("cannot delete {}: {error}", file.path.display()))?;
        self.refresh();
        Ok(())
    }

    /// A name must be one that can be told from others and drawn in a line.
    fn check(&self, name: &str) -> Result<(), String> {
        let length = name.chars().count();
        if name.trim() != name || !(1..=LONGEST_NAME).contains(&length) || name.chars().any(char::is_control) {
            return Err(format!("expected a name of 1 to {LONGEST_NAME} letters"));
        }
        if self.factory.iter().any(|preset| preset.name == name) {
            return Err(format!("\"{name}\" is a factory preset: expected another name"));
        }
        Ok(())
    }

    fn file(&self, name: &str) -> Option<&File> {
        self.user.iter().find(|file| file.preset.as_ref().is_ok_and(|preset| preset.name == name))
    }

    /// A file name that is taken by nothing, not even by a damaged preset.
    fn free_path(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.folder.as_ref().ok_or("this system tells no folder for a user's data")?;
        let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
        let slug: String = name.to_lowercase().chars().map(plain).collect();
        let mut paths =
            (1..).map(|n| folder.join(if n == 1 { format!("{slug}.json") } else { format!("{slug}-{n}.json") }));
        paths.find(|path| !path.exists()).ok_or_else(|| "no file name is free".into())
    }

    /// Writes beside the file first: a full disk leaves what was there.
    fn write(&mut self, path: &Path, preset: &Preset) -> Result<(), String> {
        let beside = path.with_extension("part");
        let folder = path.parent().unwrap_or(Path::new("."));
        let written = fs::create_dir_all(folder)
            .and_then(|()| fs::write(&beside, preset.to_json()))
            .and_then(|()| fs::rename(&beside, path));
        written.map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        self.refresh();
        Ok(())
    }
}

/// What lies in a folder; nothing where it cannot be read.
fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn read(path: &Path) -> Result<Preset, String> {
    let told = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    if fs::metadata(path).map_err(told)?.len() > LARGEST_FILE {
        return Err(format!("not a preset: {} is longer than 1 MB", path.display()));
    }
    Preset::parse(&fs::read_to_string(path).map_err(told)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTORY: &[&str] = &[r#"{"name":"Live Room","author":"","comment":"a room","values":{"decay":1.5}}"#];

    /// An empty library of its own for the test of this name.
    fn library(test: &str) -> Library {
        let folder = std::env::temp_dir().join(format!("green-ring-library-{}-{test}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        Library::at(Some(folder), FACTORY)
    }

    fn preset(name: &str) -> Preset {
        Preset { name: name.into(), ..Preset::parse(FACTORY[0]).unwrap() }
    }

    fn names(library: &Library) -> Vec<&str> {
        library.all().map(|preset| preset.name.as_str()).collect()
    }

    #[test]
    fn what_is_saved_is_there_for_the_next_editor() {
        let mut library = library("saved");
        library.save(&preset("Zoo")).unwrap();
        library.save(&preset("attic")).unwrap();
        library.save(&Preset { comment: "new".into(), ..preset("Zoo") }).unwrap();
        let next = Library::at(library.folder.clone(), FACTORY);
        assert_eq!(names(&next), ["Live Room", "attic", "Zoo"]);
        assert_eq!(next.find("Zoo").unwrap().comment, "new");
        assert!(next.is_users("Zoo") && !next.is_users("Live Room"));
    }

    #[test]
    fn names_that_look_alike_to_a_file_system_keep_two_files() {
        let mut library = library("alike");
        library.save(&preset("A/B")).unwrap();
        library.save(&preset("a b")).unwrap();
        library.save(&preset("../up")).unwrap();
        assert_eq!(names(&library), ["Live Room", "../up", "a b", "A/B"]);
        let folder = library.folder().unwrap();
        assert_eq!(fs::read_dir(folder).unwrap().count(), 3, "nothing lies outside, nothing is left over");
    }

    #[test]
    fn renamed_and_deleted() {
        let mut library = library("renamed");
        library.save(&preset("One")).unwrap();
        library.save(&preset("Two")).unwrap();
        assert!(library.rename("One", "Two").unwrap_err().contains("already"));
        library.rename("One", "Three").unwrap();
        library.delete("Two").unwrap();
        assert_eq!(names(&library), ["Live Room", "Three"]);
        assert!(library.delete("Live Room").is_err() && library.rename("Nobody", "Me").is_err());
    }

    #[test]
    fn folders_and_scenes_are_headings() {
        let json = |name: &str, scene: &str| {
            format!(r#"{{"name":"{name}","author":"","comment":"","scene":"{scene}","values":{{}}}}"#)
        };
        let factory = [json("One", "Rooms"), json("Two", "Seas"), json("Three", "Rooms")];
        let factory: Vec<&str> = factory.iter().map(String::as_str).collect();
        let mut library = Library::at(library("headings").folder, &factory);
        library.save(&preset("Own")).unwrap();
        let chase = library.folder().unwrap().join("Chase");
        fs::create_dir_all(&chase).unwrap();
        fs::write(chase.join("car.json"), preset("Car").to_json()).unwrap();
        library.refresh();
        assert_eq!(names(&library), ["One", "Three", "Two", "Own", "Car"]);
        assert_eq!(library.user().iter().map(File::folder).collect::<Vec<_>>(), ["", "Chase"]);
        library.rename("Car", "Lorry").unwrap();
        assert!(fs::read_to_string(chase.join("car.json")).unwrap().contains("Lorry"), "it stays where it lies");
    }

    #[test]
    fn a_bad_name_is_told_and_nothing_is_written() {
        let mut library = library("names");
        for (name, fault) in [("", "1 to 60"), (" x", "1 to 60"), ("a\nb", "1 to 60"), ("Live Room", "factory")] {
            assert!(library.save(&preset(name)).unwrap_err().contains(fault), "{name:?}");
        }
        assert!(library.save(&preset(&"x".repeat(61))).is_err());
        assert!(!library.folder().unwrap().exists());
    }

    #[test]
    fn a_damaged_file_says_what_is_wrong_and_is_never_overwritten() {
        let mut library = library("damaged");
        library.save(&preset("Whole")).unwrap();
        let damaged = library.folder().unwrap().join("mine.json");
        fs::write(&damaged, "{\"name\": 3").unwrap();
        library.refresh();
        let file = library.user().iter().find(|file| file.preset.is_err()).expect("a damaged file");
        assert_eq!(file.name(), "mine.json");
        assert!(file.preset.as_ref().unwrap_err().starts_with("not a preset: "));
        library.save(&preset("Mine")).unwrap();
        assert_eq!(fs::read_to_string(&damaged).unwrap(), "{\"name\": 3");
        assert_eq!(names(&library), ["Live Room", "Mine", "Whole"]);
    }
}
