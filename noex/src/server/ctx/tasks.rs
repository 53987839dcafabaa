//! What runs beside a server, and ends with it.

use super::Ctx;
use crate::process::reply_slot::CallContext;
use crate::process::{BlockingJob, ExitReason, Owned};
use crate::server::GenServer;
use std::future::Future;
use std::sync::Arc;

impl<S: GenServer> Ctx<S> {
    /// Runs a future beside the server, in its system. It is aborted when the process ends: then it is dropped at its next await. When it
    /// panics, that is logged, and the server goes on.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn spawn(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.owned().spawn(CallContext::default(), task);
    }

    /// Runs a closure on tokio's blocking pool. When the process ends before the closure has begun, it never runs. Once begun it cannot
    /// be stopped: it is told by its [`BlockingJob`], and until it returns it counts among the
    /// [orphaned jobs](crate::System::orphaned_jobs) of the system. When it panics, that is logged, and the server goes on.
    ///
    /// ```
    /// use noex::prelude::*;
    ///
    /// struct Digest { sum: u64 }
    ///
    /// #[gen_server]
    /// impl Digest {
    ///     #[cast]
    ///     fn add_all(&mut self, numbers: Vec<u64>, cx: &mut Ctx<Self>) {
    ///         let me = cx.myself();
    ///         cx.spawn_blocking(move |job| {
    ///             let mut sum = 0;
    ///             for n in numbers {
    ///                 if job.is_cancelled() {
    ///                     return;
    ///                 }
    ///                 sum += n;
    ///             }
    ///             let _ = me.done(sum);
    ///         });
    ///     }
    ///     #[cast]
    ///     fn done(&mut self, sum: u64) { self.sum += sum }
    /// }
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn spawn_blocking(&mut self, work: impl FnOnce(&BlockingJob) + Send + 'static) {
        self.owned().spawn_blocking(work);
    }

    pub(super) fn owned(&mut self) -> Arc<Owned> {
        if let Some(owned) = self.rare.as_ref().and_then(|r| r.owned.clone()) {
            return owned;
        }
        let head = &self.cell.head;
        let owned = Arc::new(Owned::new(head));
        head.extras(|e| e.rare().owned = Some(owned.clone()));
        // Whoever abandons the process fences it off before looking for what it owns.
        if head.is_fenced() {
            owned.end(&ExitReason::Leaked);
        }
        self.rare().owned = Some(owned.clone());
        owned
    }
}
