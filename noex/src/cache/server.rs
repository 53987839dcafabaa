//! The process of a cache.

use super::store::Store;
use super::{CacheOptions, CacheStats};
use crate::server::{Ctx, Process};
use noex_macros::gen_server;
use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

/// So often entries that are over their time are looked for.
const PRUNE: Duration = Duration::from_secs(60);

/// A bounded cache: values by their keys, for a time.
///
/// It has room for so many entries, and for so much weight if the [options](CacheOptions) say so. When it is full, entries go
/// that have not been used for long, those first that were never used again. Every operation takes the same time however large
/// it is, but [`clear`](CacheRef::clear) and [`prune`](CacheRef::prune). None of them goes through the cache's process, so many tasks
/// use it side by side. Values are cloned out of it: wrap in an `Arc` what is costly to clone.
///
/// A cache is never a reason to fail. While it is not running it has nothing, keeps nothing, and
/// [`get_or_insert_with`](CacheRef::get_or_insert_with) loads each time. A cache that its supervisor has restarted is empty, and its
/// figures begin at 0: what must outlive that belongs elsewhere.
///
/// ```
/// use noex::prelude::*;
/// use noex::{Cache, CacheOptions};
/// use std::io;
/// use std::time::Duration;
///
/// supervisor! {
///     struct App() {
///         prices: Cache::<u32, String>(CacheOptions::new(10_000).ttl(Duration::from_secs(60))),
///     }
/// }
///
/// async fn price(article: u32) -> io::Result<String> {
///     Ok(format!("{article} cents")) // or ask somebody else
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start().await?;
/// let prices = app.prices();
/// assert_eq!(prices.get_or_insert_with(&7, || price(7)).await?, "7 cents");
/// assert_eq!(prices.get(&7).as_deref(), Some("7 cents"));
/// prices.invalidate(&7);
/// assert_eq!(prices.get(&7), None);
/// assert_eq!(prices.stats().map(|stats| (stats.hits, stats.misses)), Some((1, 2)));
/// app.stop().await?;
/// # Ok(())
/// # }
/// ```
///
/// `Hash` and `Eq` of the keys run under a lock: they must not use the cache, nor panic.
pub struct Cache<K, V> {
    store: Arc<Store<K, V>>,
}

/// Time to remove what is over its time.
#[derive(Clone)]
struct Prune;

#[gen_server]
impl<K, V> Cache<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// An empty cache.
    #[init]
    pub fn empty(options: CacheOptions<K, V>, cx: &mut Ctx<Self>) -> Self {
        let store = Arc::new(Store::new(options));
        cx.share(&store);
        cx.interval(PRUNE, Prune);
        Cache { store }
    }

    #[info]
    fn prune_now(&mut self, _: Prune) {
        self.store.prune();
    }

    #[status]
    fn show(&self) -> CacheStats {
        self.store.stats()
    }
}

/// What does not go through the process.
impl<K, V> CacheRef<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// The value of this key.
    pub fn get(&self, key: &K) -> Option<V> {
        self.store()?.get(key)
    }

    /// Whether there is a value of this key. That is no use of it, and counts as none.
    pub fn contains(&self, key: &K) -> bool {
        self.store().is_some_and(|store| store.contains(key))
    }

    /// Keeps a value, in the place of another one of this key, for as long as the cache keeps values.
    pub fn insert(&self, key: K, value: V) {
        if let Some(store) = self.store() {
            let ttl = store.default_ttl();
            store.insert(key, value, ttl);
        }
    }

    /// Keeps a value for this long; `None` for as long as there is room.
    pub fn insert_with_ttl(&self, key: K, value: V, ttl: Option<Duration>) {
        if let Some(store) = self.store() {
            store.insert(key, value, ttl);
        }
    }

    /// The value of this key; if there is none, what `load` brings, which is kept. However many ask for it at once, it is loaded once.
    ///
    /// An error is for its caller alone and not kept: one of those who wait tries next. So it does when the one who loads is
    /// dropped, or panics. What was inserted or invalidated meanwhile is not overwritten. Cancel safe. `load` must not ask
    /// this cache for the same key: it would wait for itself.
    ///
    /// # Errors
    ///
    /// Those of `load`.
    pub async fn get_or_insert_with<E, F>(&self, key: &K, load: impl FnOnce() -> F) -> Result<V, E>
    where
        F: Future<Output = Result<V, E>>,
    {
        match self.store() {
            Some(store) => store.get_or_insert_with(key, load).await,
            None => load().await,
        }
    }

    /// Removes the value of this key. Whether there was one. A value that is being loaded is not kept.
    pub fn invalidate(&self, key: &K) -> bool {
        self.store().is_some_and(|store| store.invalidate(key))
    }

    /// Removes all values. Those that are being loaded are not kept. The figures stay.
    pub fn clear(&self) {
        if let Some(store) = self.store() {
            store.clear();
        }
    }

    /// Removes the values that are over their time. They are never given out, but take up room. It is done each minute, too.
    pub fn prune(&self) {
        if let Some(store) = self.store() {
            store.prune();
        }
    }

    /// What there is now, and what has been counted since the cache started. `None` when it is not running.
    pub fn stats(&self) -> Option<CacheStats> {
        Some(self.store()?.stats())
    }

    fn store(&self) -> Option<Arc<Store<K, V>>> {
        Process::shared(self)
    }
}

impl<K, V> fmt::Debug for Cache<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").finish_non_exhaustive()
    }
}
