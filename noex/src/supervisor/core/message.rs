//! The vocabulary between the core and its driver.

use std::time::Duration;

/// A child's place in the table of its supervisor. Free again after [`Action::Forget`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key(pub(crate) u32);

/// One life of a child. The numbers of one key only grow, over all children that ever had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Incarnation {
    pub(crate) key: Key,
    pub(crate) number: u64,
}

/// Names a command, so that it can be answered later. Every command is answered exactly once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ticket(pub(crate) u64);

/// What happened.
///
/// After [`Action::Start`] an incarnation reports `Failed` or `Ignored`, or `Started` and then
/// `Exited`, when it is as it says: a child is gone for good, its name free and its state dropped, before
/// `Failed`, `Ignored` or `Exited` are reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Event {
    /// The supervisor begins its work. Once, before all else.
    Begin,
    /// `init` is done.
    Started(Incarnation),
    /// `init` wants no process.
    Ignored(Incarnation),
    /// It could not be started, or its start was given up.
    Failed(Incarnation),
    /// It is gone.
    Exited {
        child: Incarnation,
        /// By a clean exit reason.
        clean: bool,
    },
    /// The limit of an [`Action::Stop`] has passed.
    Expired(Incarnation),
    /// It was killed, or its start given up, and is still there after the time of grace.
    Stuck(Incarnation),
    /// Stop a child and leave it stopped.
    Terminate(Key, Ticket),
    /// Start a child that is stopped.
    Restart(Key, Ticket),
    /// Forget a child that is stopped.
    Delete(Key, Ticket),
    /// The supervisor has to end.
    Shutdown,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// Start this incarnation.
    Start(Incarnation),
    /// Start this incarnation after a while, unless that is given up meanwhile.
    StartAfter(Incarnation, Duration),
    /// It was in `init` when last heard of: give that up at once. Should it be done by now,
    /// it reports `Started` as ever, and a `Stop` or `Kill` follows.
    Abort(Incarnation),
    /// Ask it to end, and report `Expired` when it is still there after `limit`, if there is one.
    Stop {
        child: Incarnation,
        limit: Option<Duration>,
    },
    /// End it without asking.
    Kill(Incarnation),
    /// It is no child any more; its key may be used again.
    Forget(Key),
    /// Answer a command.
    Reply(Ticket, Answer),
    /// All children have been started for the first time.
    Ready,
    /// End. All children are gone, save those reported as stuck. The last action of all.
    Exit(Cause),
}

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Answer {
    /// It was done: the child runs, or is stopped, or forgotten.
    Done,
    /// The child's `init` wanted no process.
    Ignored,
    /// The child could not be started.
    Failed,
    /// Refused: the child is running, or still being stopped.
    Running,
    /// Refused: the child is being started or restarted.
    Restarting,
    /// The child was terminated before it was started.
    Cancelled,
    /// The child was killed but does not yield: it is still there.
    Stuck,
    /// There is no such child.
    NotFound,
    /// Refused: there are as many children as there may be.
    MaxChildren,
    /// Refused, or cut short: the supervisor is ending.
    ShuttingDown,
}

/// Why a supervisor ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Cause {
    /// It was told to.
    Shutdown,
    /// This child could not be started when the supervisor was.
    StartFailed(Key),
    /// This child failed, and that was one failure too many.
    GaveUp(Key),
    /// This significant child ended.
    AutoShutdown(Key),
}

/// How a child is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Status {
    /// It is being started for the first time, or waits for its turn.
    Starting,
    /// It is up.
    Running,
    /// It is being started again, or waits for its turn.
    Restarting,
    /// It has been asked to stop, or been killed, and is not gone yet.
    Stopping,
    /// It has no process, and none is on its way.
    Stopped,
}
