//! What each lane makes of an event: its shape when it begins, and its cuts.

use super::{
    super::{
        CLEAN_EDGE,
        align::{Entry, Strand},
        cloud::{Cloud, GRAINS, Weather},
        conductor::View,
        crush::Crusher,
        heads::{Entrance, Reader},
        howl::{self, Howl},
        pitch::Shift,
        settings::Envelope,
        speed::{Speed, Tape},
        swap::Swap,
    },
    CUTS_KEPT, Cut, Voice,
};

/// No slice is shorter than this: faster repeats are heard as a pitch, not as a rhythm.
const SHORTEST_SLICE_S: f64 = 0.02;

/// Repeats in one roll that quickens, at most.
const MOST_REPEATS: u32 = 64;

/// Bounds of a grain: long enough to have a pitch, short enough to have no rhythm.
const SHORTEST_GRAIN_S: f64 = 0.04;
const LONGEST_GRAIN_S: f64 = 0.25;

/// A feedback loop in steps, where balance decides, and the shortest that chance may make of it.
const LOOP_STEPS: f64 = 0.5;
const SHORTEST_LOOP_S: f64 = 0.008;

/// A tape that must begin too far back does so much less, so often; after that the event passes the dry sound.
const TAPE_LESS: f32 = 0.8;
const TAPE_TRIES: i32 = 20;

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
        self.ratio = f64::from((-self.settings.stutter_roll.clamp(-1.0, 1.0)).exp2());
        let uneven = 0.8 * self.chaos;
        if roll < uneven {
            // Ratios of 0.5 to 0.95; the outer halves of the dice quicken and slow down.
            let place = f64::from(roll / uneven);
            let ratio = 0.5 + 0.9 * (place - 0.5).abs();
            self.ratio = if place < 0.5 { ratio } else { ratio.recip() };
        }
        if self.ratio > 1.0 {
            self.slice /= 4.0;
        }
        self.first = self.slice;
        if self.ratio < 1.0 {
            (self.ratio, self.rolls) = quickening(self.ratio, SHORTEST_SLICE_S * self.rate_hz / self.first);
        }
    }

    /// Enters the slice that is repeated: at its attack if there is one, else where it goes on like what sounds.
    pub(super) fn enter(&mut self, now: i64, old: Option<Strand>, view: &View) -> Cut {
        let clean = self.settings.edge <= CLEAN_EDGE && self.from + view.aligner.around()[1] <= now;
        let entry = self.entry.or_else(|| {
            let wanted = Strand { at: self.from, step: 1 };
            clean.then(|| view.aligner.enter(view.record, old.unwrap_or(Strand::dry(now)), wanted))
        });
        self.entry = entry;
        // Without an entry, the slice fades in ahead of whatever begins it.
        let new = Strand { at: entry.map_or(self.from - self.fade, |entry| entry.at), step: 1 };
        let entrance = match entry {
            _ if !clean => Entrance::ALIKE,
            Some(Entry { fades: Some(attack), .. }) => Entrance { likeness: 1.0, attack: Some(attack) },
            _ => Entrance { likeness: self.compare(old, new, now, view), attack: None },
        };
        self.heard = Some((now, new));
        Cut::Splice(Reader::Forward(new.at), entrance)
    }

    /// The sound before the event, in chunks of a whole, half or quarter event, and none longer than Reach.
    pub(super) fn reverse(&mut self, reach: f64, [free, pick, bare, _]: [f32; 4]) {
        let halvings = if free < self.chaos { (3.0 * pick).floor() } else { 0.0 };
        let chunk = self.event.length_samples as f64 / f64::from(halvings.exp2());
        self.slice = chunk / (chunk / reach).ceil().max(1.0);
        self.plain = match self.settings.reverse_envelope {
            Envelope::Either => bare < self.chaos,
            Envelope::Forward => false,
            Envelope::Plain => true,
        };
    }

    /// Turns round: what was just heard comes backwards.
    pub(super) fn turned(&mut self, now: i64, old: Option<Strand>, view: &View) -> Cut {
        self.cut += self.slice;
        let from = now - self.slice as i64;
        let swap = if self.plain { None } else { Swap::new(view.record, from, now - from, self.rate_hz) };
        // A turn needs no alignment: it is its own mirror image. What comes in next is not known yet, but as alike as
        // sound and what lay a fade before it are, so alike are both sides of a mirror half a fade away from it. What was
        // read backwards goes on backwards, which is known.
        let old = match old {
            Some(Strand { at, step: -1 }) => Some(Strand { at: at + 1, step: 1 }),
            other => other.map(|strand| strand.moved(-self.fade)),
        };
        let likeness = self.compare(old, Strand::dry(now), now, view);
        self.heard = Some((now, Strand { at: now - 1, step: -1 }));
        Cut::Splice(Reader::Backward(now - 1, swap), Entrance { likeness, attack: None })
    }

    /// What the tape does. It does less where it would have to begin further back than Reach.
    pub(super) fn tape(&mut self, reach: f64, [_, _, first, second]: [f32; 4]) {
        let (shape, length) = (self.settings.speed_shape, self.event.length_samples);
        let amounts = (0..TAPE_TRIES).map(|k| self.settings.speed_amount * TAPE_LESS.powi(k));
        let mut speeds = amounts.map(|amount| Speed::new(shape, amount, length, [first, second], self.rate_hz));
        self.speed = speeds.find(|speed| speed.back() as f64 <= reach);
    }

    /// The one cut of a tape.
    pub(super) fn taped(&mut self, now: i64, old: Option<Strand>, view: &View) -> Cut {
        self.cut = self.event.length_samples as f64;
        let Some(speed) = self.speed else { return Cut::Open };
        let first = Strand::dry(now).moved(speed.at(0.0).0.floor() as i64);
        let likeness = self.compare(old, first, now, view);
        let reader = Reader::Taped(Tape::new(speed, self.event.start_sample, 0));
        Cut::Splice(reader, Entrance { likeness, attack: None })
    }

    /// Grains of half a step, out of the last two steps in order and from anywhere within Reach in chaos.
    pub(super) fn scatter(&mut self, step: f64, reach: f64, [many, back, ..]: [f32; 4]) {
        let grain = (0.5 * step).clamp(SHORTEST_GRAIN_S * self.rate_hz, LONGEST_GRAIN_S * self.rate_hz).min(reach);
        let near = (2.0 * step).max(f64::from(self.settings.scatter_spread) * reach).min(reach);
        self.from -= (near + f64::from(self.chaos * back) * (reach - near)).round() as i64;
        let soft = (1.0 - f64::from(self.settings.edge / CLEAN_EDGE)).max(0.0);
        let fewest = f64::from(self.settings.scatter_grains.clamp(1, GRAINS as u32));
        self.weather = Some(Weather {
            chance: self.chance,
            address: self.address * CUTS_KEPT,
            addresses: CUTS_KEPT,
            from: self.from,
            to: self.event.start_sample,
            grain: grain as i64,
            slope: (self.fade + (soft * (0.5 * grain - self.fade as f64)) as i64).min(grain as i64 / 2),
            density: (fewest * f64::from(3.0 * self.chaos * many).exp2()).min(GRAINS as f64) as i64,
            backward: 0.5 * self.chaos,
        });
    }

    /// The one cut of a scatter: it goes on as it began.
    pub(super) fn scattered(&mut self) -> Cut {
        (self.cut, self.heard) = (self.event.length_samples as f64, None);
        self.weather.map_or(Cut::Open, |weather| Cut::Splice(Reader::Scattered(Cloud::new(weather)), Entrance::APART))
    }

    /// Holes and what lies between them, in even fractions of a step.
    pub(super) fn gate(&mut self, step: f64, dice: [f32; 4]) {
        self.slice = step / slices(self.chaos, dice).min(4.0);
    }

    /// The next part of a roll. In chaos a slice may itself be cut in halves, and those again. A roll that can quicken no
    /// further begins anew: it would stand still as a buzz.
    pub(super) fn roll(&mut self) {
        let shortest = SHORTEST_SLICE_S * self.rate_hz;
        if self.parts == 0 {
            let dice = self.dice();
            let again = 0.5 * self.chaos * self.chaos;
            let halvings = dice.iter().take(3).take_while(|&&d| d < again).count() as u32;
            self.slice = self.slice.max(shortest);
            self.parts = (1 << halvings).min((self.slice / shortest) as u32).max(1);
            self.part = self.slice / f64::from(self.parts);
            self.rolled += 1;
            self.slice = if self.rolled.is_multiple_of(self.rolls) { self.first } else { self.slice * self.ratio };
        }
        self.parts -= 1;
        self.cut += self.part;
    }

    /// Closed and open in turn; where chance decides, either.
    pub(super) fn hole(&mut self) -> Cut {
        let [free, coin, ..] = self.dice();
        let closed = if self.index > 1 && free < self.chaos { coin < 0.5 } else { self.index % 2 == 1 };
        let part = 2.0 * (1.0 - f64::from(self.settings.gate_open.clamp(0.0, 1.0))) * (self.index % 2) as f64;
        self.cut = ((self.index / 2 * 2) as f64 + part) * self.slice;
        if closed {
            // It opens ahead of the attack that it lets through.
            self.cut -= self.fade as f64;
            return Cut::Splice(Reader::Silence, Entrance::ALIKE);
        }
        Cut::Open
    }

    /// The one cut of a crushed event.
    pub(super) fn crushed(&mut self) -> Cut {
        self.cut = self.event.length_samples as f64;
        let [bits, hz] = [self.settings.crush_bits, self.settings.crush_rate_hz];
        Cut::Splice(Reader::Crushed(Crusher::new(bits, hz, self.rate_hz)), Entrance::ALIKE)
    }

    /// The one cut of a shifted event.
    pub(super) fn shifted(&mut self, view: &View) -> Cut {
        (self.cut, self.heard) = (self.event.length_samples as f64, None);
        let (origin, formants) = (self.event.start_sample, self.settings.pitch_formants);
        let shift = Shift::new(self.semitones, formants, origin, view.aligner, self.rate_hz);
        Cut::Splice(Reader::Shifted(shift), Entrance::APART)
    }

    /// A loop of half a step, halved again and again where chance decides.
    pub(super) fn feed(&mut self, step: f64, [free, pick, ..]: [f32; 4]) {
        let halvings = if free < self.chaos { (4.0 * pick).floor() } else { 0.0 };
        let delay = LOOP_STEPS * step / f64::from(halvings.exp2());
        self.delay = delay.clamp(SHORTEST_LOOP_S * self.rate_hz, howl::LONGEST_S * self.rate_hz).round() as usize;
    }

    /// The one cut of a feedback: the loop is empty, and closes.
    pub(super) fn fed(&mut self) -> Cut {
        (self.cut, self.heard) = (self.event.length_samples as f64, None);
        let [amount, ceiling_db] = [self.settings.feedback_amount, self.settings.feedback_ceiling_db];
        let howl = Howl::new([self.delay, self.fade as usize], amount, ceiling_db, self.rate_hz);
        Cut::Splice(Reader::Fed(howl), Entrance::ALIKE)
    }
}

/// A roll that quickens by about `ratio` (below 1) until a repeat would be shorter than `shortest` of the first one: the
/// ratio that makes it a whole number of halves of the first repeat long, so that the next roll begins on the grid, and the
/// repeats in it. One repeat where there is room for no more.
fn quickening(ratio: f64, shortest: f64) -> (f64, u32) {
    let repeats = ((shortest.min(1.0).ln() / ratio.ln() + 1e-9) as u32 + 1).min(MOST_REPEATS);
    let length = |ratio: f64| (0..repeats).rev().fold(0.0, |sum, _| 1.0 + ratio * sum);
    let halves = 2.0 * length(ratio);
    let fitted = [halves.round(), halves.floor(), halves.ceil()].into_iter().map(|halves| {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..50 {
            let middle = 0.5 * (low + high);
            (low, high) = if 2.0 * length(middle) < halves { (middle, high) } else { (low, middle) };
        }
        low
    });
    let quickens = |ratio: &f64| *ratio < 0.99 && ratio.powi(repeats as i32 - 1) >= shortest - 1e-9;
    fitted.into_iter().find(quickens).map_or((1.0, 1), |ratio| (ratio, repeats))
}

fn slices(chaos: f32, [free, pick, ..]: [f32; 4]) -> f64 {
    if free < chaos { FREE_SLICES[(pick * FREE_SLICES.len() as f32) as usize] } else { SLICES }
}
