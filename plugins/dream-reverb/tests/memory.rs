//! What one instance keeps in memory, counted byte by byte: resident memory would depend on the system and on what ran before.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use dream_reverb::DreamReverb;
use dream_reverb::engine::Engine;
use green_ring_dsp::Spec;

/// The system's allocator, and the bytes that are taken from it now.
struct Counting(AtomicUsize);

#[global_allocator]
static MEMORY: Counting = Counting(AtomicUsize::new(0));

// SAFETY: every call is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.0.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise is the system's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        self.0.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise is the system's.
        unsafe { System.dealloc(memory, layout) }
    }
}

/// The only test here: another at the same time would be counted too.
#[test]
fn an_instance_keeps_at_most_24_megabytes() {
    let before = MEMORY.0.load(Ordering::Relaxed);
    let plugin = DreamReverb::default();
    let engine = Box::new(Engine::new(&Spec { sample_rate: 48_000.0, channels: 2 }));
    let megabytes = (MEMORY.0.load(Ordering::Relaxed) - before + size_of::<DreamReverb>()) as f64 / 1e6;
    println!("an instance keeps {megabytes:.2} MB");
    assert!((1.0..=24.0).contains(&megabytes), "{megabytes:.2} MB");
    drop((plugin, engine));
}
