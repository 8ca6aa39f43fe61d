//! Where the grid's steps lie in the song.
//!
//! A place is a song position in quarter notes or, under [`Sync::Time`], in seconds. Steps count from Start, on both
//! sides of it. Under Repeat they are laid anew at the beginning of each cycle, and a step's address (what chance is
//! looked up by) counts within the cycle.

use green_ring_dsp::{Song, chance::Chance};

use super::{Settings, Sync};

/// Steps in a phrase: the stretch that is composed as a whole, and beyond which no event lasts.
pub(super) const PHRASE: i64 = 16;

/// A grid time this close to a whole sample is that sample: rounding noise, not music.
const NOISE_SAMPLES: f64 = 1e-6;

/// Steps shorter than this (a 1/64 triplet at 500 bpm) are doubled until they are not.
pub(super) const SHORTEST_S: f64 = 0.005;

/// Start and steps are held within this many quarter notes or seconds, so that no number overflows.
const FARTHEST: f64 = 1e9;

/// The lane of chance that says where the own clock slides to. It never changes.
const DRIFT: u32 = 20;

/// Bars from one place to the next where the clock wanders without ever coming home.
const WANDER_BARS: f64 = 8.0;

/// Share of the way to Relock on which the clock slides away; on the rest it hurries home.
const AWAY: f64 = 2.0 / 3.0;

/// The first whole sample at or after `sample`.
pub(super) fn at_or_after(sample: f64) -> i64 {
    let near = sample.round();
    (if (sample - near).abs() < NOISE_SAMPLES { near } else { sample.ceil() }) as i64
}

/// The grid under one set of settings and one tempo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ruler {
    song: Song,
    rate_hz: f64,
    sync: Sync,
    start: f64,
    step: f64,
    /// Length and steps of a cycle, where events repeat.
    cycle: Option<(f64, i64)>,
    drift: Drift,
}

/// The plugin's own clock, as it slides against the host's.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Drift {
    chance: Chance,
    /// The farthest that it slides, and what it slides over, in quarter notes or seconds.
    depth: f64,
    over: f64,
    /// Whether it comes home after `over`.
    relocks: bool,
}

impl Drift {
    /// How late the clock is, `place` after Start. Never so steep that time would run backwards: at most 0.71.
    fn late(&self, place: f64) -> f64 {
        if self.depth == 0.0 {
            return 0.0;
        }
        let (part, t) = ((place / self.over).floor(), (place / self.over).rem_euclid(1.0));
        let side = |part: f64| {
            let [place, away, ..] = self.chance.uniform(part as i64);
            f64::from((0.5 + 0.5 * away).copysign(place - 0.5))
        };
        if self.relocks {
            let bell = if t < AWAY { smooth(t / AWAY) } else { smooth((1.0 - t) / (1.0 - AWAY)) };
            return self.depth * side(part) * bell;
        }
        let knot = |part: f64| if part == 0.0 { 0.0 } else { side(part) };
        self.depth * (knot(part) + (knot(part + 1.0) - knot(part)) * smooth(t))
    }
}

/// The minimum-jerk path from 0 to 1.
fn smooth(t: f64) -> f64 {
    t * t * t * (10.0 + t * (6.0 * t - 15.0))
}

impl Ruler {
    pub fn new(settings: &Settings, song: &Song, rate_hz: f64) -> Self {
        let start = if settings.start.is_finite() { settings.start.clamp(-FARTHEST, FARTHEST) } else { 0.0 };
        let drift = Drift { chance: Chance::new(settings.seed, DRIFT), depth: 0.0, over: 1.0, relocks: false };
        let mut ruler = Self { song: *song, rate_hz, sync: settings.sync, start, step: 1.0, cycle: None, drift };
        let step = match settings.sync {
            Sync::Beats => settings.grid_quarters.clamp(1.0 / 64.0, 64.0),
            Sync::Time => settings.grid_s.clamp(0.001, 64.0),
        };
        let shortest = SHORTEST_S * rate_hz / ruler.unit_samples();
        let doublings = (shortest / step).log2().ceil().clamp(0.0, 1_000.0);
        ruler.step = step * doublings.exp2();
        if settings.repeat_bars > 0 {
            // No tempo may make so many cycles that they cannot be counted.
            let length = (settings.repeat_bars as f64 * ruler.bar()).max(shortest);
            ruler.cycle = Some((length, (length / ruler.step - 1e-9).ceil().max(1.0) as i64));
        }
        ruler.drift.relocks = settings.relock_bars > 0;
        ruler.drift.over = ruler.bar() * if ruler.drift.relocks { settings.relock_bars as f64 } else { WANDER_BARS };
        ruler.drift.depth =
            (settings.clock_drift_s.max(0.0) * rate_hz / ruler.unit_samples()).min(ruler.drift.over / 8.0);
        ruler
    }

    /// Whether steps have the same numbers as under `other`, at whatever tempo.
    pub fn counts_like(&self, other: &Self) -> bool {
        [self.start, self.step] == [other.start, other.step] && self.sync == other.sync && self.cycle == other.cycle
    }

    /// The sample rate, in hertz.
    pub fn rate_hz(&self) -> f64 {
        self.rate_hz
    }

    /// Samples in a quarter note, or in a second.
    pub fn unit_samples(&self) -> f64 {
        match self.sync {
            Sync::Beats => self.song.quarter_samples(),
            Sync::Time => self.rate_hz,
        }
    }

    /// Where the own clock comes to `place`: with Clock Drift, sooner or later than the host's.
    pub fn heard(&self, place: f64) -> f64 {
        place + self.drift.late(place - self.start)
    }

    /// Chaos at `step`: what is asked for, and what has grown since Start.
    pub fn chaos(&self, settings: &Settings, step: i64) -> f32 {
        self.chaos_at(settings, self.onset(step))
    }

    /// Chaos at `place`.
    pub fn chaos_at(&self, settings: &Settings, place: f64) -> f32 {
        let grown = ((place - self.start) / self.growth_over(settings)).clamp(0.0, 1.0) as f32;
        (settings.chaos + settings.growth * grown).clamp(0.0, 1.0)
    }

    /// What Chaos grows over, in quarter notes or seconds.
    pub fn growth_over(&self, settings: &Settings) -> f64 {
        let over = match self.sync {
            Sync::Beats => settings.growth_over_bars * self.bar(),
            Sync::Time => settings.growth_over_s,
        };
        over.max(1e-3)
    }

    /// Length of a bar in quarter notes, or in seconds.
    pub fn bar(&self) -> f64 {
        match self.sync {
            Sync::Beats => 4.0,
            Sync::Time => 2.0,
        }
    }

    /// Length of a grid step in quarter notes, or in seconds.
    pub fn step(&self) -> f64 {
        self.step
    }

    /// The place from which everything is counted.
    pub fn start(&self) -> f64 {
        self.start
    }

    /// Song position of `place` in samples, with its fraction.
    pub fn sample_of(&self, place: f64) -> f64 {
        match self.sync {
            Sync::Beats => self.song.sample_of(place),
            Sync::Time => place * self.rate_hz,
        }
    }

    /// The place of song sample `sample`.
    pub fn place_of(&self, sample: i64) -> f64 {
        match self.sync {
            Sync::Beats => self.song.beat(sample),
            Sync::Time => sample as f64 / self.rate_hz,
        }
    }

    /// The place of step `step`.
    pub fn onset(&self, step: i64) -> f64 {
        match self.cycle {
            None => self.start + step as f64 * self.step,
            Some((length, steps)) => {
                self.start + step.div_euclid(steps) as f64 * length + step.rem_euclid(steps) as f64 * self.step
            }
        }
    }

    /// What chance is looked up by for `step`: the step itself, counted within its cycle.
    pub fn address(&self, step: i64) -> i64 {
        self.cycle.map_or(step, |(_, steps)| step.rem_euclid(steps))
    }

    /// The first step after the phrase, or the cycle, in which `step` lies.
    pub fn end_of_phrase(&self, step: i64) -> i64 {
        let address = self.address(step);
        let phrase = PHRASE - address.rem_euclid(PHRASE);
        step + self.cycle.map_or(phrase, |(_, steps)| phrase.min(steps - address))
    }

    /// A step whose turn comes at or before song sample `sample`, and not long before.
    pub fn step_before(&self, sample: i64) -> i64 {
        let place = self.place_of(sample) - self.start - self.drift.depth;
        match self.cycle {
            None => (place / self.step).floor() as i64 - 1,
            Some((length, steps)) => {
                let cycle = (place / length).floor();
                cycle as i64 * steps + ((place - cycle * length) / self.step).floor() as i64 - 1
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 48_000.0;

    fn ruler(settings: Settings) -> Ruler {
        Ruler::new(&settings, &Song::new(true, 0, 120.0, RATE), RATE)
    }

    #[test]
    fn a_grid_time_that_is_a_sample_is_that_sample() {
        assert_eq!([at_or_after(7.0 + 1e-9), at_or_after(7.0 - 1e-9), at_or_after(7.001)], [7, 7, 8]);
        assert_eq!(at_or_after(-7.5), -7);
    }

    #[test]
    fn steps_count_from_start_in_quarters_and_in_seconds() {
        let beats = ruler(Settings { start: 8.0, ..Settings::default() });
        assert_eq!(beats.sample_of(beats.onset(3)), 8.75 * 24_000.0);
        let time = ruler(Settings { start: 8.0, sync: Sync::Time, grid_s: 0.1, ..Settings::default() });
        assert!((time.sample_of(time.onset(-3)) - 7.7 * RATE).abs() < 1e-6);
        for sample in [-1_000_000, 0, 5_999, 6_000, 6_001, 9_999_999] {
            let at = |k| beats.sample_of(beats.onset(k));
            let k = beats.step_before(sample);
            assert!(at(k) <= sample as f64 && at(k + 3) > sample as f64);
        }
    }

    #[test]
    fn a_cycle_lays_its_steps_anew() {
        // Dotted eighths: five and a third of them fill a bar.
        let r = ruler(Settings { repeat_bars: 1, grid_quarters: 0.75, ..Settings::default() });
        assert_eq!((r.onset(5), r.onset(6), r.address(6), r.address(-1)), (3.75, 4.0, 0, 5));
        assert_eq!(r.end_of_phrase(7), 12);
        let k = r.step_before((4.1 * 24_000.0) as i64);
        assert!(r.onset(k) <= 4.1 && r.onset(k + 3) > 4.1);
    }

    #[test]
    fn no_tempo_makes_steps_too_short_to_hear() {
        for tempo_bpm in [1e3, 1e6, 1e30] {
            let r = Ruler::new(&Settings::default(), &Song::new(true, 0, tempo_bpm, RATE), RATE);
            assert!(r.step() * r.unit_samples() >= SHORTEST_S * RATE);
        }
    }
}
