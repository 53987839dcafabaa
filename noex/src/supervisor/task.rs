//! Futures as children.

use crate::error::StopError;
use crate::process::{
    Address, ExitReason, Exited, Kind, Name, Options, Pid, ProcessArc, Target, live_task, spawn,
};
use crate::server::{Child, ChildPolicy, Outcome, ProcessStatus, Start, Stop, SystemRequest};
use std::future::Future;
use std::time::Duration;

/// A process that is one future, so that any async function can be a child: `http: task(serve(cfg.port))`.
///
/// When it is to stop it is dropped at once, unless it has called [`stopping`](crate::stopping): then it may finish in its own way
/// until its shutdown limit. An `Err` it ends with is its exit reason, `Ok` is `Normal`.
#[derive(Debug)]
pub struct Task;

static KIND: Kind = Kind {
    handlers: &[],
    type_name: "Task",
    options: Options::DEFAULT,
};

impl Child for Task {
    type Ref = TaskRef;

    const POLICY: ChildPolicy = ChildPolicy::of(&Options::DEFAULT);
}

impl Task {
    /// Runs a future as a process. The start is over at once.
    pub fn start<F>(work: F) -> Start<Task>
    where
        F: Future + Send + 'static,
        F::Output: Outcome,
    {
        Start::launching(Duration::MAX, move |options, _slot| {
            spawn(&KIND, options, move |cell| {
                Box::pin(live_task(cell, async move { work.await.outcome() }))
            })
        })
    }
}

/// A handle to a [`Task`].
#[derive(Clone, Debug)]
pub struct TaskRef(Address);

impl From<Target> for TaskRef {
    fn from(target: Target) -> Self {
        TaskRef(target.0)
    }
}

impl TaskRef {
    fn process(&self) -> Option<ProcessArc> {
        self.0.resolve()
    }

    /// The identity of the incarnation meant now.
    pub fn pid(&self) -> Option<Pid> {
        self.process().map(|p| p.pid())
    }

    /// The name it is registered under.
    pub fn name(&self) -> Option<Name> {
        self.process()?.name()
    }

    /// Whether it runs.
    pub fn is_alive(&self) -> bool {
        self.process().is_some_and(|p| p.is_alive())
    }

    /// Asks it to stop and waits until it is gone.
    pub fn stop(&self) -> Stop {
        Stop::new(self.process())
    }

    /// Drops its future at the next await.
    pub fn kill(&self) {
        if let Some(process) = self.process() {
            process.kill();
        }
    }

    /// What it is and has: its relations and its counters. Answered between two polls of its future.
    pub fn get_status(&self) -> SystemRequest<ProcessStatus> {
        SystemRequest::status(self.process(), |_| None)
    }

    /// Ready when it is gone; yields the reason.
    ///
    /// # Errors
    ///
    /// [`StopError::NotRunning`] when there is no such process.
    pub async fn exited(&self) -> Result<ExitReason, StopError> {
        let process = self.process().ok_or(StopError::NotRunning)?;
        Ok(Exited::from(process).await)
    }
}
