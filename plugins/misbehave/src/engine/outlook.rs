//! What lies ahead besides events: where bars lie, and how far Chaos, the own clock and the rise will have come.

use green_ring_dsp::{Song, Spec};

use super::{Settings, rise::Bars, ruler::Ruler};

/// The song under these settings, at its present tempo. A place is a position in quarter notes, or in seconds under
/// [`super::Sync::Time`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outlook {
    settings: Settings,
    ruler: Ruler,
}

impl Outlook {
    /// The outlook under `settings`, if they and the tempo of `song` hold. Does not allocate.
    pub fn new(spec: &Spec, settings: &Settings, song: &Song) -> Self {
        // Two places of one song have one outlook.
        let ruler = Ruler::new(settings, &song.moved(-song.sample), spec.sample_rate);
        Self { settings: *settings, ruler }
    }

    /// The place from which everything is counted.
    pub fn start(&self) -> f64 {
        self.ruler.start()
    }

    /// Length of a bar: four quarter notes, or two seconds.
    pub fn bar(&self) -> f64 {
        self.ruler.bar()
    }

    /// Samples in a quarter note, or in a second.
    pub fn unit_samples(&self) -> f64 {
        self.ruler.unit_samples()
    }

    /// The place of song sample `sample`.
    pub fn place_of(&self, sample: i64) -> f64 {
        self.ruler.place_of(sample)
    }

    /// Song position of `place` in samples, with its fraction.
    pub fn sample_of(&self, place: f64) -> f64 {
        self.ruler.sample_of(place)
    }

    /// Chaos at `place`, with what has grown since Start, 0..1.
    pub fn chaos(&self, place: f64) -> f32 {
        self.ruler.chaos_at(&self.settings, place)
    }

    /// The places between which Chaos climbs or sinks in a straight line: Start, and where it has grown enough or can grow
    /// no further. Before and after them it is level.
    pub fn growth(&self) -> [f64; 2] {
        let Settings { chaos, growth, .. } = self.settings;
        let limit = if growth > 0.0 { 1.0 } else { 0.0 };
        let share = if growth == 0.0 { 1.0 } else { f64::from((limit - chaos) / growth).clamp(0.0, 1.0) };
        [self.start(), self.start() + share * self.ruler.growth_over(&self.settings)]
    }

    /// By how many seconds the own clock comes to `place` later than the host's.
    pub fn late_s(&self, place: f64) -> f64 {
        (self.ruler.heard(place) - place) * self.unit_samples() / self.ruler.rate_hz()
    }

    /// Octaves by which the rise has quickened (or slowed down) from Start to song sample `sample`.
    pub fn risen(&self, sample: i64) -> f64 {
        let bars = Bars::of(&self.ruler);
        let cycle = bars.cycle_samples(self.settings.rise_cycle(), self.ruler.rate_hz());
        (sample as f64 - bars.zero) / cycle
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: Spec = Spec { sample_rate: 48_000.0, channels: 2 };

    fn outlook(settings: Settings) -> Outlook {
        Outlook::new(&SPEC, &settings, &Song::new(true, 7_777, 120.0, 48_000.0))
    }

    #[test]
    fn places_are_quarters_from_the_songs_beginning() {
        let outlook = outlook(Settings { start: 8.0, ..Settings::default() });
        assert_eq!((outlook.place_of(48_000), outlook.sample_of(2.0)), (2.0, 48_000.0));
        assert_eq!((outlook.start(), outlook.bar(), outlook.unit_samples()), (8.0, 4.0, 24_000.0));
    }

    #[test]
    fn chaos_is_straight_between_the_places_told_and_level_outside() {
        for (chaos, growth) in [(0.2, 0.5), (0.2, -0.5), (0.7, 1.0), (0.4, 0.0), (1.0, 0.5), (0.0, -1.0)] {
            let outlook = outlook(Settings { chaos, growth, start: 4.0, ..Settings::default() });
            let [from, to] = outlook.growth();
            let [low, high] = [outlook.chaos(from), outlook.chaos(to)];
            assert!((low - chaos).abs() < 1e-6 && (high - (chaos + growth).clamp(0.0, 1.0)).abs() < 1e-6);
            for k in 0..200 {
                let place = f64::from(k) - 30.0;
                let share = ((place - from) / (to - from).max(1e-9)).clamp(0.0, 1.0) as f32;
                assert!((outlook.chaos(place) - (low + share * (high - low))).abs() < 1e-5, "{chaos} {growth} {place}");
            }
        }
    }

    #[test]
    fn the_clock_slides_as_far_as_it_may_and_comes_home() {
        let outlook = outlook(Settings { clock_drift_s: 0.08, relock_bars: 4, ..Settings::default() });
        let late: Vec<f64> = (0..=160).map(|k| outlook.late_s(f64::from(k) * 0.1)).collect();
        assert!(late[0].abs() < 1e-9 && late[160].abs() < 1e-9);
        let most = late.iter().fold(0.0, |most: f64, late| most.max(late.abs()));
        assert!((0.03..=0.0801).contains(&most), "{most}");
    }

    #[test]
    fn a_rise_climbs_an_octave_a_cycle() {
        let outlook = outlook(Settings { start: 4.0, rise_cycle_bars: 8.0, ..Settings::default() });
        assert_eq!([96_000, 96_000 + 768_000].map(|sample| outlook.risen(sample)), [0.0, 1.0]);
    }
}
