//! The laws themselves under test: a sound toy keeps them all, and each fault breaks the law that forbids it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use green_ring_dsp::mix::{Law, Output};
use green_ring_dsp::{Grid, Spec};
use green_ring_shell::{params, state};
use nice_plug::prelude::*;
use suite_tests::laws::{Subject, contract, host, sound, time};

const SOUND: u8 = 0;
const LETS_NAN_IN: u8 = 1;
const KEEPS_SUBNORMALS: u8 = 2;
const ALLOCATES: u8 = 3;
const KNOWS_BLOCKS: u8 = 4;
const FORGETS_TO_RESET: u8 = 5;
const REMEMBERS_THE_START: u8 = 6;
const COLOURS_BYPASS: u8 = 7;
const LIES_ABOUT_LATENCY: u8 = 8;
const CLICKS: u8 = 9;
const CALLS_THE_SYSTEM: u8 = 10;
const BELIEVES_STATES: u8 = 11;
const LIES_ABOUT_TAIL: u8 = 12;

#[derive(Params)]
struct ToyParams {
    #[id = "mix"]
    mix: FloatParam,
    #[id = "out"]
    output: FloatParam,
    #[id = "bypass"]
    bypass: BoolParam,
}

/// One echo after 100 samples, and a decay towards silence.
struct Toy<const FAULT: u8> {
    params: Arc<ToyParams>,
    grid: Grid,
    clock: green_ring_dsp::SongClock,
    output: Output,
    echo: Vec<[f32; 2]>,
    age: usize,
    decay: f32,
}

impl<const FAULT: u8> Default for Toy<FAULT> {
    fn default() -> Self {
        let spec = Spec { sample_rate: 48_000.0, channels: 2 };
        Self {
            params: Arc::new(ToyParams {
                mix: params::percent("Mix", 50.0, 100.0),
                output: params::output(),
                bypass: params::bypass(),
            }),
            grid: Grid::default(),
            clock: green_ring_dsp::SongClock::new(48_000.0),
            output: Output::new(&spec, Law::Linear),
            echo: vec![[0.0; 2]; 100],
            age: 0,
            decay: 1.0,
        }
    }
}

impl<const FAULT: u8> Plugin for Toy<FAULT> {
    const NAME: &'static str = "Toy";
    const VENDOR: &'static str = "";
    const URL: &'static str = "";
    const EMAIL: &'static str = "";
    const VERSION: &'static str = "";
    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = green_ring_shell::desk::LAYOUTS;
    type Editor = ();
    type SysExMessage = ();
    type BackgroundTask = ();

    fn params(&self) -> Arc<dyn Params> {
        self.params.clone()
    }

    fn filter_state(state: &mut PluginState) {
        if FAULT != BELIEVES_STATES {
            state::check::<Self>(state);
        }
    }

    fn activate(
        &mut self,
        layout: &AudioIOLayout,
        config: &BufferConfig,
        context: &mut impl ActivateContext<Self>,
    ) -> bool {
        let spec = green_ring_shell::desk::spec(layout, config);
        self.output = Output::new(&spec, Law::Linear);
        self.clock = green_ring_dsp::SongClock::new(spec.sample_rate);
        context.set_latency_samples(if FAULT == LIES_ABOUT_LATENCY { 1 } else { 0 });
        true
    }

    fn reset(&mut self) {
        self.grid.reset();
        self.clock.reset();
        self.output.reset();
        (self.age, self.decay) = (0, 1.0);
        if FAULT != FORGETS_TO_RESET {
            self.echo.fill([0.0; 2]);
        }
    }

    fn process(
        &mut self,
        buffer: &mut Buffer,
        _: &mut AuxiliaryBuffers,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        let frames = buffer.samples();
        let song = self.clock.advance(&green_ring_shell::transport::told(context.transport()), frames);
        let block = buffer.as_slice();
        if FAULT == ALLOCATES {
            std::hint::black_box(vec![0u8; frames]);
        }
        if FAULT == CALLS_THE_SYSTEM {
            // SAFETY: asks for the process id and nothing else.
            unsafe { libc::syscall(libc::SYS_getpid) };
        }
        let mut done = 0;
        while let Some(part) = self.grid.part(&song, done, frames) {
            let p = &self.params;
            if part.edge {
                self.output.set(p.mix.value() / 100.0, p.output.value(), p.bypass.value() && FAULT != COLOURS_BYPASS);
            }
            let dry = part.load(block);
            let mut wet = dry;
            for n in 0..part.frames {
                let slot = &mut self.echo[self.age % 100];
                self.age += 1;
                for c in 0..block.len() {
                    let fresh = if FAULT == LETS_NAN_IN { block[c][part.from + n] } else { dry[c][n] };
                    wet[c][n] = slot[c];
                    slot[c] = fresh;
                }
            }
            if FAULT == KNOWS_BLOCKS && done == 0 {
                wet[0][0] *= 0.999;
            }
            if FAULT == REMEMBERS_THE_START {
                self.decay = 0.5 + 0.5 * (self.age as f32 * 1e-4).sin();
                wet.iter_mut().flatten().for_each(|x| *x *= self.decay);
            }
            if FAULT == KEEPS_SUBNORMALS {
                self.decay *= 0.97;
                self.decay = self.decay.max(1e-40);
            }
            if FAULT == CLICKS {
                let gain = 10f32.powf(p.output.value() / 20.0);
                wet.iter_mut().flatten().for_each(|x| *x *= gain);
            }
            self.output.process(&dry, &mut wet, part.frames);
            part.store(&wet, block);
            done += part.frames;
        }
        ProcessStatus::Tail(if FAULT == LIES_ABOUT_TAIL { 50 } else { 100 })
    }
}

fn subject<const FAULT: u8>() -> Subject<Toy<FAULT>> {
    Subject {
        name: "toy",
        lively: &[("mix", 60.0)],
        idle: &[&[("mix", 0.0)]],
        through: None,
        memory_s: |_| 0.01,
        place_db: f64::NEG_INFINITY,
        breaks: &[],
        presets: &[r#"{"name":"Little","author":"","comment":"","values":{"mix":20}}"#],
    }
}

fn breaks<const FAULT: u8>(law: fn(&Subject<Toy<FAULT>>)) -> bool {
    catch_unwind(AssertUnwindSafe(|| law(&subject::<FAULT>()))).is_err()
}

#[test]
fn a_sound_plugin_keeps_every_law() {
    let toy = subject::<SOUND>();
    sound::finite(&toy);
    sound::calm(&toy);
    host::real_time(&toy);
    time::partition(&toy);
    time::repeat(&toy);
    time::place(&toy);
    host::idle(&toy);
    host::told(&toy);
    sound::click_free(&toy);
    sound::rates(&toy);
    contract::state(&toy);
    contract::presets(&toy);
}

#[test]
fn each_fault_breaks_its_law() {
    assert!(breaks::<LETS_NAN_IN>(sound::finite));
    assert!(breaks::<KEEPS_SUBNORMALS>(sound::calm));
    assert!(breaks::<ALLOCATES>(host::real_time));
    assert!(breaks::<CALLS_THE_SYSTEM>(host::real_time));
    assert!(breaks::<KNOWS_BLOCKS>(time::partition));
    assert!(breaks::<FORGETS_TO_RESET>(time::repeat));
    assert!(breaks::<REMEMBERS_THE_START>(time::place));
    assert!(breaks::<COLOURS_BYPASS>(host::idle));
    assert!(breaks::<LIES_ABOUT_LATENCY>(host::told));
    assert!(breaks::<LIES_ABOUT_TAIL>(host::told));
    assert!(breaks::<CLICKS>(sound::click_free));
    assert!(breaks::<BELIEVES_STATES>(contract::state));
    assert!(breaks::<SOUND>(contract::frozen), "there is no golden file of the toy");
}
