//! Defects of worker pools elsewhere.

use crate::parts::Tested;
use noex::prelude::*;
use noex::supervisor::{Pool, PoolSpec, Route};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

const JOBS: usize = 5_000;

/// Counts how often each job was begun; every so many it crashes.
struct Worker(Arc<[AtomicU32]>);

#[gen_server]
impl Worker {
    #[init]
    fn new(begun: Arc<[AtomicU32]>) -> Self {
        Self(begun)
    }

    #[call]
    async fn job(&mut self, number: usize) -> usize {
        self.0[number].fetch_add(1, Relaxed);
        tokio::task::yield_now().await;
        assert_ne!(number % 50, 7, "a job that no worker survives");
        number
    }

    /// Takes a job that wants to be done by somebody.
    #[cast]
    fn keep(&mut self, job: Retried) {
        drop(job);
    }
}

/// Goes to the pool again when it is dropped.
struct Retried {
    left: u32,
    pool: Pool<Worker>,
    refused: Arc<AtomicU32>,
}

impl Drop for Retried {
    fn drop(&mut self) {
        let Some(left) = self.left.checked_sub(1) else {
            return;
        };
        let (pool, refused) = (self.pool.clone(), self.refused.clone());
        let again = Retried {
            left,
            pool,
            refused,
        };
        if self.pool.keep(again).is_err() {
            self.refused.fetch_add(1, Relaxed);
        }
    }
}

fn pool(begun: &Arc<[AtomicU32]>, route: Route) -> PoolSpec<Worker> {
    let begun = begun.clone();
    PoolSpec::new("pool", 4, move |_| Worker::start(begun.clone()))
        .route(route)
        .intensity(1_000_000, Duration::from_secs(1))
}

/// Jobs of a worker that was restarted were lost, or done twice; those that were to be tried again recursed for ever once the pool
/// was gone.
#[noex::test(workers = 2)]
async fn r30_pools_neither_lose_nor_double_jobs() -> Tested {
    for route in [Route::RoundRobin, Route::LeastBusy] {
        let begun: Arc<[AtomicU32]> = (0..JOBS).map(|_| AtomicU32::new(0)).collect();
        let pool = Pool::start(pool(&begun, route)).await?;
        let clients: Vec<_> = (0..8)
            .map(|client| {
                let pool = pool.clone();
                let mine = (client..JOBS).step_by(8);
                tokio::spawn(async move {
                    let mut outcomes = Vec::new();
                    for number in mine {
                        let outcome = pool.job(number).await;
                        if outcome == Err(CallError::NotRunning) {
                            // All are being restarted.
                            tokio::task::yield_now().await;
                        }
                        outcomes.push((number, outcome));
                    }
                    outcomes
                })
            })
            .collect();
        let (mut answered, mut failed) = (0, 0);
        for client in clients {
            for (number, outcome) in client.await? {
                let begun = begun[number].load(Relaxed);
                match outcome {
                    Ok(same) => {
                        assert_eq!((same, begun), (number, 1));
                        answered += 1;
                    }
                    Err(CallError::Exited(_)) => {
                        assert!(begun <= 1, "job {number} was begun {begun} times");
                        failed += 1;
                    }
                    Err(CallError::NotRunning) => {
                        assert_eq!(begun, 0, "job {number} was refused");
                        failed += 1;
                    }
                    Err(error) => panic!("job {number}: {error}"),
                }
            }
        }
        assert_eq!(answered + failed, JOBS);
        assert!(
            answered > JOBS / 2 && failed >= JOBS / 50,
            "{failed} failed"
        );
        let refused = Arc::new(AtomicU32::new(0));
        let supervisor = Pool::supervisor(&pool).clone();
        drop(Retried {
            left: 1_000,
            pool: pool.clone(),
            refused: refused.clone(),
        });
        supervisor.stop().await?;
        drop(Retried {
            left: 100,
            pool,
            refused: refused.clone(),
        });
        assert!(refused.load(Relaxed) > 0);
    }
    Ok(())
}
