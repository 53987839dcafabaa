//! Many users at once.

use super::Outcome;
use super::fakes::Fakes;
use noex::ResourcePoolOptions;
use tokio::task::{JoinSet, yield_now};

#[noex::test(workers = 4)]
async fn there_are_never_more_than_may_be_and_all_come_back() -> Outcome {
    let fakes = Fakes::default();
    let options = ResourcePoolOptions::new(2, 5).max_waiting(usize::MAX);
    let pool = fakes.start(options).await?;
    let mut users = JoinSet::new();
    for user in 0..64_u32 {
        let pool = pool.clone();
        users.spawn(async move {
            for round in 0..200_u32 {
                let mut waits = std::pin::pin!(pool.acquire());
                // Some give up at once.
                let lent = tokio::select! {
                    biased;
                    lent = &mut waits => lent.expect("the pool runs"),
                    () = yield_now(), if (user + round) % 7 == 0 => continue,
                };
                if round % 3 == 0 {
                    yield_now().await;
                }
                match (user + round) % 11 {
                    0 => lent.discard(),
                    _ => drop(lent),
                }
            }
        });
    }
    users.join_all().await;
    assert!(fakes.world().peak <= 5, "{}", fakes.world().peak);
    let stats = pool.stats().ok_or("it runs")?;
    assert_eq!(stats.acquired, stats.released);
    assert_eq!(stats.waiting, 0);
    pool.stop().await?;
    assert!(fakes.open().is_empty());
    Ok(())
}
