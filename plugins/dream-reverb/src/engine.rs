//! The sound of Dream Reverb: a room.
//!
//! ```text
//!            ┌───────────────────────────── dry ──────────────────────────────┐
//! in ─┬──────┘                                                                 ▼
//!     └─► cuts ─► pre-delay ─┬─► early reflections ───────────────────┐     dry/wet ─► out
//!                            └─► diffuser ─► network ─► swaying taps ─┴─► width ▲
//!                                             ▲  │                          └───┘
//!                                             └──┘ lossless when frozen
//! ```
//!
//! Nothing is told as latency: a room answers later anyway.

pub mod absorb;
pub mod cell;
pub mod decay;
pub mod diffuser;
pub mod early;
pub mod fade;
pub mod lines;
pub mod motion;
pub mod network;
pub mod pre_delay;
pub mod ring;
pub mod room;
pub mod settings;
pub mod stage;
pub mod sway;
pub mod tone;
pub mod turn;

pub use cell::Cell;
pub use settings::{Settings, Sync};

use cell::Cells;
use decay::Decay;
use diffuser::Diffuser;
use early::Early;
use green_ring_dsp::mix::{Law, Output};
use green_ring_dsp::{CELL, Grid, Part, Ramp, Song, Sound, Spec, Tail};
use motion::Motion;
use network::Network;
use pre_delay::PreDelay;
use room::Room;
use stage::Stage;
use tone::Tone;

/// Seconds that Freeze takes to close.
const FREEZE_S: f64 = 0.06;

/// Shares of the wet power: early reflections and tail. By ear: a voice keeps its body in the room.
const EARLY_SHARE: f32 = 0.25;

/// The reverb.
#[derive(Debug)]
pub struct Engine {
    spec: Spec,
    grid: Grid,
    cells: Cells,
    room: Room,
    fresh: bool,
    decay: Decay,
    motion: Motion,
    tone: Tone,
    pre_delay: PreDelay,
    early: Early,
    diffuser: Diffuser,
    held: Ramp,
    network: Network,
    stage: Stage,
    output: Output,
}

impl Engine {
    /// A reverb for any settings at `spec`. Allocates.
    pub fn new(spec: &Spec) -> Self {
        Self {
            spec: *spec,
            grid: Grid::default(),
            cells: Cells::default(),
            room: Room::new(spec),
            fresh: true,
            decay: Decay::new(spec),
            motion: Motion::new(spec),
            tone: Tone::new(spec),
            pre_delay: PreDelay::new(spec),
            early: Early::new(spec),
            diffuser: Diffuser::new(spec),
            held: Ramp::new(0.0, spec.samples(FREEZE_S)),
            network: Network::new(spec),
            stage: Stage::new(spec),
            output: Output::new(spec, Law::EqualPower),
        }
    }

    /// Silence; equal to a fresh engine. Does not allocate.
    pub fn reset(&mut self) {
        self.grid.reset();
        self.cells.reset();
        self.fresh = true;
        self.motion.reset();
        self.tone.reset();
        self.pre_delay.reset();
        self.early.reset();
        self.diffuser.reset();
        self.network.reset();
        self.stage.reset();
        self.output.reset();
    }

    /// Reverberates `block`, one or two channels of at least one frame, in place.
    pub fn process(&mut self, settings: &Settings, song: &Song, block: &mut [&mut [f32]]) {
        let (frames, mut done) = (block[0].len(), 0);
        while let Some(part) = self.grid.part(song, done, frames) {
            if part.edge {
                self.latch(&settings.held(), &part.song);
            }
            let mut dry = part.load(block);
            if block.len() == 1 {
                dry[1] = dry[0];
            }
            let mut wet = self.reverberate(&dry, &part);
            self.output.process(&dry, &mut wet, part.frames);
            part.store(&wet, block);
            done += part.frames;
            self.cells.pass(part.frames);
        }
    }

    /// Samples by which the dry sound comes late: none.
    pub fn latency(&self) -> usize {
        0
    }

    /// How long the room sounds after its input has gone silent: for ever while frozen.
    pub fn tail(&self, settings: &Settings) -> Tail {
        let settings = settings.held();
        if settings.freeze {
            return Tail::Infinite;
        }
        // From the loudest sound that comes in (+60 dBFS), with 40 dB for a tone that meets resonances, down to where the
        // network lets go (-200 dBFS).
        Tail::Samples(self.spec.samples(self.falls_by(&settings, 300.0)) as u32)
    }

    /// Seconds of pre-roll after which it no longer matters where playback began: the tail has by then fallen by 120 dB,
    /// and 20 dB more for a sound that was louder before.
    pub fn memory(&self, settings: &Settings) -> f32 {
        self.falls_by(&settings.held(), 140.0) as f32
    }

    /// Seconds in which everything in the room falls by `db`.
    fn falls_by(&self, settings: &Settings, db: f32) -> f64 {
        // The cuts ring for a few of their periods; delays before the tail are at most those of the largest room.
        let cut_s = 10.0 / settings.low_cut_hz;
        let before_s = settings.pre_delay_s + 0.01 * settings.size_m;
        (settings.longest_decay_s() * db / 60.0 + cut_s + before_s + 0.25) as f64
    }

    /// At a cell's edge: the only place where settings are read.
    fn latch(&mut self, settings: &Settings, song: &Song) {
        let fresh = std::mem::take(&mut self.fresh);
        let cell = self.cells.begin(song);
        let lengths = self.room.lengths(settings.size_m, settings.decay_s, settings.seed);
        let clock = |sample| settings.clock_s(song, sample, self.spec.sample_rate);
        let (from_s, to_s) = (clock(song.sample), clock(song.sample + cell.frames as i64));
        self.motion.advance(from_s, to_s, settings.seed, settings.motion);
        self.tone.latch(settings);
        self.pre_delay.latch(&cell, settings.pre_delay_s);
        self.early.latch(cell.number, &lengths, settings.seed, settings.early_db);
        self.diffuser.latch(cell.number, &lengths, settings.diffusion);
        self.hold(settings.freeze, fresh);
        let bands = self.decay.advance(settings, fresh);
        self.network.latch(&cell, &lengths.lines, settings.freeze, &bands);
        self.network.turn(&cell, self.motion.turns());
        self.stage.latch(&cell, settings.width, self.motion.sways());
        self.output.set(settings.mix, settings.output_db, settings.bypass);
    }

    fn hold(&mut self, freeze: bool, fresh: bool) {
        let held = if freeze { 1.0 } else { 0.0 };
        self.held.go(held);
        if fresh {
            self.held.jump(held);
        }
    }

    /// The wet sound of one part.
    fn reverberate(&mut self, dry: &Sound, part: &Part) -> Sound {
        let frames = part.frames;
        let mut sound = *dry;
        self.tone.process(&mut sound, frames);
        self.pre_delay.process(&mut sound, frames);
        let mut held = [0.0; CELL];
        held[..frames].iter_mut().for_each(|h| *h = self.held.tick());
        let mut early = self.early.process(&sound, frames);
        for side in &mut early {
            side.iter_mut().zip(&held).for_each(|(x, held)| *x *= (1.0 - held) * EARLY_SHARE.sqrt());
        }
        let wide = self.diffuser.process(&sound, frames);
        let mut taps = self.network.process(&wide, &held, frames);
        taps.as_flattened_mut().iter_mut().for_each(|x| *x *= (1.0 - EARLY_SHARE).sqrt());
        self.stage.process(&taps, &early, frames)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use green_ring_dsp::chance::Chance;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

    /// Noise through `engine` from song sample `from` to `to`, cut by `cut`, with `settings` for each 512 samples.
    fn play(
        engine: &mut Engine,
        from: i64,
        to: i64,
        cut: impl Fn(i64) -> i64,
        settings: impl Fn(i64) -> Settings,
    ) -> Vec<f32> {
        let (mut at, mut heard) = (from, vec![]);
        while at < to {
            let end = (at + cut(at)).min(to).min((at / 512 + 1) * 512);
            let noise = |side: usize| (at..end).map(|n| 0.2 * Chance::new(3, 8).normal(n)[side]).collect::<Vec<f32>>();
            let (mut left, mut right) = (noise(0), noise(1));
            let song = Song::new(true, at, 120.0, 48_000.0);
            engine.process(&settings(at / 512), &song, &mut [&mut left[..], &mut right[..]]);
            heard.extend(left.iter().zip(&right).flat_map(|(l, r)| [*l, *r]));
            at = end;
        }
        heard
    }

    fn automated(step: i64) -> Settings {
        let [a, b, c, d] = Chance::new(4, 8).uniform(step / 20);
        let [e, f, ..] = Chance::new(5, 8).uniform(step / 20);
        Settings {
            mix: a,
            size_m: 2.0 + 40.0 * b,
            decay_s: 0.1 + 0.3 * c,
            diffusion: d,
            motion: e,
            width: 1.5 * f,
            pre_delay_s: 0.1 * a,
            low_cut_hz: 50.0 + 300.0 * d,
            freeze: (step / 20) % 7 == 3,
            ..Settings::default()
        }
    }

    #[test]
    fn any_cut_and_a_reset_give_the_same_bits() {
        let mut engine = Engine::new(&SPEC);
        let whole = play(&mut engine, 1_000, 150_000, |_| 4_096, automated);
        engine.reset();
        assert!(whole == play(&mut engine, 1_000, 150_000, |_| 4_096, automated), "reset");
        assert!(whole == play(&mut Engine::new(&SPEC), 1_000, 150_000, |at| 1 + at * 7 % 61, automated), "cut");
    }

    #[test]
    fn started_late_it_agrees_after_the_told_memory() {
        let settings = Settings { decay_s: 0.5, motion: 1.0, mix: 1.0, ..Settings::default() };
        let memory = SPEC.samples(Engine::new(&SPEC).memory(&settings) as f64);
        let (from, to) = (50_003, 50_003 + memory as i64 + 20_000);
        let early = play(&mut Engine::new(&SPEC), 0, to, |_| 512, |_| settings);
        let late = play(&mut Engine::new(&SPEC), from, to, |_| 512, |_| settings);
        let apart = |at: usize| (early[2 * from as usize + at] - late[at]).abs();
        assert!((0..2_000).map(apart).fold(0.0, f32::max) > 1e-2);
        let worst = (2 * memory..late.len()).map(apart).fold(0.0, f32::max);
        assert!(worst < 1e-6, "{worst}");
    }

    #[test]
    fn after_the_told_tail_it_is_silent_to_the_last_bit() {
        let settings = Settings { mix: 1.0, decay_s: 0.3, low_decay: 2.0, low_cut_hz: 20.0, ..Settings::default() };
        let mut engine = Engine::new(&SPEC);
        let Tail::Samples(tail) = engine.tail(&settings) else { panic!("endless") };
        let mut left: Vec<f32> = (0..48_000).map(|n| 999.0 * (n as f32 * 0.01).sin()).collect();
        left.resize(48_000 + tail as usize + 1_000, 0.0);
        let mut right = left.clone();
        engine.process(&settings, &Song::new(true, 0, 120.0, 48_000.0), &mut [&mut left[..], &mut right[..]]);
        let end = left.iter().zip(&right).rposition(|(l, r)| *l != 0.0 || *r != 0.0).unwrap() - 48_000;
        assert!(end < tail as usize && end > tail as usize / 3, "{end} of {tail}");
        assert!(left.iter().all(|x| !x.is_subnormal()));
    }

    #[test]
    fn bypassed_or_dry_it_is_not_there() {
        for settings in [Settings { bypass: true, ..Settings::default() }, Settings { mix: 0.0, ..Settings::default() }]
        {
            let noise: Vec<f32> = (0..5_000).map(|n| Chance::new(3, 8).normal(n)[0]).collect();
            let mut mono = noise.clone();
            let spec = Spec { channels: 1, ..SPEC };
            Engine::new(&spec).process(&settings, &Song::new(true, 0, 120.0, 48_000.0), &mut [&mut mono[..]]);
            assert!(noise == mono);
        }
    }
}
