//! A call that has been sent: its caller waits for the answer, the server's end or the deadline, whichever is first.

use super::alarm::Alarm;
use super::call_context::Limit;
use crate::clock;
use crate::error::{CallError, Cycle};
use crate::hooks::{Hook, hook};
use crate::process::reply_slot::{Answer, Waiting};
use crate::process::waits::{self, Edge, Hop};
use crate::process::{Exited, ProcessArc, Stuck, current};
use crate::sync::planted;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

/// A call that has been sent: await it for the answer, or drop it.
///
/// Dropping it before the handler has begun withdraws the call, as for [`Call`](super::Call).
#[must_use = "dropping it withdraws the call; `.detach()` sends one whose answer is not wanted"]
pub struct Pending<T, E = Infallible> {
    process: ProcessArc,
    waiting: Option<Waiting<Result<T, E>>>,
    limit: Limit,
    timer: Alarm,
    /// Watched only while the token is parked: otherwise death answers through the token.
    exited: Option<Box<Exited>>,
}

impl<T, E> Pending<T, E> {
    pub(super) fn new(process: ProcessArc, waiting: Waiting<Result<T, E>>, limit: Limit) -> Self {
        Pending {
            process,
            waiting: Some(waiting),
            limit,
            timer: Alarm::default(),
            exited: None,
        }
    }

    /// Has the answer wake this waker, without waiting for it: no deadline runs, and no process is blocked.
    pub(super) fn listen(&mut self, waker: &Waker) {
        let waiting = self.waiting.as_mut();
        if waiting.is_some_and(|w| w.poll(waker, || None).is_ok()) {
            waker.wake_by_ref();
        }
    }

    pub(super) fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, CallError<E>>> {
        let waiting = self.waiting.as_mut().expect("polled before it is over");
        if waiting.is_answered() {
            return Poll::Ready(self.take());
        }
        let me = current::process();
        let cycle = || me.as_ref().and_then(waits::cycle);
        let early = planted("early_walk").then(cycle);
        hook(Hook::WaitEntering);
        let edge = || Some(Edge::enter(me.clone()?, self.process.clone()));
        let Err(unanswered) = waiting.poll(cx.waker(), edge) else {
            return Poll::Ready(self.take());
        };
        // Nobody may be left to answer for one that was abandoned.
        let unsure = self.process.head().kind.options.stuck == Stuck::Abandon;
        if (unanswered.parked || unsure) && !planted("unwatched") {
            let exited = self
                .exited
                .get_or_insert_with(|| Box::new(self.process.exited()));
            hook(Hook::ReplyWatching);
            if let Poll::Ready(reason) = Pin::new(&mut **exited).poll(cx) {
                // A reply that was given before the death wins.
                let answered = waiting.is_answered() && !planted("reply");
                return Poll::Ready(match answered {
                    true => self.take(),
                    false => Err(CallError::Exited(reason)),
                });
            }
        }
        if !unanswered.parked
            && let Some(cycle) = early.unwrap_or_else(cycle)
        {
            // At each look, not only the first: with several calls open this may have become the only one.
            self.waiting = None;
            return Poll::Ready(Err(CallError::Deadlock(cycle_of(cycle.iter()))));
        }
        let after = ready!(self.poll_limit(cx));
        self.waiting = None;
        Poll::Ready(Err(CallError::Timeout { after }))
    }

    /// Ready when the caller has waited for as long as it may; tells how long that was.
    pub(super) fn poll_limit(&mut self, cx: &mut Context<'_>) -> Poll<Duration> {
        self.timer
            .poll(cx, self.limit.at)
            .map(|()| self.limit.after)
    }

    fn take(&mut self) -> Result<T, CallError<E>> {
        self.timer.cancel();
        let waiting = self.waiting.take().expect("taken once");
        match waiting.take() {
            // A call that was skipped because its deadline had passed.
            Answer::NoReply if self.limit.at.is_some_and(|at| at <= clock::now()) => {
                let after = self.limit.after;
                Err(CallError::Timeout { after })
            }
            answer => outcome(answer),
        }
    }
}

impl<T, E> Future for Pending<T, E> {
    type Output = Result<T, CallError<E>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let budget = ready!(tokio::task::coop::poll_proceed(cx));
        let polled = self.get_mut().poll_answer(cx);
        if polled.is_ready() {
            budget.made_progress();
        }
        polled
    }
}

impl<T, E> Unpin for Pending<T, E> {}

pub(super) fn outcome<T, E>(answer: Answer<Result<T, E>>) -> Result<T, CallError<E>> {
    match answer {
        Answer::Value(Ok(value)) => Ok(value),
        Answer::Value(Err(error)) => Err(CallError::Failed(error)),
        Answer::NoReply => Err(CallError::NoReply),
        Answer::Died(reason) => Err(CallError::Exited(reason)),
    }
}

pub(super) fn cycle_of<'a>(processes: impl Iterator<Item = &'a ProcessArc>) -> Cycle {
    Cycle(
        processes
            .map(|p| Hop {
                pid: p.pid(),
                server: p.head().kind.type_name,
                name: p.name(),
            })
            .collect(),
    )
}

impl<T, E> fmt::Debug for Pending<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("process", &self.process)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
