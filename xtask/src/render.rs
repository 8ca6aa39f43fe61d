//! `cargo xtask render`: a plugin hosted offline, a WAV file through it, latency taken out and the tail kept.

mod automation;
pub mod preset;
mod session;
mod time;
mod value;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::bundle;
use crate::host::params::Setting;
use crate::host::song::Song;
use crate::host::{Hosted, Layout};
use crate::sound::Sound;
use crate::suite::Plugin;
use automation::{Automation, Line};
use session::Session;
use time::Start;

/// Renders a WAV file through a plugin.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// dream-reverb, misbehave, tape-decay or dialogue-ducker
    #[arg(value_parser = Plugin::find)]
    plugin: Plugin,
    /// The sound to play: WAV of 16, 24 or 32 bits, mono or stereo, any rate
    #[arg(value_parser = absolute)]
    input: PathBuf,
    /// The file to write: 32-bit float, with the channels and rate of the input
    #[arg(value_parser = absolute)]
    output: PathBuf,
    /// The sound of the key (sidechain) input
    #[arg(long, value_parser = absolute)]
    key: Option<PathBuf>,
    /// A factory preset, by name
    #[arg(long)]
    preset: Option<String>,
    /// A value over the preset, as "Decay=4.5 s"; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
    /// A line drawn over the file, as "Dream: 0s=0 %, 8s=100 %"; may be repeated
    #[arg(long, value_name = "LINE")]
    automate: Vec<Line>,
    /// The tempo that the plugin is told, in beats a minute
    #[arg(long, default_value = "120", allow_negative_numbers = true, value_parser = tempo)]
    tempo: f64,
    /// Where the song begins: a time as 01:02:03.5 or 90s, or quarter notes as 64
    #[arg(long, default_value = "0", allow_negative_numbers = true, value_parser = Start::parse)]
    start: Start,
    /// Samples a block
    #[arg(long, default_value = "512", allow_negative_numbers = true, value_parser = block)]
    block: usize,
    /// Seconds of tail [default: what the plugin tells, at most 10]
    #[arg(long, allow_negative_numbers = true, value_parser = tail)]
    tail: Option<f64>,
    /// Takes the bundle as it is, without looking for newer sources
    #[arg(long)]
    no_build: bool,
}

fn absolute(text: &str) -> std::io::Result<PathBuf> {
    std::path::absolute(text)
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected \"NAME=VALUE\"")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn tempo(text: &str) -> Result<f64, String> {
    within(text, 1.0, 999.0, "1 to 999 beats a minute")
}

fn tail(text: &str) -> Result<f64, String> {
    within(text, 0.0, 3600.0, "0 to 3600 seconds")
}

fn block(text: &str) -> Result<usize, String> {
    let block = text.parse().ok().filter(|block| (1..=65_536).contains(block));
    block.ok_or_else(|| "expected 1 to 65536 samples".to_owned())
}

fn within(text: &str, least: f64, most: f64, range: &str) -> Result<f64, String> {
    let number = text.trim().parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("expected {range}"))
}

/// Renders, or leaves no file behind.
pub fn render(arguments: &Arguments) -> Result<()> {
    let input = Sound::read(&arguments.input)?;
    let key = arguments.key.as_deref().map(Sound::read).transpose()?;
    check_files(arguments, &input, key.as_ref())?;
    let bundle = bundle::clap(arguments.plugin, !arguments.no_build)?;
    let mut hosted = Hosted::load(&bundle)?;
    let layout = hosted.choose_layout(input.channels.len())?;
    let key = key.map(|key| fit_key(&hosted, layout, key)).transpose()?;
    let automation = prepare(&mut hosted, arguments, input.rate)?;
    hosted.bounce()?;
    let playing = hosted.play(layout, input.rate, arguments.block)?;
    let song = Song { start_s: arguments.start.seconds(arguments.tempo), tempo_bpm: arguments.tempo };
    let session = Session { playing, input: &input, key, automation, song, block: arguments.block };
    session.run(&arguments.output, arguments.tail)
}

fn check_files(arguments: &Arguments, input: &Sound, key: Option<&Sound>) -> Result<()> {
    let output = &arguments.output;
    let folder = output.parent().filter(|folder| folder.is_dir());
    ensure!(folder.is_some(), "there is no folder for {}", output.display());
    ensure!(!output.is_dir(), "{} is a folder; expected a file to write", output.display());
    for source in [Some(&arguments.input), arguments.key.as_ref()].into_iter().flatten() {
        ensure!(!same_file(source, output), "{} would overwrite its source", output.display());
    }
    if let Some(key) = key {
        let (key, input) = (key.rate, input.rate);
        ensure!(key == input, "the key is at {key} Hz; expected {input} Hz, as the input");
    }
    Ok(())
}

fn same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn fit_key(hosted: &Hosted, layout: Layout, key: Sound) -> Result<Sound> {
    let channels = layout.key.with_context(|| format!("{} has no key input: leave --key out", hosted.name))?;
    Ok(key.widened(channels))
}

/// Preset, then single values, then the first values of the automation: all before the plugin is activated, so that
/// it tells the latency of these settings and starts in them without a ramp.
fn prepare(hosted: &mut Hosted, arguments: &Arguments, rate: u32) -> Result<Vec<Automation>> {
    if let Some(name) = &arguments.preset {
        let values = preset::values(arguments.plugin, name)?;
        hosted.set_plain(&values).with_context(|| format!("preset '{name}'"))?;
    }
    let parameters = hosted.parameters()?;
    for (name, text) in &arguments.set {
        let parameter = value::find(&parameters, name)?;
        let value = value::read(hosted, parameter, text)?;
        hosted.set(&[Setting { id: parameter.id, value }])?;
    }
    let lines = arguments.automate.iter();
    let lines = lines.map(|line| Automation::new(hosted, &parameters, line, rate));
    let automation = lines.collect::<Result<Vec<_>>>()?;
    hosted.set(&automation.iter().map(Automation::first).collect::<Vec<_>>())?;
    Ok(automation)
}
