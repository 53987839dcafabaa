//! S26-S29, S37, S40, L01: what an observer sees of a running system.

mod events;
mod json;
mod polling;
mod sampling;
mod snapshot;

use noex::prelude::*;
use std::error::Error;
use std::future::Future;
use std::time::Duration;
use tokio::time::timeout;

type Outcome = Result<(), Box<dyn Error>>;

/// What happens within ten seconds.
async fn soon<T>(happens: impl Future<Output = T>) -> T {
    let outcome = timeout(Duration::from_secs(10), happens).await;
    outcome.expect("it does not happen")
}

/// Counts, and crashes when told to.
#[derive(Clone)]
struct Counter(u64);

#[gen_server]
impl Counter {
    #[init]
    fn new(start: u64) -> Self {
        Self(start)
    }

    #[call]
    fn add(&mut self, n: u64) -> u64 {
        self.0 += n;
        self.0
    }

    #[cast]
    fn crash(&mut self) {
        panic!("told to");
    }
}

supervisor! {
    /// The guide's tree in small.
    #[tree(intensity = 2 in 60s)]
    struct Shop {
        #[tree(strategy = rest_for_one)]
        core: {
            #[child(name = "database")]
            database: Counter(1),
            cache: Counter(2),
        },
        worker: Counter(3),
    }
}
