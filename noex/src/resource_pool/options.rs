//! How large a pool is, and how long it waits.

use super::PoolSizeError;
use std::time::Duration;
use tokio::sync::Semaphore;

/// How large a [`ResourcePool`](super::ResourcePool) is, and how long it waits.
///
/// ```
/// use noex::ResourcePoolOptions;
/// use std::time::Duration;
///
/// let options = ResourcePoolOptions::new(5, 20).idle_timeout(Duration::from_secs(60));
/// assert_eq!(options.acquire_timeout, Duration::from_secs(5));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourcePoolOptions {
    /// How many resources are kept open however long nobody needs them.
    pub min: usize,
    /// How many may be open at a time, those in use included.
    pub max: usize,
    /// After how long without use those above [`min`](Self::min) are closed. 30 seconds if not said; [`Duration::MAX`] for never.
    pub idle_timeout: Duration,
    /// How long one may wait for a resource, the time to make or check it included; a caller with a nearer deadline waits
    /// until that. So long may it take, too, to make or close one when nobody waits. Five seconds if not said; [`Duration::MAX`] waits
    /// for ever.
    pub acquire_timeout: Duration,
    /// How many may wait for a resource when all are in use. 1,024 if not said.
    pub max_waiting: usize,
}

impl ResourcePoolOptions {
    /// At least `min` resources and at most `max`. A pool that may have none, or fewer than it must have, does not start.
    pub fn new(min: usize, max: usize) -> Self {
        ResourcePoolOptions {
            min,
            max,
            idle_timeout: Duration::from_secs(30),
            acquire_timeout: Duration::from_secs(5),
            max_waiting: 1024,
        }
    }

    /// Sets after how long without use a resource is closed, unless there are no more than [`min`](Self::min).
    pub fn idle_timeout(mut self, idle_timeout: Duration) -> Self {
        self.idle_timeout = idle_timeout;
        self
    }

    /// Sets how long one may wait for a resource.
    pub fn acquire_timeout(mut self, acquire_timeout: Duration) -> Self {
        self.acquire_timeout = acquire_timeout;
        self
    }

    /// Sets how many may wait for a resource.
    pub fn max_waiting(mut self, max_waiting: usize) -> Self {
        self.max_waiting = max_waiting;
        self
    }

    pub(super) fn validate(&self) -> Result<(), PoolSizeError> {
        let most = Semaphore::MAX_PERMITS;
        match self.min <= self.max && (1..=most).contains(&self.max) {
            true => Ok(()),
            false => Err(PoolSizeError {
                min: self.min,
                max: self.max,
            }),
        }
    }
}
