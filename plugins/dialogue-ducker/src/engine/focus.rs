//! How a loudness difference is shared out: as much as Focus says in the bands where speech needs it, the rest evenly.

use super::Settings;
use super::bands::{AUDIBLE_DB, Bands, IMPORTANCE, audibility, k_gains, speech_db};

/// The most that a band yields beyond the rest, in dB: deeper holes are heard as a telephone.
const DEEPEST_BAND_DB: f32 = 18.0;

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
    /// Evenly, in dB.
    pub even_db: f32,
    /// Beyond that in each band, in dB.
    pub bands_db: Bands,
}

/// What is known of dialogue and bed.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// Loudness of the dialogue, in LUFS.
    pub dialogue_lufs: f32,
    /// Power of each band of the bed before trim.
    pub bed: Bands,
    /// Share of the bed's K-weighted power that lies between the lowest and the highest band.
    pub inside: f32,
}

/// Shares out.
#[derive(Clone, Debug)]
pub struct Focus {
    /// Power gain of K-weighting, and level of speech at 0 LUFS, in each band.
    k: Bands,
    speech_db: Bands,
    /// Root of the importance of each band, the most important being 1: the square favours the middle so much that the
    /// bed's own loud bands are left alone, and little is won.
    weight: Bands,
}

impl Focus {
    /// At `rate_hz`.
    pub fn new(rate_hz: f64) -> Self {
        let k = k_gains(rate_hz);
        let most = IMPORTANCE.iter().fold(0.0f32, |m, i| m.max(*i));
        Self { k, speech_db: speech_db(&k), weight: IMPORTANCE.map(|i| (i / most).sqrt()) }
    }

    /// How far speech stands above the bed in each band, in dB.
    fn above_db(&self, settings: &Settings, scene: &Scene) -> Bands {
        let trimmed = |b: usize| 10.0 * (scene.bed[b] + 1e-20).log10() + settings.bed_trim_db;
        std::array::from_fn(|b| scene.dialogue_lufs + self.speech_db[b] - trimmed(b))
    }

    /// The least even cut in dB, of at most `depth_db`, under which the bed does not mask speech.
    pub fn unmasking_db(&self, settings: &Settings, scene: &Scene, depth_db: f32) -> f32 {
        let above_db = self.above_db(settings, scene);
        least(depth_db, |cut_db| audibility(&above_db.map(|db| db + cut_db)) >= UNMASKED)
    }

    /// Shares out a depth of `depth_db`: the bed becomes quieter by as much, in LU, however it is shared.
    pub fn share(&self, settings: &Settings, scene: &Scene, depth_db: f32) -> Shares {
        let above_db = self.above_db(settings, scene);
        let own = without_neighbours(&scene.bed);
        let mut parts: Bands = std::array::from_fn(|b| self.k[b] * own[b]);
        let scale = scene.inside / parts.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        parts.iter_mut().for_each(|part| *part *= scale);
        let bands = |even_db: f32, share: f32| -> Bands {
            std::array::from_fn(|b| {
                let useful_db = (AUDIBLE_DB - above_db[b] - even_db).clamp(0.0, DEEPEST_BAND_DB);
                (share * self.weight[b] * useful_db).min(settings.max_depth_db - even_db).max(0.0)
            })
        };
        let left = 10f32.powf(-depth_db / 10.0);
        let enough = |even_db: f32, bands: &Bands| {
            let saved: f32 = parts.iter().zip(bands).map(|(part, db)| part * (1.0 - 10f32.powf(-db / 10.0))).sum();
            10f32.powf(-even_db / 10.0) * (1.0 - saved) <= left
        };
        if enough(0.0, &bands(0.0, settings.focus)) {
            let share = least(settings.focus, |share| enough(0.0, &bands(0.0, share)));
            return Shares { even_db: 0.0, bands_db: bands(0.0, share) };
        }
        let even_db = least(depth_db, |even_db| enough(even_db, &bands(even_db, settings.focus)));
        Shares { even_db, bands_db: bands(even_db, settings.focus) }
    }
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
    use crate::engine::bands::BANDS;

    /// A bed with the spectrum of speech at -27 LUFS, all of it within the bands, under speech as loud.
    fn alike(focus: &Focus) -> Scene {
        let bed = focus.speech_db.map(|db| 10f32.powf((db - 27.0) / 10.0));
        Scene { dialogue_lufs: -27.0, bed, inside: 1.0 }
    }

    #[test]
    fn the_loudness_given_up_is_the_depth_however_it_is_shared() {
        let focus = Focus::new(48_000.0);
        let scene = alike(&focus);
        for amount in [0.3, 0.6, 1.0] {
            let settings = Settings { focus: amount, max_depth_db: 60.0, ..Settings::default() };
            let shares = focus.share(&settings, &scene, 10.0);
            let own = without_neighbours(&scene.bed);
            let weighed = |b: usize| focus.k[b] * own[b];
            let left: f32 = (0..BANDS).map(|b| weighed(b) * 10f32.powf(-shares.bands_db[b] / 10.0)).sum();
            let lost_db = shares.even_db - 10.0 * (left / (0..BANDS).map(weighed).sum::<f32>()).log10();
            assert!((lost_db - 10.0).abs() < 0.05, "{amount}: {lost_db}");
            assert!(shares.bands_db.iter().any(|db| *db > 1.0) && shares.even_db < 10.0);
        }
        assert_eq!(focus.share(&Settings::default(), &scene, 0.0), Shares { even_db: 0.0, bands_db: [0.0; BANDS] });
    }

    #[test]
    fn no_band_goes_below_max_depth_or_beyond_what_can_be_heard() {
        let focus = Focus::new(48_000.0);
        let settings = Settings { focus: 1.0, max_depth_db: 12.0, ..Settings::default() };
        let shares = focus.share(&settings, &alike(&focus), 10.0);
        assert!(shares.bands_db.iter().all(|db| shares.even_db + db <= 12.01));
        let faint = Scene { bed: alike(&focus).bed.map(|p| p * 0.01), ..alike(&focus) };
        assert_eq!(focus.share(&settings, &faint, 6.0).bands_db, [0.0; BANDS], "20 dB below speech in every band");
        assert_eq!(focus.unmasking_db(&settings, &faint, 60.0), 0.0);
        assert!((focus.unmasking_db(&settings, &alike(&focus), 60.0) - 12.0).abs() < 0.1);
    }
}
