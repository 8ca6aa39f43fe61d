//! What the tests need beyond Rust, a C compiler and git: installed where we may, named where we may not.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::suite;

/// Flags that tell a test binary what this machine lacks.
pub const NO_DISPLAY: &str = "GREEN_RING_NO_DISPLAY";
pub const NO_SPEECH: &str = "GREEN_RING_NO_SPEECH";
pub const NO_PYTHON: &str = "GREEN_RING_NO_PYTHON";
pub const FLAGS: [&str; 3] = [NO_DISPLAY, NO_SPEECH, NO_PYTHON];

/// One need, with the Debian packages that meet it and the tests that fall without it.
struct Need {
    what: &'static str,
    packages: &'static [&'static str],
    /// Whether it is met on a system whose packages we do not know.
    met: fn() -> bool,
    left_out: &'static str,
    flag: &'static str,
}

const DISPLAY: Need = Need {
    what: "a virtual screen (Xvfb with software OpenGL)",
    packages: &[
        "xvfb",
        "libgl1-mesa-dri",
        "libgl1",
        "libegl1",
        "libx11-6",
        "libx11-xcb1",
        "libxcb1",
        "libxkbcommon0",
        "libxkbcommon-x11-0",
    ],
    met: || cfg!(target_os = "linux") && answers("Xvfb", &["-help"]),
    left_out: "editors in real windows",
    flag: NO_DISPLAY,
};

const SPEECH: Need = Need {
    what: "recorded speech and music (Debian's voice and music-on-hold packages)",
    packages: &["alsa-utils", "asterisk-core-sounds-en-wav", "asterisk-moh-opsound-wav", "espeak-ng"],
    met: || {
        let folders = ["/usr/share/sounds/alsa", "/usr/share/asterisk/sounds", "/usr/share/asterisk/moh"];
        folders.iter().all(|folder| Path::new(folder).exists()) && answers("espeak-ng", &["--version"])
    },
    left_out: "measurements on speech",
    flag: NO_SPEECH,
};

const PYTHON: Need = Need {
    what: "Python with venv",
    packages: &["python3", "python3-venv"],
    met: || answers("python3", &["-m", "venv", "--help"]) && answers("python3", &["-c", "import ensurepip"]),
    left_out: "the foreign host",
    flag: NO_PYTHON,
};

impl Need {
    /// Python is tried, since it often comes from elsewhere; the others are Debian packages where there are such.
    fn is_met(&self) -> bool {
        match debian() && self.flag != NO_PYTHON {
            true => self.packages.iter().all(|package| installed(package)),
            false => (self.met)(),
        }
    }
}

/// What could not be had.
pub struct Missing(Vec<&'static Need>);

impl Missing {
    /// The flag itself where it is to be raised.
    pub fn flag(&self, flag: &'static str) -> Option<&'static str> {
        self.0.iter().any(|need| need.flag == flag).then_some(flag)
    }

    /// The end of a sentence that names the tests left out.
    pub fn left_out(&self) -> String {
        let names: Vec<_> = self.0.iter().map(|need| need.left_out).collect();
        match names.is_empty() {
            true => String::new(),
            false => format!("; left out: {}", names.join(", ")),
        }
    }
}

/// Installs what lacks where we are root on a Debian-like system, and says what still lacks, a line each.
/// Where `CI=true`, nothing may lack.
pub fn missing(foreign: bool) -> Result<Missing> {
    let needs = [&DISPLAY, &SPEECH, &PYTHON].into_iter();
    let needs = needs.filter(|need| foreign || need.flag != NO_PYTHON);
    let mut missing: Vec<&Need> = needs.filter(|need| !need.is_met()).collect();
    if !missing.is_empty() && debian() && root() {
        let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
        if let Err(error) = install(&packages) {
            eprintln!("{error:#}");
        }
        missing.retain(|need| !need.is_met());
    }
    for need in &missing {
        let packages = need.packages.join(" ");
        eprintln!("missing: {}; left out: {} (Debian: apt-get install {packages})", need.what, need.left_out);
    }
    if !missing.is_empty() && std::env::var("CI").is_ok_and(|ci| ci == "true") {
        bail!("CI leaves no test out: install what is missing");
    }
    Ok(Missing(missing))
}

fn install(packages: &[&str]) -> Result<()> {
    println!("installing {}", packages.join(" "));
    let quiet = |command: &mut Command| {
        command.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
    };
    let mut update = Command::new("apt-get");
    quiet(update.arg("update"));
    suite::run(&mut update, "apt-get update")?;
    let mut install = Command::new("apt-get");
    quiet(install.args(["install", "--yes", "--no-install-recommends"]).args(packages));
    suite::run(&mut install, "apt-get install")
}

fn debian() -> bool {
    Path::new("/etc/debian_version").exists() && answers("apt-get", &["--version"])
}

fn root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn installed(package: &str) -> bool {
    let query = Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Status}", package]).output();
    query.is_ok_and(|output| output.stdout == b"installed")
}

/// Whether a program is there and content.
fn answers(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lacks_is_flagged_and_named() {
        let missing = Missing(vec![&SPEECH]);
        assert_eq!(missing.flag(NO_SPEECH), Some("GREEN_RING_NO_SPEECH"));
        assert_eq!(missing.flag(NO_DISPLAY), None);
        assert_eq!(missing.left_out(), "; left out: measurements on speech");
        assert_eq!(Missing(Vec::new()).left_out(), "");
    }

    #[test]
    fn a_program_that_is_not_there_does_not_answer() {
        assert!(answers("cargo", &["--version"]));
        assert!(!answers("cargo", &["no-such-verb-of-cargo"]));
        assert!(!answers("no-such-program-anywhere", &[]));
    }
}
