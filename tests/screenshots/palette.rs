//! 256 colours for a picture: a third of its size in a file, and hard to tell from all of them.

use std::collections::HashMap;

/// Red, green and blue.
type Colour = [u8; 3];

/// The most that an index of a byte can tell apart.
const COLOURS: usize = 256;

/// Colours that become one, with how many pixels each has.
struct Group(Vec<(Colour, usize)>);

/// The palette of a picture of `pixels` (red, green, blue of each), and the index of each pixel's colour in it. By median
/// cut: the group of colours that is widest for how much it shows is cut in two where half of its pixels are, again and
/// again (Heckbert, "Color image quantization for frame buffer display", SIGGRAPH 1982).
pub fn reduced(pixels: &[u8]) -> (Vec<Colour>, Vec<u8>) {
    let colours = || pixels.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]);
    let mut counts = HashMap::new();
    colours().for_each(|colour| *counts.entry(colour).or_insert(0) += 1);
    let mut groups = vec![Group(counts.into_iter().collect())];
    while let Some(widest) = (groups.len() < COLOURS).then(|| widest(&groups)).flatten() {
        let other = groups[widest].cut();
        groups.push(other);
    }
    let index =
        |(k, group): (usize, &Group)| group.0.iter().map(move |(colour, _)| (*colour, k as u8)).collect::<Vec<_>>();
    let indices: HashMap<Colour, u8> = groups.iter().enumerate().flat_map(index).collect();
    (groups.iter().map(Group::mean).collect(), colours().map(|colour| indices[&colour]).collect())
}

/// The group to be cut next; none where each is of one colour.
fn widest(groups: &[Group]) -> Option<usize> {
    let weight = |group: &Group| f64::from(group.widest().1) * (group.pixels() as f64).sqrt();
    let (widest, group) = groups.iter().enumerate().max_by(|a, b| weight(a.1).total_cmp(&weight(b.1)))?;
    (group.0.len() > 1).then_some(widest)
}

impl Group {
    fn pixels(&self) -> usize {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// The channel in which the colours differ most, and by how much.
    fn widest(&self) -> (usize, u8) {
        let width = |channel: usize| {
            let values = || self.0.iter().map(|(colour, _)| colour[channel]);
            (channel, values().max().unwrap_or(0) - values().min().unwrap_or(0))
        };
        [0, 1, 2].map(width).into_iter().max_by_key(|(_, width)| *width).unwrap_or((0, 0))
    }

    /// Keeps the lower half of the pixels, at least one colour, and gives the upper one.
    fn cut(&mut self) -> Group {
        let (channel, _) = self.widest();
        // All channels, for the same cut whatever the order was.
        self.0.sort_unstable_by_key(|(colour, _)| (colour[channel], *colour));
        let (half, mut seen) = (self.pixels() / 2, 0);
        let middle = self.0.iter().position(|(_, count)| {
            seen += count;
            seen > half
        });
        let at = middle.unwrap_or(0).clamp(1, self.0.len() - 1);
        Group(self.0.split_off(at))
    }

    fn mean(&self) -> Colour {
        let pixels = self.pixels().max(1);
        let mean = |channel: usize| {
            let sum: usize = self.0.iter().map(|(colour, count)| usize::from(colour[channel]) * count).sum();
            ((sum + pixels / 2) / pixels) as u8
        };
        [0, 1, 2].map(mean)
    }
}
