//! Whether a caller should run a server on its own stack.

use super::current;
use super::head::Head;
use super::options::Inline;
use crate::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// Over this, queueing is as fast for one caller and better for several at once.
const SHORT: Duration = Duration::from_micros(25);
/// Handlers timed before the first inline call, of one server or of several of its type.
pub(super) const TRIAL: u32 = 16;
/// After the trial, one message in so many is timed.
const EVERY: u32 = 64;
/// Handlers that are over, in nanoseconds, before a caller behind them could be put to sleep and woken.
const BRIEF: u32 = 500;
const PATIENCE: u32 = 32;
/// The countdown before anyone has called: a server that is only sent casts never looks at the clock.
const NOT_CALLED: u32 = u32::MAX;

/// Measures how long handlers take, on samples, and decides from that. Written by the holder of the run lock, but for the start of the
/// trial.
#[derive(Debug)]
pub(crate) struct Sampler {
    /// Messages until the next sample; the trial is over when `samples` has reached `TRIAL`.
    countdown: AtomicU32,
    samples: AtomicU32,
    /// Moving average in nanoseconds.
    average: AtomicU32,
}

impl Sampler {
    pub(crate) fn new() -> Self {
        Sampler {
            countdown: AtomicU32::new(NOT_CALLED),
            samples: AtomicU32::new(0),
            average: AtomicU32::new(0),
        }
    }

    /// Begins a sample if one is due.
    #[inline]
    pub(crate) fn begin(&self) -> Option<Instant> {
        match self.countdown.load(Relaxed) {
            NOT_CALLED => None,
            0 => Some(Instant::now()),
            left => {
                self.countdown.store(left - 1, Relaxed);
                None
            }
        }
    }

    /// Takes a sample in; whether it is one of the trial.
    fn add(&self, took: u32) -> bool {
        let samples = self.samples.load(Relaxed);
        let average = averaged(samples, self.average.load(Relaxed), took);
        self.average.store(average, Relaxed);
        let is_trial = samples < TRIAL;
        if is_trial {
            self.samples.store(samples + 1, Relaxed);
        } else {
            self.countdown.store(EVERY, Relaxed);
        }
        is_trial
    }

    /// How often a caller that finds another inside may try again: as long as that one takes, so that both need no task switch.
    pub(crate) fn patience(&self) -> u32 {
        match self.average.load(Relaxed) < BRIEF && !cfg!(noex_loom) {
            true => PATIENCE,
            false => 0,
        }
    }

    /// The average, if the trial is over.
    #[inline]
    fn outcome(&self) -> Option<u32> {
        (self.samples.load(Relaxed) >= TRIAL).then(|| self.average.load(Relaxed))
    }
}

fn is_short(nanos: u32) -> bool {
    u128::from(nanos) < SHORT.as_nanos()
}

/// A moving average with one sample more.
pub(super) fn averaged(samples: u32, average: u32, took: u32) -> u32 {
    match samples {
        0 => took,
        _ => (average - average / 8).saturating_add(took / 8),
    }
}

impl Head {
    /// Ends a sample; of a handler that waited, the time says nothing about its own work.
    pub(crate) fn end_sample(&self, began: Instant) {
        let took = u32::try_from(began.elapsed().as_nanos()).unwrap_or(u32::MAX);
        // A long one also when the trial is over: others of the type are to be tried again then.
        if self.sampler.add(took) || !is_short(took) {
            self.system.trials().add(self.kind, took);
        }
    }

    /// Asked by callers: whether its handlers are short enough, as far as is known.
    #[inline]
    fn allows_inline(&self) -> bool {
        match self.kind.options.inline {
            Inline::Always => true,
            Inline::Never => false,
            Inline::Auto => {
                let average = self.sampler.outcome().or_else(|| self.begin_trial());
                average.is_some_and(is_short)
            }
        }
    }

    /// The first one who asks begins the trial, unless others of the type have passed it.
    #[cold]
    fn begin_trial(&self) -> Option<u32> {
        let sampler = &self.sampler;
        if sampler.countdown.load(Relaxed) != NOT_CALLED {
            return None;
        }
        // What was slow may have been unlucky: then each is tried by itself.
        let passed = self.system.trials().outcome(self.kind);
        let passed = passed.filter(|average| is_short(*average));
        if let Some(average) = passed {
            sampler.average.store(average, Relaxed);
            sampler.samples.store(TRIAL, Relaxed);
        }
        sampler.countdown.store(0, Relaxed);
        passed
    }
}

/// Which runtime a tokio task runs on: tasks never move between runtimes, so one look per task is enough.
#[derive(Clone, Copy)]
struct Seen {
    task: Option<tokio::task::Id>,
    runtime: Option<tokio::runtime::Id>,
}

std::thread_local!(static SEEN: Cell<Seen> = const { Cell::new(Seen { task: None, runtime: None }) });

/// The runtime whose task is running here; `None` outside of tasks.
#[inline]
pub(crate) fn runtime_of_task() -> Option<tokio::runtime::Id> {
    let task = tokio::task::try_id()?;
    let seen = SEEN.try_with(Cell::get).ok()?;
    if seen.task == Some(task) {
        return seen.runtime;
    }
    let runtime = tokio::runtime::Handle::try_current().ok().map(|h| h.id());
    let task = Some(task);
    let _ = SEEN.try_with(|s| s.set(Seen { task, runtime }));
    runtime
}

/// Whether the caller may run `target` here: a short server of the same runtime, on a stack that is not too deep. The caller has
/// paid with a unit of its tokio budget: when it has none left it yields, and then it does not get here.
#[inline]
pub(crate) fn may_run(target: &Head) -> bool {
    if !target.allows_inline() || current::depth() >= current::MAX_DEPTH {
        return false;
    }
    if cfg!(noex_loom) {
        return true;
    }
    target.runtime.is(runtime_of_task())
}
