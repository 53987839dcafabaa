//! The ways to run something beside the caller.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;
use tokio::runtime::{Builder, Handle};
use tokio::task::JoinHandle;
use tokio::task::coop::unconstrained;

/// Runs a future on this runtime. Nobody waits for it: what it yields, it yields to others by itself.
pub(crate) fn spawn(runtime: &Handle, future: impl Future<Output = ()> + Send + 'static) {
    runtime.spawn(future);
}

/// Runs a future on the current runtime until it is over or aborted; what becomes of it can be waited for.
///
/// # Panics
///
/// Outside of a tokio runtime.
pub(crate) fn spawn_joinable<T: Send + 'static>(
    future: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<T> {
    Handle::current().spawn(future)
}

/// Whether nothing can be spawned here any more: there is no runtime, or it is shutting down. Tokio does not tell; a task that it
/// refuses is cancelled on the spot.
pub(crate) fn is_refused() -> bool {
    let Ok(runtime) = Handle::try_current() else {
        return true;
    };
    let probe = pin!(unconstrained(runtime.spawn(async {})));
    let polled = probe.poll(&mut Context::from_waker(Waker::noop()));
    matches!(polled, Poll::Ready(Err(error)) if error.is_cancelled())
}

/// Runs a closure on a thread of its own, for what must go on when all threads of the runtime are kept.
///
/// # Panics
///
/// When there is no thread to be had.
pub(crate) fn on_thread(name: &str, work: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().name(name.to_owned());
    thread
        .spawn(work)
        .expect("the operating system has a thread to spare");
}

/// Runs a future on a thread and a runtime of its own, so that it goes on when all others are busy for ever.
pub(crate) fn spawn_apart(
    name: &str,
    future: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let thread = thread::Builder::new().name(name.to_owned());
    thread.spawn(move || runtime.block_on(future))?;
    Ok(())
}
