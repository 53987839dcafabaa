//! What runs beside a process and ends with it: tasks and blocking jobs.

use super::contain;
use super::current::{self, Beside};
use super::exit::ExitReason;
use super::head::Head;
use super::pid::Pid;
use super::reply_slot::CallContext;
use crate::hooks::{Hook, hook};
use crate::sync::{Mutex, planted};
use crate::system::System;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering::*};
use std::sync::{Arc, OnceLock};
use std::task::Poll;
use tokio::task::JoinSet;

/// The tasks and jobs of one process. Held by its context and, so that it can be abandoned, in its extras.
pub(crate) struct Owned {
    system: System,
    owner: Owner,
    running: Mutex<Running>,
    /// Why the process has ended. Set before what runs is taken out of `running`; looked at under its lock before anything is put in.
    ending: OnceLock<ExitReason>,
}

/// Whose they are, for logs.
#[derive(Clone, Copy)]
struct Owner {
    pid: Pid,
    server: &'static str,
}

impl Owner {
    /// Tells of a panic beside a server, which nobody else would.
    fn tell_crash(self, done: Result<(), ExitReason>) {
        if let Err(reason) = done {
            tracing::error!(target: "noex::crash", pid = %self.pid, server = self.server, %reason, "task beside a process crashed");
        }
    }
}

/// Runs a future as part of a task beside a process. Its panic stops here.
pub(crate) async fn run_beside<T>(
    beside: &Beside,
    task: impl Future<Output = T>,
) -> Result<T, ExitReason> {
    let mut task = pin!(task);
    poll_fn(|cx| {
        let polled = current::enter_beside(beside, || contain(|| task.as_mut().poll(cx)));
        match polled {
            Ok(polled) => polled.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    })
    .await
}

#[derive(Default)]
struct Running {
    tasks: JoinSet<()>,
    jobs: Vec<Arc<Job>>,
}

impl Owned {
    pub(crate) fn new(owner: &Head) -> Self {
        Owned {
            system: owner.system.clone(),
            owner: Owner {
                pid: owner.pid(),
                server: owner.kind.type_name,
            },
            running: Mutex::default(),
            ending: OnceLock::new(),
        }
    }

    /// Why the process has ended, if it has.
    pub(crate) fn ending(&self) -> Option<&ExitReason> {
        self.ending.get()
    }

    /// Runs a future; not if the process has ended.
    pub(crate) fn spawn(
        &self,
        context: CallContext,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        let (beside, owner) = (self.beside(context), self.owner);
        let task = async move { owner.tell_crash(run_beside(&beside, task).await) };
        self.start(|running| {
            running.tasks.spawn(task);
        });
    }

    /// Runs a closure on the blocking pool; not if the process has ended before it begins.
    pub(crate) fn spawn_blocking(&self, work: impl FnOnce(&BlockingJob) + Send + 'static) {
        let (beside, owner) = (self.beside(CallContext::default()), self.owner);
        let job = Arc::new(Job::new());
        let handle = BlockingJob(job.clone());
        self.start(|running| {
            running.jobs.retain(|job| !job.is_over());
            running.jobs.push(job);
            running.tasks.spawn_blocking(move || {
                let system = beside.system.clone();
                if handle.0.begin() {
                    let _over = Over(&handle.0, system.orphans());
                    let done = current::enter_beside(&beside, || contain(|| work(&handle)));
                    owner.tell_crash(done);
                }
            });
        });
    }

    fn beside(&self, context: CallContext) -> Beside {
        let system = self.system.clone();
        Beside { system, context }
    }

    fn start(&self, start: impl FnOnce(&mut Running)) {
        let mut running = self.running.lock();
        if self.ending.get().is_some() {
            drop(running);
            return drop(contain(|| drop(start)));
        }
        start(&mut running);
        let over: Vec<_> = std::iter::from_fn(|| running.tasks.try_join_next()).collect();
        drop(running);
        // What a task panicked with may run code of the user's when dropped.
        over.into_iter().for_each(|o| drop(contain(|| drop(o))));
    }

    /// The process has ended: tasks are aborted, jobs are told and counted as orphans until they return.
    pub(crate) fn end(&self, reason: &ExitReason) {
        let early = planted("late_ending").then(|| std::mem::take(&mut *self.running.lock()));
        hook(Hook::OwnedEnding);
        let _ = self.ending.set(reason.clone());
        let taken = early.unwrap_or_else(|| std::mem::take(&mut *self.running.lock()));
        let Running { mut tasks, jobs } = taken;
        tasks.abort_all();
        jobs.iter()
            .for_each(|job| job.cancel(self.system.orphans()));
        let _ = contain(|| drop(tasks));
    }
}

impl Head {
    /// Ends what a process that is abandoned has running beside it.
    pub(super) fn end_owned(&self, reason: &ExitReason) {
        let owned = self.look(|e| e?.rare.as_ref()?.owned.clone());
        owned.iter().for_each(|o| o.end(reason));
    }
}

#[derive(Debug)]
struct Job(AtomicU8);

const QUEUED: u8 = 0;
const RUNNING: u8 = 1;
const CANCELLED: u8 = 2;
const OVER: u8 = 3;

impl Job {
    fn new() -> Self {
        Job(AtomicU8::new(QUEUED))
    }

    fn begin(&self) -> bool {
        let step = self.0.compare_exchange(QUEUED, RUNNING, AcqRel, Acquire);
        step.is_ok()
    }

    fn cancel(&self, orphans: &AtomicUsize) {
        loop {
            let now = self.0.load(Acquire);
            let next = match now {
                QUEUED => OVER,
                RUNNING => CANCELLED,
                _ => return,
            };
            // Counted first, so that it is never taken off before.
            let counts = usize::from(next == CANCELLED);
            let late = planted("late_count");
            orphans.fetch_add(if late { 0 } else { counts }, Relaxed);
            if self.0.compare_exchange(now, next, AcqRel, Acquire).is_ok() {
                hook(Hook::JobCancelling);
                orphans.fetch_add(if late { counts } else { 0 }, Relaxed);
                return;
            }
            orphans.fetch_sub(counts, Relaxed);
        }
    }

    fn is_over(&self) -> bool {
        self.0.load(Acquire) == OVER
    }
}

/// A closure that runs on the blocking pool for a process: what it can ask.
#[derive(Debug)]
pub struct BlockingJob(Arc<Job>);

impl BlockingJob {
    /// Whether its process has ended, so that it had better return: nobody waits for its work any more.
    pub fn is_cancelled(&self) -> bool {
        self.0.0.load(Acquire) == CANCELLED
    }
}

/// The job returns, or panics.
struct Over<'a>(&'a Job, &'a AtomicUsize);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        if self.0.0.swap(OVER, AcqRel) == CANCELLED {
            self.1.fetch_sub(1, Relaxed);
        }
    }
}

impl fmt::Debug for Owned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Owned")
            .field("ending", &self.ending)
            .finish_non_exhaustive()
    }
}
