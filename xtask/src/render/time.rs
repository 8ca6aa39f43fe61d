//! Times as people write them.

/// Seconds of a text: `8`, `8.5s`, `0:08.5` or `1:02:03`. `None` for anything else, negative times included.
pub fn seconds(text: &str) -> Option<f64> {
    let text = text.trim();
    let parts: Vec<&str> = text.strip_suffix('s').unwrap_or(text).trim_end().split(':').collect();
    let (last, firsts) = parts.split_last()?;
    if firsts.len() > 2 {
        return None;
    }
    let mut total = 0.0;
    for first in firsts {
        total = (total + f64::from(first.parse::<u32>().ok()?)) * 60.0;
    }
    let last = number(last)?;
    (firsts.is_empty() || last < 60.0).then_some(total + last)
}

/// Where playback begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    Seconds(f64),
    Quarters(f64),
}

impl Start {
    /// A text with a colon or an `s` is a time, a bare number counts quarter notes.
    pub fn parse(text: &str) -> Result<Start, String> {
        let start = match number(text.trim()) {
            Some(quarters) => Some(Start::Quarters(quarters)),
            None => seconds(text).map(Start::Seconds),
        };
        start.ok_or_else(|| "expected a time as 01:02:03.5 or 90s, or quarter notes as 64".to_owned())
    }

    /// Seconds from the start of the song, at one tempo.
    pub fn seconds(self, tempo_bpm: f64) -> f64 {
        match self {
            Start::Seconds(seconds) => seconds,
            Start::Quarters(quarters) => quarters * 60.0 / tempo_bpm,
        }
    }
}

/// A plain decimal number, not negative: no `inf`, no exponent.
fn number(text: &str) -> Option<f64> {
    let plain = text.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    text.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        let times = [
            ("8", 8.0),
            ("8s", 8.0),
            (" 1.25 s", 1.25),
            ("0:08.5", 8.5),
            ("01:02:03", 3723.0),
            ("01:02:03.25", 3723.25),
        ];
        for (text, expected) in times {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "s", "-1", "1:-2", "0:61", "1:2:3:4", "inf", "nan", "1e3", "2m", "1.5:00", ":5"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn a_bare_start_counts_quarter_notes() {
        assert_eq!(Start::parse("64"), Ok(Start::Quarters(64.0)));
        assert_eq!(Start::parse("64").map(|start| start.seconds(120.0)), Ok(32.0));
        assert_eq!(Start::parse("1:30"), Ok(Start::Seconds(90.0)));
        assert_eq!(Start::parse("90s"), Ok(Start::Seconds(90.0)));
        assert!(Start::parse("bar 4").is_err());
    }
}
