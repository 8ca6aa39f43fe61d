//! Levels and loudness on their way from the audio thread to an editor: raw units, measured only while it is open.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use atomic_float::{AtomicF32, AtomicF64};
use green_ring_dsp::Spec;
use green_ring_dsp::loudness::{LoudnessMeter, lufs};

/// The window of the loudness that is shown, in seconds: BS.1770's momentary loudness.
const WINDOW_S: f64 = 0.4;

/// What the editor reads. Written by [`Taps`].
#[derive(Debug, Default)]
pub struct Meters {
    /// What comes in.
    pub input: Level,
    /// What goes out.
    pub output: Level,
    /// Where the song is.
    pub playhead: Playhead,
    open: AtomicBool,
}

impl Meters {
    /// Told by the editor when it opens and closes: nothing is measured for nobody.
    pub fn set_open(&self, open: bool) {
        self.open.store(open, Relaxed);
    }

    /// Tells where the song is, if an editor looks.
    pub fn tell_playhead(&self, quarters: f64, seconds: f64) {
        if self.open.load(Relaxed) {
            self.playhead.quarters.store(quarters, Relaxed);
            self.playhead.seconds.store(seconds, Relaxed);
            self.playhead.told.store(true, Relaxed);
        }
    }
}

/// Where the song is, at the start of the block that was played last. Its two numbers may be of two blocks.
#[derive(Debug, Default)]
pub struct Playhead {
    quarters: AtomicF64,
    seconds: AtomicF64,
    told: AtomicBool,
}

impl Playhead {
    /// In quarter notes and in seconds from the start of the song; nothing until a block was played.
    pub fn get(&self) -> Option<(f64, f64)> {
        self.told.load(Relaxed).then(|| (self.quarters.load(Relaxed), self.seconds.load(Relaxed)))
    }
}

/// The level at one point of the signal.
#[derive(Debug, Default)]
pub struct Level {
    peak: AtomicF32,
    power: AtomicF32,
    clipped: AtomicBool,
}

impl Level {
    /// The highest sample since the last call, linear.
    pub fn peak(&self) -> f32 {
        self.peak.swap(0.0, Relaxed)
    }

    /// Momentary loudness (400 ms) in LUFS; `-inf` when silent.
    pub fn loudness_lufs(&self) -> f32 {
        lufs(f64::from(self.power.load(Relaxed))) as f32
    }

    /// Whether a sample went above 0 dBFS since the last [`Level::reset_clip`].
    pub fn clipped(&self) -> bool {
        self.clipped.load(Relaxed)
    }

    /// Lets go of a held clip.
    pub fn reset_clip(&self) {
        self.clipped.store(false, Relaxed);
    }

    fn add_peak(&self, peak: f32) {
        self.peak.fetch_max(peak, Relaxed);
        if peak > 1.0 {
            self.clipped.store(true, Relaxed);
        }
    }
}

/// The measuring ends of [`Meters`] on the audio thread.
#[derive(Debug)]
pub struct Taps {
    input: LoudnessMeter,
    output: LoudnessMeter,
}

impl Taps {
    /// Taps for one activation. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let meter = LoudnessMeter::new(spec, WINDOW_S);
        Self { input: meter.clone(), output: meter }
    }

    /// Forgets what was measured.
    pub fn reset(&mut self) {
        self.input.reset();
        self.output.reset();
    }

    /// Measures what comes in.
    pub fn input(&mut self, meters: &Meters, block: &[&mut [f32]]) {
        if meters.open.load(Relaxed) {
            measure(&mut self.input, &meters.input, block);
        }
    }

    /// Measures what goes out.
    pub fn output(&mut self, meters: &Meters, block: &[&mut [f32]]) {
        if meters.open.load(Relaxed) {
            measure(&mut self.output, &meters.output, block);
        }
    }
}

fn measure(meter: &mut LoudnessMeter, level: &Level, block: &[&mut [f32]]) {
    let mut peak = 0.0f32;
    for i in 0..block.first().map_or(0, |channel| channel.len()) {
        let mut frame = [0.0; 2];
        for (to, from) in frame.iter_mut().zip(block) {
            *to = green_ring_dsp::door::admit(from[i]);
            peak = peak.max(to.abs());
        }
        if let Some(power) = meter.tick(&frame[..block.len().min(2)]) {
            level.power.store(power as f32, Relaxed);
        }
    }
    level.add_peak(peak);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(amplitude: f32) -> Vec<f32> {
        (0..48_000).map(|n| amplitude * (n as f32 * std::f32::consts::TAU * 997.0 / 48_000.0).sin()).collect()
    }

    #[test]
    fn an_open_editor_sees_peak_loudness_and_clip() {
        let (meters, mut taps) = (Meters::default(), Taps::new(&Spec { sample_rate: 48_000.0, channels: 1 }));
        let mut sound = tone(0.5);
        taps.input(&meters, &[&mut sound]);
        assert_eq!(meters.input.peak(), 0.0, "closed: nothing is measured");
        meters.set_open(true);
        taps.input(&meters, &[&mut sound]);
        assert!((meters.input.peak() - 0.5).abs() < 1e-3);
        assert!((meters.input.loudness_lufs() + 9.03).abs() < 0.05, "{}", meters.input.loudness_lufs());
        assert!(!meters.input.clipped());
        taps.output(&meters, &[&mut tone(1.1)]);
        assert!(meters.output.clipped());
        meters.output.reset_clip();
        assert!(!meters.output.clipped());
    }
}
