//! The cache.

mod bounds;
mod loading;
mod restarts;
mod times;

use noex::{Cache, CacheOptions, CacheRef, StartError};
use std::error::Error;
use std::time::Duration;

type Outcome = Result<(), Box<dyn Error>>;

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

async fn of(options: CacheOptions<u32, u32>) -> Result<CacheRef<u32, u32>, StartError> {
    Cache::start(options).await
}

/// Lets everything go on that can without time passing.
async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}
