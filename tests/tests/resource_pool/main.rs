//! Pools of resources.

#[path = "../gen_server/crash_reports.rs"]
mod crash_reports;
mod ends;
mod fakes;
mod health;
mod lending;
mod sizes;
mod storm;
mod waiting;

use std::error::Error;
use std::time::Duration;

type Outcome = Result<(), Box<dyn Error>>;

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Lets everything go on that can without time passing.
async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}
