//! What `#[noex::test]` runs.

use crate::process::{ProcessArc, install_panic_hook};
use crate::random;
use crate::system::System;
use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;
use tokio::runtime::Builder;

/// How long processes that are ending when a test is over may take.
const SETTLE: Duration = Duration::from_secs(1);

/// Options of `#[noex::test]`.
#[derive(Clone, Copy, Debug, Default)]
pub struct TestOptions {
    /// Worker threads; without it, one thread runs everything.
    pub workers: Option<usize>,
    /// Time stands still but when everything waits for it.
    pub paused: Option<Paused>,
}

/// That time is to stand still.
#[derive(Clone, Copy, Debug)]
pub struct Paused(fn(&mut Builder));

/// Not there without the feature, so that rustc names it to whoever asks for paused time.
#[cfg(feature = "test-util")]
pub const PAUSED: Paused = Paused(|builder| {
    builder.start_paused(true);
});

/// Runs a test on a tokio runtime and in a [`System`] of its own.
///
/// # Panics
///
/// When the test does, and when it passes but leaves processes behind.
pub fn run_test<F>(options: TestOptions, test: F) -> F::Output
where
    F: Future,
    F::Output: Verdict,
{
    install_panic_hook();
    let mut builder = match options.workers {
        None => Builder::new_current_thread(),
        Some(workers) => {
            let mut builder = Builder::new_multi_thread();
            builder.worker_threads(other_workers().unwrap_or(workers));
            builder
        }
    };
    builder.enable_all();
    if let Some(Paused(pause)) = options.paused {
        pause(&mut builder);
    }
    let runtime = builder
        .build()
        .expect("a test cannot begin without a tokio runtime");
    let system = System::new();
    let _bound = system.bind(runtime.handle());
    let seed = TellSeed;
    let output = runtime.block_on(test);
    std::mem::forget(seed);
    if output.has_passed() {
        let left = runtime.block_on(left_behind(&system));
        assert!(
            left.is_empty(),
            "the test left processes behind: {}; stop them, or call `System::current().stop().await`",
            left.join(", ")
        );
    }
    runtime.shutdown_background();
    output
}

/// How many worker threads tests have that ask for some, if `NOEX_TEST_WORKERS` says: races look different on 1, 2 and 8.
fn other_workers() -> Option<usize> {
    let workers = std::env::var_os("NOEX_TEST_WORKERS")?;
    let number = workers.to_str().and_then(|workers| workers.parse().ok());
    let number = number.filter(|workers| *workers > 0);
    Some(number.unwrap_or_else(|| {
        panic!("NOEX_TEST_WORKERS={workers:?} cannot be used: it must be a number, at least 1")
    }))
}

async fn left_behind(system: &System) -> Vec<String> {
    let settled = async {
        for process in system.living().iter().filter(|p| p.head().is_stopping()) {
            process.exited().await;
        }
    };
    let _ = tokio::time::timeout(SETTLE, settled).await;
    let living = system.living();
    living
        .iter()
        .chain(&system.leaked_arcs())
        .map(ProcessArc::describe)
        .collect()
}

/// Tells, when a test fails, how to repeat it.
struct TellSeed;

impl Drop for TellSeed {
    fn drop(&mut self) {
        eprintln!("to repeat: NOEX_SEED={}", random::seed());
    }
}

/// What a test returns.
pub trait Verdict {
    /// Whether the test has passed.
    fn has_passed(&self) -> bool;
}

impl Verdict for () {
    fn has_passed(&self) -> bool {
        true
    }
}

impl<T, E> Verdict for Result<T, E> {
    fn has_passed(&self) -> bool {
        self.is_ok()
    }
}

impl Verdict for ExitCode {
    fn has_passed(&self) -> bool {
        format!("{self:?}") == format!("{:?}", ExitCode::SUCCESS)
    }
}
