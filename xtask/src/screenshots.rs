//! `cargo xtask screenshots`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::bundle::{build, chosen, copy};
use crate::suite::{self, PLUGINS, cargo, run};
use crate::test::display::Display;
use crate::test::needs;

/// Where the pictures go.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder for the pictures; without it, `screenshots` in the target folder
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// Also renews the picture beside each plugin's README
    #[arg(long)]
    readme: bool,
}

/// The state in which the READMEs show each editor, in the order of the suite.
const SHOWN: [&str; 4] = ["dreaming", "chaotic", "worn", "yielding"];

/// Opens each editor on a screen of its own, plays sound through it and writes what is seen.
pub fn screenshots(arguments: &Arguments) -> Result<()> {
    if needs::missing(false)?.flag(needs::NO_DISPLAY).is_some() {
        bail!("there is no virtual screen (Xvfb) to open the editors on");
    }
    let folder = match &arguments.to {
        Some(folder) => std::path::absolute(folder).context("no such folder")?,
        None => suite::target()?.join("screenshots"),
    };
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot write pictures into {}", folder.display()))?;
    let bundled = build(&chosen(&[]), &["--release"])?;
    let screen = Display::open().context("no virtual screen")?;
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "suite-tests", "--example", "screenshots", "--"]).arg(&folder);
    screen.show(command.env("GREEN_RING_BUNDLES", bundled));
    run(&mut command, "the screenshots")?;
    if arguments.readme { renew(&folder) } else { Ok(()) }
}

/// Copies one picture of each editor, at scale 1, to where its README shows it.
fn renew(folder: &Path) -> Result<()> {
    for (plugin, state) in PLUGINS.iter().zip(SHOWN) {
        let shown = suite::root().join("plugins").join(plugin.package).join("editor.png");
        copy(&folder.join(format!("{}-{state}.png", plugin.package)), &shown)?;
        println!("{}", shown.display());
    }
    Ok(())
}
