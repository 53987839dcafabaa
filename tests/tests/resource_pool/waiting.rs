//! Who waits, for how long, and in which order.

use super::fakes::{Broken, Fake, Fakes, Mood};
use super::{Outcome, ms, secs, settle};
use noex::prelude::*;
use noex::{AcquireError, CheckedOut, ResourcePoolOptions, ResourcePoolRef};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::Instant;

type Lent = Result<CheckedOut<Fakes>, AcquireError<Broken>>;

async fn one_for_all(fakes: &Fakes) -> Result<ResourcePoolRef<Fakes>, StartError> {
    let options = ResourcePoolOptions::new(0, 1).max_waiting(3);
    fakes.start(options).await
}

#[noex::test]
async fn who_came_first_is_served_first() -> Outcome {
    let pool = one_for_all(&Fakes::default()).await?;
    let lent = pool.acquire().await?;
    let (served, mut order) = mpsc::unbounded_channel();
    for turn in 0..3 {
        let (pool, served) = (pool.clone(), served.clone());
        tokio::spawn(async move {
            let _lent = pool.acquire().await.expect("in its turn");
            served.send(turn).expect("the test listens");
        });
        settle().await;
    }
    assert_eq!(pool.stats().map(|stats| stats.waiting), Some(3));
    drop(lent);
    for turn in 0..3 {
        assert_eq!(order.recv().await, Some(turn));
    }
    settle().await;
    assert_eq!(pool.stats().map(|stats| stats.waiting), Some(0));
    Ok(pool.stop().await?)
}

#[noex::test]
async fn when_as_many_wait_as_may_the_next_is_refused_at_once() -> Outcome {
    let pool = one_for_all(&Fakes::default()).await?;
    let lent = pool.acquire().await?;
    let waiting: Vec<_> = (0..3)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move { pool.acquire().await.map(drop) })
        })
        .collect();
    settle().await;
    let refused = pool.acquire().await;
    assert!(matches!(refused, Err(AcquireError::Full { waiting: 3 })));
    assert_eq!(pool.stats().map(|stats| stats.refused), Some(1));
    drop(lent);
    for waiting in waiting {
        waiting.await??;
    }
    pool.acquire().await?;
    Ok(pool.stop().await?)
}

#[noex::test(paused)]
async fn nobody_waits_longer_than_the_pool_says() -> Outcome {
    let pool = one_for_all(&Fakes::default()).await?;
    let lent = pool.acquire().await?;
    let begun = Instant::now();
    let late = pool.acquire().await;
    assert!(matches!(late, Err(AcquireError::Timeout { after }) if after == secs(5)));
    assert_eq!(begun.elapsed().as_secs(), 5);
    let stats = pool.stats().ok_or("it runs")?;
    assert_eq!((stats.timeouts, stats.waiting), (1, 0));
    drop(lent);
    Ok(pool.stop().await?)
}

#[noex::test(paused)]
async fn making_one_is_part_of_the_time() -> Outcome {
    let fakes = Fakes::default();
    let pool = one_for_all(&fakes).await?;
    fakes.world().create = Mood::Hangs;
    assert!(matches!(
        pool.acquire().await,
        Err(AcquireError::Timeout { .. })
    ));
    fakes.world().create = Mood::Well;
    assert_eq!(pool.acquire().await?.0, 1);
    Ok(pool.stop().await?)
}

struct Clerk(ResourcePoolRef<Fakes>);

#[gen_server]
impl Clerk {
    #[init]
    fn new(pool: ResourcePoolRef<Fakes>) -> Self {
        Clerk(pool)
    }

    #[call]
    async fn wait(&mut self) -> Option<Duration> {
        after(self.0.acquire().await)
    }

    #[call(spawn)]
    fn wait_beside(&self) -> impl Future<Output = Option<Duration>> + Send + 'static {
        let pool = self.0.clone();
        async move { after(pool.acquire().await) }
    }
}

fn after(lent: Lent) -> Option<Duration> {
    match lent {
        Err(AcquireError::Timeout { after }) => Some(after),
        _ => None,
    }
}

#[noex::test(paused)]
async fn the_deadline_of_the_call_being_handled_is_that_of_the_wait() -> Outcome {
    let pool = one_for_all(&Fakes::default()).await?;
    let lent = pool.acquire().await?;
    let clerk = Clerk::start(pool.clone()).await?;
    let begun = Instant::now();
    for wait in [clerk.wait(), clerk.wait_beside()] {
        // The caller gives up at the same moment: what matters is that nobody waits any more.
        let _ = wait.timeout(ms(300)).await;
    }
    settle().await;
    assert_eq!(begun.elapsed().as_millis() / 10, 60);
    let stats = pool.stats().ok_or("it runs")?;
    assert_eq!((stats.timeouts, stats.waiting), (2, 0));
    // Without a deadline it is the pool's.
    let waited = clerk.wait().timeout(Duration::MAX).await?;
    assert_eq!(waited, Some(secs(5)));
    drop(lent);
    clerk.stop().await?;
    Ok(pool.stop().await?)
}

#[noex::test]
async fn who_gives_up_waiting_leaves_the_queue() -> Outcome {
    let pool = one_for_all(&Fakes::default()).await?;
    let lent = pool.acquire().await?;
    let (gone, next) = (pool.clone(), pool.clone());
    let gone = tokio::spawn(async move { gone.acquire().await.map(drop) });
    settle().await;
    let next = tokio::spawn(async move { next.acquire().await.map(|lent| lent.0) });
    settle().await;
    gone.abort();
    assert!(gone.await.is_err());
    assert_eq!(pool.stats().map(|stats| stats.waiting), Some(1));
    drop(lent);
    assert_eq!(next.await??, 1);
    let stats = pool.stats().ok_or("it runs")?;
    assert_eq!((stats.waiting, stats.in_use, stats.timeouts), (0, 0, 0));
    Ok(pool.stop().await?)
}

#[noex::test]
async fn who_gives_up_while_one_is_made_or_checked_leaves_its_place_to_others() -> Outcome {
    let fakes = Fakes::default();
    let pool = one_for_all(&fakes).await?;
    fakes.world().create = Mood::Hangs;
    let given_up = pool.clone();
    let given_up = tokio::spawn(async move { given_up.acquire().await.map(drop) });
    settle().await;
    given_up.abort();
    assert!(given_up.await.is_err());
    fakes.world().create = Mood::Well;
    assert_eq!(pool.acquire().await?.0, 1);
    // One that was being checked may be in any state.
    fakes.world().check = Mood::Hangs;
    let given_up = pool.clone();
    let given_up = tokio::spawn(async move { given_up.acquire().await.map(drop) });
    settle().await;
    given_up.abort();
    assert!(given_up.await.is_err());
    settle().await;
    assert!(fakes.open().is_empty());
    let Fake(number) = *pool.acquire().await?;
    assert_eq!(number, 2);
    Ok(pool.stop().await?)
}
