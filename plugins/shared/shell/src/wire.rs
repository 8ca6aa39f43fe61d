//! A wire from the audio thread to a picture in the editor: a queue of small readings that never waits.
//!
//! Nobody empties it while the editor is closed: it fills up once, and from then on telling costs nothing. A picture that
//! opens begins by throwing away what is stale.

use std::sync::{Arc, Mutex, PoisonError};

use rtrb::{Consumer, Producer, RingBuffer};

/// A wire that holds up to `length` readings. Allocates.
pub fn wire<T: Copy + Send>(length: usize) -> (Teller<T>, Listener<T>) {
    let (producer, consumer) = RingBuffer::new(length);
    (Teller(producer), Listener(Arc::new(Mutex::new(consumer))))
}

/// The audio thread's end.
#[derive(Debug)]
pub struct Teller<T>(Producer<T>);

impl<T: Copy + Send> Teller<T> {
    /// Whether anything would get through: nothing need be computed for a full wire.
    pub fn is_open(&self) -> bool {
        !self.0.is_full()
    }

    /// Tells one reading, or drops it where the wire is full. Neither waits nor allocates.
    pub fn tell(&mut self, reading: T) {
        // Dropped when full: nobody is looking.
        let _ = self.0.push(reading);
    }
}

/// The editor's end. Clones are the same end.
#[derive(Debug)]
pub struct Listener<T>(Arc<Mutex<Consumer<T>>>);

impl<T> Clone for Listener<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Copy + Send> Listener<T> {
    /// Everything told since the last call, oldest first. Never called by the audio thread.
    pub fn hear(&self, each: impl FnMut(T)) {
        let mut consumer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // As many as there are now: an audio thread that keeps telling must not keep us here.
        let now = consumer.slots();
        (0..now).map_while(|_| consumer.pop().ok()).for_each(each);
    }

    /// Throws away what was told before.
    pub fn clear(&self) {
        self.hear(drop);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(listener: &Listener<u32>) -> Vec<u32> {
        let mut all = Vec::new();
        listener.hear(|reading| all.push(reading));
        all
    }

    #[test]
    fn readings_come_in_order_and_once() {
        let (mut teller, listener) = wire(8);
        (0..5).for_each(|reading| teller.tell(reading));
        assert_eq!(heard(&listener), [0, 1, 2, 3, 4]);
        teller.tell(9);
        assert_eq!(heard(&listener.clone()), [9]);
        assert!(heard(&listener).is_empty());
    }

    #[test]
    fn a_full_wire_keeps_the_oldest_and_opens_again() {
        let (mut teller, listener) = wire(3);
        (0..9).for_each(|reading| teller.tell(reading));
        assert!(!teller.is_open());
        listener.clear();
        assert!(teller.is_open());
        teller.tell(7);
        assert_eq!(heard(&listener), [7]);
    }
}
