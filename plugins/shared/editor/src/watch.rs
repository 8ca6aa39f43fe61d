//! The editor's own clock: a thread that lives while the window is open, looks at parameters and meters 30 times a second,
//! and wakes the window only if something that is drawn has changed. Where nothing has for a while, it looks less often.
//! (The framework's background tasks are not to be used, and its own timer asks whether or not there is anything new.)

use crate::parameter::Parameter;
use crate::scene::{Shared, lock};
use green_ring_shell::{Level, Meters};
use nice_plug_egui::baseview::WindowWaker;
use std::sync::mpsc::{Receiver, RecvTimeoutError::Timeout, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The time between two looks, and so between two repaints that no mouse asked for.
pub(crate) const TICK_S: f64 = 1.0 / 30.0;
/// The same where nothing has moved in so many looks: nobody sees that what begins to move does so a tenth of a second late.
const DOZE_S: f64 = 0.1;
const STILL: usize = 30;
/// The speed at which a peak bar falls. A number of taste, near that of IEC 60268-10 type I meters (20 dB in 1.7 s).
const FALL_DB: f32 = 12.0 * TICK_S as f32;
/// What a meter shows of silence.
pub(crate) const FLOOR_DB: f32 = -72.0;

/// What a meter shows, in steps that can be seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    /// The bar: up at once, down slowly.
    pub peak_db: f32,
    /// The highest sample since the last reset.
    pub highest_db: f32,
    /// Momentary loudness (ITU-R BS.1770, 400 ms).
    pub loudness_lufs: f32,
    pub clipped: bool,
}

impl Reading {
    const SILENT: Self = Self { peak_db: FLOOR_DB, highest_db: FLOOR_DB, loudness_lufs: FLOOR_DB, clipped: false };

    fn next(self, level: &Level) -> Self {
        let now_db = decibels(level.peak());
        Self {
            peak_db: now_db.max(self.peak_db - FALL_DB).max(FLOOR_DB),
            highest_db: now_db.max(self.highest_db),
            loudness_lufs: tenths(level.loudness_lufs()),
            clipped: level.clipped(),
        }
    }
}

fn decibels(peak: f32) -> f32 {
    tenths(20.0 * peak.max(1e-9).log10())
}

fn tenths(value: f32) -> f32 {
    if value.is_finite() { ((value * 10.0).round() / 10.0).max(FLOOR_DB) } else { FLOOR_DB }
}

/// What the two meters show now.
pub(crate) struct Readings {
    meters: Arc<Meters>,
    /// Input, then output.
    shown: Mutex<[Reading; 2]>,
}

impl Readings {
    pub fn new(meters: Arc<Meters>) -> Self {
        Self { meters, shown: Mutex::new([Reading::SILENT; 2]) }
    }

    pub fn shown(&self) -> [Reading; 2] {
        *self.lock()
    }

    /// Forgets the highest peaks and the clips.
    pub fn reset(&self) {
        self.meters.input.reset_clip();
        self.meters.output.reset_clip();
        for reading in self.lock().iter_mut() {
            (reading.highest_db, reading.clipped) = (FLOOR_DB, false);
        }
    }

    /// Where the song is: in quarter notes and in seconds, once anything was played.
    pub fn playhead(&self) -> Option<(f64, f64)> {
        self.meters.playhead.get()
    }

    /// Reads the meters once. Returns whether anything looks different.
    pub fn advance(&self) -> bool {
        let mut shown = self.lock();
        let next = [shown[0].next(&self.meters.input), shown[1].next(&self.meters.output)];
        std::mem::replace(&mut *shown, next) != next
    }

    fn lock(&self) -> MutexGuard<'_, [Reading; 2]> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What wakes the window's thread, once the window is built. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Wake(Arc<OnceLock<WindowWaker>>);

impl Wake {
    pub fn set(&self, waker: WindowWaker) {
        let _ = self.0.set(waker);
    }

    fn redraw(&self) {
        if let Some(waker) = self.0.get() {
            waker.request_redraw();
        }
    }
}

/// The thread. It ends, and the meters are closed, when this is dropped.
pub(crate) struct Watch {
    readings: Arc<Readings>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Starts to look. Allocates and starts a thread. Without a thread (the system refuses one) meters stand still, and
    /// the editor repaints when the mouse or the host asks for it.
    pub fn start(readings: Arc<Readings>, parameters: Vec<Parameter>, picture: Option<Shared>, wake: Wake) -> Self {
        readings.meters.set_open(true);
        let (stop, stopped) = channel();
        let theirs = Arc::clone(&readings);
        let thread = std::thread::Builder::new().name("green-ring-editor".into()).spawn(move || {
            let moved = |values: &mut Vec<_>| {
                let drawn = picture.as_ref().is_some_and(|picture| lock(picture).advance());
                drawn | theirs.advance() | remember(values, &parameters)
            };
            look(moved, &wake, &stopped);
        });
        Self { readings, stop: Some(stop), thread: thread.ok() }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            // An error would be a panic over there, which has been told already.
            let _ = thread.join();
        }
        self.readings.meters.set_open(false);
    }
}

/// Wakes the window whenever something has `moved`, until it is told to stop.
fn look(moved: impl Fn(&mut Vec<[f32; 2]>) -> bool, wake: &Wake, stopped: &Receiver<()>) {
    let (mut values, mut still) = (Vec::new(), 0);
    let pause = |still| Duration::from_secs_f64(if still < STILL { TICK_S } else { DOZE_S });
    while stopped.recv_timeout(pause(still)) == Err(Timeout) {
        still = if moved(&mut values) { 0 } else { still + 1 };
        if still == 0 {
            wake.redraw();
        }
    }
}

/// Takes the parameters' values down, without and with modulation. Returns whether one has changed.
fn remember(values: &mut Vec<[f32; 2]>, parameters: &[Parameter]) -> bool {
    values.resize(parameters.len(), [f32::NAN; 2]);
    let mut changed = false;
    for (value, parameter) in values.iter_mut().zip(parameters) {
        let now = [parameter.value(), parameter.modulated()];
        changed |= std::mem::replace(value, now) != now;
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn nothing_changed_is_nothing_drawn() {
        let readings = Readings::new(Arc::new(Meters::default()));
        assert!(!readings.advance(), "silence looks like silence");
    }

    #[test]
    fn a_moved_parameter_is_seen_once() {
        let plugin = testing::plugin();
        let parameters = testing::parameters(&plugin);
        let mut values = Vec::new();
        assert!(remember(&mut values, &parameters));
        assert!(!remember(&mut values, &parameters));
        testing::set(&parameters[0], 0.75);
        assert!(remember(&mut values, &parameters));
        assert!(!remember(&mut values, &parameters));
    }

    #[test]
    fn levels_are_whole_tenths_and_never_below_the_floor() {
        assert_eq!(decibels(0.5), -6.0);
        assert_eq!(decibels(0.0), FLOOR_DB);
        assert_eq!(tenths(f32::NEG_INFINITY), FLOOR_DB);
        assert_eq!(tenths(-23.04), -23.0);
    }

    #[test]
    fn meters_measure_while_it_lives_and_closing_joins_the_thread() {
        let meters = Arc::new(Meters::default());
        let readings = Arc::new(Readings::new(Arc::clone(&meters)));
        let watch = Watch::start(Arc::clone(&readings), Vec::new(), None, Wake::default());
        testing::hear(&meters, 1.5);
        assert!(meters.input.clipped());
        drop(watch);
        assert_eq!(Arc::strong_count(&readings), 1, "the thread has let go");
        meters.input.reset_clip();
        testing::hear(&meters, 1.5);
        assert!(!meters.input.clipped(), "nobody looks, nothing is measured");
    }
}
