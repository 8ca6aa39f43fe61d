//! How a loudness difference is shared out: as much as Focus says in the bands where speech needs it, the rest evenly.

use super::Settings;
use super::bands::{AUDIBLE_DB, BANDS, Bands, IMPORTANCE, at_0_lufs, audibility, k_gains, normal_voice};
use super::settled::Settled;

/// The most that a band yields beyond the rest, in dB: deeper holes are heard as a telephone.
const DEEPEST_BAND_DB: f32 = 18.0;

/// Decibels below its own mean within which a band of a voice stays for four fifths of the time: what is spoken softly counts
/// as well. Measured of recorded prompts in frames of 16 ms: 16 dB at 5 kHz to 22 dB around 1 kHz.
const SOFT_DB: f32 = 22.0;

/// Decibels by which a band of a bed may stand above its own mean and still be covered: the power of a narrow band of noise
/// is distributed exponentially, and exceeds four times its mean for 2 % of the time.
const PEAK_DB: f32 = 6.0;

/// How sharply bands are told apart by their price: at 1 all would be cut alike, and the limit, all or nothing, is the
/// best that can be bought but jumps from frame to frame.
const SHARPNESS: i32 = 4;

/// Share of power that a cut of the first decibel takes: ln(10) / 10.
const PER_DB: f32 = 0.230_258_5;

/// Share of a tone's power that the band-pass next to its own lets through.
const LEAK: f32 = 0.2;

/// Power of a band below which it is silent.
const SILENCE: f32 = 1e-20;

/// Halvings in a search: 60 dB to within 0.004 dB.
const HALVINGS: u32 = 14;

/// With this much of speech audible a bed does not mask it.
const UNMASKED: f32 = 0.9;

/// What the bed has to yield.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shares {
    /// Evenly, in dB, and beyond that in each band.
    pub even_db: f32,
    pub bands_db: Bands,
}

impl Shares {
    /// What all bands have in common, in dB.
    pub fn common_db(&self) -> f32 {
        self.bands_db.iter().fold(f32::MAX, |m, db| m.min(*db))
    }
}

/// What is known of dialogue and bed.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// Loudness of the dialogue, in LUFS.
    pub dialogue_lufs: f32,
    /// Spectrum of the dialogue while somebody speaks, and how far it counts instead of speech of normal
    /// effort, 0..1.
    pub voice: Bands,
    pub trust: f32,
    /// Power of each band of the bed before trim.
    pub bed: Bands,
    /// Share of the bed's K-weighted power that lies between the lowest and the highest band.
    pub inside: f32,
}

/// What is known of the bands, as sharing out needs it.
struct Prices {
    /// How far speech stands above the bed in each band, in dB.
    above_db: Bands,
    /// Share of each band in the K-weighted power of the bed: settled, to choose by, and as measured, to reckon with.
    parts: Bands,
    measured: Bands,
}

/// Shares out.
#[derive(Clone, Debug)]
pub struct Focus {
    /// Power gain of K-weighting, and power of speech of normal effort at 0 LUFS, in each band.
    k: Bands,
    normal: Bands,
    /// Levels of the voice, and of the bed before trim.
    voice: Settled,
    bed: Settled,
}

impl Focus {
    /// At `rate_hz`.
    pub fn new(rate_hz: f64) -> Self {
        let k = k_gains(rate_hz);
        Self { k, normal: normal_voice(&k), voice: Settled::voice(), bed: Settled::bed() }
    }

    /// Forgets voice and bed.
    pub fn reset(&mut self) {
        self.voice.reset();
        self.bed.reset();
    }

    /// Level of the voice in each band.
    fn voice_db(&self, scene: &Scene) -> Bands {
        let voice = at_0_lufs(&scene.voice, &self.k).unwrap_or(self.normal);
        let power = |b: usize| self.normal[b] + scene.trust * (voice[b] - self.normal[b]);
        std::array::from_fn(|b| scene.dialogue_lufs + level_db(power(b)))
    }

    /// The least even cut in dB, of at most `depth_db`, under which the bed does not mask speech.
    pub fn unmasking_db(&self, settings: &Settings, scene: &Scene, depth_db: f32) -> f32 {
        let above_db = above_db(settings, &self.voice_db(scene), &scene.bed.map(level_db));
        least(depth_db, |cut_db| audibility(&above_db.map(|db| db + cut_db)) >= UNMASKED)
    }

    /// Shares out a depth of `depth_db`: the bed becomes quieter by as much, in LU, however it is shared. `common_db` is
    /// the part of all bands' cuts that is made from end to end.
    pub fn share(&mut self, settings: &Settings, scene: &Scene, depth_db: f32, common_db: f32) -> Shares {
        let prices = self.prices(settings, scene);
        let cut = |even_db: f32, share: f32, worth_db: &Bands| {
            let most_db = (settings.max_depth_db - even_db).max(0.0);
            Shares { even_db, bands_db: worth_db.map(|db| (share * db).min(most_db)) }
        };
        let enough = |Shares { even_db, bands_db }: &Shares| {
            even_db + common_db + prices.lost_db(&bands_db.map(|db| db - common_db)) >= depth_db
        };
        let worth_db = prices.worth_db(0.0);
        if enough(&cut(0.0, settings.focus, &worth_db)) {
            return cut(0.0, least(settings.focus, |share| enough(&cut(0.0, share, &worth_db))), &worth_db);
        }
        let beyond = |even_db: f32| cut(even_db, settings.focus, &prices.worth_db(even_db));
        beyond(least(depth_db, |even_db| enough(&beyond(even_db))))
    }

    fn prices(&mut self, settings: &Settings, scene: &Scene) -> Prices {
        let voice_db = self.voice.follow(&self.voice_db(scene));
        let bed_db = self.bed.follow(&scene.bed.map(level_db));
        Prices {
            above_db: above_db(settings, &voice_db, &bed_db),
            parts: self.parts(&bed_db.map(|db| 10f32.powf(db / 10.0)), scene.inside),
            measured: self.parts(&scene.bed, scene.inside),
        }
    }

    fn parts(&self, bed: &Bands, inside: f32) -> Bands {
        let own = without_neighbours(bed);
        let parts: Bands = std::array::from_fn(|b| self.k[b] * own[b]);
        let scale = inside / parts.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        parts.map(|part| scale * part)
    }
}

impl Prices {
    /// Cuts of the bands in dB that are worth more than an even cut, beyond one of `even_db`.
    ///
    /// The goal is the audibility that can be had for a given loudness (ANSI S3.5-1997: importance times decibels between
    /// -15 and +15). It grows in proportion to the decibels of a cut, while each further decibel takes less power: to buy
    /// most, a band is cut all the way or not at all, and the cheapest first, which is a band of little loudness. Cheap is
    /// what brings more for its loudness than an even cut does: on the mean of before and after those cuts, for where bands
    /// have been cleared by themselves an even cut brings nothing more.
    fn worth_db(&self, even_db: f32) -> Bands {
        let clear_db = SOFT_DB + PEAK_DB;
        let heard = |db: f32| db.clamp(-AUDIBLE_DB, clear_db);
        let moved = |db: f32| if (-AUDIBLE_DB..clear_db).contains(&db) { 1.0 } else { 0.0 };
        let above_db = self.above_db.map(|db| db + even_db);
        let useful_db = above_db.map(|db| (clear_db - db).clamp(0.0, DEEPEST_BAND_DB));
        let gain: Bands =
            std::array::from_fn(|b| PER_DB * IMPORTANCE[b] * (heard(above_db[b] + useful_db[b]) - heard(above_db[b])));
        let loss: Bands = std::array::from_fn(|b| self.parts[b] * taken(useful_db[b]));
        // How far each band is cut, 0..1, when what an even cut brings for so much loudness is `even` for `rest`.
        let cut = |even: f32, rest: f32| -> Bands {
            std::array::from_fn(|b| {
                let (mine, others) = ((rest * gain[b]).powi(SHARPNESS), (even * loss[b]).powi(SHARPNESS));
                if mine > 0.0 { mine / (mine + others) } else { 0.0 }
            })
        };
        let even: f32 = (0..BANDS).map(|b| IMPORTANCE[b] * moved(above_db[b])).sum();
        let first = cut(even, 1.0);
        let (mut even_after, mut rest_after) = (0.0, 1.0);
        for b in 0..BANDS {
            let after = moved(above_db[b]) + first[b] * (moved(above_db[b] + useful_db[b]) - moved(above_db[b]));
            even_after += IMPORTANCE[b] * after;
            rest_after -= self.parts[b] * taken(first[b] * useful_db[b]);
        }
        let cut = cut(0.5 * (even + even_after), 0.5 * (1.0 + rest_after));
        std::array::from_fn(|b| cut[b] * useful_db[b])
    }

    /// How much quieter the bed becomes, in LU, when each band is cut by so many dB.
    fn lost_db(&self, bands_db: &Bands) -> f32 {
        let saved: f32 = self.measured.iter().zip(bands_db).map(|(part, db)| part * taken(*db)).sum();
        -10.0 * (1.0 - saved).max(1e-9).log10()
    }
}

/// How far speech stands above the bed in each band, in dB.
fn above_db(settings: &Settings, voice_db: &Bands, bed_db: &Bands) -> Bands {
    std::array::from_fn(|b| voice_db[b] - bed_db[b] - settings.bed_trim_db)
}

fn level_db(power: f32) -> f32 {
    10.0 * (power + SILENCE).log10()
}

/// Share of power that a cut of `db` takes.
fn taken(db: f32) -> f32 {
    1.0 - 10f32.powf(-db / 10.0)
}

/// Power of each band without what its neighbours leak into it.
fn without_neighbours(bed: &Bands) -> Bands {
    let at = |b: usize| bed.get(b).copied().unwrap_or(0.0);
    let own = |b: usize| bed[b] - LEAK * (at(b.wrapping_sub(1)) + at(b + 1));
    std::array::from_fn(|b| if own(b) < SILENCE { 0.0 } else { own(b) / (1.0 - 2.0 * LEAK) })
}

/// The least value of 0..`most` that is `enough`, by halving; `most` if none is.
fn least(most: f32, enough: impl Fn(f32) -> bool) -> f32 {
    if enough(0.0) {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, most);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if enough(middle) { high = middle } else { low = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bed with the spectrum of speech at -27 LUFS, all of it within the bands, under speech as loud.
    fn alike(focus: &Focus) -> Scene {
        let bed = focus.normal.map(|p| p * 10f32.powf(-2.7));
        Scene { dialogue_lufs: -27.0, voice: [0.0; BANDS], trust: 0.0, bed, inside: 1.0 }
    }

    fn all() -> Settings {
        Settings { focus: 1.0, max_depth_db: 60.0, ..Settings::default() }
    }

    #[test]
    fn the_loudness_given_up_is_the_depth_however_it_is_shared() {
        let focus = Focus::new(48_000.0);
        let scene = alike(&focus);
        for amount in [0.3, 0.6, 1.0] {
            let shares = focus.clone().share(&Settings { focus: amount, ..all() }, &scene, 10.0, 0.0);
            let own = without_neighbours(&scene.bed);
            let weighed = |b: usize| focus.k[b] * own[b];
            let left: f32 = (0..BANDS).map(|b| weighed(b) * 10f32.powf(-shares.bands_db[b] / 10.0)).sum();
            let lost_db = shares.even_db - 10.0 * (left / (0..BANDS).map(weighed).sum::<f32>()).log10();
            assert!((lost_db - 10.0).abs() < 0.05, "{amount}: {lost_db}");
            assert!(shares.bands_db.iter().any(|db| *db > 1.0) && shares.even_db < 10.0);
        }
        assert_eq!(
            focus.clone().share(&Settings::default(), &scene, 0.0, 0.0),
            Shares { even_db: 0.0, bands_db: [0.0; BANDS] }
        );
    }

    #[test]
    fn no_band_goes_below_max_depth_or_beyond_what_can_be_heard() {
        let focus = Focus::new(48_000.0);
        let settings = Settings { max_depth_db: 12.0, ..all() };
        let shares = focus.clone().share(&settings, &alike(&focus), 10.0, 0.0);
        assert!(shares.bands_db.iter().all(|db| shares.even_db + db <= 12.01));
        let faint = Scene { bed: alike(&focus).bed.map(|p| p * 0.001), ..alike(&focus) };
        assert_eq!(
            focus.clone().share(&settings, &faint, 6.0, 0.0).bands_db,
            [0.0; BANDS],
            "30 dB below speech in every band"
        );
        assert_eq!(focus.unmasking_db(&settings, &faint, 60.0), 0.0);
        assert!((focus.unmasking_db(&settings, &alike(&focus), 60.0) - 12.0).abs() < 0.1);
    }

    #[test]
    fn bands_that_carry_the_bed_stay_and_cheap_ones_go_first() {
        let focus = Focus::new(48_000.0);
        let mut scene = alike(&focus);
        scene.bed[4] *= 100.0;
        let shares = focus.clone().share(&all(), &scene, 6.0, 0.0);
        assert!(shares.bands_db[4] < 1.0 && shares.bands_db[11] > 12.0, "{:.1?}", shares.bands_db);
    }

    #[test]
    fn the_voice_that_was_heard_counts_and_bands_that_it_lacks_are_left_alone() {
        let focus = Focus::new(48_000.0);
        let mut voice = focus.normal;
        voice[14..].fill(0.0);
        let cuts = |trust| focus.clone().share(&all(), &Scene { voice, trust, ..alike(&focus) }, 6.0, 0.0).bands_db;
        assert!(
            cuts(0.0)[15] > 8.0 && cuts(1.0)[15] == 0.0 && cuts(1.0)[11] > 8.0,
            "{:.1?} {:.1?}",
            cuts(0.0),
            cuts(1.0)
        );
    }
}
