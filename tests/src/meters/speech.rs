//! Speech and what is not speech: material for the Dialogue Ducker, and meters that listen to what it does.
//!
//! Speech comes from Debian's `alsa-utils` (full band, close) and `asterisk-core-sounds-en-wav` (8 kHz, one voice),
//! rooms, noises, slams and beds are made here. Everything is mono at 48 kHz and the same on every run.

use green_ring_dsp::Spec;
use green_ring_dsp::chance::Chance;
use green_ring_dsp::filter::{OnePole, Svf};
use green_ring_dsp::loudness::{KWeighting, lufs};
use realfft::RealFftPlanner;
use std::f32::consts::TAU;
use std::path::Path;

/// Sample rate of all material, in hertz.
pub const RATE: f32 = 48_000.0;

/// The same as [`Spec`] wants it, for a stereo engine.
pub const SPEC: Spec = Spec { sample_rate: RATE as f64, channels: 2 };

/// Where Debian keeps voices and music.
const ALSA: &str = "/usr/share/sounds/alsa";
const ASTERISK: &str = "/usr/share/asterisk/sounds/en";
const MUSIC: &str = "/usr/share/asterisk/moh";

/// A number of samples.
pub fn samples(seconds: f32) -> usize {
    (seconds * RATE).round() as usize
}

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

/// White noise of unit variance.
pub fn white(seed: u32, n: usize) -> Vec<f32> {
    let chance = Chance::new(seed, 0);
    (0..n.div_ceil(2)).flat_map(|k| chance.normal(k as i64)).take(n).collect()
}

/// Pink noise: white noise through P. Kellet's three-pole filter, within 0.5 dB from 20 Hz up.
pub fn pink(seed: u32, n: usize) -> Vec<f32> {
    let mut b = [0.0f32; 3];
    let keep = [0.99765, 0.96300, 0.57000];
    let gain = [0.099_046, 0.296_516_4, 1.052_691_3];
    let mut tick = |w: f32| {
        for k in 0..3 {
            b[k] = keep[k] * b[k] + gain[k] * w;
        }
        b.iter().sum::<f32>() + 0.1848 * w
    };
    white(seed, n).into_iter().map(&mut tick).collect()
}

/// Noise under one low-pass at `hz`, 12 dB an octave.
pub fn dull(seed: u32, n: usize, hz: f32) -> Vec<f32> {
    let mut filter = Svf::default();
    filter.set(hz, 0.707, RATE);
    white(seed, n).into_iter().map(|x| filter.tick(x).low).collect()
}

/// Noise in one band around `hz`.
pub fn band(seed: u32, n: usize, hz: f32, q: f32) -> Vec<f32> {
    let mut filter = Svf::default();
    filter.set(hz, q, RATE);
    white(seed, n).into_iter().map(|x| filter.tick(x).band).collect()
}

/// Traffic: dull noise that swells as cars pass, every 5 s or so.
pub fn traffic(seed: u32, n: usize) -> Vec<f32> {
    let swell = |k: usize| {
        let t = k as f32 / RATE;
        1.0 + 0.7 * (TAU * t / 5.3).sin() + 0.3 * (TAU * t / 2.1).sin()
    };
    let hiss = band(seed + 1, n, 900.0, 0.5);
    dull(seed, n, 300.0).iter().zip(hiss).enumerate().map(|(k, (d, h))| swell(k) * (d + 0.15 * h)).collect()
}

/// Strings: a chord of sawtooth-like tones with vibrato, each a little out of tune.
pub fn strings(n: usize) -> Vec<f32> {
    let mut y = vec![0.0f32; n];
    for (v, hz) in [110.0, 164.8, 220.0, 277.2, 329.6, 440.3, 659.9].into_iter().enumerate() {
        let mut phase = v as f64 * 0.37;
        for (k, y) in y.iter_mut().enumerate() {
            let t = k as f32 / RATE;
            let vibrato = 1.0 + 0.004 * (TAU * (5.1 + 0.13 * v as f32) * t + v as f32).sin();
            phase += (hz * vibrato / RATE) as f64;
            let p = (phase.fract() as f32) * TAU;
            *y += (1..=14).map(|h| (p * h as f32).sin() / h as f32).sum::<f32>();
        }
    }
    y
}

/// A low drone: two tones at 55 and 82 Hz with a few partials.
pub fn drone(n: usize) -> Vec<f32> {
    let tone = |hz: f32, k: usize| {
        let p = TAU as f64 * (hz as f64 * k as f64 / RATE as f64).fract();
        (p.sin() + 0.4 * (2.0 * p).sin() + 0.15 * (3.0 * p).sin()) as f32
    };
    (0..n).map(|k| tone(55.0, k) + tone(82.4, k)).collect()
}

/// One sound that is not speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A hand clap: a burst of noise around 1.5 kHz.
    Clap,
    /// A click of one sample.
    Click,
    /// A footstep: a thud and a scrape.
    Step,
    /// Rustle of cloth.
    Rustle,
    /// A cough: two bursts of formant-shaped noise.
    Cough,
    /// A door slam with its ringing body.
    Slam,
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Clap, Self::Click, Self::Step, Self::Rustle, Self::Cough, Self::Slam];

    /// The sound, about at full scale, variant `seed`.
    pub fn sound(self, seed: u32) -> Vec<f32> {
        let u = Chance::new(seed, 9).uniform(0);
        let n = samples(0.8);
        let shape = |x: Vec<f32>, rise_s: f32, fall_s: f32| -> Vec<f32> {
            let envelope = |t: f32| (1.0 - (-t / rise_s).exp()) * (-t / fall_s).exp();
            x.iter().enumerate().map(|(k, x)| x * envelope(k as f32 / RATE)).collect()
        };
        let add = |a: Vec<f32>, b: Vec<f32>, gain: f32| a.iter().zip(b).map(|(a, b)| a + gain * b).collect();
        let sound: Vec<f32> = match self {
            Event::Clap => shape(band(seed, n, 1_200.0 + 800.0 * u[0], 1.5), 3e-4, 0.012),
            Event::Click => (0..n).map(|k| if k == 10 { 1.0 } else { 0.0 }).collect(),
            Event::Step => {
                let scrape = shape(band(seed + 1, n, 2_500.0, 1.0), 0.01, 0.03);
                add(shape(dull(seed, n, 90.0 + 80.0 * u[0]), 1e-3, 0.03), scrape, 0.05)
            }
            Event::Rustle => shape(band(seed, n, 4_000.0, 0.6), 0.05, 0.12),
            Event::Cough => {
                let burst = |seed, at: f32| {
                    let x = add(band(seed, n, 650.0, 3.0), band(seed + 1, n, 1_700.0, 3.0), 0.6);
                    let mut late = vec![0.0; samples(at)];
                    late.extend(shape(x, 4e-3, 0.05));
                    late.truncate(n);
                    late
                };
                add(burst(seed, 0.0), burst(seed + 2, 0.28 + 0.1 * u[0]), 0.7)
            }
            Event::Slam => {
                let body = shape(band(seed + 1, n, 110.0 + 90.0 * u[0], 4.0), 1e-3, 0.09 + 0.05 * u[1]);
                let crack = shape(band(seed, n, 1_400.0, 0.6), 3e-4, 0.02);
                add(add(body, crack, 0.8), shape(dull(seed + 2, n, 500.0), 1e-3, 0.06), 1.5)
            }
        };
        let peak = sound.iter().fold(1e-9f32, |m, x| m.max(x.abs()));
        sound.into_iter().map(|x| x / peak).collect()
    }

    /// `seconds` of room tone at -47 LUFS with one event every `every_s`, each peaking at `peak`, in a room.
    pub fn train(self, seconds: f32, every_s: f32, peak: f32) -> Vec<f32> {
        let mut x = vec![0.0; samples(seconds)];
        let mut k = 1;
        while (k as f32 + 0.5) * every_s < seconds {
            let at = samples(k as f32 * every_s + 0.1 * every_s * Chance::new(k, 3).uniform(0)[0]);
            x[at..].iter_mut().zip(self.sound(k)).for_each(|(x, e)| *x += peak * e);
            k += 1;
        }
        mix(&room(&x, 5), &room_tone(6, x.len(), -47.0))
    }
}

/// Room tone: dull pink noise at `level_lufs`.
pub fn room_tone(seed: u32, n: usize, level_lufs: f64) -> Vec<f32> {
    let mut low = OnePole::default();
    low.set_hz(1_500.0, RATE);
    at_level(pink(seed, n).into_iter().map(|x| low.low(x)).collect(), level_lufs)
}

/// `x` in a room of RT60 0.5 s with a direct-to-reverberant ratio of 3 dB: exponential noise (Polack's model).
pub fn room(x: &[f32], seed: u32) -> Vec<f32> {
    let n = samples(0.5);
    // -60 dB at 0.5 s; the first 5 ms belong to the direct sound.
    let tail: Vec<f32> = white(seed, n)
        .iter()
        .enumerate()
        .map(|(k, w)| if k < samples(0.005) { 0.0 } else { w * 10f32.powf(-3.0 * k as f32 / n as f32) })
        .collect();
    let energy: f32 = tail.iter().map(|t| t * t).sum();
    let scale = (10f32.powf(-0.3) / energy).sqrt();
    let reverb = convolve(x, &tail);
    x.iter().zip(reverb).map(|(x, r)| x + scale * r).collect()
}

/// Convolution by overlap-add, cut to the length of `x`.
fn convolve(x: &[f32], h: &[f32]) -> Vec<f32> {
    let size = (2 * h.len()).next_power_of_two();
    let step = size - h.len() + 1;
    let mut planner = RealFftPlanner::<f32>::new();
    let (there, back) = (planner.plan_fft_forward(size), planner.plan_fft_inverse(size));
    let spectrum = |x: &[f32]| {
        let mut padded = vec![0.0; size];
        padded[..x.len()].copy_from_slice(x);
        let mut bins = there.make_output_vec();
        there.process(&mut padded, &mut bins).expect("sizes agree");
        bins
    };
    let kernel = spectrum(h);
    let mut y = vec![0.0; x.len() + size];
    for (block, x) in x.chunks(step).enumerate() {
        let mut bins = spectrum(x);
        bins.iter_mut().zip(&kernel).for_each(|(b, k)| *b *= k);
        (bins[0].im, bins[size / 2].im) = (0.0, 0.0);
        let mut sound = vec![0.0; size];
        back.process(&mut bins, &mut sound).expect("sizes agree");
        y[block * step..].iter_mut().zip(sound).for_each(|(y, s)| *y += s / size as f32);
    }
    y.truncate(x.len());
    y
}

/// Sum of two sounds, as long as the first.
pub fn mix(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().enumerate().map(|(k, a)| a + b.get(k).unwrap_or(&0.0)).collect()
}

/// K-weighted power of `x`, sample by sample.
pub fn k_power(x: &[f32]) -> Vec<f64> {
    let mut k = KWeighting::new(RATE as f64);
    x.iter().map(|x| k.tick(*x).powi(2)).collect()
}

/// `x` scaled so that its mean loudness, ungated, is `level_lufs`.
pub fn at_level(x: Vec<f32>, level_lufs: f64) -> Vec<f32> {
    let power = k_power(&x).iter().sum::<f64>() / x.len() as f64;
    scaled(x, level_lufs - lufs(power))
}

/// `x` scaled so that its integrated loudness, gated after BS.1770, is `level_lufs`.
pub fn at_loudness(x: Vec<f32>, level_lufs: f64) -> Vec<f32> {
    let power = gated(&k_power(&x)).0;
    scaled(x, level_lufs - lufs(power))
}

/// `x` louder by `db`.
pub fn scaled(x: Vec<f32>, db: f64) -> Vec<f32> {
    let gain = 10f64.powf(db / 20.0) as f32;
    x.into_iter().map(|x| x * gain).collect()
}

/// Mean power of a K-weighted power over the 400 ms blocks, 100 ms apart, that pass both gates of BS.1770, and
/// where those blocks begin, in samples.
pub fn gated(power: &[f64]) -> (f64, Vec<usize>) {
    let (length, step) = (samples(0.4), samples(0.1));
    let mean = |at: usize| {
        let block = &power[at..(at + length).min(power.len())];
        block.iter().sum::<f64>() / length as f64
    };
    let starts: Vec<usize> = (0..power.len().saturating_sub(length / 2)).step_by(step).collect();
    let pass =
        |starts: &[usize], floor: f64| -> Vec<usize> { starts.iter().copied().filter(|s| mean(*s) > floor).collect() };
    let total = |starts: &[usize]| starts.iter().map(|s| mean(*s)).sum::<f64>() / starts.len().max(1) as f64;
    let loud = pass(&starts, green_ring_dsp::loudness::power(-70.0));
    let kept = pass(&loud, total(&loud) * 0.1);
    (total(&kept), kept)
}

/// Loudness of `speech` above `bed` in LU: the gated loudness of the one, the mean loudness of the other while there
/// is speech, which is between each pair of moments in `spans`.
pub fn difference(speech: &[f32], bed: &[f32], spans: &[(usize, usize)]) -> f64 {
    let power = k_power(bed);
    let energy: f64 = spans.iter().map(|(from, to)| power[*from..*to].iter().sum::<f64>()).sum();
    let length: usize = spans.iter().map(|(from, to)| to - from).sum();
    lufs(gated(&k_power(speech)).0) - lufs(energy / length as f64)
}

/// The same within every `window_s` seconds, 100 ms apart: mean power of speech over mean power of bed, in LU, both
/// only while there is speech. Windows begin with the first word.
pub fn short_term(speech: &[f32], bed: &[f32], spans: &[(usize, usize)], window_s: f32) -> Vec<f64> {
    let mut speaking = vec![false; speech.len()];
    spans.iter().for_each(|(from, to)| speaking[*from..*to].fill(true));
    let while_speaking = |x: &[f32]| -> Vec<f64> {
        k_power(x).iter().zip(&speaking).map(|(power, speaking)| if *speaking { *power } else { 0.0 }).collect()
    };
    let (speech, bed) = (while_speaking(speech), while_speaking(bed));
    let (window, end) = (samples(window_s), spans[spans.len() - 1].1);
    (spans[0].0..end - window)
        .step_by(samples(0.1))
        .map(|at| lufs(speech[at..at + window].iter().sum()) - lufs(bed[at..at + window].iter().sum()))
        .collect()
}

/// Movement of a gain in decibels between 0.5 and 8 Hz, rms: what is heard as pumping.
pub fn movement_db(gain_db: &[f32], rate_hz: f32) -> f32 {
    let (mut fast, mut slow) = (OnePole::default(), OnePole::default());
    fast.set_hz(8.0, rate_hz);
    slow.set_hz(0.5, rate_hz);
    fast.reset(gain_db[0]);
    slow.reset(gain_db[0]);
    let energy: f32 = gain_db.iter().map(|g| slow.high(fast.low(*g)).powi(2)).sum();
    (energy / gain_db.len() as f32).sqrt()
}

/// Energy of `x` further than `distance_hz` from `hz`, against all of it, in dB, under a Blackman-Harris window.
pub fn beyond_db(x: &[f32], hz: f32, distance_hz: f32) -> f64 {
    let n = x.len();
    let window = |k: usize| {
        let p = std::f64::consts::TAU * k as f64 / n as f64;
        0.35875 - 0.48829 * p.cos() + 0.14128 * (2.0 * p).cos() - 0.01168 * (3.0 * p).cos()
    };
    let mut windowed: Vec<f64> = x.iter().enumerate().map(|(k, x)| f64::from(*x) * window(k)).collect();
    let transform = RealFftPlanner::<f64>::new().plan_fft_forward(n);
    let mut bins = transform.make_output_vec();
    transform.process(&mut windowed, &mut bins).expect("sizes agree");
    let away = |k: usize| (k as f32 * RATE / n as f32 - hz).abs() > distance_hz;
    let beyond: f64 = bins.iter().enumerate().filter(|(k, _)| away(*k)).map(|(_, bin)| bin.norm_sqr()).sum();
    10.0 * (beyond / bins.iter().map(|bin| bin.norm_sqr()).sum::<f64>()).log10()
}

/// The first moment, in samples, at which `x` is within 30 dB of its loudest 10 ms.
pub fn onset(x: &[f32]) -> usize {
    let frame = samples(0.01);
    let power: Vec<f32> = x.chunks(frame).map(|f| f.iter().map(|x| x * x).sum()).collect();
    let loudest = power.iter().fold(0.0f32, |m, p| m.max(*p));
    power.iter().position(|p| *p > loudest * 1e-3).unwrap_or(0) * frame
}

/// The last such moment.
pub fn offset(x: &[f32]) -> usize {
    let reversed: Vec<f32> = x.iter().rev().copied().collect();
    x.len() - onset(&reversed)
}

/// Music at -27 LUFS from Debian's `asterisk-moh-opsound-wav`, `seconds` of each piece; `None` as [`utterances`] has it.
pub fn music(seconds: f32) -> Option<Vec<Vec<f32>>> {
    installed(&[MUSIC], "asterisk-moh-opsound-wav").then(|| {
        let pieces = wavs(MUSIC).into_iter().map(|p| read(&p));
        pieces.map(|x| at_level(x[samples(5.0)..samples(5.0 + seconds)].to_vec(), -27.0)).collect()
    })
}

/// Whether all `folders` are there. Where they are not, `GREEN_RING_NO_SPEECH` must say that this is known.
fn installed(folders: &[&str], packages: &str) -> bool {
    let there = folders.iter().all(|folder| Path::new(folder).exists());
    if !there {
        let known = std::env::var_os("GREEN_RING_NO_SPEECH").is_some();
        assert!(known, "material is missing: apt-get install {packages}");
        println!("skipped: material is missing: apt-get install {packages}");
    }
    there
}
