//! How a pool stops.

use super::crash_reports::CrashReports;
use super::fakes::{Fakes, Mood};
use super::{Outcome, secs, settle};
use noex::prelude::*;
use noex::{AcquireError, ResourcePool, ResourcePoolOptions};

#[noex::test]
async fn s58_a_stop_waits_for_what_is_out_and_closes_all() -> Outcome {
    let reports = CrashReports::of_this_thread();
    let fakes = Fakes::default();
    let pool = fakes.start(ResourcePoolOptions::new(2, 3)).await?;
    let mut lent = Vec::new();
    for _ in 0..3 {
        lent.push(pool.acquire().await?);
    }
    let waits = pool.clone();
    let waits = tokio::spawn(async move { waits.acquire().await.map(drop) });
    settle().await;
    drop(lent.pop());
    settle().await;
    assert!(waits.await.is_ok());
    let waits = pool.clone();
    lent.push(pool.acquire().await?);
    let waits = tokio::spawn(async move { waits.acquire().await.map(drop) });
    settle().await;
    let stops = pool.clone();
    let stops = tokio::spawn(async move { stops.stop().await });
    settle().await;
    // Those who wait, and those who come now, are told at once.
    assert_eq!(waits.await?, Err(AcquireError::NotRunning));
    assert!(matches!(
        pool.acquire().await,
        Err(AcquireError::NotRunning)
    ));
    while let Some(last) = lent.pop() {
        assert!(!stops.is_finished());
        drop(last);
        settle().await;
    }
    stops.await??;
    assert!(fakes.open().is_empty());
    assert_eq!(pool.stats(), None);
    assert_eq!(reports.lines(), [""; 0]);
    Ok(())
}

supervisor! {
    struct Short(fakes: Fakes) {
        #[child(shutdown = 3s)]
        pool: ResourcePool::<Fakes>(fakes.clone(), ResourcePoolOptions::new(2, 3)),
    }
}

#[noex::test(paused)]
async fn what_does_not_come_back_in_time_is_closed_when_it_does() -> Outcome {
    let reports = CrashReports::of_this_thread();
    let fakes = Fakes::default();
    let app = Short::start(fakes.clone()).await?;
    let lent = app.pool().acquire().await?;
    let begun = tokio::time::Instant::now();
    let _ = app.stop().await;
    assert_eq!(begun.elapsed().as_secs(), 3);
    let told = reports.lines();
    let told = told
        .iter()
        .filter(|line| line.starts_with("noex::resource_pool"));
    let told: Vec<_> = told.collect();
    assert!(told.len() == 1 && told[0].contains("out=1"), "{told:?}");
    settle().await;
    assert_eq!(fakes.open(), [lent.0]);
    drop(lent);
    settle().await;
    assert!(fakes.open().is_empty());
    Ok(())
}

#[noex::test]
async fn what_comes_back_to_a_pool_that_was_killed_is_closed() -> Outcome {
    let fakes = Fakes::default();
    let pool = fakes.start(ResourcePoolOptions::new(0, 1)).await?;
    let lent = pool.acquire().await?;
    pool.kill();
    pool.exited().await;
    assert_eq!(fakes.open(), [1]);
    drop(lent);
    settle().await;
    assert!(fakes.open().is_empty());
    Ok(())
}

#[noex::test(paused)]
async fn a_stop_is_over_soon_although_one_cannot_be_made() -> Outcome {
    let fakes = Fakes::default();
    let pool = fakes.start(ResourcePoolOptions::new(0, 1)).await?;
    fakes.world().create = Mood::Hangs;
    let waits = pool.clone();
    let waits = tokio::spawn(async move { waits.acquire().await.map(drop) });
    settle().await;
    let begun = tokio::time::Instant::now();
    pool.stop().await?;
    assert!(begun.elapsed() <= secs(5));
    assert!(waits.await?.is_err());
    Ok(())
}
