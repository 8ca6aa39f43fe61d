//! The zip of the folder to hand on.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

/// Read and run for all, written by the owner: a plugin is code.
const MODE: u32 = 0o755;

/// Packs a folder into `<folder>.zip` beside it.
pub fn pack(folder: &Path) -> Result<PathBuf> {
    let mut path = folder.as_os_str().to_owned();
    path.push(".zip");
    let path = PathBuf::from(path);
    let root = folder.parent().unwrap_or(folder);
    let packed = File::create(&path).map_err(Into::into).and_then(|file| {
        let mut zip = ZipWriter::new(file);
        add(&mut zip, root, folder)?;
        zip.finish()
    });
    packed.with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// Adds what is in `folder`, in order of names and under the format's first date: the same content gives the same zip.
fn add<W: Write + Seek>(zip: &mut ZipWriter<W>, root: &Path, folder: &Path) -> zip::result::ZipResult<()> {
    let mut entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            add(zip, root, &entry)?;
        } else {
            let options = SimpleFileOptions::default().unix_permissions(MODE).last_modified_time(DateTime::default());
            zip.start_file_from_path(entry.strip_prefix(root).unwrap_or(&entry), options)?;
            io::copy(&mut File::open(&entry)?, zip)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn what_goes_in_comes_out() {
        let root = std::env::temp_dir().join(format!("green-ring-zip-{}", std::process::id()));
        let folder = root.join("suite");
        fs::create_dir_all(folder.join("A.vst3/Contents")).expect("folder");
        fs::write(folder.join("A.vst3/Contents/é"), [7u8; 100_000]).expect("file");
        fs::write(folder.join("INSTALL.txt"), "drop it").expect("file");
        let first = fs::read(pack(&folder).expect("packed")).expect("zip");
        let again = fs::read(pack(&folder).expect("packed again")).expect("zip");
        assert!(first == again && first.len() < 5_000, "the same, and compressed");

        let mut zip = zip::ZipArchive::new(io::Cursor::new(first)).expect("a zip");
        let names: Vec<_> = zip.file_names().map(|name| name.expect("a name").into_owned()).collect();
        assert_eq!(names, ["suite/A.vst3/Contents/é", "suite/INSTALL.txt"]);
        let mut text = String::new();
        zip.by_name("suite/INSTALL.txt").expect("the page").read_to_string(&mut text).expect("text");
        assert_eq!(text, "drop it");
        fs::remove_dir_all(root).expect("removed");
    }
}
