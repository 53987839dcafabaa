//! A resource in use.

use super::ResourceManager;
use super::place::Place;
use std::fmt;
use std::ops::{Deref, DerefMut};

/// A resource of a [`ResourcePool`](super::ResourcePool) in use, which it derefs to.
///
/// Dropped, it is given back: also when its holder panics or is killed, since its parts are dropped then. The next one to
/// get it finds out by [`check`](ResourceManager::check) whether it can still be used; whoever knows better
/// [discards](Self::discard) it. It may go to other tasks, and to `spawn_blocking`. When the pool has ended meanwhile, a resource
/// given back is closed.
pub struct CheckedOut<M: ResourceManager> {
    /// `None` once it is given back.
    parts: Option<(M::Resource, Place<M>)>,
    /// Whether it has reached its user. Before that, dropped half-way, it may be in any state.
    lent: bool,
}

impl<M: ResourceManager> CheckedOut<M> {
    pub(super) fn unchecked(resource: M::Resource, place: Place<M>) -> Self {
        CheckedOut {
            parts: Some((resource, place)),
            lent: false,
        }
    }

    pub(super) fn lend(mut self) -> Self {
        self.lent = true;
        self
    }

    pub(super) fn into_parts(mut self) -> (M::Resource, Place<M>) {
        self.parts.take().expect(THERE)
    }

    /// Closes the resource instead of giving it back, beside the caller.
    ///
    /// ```
    /// # use noex::{CheckedOut, ResourceManager};
    /// # use std::io;
    /// # struct Connection;
    /// # impl Connection { async fn send(&mut self, _: &str) -> io::Result<()> { Ok(()) } }
    /// async fn send<M>(mut connection: CheckedOut<M>, line: &str) -> io::Result<()>
    /// where
    ///     M: ResourceManager<Resource = Connection>,
    /// {
    ///     let sent = connection.send(line).await;
    ///     if sent.is_err() {
    ///         connection.discard(); // half a line may be on its way
    ///     }
    ///     sent
    /// }
    /// ```
    pub fn discard(self) {
        let (resource, place) = self.into_parts();
        let store = place.store().clone();
        store.books.lock().counts.released += 1;
        store.close_in_background(resource, place);
    }
}

const THERE: &str = "a resource is given back at the end only";

impl<M: ResourceManager> Drop for CheckedOut<M> {
    fn drop(&mut self) {
        let Some((resource, place)) = self.parts.take() else {
            return;
        };
        let store = place.store().clone();
        if self.lent {
            store.books.lock().counts.released += 1;
            store.give_back(resource, place);
        } else {
            store.close_in_background(resource, place);
        }
    }
}

impl<M: ResourceManager> Deref for CheckedOut<M> {
    type Target = M::Resource;

    fn deref(&self) -> &M::Resource {
        &self.parts.as_ref().expect(THERE).0
    }
}

impl<M: ResourceManager> DerefMut for CheckedOut<M> {
    fn deref_mut(&mut self) -> &mut M::Resource {
        &mut self.parts.as_mut().expect(THERE).0
    }
}

impl<M: ResourceManager<Resource: fmt::Debug>> fmt::Debug for CheckedOut<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CheckedOut").field(&**self).finish()
    }
}
