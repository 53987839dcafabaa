//! What can go wrong with a pool of resources.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// Why no resource was acquired.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AcquireError<E> {
    /// None was idle, and none could be made.
    Failed(E),
    /// None was to be had in time.
    Timeout {
        /// How long the caller was willing to wait.
        after: Duration,
    },
    /// All are in use, and as many as may wait for one already do.
    Full {
        /// How many wait.
        waiting: usize,
    },
    /// The pool is not running, or is stopping.
    NotRunning,
}

impl<E: fmt::Display> fmt::Display for AcquireError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AcquireError::Failed(error) => write!(f, "no resource could be made: {error}"),
            AcquireError::Timeout { after } => write!(
                f,
                "no resource was free within {after:?}; hold them for a shorter time, or raise `max`"
            ),
            AcquireError::Full { waiting } => write!(
                f,
                "all resources are in use and {waiting} already wait for one; slow down, or raise `max` or `max_waiting`"
            ),
            AcquireError::NotRunning => {
                f.write_str("the pool is not running; retry when its supervisor has restarted it")
            }
        }
    }
}

impl<E: Error + 'static> Error for AcquireError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            AcquireError::Failed(error) => Some(error),
            _ => None,
        }
    }
}

/// A pool that may have no resources, or fewer than it must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolSizeError {
    /// So many were to be kept.
    pub min: usize,
    /// So many were to be allowed.
    pub max: usize,
}

impl fmt::Display for PoolSizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PoolSizeError { min, max } = self;
        write!(
            f,
            "a pool of {min} to {max} resources cannot be: `max` must be at least 1, and `min` no more than `max`"
        )
    }
}

impl Error for PoolSizeError {}
