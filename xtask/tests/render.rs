//! `cargo xtask render` as a user calls it, on the built bundles.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

const RATE: u32 = 48_000;

/// A folder of its own for each test, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("green-ring-render-{test}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Half a second of noise, 24 bits.
    fn noise(&self, name: &str, channels: u16) -> PathBuf {
        let spec = WavSpec { channels, sample_rate: RATE, bits_per_sample: 24, sample_format: SampleFormat::Int };
        let mut writer = WavWriter::create(self.path(name), spec).expect("a file");
        let mut state = 1_u32;
        for _ in 0..RATE / 2 * u32::from(channels) {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            writer.write_sample(state as i32 >> 10).expect("a sample");
        }
        writer.finalize().expect("a file");
        self.path(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn render(plugin: &str, input: &Path, output: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["render", plugin]).arg(input).arg(output).arg("--no-build").args(more);
    command.output().expect("xtask runs")
}

fn samples(path: &Path) -> Vec<f32> {
    let reader = WavReader::open(path).expect("a WAV file");
    match reader.spec().sample_format {
        SampleFormat::Float => reader.into_samples().map(|sample| sample.expect("a sample")).collect(),
        SampleFormat::Int => {
            let full_scale = |sample: i32| sample as f32 / (1 << 23) as f32;
            reader.into_samples().map(|sample| full_scale(sample.expect("a sample"))).collect()
        }
    }
}

#[track_caller]
fn rendered(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Latency is taken out and the tail is added, whatever the plugin and the layout.
#[test]
fn bypassed_a_file_comes_back_bit_for_bit() {
    let folder = Folder::new("bypassed");
    for plugin in ["dream-reverb", "misbehave", "tape-decay", "dialogue-ducker"] {
        for channels in [1, 2] {
            let (input, output) = (folder.noise("in.wav", channels), folder.path("out.wav"));
            rendered(&render(plugin, &input, &output, &["--set", "Bypass=On", "--tail", "0.25"]));
            let (given, made) = (samples(&input), samples(&output));
            let tail = made.len() - given.len();
            assert_eq!(tail, RATE as usize / 4 * usize::from(channels), "{plugin}");
            assert!(made.starts_with(&given), "{plugin} with {channels} channels changes the sound");
            assert!(made.ends_with(&vec![0.0; tail]), "{plugin} with {channels} channels sounds on");
        }
    }
}

#[test]
fn the_block_size_is_not_heard() {
    let folder = Folder::new("blocks");
    let input = folder.noise("in.wav", 2);
    let drawn = ["--automate", "Output: 0s=-12 dB, 0.3s=0 dB", "--start", "0:10.5", "--tail", "0.5"];
    let made = ["64", "509"].map(|block| {
        let output = folder.path(block);
        rendered(&render("dream-reverb", &input, &output, &[&drawn[..], &["--block", block]].concat()));
        samples(&output)
    });
    assert!(made[0] == made[1], "blocks of 64 and of 509 sound different");
    assert!(made[0].iter().any(|sample| sample.abs() > 0.01), "nothing is heard");
}

#[test]
fn a_drawn_line_is_heard_where_it_was_drawn() {
    let folder = Folder::new("drawn");
    let (input, output) = (folder.noise("in.wav", 2), folder.path("out.wav"));
    let more = ["--automate", "Bypass: 0s=On, 0.25s=Off", "--set", "Mix=100 %", "--tail", "0"];
    rendered(&render("dream-reverb", &input, &output, &more));
    let (given, made) = (samples(&input), samples(&output));
    let switch = given.len() / 2;
    assert!(made[..switch] == given[..switch], "the switch is heard before its time");
    assert!(made[switch..] != given[switch..], "the switch is never heard");
}

#[test]
fn a_wrong_call_gets_one_line_and_leaves_no_file() {
    let folder = Folder::new("wrong");
    let (input, output) = (folder.noise("in.wav", 2), folder.path("out.wav"));
    let (six, mono) = (folder.noise("six.wav", 6), folder.noise("mono.wav", 1));
    let (none, mono) = (folder.path("none.wav"), mono.to_string_lossy().into_owned());
    let calls: [(&str, &Path, &[&str], &str); 12] = [
        ("reverb", &input, &[], "expected dream-reverb, misbehave, tape-decay, dialogue-ducker"),
        ("dream-reverb", &none, &[], "cannot read"),
        ("dream-reverb", &six, &[], "6 channels; expected mono or stereo"),
        ("dream-reverb", &input, &["--set", "Dekay=1 s"], "no parameter 'Dekay'; the nearest are Decay"),
        ("dream-reverb", &input, &["--set", "Decay=25 s"], "Decay takes"),
        ("dream-reverb", &input, &["--set", "Mix=101 %"], "Mix takes"),
        ("dream-reverb", &input, &["--set", "Bypass=perhaps"], "Bypass takes Off, On"),
        ("dream-reverb", &input, &["--automate", "Output: 0s=0 dB, 1s=90 dB"], "Output takes"),
        ("dream-reverb", &input, &["--automate", "Output 0 to 1"], "expected a line like"),
        ("dream-reverb", &input, &["--preset", "No Such Place"], "preset"),
        ("dream-reverb", &input, &["--start", "noon"], "expected a time as"),
        ("tape-decay", &input, &["--key", &mono], "Tape Decay has no key input"),
    ];
    for (plugin, input, more, expected) in calls {
        let answer = render(plugin, input, &output, more);
        let complaint = String::from_utf8_lossy(&answer.stderr).into_owned();
        assert_eq!(answer.status.code(), Some(1), "{more:?}: {complaint}");
        assert!(complaint.starts_with("error: ") && complaint.lines().count() == 1, "{more:?}: {complaint}");
        assert!(complaint.contains(expected), "{more:?}: {complaint}");
    }
    let left = fs::read_dir(&folder.0).expect("the folder").count();
    assert_eq!(left, 3, "only the three sources may remain");
}
