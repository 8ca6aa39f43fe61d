//! Pictures of the four editors in a real window while sound plays through them: `cargo xtask screenshots`.
//!
//! Called with the folder to write to. Each editor is shown in three states, at scale 1 and 2.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use suite_tests::bundle::{ALL, Bundle};
use suite_tests::clap_host::Clap;
use suite_tests::host::{Audio, Block, Host, Key, Setup, Song};
use suite_tests::signals::{self, Planar};
use suite_tests::window::Window;

const RATE_HZ: f64 = 48_000.0;
/// One picture of a moving editor: 30 a second.
const FRAME: usize = 1_600;
/// Long enough for everything that moves to have come into view.
const SECONDS: f64 = 6.0;

/// A state of an editor: its name, and values by parameter name, as a user would type them.
type State = (&'static str, &'static [(&'static str, &'static str)]);

/// What each plugin is shown doing, in the order of the suite.
const STATES: [[State; 3]; 4] = [
    [
        ("first", &[]),
        ("dreaming", &[("Dream", "80 %"), ("Decay", "3 s"), ("Size", "30 m"), ("Mix", "60 %")]),
        ("frozen", &[("Freeze", "On"), ("Dream", "40 %"), ("Mix", "70 %")]),
    ],
    [
        ("first", &[]),
        ("ordered", &[("Chaos", "0 %"), ("Activity", "60 %")]),
        ("chaotic", &[("Chaos", "90 %"), ("Activity", "80 %"), ("Edge", "60 %")]),
    ],
    [
        ("first", &[]),
        ("worn", &[("Wear", "60 %"), ("Wow", "0.4 %"), ("Flutter", "0.3 %")]),
        ("driven", &[("Drive", "12 dB"), ("Wow", "0.2 %")]),
    ],
    [
        ("first", &[]),
        ("yielding", &[("Target", "14 LU"), ("Max Depth", "24 dB")]),
        ("by hand", &[("Detector", "Manual"), ("Manual Duck", "60 %"), ("Max Depth", "18 dB")]),
    ],
];

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("the folder to write to"));
    std::fs::create_dir_all(&folder).expect("a folder that can be made");
    for (bundle, states) in ALL.iter().zip(STATES) {
        for (scale, suffix) in [(1.0, ""), (2.0, "@2x")] {
            for state in states {
                let file = folder.join(format!("{}-{}{suffix}.png", bundle.package, state.0.replace(' ', "-")));
                shoot(bundle, state, scale, &file);
                println!("{}", file.display());
            }
        }
    }
}

fn shoot(bundle: &Bundle, (_, values): State, scale: f64, file: &Path) {
    let window = Window::open((1_500.0 * scale) as u16, (1_100.0 * scale) as u16);
    // Nothing is to be pointed at.
    window.point((1_500.0 * scale) as i16 - 1, (1_100.0 * scale) as i16 - 1);
    let mut host = Clap::open(bundle);
    set(&mut host, values);
    let mut audio = host.activate(Setup { rate_hz: RATE_HZ, channels: 2, max_frames: FRAME as u32 });
    let (width, height) = host.open_scaled(&window, scale);
    play(&mut host, &mut audio, bundle.key.is_some());
    window.sync();
    write(file, width, height, &window.picture(width as u16, height as u16));
    host.close_editor();
    host.deactivate(audio);
}

/// Sets what the plugin has of these, as typed.
fn set(host: &mut Clap, values: &[(&str, &str)]) {
    for (name, text) in values {
        if let Some(param) = host.params().iter().find(|param| param.name == *name) {
            let value = host.parse(param.id, text).unwrap_or_else(|| panic!("{name}: {text} is no value"));
            host.set(&[(param.id, value)]);
        }
    }
}

/// Plays a song in real time, with speech on the key.
fn play(host: &mut Clap, audio: &mut impl Audio, keyed: bool) {
    let frames = (SECONDS * RATE_HZ) as usize;
    let music = signals::at_loudness(signals::programme(RATE_HZ, 3, 2, frames), RATE_HZ, -20.0);
    let speech = signals::at_loudness(signals::babble(RATE_HZ, 5, 2, frames), RATE_HZ, -25.0);
    let cut = |sound: &Planar, at: usize| sound.iter().map(|side| side[at..at + FRAME].to_vec()).collect::<Vec<_>>();
    let begin = Instant::now();
    for (turn, at) in (0..frames - FRAME).step_by(FRAME).enumerate() {
        let (input, key) = (cut(&music, at), cut(&speech, at));
        let song = Song { playing: true, frame: at as i64, tempo_bpm: 120.0 };
        let key = if keyed { Key::Sound(&key) } else { Key::Missing };
        audio.process(&Block { input: &input, key, changes: &[], song: Some(song) });
        host.idle();
        let due = Duration::from_secs_f64((turn + 1) as f64 * FRAME as f64 / RATE_HZ);
        std::thread::sleep(due.saturating_sub(begin.elapsed()));
    }
}

fn write(file: &Path, width: u32, height: u32, pixels: &[u8]) {
    let to = BufWriter::new(File::create(file).expect("a file that can be made"));
    let mut encoder = png::Encoder::new(to, width, height);
    encoder.set_color(png::ColorType::Rgb);
    // They are shown on a page: small matters more than fast.
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::Adaptive);
    let mut writer = encoder.write_header().expect("a header");
    writer.write_image_data(pixels).expect("a picture");
}
