//! The tape as the head meets it: spacing, holes in the oxide, dropouts and age, at their places along the song.
//!
//! Everything here is linear, and a function of settings and place alone: the same tape under four stems does to their
//! sum what it does to each.
//!
//! The state of the tape is looked up once a cell, at its end, and drawn straight to there. After a jump of the song, or
//! with another tape, the way to the state of the new place is smooth.

use green_ring_dsp::{CELL, Ramp, Song, Sound, Spec, units};

use super::contact::{Contact, LARGEST_S, Pull};
use super::dropouts::Dropouts;
use super::oxide::Oxide;
use super::reel::Reel;
use super::settings::Settings;
use super::worn::{Dials, worn};

/// Seconds that a dial takes to where it is turned, and that the way to another place or tape takes: 72 dB within that
/// are no click.
const DIAL_S: f64 = 0.1;
const WAY_S: f64 = 0.08;

/// What cannot be lifted any further is lost as level: as much as this frequency in Hz would lose.
const LOW_HZ: f32 = 250.0;

/// Seconds after which the state of the tape is that of its place, wherever playback began: dials, way and the longest
/// dropout.
pub const MEMORY_S: f64 = 0.4;

/// What the head meets: spacing in seconds and level of either channel, and age in seconds.
pub type State = [f32; 5];

/// The tape.
#[derive(Debug)]
pub struct Tape {
    rate_hz: f64,
    reel: Option<Reel>,
    /// Passes, shed rate, wear, spacing in micrometres, and micrometres as seconds of tape travel.
    dials: [Ramp; 5],
    oxide: Oxide,
    dropouts: Dropouts,
    /// The song sample that follows without a jump.
    next: i64,
    /// The state at both ends of the present cell, its length, and how much of it is past.
    from: State,
    to: State,
    span: usize,
    past: usize,
    /// How far the state was from that of its place when the way there began, and how much of that is left.
    apart: State,
    left: Ramp,
    contact: Contact,
}

impl Tape {
    /// New tape. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let ramp = |seconds: f64| Ramp::new(0.0, spec.samples(seconds).div_ceil(CELL));
        Self {
            rate_hz: spec.sample_rate,
            reel: None,
            dials: std::array::from_fn(|_| ramp(DIAL_S)),
            oxide: Oxide::new(),
            dropouts: Dropouts::new(spec.channels == 1),
            next: 0,
            from: [0.0; 5],
            to: [0.0; 5],
            span: CELL,
            past: 0,
            apart: [0.0; 5],
            left: ramp(WAY_S),
            contact: Contact::new(spec),
        }
    }

    /// Equal to fresh, without allocating.
    pub fn reset(&mut self) {
        self.reel = None;
        self.oxide = Oxide::new();
        self.dropouts.reset();
        self.left.jump(0.0);
        self.contact.reset();
    }

    /// Samples that the sound is late.
    pub fn latency(&self) -> usize {
        self.contact.latency()
    }

    /// What the head meets where the cell that was latched last ends.
    pub fn meets(&self) -> State {
        self.to
    }

    /// Takes `settings` as a cell begins at `song`: those of the sound that comes out.
    pub fn latch(&mut self, song: &Song, settings: &Settings) {
        let Settings { passes, shed_rate, wear, spacing_um, speed_ips, .. } = *settings;
        let (reel, dials) = (Reel::new(settings), [passes, shed_rate, wear, spacing_um, 1e-6 / (0.025_4 * speed_ips)]);
        let fresh = self.reel.is_none();
        let here = (!fresh).then(|| self.state(self.past));
        let moved = song.sample != self.next || self.reel != Some(reel);
        for (ramp, dial) in self.dials.iter_mut().zip(dials) {
            if fresh { ramp.jump(dial) } else { ramp.go(dial) }
        }
        if moved {
            self.wind(song, reel, settings.dropouts, here);
        }
        let left = self.left.tick();
        self.dials.iter_mut().for_each(|dial| _ = dial.tick());
        self.span = CELL - song.sample.rem_euclid(CELL as i64) as usize;
        (self.from, self.past) = (if moved { here.unwrap_or(self.to) } else { self.to }, 0);
        self.to = self.look_up(song, song.sample + self.span as i64, settings.dropouts);
        for (to, apart) in self.to.iter_mut().zip(self.apart) {
            *to += left * apart;
        }
        self.next = song.sample;
    }

    /// The way from the state `here`, if there was one, to that of another place or tape.
    fn wind(&mut self, song: &Song, reel: Reel, dropouts: f32, here: Option<State>) {
        self.reel = Some(reel);
        self.dropouts.reset();
        self.to = self.look_up(song, song.sample, dropouts);
        if let Some(here) = here {
            self.apart = std::array::from_fn(|k| here[k] - self.to[k]);
            self.left.jump(1.0);
            self.left.go(0.0);
        }
    }

    /// The state of the tape at song sample `sample`.
    fn look_up(&mut self, song: &Song, sample: i64, dropouts: f32) -> State {
        let Some(reel) = self.reel else { return self.to };
        let [passes, shed_rate, wear, spacing_um, s_um] = self.dials.each_ref().map(Ramp::value);
        let beats = reel.beats(song, sample, self.rate_hz);
        let dials = Dials { passes: reel.pass(beats, passes, shed_rate), dropouts, ..Dials::default() };
        let worn = worn(wear, &dials);
        let lost = self.oxide.losses(&reel, beats, worn.passes);
        let lifted_um = self.dropouts.um(&reel, beats, reel.beat_ms(song), worn.dropouts, s_um * lost_db(1_000.0));
        let mut state = [0.0, 0.0, 1.0, 1.0, worn.age_s];
        for side in 0..2 {
            let spacing_s = (spacing_um + lifted_um[side]) * s_um + worn.spacing_s + lost[side].spacing_s;
            let beyond_s = (spacing_s - LARGEST_S as f32).max(0.0);
            state[side] = spacing_s - beyond_s;
            state[2 + side] = units::gain(lost[side].level_db - lost_db(LOW_HZ) * beyond_s);
        }
        state
    }

    /// The state `past` frames into the cell.
    #[inline]
    fn state(&self, past: usize) -> State {
        let share = past as f32 / self.span as f32;
        std::array::from_fn(|k| self.from[k] + share * (self.to[k] - self.from[k]))
    }

    /// Replays `frames` frames of `sound`, in place, up to the end of the cell that was latched last.
    pub fn process(&mut self, frames: usize, sound: &mut Sound) {
        let (mut pull, mut age_s) = ([Pull::NONE; 2], [0.0; CELL]);
        for (k, age_s) in age_s[..frames].iter_mut().enumerate() {
            let [left_s, right_s, left, right, age] = self.state(self.past + k + 1);
            (pull[0].spacing_s[k], pull[1].spacing_s[k]) = (left_s, right_s);
            (pull[0].level[k], pull[1].level[k]) = (left, right);
            *age_s = age;
        }
        self.past += frames;
        self.next += frames as i64;
        self.contact.process(&pull, &age_s, frames, sound);
    }
}

/// What `hz` loses for each second of spacing in dB (Wallace 1951; [`super::contact`]).
fn lost_db(hz: f32) -> f32 {
    20.0 * std::f32::consts::LOG10_E * std::f32::consts::TAU * hz
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::settings::{Map, PassMode};

    const RATE: f64 = 48_000.0;
    const SPEC: Spec = Spec { sample_rate: RATE, channels: 2 };

    fn new() -> Settings {
        Settings { seed: 3, map: Map::Loop, pass_length_bars: 2.0, ..Settings::default() }
    }

    /// Plays a tone of 440 Hz in pieces of song sample and frames, each under a settings.
    fn play(tape: &mut Tape, pieces: &[(i64, usize, Settings)], cut: usize) -> Vec<f32> {
        let (mut grid, mut out) = (green_ring_dsp::Grid::default(), vec![]);
        for (at, frames, settings) in pieces {
            for from in (0..*frames).step_by(cut) {
                let (n, song) = (cut.min(frames - from), Song::new(true, at + from as i64, 120.0, RATE));
                let mut done = 0;
                while let Some(part) = grid.part(&song, done, n) {
                    if part.edge {
                        tape.latch(&part.song, settings);
                    }
                    let tone = |k: usize| (0.057_595_865 * (out.len() + k) as f64).sin() as f32;
                    let mut sound = [std::array::from_fn(tone); 2];
                    tape.process(part.frames, &mut sound);
                    out.extend(&sound[0][..part.frames]);
                    done += part.frames;
                }
            }
        }
        out
    }

    #[test]
    fn new_tape_passes_bit_for_bit() {
        let mut tape = Tape::new(&SPEC);
        let out = play(&mut tape, &[(0, 20_000, new())], 64);
        let late = tape.latency();
        assert!((late..out.len()).all(|k| out[k] == (0.057_595_865 * (k - late) as f64).sin() as f32));
    }

    #[test]
    fn any_cut_is_the_same_sound_and_reset_is_fresh() {
        let worn = Settings { passes: 90.0, wear: 0.5, dropouts: 1.0, spacing_um: 2.0, ..new() };
        let pieces = [(5, 30_000, worn), (100_003, 20_000, Settings { passes: 200.0, ..worn })];
        let mut tape = Tape::new(&SPEC);
        let whole = play(&mut tape, &pieces, 4_096);
        tape.reset();
        assert_eq!(whole, play(&mut tape, &pieces, 4_096));
        for cut in [1, 7, 480] {
            assert_eq!(whole, play(&mut Tape::new(&SPEC), &pieces, cut), "{cut}");
        }
    }

    #[test]
    fn after_the_memory_it_no_longer_matters_where_playback_began() {
        let worn = Settings { passes: 90.0, wear: 0.5, dropouts: 1.0, ..new() };
        for mode in [PassMode::Manual, PassMode::Song] {
            let worn = Settings { pass_mode: mode, shed_rate: 7.0, ..worn };
            let state = |pieces: &[(i64, usize, Settings)]| {
                let mut tape = Tape::new(&SPEC);
                play(&mut tape, pieces, 512);
                tape.to
            };
            let played = state(&[(-40_000, 900_000, worn)]);
            let memory = (MEMORY_S * RATE) as usize;
            assert_eq!(played, state(&[(860_000 - memory as i64, memory, worn)]));
            assert_eq!(played, state(&[(0, 4_000, new()), (860_000 - memory as i64, memory, worn)]));
        }
    }

    /// The strongest that lies above 9 kHz of a tone of 440 Hz, in dB re the tone: by a filter of the eighth order.
    fn hiss_db(sound: &[f32]) -> f64 {
        let mut y: Vec<f64> = sound.iter().map(|x| f64::from(*x)).collect();
        for k in 0..4 {
            let w = (std::f64::consts::PI * 9_000.0 / RATE).tan();
            let damping = 2.0 * ((2 * k + 1) as f64 * std::f64::consts::PI / 16.0).cos();
            let a0 = 1.0 + damping * w + w * w;
            let (a1, a2) = (2.0 * (w * w - 1.0) / a0, (1.0 - damping * w + w * w) / a0);
            let mut s = [0.0f64; 2];
            for y in &mut y {
                let x = *y / a0;
                let out = x + s[0];
                s = [-2.0 * x - a1 * out + s[1], x - a2 * out];
                *y = out;
            }
        }
        let power = |w: &[f64]| w.iter().map(|x| x * x).sum::<f64>() / 120.0;
        10.0 * y[2_400..].chunks(240).map(power).fold(1e-30, f64::max).log10()
    }

    #[test]
    fn no_step_jump_or_hole_clicks() {
        let cassette = Settings { speed_ips: 1.875, ..new() };
        let worn = Settings { passes: 110.0, dropouts: 1.0, ..cassette };
        let steps = [
            worn,
            Settings { passes: 400.0, ..worn },
            Settings { wear: 1.0, ..new() },
            Settings { spacing_um: 30.0, ..cassette },
            cassette,
            Settings { seed: 9, ..worn },
            Settings { pass_mode: PassMode::Song, shed_rate: 10.0, ..worn },
        ];
        let held = play(&mut Tape::new(&SPEC), &[(0, 1_000_000, worn)], 512);
        assert!(hiss_db(&held) < -80.0, "held: {:.1} dB", hiss_db(&held));
        for (k, a) in steps.iter().enumerate() {
            for b in &steps[..k] {
                let stepped = play(&mut Tape::new(&SPEC), &[(0, 9_000, *a), (9_000, 9_000, *b)], 512);
                assert!(hiss_db(&stepped) < -80.0, "{a:?} to {b:?}: {:.1} dB", hiss_db(&stepped));
                let jumped = play(&mut Tape::new(&SPEC), &[(0, 9_011, *a), (200_001, 7_000, *a), (40, 9_000, *b)], 512);
                assert!(hiss_db(&jumped) < -80.0, "{a:?} to {b:?}: {:.1} dB", hiss_db(&jumped));
            }
        }
    }
}
