//! Resources that cannot be used, and managers that do wrong.

use super::crash_reports::CrashReports;
use super::fakes::{Broken, Fakes, Mood};
use super::{Outcome, secs, settle};
use noex::{AcquireError, ResourcePoolOptions, StartError};
use tokio::time::sleep;

#[noex::test]
async fn one_that_cannot_be_used_any_more_is_replaced() -> Outcome {
    let fakes = Fakes::default();
    let pool = fakes.start(ResourcePoolOptions::new(2, 2)).await?;
    fakes.world().check = Mood::Fails;
    let lent = pool.acquire().await?;
    assert_eq!(lent.0, 3);
    // Both that were idle have been looked at, and closed.
    assert_eq!(fakes.open(), [3]);
    let stats = pool.stats().ok_or("it runs")?;
    assert_eq!((stats.errors, stats.created, stats.closed), (2, 3, 2));
    assert_eq!(fakes.world().peak, 2);
    drop(lent);
    Ok(pool.stop().await?)
}

#[noex::test]
async fn one_that_is_discarded_is_closed_and_replaced_if_it_is_needed() -> Outcome {
    let fakes = Fakes::default();
    let pool = fakes.start(ResourcePoolOptions::new(1, 2)).await?;
    let (first, second) = (pool.acquire().await?, pool.acquire().await?);
    first.discard();
    settle().await;
    assert_eq!(fakes.open(), [2]);
    second.discard();
    settle().await;
    assert_eq!(fakes.open(), [3]);
    let stats = pool.stats().ok_or("it runs")?;
    assert_eq!((stats.released, stats.closed, stats.idle), (2, 2, 1));
    Ok(pool.stop().await?)
}

#[noex::test]
async fn its_user_learns_why_none_can_be_made() -> Outcome {
    let fakes = Fakes::default();
    let pool = fakes.start(ResourcePoolOptions::new(0, 1)).await?;
    fakes.world().create = Mood::Fails;
    for errors in 1..4 {
        let failed = pool.acquire().await;
        assert!(matches!(failed, Err(AcquireError::Failed(Broken))));
        let stats = pool.stats().ok_or("it runs")?;
        assert_eq!((stats.errors, stats.in_use), (errors, 0));
    }
    fakes.world().create = Mood::Well;
    assert_eq!(pool.acquire().await?.0, 1);
    Ok(pool.stop().await?)
}

#[noex::test]
async fn a_pool_that_cannot_make_what_it_is_to_keep_does_not_start() -> Outcome {
    let fakes = Fakes::default();
    fakes.world().create = Mood::Fails;
    let Err(StartError::Failed(error)) = fakes.start(ResourcePoolOptions::new(1, 2)).await else {
        return Err("it started".into());
    };
    assert_eq!(error.downcast_ref(), Some(&Broken));
    let pool = fakes.start(ResourcePoolOptions::new(0, 2)).await?;
    Ok(pool.stop().await?)
}

#[noex::test(paused)]
async fn what_is_lacking_is_made_as_soon_as_it_can_be() -> Outcome {
    let reports = CrashReports::of_this_thread();
    let fakes = Fakes::default();
    let pool = fakes.start(ResourcePoolOptions::new(1, 2)).await?;
    fakes.world().create = Mood::Fails;
    pool.acquire().await?.discard();
    settle().await;
    assert!(fakes.open().is_empty());
    assert_eq!(reports.lines().len(), 1, "{:?}", reports.lines());
    assert!(reports.lines()[0].contains("none can be made"));
    fakes.world().create = Mood::Hangs;
    sleep(secs(40)).await;
    assert!(reports.lines()[1].contains("takes too long"));
    fakes.world().create = Mood::Well;
    sleep(secs(31)).await;
    assert_eq!(fakes.open(), [2]);
    Ok(pool.stop().await?)
}

#[noex::test]
async fn a_panic_while_one_is_made_is_its_users_and_costs_no_place() -> Outcome {
    let fakes = Fakes::default();
    let pool = fakes.start(ResourcePoolOptions::new(0, 1)).await?;
    for mood in [Mood::Panics, Mood::Well] {
        fakes.world().create = mood;
        let user = pool.clone();
        let used = tokio::spawn(async move { user.acquire().await.is_ok() }).await;
        assert_eq!(used.is_ok(), mood == Mood::Well);
    }
    fakes.world().check = Mood::Panics;
    let user = pool.clone();
    let used = tokio::spawn(async move { user.acquire().await.is_ok() }).await;
    assert!(used.is_err());
    settle().await;
    assert!(fakes.open().is_empty());
    assert_eq!(pool.acquire().await?.0, 2);
    Ok(pool.stop().await?)
}

#[noex::test]
async fn a_panic_while_one_is_closed_is_logged_and_costs_no_place() -> Outcome {
    let reports = CrashReports::of_this_thread();
    let fakes = Fakes::default();
    let pool = fakes.start(ResourcePoolOptions::new(0, 1)).await?;
    fakes.world().close = Mood::Panics;
    for number in 1..4 {
        let lent = pool.acquire().await?;
        assert_eq!(lent.0, number);
        lent.discard();
    }
    settle().await;
    let crashed = reports.lines();
    assert_eq!(crashed.len(), 3, "{crashed:?}");
    assert!(
        crashed[0].contains("the manager of a resource pool crashed"),
        "{crashed:?}"
    );
    assert!(crashed[0].contains("as asked"), "{crashed:?}");
    Ok(pool.stop().await?)
}

#[noex::test(paused)]
async fn one_whose_closing_hangs_is_dropped_in_the_end() -> Outcome {
    let reports = CrashReports::of_this_thread();
    let fakes = Fakes::default();
    let pool = fakes.start(ResourcePoolOptions::new(0, 1)).await?;
    fakes.world().close = Mood::Hangs;
    pool.acquire().await?.discard();
    // It may be open still, so no other takes its place; until then.
    assert_eq!(pool.stats().map(|stats| stats.in_use), Some(1));
    sleep(secs(4)).await;
    assert_eq!(pool.stats().map(|stats| stats.in_use), Some(1));
    sleep(secs(2)).await;
    assert_eq!(pool.stats().map(|stats| stats.in_use), Some(0));
    assert!(reports.lines()[0].contains("closing it takes too long"));
    Ok(pool.stop().await?)
}
