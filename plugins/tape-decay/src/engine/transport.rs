//! The machine's transport: the tape passes the replay head too soon or too late, by wow, flutter and scrape.
//!
//! All channels share one trajectory, but for the lead that a replay head askew gives one of them. It is a function of seed, rates and the seconds since Start alone. Which
//! trajectory that is, is decided at the beginning of each quarter-second of the song and after a jump; the tape then
//! catches up to it without a corner.

use green_ring_dsp::delay::DelayLine;
use green_ring_dsp::door::settle;
use green_ring_dsp::sinc::Sinc;
use green_ring_dsp::{CELL, Leg, Sound, Spec};

use super::azimuth;
use super::course::{Course, LIMITS_S};
use super::lane::Lane;
use super::reel::Reel;
use super::settings::Settings;
use super::tape_stop::{self, Brake, Run};
use super::worn::{Dials, worn};

/// Seconds of song between two decisions on the trajectory.
const ERA_S: f64 = 0.25;

/// The longest time in seconds to a new trajectory: shorter than an era.
const CATCH_UP_S: f64 = 0.2;

/// A cause that turns at r catches up in this share of 1 / r: much longer, and the way itself would swing.
const CATCH_UP_TURNS: f64 = 0.6;

/// Room in seconds beyond them, for what a catch-up overshoots.
const ROOM_S: f64 = 0.0015;

/// Turning rate in Hz that stands for scrape where catch-up time is asked.
const SCRAPE_HZ: f64 = 1_000.0;

/// Half the taps of a read between samples, and steps between two samples.
const REACH: usize = 16;
const PHASES: usize = 512;

/// Seconds after which the tape is on the trajectory of its place, wherever playback began.
pub const MEMORY_S: f64 = ERA_S + CATCH_UP_S;

/// The mean delay in samples of a transport at this rate, at the least.
pub fn least_mean(spec: &Spec) -> usize {
    let swing_s = LIMITS_S.iter().sum::<f64>() + ROOM_S + azimuth::MOST_S / 2.0;
    (swing_s * spec.sample_rate).ceil() as usize + REACH + 1
}

/// The transport.
#[derive(Debug)]
pub struct Transport {
    rate_hz: f64,
    era_samples: i64,
    mean: usize,
    /// The course, the quarter-second it was decided in, and the song sample that follows without a jump.
    course: Option<Course>,
    era: i64,
    next: i64,
    /// Passes that the tape had behind it then.
    passes: f32,
    /// Wow, flutter, scrape.
    lanes: [Lane; 3],
    brake: Brake,
    lines: Vec<DelayLine>,
    sinc: Sinc,
    swing_s: f64,
}

impl Transport {
    /// A transport with a mean delay of `mean` samples, at least [`least_mean`]. Allocates.
    pub fn new(spec: &Spec, mean: usize) -> Self {
        let course = Course { seed: 0, rates_hz: [1.0, 10.0], origin: 0.0 };
        let lane = |k: usize| Lane::new(spec, course.wander(k), LIMITS_S[k]);
        let longest = 2 * mean + REACH + spec.samples(tape_stop::LONGEST_S);
        Self {
            rate_hz: spec.sample_rate,
            era_samples: (spec.samples(ERA_S).div_ceil(CELL) * CELL) as i64,
            mean,
            course: None,
            era: 0,
            next: 0,
            passes: 0.0,
            lanes: [lane(0), lane(1), lane(2)],
            brake: Brake::new(spec),
            lines: (0..spec.channels).map(|_| DelayLine::new(longest)).collect(),
            sinc: Sinc::new(REACH, PHASES),
            swing_s: 0.0,
        }
    }

    /// Equal to fresh, without allocating.
    pub fn reset(&mut self) {
        self.course = None;
        self.lanes.iter_mut().for_each(Lane::reset);
        self.brake.reset();
        self.lines.iter_mut().for_each(DelayLine::reset);
        self.swing_s = 0.0;
    }

    /// The swing of the delay at the last frame, in seconds.
    pub fn swing_s(&self) -> f64 {
        self.swing_s
    }

    /// Whether the tape is neither braked nor on its way back.
    pub fn in_step(&self) -> bool {
        self.brake.off()
    }

    /// How the tape runs, wow and flutter apart.
    pub fn run(&self) -> Run {
        self.brake.run()
    }

    /// Takes the settings of `leg`, at its edge.
    pub fn latch(&mut self, leg: &Leg<Settings>) {
        self.brake.latch(leg.settings.tape_stop, leg.settings.stop_time_s);
        let (sample, era) = (leg.song.sample, leg.song.sample.div_euclid(self.era_samples));
        let jumped = sample != self.next;
        if self.course.is_none() || jumped || era != self.era {
            // Counted once a quarter-second, so that the dials come to rest between.
            self.passes = passes(leg, self.rate_hz);
        }
        let Settings { wear, wow, flutter, scrape, .. } = leg.settings;
        let worn = worn(wear, &Dials { passes: self.passes, wow, flutter, ..Dials::default() });
        for (lane, dial) in self.lanes.iter_mut().zip([worn.wow, worn.flutter, scrape]) {
            lane.turn(dial);
        }
        if self.course.is_none() || jumped || era != self.era {
            let course = Course::new(leg, self.rate_hz);
            if jumped || self.course != Some(course) {
                self.follow(course, sample);
            }
        }
        (self.era, self.next) = (era, sample);
    }

    fn follow(&mut self, course: Course, sample: i64) {
        let seconds = course.seconds(sample, self.rate_hz);
        let [wow_hz, flutter_hz] = course.rates_hz.map(f64::from);
        for (k, turning_hz) in [wow_hz, flutter_hz, SCRAPE_HZ].into_iter().enumerate() {
            let catch_up_s = CATCH_UP_S.min(CATCH_UP_TURNS / turning_hz);
            self.lanes[k].follow(course.wander(k), seconds, catch_up_s);
        }
        self.course = Some(course);
    }

    /// Replays `leg.frames` frames of `sound`, in place. The left track may be early, and the right one late, by `leads`
    /// samples.
    pub fn process(&mut self, leg: &Leg<Settings>, leads: Option<[f64; CELL]>, sound: &mut Sound) {
        let still = leads.is_none() && self.brake.off() && self.lanes.iter().all(Lane::still);
        let (delays, gains) = self.delays(leg);
        for k in 0..leg.frames {
            for (line, sound) in self.lines.iter_mut().zip(sound.iter()) {
                line.write(sound[k]);
            }
            // Settled in every way: a block may end between one and the next.
            for (sound, x) in sound.iter_mut().zip(self.read(still, delays[k], leads.map_or(0.0, |leads| leads[k]))) {
                sound[k] = settle(gains[k] * x);
            }
        }
        self.next += leg.frames as i64;
    }

    /// What the heads read. All ways agree bit for bit where their delays do.
    #[inline]
    fn read(&self, still: bool, delay: f64, lead: f64) -> [f32; 2] {
        match &self.lines[..] {
            lines if still => std::array::from_fn(|side| lines.get(side).map_or(0.0, |line| line.read(self.mean))),
            [left, right] if lead == 0.0 => DelayLine::read_pair_between([left, right], delay, &self.sinc),
            [left, right] => {
                [left.read_between(delay - lead, &self.sinc), right.read_between(delay + lead, &self.sinc)]
            }
            lines => [lines[0].read_between(delay, &self.sinc), 0.0],
        }
    }

    /// The delay of each frame in samples, and its gain.
    fn delays(&mut self, leg: &Leg<Settings>) -> ([f64; CELL], [f32; CELL]) {
        let (mut delays, mut gains) = ([self.mean as f64; CELL], [1.0; CELL]);
        let Some(course) = self.course else { return (delays, gains) };
        for (k, (delay, gain)) in delays[..leg.frames].iter_mut().zip(&mut gains).enumerate() {
            let seconds = course.seconds(leg.song.sample + k as i64, self.rate_hz);
            self.swing_s = self.lanes.iter_mut().map(|lane| lane.tick(seconds)).sum();
            let (behind, level) = self.brake.tick();
            *delay += self.swing_s * self.rate_hz + behind;
            *gain = level;
        }
        (delays, gains)
    }
}

/// Passes that the tape has behind it at the beginning of the quarter-second of `leg`.
fn passes(leg: &Leg<Settings>, rate_hz: f64) -> f32 {
    let reel = Reel::new(&leg.settings);
    reel.pass(reel.beats(&leg.song, leg.song.sample, rate_hz), leg.settings.passes, leg.settings.shed_rate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::course::reached;
    use crate::engine::settings::Sync;
    use green_ring_dsp::Song;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 1 };

    fn leg(settings: Settings, sample: i64) -> Leg<Settings> {
        Leg { settings, song: Song::new(true, sample, 120.0, SPEC.sample_rate), frames: CELL, edge: true }
    }

    fn swings(transport: &mut Transport, settings: Settings, from: i64, cells: i64) -> Vec<f64> {
        let mut swings = vec![];
        for cell in 0..cells {
            let leg = leg(settings, from + cell * CELL as i64);
            transport.latch(&leg);
            transport.process(&leg, None, &mut [[0.0; CELL]; 2]);
            swings.push(transport.swing_s());
        }
        swings
    }

    #[test]
    fn a_still_transport_is_a_whole_delay() {
        let mut transport = Transport::new(&SPEC, least_mean(&SPEC));
        let settings = Settings { wow: 0.0, flutter: 0.0, ..Settings::default() };
        let mut out = vec![];
        for cell in 0..60 {
            let leg = leg(settings, cell * CELL as i64);
            transport.latch(&leg);
            let mut sound = [[0.0; CELL]; 2];
            sound[0] = std::array::from_fn(|k| (cell * CELL as i64 + k as i64 + 1) as f32);
            transport.process(&leg, None, &mut sound);
            out.extend(sound[0]);
        }
        let mean = transport.mean;
        assert!((mean..out.len()).all(|k| out[k] == (k - mean + 1) as f32));
    }

    #[test]
    fn after_the_memory_it_no_longer_matters_where_playback_began() {
        let settings = Settings { wow: 0.02, scrape: 0.01, ..Settings::default() };
        let mut full = Transport::new(&SPEC, least_mean(&SPEC));
        swings(&mut full, settings, -96_000, 3_000);
        let jumped = swings(&mut full, settings, 480_000, 1_500);
        let fresh = swings(&mut Transport::new(&SPEC, least_mean(&SPEC)), settings, 480_000, 1_500);
        assert_ne!(jumped[0], fresh[0]);
        let memory = (MEMORY_S * 1_500.0) as usize;
        assert_eq!(jumped[memory..], fresh[memory..]);
    }

    #[test]
    fn start_moves_the_events_with_it_in_beats_and_in_seconds() {
        let at = |sync, start, sample| {
            let settings = Settings { sync, start, ..Settings::default() };
            swings(&mut Transport::new(&SPEC, least_mean(&SPEC)), settings, sample, 100)
        };
        let zero = at(Sync::Time, 0.0, 0);
        assert_eq!(zero, at(Sync::Time, 2.0, 96_000));
        assert_eq!(zero, at(Sync::Beats, 4.0, 96_000));
        assert_ne!(zero, at(Sync::Beats, 4.0, 0));
    }

    #[test]
    fn any_dial_swings_by_twenty_milliseconds_at_most() {
        for (wow_rate_hz, flutter_rate_hz) in [(0.2, 4.0), (4.0, 60.0)] {
            let settings = Settings {
                wow: 0.03,
                flutter: 0.02,
                scrape: 0.01,
                wow_rate_hz,
                flutter_rate_hz,
                ..Settings::default()
            };
            assert!(reached(&settings).swing_ms <= 20.0);
        }
    }
}
