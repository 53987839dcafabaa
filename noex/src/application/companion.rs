//! What runs beside the applications of a program.

use super::controller::{Applications, Cause};
use crate::process::{ExitReason, contain};
use crate::server::Outcome;
use crate::task;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use tokio::task::AbortHandle;

/// Work of the user's that belongs to no application.
pub(super) struct Companion {
    name: &'static str,
    work: Pin<Box<dyn Future<Output = Result<(), ExitReason>> + Send>>,
}

/// Goes on until it is dropped.
pub(super) struct Accompanied(Vec<AbortHandle>);

impl Companion {
    pub(super) fn new<F>(name: &'static str, work: F) -> Self
    where
        F: Future + Send + 'static,
        F::Output: Outcome,
    {
        let work = Box::pin(async move { work.await.outcome() });
        Companion { name, work }
    }

    /// Works until it is over. A failure ends the program.
    async fn accompany(mut self, applications: Applications) {
        let polled = poll_fn(|cx| match contain(|| self.work.as_mut().poll(cx)) {
            Ok(polled) => polled,
            Err(panic) => Poll::Ready(Err(panic)),
        });
        if let Err(error) = polled.await {
            tracing::error!(target: "noex::application", name = self.name, %error, "what runs beside the applications failed: the program stops");
            applications.close(Cause::Failed);
        }
    }
}

impl Accompanied {
    pub(super) fn begin(companions: Vec<Companion>, applications: &Applications) -> Self {
        let companions = companions.into_iter();
        let begun = companions.map(|c| task::spawn_abortable(c.accompany(applications.clone())));
        Accompanied(begun.collect())
    }
}

impl Drop for Accompanied {
    fn drop(&mut self) {
        self.0.iter().for_each(AbortHandle::abort);
    }
}

impl fmt::Debug for Companion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Companion").field(&self.name).finish()
    }
}
