//! Recorded speech and music: Debian's `alsa-utils` (full band, close), `asterisk-core-sounds-en-wav` (8 kHz, one
//! voice) and `asterisk-moh-opsound-wav` (8 kHz music); and voices that `espeak-ng` makes.

use std::path::Path;
use std::process::Command;

use super::{RATE, at_level, at_loudness, samples};

/// Where Debian keeps voices and music.
const ALSA: &str = "/usr/share/sounds/alsa";
const ASTERISK: &str = "/usr/share/asterisk/sounds/en_US_f_Allison";
const MUSIC: &str = "/usr/share/asterisk/moh";

/// The utterances of both packages, each at -27 LUFS; `None`, with a printed line, where they are not installed and
/// `GREEN_RING_NO_SPEECH` says that they need not be.
pub fn utterances() -> Option<Vec<Vec<f32>>> {
    let mut lines = prompts(0)?;
    lines.extend(wavs(ALSA).into_iter().filter(|p| !p.ends_with("Noise.wav")).map(|p| at_loudness(read(&p), -27.0)));
    Some(lines)
}

/// As [`utterances`], but prompts on which no constant of the detector was chosen.
pub fn fresh_utterances() -> Option<Vec<Vec<f32>>> {
    prompts(2)
}

/// Every fourth sentence of the recorded prompts, from the `first` on.
fn prompts(first: usize) -> Option<Vec<Vec<f32>>> {
    if !installed(&[ALSA, ASTERISK], "alsa-utils asterisk-core-sounds-en-wav") {
        return None;
    }
    let sentences = wavs(ASTERISK).into_iter().map(|p| read(&p)).filter(|x| is_a_sentence(x));
    Some(sentences.skip(first).step_by(4).take(52).map(|x| at_loudness(x, -27.0)).collect())
}

/// Prompts of 1 to 6 s; shorter ones are tones, beeps and single letters.
fn is_a_sentence(x: &[f32]) -> bool {
    (1.0..6.0).contains(&(x.len() as f32 / RATE))
}

fn wavs(folder: &str) -> Vec<String> {
    let mut paths: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().to_string_lossy().into_owned())
        .filter(|path| path.ends_with(".wav") && !path.contains("tone") && !path.contains("beep"))
        .collect();
    paths.sort();
    paths
}

/// A 16-bit mono WAV of 8 or 48 kHz, at 48 kHz.
fn read(path: &str) -> Vec<f32> {
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let (mut at, mut rate) = (12, 0);
    while &bytes[at..at + 4] != b"data" {
        if &bytes[at..at + 4] == b"fmt " {
            rate = word(at + 12);
        }
        at += 8 + word(at + 4) as usize;
    }
    let end = (at + 8 + word(at + 4) as usize).min(bytes.len());
    let sound: Vec<f32> =
        bytes[at + 8..end].chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]]) as f32 / 32_768.0).collect();
    upsample(&sound, RATE as usize / rate as usize)
}

/// Band-limited interpolation by a whole factor: zeros between, then a Hann-windowed sinc of 16 crossings a side.
fn upsample(x: &[f32], factor: usize) -> Vec<f32> {
    if factor == 1 {
        return x.to_vec();
    }
    let reach = 16 * factor;
    let kernel: Vec<f32> = (0..=2 * reach)
        .map(|k| {
            let t = k as f32 - reach as f32;
            let phase = std::f32::consts::PI * t / factor as f32;
            let sinc = if t == 0.0 { 1.0 } else { phase.sin() / phase };
            sinc * 0.5 * (1.0 + (std::f32::consts::PI * t / (reach + 1) as f32).cos())
        })
        .collect();
    let mut y = vec![0.0; x.len() * factor + 2 * reach];
    for (n, x) in x.iter().enumerate() {
        y[n * factor..].iter_mut().zip(&kernel).for_each(|(y, k)| *y += x * k);
    }
    y[reach..reach + x.len() * factor].to_vec()
}

/// Music at -27 LUFS from Debian's `asterisk-moh-opsound-wav`, `seconds` of each piece from `from_s` on (the first 5 s are
/// never taken, and a piece that is too short gives its end); `None` as [`utterances`] has it.
pub fn music(from_s: f32, seconds: f32) -> Option<Vec<Vec<f32>>> {
    installed(&[MUSIC], "asterisk-moh-opsound-wav").then(|| {
        let pieces = wavs(MUSIC).into_iter().map(|p| read(&p));
        let cut = |x: Vec<f32>| {
            let at = samples(5.0 + from_s).min(x.len() - samples(seconds));
            x[at..at + samples(seconds)].to_vec()
        };
        pieces.map(|x| at_level(cut(x), -27.0)).collect()
    })
}

/// What made voices say.
const SAYS: &str = "Somebody left the window open. Did you hear the rain last night? I could not sleep at all.";

/// Voices of `espeak-ng`, which nothing was chosen on: low and high, quick and slow, each at -27 LUFS; `None` as
/// [`utterances`] has it.
pub fn espeak() -> Option<Vec<Vec<f32>>> {
    let voice = |voice: &str, pitch: &str, pace: &str| {
        let made = Command::new("espeak-ng").args(["-v", voice, "-p", pitch, "-s", pace, "--stdout", SAYS]).output();
        Some(at_loudness(resampled(&made.ok()?.stdout), -27.0))
    };
    let all =
        [("en-us", "50", "160"), ("en-gb", "20", "140"), ("en-us+f3", "70", "180"), ("en-gb-scotland", "40", "200")];
    let voices: Option<Vec<Vec<f32>>> = all.iter().map(|(v, p, s)| voice(v, p, s)).collect();
    if voices.is_none() {
        absent("espeak-ng");
    }
    voices
}

/// Samples of a WAV stream of 22 050 Hz, whose header is 44 bytes and tells no length, at 48 kHz by cubic interpolation.
fn resampled(bytes: &[u8]) -> Vec<f32> {
    let at = |k: usize| match bytes.get(44 + 2 * k..46 + 2 * k) {
        Some(b) => f32::from(i16::from_le_bytes([b[0], b[1]])) / 32_768.0,
        None => 0.0,
    };
    let length = (bytes.len().saturating_sub(44) / 2) as f64 * f64::from(RATE) / 22_050.0;
    (0..length as usize)
        .map(|n| {
            let place = n as f64 * 22_050.0 / f64::from(RATE);
            let (k, t) = (place as usize, place.fract() as f32);
            let [a, b, c, d] = [k.saturating_sub(1), k, k + 1, k + 2].map(at);
            b + 0.5 * t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
        })
        .collect()
}

/// Whether all `folders` are there. Where they are not, `GREEN_RING_NO_SPEECH` must say that this is known.
fn installed(folders: &[&str], packages: &str) -> bool {
    let there = folders.iter().all(|folder| Path::new(folder).exists());
    if !there {
        absent(packages);
    }
    there
}

fn absent(packages: &str) {
    let known = std::env::var_os("GREEN_RING_NO_SPEECH").is_some();
    assert!(known, "material is missing: apt-get install {packages}");
    println!("skipped: material is missing: apt-get install {packages}");
}
