//! A plugin's editor without a window: what its own drawing costs, and whether it explains its controls.

use std::sync::Arc;
use std::time::{Duration, Instant};

use green_ring_editor::{Editor, LONGEST_HELP};
use nice_plug::prelude::{AsyncExecutor, Plugin};

use crate::laws::{Material, Subject, Values};
use crate::rig::{Cut, Motion, Rig, Run};
use crate::signals::Planar;

const RATE: usize = 48_000;
/// An editor is drawn so often a second, and no oftener.
const FRAMES_A_SECOND: usize = 30;
/// Audio between two frames.
const STEP: usize = RATE / FRAMES_A_SECOND;
const SECONDS: usize = 8;
const RUNS: usize = 5;
/// Until the pictures have come into view.
const SETTLED: usize = 2 * FRAMES_A_SECOND;

/// The plugin's editor, as a host would ask for it.
pub fn of<P: Plugin<Editor = Editor>>(plugin: &mut P) -> Editor {
    let nothing = || Arc::new(|_| ()) as Arc<dyn Fn(P::BackgroundTask) + Send + Sync>;
    plugin.editor(AsyncExecutor::new(nothing(), nothing())).expect("an editor")
}

/// Every control is explained in a sentence that fits.
///
/// # Panics
/// When one is not.
pub fn explained<P: Plugin<Editor = Editor>>(_: &Subject<P>) {
    let unexplained = of(&mut P::default()).unexplained();
    assert!(unexplained.is_empty(), "no sentence, or one of more than {LONGEST_HELP} characters: {unexplained:?}");
}

/// Prints what the editor of a plugin that plays costs at its default size, in rows below a table: reading meters and
/// picture, layout, and drawing down to triangles; not what the graphics driver does with them.
pub fn cost<P: Plugin<Editor = Editor>>(lively: Values) {
    for (name, values) in [("editor, defaults", &[] as Values), ("editor, lively", lively)] {
        let mut least = vec![Duration::MAX; SECONDS * FRAMES_A_SECOND];
        let mut triangles = 0;
        for _ in 0..RUNS {
            let frames = play::<P>(values);
            for (least, (time, count)) in least.iter_mut().zip(frames) {
                (*least, triangles) = (time.min(*least), count);
            }
        }
        row(name, &least[SETTLED..], triangles);
    }
}

fn row(name: &str, times: &[Duration], triangles: usize) {
    let ms = |time: Duration| 1e3 * time.as_secs_f64();
    let mean_ms = ms(times.iter().sum()) / times.len() as f64;
    let slowest_ms = ms(times.iter().max().copied().unwrap_or_default());
    let percent = 100.0 * mean_ms / 1e3 * FRAMES_A_SECOND as f64;
    println!("| {name} | {percent:.2} % | {mean_ms:.2} ms a frame, slowest {slowest_ms:.2}; {triangles} triangles |");
}

/// Plays a busy programme, with speech on the key, under an open editor. Returns how long each frame took, and of how many
/// triangles it was.
fn play<P: Plugin<Editor = Editor>>(values: Values) -> Vec<(Duration, usize)> {
    let mut rig = Rig::<P>::new(RATE as f64, 2, values);
    let mut editor = of(&mut rig.plugin).offscreen();
    let material = Material::new(RATE as f64, 2, SECONDS as f64);
    let cut = |sound: &Planar, at: usize| sound.iter().map(|side| side[at..at + STEP].to_vec()).collect::<Planar>();
    let frame = |at: usize| {
        let (input, key) = (cut(&material.input, at), cut(&material.key, at));
        let motions = [Motion::from(at as i64)];
        rig.run(&Run { key: Some(&key), cut: Cut::Blocks(64), motions: &motions, ..Run::of(&input) });
        let begin = Instant::now();
        editor.look();
        let triangles = editor.draw();
        (begin.elapsed(), triangles)
    };
    (0..SECONDS * FRAMES_A_SECOND).map(|turn| turn * STEP).map(frame).collect()
}
