//! What processes tell each other beside messages.

use super::contain;
use super::exit::{Down, Exit, ExitReason};
use super::handle::ProcessArc;
use crate::error::StartError;
use crate::process::Pid;
use std::any::Any;
use std::fmt;

/// Travels in the ordered queue, behind what was sent before.
#[derive(Debug)]
pub(crate) enum Signal {
    /// Asked to end.
    Stop(StopReason),
    Down(Box<Down>),
    /// An exit signal: of a linked process, or sent by hand.
    Exit(Box<ExitSignal>),
    /// A timer of this process is due.
    Timer(u64),
    /// To a supervisor: what became of a child.
    Child(Box<ChildSignal>),
}

impl Signal {
    /// Whether a suspended process takes it ahead of its turn.
    pub(crate) fn is_lifecycle(&self) -> bool {
        matches!(self, Signal::Stop(_) | Signal::Exit(_))
    }

    /// The request to end for this reason.
    pub(crate) fn stop(reason: ExitReason) -> Self {
        Signal::Stop(StopReason(match reason {
            ExitReason::Normal => None,
            reason => Some(Box::new(reason)),
        }))
    }
}

/// One word; `None` is the most common reason, `Normal`.
#[derive(Debug)]
pub(crate) struct StopReason(Option<Box<ExitReason>>);

impl From<StopReason> for ExitReason {
    fn from(reason: StopReason) -> Self {
        reason.0.map_or(ExitReason::Normal, |reason| *reason)
    }
}

#[derive(Debug)]
pub(crate) struct ExitSignal {
    pub(crate) exit: Exit,
    /// It comes over a link, which must still be there when it is received.
    pub(crate) over_link: Option<Pid>,
    /// Whether the receiver trapped exits when it was sent.
    pub(crate) trapped: bool,
}

/// A child's report to its supervisor.
#[derive(Debug)]
pub(crate) struct ChildSignal {
    /// The place of the child in its supervisor.
    pub(crate) slot: usize,
    /// Which start of that child.
    pub(crate) incarnation: u64,
    pub(crate) event: ChildEvent,
}

#[derive(Debug)]
pub(crate) enum ChildEvent {
    /// Its init has succeeded.
    Started,
    /// Its init did not succeed; it is gone.
    Failed(StartError),
    /// It is gone; every step of its death but the notices is done.
    Exited(ExitReason),
}

/// Overtakes everything; acted on between two messages.
#[derive(Debug)]
pub(crate) enum Urgent {
    Suspend,
    Resume,
    Ask(Question),
}

type Look = Box<dyn FnOnce(&mut dyn Any) + Send>;

/// A look at the state of a process, on its own stack.
pub(crate) struct Question(Option<Look>);

impl Question {
    pub(crate) fn new(look: impl FnOnce(&mut dyn Any) + Send + 'static) -> Self {
        Question(Some(Box::new(look)))
    }

    pub(super) fn put(mut self, state: &mut dyn Any) {
        if let Some(look) = self.0.take() {
            let _ = contain(|| look(state));
        }
    }
}

/// It may own what runs code of the user's when dropped.
impl Drop for Question {
    fn drop(&mut self) {
        if let Some(look) = self.0.take() {
            let _ = contain(|| drop(look));
        }
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Question").finish_non_exhaustive()
    }
}

/// Whom a process reports its life to.
#[derive(Clone, Debug)]
pub(crate) struct Parent {
    pub(crate) supervisor: ProcessArc,
    pub(crate) slot: usize,
    pub(crate) incarnation: u64,
}
