//! `cargo xtask screenshots`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::bundle::{build, chosen};
use crate::suite::{self, cargo, run};
use crate::test::display::Display;
use crate::test::needs;

/// Where the pictures go.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder for the pictures; without it, `screenshots` in the target folder
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

/// Opens each editor on a screen of its own, plays sound through it and writes what is seen.
pub fn screenshots(arguments: &Arguments) -> Result<()> {
    if needs::missing(false)?.flag(needs::NO_DISPLAY).is_some() {
        bail!("there is no virtual screen (Xvfb) to open the editors on");
    }
    let folder = match &arguments.to {
        Some(folder) => std::path::absolute(folder).context("no such folder")?,
        None => suite::target()?.join("screenshots"),
    };
    let bundled = build(&chosen(&[]), &["--release"])?;
    let screen = Display::open().context("no virtual screen")?;
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "suite-tests", "--example", "screenshots", "--"]).arg(folder);
    screen.show(command.env("GREEN_RING_BUNDLES", bundled));
    run(&mut command, "the screenshots")
}
