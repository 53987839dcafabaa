//! SY: what every server answers and tells of itself, whatever it is.

#[path = "../gen_server/crash_reports.rs"]
mod crash_reports;
mod debugged;
mod other_kinds;
mod reported;
mod state;
mod statistics;
mod suspended;

use std::error::Error;

type Outcome = Result<(), Box<dyn Error>>;

/// Lets everything else run that can.
async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}
