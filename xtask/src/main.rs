//! The suite's one command: `cargo xtask install`, `bundle`, `render`, `test`, `bench`,
//! `screenshots`.

mod bench;
mod bundle;
mod host;
mod install;
mod level;
mod render;
mod screenshots;
mod sound;
mod suite;
mod test;
mod vst3_presets;

use std::process::ExitCode;

use anyhow::Result;
use clap::error::{ContextKind, ErrorKind};
use clap::{CommandFactory, Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(
    name = "xtask",
    bin_name = "cargo xtask",
    about = "Green Ring: builds, installs, plays and tests the four plugins"
)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Builds the plugins, puts them where DAWs look, and plays sound through each
    Install(install::Arguments),
    /// Builds VST3 and CLAP bundles; with --zip also a folder and a zip to hand on
    Bundle(bundle::Arguments),
    /// Plays a WAV file through a plugin into another WAV file
    Render(render::Arguments),
    /// Formatting, lints, bundles and all tests
    Test(test::Arguments),
    /// Speed of each plugin beside its peers, in one table
    Bench,
    /// Pictures of the editors in a real window while sound plays through them
    Screenshots(screenshots::Arguments),
    /// Plays sound through one CLAP file and prints its row of the table
    #[command(hide = true)]
    SoundCheck(install::sound_check::Arguments),
    /// Writes the factory presets for VST3 hosts, from the bundles as they are
    #[command(hide = true)]
    Vst3Presets(vst3_presets::Arguments),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match run(cli.verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", one_line(&format!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

fn run(verb: Verb) -> Result<()> {
    match verb {
        Verb::Install(arguments) => install::install(&arguments),
        Verb::Bundle(arguments) => bundle::bundle(&arguments),
        Verb::Render(arguments) => render::render(&arguments),
        Verb::Test(arguments) => test::test(&arguments),
        Verb::Bench => bench::bench(),
        Verb::Screenshots(arguments) => screenshots::screenshots(&arguments),
        Verb::Vst3Presets(arguments) => vst3_presets::vst3_presets(&arguments),
        Verb::SoundCheck(arguments) => install::sound_check::sound_check(&arguments),
    }
}

/// Help is printed in full; a wrong call gets one line.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let text = error.render().to_string();
    let complaint = text.split("\n\n").next().unwrap_or_default();
    let line = one_line(complaint);
    eprintln!("{line}{}", verbs(error));
    ExitCode::FAILURE
}

/// An unknown verb is answered with those that there are.
fn verbs(error: &clap::Error) -> String {
    if error.get(ContextKind::InvalidSubcommand).is_none() {
        return String::new();
    }
    let command = Cli::command();
    let shown = command.get_subcommands().filter(|verb| !verb.is_hide_set());
    let names: Vec<&str> = shown.map(|verb| verb.get_name()).collect();
    format!("; expected {}", names.join(", "))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(arguments: &[&str]) -> String {
        let call = ["xtask"].iter().chain(arguments);
        let error = Cli::try_parse_from(call).expect_err("a wrong call");
        one_line(error.render().to_string().split("\n\n").next().unwrap_or_default())
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_wrong_call_is_told_in_one_line() {
        let plugin = line(&["render", "reverb", "in.wav", "out.wav"]);
        assert!(plugin.contains("'reverb'") && plugin.contains("expected dream-reverb, misbehave"), "{plugin}");
        let tempo = line(&["render", "misbehave", "in.wav", "out.wav", "--tempo", "-3"]);
        assert!(tempo.contains("expected 1 to 999 beats a minute"), "{tempo}");
        let start = line(&["render", "misbehave", "in.wav", "out.wav", "--start", "bar 3"]);
        assert!(start.contains("quarter notes as 64"), "{start}");
        let drawn = line(&["render", "misbehave", "in.wav", "out.wav", "--automate", "Mix"]);
        assert!(drawn.contains("Dream: 0s=0 %, 8s=100 %"), "{drawn}");
    }

    #[test]
    fn values_may_be_negative() {
        let call = ["xtask", "render", "misbehave", "a", "b", "--set", "Output=-6 dB"];
        assert!(Cli::try_parse_from(call).is_ok());
    }
}
