//! The handle to a running supervisor.

use super::request::{self, Request, Started};
use super::{ChildSpec, driver};
use crate::error::{CallError, StopError};
use crate::process::{
    Address, ExitReason, Exited, Name, Pid, ProcessArc, Restart, Shutdown, Slot, Target, Unclean,
};
use crate::server::{ProcessStatus, Reply, Stop, SystemRequest, ask};
use std::borrow::Cow;
use std::fmt;

/// A running supervisor. Trees made by `supervisor!` deref to it.
///
/// It follows the restarts of a nested supervisor.
#[derive(Clone, Debug)]
pub struct TreeHandle(Address);

impl From<Target> for TreeHandle {
    fn from(target: Target) -> Self {
        TreeHandle(target.0)
    }
}

impl TreeHandle {
    fn process(&self) -> Option<ProcessArc> {
        self.0.resolve()
    }

    pub(super) fn address(&self) -> Address {
        self.0.clone()
    }

    /// Its place, below which its children have theirs.
    pub(crate) fn slot(&self) -> Slot {
        if let Address::Slot(slot) = &self.0 {
            return slot.clone();
        }
        let place = self.process().and_then(|p| p.place());
        place.unwrap_or_else(Slot::root)
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

    /// Stops the tree: every child in reverse start order, at every level, each waited for. Then nothing of it is alive but what
    /// is reported as stuck.
    ///
    /// # Errors
    ///
    /// [`StopError::NotRunning`], or [`StopError::Exited`] when it ended for another reason meanwhile.
    pub async fn stop(&self) -> Result<Stopped, StopError> {
        let process = self.process();
        let stop = Stop::new(process.clone()).reason(ExitReason::Shutdown);
        stop.await?;
        let unclean = process.and_then(|p| p.look(|e| Some(e?.tree()?.unclean.clone())));
        Ok(Stopped(unclean.unwrap_or_default()))
    }

    /// Stops the tree with another reason, or with a limit of time: see [`Stop`].
    pub fn stopping(&self) -> Stop {
        Stop::new(self.process()).reason(ExitReason::Shutdown)
    }

    /// Kills the supervisor and what is below it, without `terminate`; children that trap exits are told to end with `Killed` and
    /// have their shutdown limit. Returns at once; the supervisor is [gone](Self::exited) when all of them are.
    pub fn kill(&self) {
        if let Some(process) = self.process() {
            process.kill();
        }
    }

    /// Ready when it is gone; yields the reason. [`ExitReason::NoProc`] when there is none.
    pub async fn exited(&self) -> ExitReason {
        match self.process() {
            Some(process) => Exited::from(process).await,
            None => ExitReason::NoProc,
        }
    }

    /// What the supervisor is and has: its relations, its counters, and its children, or how many they are where they have no order.
    ///
    /// ```
    /// use noex::prelude::*;
    ///
    /// supervisor! {
    ///     struct App() { work: task(noex::stopping()) }
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = App::start().await?;
    /// let state = app.get_status().await?.state.expect("of a supervisor there is one");
    /// assert_eq!(state.as_json()[0]["id"], "work");
    /// # app.stop().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_status(&self) -> SystemRequest<ProcessStatus> {
        SystemRequest::status(self.process(), driver::show)
    }

    /// Its children in start order.
    ///
    /// # Errors
    ///
    /// When the supervisor is not running.
    pub async fn children(&self) -> Result<Vec<ChildStatus>, CallError> {
        self.ask(Request::Children).await
    }

    /// How many children it has, of which kind.
    ///
    /// # Errors
    ///
    /// When the supervisor is not running.
    pub async fn count_children(&self) -> Result<ChildCount, CallError> {
        self.ask(Request::Count).await
    }

    /// Adds a child behind the others and starts it. When it does not start it is not added, and that costs no restart.
    ///
    /// # Errors
    ///
    /// [`ChildError::AlreadyRunning`], [`ChildError::AlreadyPresent`], [`ChildError::Failed`], or the call failed.
    pub async fn start_child(&self, spec: ChildSpec) -> Result<Pid, CallError<ChildError>> {
        Ok(self.start_in_place(spec).await?.pid)
    }

    pub(super) async fn start_in_place(
        &self,
        spec: ChildSpec,
    ) -> Result<Started, CallError<ChildError>> {
        let spec = Box::new(spec);
        self.ask(|reply| Request::Start(spec, reply)).await
    }

    /// Stops a child and leaves it stopped.
    ///
    /// # Errors
    ///
    /// [`ChildError::NotFound`], or the call failed.
    pub async fn terminate_child(
        &self,
        id: impl Into<Cow<'static, str>>,
    ) -> Result<(), CallError<ChildError>> {
        self.terminate(request::Child::Id(id.into())).await
    }

    pub(super) async fn terminate(
        &self,
        child: request::Child,
    ) -> Result<(), CallError<ChildError>> {
        self.ask(|reply| Request::Terminate(child, reply)).await
    }

    /// Starts a child that is stopped.
    ///
    /// # Errors
    ///
    /// [`ChildError::Running`], [`ChildError::Restarting`], [`ChildError::NotFound`], [`ChildError::Failed`], or the call failed.
    pub async fn restart_child(
        &self,
        id: impl Into<Cow<'static, str>>,
    ) -> Result<Pid, CallError<ChildError>> {
        let id = id.into();
        let started = self.ask(|reply| Request::Restart(id, reply)).await?;
        Ok(started.pid)
    }

    /// Forgets a child that is stopped.
    ///
    /// # Errors
    ///
    /// [`ChildError::Running`], [`ChildError::Restarting`], [`ChildError::NotFound`], or the call failed.
    pub async fn delete_child(
        &self,
        id: impl Into<Cow<'static, str>>,
    ) -> Result<(), CallError<ChildError>> {
        let id = id.into();
        self.ask(|reply| Request::Delete(id, reply)).await
    }

    pub(super) async fn ask<T, E>(
        &self,
        request: impl FnOnce(Reply<T, E>) -> Request,
    ) -> Result<T, CallError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let process = self.process().ok_or(CallError::NotRunning)?;
        ask(&process, request)?.await
    }
}

/// How a child of a supervisor is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ChildStatus {
    /// Its id.
    pub id: String,
    /// Its process, while there is one.
    pub pid: Option<Pid>,
    /// What it does at the moment.
    pub state: ChildState,
    /// When it is restarted.
    pub restart: Restart,
    /// How it is stopped.
    pub shutdown: Shutdown,
    /// Whether its end counts for the supervisor's [`AutoShutdown`](super::AutoShutdown).
    pub is_significant: bool,
    /// How often it has been restarted by this supervisor.
    pub restarts: u64,
    /// Whether it is a supervisor itself.
    pub is_supervisor: bool,
}

/// How many children a supervisor has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildCount {
    /// All of them, those without a process included.
    pub specs: usize,
    /// Those whose process runs.
    pub active: usize,
    /// Those that are supervisors.
    pub supervisors: usize,
    /// Those that are not.
    pub workers: usize,
}

/// What a child does at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChildState {
    /// It is being started for the first time, or waits for its turn.
    Starting,
    /// It is up.
    Running,
    /// It is being started again, or waits for its turn.
    Restarting,
    /// It has been asked to stop and is not gone yet.
    Stopping,
    /// It has no process, and none is on its way.
    Stopped,
}

impl fmt::Display for ChildState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ChildState::Starting => "starting",
            ChildState::Running => "running",
            ChildState::Restarting => "restarting",
            ChildState::Stopping => "stopping",
            ChildState::Stopped => "stopped",
        })
    }
}

/// Why a supervisor did not do what was asked about a child.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ChildError {
    /// It has no such child.
    NotFound,
    /// A child with this id runs.
    AlreadyRunning(Option<Pid>),
    /// A child with this id is there, stopped.
    AlreadyPresent,
    /// The child runs.
    Running,
    /// The child is being restarted.
    Restarting,
    /// The child could not be started.
    Failed(crate::StartError),
    /// It was terminated before it was started.
    Cancelled,
    /// It was killed and does not yield.
    Stuck,
    /// The supervisor has as many children as it may.
    MaxChildren,
    /// There are no fewer partitions than one, and no more than there were at first.
    OutOfRange {
        /// How many there were at first.
        most: usize,
    },
    /// The number of partitions is being changed already.
    Resizing,
    /// The supervisor is ending.
    ShuttingDown,
}

impl fmt::Display for ChildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChildError::NotFound => f.write_str("the supervisor has no such child"),
            ChildError::AlreadyRunning(_) => f.write_str("a child with this id runs"),
            ChildError::AlreadyPresent => {
                f.write_str("a child with this id is there, stopped; restart or delete it")
            }
            ChildError::Running => f.write_str("the child is running; terminate it first"),
            ChildError::Restarting => f.write_str("the child is being restarted; ask again later"),
            ChildError::Failed(error) => write!(f, "the child did not start: {error}"),
            ChildError::Cancelled => f.write_str("the child was terminated before it was started"),
            ChildError::Stuck => f.write_str("the child was killed and does not yield"),
            ChildError::MaxChildren => f.write_str(
                "the supervisor has as many children as it may; ask again when one has ended, or raise its `max`",
            ),
            ChildError::OutOfRange { most } => {
                write!(f, "there can be 1 to {most} partitions; start it with more for more")
            }
            ChildError::Resizing => {
                f.write_str("the number of partitions is being changed; ask again when it has been")
            }
            ChildError::ShuttingDown => f.write_str("the supervisor is ending"),
        }
    }
}

impl std::error::Error for ChildError {}

/// How a tree was stopped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stopped(pub(crate) Vec<Unclean>);

impl Stopped {
    /// Children that had to be killed, or are stuck.
    pub fn unclean(&self) -> &[Unclean] {
        &self.0
    }

    /// Whether every child stopped when asked.
    pub fn is_clean(&self) -> bool {
        self.0.is_empty()
    }
}
