//! Everything that can go wrong with a process, once.

use crate::process::{ExitReason, Hop, Pid};
use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Why a call brought no answer.
///
/// `E` is the error type of the handler; a handler that cannot fail has [`Infallible`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CallError<E = Infallible> {
    /// The handler answered with its own error. The server lives.
    Failed(E),
    /// The deadline passed. The handler may have run, may still run, or was never begun.
    Timeout {
        /// How long the caller was willing to wait.
        after: Duration,
    },
    /// There was no such process when the call was made, or it was stopping already.
    NotRunning,
    /// The process ended, or began to end, while the call was queued or running: no answer will come.
    /// This is the reason known at that moment.
    Exited(ExitReason),
    /// The mailbox stayed full until the deadline.
    Full {
        /// How long the caller waited for room.
        waited: Duration,
    },
    /// The call would have waited for itself.
    Deadlock(Cycle),
    /// The handler dropped its `Reply` without answering, and lives.
    NoReply,
    /// The caller's own process withdrew the call.
    Cancelled,
}

impl<E> CallError<E> {
    /// The handler's own error, or the failure of the call.
    ///
    /// # Errors
    ///
    /// The failure of the call, if it was not the handler's answer.
    pub fn into_failed(self) -> Result<E, CallError> {
        match self {
            CallError::Failed(error) => Ok(error),
            CallError::Timeout { after } => Err(CallError::Timeout { after }),
            CallError::NotRunning => Err(CallError::NotRunning),
            CallError::Exited(reason) => Err(CallError::Exited(reason)),
            CallError::Full { waited } => Err(CallError::Full { waited }),
            CallError::Deadlock(cycle) => Err(CallError::Deadlock(cycle)),
            CallError::NoReply => Err(CallError::NoReply),
            CallError::Cancelled => Err(CallError::Cancelled),
        }
    }
}

/// Splits the outcome of a call into what the handler said and whether the call worked at all.
pub trait Split<T, E> {
    /// `Ok` with the handler's own result, or the failure of the call.
    ///
    /// # Errors
    ///
    /// Every [`CallError`] but `Failed`.
    fn split(self) -> Result<Result<T, E>, CallError>;
}

impl<T, E> Split<T, E> for Result<T, CallError<E>> {
    fn split(self) -> Result<Result<T, E>, CallError> {
        match self {
            Ok(value) => Ok(Ok(value)),
            Err(error) => error.into_failed().map(Err),
        }
    }
}

impl<E: fmt::Display> fmt::Display for CallError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::Failed(error) => error.fmt(f),
            CallError::Timeout { after } => write!(
                f,
                "no answer within {after:?}; the request may still be carried out"
            ),
            CallError::NotRunning => f.write_str(
                "the process is not running; retry when its supervisor has restarted it",
            ),
            CallError::Exited(reason) => {
                write!(f, "the process ended before it answered ({reason})")
            }
            CallError::Full { waited } => write!(
                f,
                "the mailbox was full for {waited:?}; slow down, or give the server a larger mailbox"
            ),
            CallError::Deadlock(cycle) => write!(f, "the call would wait for itself: {cycle}"),
            CallError::NoReply => f.write_str("the handler dropped its `Reply` without answering"),
            CallError::Cancelled => f.write_str("the call was withdrawn"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> Error for CallError<E> {}

/// The processes on a circle of calls, from the caller back to the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle(pub(crate) Arc<[Hop]>);

impl Cycle {
    /// The processes, the first and the last being the same. Two hops mean a process that calls itself.
    pub fn hops(&self) -> &[Hop] {
        &self.0
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, hop) in self.0.iter().enumerate() {
            let arrow = if at == 0 { "" } else { " -> " };
            write!(f, "{arrow}{}", hop.server)?;
            match &hop.name {
                Some(name) => write!(f, " \"{name}\"")?,
                None => write!(f, " {}", hop.pid)?,
            }
        }
        Ok(())
    }
}

/// Why a cast was refused. The message comes back.
///
/// It is `Sync` if the message is. Where an error has to be, as for `?` into `Box<dyn Error + Send + Sync>` or `anyhow::Error`, and
/// the message is not (it carries a `Cell`, or a `Box<dyn FnOnce() + Send>`), go on [without it](Self::without_message):
///
/// ```
/// use noex::prelude::*;
///
/// struct Worker;
///
/// #[gen_server]
/// impl Worker {
///     #[cast]
///     fn run(&mut self, job: Box<dyn FnOnce() + Send>) { job() }
/// }
///
/// fn order(worker: &WorkerRef) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
///     worker.run(Box::new(|| println!("done"))).map_err(CastError::without_message)?;
///     Ok(())
/// }
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum CastError<M> {
    /// The mailbox is full.
    Full(M),
    /// There is no such process, or it is stopping.
    NotRunning(M),
}

impl<M> CastError<M> {
    /// The message that was refused.
    pub fn into_message(self) -> M {
        match self {
            CastError::Full(message) | CastError::NotRunning(message) => message,
        }
    }

    /// The same error; the message is dropped.
    pub fn without_message(self) -> CastError<()> {
        match self {
            CastError::Full(_) => CastError::Full(()),
            CastError::NotRunning(_) => CastError::NotRunning(()),
        }
    }
}

impl<M> fmt::Debug for CastError<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CastError::Full(_) => "Full(..)",
            CastError::NotRunning(_) => "NotRunning(..)",
        })
    }
}

impl<M> fmt::Display for CastError<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CastError::Full(_) => {
                "the mailbox is full; wait for room with `reserve()`, or give the server a larger one"
            }
            CastError::NotRunning(_) => {
                "the process is not running; retry when its supervisor has restarted it"
            }
        })
    }
}

impl<M> Error for CastError<M> {}

/// Why a process did not start. When it is returned the process is gone and its name is free.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum StartError {
    /// `init` returned this error.
    Failed(Arc<dyn Error + Send + Sync>),
    /// `init` panicked.
    Panicked {
        /// What the panic said.
        message: Arc<str>,
        /// `file:line:column`, when the panic hook of noex is installed.
        location: Option<Arc<str>>,
    },
    /// `init` took longer than this and was killed.
    Timeout {
        /// The limit.
        after: Duration,
    },
    /// The name, or the key, belongs to this process.
    NameTaken(Pid),
    /// `init` declined: there is nothing to do.
    Ignored,
    /// It was ended before its init was over, for this reason.
    Exited(ExitReason),
    /// There is no tokio runtime here, or it was shut down.
    RuntimeGone,
}

impl StartError {
    /// Makes a start error of any error; one that was boxed is taken out unchanged.
    pub fn from_error(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        match error.into().downcast::<StartError>() {
            Ok(error) => *error,
            Err(error) => StartError::Failed(Arc::from(error)),
        }
    }

    pub(crate) fn from_exit(reason: &ExitReason) -> Self {
        match reason {
            ExitReason::Error(error) => StartError::Failed(error.clone()),
            ExitReason::Panic { message, location } => StartError::Panicked {
                message: message.clone(),
                location: location.clone(),
            },
            ExitReason::RuntimeGone => StartError::RuntimeGone,
            reason => StartError::Exited(reason.clone()),
        }
    }

    /// The reason with which a process ends that fails to start so.
    pub(crate) fn exit_reason(&self) -> ExitReason {
        match self {
            StartError::Failed(error) => ExitReason::Error(error.clone()),
            StartError::Panicked { message, location } => ExitReason::Panic {
                message: message.clone(),
                location: location.clone(),
            },
            StartError::Ignored => ExitReason::Normal,
            StartError::Exited(reason) => reason.clone(),
            StartError::RuntimeGone => ExitReason::RuntimeGone,
            StartError::Timeout { .. } => ExitReason::Killed,
            StartError::NameTaken(_) => ExitReason::Error(Arc::new(self.clone())),
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::Failed(error) => write!(f, "init failed: {error}"),
            StartError::Panicked { message, location } => {
                write!(f, "init panicked: {message}")?;
                location.iter().try_for_each(|at| write!(f, " at {at}"))
            }
            StartError::Timeout { after } => write!(
                f,
                "init took longer than {after:?}; raise `init_timeout`, or move slow work to a continuation"
            ),
            StartError::NameTaken(pid) => write!(f, "the name belongs to {pid}"),
            StartError::Ignored => f.write_str("init declined to start"),
            StartError::Exited(reason) => write!(f, "ended before init was over ({reason})"),
            StartError::RuntimeGone => {
                f.write_str("no tokio runtime is running here; start processes from inside one")
            }
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            StartError::Failed(error) => Some(&**error),
            _ => None,
        }
    }
}

impl From<RegisterError> for StartError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::AlreadyRegistered(owner) => StartError::NameTaken(owner),
            RegisterError::NotRunning | RegisterError::NoProcess => {
                StartError::Exited(ExitReason::NoProc)
            }
        }
    }
}

/// Why a name or key was not registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegisterError {
    /// It belongs to this process, which may be the one that asked.
    AlreadyRegistered(Pid),
    /// The process that was to have it is gone.
    NotRunning,
    /// It was asked for outside of any process, so nobody would own it.
    NoProcess,
}

impl fmt::Display for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RegisterError::AlreadyRegistered(owner) => {
                write!(f, "it is registered by {owner}; look that one up, or wait for its end")
            }
            RegisterError::NotRunning => {
                f.write_str("the process is gone; register one that runs")
            }
            RegisterError::NoProcess => f.write_str(
                "no process runs here to own it; register from a handler, or start a process under the key",
            ),
        }
    }
}

impl Error for RegisterError {}

/// Why a stop did not end as asked.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StopError {
    /// There was no such process.
    NotRunning,
    /// It is still stopping. It was not killed.
    Timeout {
        /// How long the caller waited.
        after: Duration,
    },
    /// It ended, with another reason than asked.
    Exited(ExitReason),
    /// A process cannot wait for its own end.
    Itself,
}

impl fmt::Display for StopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StopError::NotRunning => f.write_str("the process was not running"),
            StopError::Timeout { after } => write!(
                f,
                "the process is still stopping after {after:?}; wait on, or kill it"
            ),
            StopError::Exited(reason) => write!(f, "the process ended otherwise ({reason})"),
            StopError::Itself => {
                f.write_str("a process cannot wait for its own end; use `cx.stop(..)`")
            }
        }
    }
}

impl Error for StopError {}

/// Why a system message, such as [`get_state`](crate::Process::get_state), brought no answer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SystemMessageError {
    /// There was no such process, or it ended before it answered.
    NotRunning,
    /// It is in the middle of something and answers when that is over.
    Busy {
        /// Which handler it is in, or what else keeps it: `init`, `continuation`, `down`, `terminate`, ..; `nothing` when it could
        /// answer but its runtime does not run it.
        handler: &'static str,
        /// It has been there this long, or longer.
        at_least: Duration,
    },
    /// What was asked panicked, for this reason. The process lives, its state unchanged.
    Panicked(ExitReason),
    /// A process cannot wait for its own answer.
    Itself,
}

impl fmt::Display for SystemMessageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SystemMessageError::NotRunning => f.write_str("the process is not running"),
            SystemMessageError::Busy { handler, at_least } => write!(
                f,
                "busy in `{handler}` for {at_least:?} or longer; ask again, or with a longer timeout"
            ),
            SystemMessageError::Panicked(reason) => {
                write!(f, "what was asked failed in the process ({reason})")
            }
            SystemMessageError::Itself => {
                f.write_str("a process cannot wait for its own answer; look at `self`")
            }
        }
    }
}

impl Error for SystemMessageError {}
