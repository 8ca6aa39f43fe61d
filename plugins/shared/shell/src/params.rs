//! Parameters of the suite's kinds. Plain values are what the host shows: per cent, decibels, seconds.
//!
//! Ramps belong to the engines, so the framework's smoothers stay unset.

use std::sync::Arc;

use nice_plug::prelude::*;

use crate::text::{self, Suffix};

/// What seeded and periodic things are counted in.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// Quarter notes of the song.
    #[id = "beats"]
    Beats,
    /// Seconds.
    #[id = "time"]
    Time,
}

/// A share in per cent.
pub fn percent(name: &str, default: f32, max: f32) -> FloatParam {
    linear(name, default, 0.0, max, " %", text::PERCENT)
}

/// A gain or level in decibels.
pub fn decibels(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    linear(name, default, min, max, " dB", text::DECIBELS)
}

/// A level in decibels whose lowest value, `min`, is shown as -inf and means silence.
pub fn decibels_or_silence(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    let show = move |x: f32| if x <= min { "-inf".into() } else { text::number(x) };
    linear(name, default, min, max, " dB", text::DECIBELS).with_value_to_string(Arc::new(show))
}

/// A level in decibels whose lowest value, `min`, is shown as Off and means that there is none.
pub fn decibels_or_off(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    let show = move |x: f32| if x <= min { "Off".into() } else { text::number(x) + " dB" };
    linear(name, default, min, max, "", text::DECIBELS).with_value_to_string(Arc::new(show))
}

/// A loudness or loudness difference; `unit` is " LU" or " LUFS".
pub fn loudness(name: &str, default: f32, min: f32, max: f32, unit: &'static str) -> FloatParam {
    linear(name, default, min, max, unit, text::LOUDNESS)
}

/// A time in seconds whose dial is as fine at the short end as at the long one.
pub fn seconds(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    build(name, default, geometric(min, max), " s", text::SECONDS)
}

/// A time in milliseconds from zero up.
pub fn milliseconds(name: &str, default: f32, max: f32) -> FloatParam {
    build(name, default, FloatRange::Skewed { min: 0.0, max, factor: 0.5 }, " ms", text::MILLISECONDS)
}

/// A length in bars whose dial is as fine at the short end as at the long one.
pub fn bars(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    let show = |x: f32| match text::number(x).as_str() {
        "1" => "1 bar".into(),
        number => format!("{number} bars"),
    };
    build(name, default, geometric(min, max), "", text::BARS).with_value_to_string(Arc::new(show))
}

/// A frequency in hertz, from a thousand on shown in kilohertz.
pub fn hertz(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    let show = |x: f32| if x < 999.5 { text::number(x) + " Hz" } else { text::number(x / 1_000.0) + " kHz" };
    build(name, default, geometric(min, max), "", text::HERTZ).with_value_to_string(Arc::new(show))
}

/// A length in metres.
pub fn metres(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    build(name, default, geometric(min, max), " m", text::METRES)
}

/// A switch, shown as On and Off.
pub fn switch(name: &str, default: bool) -> BoolParam {
    BoolParam::new(name, default)
        .with_value_to_string(Arc::new(|on| if on { "On" } else { "Off" }.into()))
        .with_string_to_value(Arc::new(|text| match text.trim().to_ascii_lowercase().as_str() {
            "on" | "true" | "yes" | "1" => Some(true),
            "off" | "false" | "no" | "0" => Some(false),
            _ => None,
        }))
}

/// The host's own bypass.
pub fn bypass() -> BoolParam {
    switch("Bypass", false).make_bypass()
}

/// The output gain of every plugin, -24 to +24 dB.
pub fn output() -> FloatParam {
    decibels("Output", 0.0, -24.0, 24.0)
}

/// The seed of everything that is left to chance: the same seed at the same place is the same event.
pub fn seed() -> IntParam {
    IntParam::new("Seed", 0, IntRange::Linear { min: 0, max: 65_535 })
}

/// What is counted in; not automated.
pub fn sync(default: Sync) -> EnumParam<Sync> {
    EnumParam::new("Sync", default).non_automatable()
}

/// Where counting begins, in quarter notes or in seconds as Sync says; not automated.
///
/// A step of 1/100 keeps the place exact although the host carries it as a single float, and 1/100 s is a whole
/// number of samples at every usual rate: a cue and its Start can be moved together to the sample.
pub fn start() -> FloatParam {
    FloatParam::new("Start", 0.0, FloatRange::Linear { min: 0.0, max: 36_000.0 })
        .with_step_size(0.01)
        .with_value_to_string(Arc::new(|x| format!("{x:.2}")))
        .with_string_to_value(Arc::new(|text| text::parse(text, text::SECONDS)))
        .non_automatable()
}

/// The exact place that a [`start`] parameter stands for, in quarter notes or seconds.
pub fn start_value(start: &FloatParam) -> f64 {
    (f64::from(start.value()) * 100.0).round() / 100.0
}

/// A float parameter with a straight dial.
pub fn linear(
    name: &str,
    default: f32,
    min: f32,
    max: f32,
    unit: &'static str,
    suffixes: &'static [Suffix],
) -> FloatParam {
    build(name, default, FloatRange::Linear { min, max }, unit, suffixes)
}

/// A float parameter over `range`, shown with `unit` and typed in any of `suffixes`.
pub fn build(
    name: &str,
    default: f32,
    range: FloatRange,
    unit: &'static str,
    suffixes: &'static [Suffix],
) -> FloatParam {
    let lowest = range.unnormalize(0.0);
    FloatParam::new(name, default, range)
        .with_unit(unit)
        .with_value_to_string(Arc::new(text::number))
        .with_string_to_value(Arc::new(move |text| text::parse(text, suffixes).map(|x| x.max(lowest))))
}

/// A dial whose middle is the geometric mean of its ends.
pub fn geometric(min: f32, max: f32) -> FloatRange {
    let middle = ((min * max).sqrt() - min) / (max - min);
    FloatRange::Skewed { min, max, factor: 0.5f32.ln() / middle.ln() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_value_agree_both_ways() {
        let decay = seconds("Decay", 1.1, 0.05, 20.0);
        assert_eq!(decay.normalized_value_to_string(decay.preview_normalized(1.5), true), "1.5 s");
        for text in ["1.5 s", "1500 ms", "1.5"] {
            let plain = decay.preview_plain(decay.string_to_normalized_value(text).unwrap());
            assert!((plain - 1.5).abs() < 1e-5);
        }
        let early = decibels_or_silence("Early", 0.0, -60.0, 6.0);
        assert_eq!(early.normalized_value_to_string(0.0, true), "-inf dB");
        assert_eq!(early.string_to_normalized_value("off"), Some(0.0));
        let hiss = decibels_or_off("Hiss", -90.0, -90.0, -30.0);
        assert_eq!([0.0, 1.0].map(|x| hiss.normalized_value_to_string(x, true)), ["Off", "-30 dB"]);
        assert_eq!(hiss.string_to_normalized_value("Off"), Some(0.0));
        let cut = hertz("High Cut", 12_000.0, 100.0, 20_000.0);
        for (hz, text) in [(440.0, "440 Hz"), (999.7, "1 kHz"), (4_243.0, "4.24 kHz"), (20_000.0, "20 kHz")] {
            assert_eq!(cut.normalized_value_to_string(cut.preview_normalized(hz), true), text);
        }
        assert_eq!(cut.string_to_normalized_value("12 kHz"), cut.string_to_normalized_value("12000"));
        assert_eq!(switch("Freeze", false).string_to_normalized_value("banana"), None);
    }

    #[test]
    fn a_geometric_dial_has_its_mean_in_the_middle() {
        let range = geometric(80.0, 800.0);
        assert!((range.unnormalize(0.5) - 252.98).abs() < 0.1);
    }

    #[test]
    fn every_hundredth_of_start_is_exact_through_the_host() {
        let param = start();
        for k in (0..3_600_000).step_by(7) {
            let normalized = param.preview_normalized(k as f32 / 100.0);
            let exact = (f64::from(param.preview_plain(normalized)) * 100.0).round();
            assert_eq!(exact, f64::from(k));
        }
    }
}
