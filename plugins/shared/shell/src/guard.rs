//! Keeps a DAW alive on Linux, where the framework (nice-plug 0.4.2, baseview 0.4.2) can end it in two ways.
//!
//! **The worker.** The VST3 wrapper hands every automated change to one worker thread that all instances of a plugin
//! share. A change that meets an editor being opened borrows a cell twice, so the worker panics; a change whose instance
//! is deleted meanwhile makes the worker return. In both cases the release of the *last* instance finds no worker to shut
//! down, and panics across the C boundary. [`arm`] takes the worker out of the game before the first block of audio, by
//! public means only: it keeps one spare wrapper for ever, so that there is no last instance, and makes the worker return
//! by its own second habit. From then on changes reach an open editor through the host's run loop, or not at all: editors
//! must poll. The price is that a plugin has no background tasks of its own (own threads are joined in `Drop`) and sets
//! its latency in `activate` only.
//!
//! **The graphics library.** Each window loads EGL and unloads it as it closes. When two close together, one may unload
//! it while the other's thread still ends, which then calls into memory that is gone. [`catch`] keeps it loaded. Both
//! formats.
//!
//! This leans on the internals of one framework version, which the workspace pins. At an upgrade, run the stress tests
//! with `GREEN_RING_UNGUARDED=1` in the environment, which switches all of this off: once they pass, delete the guard.
//!
//! On other systems nothing here does anything.

use std::sync::mpsc::{Receiver, Sender};

use nice_plug::prelude::{AsyncExecutor, Plugin, PluginApi, TaskExecutor, Vst3Plugin};

/// The only background task that a plugin of the suite has: what the guard sends to the framework's worker.
pub struct Task(Step);

enum Step {
    /// Busies the worker until the other end of the channel is dropped.
    Wait(Receiver<()>),
    /// Is dropped unread by the worker on its way out: the other end of the channel sees it go.
    #[expect(dead_code, reason = "held for its drop")]
    Last(Sender<()>),
}

/// What a plugin returns from `Plugin::task_executor`, as `guard::executor::<Self>()`.
pub fn executor<P: Plugin<BackgroundTask = Task>>() -> TaskExecutor<P> {
    Box::new(|Task(step)| {
        if let Step::Wait(release) = step {
            // An error is the signal: the sender is dropped, never used.
            let _ = release.recv();
        }
    })
}

/// Called first in `Plugin::editor`, the only place where a plugin is handed a way to post tasks. Keeps the graphics
/// library loaded, without starting a driver.
pub fn catch<P: Plugin<BackgroundTask = Task>>(executor: &AsyncExecutor<P>) {
    #[cfg(target_os = "linux")]
    {
        linux::keep_graphics();
        if let Some(task) = linux::TO_POST.take() {
            executor.execute_background(task);
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = executor;
}

/// Called first in `Plugin::activate`, with `context.plugin_api()`. The first call in a process for VST3 on Linux makes
/// two spare instances of the plugin (one stays, so `Default` must be cheap), ends the framework's worker thread and
/// raises the limit of open files; every other call does nothing. Allocates and blocks for less than a millisecond.
pub fn arm<P: Vst3Plugin<BackgroundTask = Task>>(api: PluginApi) {
    #[cfg(target_os = "linux")]
    if api == PluginApi::Vst3 {
        linux::arm::<P>();
    }
    #[cfg(not(target_os = "linux"))]
    let _ = api;
}

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::Cell;
    use std::sync::{Once, mpsc};
    use std::time::Duration;

    use nice_plug::prelude::Vst3Plugin;
    use nice_plug::wrapper::vst3::{Wrapper, vst3::ComWrapper};

    use super::{Step, Task};

    /// Each plugin is a dynamic library of its own, with its own copy of this: once a plugin.
    static ARMED: Once = Once::new();
    static KEPT: Once = Once::new();
    /// Long enough for any machine; the worker is idle when the guard is armed.
    const PATIENCE: Duration = Duration::from_secs(2);

    thread_local! {
        /// What the next spare wrapper posts to the worker while it is being made.
        pub static TO_POST: Cell<Option<Task>> = const { Cell::new(None) };
    }

    pub fn arm<P: Vst3Plugin<BackgroundTask = Task>>() {
        once(&ARMED, || {
            end_worker::<P>();
            raise_file_limit();
        });
    }

    pub fn keep_graphics() {
        once(&KEPT, || {
            for library in [c"libEGL.so.1", c"libGL.so.1"] {
                // SAFETY: a system library that every editor loads anyway. A missing one is no harm: there is no editor.
                let handle = unsafe { libc::dlopen(library.as_ptr(), libc::RTLD_LAZY | libc::RTLD_NODELETE) };
                if !handle.is_null() {
                    // Windows use the first of the two that there is.
                    break;
                }
            }
        });
    }

    fn once(done: &Once, guard: impl FnOnce()) {
        if std::env::var_os("GREEN_RING_UNGUARDED").is_none() {
            done.call_once(guard);
        }
    }

    /// The worker returns when it finds a task whose instance is gone. So: one spare instance, which stays, keeps the
    /// worker waiting while a second one posts a task and goes.
    fn end_worker<P: Vst3Plugin<BackgroundTask = Task>>() {
        let (release, wait) = mpsc::channel();
        let (last, gone) = mpsc::channel();
        std::mem::forget(spare::<P>(Step::Wait(wait)));
        drop(spare::<P>(Step::Last(last)));
        drop(release);
        // Disconnected: the worker has dropped the task and returned.
        let _ = gone.recv_timeout(PATIENCE);
    }

    fn spare<P: Vst3Plugin<BackgroundTask = Task>>(step: Step) -> ComWrapper<Wrapper<P>> {
        TO_POST.set(Some(Task(step)));
        let wrapper = ComWrapper::new(Wrapper::<P>::new());
        TO_POST.take();
        wrapper
    }

    /// The framework leaks two file handles at every opening of a VST3 editor and aborts when there are none left. The
    /// usual soft limit of 1024 would end a long mixing day; the hard limit is the system's own.
    fn raise_file_limit() {
        /// 30,000 openings.
        const ENOUGH: libc::rlim_t = 65_536;
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: `limit` is a valid rlimit for the call to fill.
        if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) } != 0 {
            return;
        }
        let wanted = limit.rlim_max.min(ENOUGH);
        if limit.rlim_cur < wanted {
            limit.rlim_cur = wanted;
            // SAFETY: `limit` is a valid rlimit. A refusal leaves the old limit, which is no worse.
            unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) };
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use nice_plug::prelude::*;
    use nice_plug::wrapper::vst3::{Wrapper, vst3::ComWrapper};

    use super::Task;

    static ALIVE: AtomicUsize = AtomicUsize::new(0);

    #[derive(Params)]
    struct NoParams {}

    struct Quiet;

    impl Default for Quiet {
        fn default() -> Self {
            ALIVE.fetch_add(1, SeqCst);
            Quiet
        }
    }

    impl Drop for Quiet {
        fn drop(&mut self) {
            ALIVE.fetch_sub(1, SeqCst);
        }
    }

    impl Plugin for Quiet {
        const NAME: &'static str = "Quiet";
        const VENDOR: &'static str = "";
        const URL: &'static str = "";
        const EMAIL: &'static str = "";
        const VERSION: &'static str = "0.0.0";
        const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] = &[];
        type Editor = ();
        type SysExMessage = ();
        type BackgroundTask = Task;

        fn params(&self) -> Arc<dyn Params> {
            Arc::new(NoParams {})
        }

        fn task_executor(&mut self) -> TaskExecutor<Self> {
            super::executor::<Self>()
        }

        fn editor(&mut self, executor: AsyncExecutor<Self>) -> Option<()> {
            super::catch(&executor);
            None
        }

        fn process(
            &mut self,
            _: &mut Buffer,
            _: &mut AuxiliaryBuffers,
            _: &mut impl ProcessContext<Self>,
        ) -> ProcessStatus {
            ProcessStatus::Normal
        }
    }

    impl Vst3Plugin for Quiet {
        const VST3_CLASS_ID: [u8; 16] = *b"GreenRingGuard..";
        const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = &[];
    }

    fn workers() -> usize {
        let threads = std::fs::read_dir("/proc/self/task").unwrap().flatten();
        threads
            .filter_map(|thread| std::fs::read_to_string(thread.path().join("comm")).ok())
            .filter(|name| name.trim() == "bg-worker")
            .count()
    }

    /// The kernel drops a thread from its list shortly after the thread's last word.
    fn workers_settle_at(count: usize) -> bool {
        (0..100).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(5));
            workers() == count
        })
    }

    fn file_limit() -> libc::rlimit {
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: `limit` is a valid rlimit for the call to fill.
        assert_eq!(unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit) }, 0);
        limit
    }

    fn lower_file_limit(soft: libc::rlim_t) {
        let limit = libc::rlimit { rlim_cur: soft, ..file_limit() };
        // SAFETY: `limit` is a valid rlimit.
        assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) }, 0);
    }

    /// Loaded at this moment.
    fn graphics_loaded() -> bool {
        // SAFETY: NOLOAD only looks whether the library is there.
        !unsafe { libc::dlopen(c"libEGL.so.1".as_ptr(), libc::RTLD_LAZY | libc::RTLD_NOLOAD) }.is_null()
    }

    /// What a window does. False where the machine has no such library.
    fn load_and_unload_graphics() -> bool {
        // SAFETY: a system library.
        let handle = unsafe { libc::dlopen(c"libEGL.so.1".as_ptr(), libc::RTLD_LAZY) };
        // SAFETY: closed once, as opened.
        !handle.is_null() && unsafe { libc::dlclose(handle) } == 0
    }

    /// One test: the guard is armed once a process.
    #[test]
    fn worker_ends_once_and_one_spare_stays() {
        lower_file_limit(512);
        assert!(!graphics_loaded());
        let first = ComWrapper::new(Wrapper::<Quiet>::new());
        assert!(workers_settle_at(1), "the framework runs a worker");

        assert_eq!(load_and_unload_graphics(), graphics_loaded(), "a closing window unloads nothing");

        super::arm::<Quiet>(PluginApi::Clap);
        assert_eq!((workers(), ALIVE.load(SeqCst)), (1, 1), "CLAP needs no guard");

        super::arm::<Quiet>(PluginApi::Vst3);
        assert!(workers_settle_at(0), "the worker has returned");
        assert_eq!(ALIVE.load(SeqCst), 2, "the first and the spare");
        assert_eq!(file_limit().rlim_cur, file_limit().rlim_max.min(65_536));

        super::arm::<Quiet>(PluginApi::Vst3);
        let second = ComWrapper::new(Wrapper::<Quiet>::new());
        drop((first, second));
        assert_eq!(ALIVE.load(SeqCst), 1, "the spare alone");
        assert!(workers_settle_at(0), "no new worker");
    }
}
