//! How much is kept, and what is counted.

use super::{Outcome, of};
use noex::{Cache, CacheOptions};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use tokio::task::JoinSet;

#[noex::test]
async fn s57_there_are_never_more_entries_than_may_be() -> Outcome {
    for max_size in [1, 10, 1_000, 10_001] {
        let cache = of(CacheOptions::new(max_size)).await?;
        for key in 0..3 * max_size as u32 {
            cache.insert(key, key);
            // A new one is kept, however full the cache was.
            assert_eq!(cache.get(&key), Some(key));
        }
        let stats = cache.stats().ok_or("it runs")?;
        assert!(stats.size <= max_size, "{stats:?}");
        assert!(stats.size > max_size * 9 / 10, "{stats:?}");
        assert_eq!(stats.evictions, 3 * max_size - stats.size);
        cache.stop().await?;
    }
    Ok(())
}

#[noex::test]
async fn what_is_used_again_and_again_outlives_what_is_used_once() -> Outcome {
    let cache = of(CacheOptions::new(100)).await?;
    for key in 0..10 {
        cache.insert(key, key);
    }
    for once in 1_000..2_000 {
        for key in 0..10 {
            assert_eq!(cache.get(&key), Some(key), "after {once}");
        }
        cache.insert(once, once);
    }
    Ok(cache.stop().await?)
}

#[noex::test]
async fn s57_entries_never_weigh_more_than_they_may_nor_are_more_than_may_be() -> Outcome {
    let options = CacheOptions::new(1_000).max_weight(10_000, |_, weight: &u32| u64::from(*weight));
    let cache = of(options).await?;
    for key in 0..500 {
        cache.insert(key, 100);
        let stats = cache.stats().ok_or("it runs")?;
        assert!(stats.weight <= Some(10_000), "{stats:?}");
    }
    let stats = cache.stats().ok_or("it runs")?;
    assert!(stats.size > 80 && stats.size <= 100, "{stats:?}");
    for key in 0..5_000 {
        cache.insert(key, 0);
    }
    let stats = cache.stats().ok_or("it runs")?;
    assert!(stats.size > 900 && stats.size <= 1_000, "{stats:?}");
    // What is too heavy is not kept, in the place of nothing.
    cache.insert(1, 9_999);
    assert_eq!(cache.get(&1), None);
    assert!(
        cache
            .stats()
            .is_some_and(|after| after.size >= stats.size - 1)
    );
    Ok(cache.stop().await?)
}

#[noex::test]
async fn s57_hits_and_misses_are_counted_and_shown() -> Outcome {
    let cache = of(CacheOptions::new(10)).await?;
    cache.insert(1, 1);
    for key in [1, 1, 1, 2] {
        cache.get(&key);
    }
    // Looking whether something is there is no use of it.
    assert!(cache.contains(&1) && !cache.contains(&2));
    assert_eq!(cache.stats().map(|stats| stats.hit_rate()), Some(0.75));
    let status = cache.get_status().await?.state.ok_or("it shows one")?;
    let expected = json!({
        "size": 1, "maxSize": 10, "weight": null, "maxWeight": null,
        "hits": 3, "misses": 1, "hitRate": 0.75, "evictions": 0,
    });
    assert_eq!(*status.as_json(), expected);
    assert!(cache.invalidate(&1) && !cache.invalidate(&1));
    assert_eq!(cache.get(&1), None);
    cache.insert(3, 3);
    cache.clear();
    assert_eq!(cache.stats().map(|stats| stats.size), Some(0));
    Ok(cache.stop().await?)
}

#[noex::test]
async fn whoever_uses_it_does_not_meet_its_process() -> Outcome {
    let cache = of(CacheOptions::new(10)).await?;
    cache.suspend();
    cache.insert(1, 1);
    assert_eq!(cache.get(&1), Some(1));
    cache.resume();
    Ok(cache.stop().await?)
}

/// Panics when it is dropped for the last time.
#[derive(Clone)]
struct Mine(#[expect(dead_code, reason = "it is dropped")] Arc<Explosive>);

struct Explosive(Arc<AtomicU32>);

impl Drop for Explosive {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
        panic!("as asked");
    }
}

#[noex::test]
async fn a_value_that_panics_when_dropped_hurts_nobody() -> Outcome {
    let dropped = Arc::<AtomicU32>::default();
    let mine = || Mine(Arc::new(Explosive(dropped.clone())));
    let cache = Cache::<u32, Mine>::start(CacheOptions::new(2)).await?;
    for key in 0..10 {
        cache.insert(key, mine());
    }
    cache.insert(9, mine());
    cache.clear();
    assert_eq!(dropped.load(SeqCst), 11);
    cache.insert(1, mine());
    cache.stop().await?;
    assert_eq!(dropped.load(SeqCst), 12);
    Ok(())
}

#[noex::test(workers = 4)]
async fn many_use_it_side_by_side() -> Outcome {
    let cache = of(CacheOptions::new(512)).await?;
    let mut users = JoinSet::new();
    for user in 0..8 {
        let cache = cache.clone();
        users.spawn(async move {
            for round in 0..5_000_u32 {
                let key = (round * 7 + user) % 1_000;
                match round % 5 {
                    0 => cache.insert(key, key),
                    1 => drop(cache.invalidate(&key)),
                    2 => {
                        let loaded =
                            cache.get_or_insert_with(&key, || async move { Ok::<_, ()>(key) });
                        assert_eq!(loaded.await, Ok(key));
                    }
                    _ => assert!(cache.get(&key).is_none_or(|value| value == key)),
                }
            }
        });
    }
    users.join_all().await;
    assert!(cache.stats().is_some_and(|stats| stats.size <= 512));
    Ok(cache.stop().await?)
}
