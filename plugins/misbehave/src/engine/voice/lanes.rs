//! What each lane makes of an event: its shape when it begins, and its cuts.

use super::{
    super::{
        CLEAN_EDGE, Settings,
        cloud::{Cloud, GRAINS, Weather},
        heads::Reader,
    },
    CUTS_KEPT, Cut, Voice,
};

/// No slice is shorter than this: faster repeats are heard as a pitch, not as a rhythm.
const SHORTEST_SLICE_S: f64 = 0.02;

/// Bounds of a grain: long enough to have a pitch, short enough to have no rhythm.
const SHORTEST_GRAIN_S: f64 = 0.04;
const LONGEST_GRAIN_S: f64 = 0.25;

/// Slices in a step, where balance decides and where chance does, a triplet among them.
const SLICES: f64 = 2.0;
const FREE_SLICES: [f64; 6] = [1.0, 2.0, 2.0, 3.0, 4.0, 8.0];

impl Voice {
    /// A slice that begins on the grid, at the latest step in order and anywhere within Reach in chaos. Rolls after
    /// Collins' WarpCut: even, else quickening, else slowing down, in a geometric series.
    pub(super) fn stutter(&mut self, step: f64, reach: f64, dice: [f32; 4]) {
        let [_, _, back, roll] = dice;
        let farthest = (reach / step).floor().max(1.0);
        let steps = 1.0 + (f64::from(self.chaos * back * back) * farthest).floor().min(farthest - 1.0);
        self.from -= (steps * step).min(reach).round() as i64;
        self.slice = step / slices(self.chaos, dice);
        let uneven = 0.8 * self.chaos;
        if roll < uneven {
            // Ratios of 0.5 to 0.95; the outer halves of the dice quicken and slow down.
            let place = f64::from(roll / uneven);
            self.ratio = 0.5 + 0.9 * (place - 0.5).abs();
            if place >= 0.5 {
                (self.slice, self.ratio) = (self.slice / 4.0, self.ratio.recip());
            }
        }
    }

    /// The sound before the event, in chunks of a whole, half or quarter event, and none longer than Reach.
    pub(super) fn reverse(&mut self, reach: f64, [free, pick, bare, _]: [f32; 4]) {
        let halvings = if free < self.chaos { (3.0 * pick).floor() } else { 0.0 };
        let chunk = self.event.length_samples as f64 / f64::from(halvings.exp2());
        self.slice = chunk / (chunk / reach).ceil().max(1.0);
        self.plain = bare < self.chaos;
    }

    /// Grains of half a step, out of the last two steps in order and from anywhere within Reach in chaos.
    pub(super) fn scatter(&mut self, settings: &Settings, step: f64, reach: f64, [many, back, ..]: [f32; 4]) {
        let grain = (0.5 * step).clamp(SHORTEST_GRAIN_S * self.rate_hz, LONGEST_GRAIN_S * self.rate_hz).min(reach);
        let near = (2.0 * step).min(reach);
        self.from -= (near + f64::from(self.chaos * back) * (reach - near)).round() as i64;
        let soft = (1.0 - f64::from(settings.edge / CLEAN_EDGE)).max(0.0);
        let fewest = GRAINS as f64 / 8.0;
        self.weather = Some(Weather {
            chance: self.chance,
            address: self.address * CUTS_KEPT,
            addresses: CUTS_KEPT,
            from: self.from,
            to: self.event.start_sample,
            grain: grain as i64,
            slope: (self.fade + (soft * (0.5 * grain - self.fade as f64)) as i64).min(grain as i64 / 2),
            density: (fewest * f64::from(3.0 * self.chaos * many).exp2()) as i64,
            backward: 0.5 * self.chaos,
        });
    }

    /// The one cut of a scatter: it goes on as it began.
    pub(super) fn scattered(&mut self) -> Cut {
        self.cut = self.event.length_samples as f64;
        self.weather.map_or(Cut::Open, |weather| Cut::Splice(Reader::Scattered(Cloud::new(weather))))
    }

    /// Holes and what lies between them, in even fractions of a step.
    pub(super) fn gate(&mut self, step: f64, dice: [f32; 4]) {
        self.slice = step / slices(self.chaos, dice).min(4.0);
    }

    /// The next part of a roll. In chaos a slice may itself be cut in halves, and those again.
    pub(super) fn roll(&mut self) {
        let shortest = SHORTEST_SLICE_S * self.rate_hz;
        if self.parts == 0 {
            let dice = self.dice();
            let again = 0.5 * self.chaos * self.chaos;
            let halvings = dice.iter().take(3).take_while(|&&d| d < again).count() as u32;
            self.slice = self.slice.max(shortest);
            self.parts = (1 << halvings).min((self.slice / shortest) as u32).max(1);
            self.part = self.slice / f64::from(self.parts);
            self.slice *= self.ratio;
        }
        self.parts -= 1;
        self.cut += self.part;
    }

    /// Closed and open in turn; where chance decides, either.
    pub(super) fn hole(&mut self) -> Cut {
        let [free, coin, ..] = self.dice();
        let closed = if self.index > 1 && free < self.chaos { coin < 0.5 } else { self.index % 2 == 1 };
        self.cut = self.index as f64 * self.slice;
        if closed {
            // It opens ahead of the attack that it lets through.
            self.cut -= self.fade as f64;
            return Cut::Splice(Reader::Silence);
        }
        Cut::Open
    }
}

fn slices(chaos: f32, [free, pick, ..]: [f32; 4]) -> f64 {
    if free < chaos { FREE_SLICES[(pick * FREE_SLICES.len() as f32) as usize] } else { SLICES }
}
