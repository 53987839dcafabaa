//! What the refs of a server use without asking it.

use super::{Ctx, GenServer, Process};
use std::any::Any;
use std::sync::{Arc, Weak};

impl<S: GenServer> Ctx<S> {
    /// Lets refs use this part of the state, which ends with it.
    pub(crate) fn share<T: Any + Send + Sync>(&self, part: &Arc<T>) {
        let part: Weak<T> = Arc::downgrade(part);
        self.cell.head.extras(|e| e.rare().shared = Some(part));
    }
}

impl<S: GenServer> Process<S> {
    /// The part of the state that the process shares; `None` when it is not running.
    pub(crate) fn shared<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let process = self.arc()?;
        let part = process.look(|e| e?.rare.as_ref()?.shared.clone())?;
        part.upgrade()?.downcast().ok()
    }
}
