//! One installed CLAP, loaded through its ABI and played for ten seconds.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::test_sound;
use crate::host::Hosted;
use crate::host::play::Playing;
use crate::host::song::Song;
use crate::level;
use crate::sound::Sound;

/// A usual session: stereo, 48 kHz, blocks of 512, 120 bpm from the start of the song.
const RATE: u32 = 48_000;
const BLOCK: usize = 512;
const SONG: Song = Song { start_s: 0.0, tempo_bpm: 120.0 };

/// Quieter than this is silence: -80 dBFS.
const SILENCE: f32 = 1e-4;

/// Which file to play.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    file: PathBuf,
}

/// The head of the table that [`sound_check`] prints a row of.
pub fn head() -> String {
    row(["plugin", "version", "parameters", "latency", "peak in", "peak out", "speed"].map(str::to_owned))
}

/// Prints one row, or fails with what is wrong.
pub fn sound_check(arguments: &Arguments) -> Result<()> {
    let mut hosted = Hosted::load(&arguments.file)?;
    let name = hosted.name.clone();
    let row = measure(&mut hosted).with_context(|| name)?;
    println!("{row}");
    Ok(())
}

fn measure(hosted: &mut Hosted) -> Result<String> {
    let (music, speech) = (test_sound::music(RATE), test_sound::speech(RATE));
    let (name, version) = (hosted.name.clone(), hosted.version.clone());
    let parameters = hosted.parameters()?.len();
    let layout = hosted.choose_layout(music.channels.len())?;
    let mut playing = hosted.play(layout, RATE, BLOCK)?;
    let latency = playing.latency();
    let begun = Instant::now();
    let peak = play(&mut playing, &music, &speech)?;
    let played_s = music.frames() as f64 / f64::from(RATE);
    let speed = played_s / begun.elapsed().as_secs_f64();
    ensure!(peak.is_finite(), "it gives samples that are not finite numbers");
    ensure!(peak > SILENCE, "it gives silence");
    Ok(row([
        name,
        version,
        parameters.to_string(),
        format!("{latency} samples"),
        level::dbfs(level::peak(&music.channels, music.frames())),
        level::dbfs(peak),
        format!("{speed:.0} x real time"),
    ]))
}

/// The peak of what comes out.
fn play(playing: &mut Playing, music: &Sound, speech: &Sound) -> Result<f32> {
    let mut peak = 0.0_f32;
    for position in (0..music.frames()).step_by(BLOCK) {
        let frames = BLOCK.min(music.frames() - position);
        music.copy(position, frames, &mut playing.inputs[0]);
        if let Some(key) = playing.inputs.get_mut(1) {
            speech.copy(position, frames, key);
        }
        playing.process(frames, &[], &SONG.at(position, RATE))?;
        peak = peak.max(level::peak(&playing.output, frames));
    }
    Ok(peak)
}

fn row([name, version, parameters, latency, peak_in, peak_out, speed]: [String; 7]) -> String {
    format!("{name:<16} {version:<8} {parameters:>10} {latency:>14} {peak_in:>12} {peak_out:>12} {speed:>18}")
}
