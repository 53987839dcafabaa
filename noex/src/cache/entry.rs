//! What is kept under a key.

use crate::clock::Instant;
use crate::process::dispose;
use quick_cache::{Lifecycle, Weighter};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A value with its weight, until when it is kept. Cloned without the user's code, which must not run under a lock of the cache's.
pub(super) struct Entry<V> {
    pub(super) value: Arc<Guarded<V>>,
    pub(super) weight: u64,
    /// `None` for ever.
    pub(super) until: Option<Instant>,
}

impl<V> Entry<V> {
    pub(super) fn is_over(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

impl<V> Clone for Entry<V> {
    fn clone(&self) -> Self {
        Entry {
            value: self.value.clone(),
            ..*self
        }
    }
}

/// A value whose panic when it is dropped, by whoever happens to drop it, stops there.
pub(super) struct Guarded<V>(Option<V>);

impl<V: Clone> Guarded<V> {
    pub(super) fn new(value: V) -> Self {
        Guarded(Some(value))
    }

    pub(super) fn get(&self) -> V {
        let value = self.0.clone();
        value.expect("it is taken out only to be dropped")
    }
}

impl<V> Drop for Guarded<V> {
    fn drop(&mut self) {
        let _ = dispose(self.0.take());
    }
}

/// Entries know what they weigh.
#[derive(Clone, Copy)]
pub(super) struct Weighed;

impl<K, V> Weighter<K, Entry<V>> for Weighed {
    fn weight(&self, _: &K, entry: &Entry<V>) -> u64 {
        entry.weight
    }
}

/// Counts what makes room for others.
#[derive(Clone, Default)]
pub(super) struct Evictions(Arc<AtomicU64>);

impl Evictions {
    pub(super) fn count(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl<K, V> Lifecycle<K, Entry<V>> for Evictions {
    /// Dropped when the lock is no longer held.
    type RequestState = Vec<(K, Entry<V>)>;

    fn on_evict(&self, evicted: &mut Self::RequestState, key: K, entry: Entry<V>) {
        self.0.fetch_add(1, Relaxed);
        evicted.push((key, entry));
    }
}
