//! What the program occupies in memory.

use crate::json::{epoch_millis, json_object};
use std::sync::OnceLock;
use std::time::SystemTime;

/// What the program occupies in memory, in bytes. What nobody can tell is `None`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MemoryStats {
    /// Resident in memory, as the operating system sees it; on Linux.
    pub rss: Option<u64>,
    /// In use on the heap; where a [reporter](set_heap_reporter) is set.
    pub heap_used: Option<u64>,
    /// Reserved for the heap; where a [reporter](set_heap_reporter) is set.
    pub heap_total: Option<u64>,
    /// When that was.
    pub timestamp: SystemTime,
}

/// What an allocator tells of the heap, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeapStats {
    /// In use.
    pub used: u64,
    /// Reserved.
    pub total: u64,
}

static REPORTER: OnceLock<fn() -> HeapStats> = OnceLock::new();

/// Has the allocator tell of the heap, since Rust's allocators have no common way to be asked. False if another reporter is set.
///
/// ```
/// use noex::{HeapStats, Observer, set_heap_reporter};
///
/// // With jemalloc: `stats::allocated` and `stats::resident` of the crate `tikv-jemalloc-ctl`.
/// set_heap_reporter(|| HeapStats { used: 3 << 20, total: 4 << 20 });
/// assert_eq!(Observer::current().memory_stats().heap_used, Some(3 << 20));
/// ```
pub fn set_heap_reporter(reporter: fn() -> HeapStats) -> bool {
    REPORTER.set(reporter).is_ok()
}

impl MemoryStats {
    pub(super) fn now() -> Self {
        let heap = REPORTER.get().map(|reporter| reporter());
        MemoryStats {
            rss: resident(),
            heap_used: heap.map(|heap| heap.used),
            heap_total: heap.map(|heap| heap.total),
            timestamp: SystemTime::now(),
        }
    }
}

fn resident() -> Option<u64> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

json_object!(MemoryStats, memory => {
    "rss": memory.rss,
    "heapUsed": memory.heap_used,
    "heapTotal": memory.heap_total,
    // What V8 keeps outside of its heap: there is no such thing here.
    "external": None::<u64>,
    "timestamp": epoch_millis(memory.timestamp),
});
