//! What runs beside the applications of a program.

use super::controller::{Applications, Cause};
use super::hook::{Contained, Work};
use crate::server::Outcome;
use crate::task;
use std::fmt;
use std::future::Future;
use tokio::task::JoinHandle;

/// Work of the user's that belongs to no application.
pub(super) struct Companion {
    name: &'static str,
    work: Work,
}

/// Goes on until it is dropped.
pub(super) struct Accompanied(Vec<JoinHandle<()>>);

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
    async fn accompany(self, applications: Applications) {
        if let Err(error) = Contained::new(self.work, applications.system()).await {
            tracing::error!(target: "noex::application", name = self.name, %error, "what runs beside the applications failed: the program stops");
            applications.close(Cause::Failed);
        }
    }
}

impl Accompanied {
    pub(super) fn begin(companions: Vec<Companion>, applications: &Applications) -> Self {
        let companions = companions.into_iter();
        let begun = companions.map(|c| task::spawn_joinable(c.accompany(applications.clone())));
        Accompanied(begun.collect())
    }
}

impl Drop for Accompanied {
    fn drop(&mut self) {
        self.0.iter().for_each(JoinHandle::abort);
    }
}

impl fmt::Debug for Companion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Companion").field(&self.name).finish()
    }
}
