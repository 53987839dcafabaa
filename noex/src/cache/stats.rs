//! What a cache has counted.

use crate::json::json_object;

/// The figures of a [`Cache`](super::Cache): what is now, and what has been counted since it started. As JSON, the names are in
/// camelCase, with a `hitRate`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// How many entries there are; some of them may be over their time and not removed yet.
    pub size: u64,
    /// How many there may be.
    pub max_size: u64,
    /// What the entries weigh together, if there is a bound on that.
    pub weight: Option<u64>,
    /// What they may weigh.
    pub max_weight: Option<u64>,
    /// How often what was asked for was there, or was being loaded for somebody else.
    pub hits: u64,
    /// How often it was not.
    pub misses: u64,
    /// How many entries made room for others, or were too heavy to be kept.
    pub evictions: u64,
}

impl CacheStats {
    /// The part of hits among all that was asked for, from 0 to 1; 0 when nothing was.
    pub fn hit_rate(&self) -> f64 {
        let all = self.hits + self.misses;
        match all {
            0 => 0.0,
            all => self.hits as f64 / all as f64,
        }
    }
}

json_object!(CacheStats, stats => {
    "size": stats.size,
    "maxSize": stats.max_size,
    "weight": stats.weight,
    "maxWeight": stats.max_weight,
    "hits": stats.hits,
    "misses": stats.misses,
    "hitRate": stats.hit_rate(),
    "evictions": stats.evictions,
});
