//! What other people's reverbs cost, measured as ours are: stereo, 48 kHz, blocks of 64.

use std::time::Duration;

use cloudseedcore_rs::{DARK_PLATE, ReverbController};
use fundsp::prelude::{AudioUnit, BufferArray, U2, lowpole_hz, reverb_stereo, reverb2_stereo};
use suite_tests::bench::{Cost, least};
use suite_tests::signals;

const RATE: f64 = 48_000.0;
const BLOCK: usize = 64;
const BLOCKS: usize = 7_500;

fn main() {
    println!("\nPeers | cost | slowest block\n--- | --- | ---");
    let noise = signals::pink(0.2, RATE, 3, 2, BLOCK * BLOCKS);
    print("CloudSeed core, Dark Plate", cloudseed(&noise));
    print("fundsp, reverb_stereo (32 lines)", fundsp(&noise, || Box::new(reverb_stereo(14.0, 4.0, 0.5))));
    print(
        "fundsp, reverb2_stereo (32 moving lines)",
        fundsp(&noise, || Box::new(reverb2_stereo(14.0, 4.0, 0.5, 1.0, lowpole_hz::<f32>(8_000.0)))),
    );
}

fn print(name: &str, times: Vec<Duration>) {
    // The first second fills caches and buffers.
    Cost::of(&times[RATE as usize / BLOCK..], BLOCK).print(name);
}

fn cloudseed(noise: &signals::Planar) -> Vec<Duration> {
    let start = || {
        let mut reverb = ReverbController::new(RATE as f32, BLOCK as u32);
        reverb.set_program(&DARK_PLATE);
        reverb
    };
    let mut out = [[0.0; BLOCK]; 2];
    least(BLOCKS, start, |reverb, k| {
        let span = k * BLOCK..(k + 1) * BLOCK;
        let [left, right] = &mut out;
        reverb.process(&noise[0][span.clone()], &noise[1][span], left, right, BLOCK as u32);
    })
}

fn fundsp(noise: &signals::Planar, make: impl Fn() -> Box<dyn AudioUnit>) -> Vec<Duration> {
    let start = || {
        let mut unit = make();
        unit.set_sample_rate(RATE);
        unit.allocate();
        (unit, BufferArray::<U2>::new(), BufferArray::<U2>::new())
    };
    least(BLOCKS, start, |(unit, input, output), k| {
        for (channel, noise) in noise.iter().enumerate() {
            for i in 0..BLOCK {
                input.set_f32(channel, i, noise[k * BLOCK + i]);
            }
        }
        unit.process(BLOCK, &input.buffer_ref(), &mut output.buffer_mut());
    })
}
