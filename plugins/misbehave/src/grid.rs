//! The lengths that a grid step may have under Sync Beats.

use nice_plug::prelude::*;

/// A note value. D is dotted, T is a triplet.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names that players see say it")]
pub enum Grid {
    #[id = "1d"]
    #[name = "1/1 D"]
    WholeDotted,
    #[id = "1"]
    #[name = "1/1"]
    Whole,
    #[id = "1t"]
    #[name = "1/1 T"]
    WholeTriplet,
    #[id = "2d"]
    #[name = "1/2 D"]
    HalfDotted,
    #[id = "2"]
    #[name = "1/2"]
    Half,
    #[id = "2t"]
    #[name = "1/2 T"]
    HalfTriplet,
    #[id = "4d"]
    #[name = "1/4 D"]
    QuarterDotted,
    #[id = "4"]
    #[name = "1/4"]
    Quarter,
    #[id = "4t"]
    #[name = "1/4 T"]
    QuarterTriplet,
    #[id = "8d"]
    #[name = "1/8 D"]
    EighthDotted,
    #[id = "8"]
    #[name = "1/8"]
    Eighth,
    #[id = "8t"]
    #[name = "1/8 T"]
    EighthTriplet,
    #[id = "16d"]
    #[name = "1/16 D"]
    SixteenthDotted,
    #[id = "16"]
    #[name = "1/16"]
    Sixteenth,
    #[id = "16t"]
    #[name = "1/16 T"]
    SixteenthTriplet,
    #[id = "32d"]
    #[name = "1/32 D"]
    ThirtySecondDotted,
    #[id = "32"]
    #[name = "1/32"]
    ThirtySecond,
    #[id = "32t"]
    #[name = "1/32 T"]
    ThirtySecondTriplet,
    #[id = "64d"]
    #[name = "1/64 D"]
    SixtyFourthDotted,
    #[id = "64"]
    #[name = "1/64"]
    SixtyFourth,
    #[id = "64t"]
    #[name = "1/64 T"]
    SixtyFourthTriplet,
}

impl Grid {
    /// Length in quarter notes.
    pub fn quarters(self) -> f64 {
        let index = self.to_index();
        let whole = 4.0 / f64::from(1u32 << (index / 3));
        whole * [1.5, 1.0, 2.0 / 3.0][index % 3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_lengths() {
        for (index, name) in Grid::variants().iter().enumerate() {
            let (of_whole, kind) = name[2..].split_once(' ').unwrap_or((&name[2..], ""));
            let plain = 4.0 / of_whole.parse::<f64>().unwrap();
            let factor = if kind == "D" {
                1.5
            } else if kind == "T" {
                2.0 / 3.0
            } else {
                1.0
            };
            assert_eq!(Grid::from_index(index).quarters(), plain * factor, "{name}");
        }
    }
}
