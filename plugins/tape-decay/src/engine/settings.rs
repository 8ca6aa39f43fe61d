//! What the machine is told, in real units.

/// How many times the sample rate the tape's curve is computed at. All tell the same latency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// Twice the sample rate.
    Two,
    /// Four times the sample rate.
    Four,
    /// Eight times the sample rate.
    Eight,
}

/// What [`Settings::start`] counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// Quarter notes.
    Beats,
    /// Seconds.
    Time,
}

/// All settings of the machine. The default is a healthy quarter-inch recorder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Level in dBFS rms of the sine that is 0 VU on tape, -24 to -9.
    pub operating_level_db: f32,
    /// Gain in dB into the tape, -12 to +24. Loudness is held behind it.
    pub drive_db: f32,
    /// Second harmonic over third harmonic of a sine at operating level on tape, 0 to 1.2.
    pub even_harmonics: f32,
    /// Slow pitch wander as AES6 weighted two-sigma speed deviation, 0 to 0.03 (3 %).
    pub wow: f32,
    /// Turning rate behind the wow in Hz, 0.2 to 4.
    pub wow_rate_hz: f32,
    /// Fast pitch wander as AES6 weighted two-sigma speed deviation, 0 to 0.02 (2 %).
    pub flutter: f32,
    /// Turning rate behind the flutter in Hz, 4 to 60.
    pub flutter_rate_hz: f32,
    /// Speed noise of tape that sticks and slips over the heads, around 2.8 kHz, as unweighted two-sigma deviation,
    /// 0 to 0.01 (1 %).
    pub scrape: f32,
    /// Level of the side signal: 0 is mono, 1 leaves the image alone, 2 doubles it.
    pub width: f32,
    /// Oversampling of the tape's curve.
    pub quality: Quality,
    /// Which of 2^32 machines this is.
    pub seed: u32,
    /// What `start` counts in.
    pub sync: Sync,
    /// Song position at which the machine's clock reads zero, in quarter notes or seconds.
    pub start: f64,
    /// Share of the machine's sound, 0 to 1.
    pub mix: f32,
    /// Gain in dB behind everything, -24 to +24.
    pub output_db: f32,
    /// The input passes untouched, delayed by the told latency.
    pub bypass: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            operating_level_db: -18.0,
            drive_db: 4.0,
            even_harmonics: 0.5,
            wow: 0.08 / 100.0,
            wow_rate_hz: 1.0,
            flutter: 0.06 / 100.0,
            flutter_rate_hz: 9.0,
            scrape: 0.0,
            width: 1.0,
            quality: Quality::Four,
            seed: 0,
            sync: Sync::Beats,
            start: 0.0,
            mix: 1.0,
            output_db: 0.0,
            bypass: false,
        }
    }
}
