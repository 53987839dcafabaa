//! Values that are loaded when they are asked for.

use super::{Outcome, of, settle};
use noex::{CacheOptions, CacheRef};
use std::future::{pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};

#[derive(Debug, PartialEq)]
struct Down;

#[noex::test(workers = 4)]
async fn s57_however_many_ask_at_once_it_is_loaded_once() -> Outcome {
    let cache = of(CacheOptions::new(10)).await?;
    let (loads, go) = (Arc::<AtomicU32>::default(), Arc::new(Semaphore::new(0)));
    let mut asking = JoinSet::new();
    for _ in 0..50 {
        let (cache, loads, go) = (cache.clone(), loads.clone(), go.clone());
        asking.spawn(async move {
            let load = || async move {
                loads.fetch_add(1, SeqCst);
                drop(go.acquire().await);
                Ok::<_, Down>(7)
            };
            cache.get_or_insert_with(&1, load).await
        });
    }
    go.add_permits(1);
    assert!(asking.join_all().await.iter().all(|value| *value == Ok(7)));
    assert_eq!(loads.load(SeqCst), 1);
    let stats = cache.stats().ok_or("it runs")?;
    assert_eq!((stats.hits, stats.misses), (49, 1));
    Ok(cache.stop().await?)
}

#[noex::test]
async fn s57_an_error_is_not_kept_and_the_next_one_tries() -> Outcome {
    let cache = of(CacheOptions::new(10)).await?;
    let go = Arc::new(Semaphore::new(0));
    let first = tokio::spawn({
        let (cache, go) = (cache.clone(), go.clone());
        let load = move || async move {
            drop(go.acquire().await);
            Err(Down)
        };
        async move { cache.get_or_insert_with(&1, load).await }
    });
    settle().await;
    let second = tokio::spawn({
        let cache = cache.clone();
        async move {
            cache
                .get_or_insert_with(&1, || async { Ok::<_, Down>(2) })
                .await
        }
    });
    settle().await;
    assert!(!second.is_finished());
    go.add_permits(1);
    assert_eq!(first.await?, Err(Down));
    assert_eq!(second.await?, Ok(2));
    assert_eq!(cache.get(&1), Some(2));
    Ok(cache.stop().await?)
}

/// Asks for it, and does this when it has to load it.
fn asks<F>(cache: &CacheRef<u32, u32>, load: impl Fn() -> F + Send + 'static) -> Asking
where
    F: Future<Output = Result<u32, Down>> + Send + 'static,
{
    let cache = cache.clone();
    tokio::spawn(async move { cache.get_or_insert_with(&1, load).await })
}

type Asking = JoinHandle<Result<u32, Down>>;

#[noex::test]
async fn s57_one_who_goes_away_while_loading_lets_the_next_one_try() -> Outcome {
    let cache = of(CacheOptions::new(10)).await?;
    let hangs = asks(&cache, pending);
    settle().await;
    let next = asks(&cache, || ready(Ok(1)));
    let gives_up = asks(&cache, || ready(Ok(2)));
    settle().await;
    assert!(!next.is_finished() && !gives_up.is_finished());
    // Whoever of the others was chosen to load goes away as well.
    hangs.abort();
    gives_up.abort();
    assert_eq!(next.await?, Ok(1));
    assert!(hangs.await.is_err() && gives_up.await.is_err());
    Ok(cache.stop().await?)
}

#[noex::test]
async fn s57_one_who_panics_while_loading_lets_the_next_one_try() -> Outcome {
    let cache = of(CacheOptions::new(10)).await?;
    let go = Arc::new(Semaphore::new(0));
    let panics = asks(&cache, {
        let go = go.clone();
        move || {
            let go = go.clone();
            async move {
                drop(go.acquire().await);
                panic!("as asked")
            }
        }
    });
    settle().await;
    let next = asks(&cache, || ready(Ok(1)));
    settle().await;
    assert!(!next.is_finished());
    go.add_permits(1);
    assert!(panics.await.is_err());
    assert_eq!(next.await?, Ok(1));
    Ok(cache.stop().await?)
}

#[noex::test]
async fn what_is_inserted_or_invalidated_while_it_is_loaded_is_newer() -> Outcome {
    for change in 0..3 {
        let cache = of(CacheOptions::new(10)).await?;
        let go = Arc::new(Semaphore::new(0));
        let loads = tokio::spawn({
            let (cache, go) = (cache.clone(), go.clone());
            let load = move || async move {
                drop(go.acquire().await);
                Ok::<_, Down>(1)
            };
            async move { cache.get_or_insert_with(&1, load).await }
        });
        settle().await;
        match change {
            0 => cache.insert(1, 2),
            1 => assert!(!cache.invalidate(&1)),
            _ => cache.clear(),
        }
        go.add_permits(1);
        assert_eq!(loads.await?, Ok(1));
        let expected = (change == 0).then_some(2);
        assert_eq!(cache.get(&1), expected, "change {change}");
        cache.stop().await?;
    }
    Ok(())
}
