//! What a process holds, from `/proc`.

use std::time::Duration;

/// Nanoseconds that all threads but the caller's have been on a core.
pub fn others_ns() -> u64 {
    let own = std::fs::read_link("/proc/thread-self").unwrap();
    let threads = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    let others = threads.filter(|thread| Some(thread.file_name().as_os_str()) != own.file_name());
    let told = others.filter_map(|thread| std::fs::read_to_string(thread.path().join("schedstat")).ok());
    told.filter_map(|told| told.split(' ').next()?.parse::<u64>().ok()).sum()
}

/// Open files, threads and resident memory.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    pub files: usize,
    pub threads: usize,
    pub megabytes: usize,
}

impl Usage {
    fn now() -> Usage {
        let count = |folder| std::fs::read_dir(folder).unwrap().count();
        let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
        let resident: usize = pages.split(' ').nth(1).unwrap().parse().unwrap();
        Usage {
            files: count("/proc/self/fd"),
            threads: count("/proc/self/task"),
            megabytes: resident * 4096 / 1_000_000,
        }
    }

    /// A second from now: a closed window's own thread is gone by then, but a library's (the clipboard's) may still be ending.
    pub fn settled() -> Usage {
        std::thread::sleep(Duration::from_secs(1));
        Usage::now()
    }

    /// Fails where more has been gained since `before` than `gain` allows.
    pub fn assert_gained(before: Usage, gain: Usage) {
        let now = Usage::settled();
        println!("# {before:?} -> {now:?}");
        assert!(now.files <= before.files + gain.files, "files: {before:?} -> {now:?}");
        assert!(now.threads <= before.threads + gain.threads, "threads: {before:?} -> {now:?}");
        assert!(now.megabytes <= before.megabytes + gain.megabytes, "memory: {before:?} -> {now:?}");
    }
}
