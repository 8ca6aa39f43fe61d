//! Values as text with their unit, both ways: "1.5 s", "1500 ms" and "1.5" all mean one and a half seconds.

/// A unit that values of one kind may be typed in, and how many of the kind's own unit it is.
pub type Suffix = (&'static str, f32);

/// Units of time; the kind's own unit is the second.
pub const SECONDS: &[Suffix] = &[("s", 1.0), ("sec", 1.0), ("ms", 1e-3), ("min", 60.0)];
/// Units of time; the kind's own unit is the millisecond.
pub const MILLISECONDS: &[Suffix] = &[("ms", 1.0), ("s", 1e3), ("sec", 1e3)];
/// Bars of the song.
pub const BARS: &[Suffix] = &[("bars", 1.0), ("bar", 1.0)];
/// Units of frequency; the kind's own unit is the hertz.
pub const HERTZ: &[Suffix] = &[("hz", 1.0), ("khz", 1e3), ("k", 1e3)];
/// Shares; the kind's own unit is the per cent.
pub const PERCENT: &[Suffix] = &[("%", 1.0)];
/// Decibels, also with a reference named.
pub const DECIBELS: &[Suffix] = &[("db", 1.0), ("dbfs", 1.0)];
/// Loudness units, relative or absolute.
pub const LOUDNESS: &[Suffix] = &[("lu", 1.0), ("lufs", 1.0), ("lkfs", 1.0), ("db", 1.0)];
/// Lengths; the kind's own unit is the metre.
pub const METRES: &[Suffix] = &[("m", 1.0), ("cm", 0.01), ("ft", 0.3048)];

/// The value that `text` means, in the kind's own unit; `None` when it is not a number with one of `suffixes` or
/// none. "off" and "-inf" give minus infinity, for kinds that end in silence.
pub fn parse(text: &str, suffixes: &[Suffix]) -> Option<f32> {
    let text = text.trim().to_ascii_lowercase().replace(',', ".").replace('\u{2212}', "-");
    let end = text.find(|c: char| c.is_alphabetic() || c == '%').unwrap_or(text.len());
    let (number, suffix) = (text[..end].trim(), text[end..].trim());
    if suffix == "off" || text.starts_with("-inf") {
        return Some(f32::NEG_INFINITY);
    }
    let factor = if suffix.is_empty() { 1.0 } else { suffixes.iter().find(|(s, _)| *s == suffix)?.1 };
    number.parse::<f32>().ok().filter(|x| x.is_finite()).map(|x| x * factor)
}

/// A number with as many decimals as its size needs: three digits or more are told.
pub fn number(x: f32) -> String {
    let decimals = match x.abs() {
        size if size < 0.9995 => 3,
        size if size < 9.995 => 2,
        size if size < 99.95 => 1,
        _ => 0,
    };
    let text = format!("{x:.decimals$}");
    let text = if decimals > 0 { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    if text == "-0" { "0".into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_type_a_time() {
        for text in ["1.5 s", "1500 ms", "1.5", " 1,5s ", "1.5 sec", "0.025 min"] {
            assert!((parse(text, SECONDS).unwrap() - 1.5).abs() < 1e-6, "{text}");
        }
        assert_eq!(parse("4 kHz", HERTZ), Some(4_000.0));
        assert_eq!(parse("-6dB", DECIBELS), Some(-6.0));
        assert_eq!(parse("-inf dB", DECIBELS), Some(f32::NEG_INFINITY));
        assert_eq!(parse("Off", DECIBELS), Some(f32::NEG_INFINITY));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "loud", "1.5 dB", "12 12 s", "inf", "nan s", "--3"] {
            assert_eq!(parse(text, SECONDS), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_short_and_carry_three_digits() {
        for (x, text) in [(0.0, "0"), (1.1, "1.1"), (12.34, "12.3"), (0.0831, "0.083"), (440.4, "440"), (-0.0001, "0")]
        {
            assert_eq!(number(x), text);
        }
    }
}
