//! Which steps carry which events: balance, and the share of chance that Chaos lets in.
//!
//! A phrase of 16 steps is composed as a whole, from nothing but the seed and its place. At each step balance knows
//! what is due: the next pulse of a Euclidean rhythm (Toussaint, "The Euclidean algorithm generates traditional
//! musical rhythms", BRIDGES 2005), and the lane whose turn it is by weight. With the probability Chaos a step is
//! free: chance decides instead, and balance makes up for it at the steps that follow. That is statistical feedback
//! (Ames, "Statistics and compositional balance", Perspectives of New Music 28(1), 1990) with one heterogeneity
//! value, as Collins' StatBalProc has it ("Further automatic breakbeat cutting methods", 2001).

use green_ring_dsp::chance::Chance;

use super::{
    Event, Lane, Settings,
    call::Call,
    event::Layer,
    ruler::{PHRASE, Ruler, at_or_after},
    turns::Turns,
};

/// Lanes of chance. These numbers never change, or every session would sound different.
const PRESENCE: u32 = 16;
const PLACE: u32 = 18;
const LENGTH: u32 = 19;

/// Share of the steps that are free in full chaos. Were all of them, events would crowd and starve by turns, and so many
/// would cut their neighbours short that less happened, not more.
const FREEST: f32 = 0.8;

/// Steps of an event where balance decides, and where chance does.
const STEPS: f64 = 2.0;
const FREE_STEPS: [f64; 6] = [1.0, 2.0, 3.0, 4.0, 6.0, 8.0];

/// Steps after which a called lane takes up new material, where so many fit in a bar.
const FIRE_STEPS: i64 = 4;

/// What a step carries.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cue {
    lane: Lane,
    /// How far behind the grid it begins, in steps, 0 to below 1.
    late_steps: f64,
    length_steps: f64,
    strength: f32,
}

/// A phrase.
#[derive(Clone, Debug)]
struct Page {
    first_step: i64,
    settings: Settings,
    ruler: Ruler,
    cues: [Option<Cue>; PHRASE as usize],
}

/// Composes phrases, keeps the last one, and tells the events of one layer.
#[derive(Clone, Debug)]
pub(super) struct Score {
    layer: Layer,
    page: Option<Page>,
}

impl Score {
    /// The score of one layer.
    pub fn new(layer: Layer) -> Self {
        Self { layer, page: None }
    }

    /// The first step whose moment is at or after song sample `sample`.
    pub fn first_step(&mut self, settings: &Settings, ruler: &Ruler, call: Call, sample: i64) -> i64 {
        let mut step = ruler.step_before(sample);
        while self.moment(settings, ruler, call, step) < sample {
            step += 1;
        }
        step
    }

    /// The song sample at which the turn of `step` comes.
    pub fn moment(&mut self, settings: &Settings, ruler: &Ruler, call: Call, step: i64) -> i64 {
        let late = match call {
            Call::Score => self.cue(settings, ruler, step).map_or(0.0, |cue| cue.late_steps),
            _ => 0.0,
        };
        at_or_after(ruler.sample_of(ruler.heard(ruler.onset(step) + late * ruler.step())))
    }

    /// The event that `step` carries. `joining`: a called lane does not sound yet, and comes in now.
    pub fn event(&mut self, settings: &Settings, ruler: &Ruler, call: Call, step: i64, joining: bool) -> Option<Event> {
        match call {
            Call::Lane(lane, strength) => called(lane, strength, ruler, step, joining),
            Call::Score => self.composed(settings, ruler, step),
            Call::Silence => None,
        }
    }

    fn composed(&mut self, settings: &Settings, ruler: &Ruler, step: i64) -> Option<Event> {
        let cue = self.cue(settings, ruler, step)?;
        let start = ruler.onset(step) + cue.late_steps * ruler.step();
        let end_of_phrase = ruler.end_of_phrase(step);
        let next = (step + 1..end_of_phrase)
            .find_map(|k| self.cue(settings, ruler, k).map(|cue| ruler.onset(k) + cue.late_steps * ruler.step()));
        let end = start + cue.length_steps.min(longest_steps(ruler)) * ruler.step();
        let end = end.min(next.unwrap_or_else(|| ruler.onset(end_of_phrase)));
        Some(event(cue.lane, ruler, step, [start, end], cue.strength))
    }

    /// What `step` carries in this layer.
    fn cue(&mut self, settings: &Settings, ruler: &Ruler, step: i64) -> Option<Cue> {
        let address = ruler.address(step);
        let (phrase, into) = (address.div_euclid(PHRASE), address.rem_euclid(PHRASE));
        let first_step = step - into;
        let fits = |page: &&Page| {
            page.first_step == first_step && page.ruler.counts_like(ruler) && page.settings.same_choice(settings)
        };
        if self.page.as_ref().filter(fits).is_none() {
            let cues = compose(settings, phrase, |k| ruler.chaos(settings, first_step + k));
            self.page = Some(Page { first_step, settings: *settings, ruler: *ruler, cues });
        }
        let cue = self.page.as_ref().and_then(|page| page.cues[into as usize]);
        cue.filter(|cue| cue.lane.layer() == self.layer)
    }
}

/// A called lane sounds in blocks that lie where they would lie had it been called for ever; it joins in the middle of
/// one.
fn called(lane: Lane, strength: f32, ruler: &Ruler, step: i64, joining: bool) -> Option<Event> {
    let block = FIRE_STEPS.min(1 << (longest_steps(ruler) as u64).ilog2());
    let into = ruler.address(step).rem_euclid(block);
    if into != 0 && !joining {
        return None;
    }
    let end = (step + block - into).min(ruler.end_of_phrase(step));
    Some(event(lane, ruler, step, [ruler.onset(step), ruler.onset(end)], strength))
}

/// A note comes in at song sample `now`, after the turn of `step`: it sounds to the end of the block that it lies in.
pub(super) fn struck(lane: Lane, strength: f32, ruler: &Ruler, step: i64, now: i64) -> Option<Event> {
    let block = called(lane, strength, ruler, step, true)?;
    let length_samples = (block.end_sample() - now).max(1);
    Some(Event { start: ruler.place_of(now), start_sample: now, length_samples, ..block })
}

/// No event lasts longer than a bar, unless a step does.
pub(super) fn longest_steps(ruler: &Ruler) -> f64 {
    (ruler.bar() / ruler.step() + 1e-9).floor().clamp(1.0, 8.0)
}

fn event(lane: Lane, ruler: &Ruler, step: i64, span: [f64; 2], strength: f32) -> Event {
    let [start, end] = span.map(|place| ruler.heard(place));
    let start_sample = at_or_after(ruler.sample_of(start));
    let longest = (super::LONGEST_S * ruler.rate_hz()) as i64;
    let length_samples = at_or_after(ruler.sample_of(end)).saturating_sub(start_sample).clamp(1, longest);
    Event { lane, step, start, start_sample, length_samples, strength }
}

/// Phrase `phrase`, under Chaos as it is at each of its steps.
fn compose(settings: &Settings, phrase: i64, chaos: impl Fn(i64) -> f32) -> [Option<Cue>; PHRASE as usize] {
    let mut page = [None; PHRASE as usize];
    let Some(mut turns) = Turns::new(settings, pulses_before(settings.activity, phrase)) else { return page };
    let pulses = pulses_before(settings.activity, phrase + 1) - pulses_before(settings.activity, phrase);
    let mut count = 0;
    for (k, cue) in page.iter_mut().enumerate() {
        let (address, chaos) = (phrase * PHRASE + k as i64, chaos(k as i64));
        let [free, fall, ..] = Chance::new(settings.seed, PRESENCE).uniform(address);
        // Chance draws the pulses that are left from the steps that are left (selection sampling: Knuth, "The art of
        // computer programming", volume 2, algorithm 3.4.2 S), so that Activity holds in every phrase.
        let drawn = fall * ((PHRASE - k as i64) as f32) < (pulses - count) as f32;
        let due = count < pulses && count * PHRASE <= pulses * k as i64;
        if if free < FREEST * chaos { drawn } else { due } {
            count += 1;
            *cue = Some(shape(settings, chaos, address, turns.take(settings, chaos, address)));
        }
    }
    page
}

/// Pulses that an even rhythm has before phrase `phrase`, so that the share of steps is `activity` in the long run.
fn pulses_before(activity: f32, phrase: i64) -> i64 {
    const PARTS: i128 = 1_000_000;
    let share = (activity * PARTS as f32).round() as i128;
    let pulses = i128::from(phrase) * i128::from(PHRASE) * share;
    // Rounded up, so that any activity at all puts its first event on Start.
    -(-pulses).div_euclid(PARTS) as i64
}

fn shape(settings: &Settings, chaos: f32, address: i64, lane: Lane) -> Cue {
    let [off, quarter, slide, _] = Chance::new(settings.seed, PLACE).uniform(address);
    let [free, pick, weak, _] = Chance::new(settings.seed, LENGTH).uniform(address);
    // Fully chaotic, all quarters of a step are equally likely.
    let quarters = if off < 0.75 * chaos * chaos { 1.0 + (3.0 * quarter).floor() } else { 0.0 };
    let astray = 0.24 * slide * ((settings.edge - super::CLEAN_EDGE) / (1.0 - super::CLEAN_EDGE)).max(0.0);
    let length_steps = if free < chaos { FREE_STEPS[(pick * FREE_STEPS.len() as f32) as usize] } else { STEPS };
    Cue { lane, late_steps: f64::from(0.25 * quarters + astray), length_steps, strength: 1.0 - 0.5 * chaos * weak }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(activity: f32) -> Settings {
        Settings { chaos: 0.0, activity, ..Settings::default() }
    }

    fn pattern(settings: &Settings, phrase: i64) -> String {
        compose(settings, phrase, |_| settings.chaos).iter().map(|cue| if cue.is_some() { 'x' } else { '.' }).collect()
    }

    #[test]
    fn in_order_the_rhythm_is_euclidean_and_begins_on_start() {
        assert_eq!(pattern(&order(0.25), 0), "x...x...x...x...");
        // The Cuban tresillo, twice.
        assert_eq!(pattern(&order(0.375), 3), "x..x..x.x..x..x.");
        assert_eq!(pattern(&order(1.0), -7), "x".repeat(16));
        assert_eq!(pattern(&order(0.0), 0), ".".repeat(16));
        assert_eq!(pattern(&order(0.001), 0), "x...............");
    }

    #[test]
    fn activity_is_the_share_of_steps_at_any_chaos() {
        for chaos in [0.0, 0.3, 1.0] {
            for activity in [0.03, 0.3, 0.7] {
                let settings = Settings { chaos, ..order(activity) };
                let events: usize =
                    (-500..500).map(|p| compose(&settings, p, |_| settings.chaos).iter().flatten().count()).sum();
                let share = events as f32 / 16_000.0;
                assert!((share - activity).abs() < 0.04 * activity + 0.01, "{chaos} {activity}: {share}");
            }
        }
    }

    #[test]
    fn lanes_take_turns_by_weight() {
        let settings = Settings { weights: [0.5, 0.5, 0.0, 0.0, 0.0, 0.25, 0.0, 0.0], ..order(0.3) };
        let lanes: Vec<Lane> =
            (0..100).flat_map(|p| compose(&settings, p, |_| settings.chaos)).flatten().map(|cue| cue.lane).collect();
        use Lane::{Gate, Reverse, Stutter};
        assert_eq!(lanes[..5], [Stutter, Reverse, Gate, Stutter, Reverse]);
        assert_eq!(lanes[..5], lanes[5..10]);
        let none = Settings { weights: [0.0; Lane::COUNT], ..settings };
        assert!(compose(&none, 0, |_| none.chaos).iter().all(Option::is_none));
    }

    #[test]
    fn in_chaos_the_shares_hold_and_a_lane_without_weight_is_silent() {
        let settings = Settings { chaos: 1.0, weights: [0.6, 0.0, 0.0, 0.0, 0.0, 0.2, 0.0, 0.0], ..order(0.5) };
        let lanes: Vec<Lane> =
            (0..500).flat_map(|p| compose(&settings, p, |_| settings.chaos)).flatten().map(|cue| cue.lane).collect();
        let share = |lane| lanes.iter().filter(|l| **l == lane).count() as f32 / lanes.len() as f32;
        assert!((share(Lane::Stutter) - 0.75).abs() < 0.03);
        assert_eq!(share(Lane::Reverse), 0.0);
    }
}
