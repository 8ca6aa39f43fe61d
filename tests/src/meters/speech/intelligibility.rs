//! How much of speech is understood over a bed: ESTOI and SII.

use green_ring_dsp::sinc::bessel_i0;
use realfft::RealFftPlanner;

use super::RATE;

/// ESTOI's own rate in hertz, frame, hop and transform in samples, bands, and frames in a segment.
const HEARD_HZ: f64 = 10_000.0;
const FRAME: usize = 256;
const HOP: usize = FRAME / 2;
const SIZE: usize = 512;
const BANDS: usize = 15;
const SEGMENT: usize = 30;

/// Frames this far below the loudest are silence, in dB.
const SILENT_DB: f64 = 40.0;

/// Extended short-time objective intelligibility of `speech` in `heard` (J. Jensen and C. H. Taal, "An algorithm for
/// predicting the intelligibility of speech masked by modulated noise maskers", IEEE/ACM TASLP 24(11), 2016): 0 to 1.
pub fn estoi(speech: &[f32], heard: &[f32]) -> f64 {
    let (speech, heard) = without_silence(&slowed(speech), &slowed(heard));
    let (speech, heard) = (bands(&speech), bands(&heard));
    let segments = speech.len().saturating_sub(SEGMENT - 1);
    let likeness = |at: usize| {
        let (x, y) = (normalised(&speech[at..at + SEGMENT]), normalised(&heard[at..at + SEGMENT]));
        x.iter().flatten().zip(y.iter().flatten()).map(|(x, y)| x * y).sum::<f64>() / SEGMENT as f64
    };
    (0..segments).map(likeness).sum::<f64>() / segments as f64
}

/// Input samples on either side of an output sample that count towards it.
const REACH: usize = 120;

/// `x` at 10 kHz: a Kaiser-windowed sinc, 80 dB down from 5 kHz on. Outputs fall on five phases between inputs.
fn slowed(x: &[f32]) -> Vec<f64> {
    let step = RATE as f64 / HEARD_HZ;
    let kernel = |t: f64| {
        let phase = std::f64::consts::PI * 0.96 * t / step;
        let sinc = if phase == 0.0 { 1.0 } else { phase.sin() / phase };
        let window = (1.0 - (t / REACH as f64).powi(2)).max(0.0).sqrt();
        sinc * bessel_i0(7.9 * window) / bessel_i0(7.9) * 0.96 / step
    };
    let row = |p: usize| (0..2 * REACH).map(|k| kernel(k as f64 - REACH as f64 + 1.0 - p as f64 / 5.0)).collect();
    let rows: [Vec<f64>; 5] = std::array::from_fn(row);
    let padded: Vec<f32> = [&[0.0; REACH][..], x, &[0.0; REACH]].concat();
    let sample = |n: usize| {
        let (whole, phase) = (n * 24 / 5, n * 24 % 5);
        padded[whole + 1..].iter().zip(&rows[phase]).map(|(x, w)| f64::from(*x) * w).sum()
    };
    (0..(x.len() as f64 / step) as usize).map(sample).collect()
}

/// Hann without its zeros at the ends.
fn window(k: usize) -> f64 {
    0.5 - 0.5 * (std::f64::consts::TAU * (k + 1) as f64 / (FRAME + 1) as f64).cos()
}

fn windowed(x: &[f64]) -> impl Iterator<Item = Vec<f64>> {
    x.windows(FRAME).step_by(HOP).map(|frame| frame.iter().enumerate().map(|(k, x)| x * window(k)).collect())
}

/// The same frame of the clean and of the heard speech.
type Pair = (Vec<f64>, Vec<f64>);

/// Both sounds without the frames in which `speech` is silent, overlapped and added again.
fn without_silence(speech: &[f64], heard: &[f64]) -> Pair {
    let frames: Vec<Pair> = windowed(speech).zip(windowed(heard)).collect();
    let level = |x: &[f64]| 20.0 * (x.iter().map(|x| x * x).sum::<f64>().sqrt() + f64::EPSILON).log10();
    let loudest = frames.iter().map(|(x, _)| level(x)).fold(f64::MIN, f64::max);
    let kept: Vec<_> = frames.iter().filter(|(x, _)| level(x) > loudest - SILENT_DB).collect();
    let join = |pick: fn(&Pair) -> &Vec<f64>| {
        let mut y = vec![0.0; kept.len().saturating_sub(1) * HOP + FRAME];
        for (k, frames) in kept.iter().enumerate() {
            y[k * HOP..].iter_mut().zip(pick(frames)).for_each(|(y, x)| *y += x);
        }
        y
    };
    (join(|frames| &frames.0), join(|frames| &frames.1))
}

/// Magnitude of each third-octave band from 150 Hz up, frame by frame.
fn bands(x: &[f64]) -> Vec<[f64; BANDS]> {
    let transform = RealFftPlanner::<f64>::new().plan_fft_forward(SIZE);
    let mut bins = transform.make_output_vec();
    let bin = |hz: f64| (hz * SIZE as f64 / HEARD_HZ).round() as usize;
    let edges: [usize; BANDS + 1] = std::array::from_fn(|b| bin(150.0 * 2f64.powf((2.0 * b as f64 - 1.0) / 6.0)));
    windowed(x)
        .map(|mut frame| {
            frame.resize(SIZE, 0.0);
            transform.process(&mut frame, &mut bins).expect("sizes agree");
            std::array::from_fn(|b| bins[edges[b]..edges[b + 1]].iter().map(|c| c.norm_sqr()).sum::<f64>().sqrt())
        })
        .collect()
}

/// A segment whose bands, then whose frames, have mean 0 and length 1.
fn normalised(frames: &[[f64; BANDS]]) -> Vec<[f64; BANDS]> {
    let mut segment = frames.to_vec();
    for b in 0..BANDS {
        let mean = segment.iter().map(|f| f[b]).sum::<f64>() / SEGMENT as f64;
        let length = segment.iter().map(|f| (f[b] - mean).powi(2)).sum::<f64>().sqrt() + f64::EPSILON;
        segment.iter_mut().for_each(|f| f[b] = (f[b] - mean) / length);
    }
    for frame in &mut segment {
        let mean = frame.iter().sum::<f64>() / BANDS as f64;
        let length = frame.iter().map(|x| (x - mean).powi(2)).sum::<f64>().sqrt() + f64::EPSILON;
        frame.iter_mut().for_each(|x| *x = (*x - mean) / length);
    }
    segment
}

/// Importance of the third-octave bands from 160 Hz to 8 kHz (ANSI S3.5-1997, table 3).
const IMPORTANCE: [f64; 18] = [
    0.0083, 0.0095, 0.0150, 0.0289, 0.0440, 0.0578, 0.0653, 0.0711, 0.0818, 0.0844, 0.0882, 0.0898, 0.0868, 0.0844,
    0.0771, 0.0527, 0.0364, 0.0185,
];

/// Overall level of normal speech in dB SPL that the standard assumes; `speech` is taken to play at it.
const NORMAL_SPL_DB: f64 = 62.35;

/// Speech intelligibility index (ANSI S3.5-1997, third-octave procedure, no hearing threshold) of long-term `speech`
/// over `bed`, of equal length: 0 to 1.
pub fn sii(speech: &[f32], bed: &[f32]) -> f64 {
    let (e, n) = (thirds(speech), thirds(bed));
    let centre = |b: usize| 1_000.0 * 10f64.powf((b as f64 - 8.0) / 10.0);
    let width_db = |b: usize| 10.0 * (0.231_56 * centre(b)).log10();
    let to_spl = NORMAL_SPL_DB - 10.0 * e.iter().sum::<f64>().log10();
    let level = |p: f64, b: usize| 10.0 * (p + 1e-30).log10() + to_spl - width_db(b);
    let sources: Vec<f64> = (0..18).map(|b| level(n[b], b).max(level(e[b], b) - 24.0)).collect();
    (0..18)
        .map(|b| {
            let spread = |k: usize| {
                let slope = -80.0 + 0.6 * (sources[k] + width_db(k));
                10f64.powf((sources[k] + 3.32 * slope * (0.89 * centre(b) / centre(k)).log10()) / 10.0)
            };
            let masking = 10.0 * (10f64.powf(level(n[b], b) / 10.0) + (0..b).map(spread).sum::<f64>()).log10();
            IMPORTANCE[b] * ((level(e[b], b) - masking + 15.0) / 30.0).clamp(0.0, 1.0)
        })
        .sum()
}

/// Mean power in each third-octave band from 160 Hz to 8 kHz.
fn thirds(x: &[f32]) -> [f64; 18] {
    let n = x.len();
    let transform = RealFftPlanner::<f64>::new().plan_fft_forward(n);
    let (mut sound, mut bins) = (x.iter().map(|x| f64::from(*x)).collect::<Vec<_>>(), transform.make_output_vec());
    transform.process(&mut sound, &mut bins).expect("sizes agree");
    let bin = |b: f64| (1_000.0 * 10f64.powf((b - 8.5) / 10.0) * n as f64 / RATE as f64) as usize;
    std::array::from_fn(|b| {
        let band = &bins[bin(b as f64)..bin(b as f64 + 1.0)];
        2.0 * band.iter().map(|c| c.norm_sqr()).sum::<f64>() / (n as f64).powi(2)
    })
}
