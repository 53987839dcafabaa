//! A call before its answer: sent when it is first polled, run by its caller, queued, or in line for room.

use super::ask::{prepare, push};
use super::call_context::{inline_context, queued_context, request_of};
use super::detached::{Detached, Origin};
use super::pending::{Pending, outcome};
use super::reply::Reply;
use super::{GenServer, Process};
use crate::clock::Instant;
use crate::error::CallError;
use crate::hooks::{Hook, hook};
use crate::process::deadline::Deadline;
use crate::process::reply_slot::{CallContext, Waiting, slot};
use crate::process::{InLine, ProcessArc, Pushed, current, inline};
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker, ready};
use std::time::Duration;

/// A call: lazy, sent when it is first polled.
///
/// It waits for room in the mailbox and for the answer within one deadline, which is the handler's `timeout`, the server's
/// `call_timeout`, or what is [set here](Self::timeout), and never later than the deadline of the call being handled here.
///
/// Dropping it withdraws the call if its handler has not begun, unless that is `#[call(always)]`; a handler that has begun finishes. Deadlines need a
/// tokio runtime where the call is awaited; use [`blocking`](Self::blocking) on threads without one.
///
/// A server that sleeps and whose handlers are short may be run by its caller, on the caller's stack. Then task-locals and
/// `tokio::task::id()` seen by the handler are the caller's.
#[must_use = "a call is not sent unless awaited; `.send()` or `.detach()` send it now"]
pub struct Call<'a, S: GenServer, T, E = Infallible> {
    process: &'a Process<S>,
    timeout: Duration,
    state: State<S::Message, T, E>,
}

enum State<M, T, E> {
    Unsent(M, Waiting<Result<T, E>>),
    InLine(InLine<M>, Pending<T, E>),
    Sent(Pending<T, E>),
    Done,
}

impl<'a, S: GenServer, T, E> Call<'a, S, T, E> {
    pub(super) fn new(
        process: &'a Process<S>,
        timeout: Duration,
        message: impl FnOnce(Reply<T, E>) -> S::Message,
    ) -> Self {
        let (token, waiting) = slot(0, CallContext::default());
        Call {
            process,
            timeout,
            state: State::Unsent(message(Reply::new(token)), waiting),
        }
    }

    /// Waits this long instead. [`Duration::MAX`] waits for ever.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sends the call now. The answer is awaited, or dropped, later.
    ///
    /// # Errors
    ///
    /// [`CallError::Full`] when there is no room now, [`CallError::NotRunning`], [`CallError::Deadlock`].
    pub fn send(self) -> Result<Pending<T, E>, CallError<E>> {
        let State::Unsent(message, waiting) = self.state else {
            return Err(CallError::Cancelled);
        };
        let cell = self.process.resolve().ok_or(CallError::NotRunning)?;
        let (waiting, limit) = prepare(&cell, waiting, self.timeout)?;
        push(&cell, message)?;
        Ok(Pending::new(ProcessArc(cell.clone()), waiting, limit))
    }

    /// Sends the call now and wants no answer; the handler runs all the same, and no deadline binds it. When it brings none but an
    /// error, or none at all, that is logged, with the place of this call.
    ///
    /// # Errors
    ///
    /// [`CallError::Full`] when there is no room now, [`CallError::NotRunning`].
    #[track_caller]
    pub fn detach(self) -> Result<(), CallError<E>>
    where
        T: Send + 'static,
        E: fmt::Debug + Send + 'static,
    {
        let State::Unsent(message, mut waiting) = self.state else {
            return Err(CallError::Cancelled);
        };
        let cell = self.process.resolve().ok_or(CallError::NotRunning)?;
        let context = CallContext {
            request: request_of(current::call_context()),
            deadline: Deadline::NEVER,
        };
        waiting.set_context(context, cell.head.serial());
        let origin = Origin::of::<S>(&message, cell.head.pid(), Location::caller());
        push(&cell, message)?;
        Detached::watch(waiting, origin);
        Ok(())
    }

    /// Waits on this thread. For threads outside of tokio.
    ///
    /// # Errors
    ///
    /// As awaiting it.
    ///
    /// # Panics
    ///
    /// Inside of a tokio task, which it would block.
    pub fn blocking(self) -> Result<T, CallError<E>> {
        assert!(
            tokio::task::try_id().is_none(),
            "`blocking` would block a tokio task; await the call instead"
        );
        let limit = Instant::now().checked_add(self.timeout);
        let after = self.timeout;
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        let mut call = std::pin::pin!(self);
        let mut cx = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(done) = call.as_mut().poll(&mut cx) {
                return done;
            }
            match limit {
                None => std::thread::park(),
                Some(limit) => {
                    let left = limit.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Err(CallError::Timeout { after });
                    }
                    std::thread::park_timeout(left);
                }
            }
        }
    }

    fn first_poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, CallError<E>>> {
        let State::Unsent(message, mut waiting) = std::mem::replace(&mut self.state, State::Done)
        else {
            unreachable!("polled for the first time");
        };
        let Some(cell) = self.process.resolve() else {
            return Poll::Ready(Err(CallError::NotRunning));
        };
        let mut message = Some(message);
        if inline::may_run(&cell.head) {
            waiting.set_context(inline_context(self.timeout), cell.head.serial());
            cell.hand_over(&mut message);
        }
        let Some(message) = message else {
            if waiting.is_answered() {
                return Poll::Ready(outcome(waiting.take()));
            }
            let (_, limit) = queued_context(self.timeout);
            let pending = Pending::new(ProcessArc(cell.clone()), waiting, limit);
            self.state = State::Sent(pending);
            return self.poll_sent(cx);
        };
        let (waiting, limit) = match prepare(&cell, waiting, self.timeout) {
            Ok(ready) => ready,
            Err(error) => return Poll::Ready(Err(error)),
        };
        let pushed = match cell.mailbox.push_or_wait(message) {
            Ok(pushed) => pushed,
            Err(_message) => return Poll::Ready(Err(CallError::NotRunning)),
        };
        let pending = Pending::new(ProcessArc(cell.clone()), waiting, limit);
        match pushed {
            Pushed::Now(asleep) => {
                hook(Hook::AdmissionPushed);
                if asleep {
                    cell.head.wake();
                }
                self.state = State::Sent(pending);
                self.poll_sent(cx)
            }
            Pushed::Later(line) => {
                self.state = State::InLine(line, pending);
                self.poll_in_line(cx)
            }
        }
    }

    fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, CallError<E>>> {
        let State::Sent(pending) = &mut self.state else {
            unreachable!("just set");
        };
        let done = ready!(pending.poll_answer(cx));
        self.state = State::Done;
        Poll::Ready(done)
    }

    fn poll_in_line(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, CallError<E>>> {
        let State::InLine(line, pending) = &mut self.state else {
            unreachable!("just set");
        };
        match Pin::new(line).poll(cx) {
            Poll::Ready(Ok(())) => {
                if let State::InLine(_, pending) = std::mem::replace(&mut self.state, State::Done) {
                    self.state = State::Sent(pending);
                }
                self.poll_sent(cx)
            }
            Poll::Ready(Err(_message)) => {
                self.state = State::Done;
                Poll::Ready(Err(CallError::NotRunning))
            }
            Poll::Pending => {
                let waited = ready!(pending.poll_limit(cx));
                self.state = State::Done;
                Poll::Ready(Err(CallError::Full { waited }))
            }
        }
    }
}

impl<S: GenServer, T, E> Future for Call<'_, S, T, E> {
    type Output = Result<T, CallError<E>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        // An answered call costs its caller a unit of tokio budget, or callers in a loop would never yield.
        let budget = ready!(tokio::task::coop::poll_proceed(cx));
        let polled = match this.state {
            State::Unsent(..) => this.first_poll(cx),
            State::Sent(_) => this.poll_sent(cx),
            State::InLine(..) => this.poll_in_line(cx),
            State::Done => panic!("a call was polled after it was over"),
        };
        if polled.is_ready() {
            budget.made_progress();
        }
        polled
    }
}

// Nothing in it is pinned.
impl<S: GenServer, T, E> Unpin for Call<'_, S, T, E> {}

struct Unpark(std::thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl<S: GenServer, T, E> fmt::Debug for Call<'_, S, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("process", self.process)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
