//! Sound files: read whole, written beside their place and moved there when complete.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

/// A RIFF file counts its bytes in 32 bits, some of them for its head.
const MOST_BYTES: u64 = u32::MAX as u64 - 4096;

/// A sound in memory, full scale at 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    pub rate: u32,
    pub channels: Vec<Vec<f32>>,
}

impl Sound {
    /// Reads a mono or stereo file of 16, 24 or 32 bits.
    pub fn read(path: &Path) -> Result<Sound> {
        let shown = path.display();
        let mut reader = WavReader::open(path).map_err(|error| match error {
            hound::Error::IoError(error) => anyhow::anyhow!("cannot read {shown}: {error}"),
            error => anyhow::anyhow!("{shown} is not a WAV file of 16, 24 or 32 bits, mono or stereo: {error}"),
        })?;
        let spec = reader.spec();
        check(&spec).with_context(|| format!("cannot use {shown}"))?;
        let channels = channels(&mut reader, &spec);
        let channels = channels.with_context(|| format!("{shown} is damaged or cut short"))?;
        let sound = Sound { rate: spec.sample_rate, channels };
        ensure!(sound.frames() > 0, "{shown} holds no sound");
        Ok(sound)
    }

    /// Length in samples.
    pub fn frames(&self) -> usize {
        self.channels.first().map_or(0, Vec::len)
    }

    /// Fills the buffers from this frame on; past the end there is silence.
    pub fn copy(&self, from: usize, frames: usize, buffers: &mut [Vec<f32>]) {
        for (channel, buffer) in self.channels.iter().zip(buffers) {
            let rest = channel.get(from..).unwrap_or_default();
            let count = frames.min(rest.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            buffer[count..frames].fill(0.0);
        }
    }

    /// The same sound on so many channels: mono on both sides, or both sides at half.
    pub fn widened(self, channels: usize) -> Sound {
        let channels = match (self.channels.as_slice(), channels) {
            ([mono], 2) => vec![mono.clone(), mono.clone()],
            ([left, right], 1) => {
                vec![left.iter().zip(right).map(|(left, right)| 0.5 * (left + right)).collect()]
            }
            _ => self.channels,
        };
        Sound { channels, ..self }
    }
}

fn check(spec: &WavSpec) -> Result<()> {
    if !matches!(spec.channels, 1 | 2) {
        let channels = spec.channels;
        bail!("it has {channels} channels; expected mono or stereo (split it into pairs first)");
    }
    if !matches!(spec.bits_per_sample, 16 | 24 | 32) {
        bail!("it has {} bits a sample; expected 16, 24 or 32", spec.bits_per_sample);
    }
    ensure!(spec.sample_rate > 0, "it tells no sample rate");
    Ok(())
}

fn channels(reader: &mut WavReader<impl std::io::Read>, spec: &WavSpec) -> Result<Vec<Vec<f32>>> {
    let full_scale = 2.0_f64.powi(i32::from(spec.bits_per_sample) - 1);
    let scaled = |sample: i32| (f64::from(sample) / full_scale) as f32;
    match spec.sample_format {
        SampleFormat::Float => apart(reader.samples::<f32>(), spec.channels),
        SampleFormat::Int => apart(reader.samples::<i32>().map(|s| s.map(scaled)), spec.channels),
    }
}

/// Sorts interleaved samples into channels.
fn apart(samples: impl Iterator<Item = hound::Result<f32>>, count: u16) -> Result<Vec<Vec<f32>>> {
    let mut channels = vec![Vec::new(); usize::from(count)];
    let turns = (0..channels.len()).cycle();
    for (channel, sample) in turns.zip(samples) {
        channels[channel].push(sample?);
    }
    Ok(channels)
}

/// A 32-bit float file in the making. Dropped before [`Writing::finish`], it leaves nothing behind.
pub struct Writing {
    writer: Option<WavWriter<BufWriter<File>>>,
    unfinished: PathBuf,
    path: PathBuf,
}

impl Writing {
    /// Starts a file of at most `frames` frames.
    pub fn start(path: &Path, rate: u32, channels: usize, frames: usize) -> Result<Writing> {
        let bytes = (frames * channels * size_of::<f32>()) as u64;
        ensure!(bytes <= MOST_BYTES, "the output is longer than a WAV file can be (4 GB): cut the input");
        let name = path.file_name().with_context(|| format!("{} names no file", path.display()))?;
        let unfinished = path.with_file_name(format!(".{}.unfinished", name.to_string_lossy()));
        let spec = WavSpec {
            channels: channels as u16,
            sample_rate: rate,
            bits_per_sample: 32,
            sample_format: SampleFormat::Float,
        };
        let writer = WavWriter::create(&unfinished, spec);
        let writer = writer.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Writing { writer: Some(writer), unfinished, path: path.to_owned() })
    }

    /// Appends the frames of this range.
    pub fn append(&mut self, channels: &[Vec<f32>], range: std::ops::Range<usize>) -> Result<()> {
        let writer = self.writer.as_mut().context("the file is finished")?;
        for frame in range {
            for channel in channels {
                writer.write_sample(channel[frame]).context("cannot write the output")?;
            }
        }
        Ok(())
    }

    /// Completes the file and puts it in its place.
    pub fn finish(mut self) -> Result<()> {
        let writer = self.writer.take().context("the file is finished")?;
        writer.finalize().context("cannot write the output")?;
        let moved = fs::rename(&self.unfinished, &self.path);
        moved.with_context(|| format!("cannot write {}", self.path.display()))
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // The writer would complete its file on drop, so it goes first. After a finish there is nothing to remove.
        self.writer = None;
        let _ = fs::remove_file(&self.unfinished);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("green-ring-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    fn spec(channels: u16, bits_per_sample: u16, sample_format: SampleFormat) -> WavSpec {
        WavSpec { channels, sample_rate: 44_100, bits_per_sample, sample_format }
    }

    #[test]
    fn every_width_is_read_to_full_scale() {
        let folder = folder("widths");
        for bits in [16, 24, 32] {
            let path = folder.join("in.wav");
            let mut writer = WavWriter::create(&path, spec(2, bits, SampleFormat::Int)).expect("file");
            let half = 1_i32 << (bits - 2);
            for sample in [half, -2 * (half - 1) - 2, 0, half / 2] {
                writer.write_sample(sample).expect("sample");
            }
            writer.finalize().expect("file");
            let sound = Sound::read(&path).expect("sound");
            assert_eq!(sound.channels, [[0.5, 0.0], [-1.0, 0.25]], "{bits} bits");
        }
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn what_is_written_is_read_again_and_appears_only_when_finished() {
        let folder = folder("round-trip");
        let path = folder.join("out.wav");
        let channels = vec![vec![0.1, -2.5, 1e-9], vec![0.0, 1.0, -1.0]];
        let mut writing = Writing::start(&path, 96_000, 2, 3).expect("file");
        writing.append(&channels, 0..3).expect("samples");
        assert!(!path.exists());
        writing.finish().expect("file");
        assert_eq!(Sound::read(&path).expect("sound"), Sound { rate: 96_000, channels });
        assert_eq!(fs::read_dir(&folder).expect("folder").count(), 1);
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn a_file_that_is_dropped_leaves_nothing() {
        let folder = folder("dropped");
        let mut writing = Writing::start(&folder.join("out.wav"), 48_000, 1, 2).expect("file");
        writing.append(&[vec![0.5, 0.5]], 0..2).expect("samples");
        drop(writing);
        assert_eq!(fs::read_dir(&folder).expect("folder").count(), 0);
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let folder = folder("refused");
        let six = folder.join("six.wav");
        let writer = WavWriter::create(&six, spec(6, 16, SampleFormat::Int)).expect("file");
        writer.finalize().expect("file");
        let error = format!("{:#}", Sound::read(&six).expect_err("six channels"));
        assert!(error.contains("6 channels; expected mono or stereo"), "{error}");
        let text = folder.join("text.wav");
        fs::write(&text, "not a sound at all, but long enough to be read").expect("file");
        let error = format!("{:#}", Sound::read(&text).expect_err("a text"));
        assert!(error.contains("is not a WAV file of 16, 24 or 32 bits"), "{error}");
        let error = format!("{:#}", Sound::read(&folder.join("none.wav")).expect_err("no file"));
        assert!(error.contains("cannot read"), "{error}");
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn past_its_end_a_sound_is_silent() {
        let sound = Sound { rate: 48_000, channels: vec![vec![1.0, 2.0, 3.0]] };
        let mut buffers = vec![vec![9.0; 4]];
        sound.copy(2, 3, &mut buffers);
        assert_eq!(buffers, [[3.0, 0.0, 0.0, 9.0]]);
        sound.copy(5, 2, &mut buffers);
        assert_eq!(buffers, [[0.0, 0.0, 0.0, 9.0]]);
    }

    #[test]
    fn a_key_takes_the_width_of_its_port() {
        let stereo = Sound { rate: 48_000, channels: vec![vec![1.0], vec![0.0]] };
        assert_eq!(stereo.clone().widened(2), stereo);
        let mono = stereo.widened(1);
        assert_eq!(mono.channels, [[0.5]]);
        assert_eq!(mono.widened(2).channels, [[0.5], [0.5]]);
    }
}
