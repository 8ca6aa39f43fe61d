//! A DAW under stress, with all four plugins loaded at once, in both formats and on a real X11 display: editors opened
//! and closed while automation runs, instances that come and go, a stalled GUI thread, damaged states.
//!
//! What goes wrong here ends the host, so each scenario runs in a process of its own: this binary starts itself again.
//! A scripted mouse moves every control of every editor.
//! `GREEN_RING_SOAK=1` runs 200 rounds of everything. `GREEN_RING_NO_DISPLAY=1` skips everything.
//! `GREEN_RING_UNGUARDED=1` shows what the guard in the shell is for: every VST3 scenario then ends in an abort, and the
//! ones that close all editors at once crash now and then in both formats.
#![cfg(target_os = "linux")]

#[path = "stress/mouse.rs"]
mod mouse;
#[path = "stress/scenarios.rs"]
mod scenarios;
#[path = "stress/session.rs"]
mod session;
#[path = "stress/usage.rs"]
mod usage;

use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use suite_tests::bundle::ALL;
use suite_tests::clap_host::Clap;
use suite_tests::vst3_host::Vst3;
use suite_tests::window::Window;

/// Names the scenario to the process that runs it.
const SCENARIO: &str = "GREEN_RING_SCENARIO";
const END: &str = "END OK";

/// Makes each scenario a test of its own, and `run`, which runs one by its name.
macro_rules! scenarios {
    ($($name:ident: $run:expr;)*) => {
        $(#[test]
        fn $name() {
            in_its_own_process(stringify!($name));
        })*

        fn run(name: &str) {
            $(if name == stringify!($name) {
                return $run;
            })*
            panic!("no scenario {name}");
        }
    };
}

scenarios! {
    vst3_editors_with_run_loop: scenarios::editors::<Vst3>(true);
    vst3_editors_without_run_loop: scenarios::editors::<Vst3>(false);
    clap_editors: scenarios::editors::<Clap>(false);
    vst3_all_editors_with_run_loop: scenarios::all_editors::<Vst3>(true);
    vst3_all_editors_without_run_loop: scenarios::all_editors::<Vst3>(false);
    clap_all_editors: scenarios::all_editors::<Clap>(false);
    vst3_instances_come_and_go: scenarios::come_and_go::<Vst3>();
    clap_instances_come_and_go: scenarios::come_and_go::<Clap>();
    vst3_stalled_gui_with_run_loop: scenarios::stalled_gui::<Vst3>(true);
    vst3_stalled_gui_without_run_loop: scenarios::stalled_gui::<Vst3>(false);
    clap_stalled_gui: scenarios::stalled_gui::<Clap>(false);
    vst3_damaged_states: scenarios::damaged_states::<Vst3>();
    clap_damaged_states: scenarios::damaged_states::<Clap>();
    vst3_ends_after_its_editors: scenarios::end_after_editors::<Vst3>();
    clap_ends_after_its_editors: scenarios::end_after_editors::<Clap>();
    clap_idle_editors: scenarios::idle_editors();
    mouse_moves_dream_reverb: mouse::every_control(&ALL[0]);
    mouse_moves_misbehave: mouse::every_control(&ALL[1]);
    mouse_moves_tape_decay: mouse::every_control(&ALL[2]);
    mouse_moves_dialogue_ducker: mouse::every_control(&ALL[3]);
}

/// What is left of an editor when its process ends dies with a process that tells of it, now and then: hence so often.
#[test]
fn a_process_may_end_right_after_its_editors() {
    for _ in 0..rounds(5) {
        ["vst3_ends_after_its_editors", "clap_ends_after_its_editors"].into_iter().for_each(in_its_own_process);
    }
}

#[test]
#[ignore = "what the other tests start in processes of their own"]
fn child() {
    // A display that keeps a client does not reset itself.
    let _desktop = Window::open(100, 100);
    run(&std::env::var(SCENARIO).expect("the name of a scenario"));
    println!("{END}");
}

/// Ends the process of a scenario here and now, in order.
fn end() -> ! {
    println!("{END}");
    std::process::exit(0)
}

/// Rounds of a scenario, each with all four plugins: `short`, or 200 in a soak.
fn rounds(short: usize) -> usize {
    if std::env::var_os("GREEN_RING_SOAK").is_some() { 200 } else { short }
}

fn in_its_own_process(name: &str) {
    if std::env::var_os("GREEN_RING_NO_DISPLAY").is_some() {
        // Past the test harness, which would swallow it.
        let _ = writeln!(std::io::stderr(), "{name} skipped: no display");
        return;
    }
    assert!(std::env::var_os("DISPLAY").is_some(), "no DISPLAY: start Xvfb, or set GREEN_RING_NO_DISPLAY=1 to skip");
    // One at a time: they share the display's mouse and the machine's cores.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.log"));
    let status = start(name, &log);
    let said = std::fs::read_to_string(&log).unwrap_or_default();
    let ended = said.lines().any(|line| line == END);
    assert!(status.is_some_and(|status| status.success()) && ended, "{name}: {status:?}\n{}", last(&said));
    let numbers = said.lines().filter(|line| line.starts_with('#'));
    numbers.for_each(|line| println!("{line}"));
}

/// Runs a scenario to its end; `None` when it hangs.
fn start(name: &str, log: &Path) -> Option<ExitStatus> {
    let patience = Duration::from_secs(20 + 4 * rounds(20) as u64);
    let file = std::fs::File::create(log).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--ignored", "--nocapture"])
        .env(SCENARIO, name)
        // Every window has a thread, and a new thread a new arena: what they keep is no leak, and would hide one.
        .env("MALLOC_ARENA_MAX", "1")
        .stdout(file.try_clone().unwrap())
        .stderr(file)
        .spawn()
        .unwrap();
    let started = Instant::now();
    while started.elapsed() < patience {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

fn last(said: &str) -> String {
    let lines: Vec<_> = said.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}
