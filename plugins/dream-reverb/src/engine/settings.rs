//! What a player can set, in real units.

/// What seeded movement is counted in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sync {
    /// Seconds of the song.
    #[default]
    Time,
    /// Quarter notes of the song.
    Beats,
}

/// Whom the wet sound yields to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DuckFrom {
    /// The dry sound.
    #[default]
    Dry,
    /// The key input.
    Key,
}

/// Everything that shapes the sound. Values outside their range are held at its edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// From the room (0) to the dream (1): early reflections, decay, diffusion, tone, movement and transforms together.
    pub dream: f32,
    /// Share of wet sound, 0..1, at equal power.
    pub mix: f32,
    /// Level of dry and wet together, -24..+24 dB.
    pub output_db: f32,
    /// Length of the room, 2..60 m: spacing of echoes and of resonances.
    pub size_m: f32,
    /// Silence before the room answers, 0..0.5 s.
    pub pre_delay_s: f32,
    /// The same in quarter notes, up to a second, in place of `pre_delay_s`.
    pub pre_delay_quarters: Option<f64>,
    /// Level of the early reflections, -inf..+6 dB.
    pub early_db: f32,
    /// Time in which the middle of the spectrum falls by 60 dB, 0.05..20 s.
    pub decay_s: f32,
    /// The same at Dream 1, 0.5..60 s.
    pub dream_decay_s: f32,
    /// Decay of the low band as a share of the middle's, 0.25..2.
    pub low_decay: f32,
    /// Where the low band ends, 80..800 Hz.
    pub low_crossover_hz: f32,
    /// Decay of the high band as a share of the middle's, 0.1..1.
    pub high_decay: f32,
    /// Where the high band begins, 1 500..12 000 Hz.
    pub high_crossover_hz: f32,
    /// How far an onset is spread before it enters the tail, 0..1.
    pub diffusion: f32,
    /// How slowly the dream's tail builds instead of striking, 0..1.
    pub swell: f32,
    /// How much the tail moves within itself, 0..1. 0 is a room that stands still.
    pub motion: f32,
    /// How much of the tail comes back into the dream at another pitch, 0..1.
    pub shimmer: f32,
    /// That pitch, -2400..+2400 cents.
    pub shimmer_cents: f32,
    /// How much of the dream is its own past played backwards, 0..1.
    pub reverse: f32,
    /// Length of a backward segment in quarter notes, 0.5..16, where `sync` is beats.
    pub reverse_quarters: f64,
    /// Length of a backward segment, 0.2..12 s, where `sync` is time.
    pub reverse_s: f32,
    /// How much of the dream is grains of its own past, 0..1.
    pub grains: f32,
    /// Length of a grain, 0.02..1 s.
    pub grain_size_s: f32,
    /// How far grains are spread in time, place and level, 0..1.
    pub grain_spray: f32,
    /// How far the dream's clock of echoes, grains and segments wanders, 0..1.
    pub drift: f32,
    /// How much of the dream sings, 0..1.
    pub choir: f32,
    /// What it sings, 0..4: a, e, i, o, u.
    pub vowel: f32,
    /// How much of the dream is a low voice that holds on to what the tail held, 0..1.
    pub drone: f32,
    /// How far everything has gone away: level, top and width, dry and wet, 0..1.
    pub recede: f32,
    /// Width of the wet sound, 0 (mono)..1.5, at constant power.
    pub width: f32,
    /// Below this nothing enters the room, 20..1 000 Hz, 12 dB an octave.
    pub low_cut_hz: f32,
    /// Above this nothing enters the room, 1 000..20 000 Hz, 12 dB an octave.
    pub high_cut_hz: f32,
    /// Holds the tail for ever and lets nothing new in. The dry sound passes.
    pub freeze: bool,
    /// Holds the tail for ever and lets new sound in, at a level that is kept.
    pub infinite: bool,
    /// Chokes the wet sound to digital zero.
    pub silence: bool,
    /// How long that takes, 0.05..30 s.
    pub silence_s: f32,
    /// By how much the wet sound yields, 0..24 dB.
    pub duck_db: f32,
    /// Whom it yields to.
    pub duck_from: DuckFrom,
    /// Size moves with a change of pitch, as in a room whose walls move.
    pub glide: bool,
    /// Which room of its kind: another seed has other reflections and another movement.
    pub seed: u32,
    /// What movement is counted in.
    pub sync: Sync,
    /// Where movement is counted from, in seconds or in quarter notes.
    pub start: f64,
    /// The input, untouched.
    pub bypass: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            dream: 0.0,
            mix: 0.3,
            output_db: 0.0,
            size_m: 14.0,
            pre_delay_s: 0.012,
            pre_delay_quarters: None,
            early_db: 0.0,
            decay_s: 1.1,
            dream_decay_s: 9.0,
            low_decay: 1.1,
            low_crossover_hz: 250.0,
            high_decay: 0.55,
            high_crossover_hz: 4_000.0,
            diffusion: 0.7,
            swell: 0.35,
            motion: 0.35,
            shimmer: 0.0,
            shimmer_cents: 1_200.0,
            reverse: 0.3,
            reverse_quarters: 4.0,
            reverse_s: 2.0,
            grains: 0.35,
            grain_size_s: 0.18,
            grain_spray: 0.3,
            drift: 0.25,
            choir: 0.0,
            vowel: 0.0,
            drone: 0.0,
            recede: 0.0,
            width: 1.0,
            low_cut_hz: 80.0,
            high_cut_hz: 12_000.0,
            freeze: false,
            infinite: false,
            silence: false,
            silence_s: 2.0,
            duck_db: 0.0,
            duck_from: DuckFrom::Dry,
            glide: false,
            seed: 0,
            sync: Sync::Time,
            start: 0.0,
            bypass: false,
        }
    }
}

impl Settings {
    /// The same settings, each held within its range; what is not a number takes its default.
    pub fn held(&self) -> Self {
        let d = Self::default();
        let share = |x, default| held(x, 0.0, 1.0, default);
        Self {
            dream: share(self.dream, d.dream),
            mix: share(self.mix, d.mix),
            output_db: held(self.output_db, -24.0, 24.0, d.output_db),
            size_m: held(self.size_m, 2.0, 60.0, d.size_m),
            pre_delay_s: held(self.pre_delay_s, 0.0, 0.5, d.pre_delay_s),
            pre_delay_quarters: self.pre_delay_quarters.filter(|x| x.is_finite()).map(|x| x.clamp(0.0, 16.0)),
            early_db: held(self.early_db, f32::NEG_INFINITY, 6.0, d.early_db),
            decay_s: held(self.decay_s, 0.05, 20.0, d.decay_s),
            dream_decay_s: held(self.dream_decay_s, 0.5, 60.0, d.dream_decay_s),
            low_decay: held(self.low_decay, 0.25, 2.0, d.low_decay),
            low_crossover_hz: held(self.low_crossover_hz, 80.0, 800.0, d.low_crossover_hz),
            high_decay: held(self.high_decay, 0.1, 1.0, d.high_decay),
            high_crossover_hz: held(self.high_crossover_hz, 1_500.0, 12_000.0, d.high_crossover_hz),
            diffusion: share(self.diffusion, d.diffusion),
            swell: share(self.swell, d.swell),
            motion: share(self.motion, d.motion),
            shimmer: share(self.shimmer, d.shimmer),
            shimmer_cents: held(self.shimmer_cents, -2_400.0, 2_400.0, d.shimmer_cents),
            reverse: share(self.reverse, d.reverse),
            reverse_quarters: held64(self.reverse_quarters, 0.5, 16.0, d.reverse_quarters),
            reverse_s: held(self.reverse_s, 0.2, 12.0, d.reverse_s),
            grains: share(self.grains, d.grains),
            grain_size_s: held(self.grain_size_s, 0.02, 1.0, d.grain_size_s),
            grain_spray: share(self.grain_spray, d.grain_spray),
            drift: share(self.drift, d.drift),
            choir: share(self.choir, d.choir),
            vowel: held(self.vowel, 0.0, 4.0, d.vowel),
            drone: share(self.drone, d.drone),
            recede: share(self.recede, d.recede),
            silence_s: held(self.silence_s, 0.05, 30.0, d.silence_s),
            duck_db: held(self.duck_db, 0.0, 24.0, d.duck_db),
            width: held(self.width, 0.0, 1.5, d.width),
            low_cut_hz: held(self.low_cut_hz, 20.0, 1_000.0, d.low_cut_hz),
            high_cut_hz: held(self.high_cut_hz, 1_000.0, 20_000.0, d.high_cut_hz),
            start: held64(self.start, -1e6, 1e6, d.start),
            ..*self
        }
    }
}

fn held64(x: f64, low: f64, high: f64, default: f64) -> f64 {
    if x.is_finite() { x.clamp(low, high) } else { default }
}

fn held(x: f32, low: f32, high: f32, default: f32) -> f32 {
    if x.is_nan() { default } else { x.clamp(low, high) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wild_settings_are_held_and_sane_ones_kept() {
        let wild = Settings { size_m: f32::INFINITY, decay_s: f32::NAN, start: f64::NAN, ..Settings::default() };
        assert_eq!(wild.held(), Settings { size_m: 60.0, ..Settings::default() });
        let silent = Settings { early_db: f32::NEG_INFINITY, ..Settings::default() };
        assert_eq!(silent.held(), silent);
    }
}
