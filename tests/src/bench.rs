//! Speed, shown and never asserted: per cent of one core for stereo at 48 kHz in blocks of 64.
//!
//! Every run plays the same blocks, so the least time that a block took in several runs is that block's own cost
//! without the machine's other work.

use std::time::{Duration, Instant};

use green_ring_editor::Editor;
use nice_plug::prelude::Plugin;

use crate::laws::{Material, Subject, Values};
use crate::rig::{Cut, Motion, Rig, Run};
use crate::signals;

const RATE: f64 = 48_000.0;
const BLOCK: usize = 64;
const SECONDS: f64 = 10.0;
const RUNS: usize = 5;

/// What one row of the table shows.
pub struct Cost {
    /// Per cent of one core.
    pub percent: f64,
    /// The slowest block, as a multiple of the median block.
    pub slowest: f64,
    /// The slowest block, in per cent of the time it plays for.
    pub slowest_percent: f64,
}

impl Cost {
    /// Cost of a run whose blocks of `frames` took `times`.
    pub fn of(times: &[Duration], frames: usize) -> Self {
        let plays_s = frames as f64 / RATE;
        let mut sorted: Vec<f64> = times.iter().map(Duration::as_secs_f64).collect();
        sorted.sort_by(f64::total_cmp);
        let (median, slowest) = (sorted[sorted.len() / 2], sorted[sorted.len() - 1]);
        Self {
            percent: 100.0 * sorted.iter().sum::<f64>() / (plays_s * sorted.len() as f64),
            slowest: slowest / median,
            slowest_percent: 100.0 * slowest / plays_s,
        }
    }

    /// Prints the row.
    pub fn print(&self, name: &str) {
        println!(
            "| {name} | {:.2} % | {:.1} x median, {:.1} % of its time |",
            self.percent, self.slowest, self.slowest_percent
        );
    }
}

/// The least time of each block over several runs of `work`, which is called once a block after `start` began a run.
pub fn least<S>(blocks: usize, mut start: impl FnMut() -> S, mut work: impl FnMut(&mut S, usize)) -> Vec<Duration> {
    let mut least = vec![Duration::MAX; blocks];
    for _ in 0..RUNS {
        let mut state = start();
        for (k, least) in least.iter_mut().enumerate() {
            let begin = Instant::now();
            work(&mut state, k);
            *least = begin.elapsed().min(*least);
        }
    }
    least
}

/// Prints a plugin's table: defaults, lively settings, silence after sound, bypass, the memory of an instance, and what the
/// editor's drawing costs.
pub fn table<P: Plugin<Editor = Editor>>(subject: &Subject<P>) {
    println!("\n{} | cost | slowest block\n--- | --- | ---", subject.name);
    // First, while no memory that was freed before can be taken again.
    println!("| memory per instance | {:.1} MB | |", memory_mb::<P>());
    let (mut sound, mut silence) = (Material::new(RATE, 2, SECONDS), Material::new(RATE, 2, 1.0));
    let rest = signals::silence(2, (SECONDS * RATE) as usize);
    for channel in silence.input.iter_mut().chain(&mut silence.key) {
        channel.extend(&rest[0]);
    }
    const BYPASSED: Values = &[("bypass", 1.0)];
    for (name, values, material) in [
        ("defaults", &[] as Values, &mut sound),
        ("lively", subject.lively, &mut Material::new(RATE, 2, SECONDS)),
        ("lively, silence", subject.lively, &mut silence),
        ("bypassed", BYPASSED, &mut Material::new(RATE, 2, SECONDS)),
    ] {
        row::<P>(name, values, material);
    }
    crate::editor::cost::<P>(subject.lively);
}

/// Prints what `values` cost over a busy programme, in a row below a table.
pub fn busy<P: Plugin>(name: &str, values: Values) {
    row::<P>(name, values, &Material::new(RATE, 2, SECONDS));
}

fn row<P: Plugin>(name: &str, values: Values, material: &Material) {
    let mut times: Vec<Duration> = vec![];
    for _ in 0..RUNS {
        let mut rig = Rig::<P>::new(RATE, 2, values);
        rig.times = Some(vec![]);
        let motions = [Motion::from(0)];
        rig.run(&Run {
            key: Some(&material.key),
            cut: Cut::Blocks(BLOCK),
            motions: &motions,
            ..Run::of(&material.input)
        });
        let run = rig.times.take().expect("asked for above");
        times = if times.is_empty() { run } else { times.iter().zip(run).map(|(a, b)| *a.min(&b)).collect() };
    }
    // The first second fills caches and buffers.
    Cost::of(&times[(RATE as usize / BLOCK)..], BLOCK).print(name);
}

/// Resident memory that one activated instance adds, in megabytes; NaN where the system does not tell.
fn memory_mb<P: Plugin>() -> f64 {
    const INSTANCES: usize = 8;
    let resident = || {
        let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
        statm.split(' ').nth(1)?.parse::<f64>().ok().map(|pages| pages * 4_096.0 / 1e6)
    };
    let before = resident().unwrap_or(f64::NAN);
    let material = Material::new(RATE, 2, 2.0);
    let rigs: Vec<_> = (0..INSTANCES)
        .map(|_| {
            let mut rig = Rig::<P>::new(RATE, 2, &[]);
            rig.run(&material.run(Cut::Blocks(512), &[Motion::from(0)], &[]));
            rig
        })
        .collect();
    (resident().unwrap_or(f64::NAN) - before) / rigs.len() as f64
}
