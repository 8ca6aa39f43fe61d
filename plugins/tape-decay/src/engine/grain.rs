//! Modulation noise: the coating's unevenness takes a little off whatever is recorded, or adds a little.
//!
//! A multiplication, strongest in the bass, so it sits in narrow skirts around each tone, and silence stays silent. It
//! lies on the tape: a function of seed and of the seconds since Start.

use green_ring_dsp::door::settle;
use green_ring_dsp::{CELL, Leg, Ramp, Sound, Spec, units};

use super::settings::Settings;
use super::spline::{Uneven, VARIANCE};

/// Seconds that the dial takes.
const MOVE_S: f64 = 0.03;

/// First lane of chance.
const LANE: u32 = 64;

/// Level at the dial's end, in dB re the signal, effective value.
const MOST_DB: f32 = -36.0;

/// Knots a second of the unevenness, and how much each is worth: 6 dB less for three octaves up.
const LAYERS: [(f64, f32); 3] = [(40.0, 1.0), (320.0, 0.5), (2_560.0, 0.25)];

/// The unevenness under all channels.
#[derive(Debug)]
pub struct Grain {
    fresh: bool,
    depth: Ramp,
    /// Whether anything is to be done in this cell.
    works: bool,
    sides: Vec<Uneven<3>>,
}

impl Grain {
    /// A coating that has yet to be laid on. Allocates.
    pub fn new(spec: &Spec) -> Self {
        Self {
            fresh: true,
            depth: Ramp::new(0.0, spec.samples(MOVE_S)),
            works: false,
            sides: (0..spec.channels as u32).map(|side| Uneven::new(spec, LANE + side, LAYERS)).collect(),
        }
    }

    /// Equal to fresh: what is set next holds at once.
    pub fn reset(&mut self) {
        self.fresh = true;
        self.sides.iter_mut().for_each(Uneven::reset);
    }

    /// Takes the settings of `leg`, at its edge. The tape begins at song sample `origin`.
    pub fn latch(&mut self, leg: &Leg<Settings>, origin: i64) {
        let depth = leg.settings.modulation_noise * units::gain(MOST_DB) / rms();
        if std::mem::take(&mut self.fresh) {
            self.depth.jump(depth)
        } else {
            self.depth.go(depth)
        }
        self.works = !self.depth.rests_at(0.0);
        self.sides.iter_mut().for_each(|side| side.latch(leg, origin));
    }

    /// Wears `frames` frames of `sound`, in place.
    pub fn process(&mut self, sound: &mut Sound, frames: usize) {
        if !self.works {
            return self.sides.iter_mut().for_each(|side| side.skip(frames));
        }
        let mut depths = [0.0; CELL];
        depths[..frames].fill_with(|| self.depth.tick());
        for (side, sound) in self.sides.iter_mut().zip(sound) {
            let uneven = side.run(frames);
            for ((x, depth), uneven) in sound[..frames].iter_mut().zip(depths).zip(uneven) {
                *x = settle(*x * (1.0 + depth * uneven));
            }
        }
    }
}

/// Effective value of the unevenness.
fn rms() -> f32 {
    (VARIANCE * LAYERS.iter().map(|(_, worth)| worth * worth).sum::<f32>()).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::Song;

    fn run(modulation_noise: f32, cells: i64) -> Vec<f32> {
        let spec = Spec { sample_rate: 48_000.0, channels: 1 };
        let (mut grain, mut out) = (Grain::new(&spec), vec![]);
        for cell in 0..cells {
            let song = Song::new(true, cell * CELL as i64, 120.0, spec.sample_rate);
            let settings = Settings { modulation_noise, ..Settings::default() };
            grain.latch(&Leg { settings, song, frames: CELL, edge: true }, 0);
            let mut sound = [[1.0; CELL]; 2];
            grain.process(&mut sound, CELL);
            out.extend(sound[0]);
        }
        out
    }

    #[test]
    fn its_level_is_that_of_the_dial_and_none_is_none() {
        let out = run(1.0, 9_000);
        let power = out.iter().map(|x| (x - 1.0).powi(2)).sum::<f32>() / out.len() as f32;
        assert!((units::power_db(power) - MOST_DB).abs() < 0.5, "{}", units::power_db(power));
        assert!(run(0.0, 10).iter().all(|x| *x == 1.0));
    }
}
