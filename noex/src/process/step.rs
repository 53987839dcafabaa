//! One step of a process that serves: a handler, a signal obeyed, what follows a handler.

use super::contain;
use super::exit::ExitReason;
use super::pooled_future::PooledFuture;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// User code that runs and whose panic stops here. Not polled again when it is over.
pub(super) struct Step<F>(PooledFuture<F>);

/// How a step ended. Two words, so that it is returned without going through memory.
pub(super) enum Ended {
    Well,
    Failed(Box<ExitReason>),
    Panicked(Box<ExitReason>),
}

impl Ended {
    pub(super) fn of(outcome: Result<(), ExitReason>) -> Self {
        match outcome {
            Ok(()) => Ended::Well,
            Err(reason) => Ended::Failed(Box::new(reason)),
        }
    }
}

impl<F> Step<F>
where
    F: Future<Output: Into<Result<(), ExitReason>>>,
{
    #[inline(always)]
    pub(super) fn new(make: impl FnOnce() -> F) -> Self {
        Step(PooledFuture::new(make))
    }
}

impl<F> Future for Step<F>
where
    F: Future<Output: Into<Result<(), ExitReason>>>,
{
    type Output = Ended;

    /// A frame of its own: a panic searches each frame that it passes, and that of the process is large.
    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Ended> {
        let work = Pin::new(&mut self.0);
        match contain(|| work.poll(cx)) {
            Ok(polled) => polled.map(|outcome| Ended::of(outcome.into())),
            Err(panic) => Poll::Ready(Ended::Panicked(Box::new(panic))),
        }
    }
}
