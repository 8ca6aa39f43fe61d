//! A sudden rise of level: in the short look-ahead modes the bed gives way a little before speech is certain.

use super::ear::Heard;

/// How far above the noise floor a rise must reach, in dB.
const RISE_DB: f32 = 15.0;

/// Steps of 4 ms of calm before a rise counts.
const CALM: u32 = 25;

/// Steps that a rise must last: what is shorter is a click or a clap.
const LASTS: u32 = 4;

/// Steps after which a rise that has not turned out to be speech is given up.
const PATIENCE: u32 = 10;

/// A fall from the peak, in dB, that ends a rise.
const FALL_DB: f32 = 8.0;

/// Watches the level in steps of 4 ms.
#[derive(Clone, Debug)]
pub struct Rise {
    /// Steps since the level was last high.
    calm: u32,
    /// Steps since the rise began, and its peak in dBFS; none when there is no rise.
    rise: Option<(u32, f32)>,
}

impl Rise {
    /// Calm.
    pub fn new() -> Self {
        Self { calm: CALM, rise: None }
    }

    /// Takes in a frame. Whether a rise stands at its end that may yet turn out to be speech.
    pub fn hear(&mut self, heard: &Heard) -> bool {
        heard.steps_db.iter().for_each(|level_db| self.step(*level_db, heard.floor_db));
        self.rise.is_some_and(|(age, _)| age >= LASTS)
    }

    fn step(&mut self, level_db: f32, floor_db: f32) {
        let high = level_db > floor_db + RISE_DB;
        self.rise = match self.rise {
            None if high && self.calm >= CALM => Some((1, level_db)),
            Some((age, peak_db)) if level_db > peak_db - FALL_DB && age < PATIENCE => {
                Some((age + 1, peak_db.max(level_db)))
            }
            _ => None,
        };
        self.calm = if high { 0 } else { (self.calm + 1).min(CALM) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(levels_db: &[f32]) -> Vec<bool> {
        let mut rise = Rise::new();
        let heard = |steps: &[f32]| Heard {
            probability: 0.0,
            voicing: 0.0,
            lasting: 0.0,
            level_db: steps[0],
            steps_db: std::array::from_fn(|k| steps[k]),
            floor_db: -50.0,
        };
        levels_db.chunks_exact(4).map(|steps| rise.hear(&heard(steps))).collect()
    }

    #[test]
    fn a_rise_that_lasts_is_raised_and_given_up_a_click_is_not() {
        let mut levels = vec![-50.0; 40];
        levels.extend([-20.0; 60]);
        let raised = frames(&levels);
        assert!(!raised[..10].contains(&true) && raised[10..12].iter().all(|r| *r));
        assert!(!raised[13..].contains(&true), "{raised:?}");
        let mut click = vec![-50.0; 40];
        click.extend([-10.0, -22.0, -34.0, -46.0]);
        click.extend([-50.0; 40]);
        assert!(!frames(&click).contains(&true));
    }
}
