//! Locks by key.

use super::actor::{Outcome, kill, on_workers};
use noex::prelude::*;
use noex::{KeyedGuard, KeyedLock};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;
use tokio::time::timeout;

type Locks = KeyedLock<u32>;

/// Locks in a handler.
struct Holder {
    locks: Locks,
    kept: Vec<KeyedGuard<u32>>,
}

#[gen_server]
impl Holder {
    #[init]
    fn new(locks: Locks) -> Self {
        let kept = vec![];
        Self { locks, kept }
    }

    /// Keeps the key in its state.
    #[call]
    async fn keep(&mut self, key: u32) {
        let guard = self.locks.lock(key).await;
        self.kept.push(guard);
    }

    /// Holds the key in a handler that never ends.
    #[call]
    async fn hang(&mut self, key: u32) {
        let _guard = self.locks.lock(key).await;
        std::future::pending::<()>().await;
    }

    /// Panics with the key in hand.
    #[call]
    async fn crash(&mut self, key: u32) {
        let _guard = self.locks.lock(key).await;
        panic!("with the key {key}");
    }
}

async fn soon<T>(future: impl Future<Output = T>) -> Result<T, tokio::time::error::Elapsed> {
    timeout(Duration::from_secs(10), future).await
}

#[noex::test]
async fn rg_19_keyed_lock_passes_on() -> Outcome {
    let locks = Locks::new();
    let holder = |locks: &Locks| Holder::start(locks.clone());
    // The holder panics.
    let a = holder(&locks).await?;
    assert!(soon(a.crash(1)).await?.is_err());
    drop(soon(locks.lock(1)).await?);
    // It is killed in the handler that holds the key, and while the key is in its state.
    for in_handler in [true, false] {
        let a = holder(&locks).await?;
        match in_handler {
            true => a.hang(1).detach()?,
            false => a.keep(1).await?,
        }
        let b = holder(&locks).await?;
        let waiting = b.keep(1).send()?;
        kill(&a).await?;
        soon(waiting).await??;
        b.stop().await?;
    }
    // A waiter is killed, and the one behind gets the key; a dropped wait is the same.
    let guard = locks.lock(1).await;
    let (b, c) = (holder(&locks).await?, holder(&locks).await?);
    let lost = b.keep(1).send()?;
    let waiting = c.keep(1).send()?;
    assert!(
        timeout(Duration::from_millis(1), locks.lock(1))
            .await
            .is_err()
    );
    b.kill();
    b.exited().await;
    assert!(lost.await.is_err());
    drop(soon(locks.lock(2)).await?);
    assert_eq!((locks.count(), *guard.key()), (1, 1));
    drop(guard);
    soon(waiting).await??;
    c.stop().await?;
    assert_eq!(locks.count(), 0);
    Ok(())
}

#[test]
fn rg_19_keyed_lock_excludes() {
    on_workers(|| async {
        let locks = Locks::new();
        let inside: Arc<[AtomicU32; 2]> = Arc::default();
        let workers = (0..8u32).map(|worker| {
            let (locks, inside) = (locks.clone(), inside.clone());
            tokio::spawn(async move {
                for round in 0..2_500 {
                    let key = (worker + round) % 2;
                    let wait = locks.lock(key);
                    // Some give up.
                    let Ok(guard) =
                        timeout(Duration::from_micros(u64::from(round % 50)), wait).await
                    else {
                        continue;
                    };
                    assert_eq!(inside[key as usize].fetch_add(1, Relaxed), 0);
                    tokio::task::yield_now().await;
                    inside[key as usize].fetch_sub(1, Relaxed);
                    drop(guard);
                }
            })
        });
        for worker in workers.collect::<Vec<_>>() {
            worker.await?;
        }
        assert_eq!(locks.count(), 0);
        Ok(())
    });
}
