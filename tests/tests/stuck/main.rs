//! Processes that do not let go of their thread, and what runs beside processes.

mod abort;
mod beside;
mod logs;
mod policies;
mod races;
mod watched;

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::*};
use std::time::{Duration, Instant};

type Outcome = Result<(), Box<dyn Error>>;

/// Of what must happen soon.
const LIMIT: Duration = Duration::from_secs(20);

/// Keeps a thread until it is opened.
#[derive(Clone, Default)]
struct Gate(Arc<AtomicBool>);

impl Gate {
    fn open(&self) {
        self.0.store(true, Release);
    }

    /// Spins, but not longer than any test: one that has failed ends too.
    fn pass(&self) {
        let late = Instant::now() + 2 * LIMIT;
        while !self.0.load(Acquire) && Instant::now() < late {
            std::thread::yield_now();
        }
    }
}

/// Waits until it is so.
async fn until(what: impl Fn() -> bool) {
    let wait = async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let waited = tokio::time::timeout(LIMIT, wait).await;
    waited.expect("it comes to pass");
}
