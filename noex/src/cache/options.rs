//! How much a cache keeps, and for how long.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

type Weigh<K, V> = Arc<dyn Fn(&K, &V) -> u64 + Send + Sync>;

/// How much a [`Cache`](super::Cache) keeps, and for how long.
///
/// ```
/// use noex::CacheOptions;
/// use std::time::Duration;
///
/// let pages = CacheOptions::<String, Vec<u8>>::new(10_000)
///     .max_weight(64 << 20, |url, page| (url.len() + page.len()) as u64)
///     .ttl(Duration::from_secs(300));
/// assert_eq!(pages.max_size, 10_000);
/// ```
pub struct CacheOptions<K, V> {
    /// How many entries are kept at most.
    pub max_size: u64,
    /// For how long an entry is kept if it does not say so itself; `None` for no limit.
    pub ttl: Option<Duration>,
    pub(super) weight: Option<(u64, Weigh<K, V>)>,
}

impl<K, V> CacheOptions<K, V> {
    /// So many entries at most, with no limit on their weight or on the time for which they are kept.
    pub fn new(max_size: u64) -> Self {
        CacheOptions {
            max_size,
            ttl: None,
            weight: None,
        }
    }

    /// Keeps entries for this long, unless they say so themselves.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Bounds the weight of all entries together, too: what `weigh` says when an entry is inserted, in a unit of your choice. An entry
    /// that weighs more than a tenth of `max_weight` may be too heavy to be kept.
    pub fn max_weight(
        mut self,
        max_weight: u64,
        weigh: impl Fn(&K, &V) -> u64 + Send + Sync + 'static,
    ) -> Self {
        self.weight = Some((max_weight, Arc::new(weigh)));
        self
    }
}

impl<K, V> Clone for CacheOptions<K, V> {
    fn clone(&self) -> Self {
        CacheOptions {
            weight: self.weight.clone(),
            ..*self
        }
    }
}

impl<K, V> fmt::Debug for CacheOptions<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheOptions")
            .field("max_size", &self.max_size)
            .field("ttl", &self.ttl)
            .field("max_weight", &self.weight.as_ref().map(|(max, _)| max))
            .finish()
    }
}
