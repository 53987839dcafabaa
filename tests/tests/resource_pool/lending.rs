//! What is lent, and how it comes back.

use super::fakes::Fakes;
use super::{Outcome, settle};
use noex::prelude::*;
use noex::{AcquireError, CheckedOut, ResourcePool, ResourcePoolOptions, ResourcePoolRef};
use serde_json::json;
use tokio::task::spawn_blocking;

#[noex::test]
async fn s58_as_many_are_lent_side_by_side_as_there_may_be() -> Outcome {
    let fakes = Fakes::default();
    let pool = fakes.start(ResourcePoolOptions::new(1, 3)).await?;
    let mut lent = Vec::new();
    for _ in 0..3 {
        lent.push(pool.acquire().await?);
    }
    assert_eq!(fakes.open(), [1, 2, 3]);
    let stats = pool.stats().ok_or("it runs")?;
    assert_eq!((stats.idle, stats.in_use, stats.acquired), (0, 3, 3));
    drop(lent);
    let stats = pool.stats().ok_or("it runs")?;
    assert_eq!((stats.idle, stats.in_use, stats.released), (3, 0, 3));
    assert_eq!((stats.created, stats.closed), (3, 0));
    Ok(pool.stop().await?)
}

#[noex::test]
async fn the_one_that_was_used_last_is_lent_next() -> Outcome {
    let pool = Fakes::default()
        .start(ResourcePoolOptions::new(3, 3))
        .await?;
    let (first, second) = (pool.acquire().await?, pool.acquire().await?);
    let (first, second) = ((first.0, first), (second.0, second));
    drop(first.1);
    drop(second.1);
    assert_eq!(pool.acquire().await?.0, second.0);
    Ok(pool.stop().await?)
}

#[noex::test]
async fn whoever_uses_one_does_not_meet_the_process_of_the_pool() -> Outcome {
    let pool = Fakes::default()
        .start(ResourcePoolOptions::new(0, 1))
        .await?;
    pool.suspend();
    assert_eq!(pool.acquire().await?.0, 1);
    assert_eq!(pool.stats().map(|stats| stats.released), Some(1));
    pool.resume();
    Ok(pool.stop().await?)
}

#[noex::test]
async fn the_figures_are_the_status_of_the_process() -> Outcome {
    let pool = Fakes::default()
        .start(ResourcePoolOptions::new(1, 2))
        .await?;
    let lent = pool.acquire().await?;
    let status = pool.get_status().await?.state.ok_or("it shows one")?;
    let expected = json!({
        "min": 1, "max": 2, "idle": 0, "inUse": 1, "waiting": 0, "acquired": 1, "released": 0,
        "errors": 0, "timeouts": 0, "refused": 0, "created": 1, "closed": 0,
    });
    assert_eq!(*status.as_json(), expected);
    drop(lent);
    Ok(pool.stop().await?)
}

/// Holds what it took when it dies.
struct Holder {
    pool: ResourcePoolRef<Fakes>,
    held: Vec<CheckedOut<Fakes>>,
}

#[gen_server(restart = temporary)]
impl Holder {
    #[init]
    fn new(pool: ResourcePoolRef<Fakes>) -> Self {
        Holder {
            pool,
            held: Vec::new(),
        }
    }

    #[call]
    async fn hold(&mut self) {
        let lent = self.pool.acquire().await.or_crash();
        self.held.push(lent);
    }

    #[call]
    async fn panic_with_one(&mut self) {
        let _lent = self.pool.acquire().await.or_crash();
        panic!("as asked");
    }

    #[call]
    async fn hang_with_one(&mut self) {
        let _lent = self.pool.acquire().await.or_crash();
        std::future::pending().await
    }
}

#[noex::test]
async fn s58_what_its_holder_has_when_it_panics_comes_back() -> Outcome {
    let fakes = Fakes::default();
    let pool = fakes.start(ResourcePoolOptions::new(0, 2)).await?;
    let holder = Holder::start(pool.clone()).await?;
    holder.hold().await?;
    assert!(holder.panic_with_one().await.is_err());
    holder.exited().await;
    let stats = pool.stats().ok_or("it runs")?;
    assert_eq!((stats.idle, stats.in_use, stats.released), (2, 0, 2));
    Ok(pool.stop().await?)
}

#[noex::test]
async fn s58_what_its_holder_has_when_it_is_killed_comes_back() -> Outcome {
    let fakes = Fakes::default();
    let pool = fakes.start(ResourcePoolOptions::new(0, 2)).await?;
    let holder = Holder::start(pool.clone()).await?;
    holder.hold().await?;
    let hanging = holder.hang_with_one().send()?;
    settle().await;
    assert_eq!(pool.stats().map(|stats| stats.in_use), Some(2));
    holder.kill();
    holder.exited().await;
    assert!(hanging.await.is_err());
    let stats = pool.stats().ok_or("it runs")?;
    assert_eq!((stats.idle, stats.in_use, stats.released), (2, 0, 2));
    Ok(pool.stop().await?)
}

#[noex::test]
async fn one_that_blocks_is_used_and_given_back_on_another_thread() -> Outcome {
    let pool = Fakes::default()
        .start(ResourcePoolOptions::new(0, 1))
        .await?;
    for _ in 0..10 {
        let lent = pool.acquire().await?;
        assert_eq!(spawn_blocking(move || lent.0).await?, 1);
    }
    Ok(pool.stop().await?)
}

supervisor! {
    struct App(fakes: Fakes) {
        pool: ResourcePool::<Fakes>(fakes.clone(), ResourcePoolOptions::new(1, 2)),
        holder: Holder(pool),
    }
}

#[noex::test]
async fn refs_in_a_tree_follow_restarts_of_the_pool() -> Outcome {
    let fakes = Fakes::default();
    let app = App::start(fakes.clone()).await?;
    let pool = app.pool();
    app.holder().hold().await?;
    assert_eq!(fakes.open(), [1]);
    assert_eq!(pool.acquire().await?.0, 2);
    let first = pool.current().ok_or("it runs")?;
    first.kill();
    first.exited().await;
    assert!(matches!(
        first.acquire().await,
        Err(AcquireError::NotRunning)
    ));
    let lent = loop {
        match pool.acquire().await {
            Ok(lent) => break lent,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    assert_eq!(lent.0, 3);
    app.holder().hold().await?;
    settle().await;
    // The first is still with the holder, the second was idle and is closed.
    assert_eq!(fakes.open(), [1, 3, 4]);
    drop(lent);
    app.stop().await?;
    settle().await;
    assert!(fakes.open().is_empty());
    Ok(())
}
