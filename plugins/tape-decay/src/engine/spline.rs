//! Smooth chance: a curve through addressed chance, the same wherever it is entered.

use green_ring_dsp::chance::Chance;
use green_ring_dsp::{CELL, Leg, Ramp, Spec};

use super::settings::Settings;

/// Seconds that the way from one place on the tape to another takes.
const SEAM_S: f64 = 0.03;

/// Variance of the curve: that of uniform chance in -1..1, through the cubic B-spline.
pub const VARIANCE: f32 = 0.159_8;

/// A cubic B-spline whose knots are chance in -1..1: smooth, and never outside of it.
#[derive(Clone, Debug)]
pub struct Spline {
    chance: Chance,
    /// The knot interval that `knots` belong to, and the four knots around it.
    at: i64,
    knots: [f32; 4],
}

impl Spline {
    /// The curve of `lane` under `seed`.
    pub fn new(seed: u32, lane: u32) -> Self {
        Self { chance: Chance::new(seed, lane), at: i64::MIN, knots: [0.0; 4] }
    }

    /// The curve at `place`, in knots.
    #[inline]
    pub fn at(&mut self, place: f64) -> f32 {
        let whole = place.floor();
        self.find(whole as i64);
        let f = (place - whole) as f32;
        let [a, b, c, d] = self.knots;
        // The four pieces of the uniform cubic B-spline (de Boor, "A Practical Guide to Splines", 1978), by powers.
        let (cubic, square) = (d - a + 3.0 * (b - c), 3.0 * (a + c) - 6.0 * b);
        (((cubic * f + square) * f + 3.0 * (c - a)) * f + a + 4.0 * b + c) / 6.0
    }

    /// Looks up the chance around knot interval `at`; of a neighbour only what is new.
    #[inline]
    fn find(&mut self, at: i64) {
        if at == self.at {
            return;
        }
        let chance = |knot: i64| 2.0 * self.chance.uniform(knot)[0] - 1.0;
        self.knots = if at == self.at.wrapping_add(1) {
            [self.knots[1], self.knots[2], self.knots[3], chance(at + 2)]
        } else {
            [at - 1, at, at + 1, at + 2].map(chance)
        };
        self.at = at;
    }
}

/// A sum of smooth chance that lies on the tape. After a jump of the song, and on another tape, it goes on without a
/// step.
#[derive(Debug)]
pub struct Uneven<const N: usize> {
    rate_hz: f64,
    lane: u32,
    /// Knots a second of each, and how much it is worth.
    layers: [(f64, f32); N],
    splines: [Spline; N],
    /// Seed, the song sample at which the tape begins, and the one that follows without a jump.
    seed: Option<u32>,
    origin: i64,
    next: i64,
    last: f32,
    /// What is left of the old place after a jump.
    seam: Ramp,
}

impl<const N: usize> Uneven<N> {
    /// Chance in `N` lanes from `lane` on, every other one, of `layers` of knots a second and worth.
    pub fn new(spec: &Spec, lane: u32, layers: [(f64, f32); N]) -> Self {
        Self {
            rate_hz: spec.sample_rate,
            lane,
            layers,
            splines: splines(0, lane),
            seed: None,
            origin: 0,
            next: 0,
            last: 0.0,
            seam: Ramp::new(0.0, spec.samples(SEAM_S)),
        }
    }

    /// Equal to fresh: the next place is taken at once.
    pub fn reset(&mut self) {
        self.seed = None;
    }

    /// Takes the place of `leg`, at its edge, on the tape that begins at song sample `origin`.
    pub fn latch(&mut self, leg: &Leg<Settings>, origin: i64) {
        let (seed, sample) = (leg.settings.seed, leg.song.sample);
        if self.seed == Some(seed) && (self.origin, self.next) == (origin, sample) {
            return;
        }
        if self.seed != Some(seed) {
            self.splines = splines(seed, self.lane);
        }
        let fresh = self.seed.is_none();
        (self.seed, self.origin, self.next) = (Some(seed), origin, sample);
        let step = if fresh { 0.0 } else { self.last - self.at(sample) };
        self.seam.jump(step);
        self.seam.go(0.0);
    }

    /// The next `frames` values.
    pub fn run(&mut self, frames: usize) -> [f32; CELL] {
        let mut values = [0.0; CELL];
        for value in &mut values[..frames] {
            self.last = self.at(self.next) + self.seam.tick();
            self.next += 1;
            *value = self.last;
        }
        values
    }

    /// Passes over `frames` values that nobody asks for.
    pub fn skip(&mut self, frames: usize) {
        self.next += frames as i64;
        self.last = 0.0;
        self.seam.jump(0.0);
    }

    #[inline]
    fn at(&mut self, sample: i64) -> f32 {
        let seconds = (sample - self.origin) as f64 / self.rate_hz;
        self.splines.iter_mut().zip(self.layers).map(|(spline, (hz, worth))| worth * spline.at(hz * seconds)).sum()
    }
}

fn splines<const N: usize>(seed: u32, lane: u32) -> [Spline; N] {
    std::array::from_fn(|k| Spline::new(seed, lane + 2 * k as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::Song;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 1 };

    fn run(uneven: &mut Uneven<2>, from: i64, cells: i64) -> Vec<f32> {
        let mut out = vec![];
        for cell in 0..cells {
            let song = Song::new(true, from + cell * CELL as i64, 120.0, SPEC.sample_rate);
            uneven.latch(&Leg { settings: Settings::default(), song, frames: CELL, edge: true }, 0);
            out.extend(uneven.run(CELL));
        }
        out
    }

    #[test]
    fn a_jump_has_no_step_and_soon_it_no_longer_matters() {
        let fresh = || Uneven::new(&SPEC, 5, [(40.0, 1.0), (320.0, 0.5)]);
        let mut uneven = fresh();
        let before = run(&mut uneven, 0, 100);
        let after = run(&mut uneven, 960_000, 100);
        assert!((after[0] - before[before.len() - 1]).abs() < 0.02);
        assert_eq!(after[1_500..], run(&mut fresh(), 960_000, 100)[1_500..]);
    }

    #[test]
    fn it_is_a_function_of_place_with_the_told_variance() {
        let mut played = Spline::new(3, 1);
        let whole: Vec<f32> = (0..200_000).map(|k| played.at(k as f64 * 0.07 - 300.0)).collect();
        assert_eq!(Spline::new(3, 1).at(12_345.0 * 0.07 - 300.0), whole[12_345]);
        let power = whole.iter().map(|x| x * x).sum::<f32>() / whole.len() as f32;
        assert!((power / VARIANCE - 1.0).abs() < 0.03, "{power}");
        assert!(whole.iter().all(|x| x.abs() <= 1.0));
        assert!(whole.windows(2).all(|w| (w[1] - w[0]).abs() < 0.12));
    }
}
