//! From what the user writes to a parameter's value, refusing what the plugin would quietly bend.
//!
//! A plugin parses text itself, but clamps what lies outside the range and takes any word for "off". So a value that
//! comes back at an end of the range must either be shown as the text that was written, or move when the written
//! number moves by a hundred-thousandth: what is clamped stands still.

use anyhow::{Result, bail};

use crate::host::Hosted;
use crate::host::params::Parameter;

/// Up to so many steps are named one by one.
const NAMED_STEPS: f64 = 40.0;

/// So near to an end, as a part of the range, a value may be one that was clamped and rounded.
const END: f64 = 1e-6;

/// How far the written number is moved, as a part of itself: finer than anyone writes, coarser than single precision.
const NUDGE: f64 = 1e-5;

/// The parameter of this name, whatever the case.
pub fn find<'p>(parameters: &'p [Parameter], name: &str) -> Result<&'p Parameter> {
    let found = parameters.iter().find(|parameter| parameter.name.eq_ignore_ascii_case(name));
    match found {
        Some(parameter) => Ok(parameter),
        None => bail!("no parameter '{name}'; the nearest are {}", nearest(parameters, name)),
    }
}

/// The value of a text, or an error that tells the range.
pub fn read(hosted: &mut Hosted, parameter: &Parameter, text: &str) -> Result<f64> {
    let text = text.trim();
    let value = match parameter.stepped {
        true => step(hosted, parameter, text)?,
        false => point(hosted, parameter, text)?,
    };
    match value {
        Some(value) => Ok(value),
        None => bail!("{} takes {}, not '{text}'", parameter.name, range(hosted, parameter)?),
    }
}

/// A step counts only when the plugin shows it as it was written.
fn step(hosted: &mut Hosted, parameter: &Parameter, text: &str) -> Result<Option<f64>> {
    if parameter.max - parameter.min <= NAMED_STEPS {
        for (value, name) in steps(hosted, parameter)? {
            if name.trim().eq_ignore_ascii_case(text) {
                return Ok(Some(value));
            }
        }
    }
    let Some(value) = hosted.value_of(parameter, text)? else { return Ok(None) };
    let shown = hosted.text_of(parameter, value)?;
    Ok(Some(value).filter(|_| alike(text, &shown)))
}

fn point(hosted: &mut Hosted, parameter: &Parameter, text: &str) -> Result<Option<f64>> {
    let Some(value) = hosted.value_of(parameter, text)? else { return Ok(None) };
    let margin = END * (parameter.max - parameter.min);
    let inside = parameter.min + margin < value && value < parameter.max - margin;
    if inside || alike(text, &hosted.text_of(parameter, value)?) {
        return Ok(Some(value));
    }
    for neighbour in neighbours(text) {
        if hosted.value_of(parameter, &neighbour)? != Some(value) {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// What a parameter takes, in words: its steps, or both ends.
fn range(hosted: &mut Hosted, parameter: &Parameter) -> Result<String> {
    if parameter.stepped && parameter.max - parameter.min <= NAMED_STEPS {
        let names: Vec<_> = steps(hosted, parameter)?.into_iter().map(|(_, name)| name).collect();
        return Ok(names.join(", "));
    }
    let least = hosted.text_of(parameter, parameter.min)?;
    let most = hosted.text_of(parameter, parameter.max)?;
    Ok(format!("{least} to {most}"))
}

fn steps(hosted: &mut Hosted, parameter: &Parameter) -> Result<Vec<(f64, String)>> {
    let values = (parameter.min as i64..=parameter.max as i64).map(|step| step as f64);
    values.map(|value| Ok((value, hosted.text_of(parameter, value)?))).collect()
}

/// The text with its number moved a little down and up.
fn neighbours(text: &str) -> Vec<String> {
    let Some((number, unit)) = split(text) else { return Vec::new() };
    let nudge = number.abs().max(1.0) * NUDGE;
    [-nudge, nudge].map(|nudge| format!("{:.9}{unit}", number + nudge)).to_vec()
}

/// Whether both texts are the same words, or the same number in the same unit (or in none).
fn alike(written: &str, shown: &str) -> bool {
    if written.trim().eq_ignore_ascii_case(shown.trim()) {
        return true;
    }
    match (split(written), split(shown)) {
        (Some((written, unit)), Some((shown, shown_unit))) => {
            let unit = unit.trim();
            let same_unit = unit.is_empty() || unit.eq_ignore_ascii_case(shown_unit.trim());
            same_unit && (written - shown).abs() <= NUDGE * shown.abs()
        }
        _ => false,
    }
}

/// A leading number and the rest.
fn split(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let signed = text.trim_start_matches(['+', '-']);
    let digits = signed.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(signed.len());
    let (number, unit) = text.split_at(text.len() - signed.len() + digits);
    Some((number.parse().ok()?, unit))
}

fn nearest(parameters: &[Parameter], name: &str) -> String {
    let mut names: Vec<&str> = parameters.iter().map(|p| p.name.as_str()).collect();
    names.sort_by_key(|candidate| distance(candidate, name));
    names.truncate(4);
    names.join(", ")
}

/// Edits from one name to the other (Levenshtein), where a name that begins with the other is near.
fn distance(name: &str, wanted: &str) -> usize {
    let (name, wanted) = (name.to_lowercase(), wanted.trim().to_lowercase());
    if !wanted.is_empty() && name.starts_with(&wanted) {
        return 1;
    }
    let wanted: Vec<char> = wanted.chars().collect();
    let mut row: Vec<usize> = (0..=wanted.len()).collect();
    for (above, letter) in name.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], above + 1);
        for (column, other) in wanted.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[wanted.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_units_come_apart() {
        assert_eq!(split("4.5 s"), Some((4.5, " s")));
        assert_eq!(split("-6dB"), Some((-6.0, "dB")));
        assert_eq!(split("+12 st"), Some((12.0, " st")));
        assert_eq!(split("-inf dB"), None);
        assert_eq!(split("Off"), None);
    }

    #[test]
    fn texts_are_alike_by_word_or_by_number() {
        assert!(alike("20 s", "20.00 s"));
        assert!(alike("20", "20.00 s"));
        assert!(alike("-INF db", "-inf dB"));
        assert!(!alike("20000 ms", "20.00 s"));
        assert!(!alike("20.1 s", "20.0 s"));
        assert!(!alike("yes", "Off"));
    }

    #[test]
    fn a_number_moves_both_ways() {
        assert_eq!(neighbours("20 s"), ["19.999800000 s", "20.000200000 s"]);
        assert_eq!(neighbours("0"), ["-0.000010000", "0.000010000"]);
        assert!(neighbours("On").is_empty());
    }

    #[test]
    fn distances_count_edits() {
        assert_eq!(distance("Decay", "dekay"), 1);
        assert_eq!(distance("Dream Decay", "dream"), 1);
        assert_eq!(distance("Size", "Decay"), 5);
        assert_eq!(distance("Mix", ""), 3);
    }
}
