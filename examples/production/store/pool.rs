//! Connections that are used side by side.

use super::StoreError;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many are kept however long nobody needs them.
const LEAST: usize = 5;
const MOST: usize = 20;
/// More than [`LEAST`] are kept so long.
const IDLE: Duration = Duration::from_secs(30);

/// Connections are made as they are needed.
#[derive(Debug)]
pub(super) struct Pool<C> {
    free: Arc<Semaphore>,
    /// The last used is the last, with the time of its last use.
    idle: Arc<Mutex<Vec<(C, Instant)>>>,
}

impl<C> Pool<C> {
    pub(super) fn new() -> Self {
        Pool {
            free: Arc::new(Semaphore::new(MOST)),
            idle: Arc::default(),
        }
    }

    /// A connection that is still good, or a new one, as soon as there may be one more.
    pub(super) async fn take(
        &self,
        is_good: impl Fn(&C) -> bool,
        connect: impl AsyncFnOnce() -> Result<C, StoreError>,
    ) -> Result<Taken<C>, StoreError> {
        let room = self.free.clone().acquire_owned().await;
        let room = room.expect("it is never closed");
        let kept = loop {
            match lock(&self.idle).pop() {
                Some((connection, _)) if !is_good(&connection) => {}
                kept => break kept,
            }
        };
        let connection = match kept {
            Some((connection, _)) => connection,
            None => connect().await?,
        };
        Ok(Taken {
            connection: Some(connection),
            idle: self.idle.clone(),
            _room: room,
        })
    }
}

/// A connection in use; dropped, it can be used by others.
#[derive(Debug)]
pub(super) struct Taken<C> {
    /// There until it is given back or away.
    connection: Option<C>,
    idle: Arc<Mutex<Vec<(C, Instant)>>>,
    _room: OwnedSemaphorePermit,
}

impl<C> Taken<C> {
    /// Nobody shall use it any more.
    pub(super) fn discard(mut self) {
        self.connection = None;
    }
}

impl<C> Deref for Taken<C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.connection
            .as_ref()
            .expect("it is only given away by value")
    }
}

impl<C> Drop for Taken<C> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            give_back(&self.idle, connection, Instant::now());
        }
    }
}

fn give_back<C>(idle: &Mutex<Vec<(C, Instant)>>, connection: C, now: Instant) {
    let mut idle = lock(idle);
    idle.push((connection, now));
    let most = idle.len().saturating_sub(LEAST);
    let long = idle
        .iter()
        .take_while(|(_, used)| now.duration_since(*used) >= IDLE)
        .count();
    let closed: Vec<_> = idle.drain(..long.min(most)).collect();
    drop(idle);
    drop(closed);
}

fn lock<C>(idle: &Mutex<Vec<(C, Instant)>>) -> MutexGuard<'_, Vec<(C, Instant)>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::Barrier;
    use tokio::task::JoinSet;

    #[tokio::test]
    async fn as_many_are_used_side_by_side_as_there_may_be() {
        let (pool, met) = (Arc::new(Pool::new()), Arc::new(Barrier::new(MOST)));
        let mut uses = JoinSet::new();
        for _ in 0..2 * MOST {
            let (pool, met) = (pool.clone(), met.clone());
            uses.spawn(async move {
                let taken = pool.take(|_| true, async || Ok(())).await;
                assert!(pool.free.available_permits() < MOST);
                // Nobody passes unless all others are here too.
                met.wait().await;
                taken.map(drop)
            });
        }
        for used in uses.join_all().await {
            used.expect("a connection");
        }
        assert_eq!(lock(&pool.idle).len(), MOST);
    }

    #[tokio::test]
    async fn one_that_is_not_good_is_replaced() -> Result<(), StoreError> {
        let pool = Pool::new();
        let take = async |good: bool, made: u32| pool.take(move |_| good, async || Ok(made)).await;
        drop(take(true, 1).await?);
        assert_eq!(*take(true, 2).await?, 1);
        assert_eq!(*take(false, 3).await?, 3);
        take(true, 4).await?.discard();
        assert_eq!(*take(true, 5).await?, 5);
        Ok(())
    }

    #[test]
    fn those_that_nobody_needs_are_closed_up_to_the_least() {
        let (idle, now) = (Mutex::default(), Instant::now());
        for connection in 0..LEAST + 3 {
            give_back(&idle, connection, now);
        }
        let used = |later| {
            let (connection, _) = lock(&idle).pop().expect("there are some");
            give_back(&idle, connection, now + later);
            lock(&idle).len()
        };
        assert_eq!(used(IDLE / 2), LEAST + 3);
        assert_eq!(used(IDLE), LEAST);
    }
}
