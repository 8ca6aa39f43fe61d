//! The tape: its oxide with the head over it, the response of the machine, how fast it runs and how loud it is on tape.

mod curve;
mod map;
mod needle;
mod plot;
mod ribbon;
mod stretch;
mod tap;
mod trace;

use std::cell::Cell;
use std::sync::Arc;

use green_ring_dsp::Song;
use green_ring_editor::Picture;
use green_ring_editor::egui::{Align2, Painter, Rect, vec2};
use green_ring_editor::theme::{DIM, HOT, TEXT, Theme};
use green_ring_shell::Listener;

use crate::engine::reel::Reel;
use crate::engine::worn::{Dials, worn};
use crate::engine::{Map, Run, Settings, reached};
use crate::params::TapeDecayParams;
use curve::Curve;
use map::OxideMap;
use needle::Needle;
use plot::short;
pub use tap::{Line, Reading};
use trace::Trace;

/// Bounds of the number of parts that the tape is drawn in, and that before its width is known.
const COLUMNS: [usize; 2] = [64, 1_200];
const COLUMNS_AT_FIRST: usize = 600;

/// Tempo in beats a minute and sample rate in hertz until the song is heard.
const TEMPO_BPM: f64 = 120.0;
const RATE_HZ: f64 = 48_000.0;

/// Margin, height of the title, and room between parts, in units.
const MARGIN: f32 = 12.0;
const TITLE: f32 = 20.0;
const GAP: f32 = 16.0;

/// What of the height below the title is the tape's, and of the width below it the response's and the speed's.
const TAPE: f32 = 0.5;
const RESPONSE: f32 = 0.44;
const SPEED: f32 = 0.38;

/// The picture of the tape and its machine.
pub struct TapePicture {
    params: Arc<TapeDecayParams>,
    listener: Listener<Reading>,
    opened: bool,
    deck: Deck,
}

impl TapePicture {
    /// A picture of the machine with these parameters, which tells how it runs at the other end of `listener`. Allocates.
    pub fn new(params: Arc<TapeDecayParams>, listener: Listener<Reading>) -> Self {
        let deck = Deck::new(params.settings());
        Self { params, listener, opened: false, deck }
    }

    /// Looks at what was told since the last time, under `settings`. Returns whether the picture looks different.
    fn look(&mut self, settings: Settings) -> bool {
        if !std::mem::replace(&mut self.opened, true) {
            self.listener.clear();
        }
        let (mut heard, mut moved) = (false, false);
        self.listener.hear(|reading| {
            heard = true;
            moved |= self.deck.hear(&reading);
        });
        moved |= !heard && self.deck.needle.fall();
        self.deck.look(settings) | moved
    }
}

impl Picture for TapePicture {
    fn advance(&mut self) -> bool {
        self.look(self.params.settings())
    }

    fn paint(&self, painter: &Painter, area: Rect, theme: Theme) {
        self.deck.paint(painter, area, theme);
    }

    fn words(&self) -> String {
        self.deck.words()
    }
}

/// The machine as it is drawn.
#[derive(Debug)]
struct Deck {
    settings: Settings,
    /// The song where the tape is, and its sample rate, once it was heard.
    song: Option<(Song, f64)>,
    run: Run,
    mono: bool,
    /// Seconds until it no longer matters where playback began.
    pre_roll_s: f32,
    map: OxideMap,
    curve: Curve,
    trace: Trace,
    needle: Needle,
    /// The width that was painted last, in pixels.
    columns: Cell<usize>,
}

impl Deck {
    fn new(settings: Settings) -> Self {
        let mut deck = Self {
            settings,
            song: None,
            run: Run { speed: 1.0, behind_s: 0.0 },
            mono: false,
            pre_roll_s: 0.0,
            map: OxideMap::new(),
            curve: Curve::new(),
            trace: Trace::default(),
            needle: Needle::new(),
            columns: Cell::new(COLUMNS_AT_FIRST),
        };
        deck.look(settings);
        deck
    }

    /// Takes a reading. Returns whether anything moves. With the song stopped and nothing on the tape, it rests.
    fn hear(&mut self, reading: &Reading) -> bool {
        let moved = self.needle.show(reading.vu_db);
        let same = (self.run, self.mono) == (reading.run, reading.mono);
        if !moved && same && self.song.is_some() && !reading.song.playing && self.needle.rests() {
            return false;
        }
        (self.run, self.mono, self.pre_roll_s) = (reading.run, reading.mono, reading.pre_roll_s);
        self.trace.hear(reading);
        // Stopped tape stays where it is, while the song goes on.
        if self.run.speed > 0.0 || self.song.is_none() {
            let rate_hz = reading.rate_hz();
            let behind = (self.run.behind_s * rate_hz).round() as i64;
            self.song = Some((reading.song.moved(-behind), rate_hz));
            self.map.meet(self.place().0, self.needle.gain());
        }
        true
    }

    /// Looks at everything that follows from `settings` and the place of the tape. Returns whether it looks different.
    fn look(&mut self, settings: Settings) -> bool {
        let changed = std::mem::replace(&mut self.settings, settings) != settings;
        if self.song.is_none() {
            self.run.speed = if settings.tape_stop { 0.0 } else { 1.0 };
        }
        let (beats, song) = self.place();
        let Settings { passes, shed_rate, wear, wow, flutter, .. } = settings;
        let reel = Reel::new(&settings);
        let dials = Dials { passes: reel.pass(beats, passes, shed_rate), dropouts: 0.0, wow, flutter };
        let worn = worn(wear, &dials);
        let reached = reached(&Settings { wow: worn.wow, flutter: worn.flutter, ..settings });
        self.trace.dial(reached.wow, reached.flutter);
        let mapped = self.map.look(&settings, beats, reel.beat_ms(&song), self.columns.get(), self.mono);
        changed | mapped | self.curve.look(&settings, beats, song.tempo_bpm)
    }

    /// Beats from Start to where the tape is, and the song there: Start itself until the song is heard.
    fn place(&self) -> (f64, Song) {
        let reel = Reel::new(&self.settings);
        let (song, rate_hz) = self.song.unwrap_or_else(|| {
            let song = Song::new(false, 0, TEMPO_BPM, RATE_HZ);
            (song.moved(reel.origin(&song, RATE_HZ)), RATE_HZ)
        });
        (reel.beats(&song, song.sample, rate_hz), song)
    }

    /// Passes that the tape has behind it by the dial or the song, and those that the oxide has lost to, with Wear's.
    fn passes(&self) -> [f32; 2] {
        let Settings { passes, shed_rate, wear, .. } = self.settings;
        let passes = Reel::new(&self.settings).pass(self.map.head(), passes, shed_rate);
        [passes, worn(wear, &Dials { passes, ..Dials::default() }).passes]
    }

    fn title(&self) -> String {
        let [passes, lost] = self.passes();
        let tape = match self.settings.map {
            Map::Loop => "the loop",
            Map::WholeTape => "the tape",
        };
        let worn = if lost - passes >= 0.5 { format!(", as worn as after {lost:.0}") } else { String::new() };
        format!("Pass {passes:.1} of {tape}{worn}")
    }

    fn words(&self) -> String {
        let Settings { bypass, mix, tape_stop, .. } = self.settings;
        let text = match self.run {
            _ if bypass => "bypassed",
            _ if mix == 0.0 => "not heard at Mix 0 %",
            Run { speed: 0.0, .. } => "stopped",
            Run { speed: 1.0, behind_s: 0.0 } if self.pre_roll_s > 0.0 => {
                return format!("{}, pre-roll {:.1} s", self.wear_in_words(), self.pre_roll_s);
            }
            Run { speed: 1.0, behind_s: 0.0 } => return self.wear_in_words(),
            _ if tape_stop => "slowing down",
            _ => "spinning up",
        };
        text.into()
    }

    fn wear_in_words(&self) -> String {
        let ([passes, lost], wear) = (self.passes(), 100.0 * self.settings.wear);
        let left = match 100.0 * self.map.left() {
            left if left < 99.5 => format!("{left:.0} % of the oxide left"),
            _ => format!("treble to {} kHz", short(self.curve.ends_hz() / 1_000.0)),
        };
        match (passes, wear) {
            (0.0, 0.0) => "new tape".into(),
            (0.0, _) if lost < 0.5 => format!("worn {wear:.0} %, {left}"),
            (0.0, _) => format!("worn as after {lost:.0} passes, {left}"),
            _ => format!("pass {passes:.0}, {left}"),
        }
    }

    fn paint(&self, painter: &Painter, area: Rect, theme: Theme) {
        let inside = area.shrink2(vec2(theme.px(MARGIN), theme.px(0.75 * MARGIN)));
        let width = (inside.width() * painter.pixels_per_point()).clamp(0.0, 1e5) as usize;
        self.columns.set(width.clamp(COLUMNS[0], COLUMNS[1]));
        let (title, rest) = inside.split_top_bottom_at_y(inside.top() + theme.px(TITLE));
        self.paint_title(painter, title, theme);
        let (tape, below) = rest.split_top_bottom_at_fraction(TAPE);
        let tracks = if self.mono { 1 } else { 2 };
        ribbon::paint(painter, tape, theme, &self.map, tracks, self.settings.sync);
        let below = below.with_min_y(below.top() + theme.px(6.0));
        let gap = theme.px(GAP);
        let (response, rest) = below.split_left_right_at_fraction(RESPONSE);
        let (speed, vu) = rest.split_left_right_at_x(below.left() + (RESPONSE + SPEED) * below.width());
        self.curve.paint(painter, response, theme);
        self.trace.paint(painter, speed.with_min_x(speed.left() + gap), theme);
        self.needle.paint(painter, vu.with_min_x(vu.left() + gap), theme);
    }

    fn paint_title(&self, painter: &Painter, line: Rect, theme: Theme) {
        let (left, right) = line.split_left_right_at_fraction(0.58);
        theme.text(painter, left, Align2::LEFT_TOP, 14.0, TEXT, &self.title());
        let (dropouts, oxide) = (self.map.lifts().len(), format!("{:.0} % oxide left", 100.0 * self.map.left()));
        if dropouts == 0 {
            return theme.text(painter, right, Align2::RIGHT_TOP, 12.0, DIM, &oxide);
        }
        let (oxide_line, dropouts_line) = right.split_left_right_at_x(right.right() - theme.px(92.0));
        theme.text(painter, oxide_line, Align2::RIGHT_TOP, 12.0, DIM, &oxide);
        theme.text(painter, dropouts_line, Align2::RIGHT_TOP, 12.0, HOT, &dropouts_in_words(dropouts));
    }
}

fn dropouts_in_words(count: usize) -> String {
    format!("{count} dropout{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
