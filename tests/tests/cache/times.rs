//! For how long an entry is kept.

use super::{Outcome, of, secs};
use noex::CacheOptions;
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::sleep;

const TICK: Duration = Duration::from_millis(1);

#[noex::test(paused)]
async fn s57_an_entry_is_there_until_its_time_is_over() -> Outcome {
    let cache = of(CacheOptions::new(10).ttl(secs(10))).await?;
    cache.insert(1, 1);
    cache.insert_with_ttl(2, 2, Some(secs(20)));
    cache.insert_with_ttl(3, 3, None);
    sleep(secs(10) - 2 * TICK).await;
    assert_eq!(
        [1, 2, 3].map(|key| cache.get(&key)),
        [Some(1), Some(2), Some(3)]
    );
    // To be looked at does not give it more time.
    sleep(2 * TICK).await;
    assert_eq!(
        [1, 2, 3].map(|key| cache.get(&key)),
        [None, Some(2), Some(3)]
    );
    assert!(!cache.contains(&1));
    sleep(secs(10)).await;
    assert_eq!([1, 2, 3].map(|key| cache.get(&key)), [None, None, Some(3)]);
    sleep(secs(1_000_000)).await;
    assert_eq!(cache.get(&3), Some(3));
    Ok(cache.stop().await?)
}

#[noex::test(paused)]
async fn to_insert_it_anew_gives_it_its_time_anew() -> Outcome {
    let cache = of(CacheOptions::new(10).ttl(secs(10))).await?;
    cache.insert(1, 1);
    sleep(secs(9)).await;
    cache.insert(1, 2);
    sleep(secs(9)).await;
    assert_eq!(cache.get(&1), Some(2));
    sleep(secs(2)).await;
    assert_eq!(cache.get(&1), None);
    Ok(cache.stop().await?)
}

#[noex::test(paused)]
async fn what_was_loaded_is_loaded_again_when_its_time_is_over() -> Outcome {
    let cache = of(CacheOptions::new(10).ttl(secs(10))).await?;
    for (round, expected) in [(1, 1), (2, 1), (3, 3), (4, 3)] {
        let load = || async move { Ok::<_, Infallible>(round) };
        assert_eq!(cache.get_or_insert_with(&1, load).await?, expected);
        sleep(secs(5) + TICK).await;
    }
    let stats = cache.stats().ok_or("it runs")?;
    assert_eq!((stats.hits, stats.misses), (2, 2));
    Ok(cache.stop().await?)
}

#[noex::test(paused)]
async fn what_is_over_its_time_goes_within_a_minute_though_nobody_asks_for_it() -> Outcome {
    let cache = of(CacheOptions::new(10).ttl(secs(10))).await?;
    cache.insert(1, 1);
    cache.insert_with_ttl(2, 2, None);
    sleep(secs(30)).await;
    assert_eq!(cache.stats().map(|stats| stats.size), Some(2));
    sleep(secs(31)).await;
    assert_eq!(cache.stats().map(|stats| stats.size), Some(1));
    cache.insert(3, 3);
    sleep(secs(11)).await;
    cache.prune();
    assert_eq!(cache.stats().map(|stats| stats.size), Some(1));
    assert!(!cache.invalidate(&3) && cache.invalidate(&2));
    Ok(cache.stop().await?)
}
