//! A DAW's session in small: instances that play on threads of their own under dense automation, and a GUI thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use suite_tests::bundle::{ALL, Bundle};
use suite_tests::host::{Audio, Block, Change, Host, Key, Param, Setup, Song};

/// A block at 48 kHz is 5.3 ms; the threads run about as fast as that.
const FRAMES: usize = 256;
const PAUSE: Duration = Duration::from_millis(4);
/// Changes of every parameter in every block.
const POINTS: usize = 4;

/// An instance that plays.
pub struct Live<H: Host> {
    pub host: H,
    player: Option<Player<H::Audio>>,
}

struct Player<A> {
    stop: Arc<AtomicBool>,
    blocks: Arc<AtomicU64>,
    thread: JoinHandle<A>,
}

/// One of each plugin, playing.
pub fn suite<H: Host>() -> Vec<Live<H>> {
    ALL.iter().map(Live::start).collect()
}

impl<H: Host> Live<H> {
    pub fn start(bundle: &Bundle) -> Live<H> {
        let mut host = H::open(bundle);
        let params = host.params();
        let audio = host.activate(Setup { rate_hz: 48_000.0, max_frames: FRAMES as u32, channels: 2 });
        Live { host, player: Some(Player::start(audio, params)) }
    }

    /// Blocks played so far.
    pub fn blocks(&self) -> u64 {
        self.player.as_ref().map_or(0, |player| player.blocks.load(SeqCst))
    }
}

/// Automation runs to the last moment, as when a track is deleted during playback.
impl<H: Host> Drop for Live<H> {
    fn drop(&mut self) {
        if let Some(player) = self.player.take() {
            player.stop.store(true, SeqCst);
            let audio = player.thread.join().expect("an audio thread that has not panicked");
            self.host.deactivate(audio);
        }
    }
}

impl<A: Audio> Player<A> {
    fn start(mut audio: A, params: Vec<Param>) -> Player<A> {
        let (stop, blocks) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (stopped, count) = (stop.clone(), blocks.clone());
        let thread = std::thread::spawn(move || {
            while !stopped.load(SeqCst) {
                play_block(&mut audio, &params, count.fetch_add(1, SeqCst));
                std::thread::sleep(PAUSE);
            }
            audio
        });
        Player { stop, blocks, thread }
    }
}

fn play_block(audio: &mut impl Audio, params: &[Param], block: u64) {
    let input = vec![vec![0.25; FRAMES]; 2];
    let song = Song { playing: true, frame: block as i64 * FRAMES as i64, tempo_bpm: 120.0 };
    let changes = automation(params, block);
    let block = Block { input: &input, key: Key::Sound(&input), changes: &changes, song: Some(song) };
    let output = audio.process(&block);
    assert!(output.iter().flatten().all(|x| x.is_finite()));
}

fn automation(params: &[Param], block: u64) -> Vec<Change> {
    let value = |index: usize, point: usize| ((block as usize * 7 + index * 31 + point * 13) % 97) as f64 / 96.0;
    let automated = || params.iter().enumerate().filter(|(_, param)| param.automatable);
    (0..POINTS)
        .flat_map(|point| {
            automated().map(move |(index, param)| Change {
                frame: point * FRAMES / POINTS,
                id: param.id,
                value: param.snap(value(index, point)),
            })
        })
        .collect()
}

/// The GUI thread's turns for a while.
pub fn idle<H: Host>(lives: &mut [Live<H>], time_ms: u64) {
    let end = Instant::now() + Duration::from_millis(time_ms);
    while Instant::now() < end {
        lives.iter_mut().for_each(|live| live.host.idle());
        std::thread::sleep(Duration::from_millis(2));
    }
}
