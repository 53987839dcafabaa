//! Which system is meant in which tokio runtime.

use super::{Scope, System};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, Weak};
use tokio::runtime::{self, Handle};

impl System {
    /// Binds this system to a tokio runtime: everything in that runtime means it, also inside `tokio::spawn`. The guard ends the binding.
    pub fn bind(&self, runtime: &Handle) -> BindGuard {
        let id = runtime.id();
        let mut all = bindings().write().unwrap_or_else(PoisonError::into_inner);
        all.insert(id, Arc::downgrade(&self.0));
        BOUND.store(all.len(), Relaxed);
        BindGuard {
            runtime: id,
            _keep: self.clone(),
        }
    }
}

/// Keeps a [`System`] bound to a runtime; see [`System::bind`].
#[derive(Debug)]
#[must_use = "dropping the guard ends the binding"]
pub struct BindGuard {
    runtime: runtime::Id,
    _keep: System,
}

impl Drop for BindGuard {
    fn drop(&mut self) {
        let mut all = bindings().write().unwrap_or_else(PoisonError::into_inner);
        all.remove(&self.runtime);
        BOUND.store(all.len(), Relaxed);
    }
}

/// How many bindings there are: most programs make none, and then nobody asks tokio where this is.
static BOUND: AtomicUsize = AtomicUsize::new(0);

type Bindings = RwLock<HashMap<runtime::Id, Weak<Scope>>>;

fn bindings() -> &'static Bindings {
    static BINDINGS: OnceLock<Bindings> = OnceLock::new();
    BINDINGS.get_or_init(Bindings::default)
}

/// The system bound to the current runtime.
pub(super) fn bound_here() -> Option<System> {
    if BOUND.load(Relaxed) == 0 {
        return None;
    }
    let runtime = Handle::try_current().ok()?.id();
    let all = bindings().read().unwrap_or_else(PoisonError::into_inner);
    all.get(&runtime)?.upgrade().map(System)
}
