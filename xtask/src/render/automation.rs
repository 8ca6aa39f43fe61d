//! Automation lines: a parameter drawn over the file, as a DAW would play it.

use std::str::FromStr;

use anyhow::{Result, ensure};

use super::time::seconds;
use super::value;
use crate::host::Hosted;
use crate::host::params::{Parameter, Setting};

/// Between points a value is told again after so many samples: as dense as the engines' control grid.
const STEP_SAMPLES: usize = 32;

/// `Dream: 0s=0 %, 8s=100 %`, as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub parameter: String,
    pub points: Vec<(f64, String)>,
}

impl FromStr for Line {
    type Err = String;

    fn from_str(text: &str) -> Result<Line, String> {
        let form = || "expected a line like \"Dream: 0s=0 %, 8s=100 %\"".to_owned();
        let (parameter, points) = text.split_once(':').ok_or_else(form)?;
        let points: Option<Vec<_>> = points.split(',').map(point).collect();
        let points = points.ok_or_else(form)?;
        if !points.is_sorted_by_key(|(seconds, _)| *seconds) {
            return Err("its points must be in order of time".to_owned());
        }
        Ok(Line { parameter: parameter.trim().to_owned(), points })
    }
}

fn point(text: &str) -> Option<(f64, String)> {
    let (time, value) = text.split_once('=')?;
    Some((seconds(time)?, value.trim().to_owned()))
}

/// A line in samples and values, played from the start of the file on.
#[derive(Debug)]
pub struct Automation {
    parameter: Parameter,
    points: Vec<(usize, f64)>,
    told: f64,
}

impl Automation {
    /// Reads the values through the plugin; points are in seconds of the file.
    pub fn new(hosted: &mut Hosted, parameters: &[Parameter], line: &Line, rate: u32) -> Result<Automation> {
        let parameter = value::find(parameters, &line.parameter)?.clone();
        let name = &parameter.name;
        ensure!(parameter.automatable, "{name} cannot be automated: give it a fixed value by --set");
        let sample = |time_s: f64| (time_s * f64::from(rate)).round() as usize;
        let points =
            line.points.iter().map(|(time_s, text)| Ok((sample(*time_s), value::read(hosted, &parameter, text)?)));
        let points = points.collect::<Result<Vec<_>>>()?;
        let told = at(&points, parameter.stepped, 0);
        Ok(Automation { parameter, points, told })
    }

    /// What holds at the first sample, to be set before the plugin is activated.
    pub fn first(&self) -> Setting {
        Setting { id: self.parameter.id, value: at(&self.points, self.parameter.stepped, 0) }
    }

    /// Adds what changes in the block of `frames` that begins at sample `from` of the file.
    pub fn tell(&mut self, from: usize, frames: usize, settings: &mut Vec<(u32, Setting)>) {
        let block = from..from + frames;
        let grid = (from.next_multiple_of(STEP_SAMPLES)..block.end).step_by(STEP_SAMPLES);
        let points = self.points.iter().map(|(sample, _)| *sample);
        let mut samples: Vec<usize> = grid.chain(points.filter(|s| block.contains(s))).collect();
        samples.sort_unstable();
        for sample in samples {
            let value = at(&self.points, self.parameter.stepped, sample);
            if value != self.told {
                self.told = value;
                settings.push(((sample - from) as u32, Setting { id: self.parameter.id, value }));
            }
        }
    }
}

/// The value at a sample: a straight line between points, level before the first and after the last. Steps hold until
/// the next point; of two points at one sample the later holds from there.
fn at(points: &[(usize, f64)], stepped: bool, sample: usize) -> f64 {
    let next = points.partition_point(|(at, _)| *at <= sample);
    let (Some((to, target)), Some((from, value))) = (points.get(next), points[..next].last()) else {
        return points[next.saturating_sub(1)].1;
    };
    match stepped {
        true => *value,
        false => value + (target - value) * ((sample - from) as f64 / (to - from) as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clack_host::utils::ClapId;

    fn automation(points: &[(usize, f64)], stepped: bool) -> Automation {
        let parameter =
            Parameter { id: ClapId::new(1), name: "Dream".to_owned(), min: 0.0, max: 1.0, stepped, automatable: true };
        Automation { parameter, points: points.to_vec(), told: at(points, stepped, 0) }
    }

    fn told(automation: &mut Automation, blocks: &[usize]) -> Vec<(usize, f64)> {
        let (mut from, mut all) = (0, Vec::new());
        for frames in blocks {
            let mut settings = Vec::new();
            automation.tell(from, *frames, &mut settings);
            all.extend(settings.iter().map(|(at, s)| (from + *at as usize, s.value)));
            from += frames;
        }
        all
    }

    #[test]
    fn a_line_is_read() {
        let line: Line = "Dream: 0s=0 %, 0:08.5=100 %".parse().expect("a line");
        assert_eq!(line.parameter, "Dream");
        assert_eq!(line.points, [(0.0, "0 %".to_owned()), (8.5, "100 %".to_owned())]);
    }

    #[test]
    fn what_is_no_line_is_refused() {
        for text in ["Dream", "Dream:", "Dream: 0s", "Dream: x=1", "Dream: 0s=0,", "Dream: -1s=0"] {
            assert!(text.parse::<Line>().is_err(), "{text}");
        }
        let error = "Dream: 8s=0, 0s=1".parse::<Line>().expect_err("out of order");
        assert_eq!(error, "its points must be in order of time");
    }

    #[test]
    fn values_lie_on_the_line_at_most_every_32_samples_and_on_the_points() {
        let mut drawn = automation(&[(10, 0.0), (110, 1.0)], false);
        let expected = [(32, 0.22), (64, 0.54), (96, 0.86), (110, 1.0)];
        let all = told(&mut drawn, &[512]);
        assert_eq!(all.len(), expected.len());
        for ((sample, value), (at, due)) in all.iter().zip(expected) {
            assert_eq!(*sample, at);
            assert!((value - due).abs() < 1e-12, "{value} at {at}");
        }
    }

    #[test]
    fn the_block_size_changes_nothing() {
        let points = [(0, 0.2), (100, 0.9), (100, 0.1), (350, 0.6)];
        let whole = told(&mut automation(&points, false), &[400]);
        for blocks in [vec![1; 400], vec![7; 58], vec![64; 7], vec![33, 200, 1, 166]] {
            let total: usize = blocks.iter().sum();
            let cut = told(&mut automation(&points, false), &blocks);
            assert!(total >= 400 && cut == whole, "{blocks:?}");
        }
        assert!(whole.contains(&(100, 0.1)));
    }

    #[test]
    fn a_step_holds_until_the_next_point() {
        let mut switch = automation(&[(0, 0.0), (40, 1.0), (90, 0.0)], true);
        assert_eq!(told(&mut switch, &[64, 64]), [(40, 1.0), (90, 0.0)]);
    }
}
