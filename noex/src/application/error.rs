//! Why an application was not started or stopped.

use crate::error::StartError;
use crate::process::{ExitReason, Name};
use std::error::Error;
use std::fmt;

/// Why an application was not loaded, started or stopped.
///
/// The text of one that failed to start names everything from the application down to the cause.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ApplicationError {
    /// No application of this name is loaded.
    NotLoaded(Name),
    /// Another application of this name is loaded.
    AlreadyLoaded(Name),
    /// It depends on an application that is not up.
    NotStarted {
        /// The application that was to start.
        application: Name,
        /// The one it needs.
        dependency: Name,
    },
    /// Applications that depend on each other, the first and the last being the same.
    DependencyCycle(Vec<Name>),
    /// It is up already.
    AlreadyStarted(Name),
    /// It is not up.
    NotRunning(Name),
    /// Its tree did not start. Nothing of it is left.
    Failed {
        /// The application.
        application: Name,
        /// Why.
        error: StartError,
    },
    /// A start phase failed. The application has been stopped again.
    PhaseFailed {
        /// The application.
        application: Name,
        /// The phase.
        phase: &'static str,
        /// How it failed.
        reason: ExitReason,
    },
    /// It was stopped before it was up.
    Cancelled(Name),
    /// The program is stopping.
    ShuttingDown,
}

impl fmt::Display for ApplicationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ApplicationError::NotLoaded(name) => {
                write!(f, "no application `{name}` is loaded; load it first")
            }
            ApplicationError::AlreadyLoaded(name) => write!(
                f,
                "an application `{name}` is loaded already; give one another name"
            ),
            ApplicationError::NotStarted {
                application,
                dependency,
            } => write!(
                f,
                "application `{application}` needs `{dependency}`, which is not started; start that first, or use `ensure_all_started`"
            ),
            ApplicationError::DependencyCycle(names) => {
                f.write_str("applications depend on each other: ")?;
                for (at, name) in names.iter().enumerate() {
                    write!(f, "{}`{name}`", if at == 0 { "" } else { " -> " })?;
                }
                Ok(())
            }
            ApplicationError::AlreadyStarted(name) => {
                write!(f, "application `{name}` is started already")
            }
            ApplicationError::NotRunning(name) => write!(f, "application `{name}` is not running"),
            ApplicationError::Failed { application, error } => {
                write!(f, "application `{application}` did not start: {error}")
            }
            ApplicationError::PhaseFailed {
                application,
                phase,
                reason,
            } => write!(
                f,
                "application `{application}` did not start: start phase `{phase}` failed: {reason}"
            ),
            ApplicationError::Cancelled(name) => {
                write!(f, "application `{name}` was stopped before it was up")
            }
            ApplicationError::ShuttingDown => f.write_str("the program is stopping"),
        }
    }
}

impl Error for ApplicationError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            ApplicationError::Failed { error, .. } => Some(error),
            ApplicationError::PhaseFailed { reason, .. } => Some(reason),
            _ => None,
        }
    }
}
