//! How a scenario is run, and how it waits.

use noex::System;
use std::env;
use std::future::{Future, poll_fn};
use std::panic;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Once};
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

/// How often a scenario tries.
pub(crate) const ROUNDS: u64 = 25;

/// Of what happens at once, but for the hooks.
const SOON: Duration = Duration::from_secs(4);

/// More than any scenario takes.
const LIMIT: Duration = Duration::from_secs(40);

/// Runs a scenario on several threads, in a system of its own, which it leaves empty.
///
/// # Panics
///
/// When the scenario does, noex itself does, something is left behind, or a single hook is armed and not passed.
#[track_caller]
pub(crate) fn scenario(run: impl Future<Output = ()> + Send + 'static) {
    scenario_on(6, run);
}

/// The same on so many threads.
#[track_caller]
pub(crate) fn scenario_on(workers: usize, run: impl Future<Output = ()> + Send + 'static) {
    watch_noex();
    let mut runtime = Builder::new_multi_thread();
    let runtime = runtime.worker_threads(workers).enable_all().build();
    let runtime = runtime.expect("threads can be had");
    let system = System::new();
    let bound = system.bind(runtime.handle());
    let empty = system.clone();
    let outcome = runtime.block_on(async {
        let outcome = timeout(LIMIT, tokio::spawn(run)).await;
        if matches!(outcome, Ok(Ok(()))) {
            soon("all are gone", || empty.processes().is_empty()).await;
        }
        outcome
    });
    drop(bound);
    // One that has failed may have left a thread that never returns.
    runtime.shutdown_background();
    outcome.expect("it ends").expect("it holds");
    assert!(!HAS_PANICKED.load(SeqCst), "noex itself panicked");
    if env::var("NOEX_HOOK").is_ok_and(|armed| armed != "all") {
        let mut armed = noex::hooks::armed();
        armed.retain(|hook| noex::hooks::passes(hook) == 0);
        assert!(armed.is_empty(), "nobody has passed {armed:?}");
    }
}

static HAS_PANICKED: AtomicBool = AtomicBool::new(false);

/// Notes panics of noex itself, which may be contained somewhere.
fn watch_noex() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let file = panic.location().map_or("", |at| at.file());
            if file.contains("noex/src/") {
                HAS_PANICKED.store(true, SeqCst);
            }
            others(panic);
        }));
    });
}

/// Waits for something that has to come.
pub(crate) async fn within<F: Future>(what: &str, wait: F) -> F::Output {
    // Looked at first: what it would find when it is polled once more, too late, is no excuse.
    tokio::select! {
        biased;
        () = sleep(SOON) => panic!("this never comes: {what}"),
        output = wait => output,
    }
}

/// Waits until it is so, in naps.
pub(crate) async fn soon(what: &str, is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            sleep(Duration::from_micros(200)).await;
        }
    };
    within(what, wait).await;
}

/// Looks until it is so, without a pause.
pub(crate) async fn look_for(what: &str, is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            yield_now().await;
        }
    };
    within(what, wait).await;
}

/// Polls once and drops what is not ready.
pub(crate) async fn poll_once<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|cx| {
        Poll::Ready(match future.as_mut().poll(cx) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        })
    })
    .await
}

/// Something that happens once.
#[derive(Clone, Default)]
pub(crate) struct Flag(Arc<AtomicBool>);

impl Flag {
    pub(crate) fn raise(&self) {
        self.0.store(true, SeqCst);
    }

    pub(crate) fn is_up(&self) -> bool {
        self.0.load(SeqCst)
    }
}

/// Raises a flag when it is dropped.
pub(crate) struct Raises(pub(crate) Flag);

impl Drop for Raises {
    fn drop(&mut self) {
        self.0.raise();
    }
}
