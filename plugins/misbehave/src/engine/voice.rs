//! An event as it sounds: how each lane cuts it, and what is read from cut to cut.
//!
//! Nothing here listens. Cuts follow from the event, the settings at its beginning and chance; the record is only
//! asked whether the material is there.

mod lanes;

use green_ring_dsp::chance::Chance;

use super::{
    CLEAN_EDGE, Event, Lane, Settings,
    align::Entry,
    cloud::Weather,
    conductor::View,
    heads::{Entrance, Reader},
    pitch::Shift,
    ruler::{Ruler, SHORTEST_S, at_or_after},
    speed::Speed,
    swap::Swap,
};

/// Added to a lane's number: the chance of its single cuts. It never changes.
const CUTS: u32 = 32;
/// Addresses set aside for the cuts of one event.
const CUTS_KEPT: i64 = 1_024;

/// Seconds of a splice at Edge 0 %, and up to [`CLEAN_EDGE`]: 2 ms of raised cosine are as quiet as no splice at
/// all, and a minimum-jerk fade that is as steep takes a fifth longer.
const SOFT_FADE_S: f64 = 0.005;
const SHORT_FADE_S: f64 = 0.0024;

/// Seconds that a splice takes.
fn fade_s(edge: f64) -> f64 {
    let soft = (1.0 - 2.0 * edge).max(0.0);
    let hard = ((edge - CLEAN_EDGE as f64) / (1.0 - CLEAN_EDGE as f64)).clamp(0.0, 1.0);
    SHORT_FADE_S * (SOFT_FADE_S / SHORT_FADE_S).powf(soft) * (1.0 - hard)
}

/// Samples that a splice takes: never more than an eighth of a step.
pub(super) fn fade_samples(settings: &Settings, ruler: &Ruler) -> usize {
    let longest = ruler.step() * ruler.unit_samples() / 8.0;
    (fade_s(settings.edge as f64) * ruler.rate_hz()).min(longest).round().max(1.0) as usize
}

/// Samples by which material may lie before an event.
pub(super) fn reach_samples(settings: &Settings, ruler: &Ruler) -> f64 {
    let reach = settings.reach_bars * ruler.bar() * ruler.unit_samples();
    reach.clamp(SHORTEST_S * ruler.rate_hz(), super::FARTHEST_S * ruler.rate_hz())
}

/// What is heard from a cut on.
#[expect(clippy::large_enum_variant, reason = "nothing may be allocated for a cut")]
pub(super) enum Cut {
    /// This, instead of the dry sound.
    Splice(Reader, Entrance),
    /// The dry sound.
    Open,
    /// The dry sound, and the event is over.
    End,
}

/// An event that sounds.
#[derive(Clone, Debug)]
pub(super) struct Voice {
    pub event: Event,
    /// Whether a Fire switch or a note made it.
    pub called: bool,
    fade: i64,
    rate_hz: f64,
    chance: Chance,
    address: i64,
    chaos: f32,
    /// The event's exact beginning, and the next cut, in samples from there.
    origin: f64,
    cut: f64,
    index: i64,
    /// Length of the first slice, of the present one, of the next relative to it, and parts that the slice still has.
    first: f64,
    slice: f64,
    ratio: f64,
    parts: u32,
    part: f64,
    /// Repeats in a roll, after which it begins anew, and repeats so far.
    rolls: u32,
    rolled: u32,
    /// Song sample of the slice that is repeated.
    from: i64,
    plain: bool,
    weather: Option<Weather>,
    /// Where the slice that is repeated is entered, once it was looked for, and when it was entered last.
    entry: Option<Entry>,
    entered: i64,
    /// Where the tape is.
    speed: Option<Speed>,
    /// How far the pitch moves.
    semitones: f64,
    /// Samples in a feedback loop.
    delay: usize,
    /// The settings at the beginning, by which the event keeps.
    settings: Settings,
}

impl Voice {
    /// `event` under the settings of this moment; `None` where its material was not heard.
    pub fn new(event: Event, called: bool, view: &View) -> Option<Self> {
        let View { settings, ruler, record, .. } = *view;
        let address = ruler.address(event.step);
        let lane = event.lane.chance();
        let mut voice = Self {
            event,
            called,
            fade: fade_samples(settings, ruler) as i64,
            rate_hz: ruler.rate_hz(),
            chance: Chance::new(settings.seed, lane + CUTS),
            address,
            chaos: ruler.chaos(settings, event.step),
            origin: ruler.sample_of(event.start),
            cut: 0.0,
            index: 0,
            first: 0.0,
            slice: 0.0,
            ratio: 1.0,
            parts: 0,
            part: 0.0,
            rolls: u32::MAX,
            rolled: 0,
            from: event.start_sample,
            plain: false,
            weather: None,
            entry: None,
            entered: event.start_sample,
            speed: None,
            semitones: 0.0,
            delay: 1,
            settings: *settings,
        };
        let step = ruler.step() * ruler.unit_samples();
        let reach = reach_samples(settings, ruler);
        let dice = Chance::new(settings.seed, lane).uniform(address);
        match event.lane {
            Lane::Stutter => voice.stutter(step, reach, dice),
            Lane::Reverse => voice.reverse(reach, dice),
            Lane::Speed => voice.tape(reach, dice),
            Lane::Scatter => voice.scatter(step, reach, dice),
            Lane::Gate => voice.gate(step, dice),
            Lane::Crush => {}
            Lane::Pitch => voice.semitones = settings.pitch_interval.semitones(dice[2]),
            Lane::Feedback => voice.feed(step, dice),
        }
        record.has(voice.oldest(view)).then_some(voice)
    }

    /// The oldest song sample that will be read, with the fades before and after.
    fn oldest(&self, view: &View) -> i64 {
        match self.event.lane {
            Lane::Stutter => self.from - view.aligner.around()[0],
            Lane::Speed => self.event.start_sample - self.speed.map_or(0, |speed| speed.back()),
            Lane::Scatter => self.from,
            Lane::Reverse => self.event.start_sample - self.slice.ceil() as i64 - 2 * self.fade,
            Lane::Pitch => self.event.start_sample - Shift::back(self.rate_hz),
            Lane::Crush | Lane::Gate | Lane::Feedback => self.event.start_sample,
        }
    }

    /// Song sample of the next cut. `followed`: another event begins where this one ends.
    pub fn next(&self, followed: bool) -> i64 {
        let end = self.event.end_sample();
        // The dry sound is back when the event ends, so that what begins there keeps its attack.
        let release = if followed { end } else { (end - self.fade).max(self.event.start_sample + 1) };
        let cut = at_or_after(self.origin + self.cut);
        if cut.saturating_add(self.fade) >= release { release } else { cut }
    }

    /// Makes the cut at song sample `now`, and finds the next one.
    pub fn cut(&mut self, now: i64, view: &View) -> Cut {
        if now + self.fade >= self.event.end_sample() && self.index > 0 {
            return Cut::End;
        }
        self.index += 1;
        match self.event.lane {
            Lane::Stutter => {
                self.roll();
                self.enter(now, view)
            }
            Lane::Reverse => {
                self.cut += self.slice;
                let from = now - self.slice as i64;
                let swap = if self.plain { None } else { Swap::new(view.record, from, now - from, self.rate_hz) };
                // Where sound turns round, it is its own mirror image.
                Cut::Splice(Reader::Backward(now - 1, swap), Entrance::ALIKE)
            }
            Lane::Speed => self.taped(now, view),
            Lane::Scatter => self.scattered(),
            Lane::Crush => self.crushed(),
            Lane::Gate => self.hole(),
            Lane::Pitch => self.shifted(view),
            Lane::Feedback => self.fed(),
        }
    }

    fn dice(&self) -> [f32; 4] {
        self.chance.uniform(self.address * CUTS_KEPT + self.index.min(CUTS_KEPT - 1))
    }
}

#[cfg(test)]
mod tests {
    use green_ring_dsp::Song;

    use super::{
        super::{align::Aligner, record::Record, speed::Shape},
        *,
    };

    const RATE: f64 = 48_000.0;

    /// Sample and kind of each cut of the event at quarter note 4 that is half a note long, 24 000 samples a quarter.
    fn cuts(lane: Lane, settings: Settings) -> Vec<(i64, String)> {
        let mut record = Record::new(1 << 18);
        record.clear(-100_000);
        let ruler = Ruler::new(&settings, &Song::new(true, 0, 120.0, RATE), RATE);
        for _ in 0..8_000 {
            record.write(&[[0.5; 32]; 2], 32);
        }
        let event = Event { lane, step: 16, start: 4.0, start_sample: 96_000, length_samples: 48_000, strength: 1.0 };
        let (aligner, notes) = (Aligner::new(RATE), [0.0; Lane::COUNT]);
        let view = View { settings: &settings, ruler: &ruler, record: &record, aligner: &aligner, notes: &notes };
        let mut voice = Voice::new(event, false, &view).unwrap();
        let (mut list, mut now) = (vec![], 96_000);
        while now < event.end_sample() {
            let what = match voice.cut(now, &view) {
                Cut::Splice(Reader::Forward(at), _) => format!("forward {at}"),
                Cut::Splice(Reader::Backward(at, _), _) => format!("backward {at}"),
                Cut::Splice(Reader::Scattered(_), _) => "cloud".into(),
                Cut::Splice(Reader::Silence, _) => "hole".into(),
                Cut::Splice(..) => "over".into(),
                Cut::Open | Cut::End => "dry".into(),
            };
            list.push((now - 96_000, what));
            now = voice.next(false).max(now + 1);
            if list.last().unwrap().0 + 96_000 + voice.fade >= event.end_sample() {
                break;
            }
        }
        list
    }

    fn order() -> Settings {
        Settings { chaos: 0.0, edge: 0.5, ..Settings::default() }
    }

    #[test]
    fn in_order_a_stutter_repeats_the_first_half_of_the_step_before() {
        let list = cuts(Lane::Stutter, order());
        // 2.4 ms at 48 kHz are 115 samples.
        assert_eq!(list[..3], [0, 3_000, 6_000].map(|at| (at, "forward 90000".to_string())));
        assert_eq!(list.last().unwrap(), &(48_000 - 115, "dry".to_string()));
        assert_eq!(list.len(), 17);
    }

    #[test]
    fn in_order_a_reverse_turns_the_same_length_round_within_reach() {
        assert_eq!(cuts(Lane::Reverse, order())[0], (0, "backward 95999".to_string()));
        let list = cuts(Lane::Reverse, Settings { reach_bars: 0.25, ..order() });
        assert_eq!(list[1], (24_000, "backward 119999".to_string()));
    }

    #[test]
    fn in_order_a_gate_opens_and_closes_and_opens_ahead_of_the_attack() {
        let list = cuts(Lane::Gate, order());
        let want = [(0, "hole"), (3_000 - 115, "dry"), (6_000, "hole"), (9_000 - 115, "dry")];
        assert_eq!(list[..4], want.map(|(at, what)| (at, what.to_string())));
    }

    #[test]
    fn a_scatter_is_one_cloud() {
        let list = cuts(Lane::Scatter, order());
        assert_eq!(list.iter().map(|(_, what)| &what[..]).collect::<Vec<_>>(), ["cloud", "dry"]);
    }

    #[test]
    fn rolls_quicken_and_slow_down_by_a_ratio_and_no_slice_is_too_short() {
        let (mut quicker, mut slower) = (0, 0);
        for seed in 0..200 {
            let list = cuts(Lane::Stutter, Settings { chaos: 1.0, seed, ..order() });
            let gaps: Vec<i64> = list.windows(2).map(|w| w[1].0 - w[0].0).collect();
            let gaps = &gaps[..gaps.len() - 1];
            assert!(gaps.iter().all(|&gap| gap >= 959), "{seed}: {gaps:?}");
            quicker += usize::from(gaps.windows(2).take(3).any(|w| 10 * w[1] < 9 * w[0]));
            slower += usize::from(gaps.windows(2).take(3).any(|w| 10 * w[0] < 9 * w[1]));
        }
        assert!(quicker > 20 && slower > 20, "{quicker} {slower}");
    }

    #[test]
    fn a_roll_that_can_quicken_no_further_begins_anew_on_the_grid() {
        for roll in [0.4, 0.55, 0.8, 1.0] {
            let list = cuts(Lane::Stutter, Settings { stutter_roll: roll, grid_quarters: 0.5, ..order() });
            let gaps: Vec<i64> = list.windows(2).map(|w| w[1].0 - w[0].0).collect();
            // All but what begins a roll, and the last, which the event cuts short.
            let roll_starts: Vec<usize> = (1..gaps.len() - 1).filter(|&k| gaps[k] > gaps[k - 1]).collect();
            assert!(!roll_starts.is_empty(), "{roll}: {gaps:?}");
            for &k in &roll_starts {
                assert!(list[k].0 % 3_000 == 0 && gaps[k] == gaps[0], "{roll}: {gaps:?}");
            }
            let want = f64::from(-roll).exp2();
            let have = gaps[1] as f64 / gaps[0] as f64;
            assert!((have / want - 1.0).abs() < 0.25, "{roll}: {have} instead of {want}");
        }
    }

    #[test]
    fn a_tape_that_runs_ahead_begins_no_further_back_than_reach() {
        for reach_bars in [0.25, 1.0] {
            let settings = Settings { speed_shape: Shape::Ramp, reach_bars, ..order() };
            let ruler = Ruler::new(&settings, &Song::new(true, 0, 120.0, RATE), RATE);
            let (mut record, aligner, notes) = (Record::new(1 << 18), Aligner::new(RATE), [0.0; Lane::COUNT]);
            // Just as much was heard as Reach is long.
            let heard = (reach_bars * 96_000.0) as i64;
            record.clear(96_000 - heard);
            (0..heard / 32).for_each(|_| record.write(&[[0.5; 32]; 2], 32));
            let view = View { settings: &settings, ruler: &ruler, record: &record, aligner: &aligner, notes: &notes };
            for step in 0..50 {
                let event = Event {
                    lane: Lane::Speed,
                    step,
                    start: 4.0,
                    start_sample: 96_000,
                    length_samples: 96_000,
                    strength: 1.0,
                };
                assert!(Voice::new(event, false, &view).is_some(), "Reach {reach_bars}");
            }
        }
    }

    #[test]
    fn splices_are_soft_then_short_then_hard() {
        assert!((fade_s(0.0) - 0.005).abs() < 1e-9);
        assert!((fade_s(0.5) - 0.0024).abs() < 1e-9 && (fade_s(0.7) - 0.0024).abs() < 1e-9);
        assert!(fade_s(0.85) > 0.0 && fade_s(1.0) < 1e-9);
    }
}
