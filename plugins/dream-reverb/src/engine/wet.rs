//! The wet path: from what enters the room to what is mixed with the dry sound.

use super::balance::Balance;
use super::cell::Cell;
use super::decay::Decay;
use super::diffuser::Diffuser;
use super::early::Early;
use super::makeup::Makeup;
use super::motion::Motion;
use super::network::{Held, Network};
use super::pre_delay::PreDelay;
use super::recede::{FARTHEST_WIDTH, Recede};
use super::ring::WIPES;
use super::room::{Room, longest_swell_s};
use super::settings::Settings;
use super::shimmer::Shimmer;
use super::stage::Stage;
use super::sub_audio::SubAudio;
use super::swell::Swell;
use super::tone::Tone;
use super::transforms::{Stretch, Transforms, clock};
use super::wander::Wander;
use super::width::Width;
use green_ring_dsp::{CELL, Ramp, Song, Sound, Spec};

/// Seconds in which the tail is held, or its input closed.
const HOLD_S: f64 = 0.06;

/// Everything that is heard wet.
#[derive(Debug)]
pub struct Wet {
    rate_hz: f64,
    room: Room,
    fresh: bool,
    decay: Decay,
    wander: Wander,
    motion: Motion,
    tone: Tone,
    pre_delay: PreDelay,
    early: Early,
    diffuser: Diffuser,
    swell: Swell,
    held: Ramp,
    closed: Ramp,
    shimmer: Shimmer,
    network: Network,
    stage: Stage,
    makeup: Makeup,
    transforms: Transforms,
    balance: Balance,
    sub_audio: SubAudio,
    recede: Recede,
    width: Width,
}

impl Wet {
    /// A wet path for any settings at `spec`. Allocates.
    pub fn new(spec: &Spec) -> Self {
        let hold = Ramp::new(0.0, spec.samples(HOLD_S));
        Self {
            rate_hz: spec.sample_rate,
            room: Room::new(spec),
            fresh: true,
            decay: Decay::new(spec),
            wander: Wander::new(0, 0.0),
            motion: Motion::new(spec),
            tone: Tone::new(spec),
            pre_delay: PreDelay::new(spec),
            early: Early::new(spec),
            diffuser: Diffuser::new(spec),
            swell: Swell::new(spec),
            held: hold.clone(),
            closed: hold,
            shimmer: Shimmer::new(spec),
            network: Network::new(spec),
            stage: Stage::new(spec),
            makeup: Makeup::new(spec),
            transforms: Transforms::new(spec),
            balance: Balance::new(spec),
            sub_audio: SubAudio::new(spec),
            recede: Recede::new(spec),
            width: Width::new(spec),
        }
    }

    /// Silence; equal to fresh. Does not allocate.
    pub fn reset(&mut self) {
        self.fresh = true;
        self.motion.reset();
        self.tone.reset();
        self.pre_delay.reset();
        self.early.reset();
        self.diffuser.reset();
        self.swell.reset();
        self.shimmer.reset();
        self.network.reset();
        self.stage.reset();
        self.makeup.reset();
        self.transforms.reset();
        self.balance.reset();
        self.sub_audio.reset();
        self.recede.reset();
        self.width.reset();
    }

    /// One of [`WIPES`] parts of a reset. Nothing may be processed before the last is done.
    pub fn wipe(&mut self, part: usize) {
        self.pre_delay.wipe(part);
        self.early.wipe(part);
        self.diffuser.wipe(part);
        self.swell.wipe(part);
        self.network.wipe(part);
        if part + 1 == WIPES {
            self.reset();
        }
    }

    /// At the edge of `cell`, which begins at `song`.
    pub fn latch(&mut self, settings: &Settings, song: &Song, cell: &Cell) {
        let fresh = std::mem::take(&mut self.fresh);
        let stretch = self.stretch(settings, song, cell);
        let [from_s, to_s] = stretch.moved_s;
        // What keeps its length on a clock that runs ahead is over sooner.
        let pace = 1.0 - stretch.clock.wander.tempo(from_s);
        let mut lengths = self.room.lengths(settings.size_m, settings.mid_s(), settings.seed);
        lengths.echoes.as_flattened_mut().iter_mut().for_each(|echo| *echo = (*echo as f64 * pace + 0.5) as usize);
        self.motion.advance(from_s, to_s, settings.seed, settings.movement());
        self.tone.latch(settings);
        self.pre_delay.latch(cell, settings.answer_s(song, self.rate_hz) * pace);
        self.early.latch(cell.number, &lengths, settings.seed);
        self.diffuser.latch(cell.number, &lengths, settings.spread());
        self.swell.latch(cell.number, &self.room.rises(settings.rise(), settings.seed));
        hold(&mut self.held, settings.freeze || settings.infinite, fresh);
        hold(&mut self.closed, settings.freeze, fresh);
        let bands = self.decay.advance(settings, fresh);
        let held = Held { frozen: settings.freeze, endless: settings.infinite, gliding: settings.glide };
        self.network.latch(cell, &lengths.lines, &bands, held);
        self.network.turn(cell, self.motion.turns());
        let shimmer = settings.dream * settings.shimmer;
        self.shimmer.latch(cell, stretch.true_s, settings.seed, shimmer, settings.shimmer_cents, self.network.around());
        self.stage.latch(cell, self.motion.sways());
        self.makeup.latch(settings);
        self.balance.latch(settings);
        self.transforms.latch(cell, &stretch, settings, &self.balance);
        self.recede.latch(settings.recede);
        self.width.latch(settings.width * FARTHEST_WIDTH.powf(settings.recede));
    }

    fn stretch(&mut self, settings: &Settings, song: &Song, cell: &Cell) -> Stretch {
        let clock = clock(settings, song, self.rate_hz, &mut self.wander);
        let ends = [song.sample, song.sample + cell.frames as i64];
        Stretch {
            at: song.sample,
            quarter_samples: song.quarter_samples(),
            moved_s: ends.map(|at| settings.clock_s(song, at, self.rate_hz)),
            true_s: ends.map(|at| (at as f64 - clock.start) / self.rate_hz),
            clock,
        }
    }

    /// Seconds in which everything falls by `db`, where a quarter note has `quarter_samples`.
    pub fn falls_by(&self, settings: &Settings, db: f32, quarter_samples: f64) -> f64 {
        // The cuts ring for a few of their periods; delays before the tail are at most those of the largest room.
        let cut_s = 10.0 / settings.low_cut_hz;
        let answer_s = if settings.pre_delay_quarters.is_some() { 1.0 } else { 1.1 * settings.pre_delay_s };
        let before_s = answer_s + 0.01 * settings.size_m + longest_swell_s(settings.rise());
        let longest_s = settings.longest_decay_s() * Shimmer::lengthens(settings.dream * settings.shimmer);
        let drone_s = self.transforms.drone_s(settings, db);
        f64::from(longest_s * db / 60.0 + cut_s + before_s + drone_s + 0.25)
            + self.transforms.memory_s(settings, quarter_samples)
    }

    /// The wet sound of `frames` frames of `sound`.
    pub fn process(&mut self, sound: &Sound, frames: usize) -> Sound {
        let mut sound = *sound;
        self.tone.process(&mut sound, frames);
        self.pre_delay.process(&mut sound, frames);
        let (held, closed) = (self.held.ticks(frames), self.closed.ticks(frames));
        let mut early = self.early.process(&sound, frames);
        for side in &mut early {
            side.iter_mut().zip(&closed).for_each(|(x, closed)| *x *= 1.0 - closed);
        }
        let mut wide = self.diffuser.process(&sound, frames);
        self.swell.process(&mut wide, frames);
        self.shimmer.give(&mut wide, frames);
        let taps = self.network.process(&wide, [&held, &closed], frames);
        self.shimmer.take(&taps, frames);
        let mut room = self.stage.process(&taps, frames);
        self.makeup.process(&mut room, frames);
        let mut walls = [[0.0; CELL]; 2];
        self.balance.add(0, &early, &mut walls, frames);
        let mut heard = walls;
        self.transforms.process(&room, &mut self.balance, &mut heard, frames);
        self.makeup.hear(&walls, &heard, frames);
        self.sub_audio.process(&mut heard, frames);
        self.recede.process(&mut heard, frames);
        self.width.process(&mut heard, frames);
        heard
    }
}

fn hold(ramp: &mut Ramp, on: bool, fresh: bool) {
    let goal = if on { 1.0 } else { 0.0 };
    ramp.go(goal);
    if fresh {
        ramp.jump(goal);
    }
}
