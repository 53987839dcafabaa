//! The right to have one resource open that is not idle.

use super::ResourceManager;
use super::books::Books;
use super::store::Store;
use std::sync::Arc;

/// A resource is idle or has a place, and there are as many places as resources may be open. So there are never more.
pub(super) struct Place<M: ResourceManager> {
    store: Arc<Store<M>>,
    closing: bool,
}

impl<M: ResourceManager> Place<M> {
    /// The books have noted that it is held.
    pub(super) fn new(store: &Arc<Store<M>>) -> Self {
        Place {
            store: store.clone(),
            closing: false,
        }
    }

    pub(super) fn store(&self) -> &Arc<Store<M>> {
        &self.store
    }

    /// From now on its resource does not count among those that are open.
    pub(super) fn begin_closing(&mut self, books: &mut Books<M::Resource>) {
        if !self.closing {
            self.closing = true;
            books.begin_closing();
        }
    }

    /// Closes its resource; then it is free for another one.
    pub(super) async fn close(&mut self, resource: M::Resource) {
        let store = self.store.clone();
        self.begin_closing(&mut store.books.lock());
        store.manager.close(resource).await;
        store.books.lock().closing -= 1;
        self.closing = false;
    }
}

impl<M: ResourceManager> Drop for Place<M> {
    fn drop(&mut self) {
        self.store.leave(self.closing);
    }
}
