//! A delay that glides: what walls that move do to the pitch of a room.

use super::ring::Ring;
use green_ring_dsp::{CELL, Ramp, Spec};

/// Seconds that a glide takes.
const GLIDE_S: f64 = 0.6;

/// A delay on its way from one whole number of samples to another, read between samples meanwhile. At rest it is not
/// used: a loop that is read between samples for ever would lose its highs.
#[derive(Debug)]
pub struct Glide {
    ramp: Ramp,
    moving: bool,
    delay: f64,
    step: f64,
}

impl Glide {
    /// A glide at rest.
    pub fn new(spec: &Spec) -> Self {
        Self { ramp: Ramp::new(0.0, spec.samples(GLIDE_S) / CELL + 1), moving: false, delay: 0.0, step: 0.0 }
    }

    /// Ends at once.
    pub fn finish(&mut self) {
        self.moving = false;
    }

    /// Whether the delay is not yet where it goes.
    pub fn moving(&self) -> bool {
        self.moving
    }

    /// The delay at the end of this cell, in samples.
    pub fn goal(&self) -> f32 {
        self.ramp.value()
    }

    /// Glides to `length` samples, from `from` or from where it is.
    pub fn go(&mut self, from: usize, length: usize) {
        if !self.moving {
            self.ramp.jump(from as f32);
            (self.moving, self.delay, self.step) = (true, from as f64, 0.0);
        }
        self.ramp.go(length as f32);
    }

    /// To be called at each cell edge: sets the pace for the cell.
    pub fn edge(&mut self) {
        if self.moving {
            let goal = f64::from(self.ramp.tick());
            // A cell that a jump of the song cut short leaves a rest, which the next makes good.
            self.moving = self.ramp.moving() || (goal - self.delay).abs() > 1e-6;
            self.step = (goal - self.delay) / CELL as f64;
        }
    }

    /// The sound of `ring` that belongs to the frames from time `now` on.
    pub fn read(&mut self, ring: &Ring, now: usize, out: &mut [f32]) {
        for (frame, y) in out.iter_mut().enumerate() {
            self.delay += self.step;
            let whole = self.delay as usize;
            let newest = (now + frame).wrapping_sub(whole).wrapping_add(1);
            let [a, b, c, d] = std::array::from_fn(|k| ring.sample(newest.wrapping_sub(k)));
            *y = cubic(a, b, c, d, (self.delay - whole as f64) as f32);
        }
    }
}

/// The sound `t` (0..1) of the way from `b` to `c`, by Lagrange's cubic through four samples: never louder than they are.
#[inline]
fn cubic(a: f32, b: f32, c: f32, d: f32, t: f32) -> f32 {
    let (p, q, r) = (t + 1.0, t - 1.0, t - 2.0);
    -a * t * q * r / 6.0 + b * p * q * r / 2.0 - c * p * t * r / 2.0 + d * p * t * q / 6.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_leaves_and_arrives_on_a_whole_sample_and_bends_the_pitch_in_between() {
        let spec = Spec { sample_rate: 48_000.0, channels: 2 };
        let (mut glide, mut ring) = (Glide::new(&spec), Ring::new(8_192));
        let mut delays = vec![];
        for cell in 0..1_200 {
            let now = cell * CELL;
            let sound: [f32; CELL] = std::array::from_fn(|n| (now + n) as f32);
            ring.write(now, &sound);
            if cell == 200 {
                glide.go(100, 3_000);
            }
            glide.edge();
            if glide.moving() {
                let mut heard = [0.0; CELL];
                glide.read(&ring, now, &mut heard);
                delays.extend(heard.iter().enumerate().map(|(frame, x)| (now + frame) as f32 - x));
            }
        }
        let seconds = delays.len() as f64 / 48_000.0;
        assert!((seconds - GLIDE_S).abs() < 0.01, "{seconds}");
        assert!((delays[0] - 100.0).abs() < 0.1 && (delays.last().unwrap() - 3_000.0).abs() < 0.1);
        let pace = delays.windows(2).map(|d| d[1] - d[0]).fold(0.0, f32::max);
        assert!((0.15..0.25).contains(&pace), "{pace}");
    }
}
