//! `cargo xtask bundle`: release builds as VST3 and CLAP bundles, and the folder to hand to somebody without Rust.

mod handover;
mod licences;
mod zip;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};

use crate::suite::{self, PLUGINS, Plugin};

/// What to bundle, and whether to hand it on.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Only this plugin; may be repeated
    #[arg(short, long, value_name = "NAME", value_parser = Plugin::find)]
    package: Vec<Plugin>,
    /// Also makes a folder with licences and a page on where to drop what, and a zip of it
    #[arg(long)]
    zip: bool,
}

/// Builds and bundles.
pub fn bundle(arguments: &Arguments) -> Result<()> {
    let plugins = chosen(&arguments.package);
    let bundled = build(&plugins, &["--release"])?;
    println!("{} bundled in {}", names(&plugins), bundled.display());
    if arguments.zip {
        let zip = handover::make(&plugins, &bundled)?;
        println!("to hand on: {} and the folder beside it", zip.display());
    }
    Ok(())
}

/// The plugins named, or all where none is.
pub fn chosen(named: &[Plugin]) -> Vec<Plugin> {
    let wanted = |plugin: &Plugin| named.is_empty() || named.contains(plugin);
    PLUGINS.into_iter().filter(wanted).collect()
}

/// Builds the plugins and renews the bundles that hold something else than what was built. Returns the folder of the bundles.
pub fn build(plugins: &[Plugin], arguments: &[&str]) -> Result<PathBuf> {
    // The bundler takes its configuration from the current folder. It is set here, to our own root, because the
    // bundler's own search takes the outermost Cargo.toml, which is another's where we lie inside another workspace.
    std::env::set_current_dir(suite::root()).context("cannot enter the repository")?;
    let target = suite::target()?;
    let packages: Vec<String> = plugins.iter().map(|plugin| plugin.package.to_owned()).collect();
    let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    nice_plug_xtask::build(&packages, &arguments).map_err(|error| anyhow!("{error:#}"))?;
    for plugin in plugins {
        if !fresh(*plugin, &target) {
            let bundled = nice_plug_xtask::bundle(&target, plugin.package, &arguments, false);
            bundled.map_err(|error| anyhow!("cannot bundle {}: {error:#}", plugin.name))?;
        }
    }
    Ok(target.join("bundled"))
}

/// The built CLAP of a plugin, brought up to date first where that is wanted.
pub fn clap(plugin: Plugin, build_first: bool) -> Result<PathBuf> {
    let bundled = match build_first {
        true => build(&[plugin], &["--release", "--quiet"])?,
        false => suite::bundled()?,
    };
    let clap = bundled.join(plugin.clap());
    ensure!(clap.exists(), "{} is not built: run cargo xtask bundle", plugin.name);
    Ok(clap)
}

/// The names of plugins, in a row.
pub fn names(plugins: &[Plugin]) -> String {
    plugins.iter().map(|plugin| plugin.name).collect::<Vec<_>>().join(", ")
}

/// Whether the bundles hold the library as it was built last. Where a bundle is signed it never does, and is renewed.
fn fresh(plugin: Plugin, target: &Path) -> bool {
    let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let library = format!("{prefix}{}{suffix}", plugin.package.replace('-', "_"));
    let built = fs::read(target.join("release").join(library));
    let bundled = target.join("bundled");
    let held = fs::read(bundled.join(plugin.clap()));
    let same = matches!((built, held), (Ok(built), Ok(held)) if built == held);
    same && bundled.join(plugin.vst3()).is_dir()
}

/// Copies a file, or a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    let told = || format!("cannot copy {} to {}", from.display(), to.display());
    if !from.is_dir() {
        return fs::copy(from, to).map(drop).with_context(told);
    }
    fs::create_dir_all(to).with_context(told)?;
    for entry in fs::read_dir(from).with_context(told)? {
        let entry = entry.with_context(told)?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
