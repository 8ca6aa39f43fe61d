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
    /// Sixteen times the sample rate: for rendering.
    Sixteen,
}

/// What [`Settings::start`] counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// Quarter notes.
    Beats,
    /// Seconds.
    Time,
}

/// What kind of machine it is: its heads, its tape and its electronics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machine {
    /// A quarter-inch studio recorder.
    Studio,
    /// A reel-to-reel recorder for the home.
    Domestic,
    /// A cassette deck.
    Cassette,
    /// A pocket recorder for speech.
    Dictaphone,
}

/// The standard that the tape is recorded and replayed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Equalisation {
    /// IEC 60094-1, at 30 ips AES.
    Iec,
    /// NAB.
    Nab,
}

/// Where the number of the pass comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassMode {
    /// From [`Settings::passes`].
    Manual,
    /// From the song: one pass every pass length since Start, times the shed rate.
    Song,
}

/// What the oxide map lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Map {
    /// A tape as long as the song: no place comes twice.
    WholeTape,
    /// A loop of one pass length.
    Loop,
}

/// All settings of the machine. The default is a healthy quarter-inch recorder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// How worn everything is, 0 (new) to 1 (ruined): adds to the other settings.
    pub wear: f32,
    /// Where the number of the pass comes from.
    pub pass_mode: PassMode,
    /// Passes that the tape has been played before, 0 to 400.
    pub passes: f32,
    /// What the oxide map lies on.
    pub map: Map,
    /// Length of a pass in bars of four quarter notes, 0.25 to 64: under [`Sync::Beats`].
    pub pass_length_bars: f32,
    /// Length of a pass in seconds, 1 to 120: under [`Sync::Time`].
    pub pass_length_s: f32,
    /// Passes' worth of oxide that each pass sheds, 0.1 to 10.
    pub shed_rate: f32,
    /// What kind of machine it is.
    pub machine: Machine,
    /// Speed of the tape in inches a second: 30, 15, 7.5, 3.75 or 1.875.
    pub speed_ips: f32,
    /// The standard of recording and replay.
    pub equalisation: Equalisation,
    /// Level in dBFS rms of the sine that is 0 VU on tape, -24 to -9.
    pub operating_level_db: f32,
    /// Gain in dB into the tape, -12 to +24. Loudness is held behind it.
    pub drive_db: f32,
    /// Bias in dB re what the tape asks for, -4 to +8: more costs treble, less bends sooner.
    pub bias_db: f32,
    /// Share of the dial of hysteresis, 0 to 1.
    pub hysteresis: f32,
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
    /// Hiss in dB, A-weighted, re the level of 3 % third harmonic; minus infinity is none.
    pub hiss_db: f32,
    /// Noise that follows the signal, 0 to 1.
    pub modulation_noise: f32,
    /// How often and how badly the tape loses contact, 0 to 1.
    pub dropouts: f32,
    /// Distance of the tape from the replay head beyond the aligned machine's, in micrometres, 0 to 30.
    pub spacing_um: f32,
    /// Angle of the replay head against the tracks in minutes of arc, 0 to 60.
    pub azimuth_arcmin: f32,
    /// Each channel in the other, in dB; minus infinity is none.
    pub crosstalk_db: f32,
    /// What the next layer on the reel prints, in dB; minus infinity is none.
    pub print_through_db: f32,
    /// Share of the replay head's bass contour, 0 (aligned) to 1.
    pub head_bump: f32,
    /// Level of the side signal: 0 is mono, 1 leaves the image alone, 2 doubles it.
    pub width: f32,
    /// Whether the transport is braked.
    pub tape_stop: bool,
    /// Seconds from full speed to standstill, 0.1 to 10.
    pub stop_time_s: f32,
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
            wear: 0.0,
            pass_mode: PassMode::Manual,
            passes: 0.0,
            map: Map::WholeTape,
            pass_length_bars: 8.0,
            pass_length_s: 10.0,
            shed_rate: 1.0,
            machine: Machine::Domestic,
            speed_ips: 7.5,
            equalisation: Equalisation::Iec,
            operating_level_db: -18.0,
            drive_db: 4.0,
            bias_db: 0.0,
            hysteresis: 0.2,
            even_harmonics: 0.5,
            wow: 0.08 / 100.0,
            wow_rate_hz: 1.0,
            flutter: 0.06 / 100.0,
            flutter_rate_hz: 9.0,
            scrape: 0.0,
            hiss_db: f32::NEG_INFINITY,
            modulation_noise: 0.2,
            dropouts: 0.0,
            spacing_um: 0.0,
            azimuth_arcmin: 0.0,
            crosstalk_db: f32::NEG_INFINITY,
            print_through_db: f32::NEG_INFINITY,
            head_bump: 0.5,
            width: 1.0,
            tape_stop: false,
            stop_time_s: 1.2,
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
