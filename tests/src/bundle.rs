//! Where the built bundles are, and what a host knows each of them by.

use std::path::{Path, PathBuf};

/// One plugin of the suite as a host finds it. The ids are fixed for ever: a session in a DAW refers to them.
#[derive(Clone, Copy, Debug)]
pub struct Bundle {
    /// Cargo package.
    pub package: &'static str,
    /// The name of the files and the name that the host shows (`bundler.toml`).
    pub title: &'static str,
    /// CLAP plugin id.
    pub clap_id: &'static str,
    /// VST3 class id, in the byte order of Linux and macOS.
    pub vst3_id: &'static [u8; 16],
    /// Name of the key (sidechain) input, for the plugins that have one.
    pub key: Option<&'static str>,
}

/// The suite.
pub const ALL: [Bundle; 4] = [
    Bundle {
        package: "dream-reverb",
        title: "Dream Reverb",
        clap_id: "green-ring.dream-reverb",
        vst3_id: b"GreenRingDreamRv",
        key: Some("Dialogue"),
    },
    Bundle {
        package: "misbehave",
        title: "Misbehave",
        clap_id: "green-ring.misbehave",
        vst3_id: b"GreenRingMisbehv",
        key: None,
    },
    Bundle {
        package: "tape-decay",
        title: "Tape Decay",
        clap_id: "green-ring.tape-decay",
        vst3_id: b"GreenRingTapeDec",
        key: None,
    },
    Bundle {
        package: "dialogue-ducker",
        title: "Dialogue Ducker",
        clap_id: "green-ring.dialogue-ducker",
        vst3_id: b"GreenRingDialDuk",
        key: Some("Dialogue"),
    },
];

impl Bundle {
    /// The `.clap`: a library on Linux and Windows, a folder that the loader knows how to open on macOS.
    ///
    /// # Panics
    /// When it has not been built.
    pub fn clap(&self) -> PathBuf {
        existing(folder().join(format!("{}.clap", self.title)))
    }

    /// The library inside the `.vst3` folder.
    ///
    /// # Panics
    /// When it has not been built.
    pub fn vst3(&self) -> PathBuf {
        let contents = folder().join(format!("{}.vst3", self.title)).join("Contents");
        let arch = std::env::consts::ARCH;
        existing(if cfg!(target_os = "macos") {
            contents.join("MacOS").join(self.title)
        } else if cfg!(target_os = "windows") {
            contents.join(format!("{arch}-win")).join(format!("{}.vst3", self.title))
        } else {
            contents.join(format!("{arch}-linux")).join(format!("{}.so", self.title))
        })
    }
}

/// `GREEN_RING_BUNDLES`, or where `cargo xtask bundle` leaves them.
fn folder() -> PathBuf {
    let built = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bundled");
    std::env::var_os("GREEN_RING_BUNDLES").map_or_else(built, PathBuf::from)
}

fn existing(path: PathBuf) -> PathBuf {
    assert!(path.exists(), "no {}: run `cargo xtask bundle` first", path.display());
    path
}
