//! What is done and not struck off yet.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// The orders for which one kind of work is done and not struck off yet. Outlives its worker: what was done before a panic is
/// not done again.
#[derive(Clone, Debug, Default)]
pub(crate) struct DoneList(Arc<Mutex<Vec<Uuid>>>);

impl DoneList {
    pub(super) fn add(&self, order: Uuid) {
        self.lock().push(order);
    }

    /// Forgets the oldest, which are struck off now.
    pub(super) fn forget(&self, oldest: usize) {
        self.lock().drain(..oldest);
    }

    pub(super) fn orders(&self) -> Arc<[Uuid]> {
        self.lock().as_slice().into()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Uuid>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
