//! What a process counts of itself.

use super::handle::ProcessArc;
use super::head::Head;
use crate::clock::{self, Instant};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// What a process has done so far, as [`Process::statistics`](crate::Process::statistics) finds it. Counted all the time.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Statistics {
    /// How long ago it was started.
    pub uptime: Duration,
    /// Messages handled.
    pub handled: u64,
    /// Calls not begun because nobody wanted the answer any more.
    pub skipped: u32,
    /// Messages accepted and never handled.
    pub undelivered: u32,
    /// How often it was run, beyond whole rounds of 2^32. What OTP has reductions for.
    pub polls: u32,
    /// Messages and signals that wait.
    pub queued: usize,
    /// The most that it found waiting when it looked for its next message.
    pub queued_peak: usize,
    /// How long its handlers have run, without the time in which they waited. With the option `timing` only.
    pub busy: Option<Duration>,
    /// How long the longest handler took that is over, waiting included. With the option `timing` only.
    pub longest: Option<Duration>,
}

impl ProcessArc {
    pub(crate) fn statistics(&self) -> Statistics {
        let head = self.head();
        let born = head.born;
        let now = clock::nanos(clock::now());
        let queued = self.0.queued();
        let nanos = |at: fn(&Timing) -> &AtomicU64| {
            let timing = head.kind.options.timing.then(|| head.timing())?;
            Some(Duration::from_nanos(at(&timing).load(Relaxed)))
        };
        Statistics {
            uptime: Duration::from_nanos(now.saturating_sub(born)),
            handled: head.counters.handled(),
            skipped: head.counters.skipped.load(Relaxed),
            undelivered: head.counters.undelivered.load(Relaxed),
            polls: head.activity.polls(),
            queued,
            queued_peak: self.0.queued_peak().max(queued),
            busy: nanos(|t| &t.busy),
            longest: nanos(|t| &t.longest),
        }
    }
}

impl Head {
    /// Where its handlers are measured, with the option `timing`.
    pub(super) fn timing(&self) -> Arc<Timing> {
        self.extras(|e| e.rare().timing.get_or_insert_default().clone())
    }

    /// For how long the running handler has been at work; known with the option `timing` only.
    pub(crate) fn handling_for(&self) -> Option<Duration> {
        let timed = self.kind.options.timing;
        let began = timed.then(|| self.timing().began.load(Relaxed))?;
        let now = clock::nanos(clock::now());
        (began != 0).then(|| Duration::from_nanos(now.saturating_sub(began)))
    }
}

/// How long handlers take, in nanoseconds. Written by the holder of the run lock.
#[derive(Debug, Default)]
pub(crate) struct Timing {
    /// When the running handler was first polled; 0 while none runs.
    began: AtomicU64,
    busy: AtomicU64,
    longest: AtomicU64,
}

impl Timing {
    /// A poll of a handler begins.
    pub(super) fn poll_begins(&self) -> Instant {
        let now = clock::now();
        if self.began.load(Relaxed) == 0 {
            self.began.store(clock::nanos(now), Relaxed);
        }
        now
    }

    /// It is over, and with it perhaps the handler.
    pub(super) fn poll_ends(&self, began: Instant, is_over: bool) {
        let now = clock::now();
        let took = u64::try_from((now - began).as_nanos()).unwrap_or(u64::MAX);
        let busy = self.busy.load(Relaxed).saturating_add(took);
        self.busy.store(busy, Relaxed);
        if is_over {
            let in_all = clock::nanos(now).saturating_sub(self.began.load(Relaxed));
            if in_all > self.longest.load(Relaxed) {
                self.longest.store(in_all, Relaxed);
            }
            self.began.store(0, Relaxed);
        }
    }
}
