//! Host transport to an integer sample clock and to quarter notes.
//!
//! Hosts tell where they are once a block, in floating-point beats or seconds with rounding noise in them. An engine
//! that believed them to the last bit would place events differently on every run. [`SongClock`] counts samples
//! itself, and believes the host only when it says something new: a seek, a loop, a change of tempo.

/// Tempo where the host tells none, in quarter notes a minute.
pub const DEFAULT_TEMPO_BPM: f64 = 120.0;

/// Positions that differ by no more than this many samples are rounding noise of the host, not a jump.
const NOISE_SAMPLES: f64 = 1.5;

/// Beat offsets are rounded to this fraction of a quarter note (0.02 samples at 48 kHz and 120 bpm), so that
/// playbacks from different places agree on the same offset although the host's noise differs.
const BEAT_GRAIN: f64 = 1.0 / 1_048_576.0;

/// A tempo that changes by more than this share within a block is taken as it is told, block by block.
const STEEPEST: f64 = 0.05;

/// What a host tells at the start of a block, as plain numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HostTransport {
    /// Whether the song is moving.
    pub playing: bool,
    /// Tempo in quarter notes a minute.
    pub tempo_bpm: Option<f64>,
    /// Song position in samples; need not be whole.
    pub sample: Option<f64>,
    /// Song position in quarter notes.
    pub beat: Option<f64>,
}

/// The song as an engine needs it, valid from the first frame of a block on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Song {
    /// Whether the song is moving. Stopped, the clock runs freely on.
    pub playing: bool,
    /// Song position of the block's first frame, in samples. May be negative.
    pub sample: i64,
    /// Tempo in quarter notes a minute.
    pub tempo_bpm: f64,
    /// The beat that song sample 0 would have if the present tempo had always held.
    beat_at_zero: f64,
    quarters_per_sample: f64,
    bend: Bend,
}

/// How the tempo changes within a block, where it is on a ramp: evenly, from sample `from` on for `frames`. After that it stays.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Bend {
    from: i64,
    frames: f64,
    /// Half the change of the quarters a sample, each sample.
    half_slope: f64,
}

impl Bend {
    /// Quarter notes by which song sample `sample` lies ahead of the straight line.
    fn ahead(&self, sample: f64) -> f64 {
        let (t, whole) = (sample - self.from as f64, self.frames);
        let within = t.clamp(0.0, whole);
        self.half_slope * (within * within + 2.0 * whole * (t - whole).max(0.0))
    }
}

impl Song {
    /// A song that stands at `sample` with a constant tempo from its beginning.
    pub fn new(playing: bool, sample: i64, tempo_bpm: f64, rate_hz: f64) -> Self {
        let quarters_per_sample = tempo_bpm / (60.0 * rate_hz);
        Self { playing, sample, tempo_bpm, beat_at_zero: 0.0, quarters_per_sample, bend: Bend::default() }
    }

    /// Position in quarter notes of song sample `sample`, at the present tempo; on a tempo ramp, as it goes on to the end of the block.
    #[inline]
    pub fn beat(&self, sample: i64) -> f64 {
        let straight = self.beat_at_zero + sample as f64 * self.quarters_per_sample;
        if self.bend.half_slope == 0.0 { straight } else { straight + self.bend.ahead(sample as f64) }
    }

    /// Song position in samples (with its fraction) of quarter note `beat`, by the same rule.
    #[inline]
    pub fn sample_of(&self, beat: f64) -> f64 {
        let straight = (beat - self.beat_at_zero) / self.quarters_per_sample;
        if self.bend.half_slope == 0.0 {
            return straight;
        }
        // The bend is slight: each round brings it nearer by the tempo's change within a block.
        (0..6).fold(straight, |at, _| straight - self.bend.ahead(at) / self.quarters_per_sample)
    }

    /// Length of a quarter note in samples.
    #[inline]
    pub fn quarter_samples(&self) -> f64 {
        self.quarters_per_sample.recip()
    }

    /// Goes on at an even tempo from the song's present place; the beat there stays what it was, and is returned.
    fn straighten(&mut self, tempo_bpm: f64, rate_hz: f64) -> f64 {
        let beat = self.beat(self.sample);
        if tempo_bpm != self.tempo_bpm || self.bend != Bend::default() {
            (self.tempo_bpm, self.bend) = (tempo_bpm, Bend::default());
            self.quarters_per_sample = tempo_bpm / (60.0 * rate_hz);
            self.beat_at_zero = beat - self.sample as f64 * self.quarters_per_sample;
        }
        beat
    }

    /// The same song `frames` later (or earlier).
    #[inline]
    pub fn moved(&self, frames: i64) -> Self {
        Self { sample: self.sample + frames, ..*self }
    }
}

/// Follows a host's transport from block to block.
#[derive(Clone, Debug)]
pub struct SongClock {
    rate_hz: f64,
    /// The song as the next block begins, if nothing unexpected happens.
    next: Song,
    told: HostTransport,
    /// Song sample at which the last block began.
    began: i64,
}

impl SongClock {
    /// A clock at song sample 0 and 120 bpm.
    pub fn new(rate_hz: f64) -> Self {
        let next = Song::new(false, 0, DEFAULT_TEMPO_BPM, rate_hz);
        Self { rate_hz, next, told: HostTransport::default(), began: 0 }
    }

    /// Back to song sample 0. Does not allocate.
    pub fn reset(&mut self) {
        *self = Self::new(self.rate_hz);
    }

    /// The song for a block of `frames` of which the host tells `host`. With the transport stopped or absent the
    /// clock runs freely on from where it was.
    pub fn advance(&mut self, host: &HostTransport, frames: usize) -> Song {
        let mut song = Song { playing: host.playing, ..self.next };
        let tempo = host.tempo_bpm.filter(|t| t.is_finite() && *t > 0.0).unwrap_or(song.tempo_bpm);
        // A framework that splits blocks at events may repeat the block's position for each part: no news.
        let repeated = self.told.playing && host.sample == self.told.sample && host.beat == self.told.beat;
        if host.playing && repeated && tempo == song.tempo_bpm {
            song.bend.frames += frames as f64;
        } else {
            let predicted_beat = song.straighten(tempo, self.rate_hz);
            if host.playing && !repeated {
                place(&mut song, host, predicted_beat);
                song.bend = self.bend(&song, host, frames);
            }
            (self.told, self.began) = (*host, song.sample);
        }
        self.next = song.moved(frames as i64);
        song
    }

    /// How the tempo goes on within the block: as within the last one, if the beats that passed there say that it was
    /// a ramp. A tempo that jumped at the block's end passed as many beats as the old tempo has.
    fn bend(&self, song: &Song, host: &HostTransport, frames: usize) -> Bend {
        let passed = song.sample - self.began;
        let (Some(old), Some(new), Some(then), Some(now)) =
            (self.told.tempo_bpm, host.tempo_bpm, self.told.beat, host.beat)
        else {
            return Bend::default();
        };
        let rise = (new - old) / (60.0 * self.rate_hz);
        let swept = now - then - passed as f64 * old / (60.0 * self.rate_hz);
        let ramp = 0.5 * rise * passed as f64;
        let steep = rise.abs() * frames as f64 > STEEPEST * passed as f64 * song.quarters_per_sample;
        if !self.told.playing || passed <= 0 || rise == 0.0 || steep || (swept - ramp).abs() > 0.25 * ramp.abs() {
            return Bend::default();
        }
        Bend { from: song.sample, frames: frames as f64, half_slope: 0.5 * rise / passed as f64 }
    }
}

/// Puts `song` where the host says it is, unless that is where it was going anyway.
fn place(song: &mut Song, host: &HostTransport, predicted_beat: f64) {
    match (host.sample, host.beat) {
        (Some(told), _) if (told - song.sample as f64).abs() > NOISE_SAMPLES => song.sample = told.round() as i64,
        (None, Some(beat)) if ((beat - predicted_beat) * song.quarter_samples()).abs() > NOISE_SAMPLES => {
            song.sample = (beat * song.quarter_samples()).round() as i64;
        }
        _ => {}
    }
    match host.beat {
        Some(beat) => {
            let offset = beat - song.sample as f64 * song.quarters_per_sample;
            if ((offset - song.beat_at_zero) * song.quarter_samples()).abs() > NOISE_SAMPLES / 8.0 {
                song.beat_at_zero = (offset / BEAT_GRAIN).round() * BEAT_GRAIN;
            }
        }
        None => song.beat_at_zero = 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: f64 = 48_000.0;

    fn host(sample: f64, tempo: f64, noise: f64) -> HostTransport {
        HostTransport {
            playing: true,
            tempo_bpm: Some(tempo),
            sample: Some(sample + noise),
            beat: Some(sample * tempo / (60.0 * RATE) + noise * 1e-7),
        }
    }

    #[test]
    fn noise_of_the_host_moves_nothing_and_any_start_agrees() {
        let mut beats = vec![];
        for start in [0i64, 12_345, 7] {
            let mut clock = SongClock::new(RATE);
            let mut at = start;
            for k in 0..2_000 {
                let n = 1 + (k * 37) % 700;
                let noise = ((k * 7919) % 13) as f64 / 13.0 - 0.5;
                let song = clock.advance(&host(at as f64, 123.456, noise), n);
                assert_eq!(song.sample, at);
                at += n as i64;
            }
            let song = clock.advance(&host(at as f64, 123.456, 0.2), 1);
            beats.push(song.beat(1_000_000));
        }
        assert!(beats.windows(2).all(|w| w[0] == w[1]), "{beats:?}");
        assert_eq!(beats[0], 1_000_000.0 * (123.456 / (60.0 * RATE)));
    }

    #[test]
    fn a_seek_and_a_loop_are_believed_at_once() {
        let mut clock = SongClock::new(RATE);
        clock.advance(&host(0.0, 120.0, 0.0), 512);
        assert_eq!(clock.advance(&host(96_000.0, 120.0, 0.0), 512).sample, 96_000);
        assert_eq!(clock.advance(&host(24_000.0, 120.0, 0.0), 512).sample, 24_000);
        let song = clock.advance(&host(24_512.0, 120.0, 0.0), 512);
        assert_eq!((song.sample, song.beat(48_000)), (24_512, 2.0));
    }

    #[test]
    fn a_tempo_ramp_told_per_block_is_followed_within_a_tenth_of_a_sample() {
        let (mut clock, mut at, mut beat) = (SongClock::new(RATE), 0i64, 0.0f64);
        for k in 0..1_000 {
            let tempo = 100.0 + k as f64 * 0.05;
            let told =
                HostTransport { playing: true, tempo_bpm: Some(tempo), sample: Some(at as f64), beat: Some(beat) };
            let song = clock.advance(&told, 512);
            assert!((song.sample_of(beat) - at as f64).abs() < 0.25, "{k}");
            // The true ramp goes on within the block.
            beat += 512.0 / (60.0 * RATE) * (tempo + 0.025);
            at += 512;
        }
    }

    #[test]
    fn within_a_block_a_ramp_goes_on_as_it_came_and_a_jump_is_no_ramp() {
        let tempo = |at: f64| 100.0 + 1.5 * at / RATE;
        let beat = |at: f64| at / RATE * (100.0 + 0.75 * at / RATE) / 60.0;
        let told = |at: i64, tempo_bpm| HostTransport {
            playing: true,
            tempo_bpm: Some(tempo_bpm),
            sample: Some(at as f64),
            beat: Some(beat(at as f64)),
        };
        let (mut clock, mut worst) = (SongClock::new(RATE), 0.0f64);
        for k in 0..300 {
            let at = k * 4_096;
            let song = clock.advance(&told(at, tempo(at as f64)), 4_096);
            // What the first block does within itself nobody can know.
            for n in (0..4_096).filter(|_| k > 0).step_by(500) {
                worst = worst.max((song.sample_of(beat((at + n) as f64)) - (at + n) as f64).abs());
                assert!((song.beat(at + n) - beat((at + n) as f64)).abs() < 1e-5);
            }
        }
        assert!(worst < 0.25, "{worst} samples");
        // The tempo jumps where a block ends: what passed before it passed at the old one.
        let mut clock = SongClock::new(RATE);
        clock.advance(&HostTransport { beat: Some(0.0), ..host(0.0, 100.0, 0.0) }, 48_000);
        let passed = HostTransport { beat: Some(100.0 / 60.0), ..host(48_000.0, 102.0, 0.0) };
        let song = clock.advance(&passed, 48_000);
        assert!((song.beat(96_000) - (100.0 + 102.0) / 60.0).abs() < 1e-5, "{song:?}");
    }

    #[test]
    fn beats_alone_are_enough_and_a_change_of_tempo_is_no_jump() {
        let mut clock = SongClock::new(RATE);
        let told =
            |beat, tempo| HostTransport { playing: true, tempo_bpm: Some(tempo), sample: None, beat: Some(beat) };
        assert_eq!(clock.advance(&told(4.0, 120.0), 24_000).sample, 96_000);
        let song = clock.advance(&told(5.0, 60.0), 24_000);
        assert_eq!((song.sample, song.beat(song.sample)), (120_000, 5.0));
    }

    #[test]
    fn stopped_or_absent_it_runs_freely() {
        let mut clock = SongClock::new(RATE);
        let silent = HostTransport::default();
        assert_eq!(clock.advance(&silent, 100).sample, 0);
        assert_eq!(clock.advance(&silent, 100).sample, 100);
        assert_eq!(clock.advance(&silent, 1).tempo_bpm, 120.0);
        clock.advance(&host(5_000.0, 120.0, 0.0), 10);
        // A stopped host tells where its cursor is; that does not move.
        let parked = HostTransport { playing: false, ..host(5_010.0, 120.0, 0.0) };
        assert_eq!(clock.advance(&parked, 10).sample, 5_010);
        assert_eq!(clock.advance(&parked, 10).sample, 5_020);
        clock.reset();
        assert_eq!(clock.advance(&silent, 1).sample, 0);
    }

    #[test]
    fn a_position_repeated_for_the_parts_of_a_split_block_is_no_news() {
        let mut clock = SongClock::new(RATE);
        let told = HostTransport { playing: true, tempo_bpm: None, sample: Some(1_000.0), beat: None };
        assert_eq!(clock.advance(&told, 100).sample, 1_000);
        assert_eq!(clock.advance(&told, 28).sample, 1_100);
    }
}
