//! One rendering under way: blocks in, blocks out, until the tail is over.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use indicatif::{ProgressBar, ProgressStyle};

use super::automation::Automation;
use crate::host::play::Playing;
use crate::host::song::Song;
use crate::level;
use crate::sound::{Sound, Writing};

/// A tail without end, or a very long one, is kept for so long unless the user says otherwise.
const MOST_TAIL_S: f64 = 10.0;

/// An activated plugin and what it is to play.
pub struct Session<'s> {
    pub playing: Playing<'s>,
    pub input: &'s Sound,
    pub key: Option<Sound>,
    pub automation: Vec<Automation>,
    pub song: Song,
    /// Samples a block.
    pub block: usize,
}

impl Session<'_> {
    /// Plays all of it into a file; a tail that is not given in seconds is the one that the plugin tells.
    pub fn run(mut self, path: &Path, tail_s: Option<f64>) -> Result<()> {
        let begun = Instant::now();
        let latency = self.playing.latency();
        let most = self.input.frames() + self.samples(tail_s.unwrap_or(MOST_TAIL_S));
        let file = Writing::start(path, self.input.rate, self.input.channels.len(), most)?;
        let bar = progress(self.input.frames() + latency);
        let mut output = Output { file, bar, skipped: latency, peak: 0.0 };
        let frames = self.play(latency, tail_s, &mut output)?;
        let (seconds, peak) = (frames as f64 / f64::from(self.input.rate), level::dbfs(output.finish()?));
        let speed = seconds / begun.elapsed().as_secs_f64();
        println!("{}: {seconds:.2} s at {} Hz, peak {peak}", path.display(), self.input.rate);
        println!("latency of {latency} samples taken out, {speed:.0} x real time");
        Ok(())
    }

    /// Returns the frames that the file gets: the input and its tail.
    fn play(&mut self, latency: usize, tail_s: Option<f64>, output: &mut Output) -> Result<usize> {
        let sounding = self.input.frames();
        self.advance(0, sounding, output)?;
        let tail = match tail_s {
            Some(tail_s) => self.samples(tail_s),
            // Told for the settings that were played last.
            None => self.playing.tail().unwrap_or(usize::MAX).min(self.samples(MOST_TAIL_S)),
        };
        output.bar.set_length((sounding + tail + latency) as u64);
        self.advance(sounding, sounding + tail + latency, output)?;
        Ok(sounding + tail)
    }

    /// Plays from one sample of the file to another.
    fn advance(&mut self, from: usize, to: usize, output: &mut Output) -> Result<()> {
        for position in (from..to).step_by(self.block) {
            let frames = self.block.min(to - position);
            let mut settings = Vec::new();
            for automation in &mut self.automation {
                automation.tell(position, frames, &mut settings);
            }
            settings.sort_by_key(|(sample, _)| *sample);
            self.fill(position, frames);
            let song = self.song.at(position, self.input.rate);
            self.playing.process(frames, &settings, &song)?;
            output.take(&self.playing.output, frames)?;
        }
        Ok(())
    }

    /// Puts the sound of this block into the plugin's inputs; a key input without a key stays silent.
    fn fill(&mut self, position: usize, frames: usize) {
        self.input.copy(position, frames, &mut self.playing.inputs[0]);
        if let (Some(key), Some(port)) = (&self.key, self.playing.inputs.get_mut(1)) {
            key.copy(position, frames, port);
        }
    }

    fn samples(&self, seconds: f64) -> usize {
        (seconds * f64::from(self.input.rate)).round() as usize
    }
}

/// Where the sound goes: the file without the latency, the bar, the peak.
struct Output {
    file: Writing,
    bar: ProgressBar,
    skipped: usize,
    peak: f32,
}

impl Output {
    fn take(&mut self, channels: &[Vec<f32>], frames: usize) -> Result<()> {
        let from = self.skipped.min(frames);
        self.skipped -= from;
        self.file.append(channels, from..frames)?;
        let peak = level::peak(channels, frames);
        ensure!(peak.is_finite(), "the plugin gave a sample that is not a finite number");
        self.peak = self.peak.max(peak);
        self.bar.inc(frames as u64);
        Ok(())
    }

    fn finish(self) -> Result<f32> {
        self.bar.finish_and_clear();
        self.file.finish()?;
        Ok(self.peak)
    }
}

/// Hidden by itself where there is no terminal.
fn progress(frames: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("rendering {wide_bar} {percent} %  {eta} left");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(frames as u64).with_style(style)
}
