//! `cargo xtask test`: everything that must hold before a change is pushed, step by step.

pub mod display;
mod foreign;
pub mod needs;

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::bundle::{build, chosen};
use crate::suite::{cargo, run};
use display::Display;
use needs::Missing;

/// What to test besides the usual.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Also loads, plays and reloads each VST3 in a foreign host (pedalboard, in a Python environment under target)
    #[arg(long)]
    foreign: bool,
    /// The whole matrix, the hour-long freezes and the ten-minute noises
    #[arg(long)]
    soak: bool,
    /// Without formatting and lints
    #[arg(long)]
    no_lint: bool,
}

/// Runs all steps; the first that fails ends it.
pub fn test(arguments: &Arguments) -> Result<()> {
    let missing = needs::missing(arguments.foreign)?;
    let foreign = arguments.foreign && missing.flag(needs::NO_PYTHON).is_none();
    let mut steps = Steps::new(2 + 2 * usize::from(!arguments.no_lint) + usize::from(foreign));
    if !arguments.no_lint {
        steps.step("formatting", || run(cargo().args(["fmt", "--all", "--check"]), "formatting"))?;
        steps.step("lints", lints)?;
    }
    let bundled = steps.step("release bundles", || build(&chosen(&[]), &["--release"]))?;
    steps.step("tests", || tests(arguments.soak, &missing, &bundled))?;
    if foreign {
        steps.step("foreign host", || foreign::run(&bundled))?;
    }
    println!("all steps passed{}", missing.left_out());
    Ok(())
}

fn lints() -> Result<()> {
    let mut clippy = cargo();
    clippy.args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    run(&mut clippy, "lints")
}

/// All tests of the workspace, on a screen of their own where there is one.
fn tests(soak: bool, missing: &Missing, bundled: &PathBuf) -> Result<()> {
    let screen = match missing.flag(needs::NO_DISPLAY) {
        Some(_) => None,
        None => Some(Display::open().context("no virtual screen")?),
    };
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]).env("GREEN_RING_BUNDLES", bundled);
    if let Some(screen) = &screen {
        screen.show(&mut command);
    }
    if soak {
        command.env("GREEN_RING_SOAK", "1");
    }
    tell(missing, &mut command);
    run(&mut command, "the tests")
}

/// Tests that lack something count themselves as skipped.
fn tell(missing: &Missing, command: &mut Command) {
    for flag in needs::FLAGS {
        match missing.flag(flag) {
            Some(flag) => command.env(flag, "1"),
            None => command.env_remove(flag),
        };
    }
}

/// Prints each step before and its time after.
struct Steps {
    count: usize,
    done: usize,
}

impl Steps {
    fn new(count: usize) -> Steps {
        Steps { count, done: 0 }
    }

    fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.done += 1;
        println!("[{}/{}] {name}", self.done, self.count);
        let begun = Instant::now();
        let result = work()?;
        println!("[{}/{}] {name}: ok, {:.0} s", self.done, self.count, begun.elapsed().as_secs_f64());
        Ok(result)
    }
}
