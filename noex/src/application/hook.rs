//! What users want done at certain moments: run outside of every process, in the scope of their application.

use crate::process::current::{self, Beside};
use crate::process::{ExitReason, Target, contain, dispose};
use crate::server::Outcome;
use crate::system::System;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

pub(super) type Work = Pin<Box<dyn Future<Output = Result<(), ExitReason>> + Send>>;

/// Code of the user that can be run again and again.
pub(super) struct Hook(Box<dyn Fn(Target) -> Work + Send + Sync>);

impl Hook {
    pub(super) fn new<F>(hook: impl Fn(Target) -> F + Send + Sync + 'static) -> Self
    where
        F: Future + Send + 'static,
        F::Output: Outcome,
    {
        let hook = Arc::new(hook);
        Hook(Box::new(move |target| {
            let hook = hook.clone();
            Box::pin(async move { (*hook)(target).await.outcome() })
        }))
    }

    /// Runs it. An `Err` says how it failed, also when it panicked.
    pub(super) fn run(&self, target: &Target, system: &System) -> Contained {
        Contained::new((self.0)(target.clone()), system)
    }
}

/// The user's future, whose panics stop here: also that of its drop, when it is given up.
pub(super) struct Contained {
    work: Option<Work>,
    beside: Beside,
}

impl Future for Contained {
    type Output = Result<(), ExitReason>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { work, beside } = &mut *self;
        let Some(running) = work else {
            return Poll::Pending;
        };
        let polled = current::enter_beside(beside, || contain(|| running.as_mut().poll(cx)));
        let outcome = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(outcome)) => outcome,
            Err(panic) => Err(panic),
        };
        self.discard();
        Poll::Ready(outcome)
    }
}

impl Contained {
    pub(super) fn new(work: Work, system: &System) -> Self {
        Contained {
            work: Some(work),
            beside: Beside::of(system),
        }
    }

    fn discard(&mut self) {
        let Self { work, beside } = self;
        let _ = current::enter_beside(beside, || dispose(work.take()));
    }
}

impl Drop for Contained {
    fn drop(&mut self) {
        self.discard();
    }
}
