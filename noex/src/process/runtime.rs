//! What is known of each tokio runtime that processes run on.
//!
//! A process has no task of tokio's before something wakes it. Until then there is nothing of it that its runtime could drop when it shuts
//! down. That is what the keeper is for, a task per runtime that does nothing but be dropped: it ends those that have none.
//!
//! **Invariant (nobody outlives its runtime).** The keeper writes down that the runtime is over, then looks at all that live. A process is
//! entered in the table of its system, under a lock, before it begins, and looks there whether the runtime is over; so it is
//! refused or the keeper sees it. Of those it sees, its [carriage](super::carriage) tells whose it is: the keeper ends who had begun and was not
//! carried; a starter that comes later ends its process itself; and a carrier that is spawned too late is dropped on the spot, which ends
//! its process too.

use super::ProcessArc;
use super::carriage::Need;
use super::inline;
use super::wheel::Wheel;
use crate::hooks::{Hook, hook};
use crate::sync::atomic::{AtomicBool, Ordering::*};
use crate::sync::{Mutex, planted};
use crate::system::System;
use crate::task;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::future::{Future, pending};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use tokio::runtime::{self, Handle};

/// A runtime that processes run on.
pub(crate) struct Runtime {
    /// `None` in models.
    id: Option<runtime::Id>,
    over: AtomicBool,
    /// `None` once it is over: who keeps a ref to a process keeps no more of the runtime than this.
    spawner: Mutex<Option<Spawner>>,
    wheel: OnceLock<Arc<Wheel>>,
}

/// Where the tasks of a runtime are given to it.
#[derive(Clone)]
pub(super) enum Spawner {
    Tokio(Handle),
    #[cfg(noex_loom)]
    Model(super::models::Tasks),
}

type Runtimes = RwLock<HashMap<runtime::Id, Arc<Runtime>>>;

fn runtimes() -> &'static Runtimes {
    static RUNTIMES: OnceLock<Runtimes> = OnceLock::new();
    RUNTIMES.get_or_init(Runtimes::default)
}

std::thread_local! {
    static SEEN: RefCell<Option<(runtime::Id, Arc<Runtime>)>> = const { RefCell::new(None) };
}

/// The runtime that this thread saw last, if it is this one.
fn seen(id: runtime::Id) -> Option<Arc<Runtime>> {
    let seen = SEEN.try_with(|seen| {
        let seen = seen.borrow();
        let seen = seen.as_ref().filter(|(seen, _)| *seen == id);
        seen.map(|(_, runtime)| runtime.clone())
    });
    seen.ok().flatten()
}

impl Runtime {
    pub(super) fn new(id: Option<runtime::Id>, spawner: Spawner) -> Self {
        Runtime {
            id,
            over: AtomicBool::new(false),
            spawner: Mutex::new(Some(spawner)),
            wheel: OnceLock::new(),
        }
    }

    /// The current one; `None` outside of any.
    pub(crate) fn here() -> Option<Arc<Self>> {
        if let Some(runtime) = inline::runtime_of_task().and_then(seen) {
            return Some(runtime);
        }
        let handle = Handle::try_current().ok()?;
        let id = handle.id();
        if let Some(runtime) = seen(id) {
            return Some(runtime);
        }
        let found = {
            let all = runtimes().read().unwrap_or_else(PoisonError::into_inner);
            all.get(&id).cloned()
        };
        let runtime = found.unwrap_or_else(|| Runtime::keep(id, handle));
        let _ = SEEN.try_with(|seen| seen.replace(Some((id, runtime.clone()))));
        Some(runtime)
    }

    /// Enters a runtime that is seen for the first time.
    fn keep(id: runtime::Id, handle: Handle) -> Arc<Self> {
        let new = Arc::new(Runtime::new(Some(id), Spawner::Tokio(handle.clone())));
        let mut all = runtimes().write().unwrap_or_else(PoisonError::into_inner);
        let runtime = all.entry(id).or_insert_with(|| new.clone()).clone();
        // A runtime that is shutting down drops the keeper on the spot, and that takes the entry out again.
        drop(all);
        if Arc::ptr_eq(&runtime, &new) {
            let keeper = Keeper(new);
            task::spawn(&handle, async move {
                let _keeper = keeper;
                pending::<()>().await;
            });
        }
        runtime
    }

    #[inline]
    pub(super) fn is(&self, id: Option<runtime::Id>) -> bool {
        self.id.is_some() && self.id == id
    }

    /// Whether it has shut down, or is about to.
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Acquire)
    }

    /// Runs a future on it, which is dropped on the spot when it is over.
    pub(super) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let spawner = self.spawner.lock().clone();
        match spawner {
            Some(Spawner::Tokio(handle)) => task::spawn(&handle, future),
            #[cfg(noex_loom)]
            Some(Spawner::Model(tasks)) => tasks.add(future),
            None if planted("unburied") => std::mem::forget(future),
            None => drop(future),
        }
    }

    /// Its timers.
    pub(super) fn wheel(&self) -> &Arc<Wheel> {
        self.wheel.get_or_init(|| {
            let wheel = Arc::new(Wheel::new());
            self.spawn(Wheel::ticker(wheel.clone()));
            wheel
        })
    }

    /// Ends the processes of these systems that it would leave behind.
    pub(super) fn end(&self, systems: impl Fn() -> Vec<System>) {
        let early = planted("early_list").then(|| self.left_behind(&systems()));
        hook(Hook::RuntimeOver);
        self.over.store(true, Release);
        let spawner = self.spawner.lock().take();
        drop(spawner);
        // Marked before any of them ends: none is to be carried for the end of another.
        for process in early.unwrap_or_else(|| self.left_behind(&systems())) {
            process.orphan();
        }
    }

    fn left_behind(&self, systems: &[System]) -> Vec<ProcessArc> {
        let mut living: Vec<_> = systems.iter().flat_map(System::living).collect();
        living.retain(|process| {
            let head = process.head();
            std::ptr::eq(&*head.runtime, self) && head.carriage.end_runtime() == Need::End
        });
        living
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime")
            .field("id", &self.id)
            .field("over", &self.is_over())
            .finish_non_exhaustive()
    }
}

/// Kept by a task of the runtime, and dropped with it.
struct Keeper(Arc<Runtime>);

impl Drop for Keeper {
    fn drop(&mut self) {
        if let Some(id) = self.0.id {
            let mut all = runtimes().write().unwrap_or_else(PoisonError::into_inner);
            let gone = all.remove(&id);
            drop(all);
            drop(gone);
        }
        self.0.end(System::all);
    }
}
