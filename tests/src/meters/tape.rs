//! Meters for tape machines: wow and flutter after AES6-2008, harmonics, aliases, and a programme to drive them with.

use std::f64::consts::TAU;

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

use super::loudness;

/// The tone that AES6-2008 measures wow and flutter with, in Hz.
pub const AES6_TONE_HZ: f64 = 3_150.0;

/// Weighting of AES6-2008: rate in Hz, weight in dB.
const WEIGHTS: [(f64, f64); 17] = [
    (0.1, -48.0),
    (0.2, -30.6),
    (0.315, -19.7),
    (0.4, -15.0),
    (0.63, -8.4),
    (0.8, -6.0),
    (1.0, -4.2),
    (1.6, -1.8),
    (2.0, -0.9),
    (4.0, 0.0),
    (6.3, -0.9),
    (10.0, -2.1),
    (20.0, -5.9),
    (40.0, -10.4),
    (63.0, -14.2),
    (100.0, -17.3),
    (200.0, -23.0),
];

/// `seconds` of a sine of amplitude `peak`.
pub fn tone(hz: f64, peak: f64, seconds: f64, rate_hz: f64) -> Vec<f32> {
    (0..(seconds * rate_hz) as usize).map(|k| (peak * (TAU * hz * k as f64 / rate_hz).sin()) as f32).collect()
}

/// Amplitude and phase of `sound` at `hz`. Exact over whole periods.
pub fn component(sound: &[f32], hz: f64, rate_hz: f64) -> Complex<f64> {
    let turn = |k: usize| Complex::from_polar(1.0, -TAU * (hz * k as f64 / rate_hz).fract());
    sound.iter().enumerate().map(|(k, x)| turn(k) * *x as f64).sum::<Complex<f64>>() * (2.0 / sound.len() as f64)
}

/// Harmonic `order` of a tone at `hz`, over its fundamental.
pub fn harmonic(sound: &[f32], hz: f64, order: usize, rate_hz: f64) -> f64 {
    component(sound, hz * order as f64, rate_hz).norm() / component(sound, hz, rate_hz).norm()
}

/// The strongest component that is no harmonic of `hz`, in dB re the tone. `sound` is one second at a whole `rate_hz`,
/// and `hz` is whole: every product of the two then falls on one bin. Zero hertz counts.
pub fn worst_alias_db(sound: &[f32], hz: usize) -> f64 {
    let power = spectrum(sound.iter().map(|x| *x as f64).collect()).iter().map(Complex::norm_sqr).collect::<Vec<_>>();
    let alien = power.iter().enumerate().filter(|(bin, _)| *bin == 0 || bin % hz != 0);
    10.0 * (alien.map(|(_, p)| *p).fold(1e-30, f64::max) / power[hz]).log10()
}

fn spectrum(mut sound: Vec<f64>) -> Vec<Complex<f64>> {
    let plan = RealFftPlanner::new().plan_fft_forward(sound.len());
    let mut bins = plan.make_output_vec();
    plan.process(&mut sound, &mut bins).expect("lengths agree");
    bins
}

/// A tone taken apart: amplitude and phase by time.
pub struct Demodulated {
    /// Readings a second.
    pub rate_hz: f64,
    /// Amplitude of the tone.
    pub level: Vec<f64>,
    /// Phase against the steady tone in turns, without jumps.
    pub turns: Vec<f64>,
    tone_hz: f64,
}

impl Demodulated {
    /// Takes `sound`, a tone at `tone_hz`, apart; flat for movements up to `band_hz`, which must be less than the tone.
    pub fn new(sound: &[f32], tone_hz: f64, band_hz: f64, rate_hz: f64) -> Self {
        let step = (rate_hz / (4.0 * band_hz)).floor().max(1.0) as usize;
        let kernel = lowpass(1.5 * band_hz, band_hz, rate_hz);
        let base: Vec<Complex<f32>> = sound.iter().enumerate().map(|(k, x)| turned(*x, tone_hz, k, rate_hz)).collect();
        let mut turns: Vec<f64> = vec![];
        let mut level = vec![];
        for part in base.windows(kernel.len()).step_by(step) {
            let z: Complex<f32> = part.iter().zip(&kernel).map(|(z, h)| z * h).sum();
            let turn = z.arg() as f64 / TAU;
            turns.push(turns.last().map_or(turn, |last| turn + (last - turn).round()));
            level.push(2.0 * z.norm() as f64);
        }
        Self { rate_hz: rate_hz / step as f64, level, turns, tone_hz }
    }

    /// Deviation of speed by time, as a fraction.
    pub fn speed(&self) -> Vec<f64> {
        self.turns.windows(2).map(|w| (w[1] - w[0]) * self.rate_hz / self.tone_hz).collect()
    }

    /// Lateness against the steady tone by time, in seconds; the tone's period is not told apart from none.
    pub fn lateness_s(&self) -> Vec<f64> {
        self.turns.iter().map(|turns| -turns / self.tone_hz).collect()
    }

    /// Highest over lowest amplitude, in dB.
    pub fn ripple_db(&self) -> f64 {
        let (low, high) = self.level.iter().fold((f64::MAX, 0.0f64), |(l, h), x| (l.min(*x), h.max(*x)));
        20.0 * (high / low).log10()
    }
}

fn turned(x: f32, hz: f64, k: usize, rate_hz: f64) -> Complex<f32> {
    let angle = -TAU * (hz * k as f64 / rate_hz).fract();
    Complex::new(x * angle.cos() as f32, x * angle.sin() as f32)
}

/// A sinc under a Blackman window, `skirt_hz` wide on either side of `cut_hz`.
fn lowpass(cut_hz: f64, skirt_hz: f64, rate_hz: f64) -> Vec<f32> {
    let reach = (1.5 * rate_hz / skirt_hz).ceil();
    let tap = |k: f64| {
        let (turn, t) = (TAU * k / (2.0 * reach), TAU * cut_hz / rate_hz * (k - reach));
        let window = 0.42 - 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos();
        window * if t == 0.0 { 1.0 } else { t.sin() / t }
    };
    let taps: Vec<f64> = (0..=2 * reach as usize).map(|k| tap(k as f64)).collect();
    let sum: f64 = taps.iter().sum();
    taps.iter().map(|h| (h / sum) as f32).collect()
}

/// The AES6-2008 reading of `speed`: weighted, and the deviation that 95 % of the time is not exceeded (two sigma). The
/// first and last second are left out.
pub fn aes6(speed: &[f64], rate_hz: f64) -> f64 {
    let mut bins = spectrum(speed.to_vec());
    for (k, bin) in bins.iter_mut().enumerate() {
        *bin *= weight(k as f64 * rate_hz / speed.len() as f64) / speed.len() as f64;
    }
    bins[0] = Complex::default();
    let plan = RealFftPlanner::new().plan_fft_inverse(speed.len());
    let mut weighted = plan.make_output_vec();
    if let Some(last) = bins.last_mut() {
        last.im = 0.0;
    }
    plan.process(&mut bins, &mut weighted).expect("lengths agree");
    let second = rate_hz as usize;
    two_sigma(&weighted[second..weighted.len() - second])
}

/// The deviation that 95 % of the time is not exceeded.
pub fn two_sigma(deviation: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = deviation.iter().map(|x| x.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    sizes[(0.95 * sizes.len() as f64) as usize]
}

fn weight(hz: f64) -> f64 {
    if hz < 0.02 {
        return 0.0;
    }
    let next = WEIGHTS.iter().position(|(at, _)| *at > hz).unwrap_or(WEIGHTS.len()).clamp(1, WEIGHTS.len() - 1);
    let ((low_hz, low_db), (high_hz, high_db)) = (WEIGHTS[next - 1], WEIGHTS[next]);
    10f64.powf((low_db + (high_db - low_db) * (hz / low_hz).log2() / (high_hz / low_hz).log2()) / 20.0)
}

/// Wow and flutter of `sound`, the AES6 tone at `rate_hz`, as a fraction.
pub fn wow_and_flutter(sound: &[f32], rate_hz: f64) -> f64 {
    let tone = Demodulated::new(sound, AES6_TONE_HZ, 500.0, rate_hz);
    aes6(&tone.speed(), tone.rate_hz)
}

/// Music-like stereo at `lufs`: a bass, a chord whose voices lie between the speakers and breathe, and struck accents.
pub fn programme(loudness_lufs: f64, seconds: f64, rate_hz: f64) -> [Vec<f32>; 2] {
    let voices = [82.4, 110.0, 146.8, 196.0, 233.1, 293.7, 392.0, 523.3, 784.0, 1_174.7, 2_349.3];
    let frame = |k: usize| {
        let t = k as f64 / rate_hz;
        let (mut left, mut right) = (0.0, 0.0);
        for (n, hz) in voices.iter().enumerate() {
            let breath = 0.6 + 0.4 * (TAU * t * (0.13 + 0.05 * n as f64) + n as f64).sin();
            let voice = breath * (TAU * hz * t + 2.4 * n as f64).sin() * (110.0 / (60.0 + hz)).sqrt();
            let side = 0.5 + 0.35 * (1.7 * n as f64).sin();
            (left, right) = (left + voice * side, right + voice * (1.0 - side));
        }
        let strike = (-8.0 * (t * 2.0).fract()).exp() * (TAU * 180.0 * t).sin() * 0.5;
        [left + strike, right + strike]
    };
    let frames: Vec<[f64; 2]> = (0..(seconds * rate_hz) as usize).map(frame).collect();
    let scaled = |gain: f64| [0, 1].map(|side| frames.iter().map(|f| (gain * f[side]) as f32).collect::<Vec<f32>>());
    scaled(10f64.powf((loudness_lufs - loudness(&scaled(1.0), rate_hz)) / 20.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The AES6 tone with its speed moved by 0.1 % peak at `rate`.
    fn moved(rate: f64) -> Vec<f32> {
        let swing_s = 0.001 / (TAU * rate);
        let place = |k: usize| {
            let t = k as f64 / 48_000.0;
            (TAU * AES6_TONE_HZ * (t + swing_s * (TAU * rate * t).sin())).sin() as f32
        };
        (0..30 * 48_000).map(place).collect()
    }

    #[test]
    fn the_meter_reads_the_self_check_set() {
        for (rate, percent) in [(4.0, 0.0997), (0.8, 0.0499), (20.0, 0.0506), (0.2, 0.003)] {
            let reads = 100.0 * wow_and_flutter(&moved(rate), 48_000.0);
            assert!((reads / percent - 1.0).abs() < 0.03, "{rate} Hz: {reads} % for {percent} %");
        }
    }

    #[test]
    fn a_steady_tone_reads_nothing() {
        let steady = Demodulated::new(&tone(10_000.0, 0.5, 5.0, 48_000.0), 10_000.0, 500.0, 48_000.0);
        assert!(steady.ripple_db() < 1e-3 && (steady.level[9] - 0.5).abs() < 1e-4);
        assert!(wow_and_flutter(&tone(AES6_TONE_HZ, 0.5, 30.0, 44_100.0), 44_100.0) < 1e-6);
    }

    #[test]
    fn harmonics_and_aliases_are_told_apart() {
        let sound: Vec<f32> = tone(5_000.0, 1.0, 1.0, 48_000.0)
            .iter()
            .zip(tone(15_000.0, 0.01, 1.0, 48_000.0))
            .zip(tone(7_000.0, 0.001, 1.0, 48_000.0))
            .map(|((a, b), c)| a + b + c)
            .collect();
        assert!((harmonic(&sound, 5_000.0, 3, 48_000.0) - 0.01).abs() < 1e-6);
        assert!((worst_alias_db(&sound, 5_000) + 60.0).abs() < 0.01);
    }

    #[test]
    fn the_programme_is_as_loud_as_asked() {
        assert!((loudness(&programme(-23.0, 3.0, 48_000.0), 48_000.0) + 23.0).abs() < 1e-3);
    }
}
