//! Connections that read side by side.

use super::{Store, StoreError};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// So many are kept however long nobody needs them.
const LEAST: usize = 5;
const MOST: usize = 20;
/// More than [`LEAST`] are kept so long.
const IDLE: Duration = Duration::from_secs(30);

/// Opens connections as they are needed.
#[derive(Debug)]
pub(crate) struct Pool {
    path: PathBuf,
    free: Semaphore,
    /// The last used is the last, with the time of its last use.
    idle: Mutex<Vec<(Store, Instant)>>,
}

impl Pool {
    /// With one connection, so that what is wrong with the file is seen at once.
    pub(crate) fn open(path: PathBuf) -> Result<Self, StoreError> {
        let first = Store::open(&path)?;
        Ok(Pool {
            path,
            free: Semaphore::new(MOST),
            idle: Mutex::new(vec![(first, Instant::now())]),
        })
    }

    /// Reads on one of tokio's blocking threads, as soon as a connection is free.
    pub(crate) async fn read<T: Send + 'static>(
        self: Arc<Self>,
        read: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let pool = self.clone();
        let _free = self.free.acquire().await.expect("it is never closed");
        let reading = spawn_blocking(move || {
            let store = pool.take()?;
            let answer = read(&store);
            pool.give_back(store, Instant::now());
            answer
        });
        reading.await.expect("reading does not panic")
    }

    fn take(&self) -> Result<Store, StoreError> {
        let idle = self.idle().pop();
        idle.map_or_else(|| Store::open(&self.path), |(store, _)| Ok(store))
    }

    fn give_back(&self, store: Store, now: Instant) {
        let mut idle = self.idle();
        idle.push((store, now));
        let most = idle.len().saturating_sub(LEAST);
        let long = idle
            .iter()
            .take_while(|(_, used)| now.duration_since(*used) >= IDLE)
            .count();
        let closed: Vec<_> = idle.drain(..long.min(most)).collect();
        drop(idle);
        drop(closed);
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(Store, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::folder;
    use super::*;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use tokio::task::JoinSet;

    #[tokio::test]
    async fn as_many_read_side_by_side_as_there_may_be() -> Result<(), StoreError> {
        let folder = folder();
        let pool = Arc::new(Pool::open(folder.path().join("orders.db"))?);
        let (met, at_work) = (Arc::new(Barrier::new(MOST)), Arc::new(AtomicUsize::new(0)));
        let mut reads = JoinSet::new();
        for _ in 0..2 * MOST {
            let (met, at_work) = (met.clone(), at_work.clone());
            reads.spawn(pool.clone().read(move |store| {
                assert!(at_work.fetch_add(1, SeqCst) < MOST);
                // Nobody passes unless all others are here too.
                met.wait();
                at_work.fetch_sub(1, SeqCst);
                store.totals()
            }));
        }
        for read in reads.join_all().await {
            read?;
        }
        assert_eq!(pool.idle().len(), MOST);
        Ok(())
    }

    #[test]
    fn those_that_nobody_needs_are_closed_up_to_the_least() -> Result<(), StoreError> {
        let folder = folder();
        let pool = Pool::open(folder.path().join("orders.db"))?;
        let stores = (0..LEAST + 3)
            .map(|_| pool.take())
            .collect::<Result<Vec<_>, _>>()?;
        let now = Instant::now();
        for store in stores {
            pool.give_back(store, now);
        }
        let used = |later| -> Result<usize, StoreError> {
            let store = pool.take()?;
            pool.give_back(store, now + later);
            Ok(pool.idle().len())
        };
        assert_eq!(used(IDLE / 2)?, LEAST + 3);
        assert_eq!(used(IDLE)?, LEAST);
        Ok(())
    }
}
