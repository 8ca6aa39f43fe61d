//! The end of a window's thread, on Linux, where every window has one of its own.
//!
//! The window library (baseview 0.4.2) asks that thread to end as the window is dropped, and then waits for it or not,
//! as the two happen to meet. One that it did not wait for tears its graphics context down while the host goes on: a host
//! that ends there, a scanner or a renderer, unloads the graphics driver under it and dies. So a window that closes waits
//! until the system knows its thread no more, which is later than any destructor of ours can tell.
//!
//! On other systems a window lives on the host's own thread, and there is nothing to wait for.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// A thread takes a few milliseconds to end. One that waits for something which the closing host holds does not, and the
/// host must not wait for it for ever.
const PATIENCE: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_millis(1);

/// The thread of one window, once there is one. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Ending(Arc<OnceLock<PathBuf>>);

impl Ending {
    /// To be called on the window's thread.
    pub fn is_of_this_thread(&self) {
        if let Some(thread) = this_thread() {
            let _ = self.0.set(thread);
        }
    }

    /// Waits until the thread is gone, or for half a second. Not on the thread itself, which a host may close the editor on.
    pub fn wait(&self) {
        let Some(thread) = self.0.get().filter(|thread| this_thread().as_ref() != Some(*thread)) else { return };
        let begin = Instant::now();
        while thread.exists() && begin.elapsed() < PATIENCE {
            std::thread::sleep(PAUSE);
        }
    }
}

/// Waits as it is dropped.
pub(crate) struct Awaited(pub Ending);

impl Drop for Awaited {
    fn drop(&mut self) {
        self.0.wait();
    }
}

/// Where the system tells of the thread that calls, for as long as it lives.
fn this_thread() -> Option<PathBuf> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    std::fs::read_link("/proc/thread-self").ok().map(|thread| PathBuf::from("/proc").join(thread))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::cell::OnceCell;
    use std::fs;
    use std::sync::mpsc::channel;

    /// Leaves a mark late, as its thread ends: after everything that the thread's own function owns.
    struct Mark(PathBuf);

    impl Drop for Mark {
        fn drop(&mut self) {
            std::thread::sleep(Duration::from_millis(60));
            let _ = fs::write(&self.0, "");
        }
    }

    thread_local! {
        static LAST: OnceCell<Mark> = const { OnceCell::new() };
    }

    #[test]
    fn it_is_later_than_the_last_destructor_of_the_thread() {
        let mark = std::env::temp_dir().join(format!("green-ring-ending-{}", std::process::id()));
        let (ending, left, (ready, is_ready)) = (Ending::default(), mark.clone(), channel());
        let theirs = ending.clone();
        // Detached, as the library leaves it.
        drop(std::thread::spawn(move || {
            theirs.is_of_this_thread();
            LAST.with(|last| drop(last.set(Mark(left))));
            let _ = ready.send(());
        }));
        is_ready.recv().expect("a thread");
        drop(Awaited(ending));
        assert!(fs::remove_file(&mark).is_ok(), "the thread was still ending");
    }

    #[test]
    fn a_thread_that_does_not_end_is_waited_for_half_a_second_and_our_own_not_at_all() {
        let own = Ending::default();
        own.is_of_this_thread();
        let (begin, theirs) = (Instant::now(), own.clone());
        own.wait();
        assert!(begin.elapsed() < PATIENCE / 2);
        std::thread::spawn(move || theirs.wait()).join().expect("no panic");
        assert!((PATIENCE..6 * PATIENCE).contains(&begin.elapsed()));
    }
}
