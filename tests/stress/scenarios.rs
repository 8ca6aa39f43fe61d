//! What happens in a session.

use std::time::{Duration, Instant};

use suite_tests::bundle::ALL;
use suite_tests::clap_host::Clap;
use suite_tests::damage::damaged;
use suite_tests::host::{Audio, Block, Host, Key, Setup, Song};
use suite_tests::window::Window;

use crate::session::{Live, idle, suite};
use crate::usage::{Usage, others_ns};
use crate::{end, rounds};

/// A host's blocks.
const FRAMES: usize = 256;
/// What the threads of an idle editor may take of a core.
const IDLE_SHARE: f64 = 0.005;

/// What `openings` of editors may cost a process, beyond what caches and allocators keep.
fn gain(openings: usize, run_loop: bool) -> Usage {
    // The framework loses a pair of sockets and its task queue at every opening of a VST3 editor that is lent a run
    // loop (see the guard). Besides, about 80 kB an opening go to the GL driver and the window library.
    let (files, kilobytes) = if run_loop { (2, 400) } else { (0, 200) };
    Usage { files: 4 + files * openings, threads: 2, megabytes: 100 + kilobytes * openings / 1000 }
}

/// A host's window of its own for one editor.
fn window() -> Window {
    Window::open(900, 700)
}

/// Holds the mouse button over the middle of the window for a moment and drags.
fn drag<H: Host>(window: &Window, lives: &mut [Live<H>], place: i16) {
    window.point(100 + place, 100 + place);
    window.button(true);
    idle(lives, 10);
    window.point(110 + place, 60 + place);
    idle(lives, 10);
    window.button(false);
}

/// Editors of all four opened and closed, some at once, some after a drag, while automation runs.
pub fn editors<H: Host>(run_loop: bool) {
    let mut lives = suite::<H>();
    // The first round fills caches.
    (0..lives.len()).for_each(|plugin| open_and_close(&mut lives, plugin, run_loop, 0));
    let before = Usage::settled();
    // 200 openings.
    let turns = rounds(50);
    for round in 1..=turns {
        for plugin in 0..lives.len() {
            open_and_close(&mut lives, plugin, run_loop, round);
        }
    }
    Usage::assert_gained(before, gain(turns * lives.len(), run_loop));
}

fn open_and_close<H: Host>(lives: &mut [Live<H>], plugin: usize, run_loop: bool, round: usize) {
    let window = window();
    lives[plugin].host.open_editor(&window, run_loop);
    assert!(window.children() > 0, "{} shows nothing", ALL[plugin].title);
    idle(lives, (round as u64 * 7) % 23);
    if round.is_multiple_of(3) {
        drag(&window, lives, (round * 29 % 300) as i16);
    }
    lives[plugin].host.close_editor();
}

/// Instances made and deleted beside two that live on, every third with its editor open.
pub fn come_and_go<H: Host>() {
    let mut lives: Vec<Live<H>> = suite().into_iter().chain(suite()).collect();
    come_and_go_once(&mut lives, 0);
    let before = Usage::settled();
    (1..=rounds(20)).for_each(|round| come_and_go_once(&mut lives, round));
    Usage::assert_gained(before, gain(rounds(20) * ALL.len() / 3, false));
}

fn come_and_go_once<H: Host>(lives: &mut [Live<H>], round: usize) {
    for (index, bundle) in ALL.iter().enumerate() {
        let mut guest = Live::<H>::start(bundle);
        let window = (round + index).is_multiple_of(3).then(window);
        if let Some(window) = &window {
            guest.host.open_editor(window, false);
        }
        idle(lives, 3 + round as u64 % 10);
        if window.is_some() {
            guest.host.close_editor();
        }
    }
}

/// All editors open at once and closed at once, while automation runs.
pub fn all_editors<H: Host>(run_loop: bool) {
    let mut lives = suite::<H>();
    let open_and_close_all = |lives: &mut [Live<H>], round: usize| {
        let windows = open_all(lives, run_loop);
        idle(lives, (round as u64 * 13) % 97);
        close_all(lives, windows);
    };
    open_and_close_all(&mut lives, 0);
    let before = Usage::settled();
    (1..=rounds(20)).for_each(|round| open_and_close_all(&mut lives, round));
    Usage::assert_gained(before, gain(rounds(20) * lives.len(), run_loop));
}

fn open_all<H: Host>(lives: &mut [Live<H>], run_loop: bool) -> Vec<Window> {
    let windows: Vec<_> = lives.iter().map(|_| window()).collect();
    for (live, window) in lives.iter_mut().zip(&windows) {
        live.host.open_editor(window, run_loop);
    }
    windows
}

fn close_all<H: Host>(lives: &mut [Live<H>], windows: Vec<Window>) {
    lives.iter_mut().for_each(|live| live.host.close_editor());
    drop(windows);
}

/// The last editor closes, and the process ends without another word, as a scanner's or a renderer's does.
pub fn end_after_editors<H: Host>() {
    let mut lives = suite::<H>();
    let windows = open_all(&mut lives, false);
    idle(&mut lives, 100);
    close_all(&mut lives, windows);
    drop(lives);
    end();
}

/// An open editor in which nothing moves costs next to nothing: the song is stopped, silence comes in, nobody touches it.
pub fn idle_editors() {
    let mut most = 0.0;
    for bundle in &ALL {
        let window = window();
        let mut host = Clap::open(bundle);
        let mut audio = host.activate(Setup { rate_hz: 48_000.0, max_frames: FRAMES as u32, channels: 2 });
        host.open_editor(&window, false);
        rest(&mut host, &mut audio, Duration::from_secs(4));
        let (before, begin) = (others_ns(), Instant::now());
        rest(&mut host, &mut audio, Duration::from_secs(5));
        let share = (others_ns() - before) as f64 / begin.elapsed().as_nanos() as f64;
        println!("# {}: {:.2} % of a core", bundle.title, 100.0 * share);
        most = share.max(most);
        host.close_editor();
        host.deactivate(audio);
    }
    assert!(most < IDLE_SHARE, "an idle editor takes {:.2} % of a core", 100.0 * most);
}

/// Plays silence with the song stopped.
fn rest(host: &mut Clap, audio: &mut impl Audio, time: Duration) {
    let (begin, input) = (Instant::now(), vec![vec![0.0; FRAMES]; 2]);
    while begin.elapsed() < time {
        let song = Some(Song { playing: false, frame: 0, tempo_bpm: 120.0 });
        audio.process(&Block { input: &input, key: Key::Missing, changes: &[], song });
        host.idle();
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// All editors open, and the GUI thread away for three seconds while automation runs.
pub fn stalled_gui<H: Host>(run_loop: bool) {
    let mut lives = suite::<H>();
    let windows = open_all(&mut lives, run_loop);
    idle(&mut lives, 200);
    let before: Vec<_> = lives.iter().map(Live::blocks).collect();
    std::thread::sleep(Duration::from_secs(3));
    for (live, before) in lives.iter().zip(before) {
        let blocks = live.blocks() - before;
        println!("# {blocks} blocks played during the stall");
        assert!(blocks > 50, "the sound stalled too");
    }
    idle(&mut lives, 300);
    close_all(&mut lives, windows);
    idle(&mut lives, 100);
}

/// Damaged states loaded into playing instances with open editors, each followed by a save.
pub fn damaged_states<H: Host>() {
    let mut lives = suite::<H>();
    let windows: Vec<_> = lives.iter().map(|_| window()).collect();
    for plugin in 0..lives.len() {
        lives[plugin].host.open_editor(&windows[plugin], true);
        for state in damaged(&lives[plugin].host.save()) {
            lives[plugin].host.load(&state);
            idle(&mut lives, 5);
            let saved = lives[plugin].host.save();
            assert!(lives[plugin].host.load(&saved), "{} does not load what it saved", ALL[plugin].title);
        }
        lives[plugin].host.close_editor();
    }
}
