//! How many there are.

use super::fakes::Fakes;
use super::{Outcome, ms, secs};
use noex::{PoolSizeError, ResourcePoolOptions, StartError};
use tokio::time::sleep;

#[noex::test]
async fn a_size_that_cannot_be_is_told_at_the_start() -> Outcome {
    for (min, max) in [(0, 0), (3, 2), (0, usize::MAX)] {
        let started = Fakes::default()
            .start(ResourcePoolOptions::new(min, max))
            .await;
        let Err(StartError::Failed(error)) = started else {
            return Err("it started".into());
        };
        assert_eq!(error.downcast_ref(), Some(&PoolSizeError { min, max }));
    }
    Ok(())
}

#[noex::test(paused)]
async fn s58_those_that_nobody_needs_are_closed_down_to_the_least() -> Outcome {
    let fakes = Fakes::default();
    let options = ResourcePoolOptions::new(2, 8).idle_timeout(secs(10));
    let pool = fakes.start(options).await?;
    sleep(secs(7)).await;
    let mut lent = Vec::new();
    for _ in 0..6 {
        lent.push(pool.acquire().await?);
    }
    let last = lent.split_off(3);
    drop(lent);
    sleep(secs(5)).await;
    drop(last);
    sleep(secs(5) - ms(10)).await;
    assert_eq!(fakes.open().len(), 6);
    sleep(ms(20)).await;
    assert_eq!(fakes.open().len(), 3);
    // One is used every now and then, another goes.
    for _ in 0..5 {
        sleep(secs(4)).await;
        pool.acquire().await?;
    }
    assert_eq!(fakes.open().len(), 2);
    sleep(secs(1_000)).await;
    assert_eq!(fakes.open().len(), 2);
    let stats = pool.stats().ok_or("it runs")?;
    assert_eq!((stats.idle, stats.created, stats.closed), (2, 6, 4));
    Ok(pool.stop().await?)
}
