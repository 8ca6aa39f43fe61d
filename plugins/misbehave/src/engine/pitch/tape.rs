//! A head at another speed, put back before it runs out.

use super::super::{
    align::{Aligner, Strand, fade},
    reader::{Kernels, kernels},
    record::{Frame, Record},
};

/// Seconds from one jump of the head to the next, and of the fade between the two.
const HOP_S: f64 = 0.05;
const FADE_S: f64 = 0.008;

/// Seconds by which a jump may land elsewhere, to be in step.
const SLACK_S: f64 = 0.006;

/// The largest ratio of speeds.
const FASTEST: f64 = 2.0;

/// A head that jumps.
#[derive(Clone, Debug)]
pub struct Tape {
    kernels: &'static Kernels,
    aligner: Aligner,
    ratio: f64,
    now: i64,
    /// Samples behind the song at which the head lands, from hop to hop, and of a fade.
    lead: i64,
    hop: i64,
    fade: i64,
    /// Song sample from which the present hop counts; the head's place then; the old head's; how alike they are.
    from: i64,
    head: Place,
    old: Place,
    likeness: f32,
}

/// A whole song sample and a fraction after it.
#[derive(Clone, Copy, Debug)]
struct Place(i64, f64);

impl Tape {
    /// A head `ratio` times as fast, in the song sample `origin`.
    pub fn new(ratio: f64, origin: i64, aligner: &Aligner, rate_hz: f64) -> Self {
        let samples = |s: f64| (s * rate_hz).ceil() as i64;
        let (hop, fade) = (samples(HOP_S), samples(FADE_S));
        let lead = lead(ratio, rate_hz);
        let head = Place(origin - lead, 0.0);
        Self {
            kernels: kernels(),
            aligner: *aligner,
            ratio,
            now: origin,
            lead,
            hop,
            fade,
            // The first head is there at once.
            from: origin - fade,
            head: Place(origin - lead - (ratio * fade as f64).floor() as i64, 0.0),
            old: head,
            likeness: 0.0,
        }
    }

    /// Samples before the event's first one that may be read.
    pub fn back(rate_hz: f64) -> i64 {
        // The comparison of two places looks 15 ms behind them.
        lead(FASTEST, rate_hz) + ((FASTEST * FADE_S + SLACK_S + 0.016) * rate_hz).ceil() as i64
    }

    /// The next frame.
    #[inline]
    pub fn next(&mut self, record: &Record) -> Frame {
        if self.now - self.from >= self.hop {
            self.jump(record);
        }
        let age = self.now - self.from;
        self.now += 1;
        let frame = self.read(record, self.head, age);
        if age >= self.fade {
            return frame;
        }
        let gains = fade(age as f32 / self.fade as f32, self.likeness);
        let old = self.read(record, self.old, age);
        [0, 1].map(|side| gains[0] * old[side] + gains[1] * frame[side])
    }

    fn read(&self, record: &Record, place: Place, age: i64) -> Frame {
        let Place(whole, fraction) = place.moved(self.ratio * age as f64);
        self.kernels.read_at(record, whole, fraction, self.ratio)
    }

    /// Puts the head back where the sound goes on as it does here.
    fn jump(&mut self, record: &Record) {
        self.old = self.head.moved(self.ratio * (self.now - self.from) as f64);
        let strand = |at: i64| Strand { at, step: 1 };
        let entry = self.aligner.align(record, strand(self.old.0), strand(self.now - self.lead));
        self.head = Place(entry.at, self.old.1);
        self.likeness = entry.likeness;
        self.from = self.now;
    }
}

impl Place {
    fn moved(self, samples: f64) -> Self {
        let place = self.1 + samples;
        let whole = place.floor();
        Self(self.0 + whole as i64, place - whole)
    }
}

/// Samples behind the song at which a head must land, so as not to run out before the next jump has faded.
fn lead(ratio: f64, rate_hz: f64) -> i64 {
    let gained = (ratio - 1.0).max(0.0) * (HOP_S + FADE_S);
    ((gained + SLACK_S) * rate_hz).ceil() as i64 + kernels().reach(ratio) + 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_moved_and_stays_even() {
        const RATE: f64 = 48_000.0;
        let mut record = Record::new(1 << 17);
        for cell in 0..3_000 {
            record.write(&[std::array::from_fn(|k| ((cell * 32 + k) as f32 * 0.05).sin()); 2], 32);
        }
        for ratio in [0.5, 0.7491535, 1.3348399, 2.0] {
            let mut tape = Tape::new(ratio, 40_000, &Aligner::new(RATE), RATE);
            let heard: Vec<f32> = (0..40_000).map(|_| tape.next(&record)[0]).collect();
            let turns = heard.windows(2).filter(|x| x[0] < 0.0 && x[1] >= 0.0).count() as f64;
            let want = 40_000.0 * 0.05 * ratio / std::f64::consts::TAU;
            assert!((turns / want - 1.0).abs() < 0.01, "{ratio}: {turns} {want}");
            let period = (std::f64::consts::TAU / 0.05 / ratio).ceil() as usize;
            let quietest =
                heard.chunks_exact(period).map(|c| c.iter().fold(0.0f32, |p, x| p.max(x.abs()))).fold(9.0, f32::min);
            assert!(quietest > 0.9, "{ratio}: {quietest}");
        }
    }
}
