//! Notes: one a lane, velocity is depth.

use green_ring_dsp::Song;
use nice_plug::prelude::*;

use crate::engine::{Engine, Lane, Settings};

/// The note of the first lane (C1 where middle C is C3); the others lie above it, one a semitone.
const BASE_KEY: u8 = 36;

/// The least depth that a note has.
const SOFTEST: f32 = 1.0 / 127.0;

/// What `event` does: at which frame, to which lane, and how strongly (0: it is let go). `None` for what is no such note.
pub(crate) fn read(event: &NoteEvent<()>) -> Option<(usize, Lane, f32)> {
    let (timing, key, strength) = match *event {
        NoteEvent::NoteOn { timing, key, velocity, .. } => (timing, key, velocity.clamp(SOFTEST, 1.0)),
        NoteEvent::NoteOff { timing, key, .. } | NoteEvent::Choke { timing, key, .. } => (timing, key, 0.0),
        _ => return None,
    };
    let lane = Lane::ALL.get(usize::from(key.number()?.checked_sub(BASE_KEY)?))?;
    Some((timing as usize, *lane, strength))
}

/// Plays a block, cut where notes come and go.
pub(crate) fn play(
    engine: &mut Engine,
    settings: &Settings,
    song: &Song,
    block: &mut [&mut [f32]],
    mut next: impl FnMut() -> Option<NoteEvent<()>>,
) {
    let frames = block.first().map_or(0, |channel| channel.len());
    let mut done = 0;
    while let Some(event) = next() {
        if let Some((at, lane, strength)) = read(&event) {
            let at = at.clamp(done, frames);
            span(engine, settings, song, block, [done, at]);
            engine.note(lane, strength);
            done = at;
        }
    }
    span(engine, settings, song, block, [done, frames]);
}

fn span(engine: &mut Engine, settings: &Settings, song: &Song, block: &mut [&mut [f32]], [from, to]: [usize; 2]) {
    let song = song.moved(from as i64);
    match block {
        _ if from == to => {}
        [left, right] => engine.process(settings, &song, &mut [&mut left[from..to], &mut right[from..to]]),
        [mono] => engine.process(settings, &song, &mut [&mut mono[from..to]]),
        _ => {}
    }
}
