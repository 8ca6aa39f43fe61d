//! Rooms, noises, blows and beds, made here, the same on every run.

use std::f32::consts::TAU;

use green_ring_dsp::chance::Chance;
use green_ring_dsp::filter::{OnePole, Svf};
use realfft::RealFftPlanner;

use super::{RATE, at_level, mix, samples};

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
