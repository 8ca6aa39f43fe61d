//! Sounds to test with: deterministic, planar, in f32.

use green_ring_dsp::chance::Chance;

/// Planar sound: one vector a channel.
pub type Planar = Vec<Vec<f32>>;

/// Silence.
pub fn silence(channels: usize, frames: usize) -> Planar {
    vec![vec![0.0; frames]; channels]
}

/// A sine at `hz` with peak `amplitude`, the same in every channel.
pub fn sine(hz: f64, amplitude: f64, rate_hz: f64, channels: usize, frames: usize) -> Planar {
    let w = std::f64::consts::TAU * hz / rate_hz;
    vec![(0..frames).map(|n| (amplitude * (w * n as f64).sin()) as f32).collect(); channels]
}

/// White noise, uniform in +-`amplitude`, independent between channels.
pub fn white(amplitude: f32, seed: u32, channels: usize, frames: usize) -> Planar {
    (0..channels as u32)
        .map(|lane| {
            let chance = Chance::new(seed, lane);
            (0..frames).map(|n| amplitude * (2.0 * chance.uniform(n as i64)[0] - 1.0)).collect()
        })
        .collect()
}

/// Pink noise (-3 dB an octave from 20 Hz up), about 0.13 rms at `level` 1, independent between channels: white noise
/// through P. Kellet's three-pole approximation (music-dsp archive, 1999), its poles moved to the rate.
pub fn pink(level: f32, rate_hz: f64, seed: u32, channels: usize, frames: usize) -> Planar {
    let mut sound = white(1.0, seed, channels, frames);
    let pole = |at_44k: f64| at_44k.powf(44_100.0 / rate_hz);
    let poles = [pole(0.99765), pole(0.96300), pole(0.57000)];
    let gains = [0.099_046, 0.296_516_4, 1.052_691_3];
    for channel in &mut sound {
        let mut state = [0.0f64; 3];
        for x in channel.iter_mut() {
            let white = f64::from(*x);
            for k in 0..3 {
                state[k] = poles[k] * state[k] + white * gains[k];
            }
            *x = level * 0.125 * (state.iter().sum::<f64>() + white * 0.1848) as f32;
        }
    }
    sound
}

/// A busy programme that wakes every part of an effect: plucked chords, noise bursts, a low drone and pauses, peaks
/// about -6 dBFS, different in each channel, and the same at the same second at every rate.
pub fn programme(rate_hz: f64, seed: u32, channels: usize, frames: usize) -> Planar {
    let hiss = white(1.0, seed ^ 0x5eed, channels, frames);
    (0..channels)
        .map(|channel| {
            let chance = Chance::new(seed, channel as u32);
            (0..frames)
                .map(|n| {
                    let t = n as f64 / rate_hz;
                    let beat = (t / 0.3).floor();
                    let [pitch, strike, noisy, rest] = chance.uniform(beat as i64);
                    let since = t - beat * 0.3;
                    let hz = 110.0 * (pitch * 36.0 / 12.0).exp2() as f64;
                    let decay = (-since * 9.0).exp() * (since * 600.0).min(1.0);
                    let tone =
                        (std::f64::consts::TAU * hz * t).sin() + 0.4 * (std::f64::consts::TAU * hz * 2.01 * t).sin();
                    let noise = f64::from(hiss[channel][n]) * (-since * 25.0).exp() * f64::from(noisy);
                    let drone = 0.1 * (std::f64::consts::TAU * 55.0 * t).sin();
                    let on = if rest > 0.85 { 0.0 } else { 0.35 * f64::from(0.4 + 0.6 * strike) };
                    (on * decay * (tone + noise) + drone * if rest > 0.85 { 0.0 } else { 1.0 }) as f32
                })
                .collect()
        })
        .collect()
}

/// Speech-like sound: a voiced source of wandering pitch through three moving formants, in syllables of about four a
/// second with pauses. For the key input of the laws; figures about speech use recorded speech.
pub fn babble(rate_hz: f64, seed: u32, channels: usize, frames: usize) -> Planar {
    let chance = Chance::new(seed, 77);
    let mut phase = 0.0f64;
    let mut formants = [[0.0f64; 2]; 3];
    let voice: Vec<f32> = (0..frames)
        .map(|n| {
            let t = n as f64 / rate_hz;
            let syllable = (t / 0.23).floor();
            let [a, b, c, pause] = chance.uniform(syllable as i64).map(f64::from);
            let since = t - syllable * 0.23;
            phase += (110.0 + 40.0 * a + 15.0 * (7.0 * t).sin()) / rate_hz;
            phase -= phase.floor();
            let source = (-phase * 12.0).exp() - 0.083;
            let envelope =
                if pause > 0.8 { 0.0 } else { (since * 40.0).min(1.0) * ((0.23 - since) * 25.0).clamp(0.0, 1.0) };
            let tuned = [300.0 + 500.0 * a, 900.0 + 1_300.0 * b, 2_300.0 + 600.0 * c];
            let mut sum = 0.0;
            for (state, hz) in formants.iter_mut().zip(tuned) {
                let radius = (-std::f64::consts::PI * 90.0 / rate_hz).exp();
                let y = source + 2.0 * radius * (std::f64::consts::TAU * hz / rate_hz).cos() * state[0]
                    - radius * radius * state[1];
                *state = [y, state[0]];
                sum += y * (hz / rate_hz) * 2.0;
            }
            (0.6 * envelope * sum).clamp(-1.0, 1.0) as f32
        })
        .collect();
    vec![voice; channels]
}

/// Scales `sound` so that its integrated K-weighted loudness is `lufs`.
pub fn at_loudness(mut sound: Planar, rate_hz: f64, lufs: f64) -> Planar {
    let gain = 10f64.powf((lufs - crate::meters::loudness(&sound, rate_hz)) / 20.0) as f32;
    sound.iter_mut().flatten().for_each(|x| *x *= gain);
    sound
}
