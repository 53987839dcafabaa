//! A cache as a child.

use super::Outcome;
use noex::prelude::*;
use noex::{Cache, CacheOptions};
use std::convert::Infallible;

supervisor! {
    struct App() {
        cache: Cache::<u32, u32>(CacheOptions::new(10)),
    }
}

#[noex::test]
async fn a_cache_that_was_restarted_is_empty_and_one_that_does_not_run_is_no_reason_to_fail()
-> Outcome {
    let app = App::start().await?;
    let cache = app.cache();
    cache.insert(1, 1);
    let first = cache.current().ok_or("it runs")?;
    first.kill();
    first.exited().await;
    assert_eq!((first.get(&1), first.stats()), (None, None));
    first.insert(1, 2);
    let load = || async { Ok::<_, Infallible>(3) };
    assert_eq!(first.get_or_insert_with(&1, load).await?, 3);
    assert!(!first.contains(&1) && !first.invalidate(&1));
    while cache.stats().is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(cache.get(&1), None);
    assert_eq!(cache.get_or_insert_with(&1, load).await?, 3);
    assert_eq!(cache.get(&1), Some(3));
    app.stop().await?;
    Ok(())
}
