//! What the gates of single parts read: a record with a sound in it.

use green_ring_dsp::CELL;
use misbehave::engine::record::Record;
use suite_tests::signals::Planar;

/// A record in which `sound` (two channels) was heard from song sample 0 on.
pub fn record(sound: &Planar) -> Record {
    let mut record = Record::new(sound[0].len() + CELL);
    for (left, right) in sound[0].chunks(CELL).zip(sound[1].chunks(CELL)) {
        let cell = |part: &[f32]| std::array::from_fn(|k| part.get(k).copied().unwrap_or(0.0));
        record.write(&[cell(left), cell(right)], left.len());
    }
    record
}
