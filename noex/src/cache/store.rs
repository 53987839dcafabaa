//! The entries of one cache, shared by its process and all who use them.

use super::entry::{Entry, Evictions, Guarded, Weighed};
use super::{CacheOptions, CacheStats};
use crate::clock;
use quick_cache::{DefaultHashBuilder, OptionsBuilder, sync};
use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Into so many parts with locks of their own a large cache is divided, and its bounds with it.
const PARTS: u64 = 8;

/// So many entries a part has room for at least. A smaller cache is one part.
const PART: u64 = 64;

pub(super) struct Store<K, V> {
    entries: sync::Cache<K, Entry<V>, Weighed, DefaultHashBuilder, Evictions>,
    options: CacheOptions<K, V>,
    hits: AtomicU64,
    misses: AtomicU64,
    evictions: Evictions,
}

impl<K, V> Store<K, V>
where
    K: Clone + Eq + Hash,
    V: Clone,
{
    pub(super) fn new(options: CacheOptions<K, V>) -> Self {
        let parts = match options.max_size / PARTS >= PART {
            true => PARTS,
            false => 1,
        };
        let bound = match &options.weight {
            Some((max_weight, _)) => *max_weight,
            None => options.max_size,
        };
        let layout = OptionsBuilder::new()
            .shards(usize::try_from(parts).unwrap_or(1))
            .estimated_items_capacity(usize::try_from(options.max_size).unwrap_or(usize::MAX))
            // Each part is rounded up.
            .weight_capacity(bound - bound % parts)
            .build()
            .expect("all that is needed is given");
        let evictions = Evictions::default();
        let hasher = DefaultHashBuilder::default();
        Store {
            entries: sync::Cache::with_options(layout, Weighed, hasher, evictions.clone()),
            options,
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
            evictions,
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<V> {
        let now = clock::now();
        let found = self.entries.get(key);
        match found {
            Some(entry) if !entry.is_over(now) => {
                self.hits.fetch_add(1, Relaxed);
                Some(entry.value.get())
            }
            found => {
                self.misses.fetch_add(1, Relaxed);
                if found.is_some() {
                    self.remove_if_over(key);
                }
                None
            }
        }
    }

    pub(super) fn contains(&self, key: &K) -> bool {
        let found = self.entries.peek(key);
        found.is_some_and(|entry| !entry.is_over(clock::now()))
    }

    pub(super) fn insert(&self, key: K, value: V, ttl: Option<Duration>) {
        let entry = self.entry(&key, value, ttl);
        self.entries.insert(key, entry);
    }

    /// One load at a time for each key. Whoever waits when it brings no value loads next.
    pub(super) async fn get_or_insert_with<E, F>(
        &self,
        key: &K,
        load: impl FnOnce() -> F,
    ) -> Result<V, E>
    where
        F: Future<Output = Result<V, E>>,
    {
        let place = loop {
            match self.entries.get_value_or_guard_async(key).await {
                Ok(entry) if !entry.is_over(clock::now()) => {
                    self.hits.fetch_add(1, Relaxed);
                    return Ok(entry.value.get());
                }
                Ok(_) => self.remove_if_over(key),
                Err(place) => break place,
            }
        };
        self.misses.fetch_add(1, Relaxed);
        let value = load().await?;
        let entry = self.entry(key, value, self.options.ttl);
        let kept = entry.value.clone();
        // What was inserted or invalidated meanwhile is newer.
        let _ = place.insert(entry);
        Ok(kept.get())
    }

    pub(super) fn invalidate(&self, key: &K) -> bool {
        let removed = self.entries.remove(key);
        removed.is_some_and(|(_, entry)| !entry.is_over(clock::now()))
    }

    pub(super) fn clear(&self) {
        self.entries.clear();
    }

    pub(super) fn prune(&self) {
        let now = clock::now();
        self.entries.retain(|_, entry| !entry.is_over(now));
    }

    pub(super) fn default_ttl(&self) -> Option<Duration> {
        self.options.ttl
    }

    pub(super) fn stats(&self) -> CacheStats {
        let max_weight = self.options.weight.as_ref().map(|(max, _)| *max);
        CacheStats {
            size: self.entries.len() as u64,
            max_size: self.options.max_size,
            weight: max_weight.map(|_| self.entries.weight()),
            max_weight,
            hits: self.hits.load(Relaxed),
            misses: self.misses.load(Relaxed),
            evictions: self.evictions.count(),
        }
    }

    fn remove_if_over(&self, key: &K) {
        let now = clock::now();
        self.entries.remove_if(key, |entry| entry.is_over(now));
    }

    fn entry(&self, key: &K, value: V, ttl: Option<Duration>) -> Entry<V> {
        let weight = match &self.options.weight {
            // Each weighs its part of the whole at least: so their number is bounded by their weight.
            Some((max, weigh)) => {
                weigh(key, &value).max(max.div_ceil(self.options.max_size.max(1)))
            }
            None => 1,
        };
        Entry {
            value: Arc::new(Guarded::new(value)),
            weight: weight.max(1),
            until: ttl.map(|ttl| clock::later(clock::now(), ttl)),
        }
    }
}
