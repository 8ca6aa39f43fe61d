//! Partials: how much of a sound's spectrum goes on from frame to frame. Notes last; a voice glides and breaks off.

use std::f32::consts::TAU;
use std::sync::Arc;

use super::convert::EAR_HZ;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// Samples at 16 kHz that a spectrum is taken of: 64 ms, so that the partials of a low voice stand apart.
const WINDOW: usize = 1024;

/// Bins in which partials are looked for: 160 Hz, above hum, to 3 kHz, where those of a voice move most.
const LOWEST: usize = bin(160);
const HIGHEST: usize = bin(3_000);

/// Share of the strongest bin's power from which a peak counts: -30 dB.
const WEAKEST: f32 = 1e-3;

/// Power of a bin below which there is silence.
const SILENT: f32 = 1e-10;

/// Frames (128 ms) after which a partial has lasted: longer than all but few sounds of speech stay as they are.
const LASTS: u8 = 8;

const fn bin(hz: usize) -> usize {
    hz * WINDOW / EAR_HZ as usize
}

/// Follows the peaks of the spectrum, each to its nearest neighbour in the next frame (R. J. McAulay and T. F. Quatieri,
/// "Speech analysis/synthesis based on a sinusoidal representation", IEEE Trans. ASSP 34(4), 1986). That music is known
/// by peaks that last is due to K. Seyerlehner, T. Pohle, M. Schedl and G. Widmer, "Automatic music detection in
/// television productions", DAFx 2007.
pub struct Partials {
    fft: Arc<dyn RealToComplex<f32>>,
    window: [f32; WINDOW],
    past: [f32; WINDOW],
    /// What the transform works on and in.
    sound: [f32; WINDOW],
    bins: Box<[Complex<f32>]>,
    scratch: Box<[Complex<f32>]>,
    powers: [f32; HIGHEST + 2],
    /// For how many frames there has been a peak here, [`LASTS`] at most; 0 where there is none.
    ages: [u8; HIGHEST + 2],
}

impl Partials {
    /// Silence. Allocates.
    pub fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(WINDOW);
        Self {
            window: std::array::from_fn(|n| 0.5 - 0.5 * (TAU * n as f32 / WINDOW as f32).cos()),
            past: [0.0; WINDOW],
            sound: [0.0; WINDOW],
            bins: fft.make_output_vec().into(),
            scratch: fft.make_scratch_vec().into(),
            powers: [0.0; HIGHEST + 2],
            ages: [0; HIGHEST + 2],
            fft,
        }
    }

    /// Forgets all sound.
    pub fn reset(&mut self) {
        self.past.fill(0.0);
        self.ages.fill(0);
    }

    /// Takes in a frame at 16 kHz; gives the share of its partials that have lasted, 0 (none) to 1 (all).
    pub fn hear(&mut self, frame: &[f32]) -> f32 {
        self.past.copy_within(frame.len().., 0);
        self.past[WINDOW - frame.len()..].copy_from_slice(frame);
        self.transform();
        self.follow();
        let found = &self.ages[LOWEST..=HIGHEST];
        let count = found.iter().filter(|age| **age > 0).count();
        let lasting = found.iter().filter(|age| **age == LASTS).count();
        lasting as f32 / count.max(1) as f32
    }

    fn transform(&mut self) {
        for ((sound, x), w) in self.sound.iter_mut().zip(&self.past).zip(&self.window) {
            *sound = x * w;
        }
        let done = self.fft.process_with_scratch(&mut self.sound, &mut self.bins, &mut self.scratch);
        debug_assert!(done.is_ok(), "the sizes are the transform's own");
        for (power, bin) in self.powers.iter_mut().zip(&self.bins) {
            *power = bin.norm_sqr();
        }
    }

    /// A peak is as old as the oldest next to it in the frame before, and a frame.
    fn follow(&mut self) {
        let strongest = self.powers[LOWEST..=HIGHEST].iter().fold(0.0f32, |m, p| m.max(*p));
        let weakest = (WEAKEST * strongest).max(SILENT);
        let before = self.ages;
        for k in 1..=HIGHEST {
            let [below, here, above] = [self.powers[k - 1], self.powers[k], self.powers[k + 1]];
            let peak = here > below && here >= above && here > weakest;
            let age = before[k - 1].max(before[k]).max(before[k + 1]);
            self.ages[k] = if peak { (age + 1).min(LASTS) } else { 0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::chance::Chance;

    /// Mean share of partials that last, over a second.
    fn lasting(source: impl Fn(usize) -> f32) -> f32 {
        let mut partials = Partials::new();
        let shares: Vec<f32> =
            (0..62).map(|k| partials.hear(&std::array::from_fn::<f32, 256, _>(|n| source(k * 256 + n)))).collect();
        shares[16..].iter().sum::<f32>() / 46.0
    }

    /// Twelve partials of a tone whose pitch swings by `semitones` twice a second.
    fn tone(hz: f64, semitones: f64) -> impl Fn(usize) -> f32 {
        let phases: Vec<f64> = (0..16_000)
            .scan(0.0, |phase, n| {
                let swing = (std::f64::consts::TAU * 2.0 * n as f64 / 16_000.0).sin();
                *phase += hz * (semitones / 12.0 * swing).exp2() / 16_000.0;
                Some(*phase)
            })
            .collect();
        move |n| (1..=12).map(|h| (std::f64::consts::TAU * h as f64 * phases[n]).sin() as f32 / h as f32).sum()
    }

    #[test]
    fn the_partials_of_a_note_last_and_those_of_a_gliding_voice_and_of_noise_do_not() {
        let (note, voice) = (lasting(tone(220.0, 0.1)), lasting(tone(130.0, 5.0)));
        let chance = Chance::new(1, 0);
        let noise = lasting(|n| chance.normal(n as i64)[0]);
        // Noise has peaks that happen to stand side by side: a third of them, less than of music.
        assert!(note > 0.9 && voice < 0.3 && noise < 0.4, "{note} {voice} {noise}");
    }

    #[test]
    fn silence_has_none_and_a_reset_forgets() {
        assert_eq!(lasting(|_| 0.0), 0.0);
        let mut partials = Partials::new();
        let frame = std::array::from_fn::<f32, 256, _>(|n| (0.3 * n as f32).sin());
        let first = partials.hear(&frame);
        assert!((0..20).any(|_| partials.hear(&frame) > first));
        partials.reset();
        assert_eq!(partials.hear(&frame), first);
    }
}
