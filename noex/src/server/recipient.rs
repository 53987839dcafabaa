//! Handles that know the message only.

use super::{Info, Process};
use crate::error::CastError;
use std::fmt;
use std::sync::Arc;

/// Whoever takes a `T`: for senders that should know nothing else of the receiver. See [`Process::recipient`].
pub struct Recipient<T>(Arc<dyn Fn(T) -> Result<(), CastError<()>> + Send + Sync>);

impl<T: 'static> Recipient<T> {
    pub(super) fn new<S: Info<T>>(process: Process<S>) -> Self {
        Recipient(Arc::new(move |message| {
            process.send(message).map_err(|refused| match refused {
                CastError::Full(_) => CastError::Full(()),
                CastError::NotRunning(_) => CastError::NotRunning(()),
            })
        }))
    }

    /// Sends the message without waiting for anything.
    ///
    /// # Errors
    ///
    /// [`CastError::Full`] or [`CastError::NotRunning`].
    pub fn send(&self, message: T) -> Result<(), CastError<()>> {
        (self.0)(message)
    }
}

impl<T> Clone for Recipient<T> {
    fn clone(&self) -> Self {
        Recipient(self.0.clone())
    }
}

impl<T> fmt::Debug for Recipient<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient").finish_non_exhaustive()
    }
}
