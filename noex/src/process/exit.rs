//! Why a process ended, and the notices about it.

use super::{MonitorRef, Pid};
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// Why a process ended.
///
/// [`Normal`](Self::Normal), [`Shutdown`](Self::Shutdown) and [`ShutdownWith`](Self::ShutdownWith)
/// are *clean*: a transient child that ends so is not restarted, and nothing is reported as an error.
///
/// ```
/// use noex::ExitReason;
///
/// assert!(ExitReason::Shutdown.is_clean());
/// assert!(!ExitReason::Killed.is_clean());
/// assert_eq!(ExitReason::from_error("disk full").to_string(), "error: disk full");
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum ExitReason {
    /// The process had nothing left to do.
    Normal,
    /// It was asked to stop, as supervisors do.
    Shutdown,
    /// It was asked to stop, with a word about why.
    ShutdownWith(Arc<str>),
    /// A handler, or `init`, returned this error.
    Error(Arc<dyn Error + Send + Sync>),
    /// A callback panicked.
    Panic {
        /// What the panic said.
        message: Arc<str>,
        /// `file:line:column`, when the panic hook of noex is installed (see [`main`](crate::main)).
        location: Option<Arc<str>>,
    },
    /// It was killed. Reported only when the handler is really gone.
    Killed,
    /// It did not yield when killed and was abandoned.
    Leaked,
    /// There was no such process.
    NoProc,
    /// The node of the process could not be reached. Reserved for distribution.
    NoConnection,
    /// The tokio runtime that carried the process was shut down under it.
    RuntimeGone,
}

impl ExitReason {
    /// Whether this is `Normal`, `Shutdown` or `ShutdownWith`.
    pub fn is_clean(&self) -> bool {
        matches!(
            self,
            ExitReason::Normal | ExitReason::Shutdown | ExitReason::ShutdownWith(_)
        )
    }

    /// Makes a reason of an error. An `ExitReason` that was boxed as an error is taken out unchanged.
    pub fn from_error(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        match error.into().downcast::<ExitReason>() {
            Ok(reason) => *reason,
            Err(error) => ExitReason::Error(Arc::from(error)),
        }
    }

    /// The error in an [`Error`](Self::Error), if it is an `E`.
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        match self {
            ExitReason::Error(error) => error.downcast_ref(),
            _ => None,
        }
    }
}

/// Errors are equal when they are the same allocation, all else by value.
impl PartialEq for ExitReason {
    fn eq(&self, other: &Self) -> bool {
        use ExitReason::{Error, Panic, ShutdownWith};
        match (self, other) {
            (ShutdownWith(a), ShutdownWith(b)) => a == b,
            (Error(a), Error(b)) => Arc::ptr_eq(a, b),
            (
                Panic { message, location },
                Panic {
                    message: m,
                    location: l,
                },
            ) => message == m && location == l,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl fmt::Display for ExitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExitReason::Normal => f.write_str("normal"),
            ExitReason::Shutdown => f.write_str("shutdown"),
            ExitReason::ShutdownWith(why) => write!(f, "shutdown: {why}"),
            ExitReason::Error(error) => write!(f, "error: {error}"),
            ExitReason::Panic { message, location } => {
                write!(f, "panic: {message}")?;
                location.iter().try_for_each(|at| write!(f, " at {at}"))
            }
            ExitReason::Killed => f.write_str("killed"),
            ExitReason::Leaked => f.write_str("leaked: it did not yield and was abandoned"),
            ExitReason::NoProc => f.write_str("no such process"),
            ExitReason::NoConnection => f.write_str("no connection to its node"),
            ExitReason::RuntimeGone => f.write_str("its tokio runtime was shut down"),
        }
    }
}

impl fmt::Debug for ExitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExitReason::Error(error) => f.debug_tuple("Error").field(error).finish(),
            ExitReason::Panic { message, location } => f
                .debug_struct("Panic")
                .field("message", message)
                .field("location", location)
                .finish(),
            ExitReason::ShutdownWith(why) => f.debug_tuple("ShutdownWith").field(why).finish(),
            ExitReason::Normal => f.write_str("Normal"),
            ExitReason::Shutdown => f.write_str("Shutdown"),
            ExitReason::Killed => f.write_str("Killed"),
            ExitReason::Leaked => f.write_str("Leaked"),
            ExitReason::NoProc => f.write_str("NoProc"),
            ExitReason::NoConnection => f.write_str("NoConnection"),
            ExitReason::RuntimeGone => f.write_str("RuntimeGone"),
        }
    }
}

impl Error for ExitReason {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            ExitReason::Error(error) => Some(&**error),
            _ => None,
        }
    }
}

/// The notice to a watcher that the process it monitors is gone.
///
/// When it arrives, the name of the process is free, its state has been dropped and
/// `is_alive` is false.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Down {
    /// Which monitor this answers.
    pub monitor: MonitorRef,
    /// Who is gone; `None` when the name that was monitored belonged to nobody.
    pub process: Option<Pid>,
    /// Why.
    pub reason: ExitReason,
}

/// An exit signal that a process with `trap_exit` received as a message.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Exit {
    /// Who ended, or who sent the signal; `None` when it came from outside every process.
    pub from: Option<Pid>,
    /// The reason.
    pub reason: ExitReason,
}
