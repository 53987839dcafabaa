//! The caller's half: ask, and wait for the answer, the server's end or the deadline, whichever is first.

use super::reply::Reply;
use super::{GenServer, Process};
use crate::clock::{self, Instant};
use crate::error::{CallError, Cycle};
use crate::process::deadline::Deadline;
use crate::process::reply_slot::{Answer, CallContext, Waiting, slot};
use crate::process::waits::{self, Edge, Hop};
use crate::process::wheel::{self, Due, Key, Wheel};
use crate::process::{Cell, Exited, InLine, ProcessArc, Pushed, Refused, Stuck, current, inline};
use crate::sync::planted;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
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
pub struct Call<'a, S: GenServer, T: Send + 'static, E: Send + 'static = Infallible> {
    process: &'a Process<S>,
    timeout: Duration,
    state: State<S::Message, T, E>,
}

enum State<M, T: Send + 'static, E: Send + 'static> {
    Unsent(M, Waiting<Result<T, E>>),
    InLine(InLine<M>, Pending<T, E>),
    Sent(Pending<T, E>),
    Done,
}

impl<'a, S: GenServer, T: Send + 'static, E: Send + 'static> Call<'a, S, T, E> {
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

    /// Sends the call now and wants no answer; the handler runs all the same, and no deadline binds it.
    ///
    /// # Errors
    ///
    /// [`CallError::Full`] when there is no room now, [`CallError::NotRunning`].
    pub fn detach(self) -> Result<(), CallError<E>> {
        let State::Unsent(message, mut waiting) = self.state else {
            return Err(CallError::Cancelled);
        };
        let cell = self.process.resolve().ok_or(CallError::NotRunning)?;
        let context = CallContext {
            request: request_of(current::call_context()),
            deadline: Deadline::NEVER,
        };
        waiting.set_context(context, cell.head.serial());
        // Before it is sent, so that its server cannot take it for abandoned.
        waiting.detach();
        push(&cell, message)
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
                ready!(pending.timer.poll(cx, pending.limit.at));
                let waited = pending.limit.after;
                self.state = State::Done;
                Poll::Ready(Err(CallError::Full { waited }))
            }
        }
    }
}

impl<S: GenServer, T: Send + 'static, E: Send + 'static> Future for Call<'_, S, T, E> {
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
impl<S: GenServer, T: Send + 'static, E: Send + 'static> Unpin for Call<'_, S, T, E> {}

/// The caller's half, and how long it waits.
type Prepared<T, E> = (Waiting<Result<T, E>>, Limit);

/// What the message needs to know before it goes into a queue: who asks, until when; and that this is not
/// a call of a process to itself.
fn prepare<M, T: Send + 'static, E: Send + 'static>(
    cell: &Cell<M>,
    mut waiting: Waiting<Result<T, E>>,
    timeout: Duration,
) -> Result<Prepared<T, E>, CallError<E>>
where
    M: Send + 'static,
{
    let serial = cell.head.serial();
    if current::with(|head| head.is_some_and(|h| h.serial() == serial)) {
        return Err(CallError::Deadlock(calling_oneself()));
    }
    let (context, limit) = queued_context(timeout);
    waiting.set_context(context, serial);
    Ok((waiting, limit))
}

/// Puts a message into the mailbox if there is room now.
fn push<M: Send + 'static, E>(cell: &Cell<M>, message: M) -> Result<(), CallError<E>> {
    match cell.mailbox.push(message) {
        Ok(asleep) => {
            if asleep {
                cell.head.wake();
            }
            Ok(())
        }
        Err(Refused::Closed(_)) => Err(CallError::NotRunning),
        Err(Refused::Full(_)) => Err(CallError::Full {
            waited: Duration::ZERO,
        }),
    }
}

/// How long a caller waits: what it asked for, within what is left to the call being handled where it calls.
#[derive(Clone, Copy, Debug)]
struct Limit {
    /// `None` for ever.
    at: Option<Instant>,
    after: Duration,
}

/// Both deadlines are read from one look at the clock, and none where there is none to keep.
fn queued_context(timeout: Duration) -> (CallContext, Limit) {
    let outer = current::call_context();
    let request = request_of(outer);
    let now = clock::now();
    let left = outer.and_then(|o| o.deadline.at()).map(|at| {
        let left = at.saturating_sub(clock::nanos(now));
        Duration::from_nanos(left)
    });
    let after = left.map_or(timeout, |left| left.min(timeout));
    let at = now.checked_add(after);
    let deadline = at.map_or(Deadline::NEVER, Deadline::until);
    (CallContext { request, deadline }, Limit { at, after })
}

/// An inline call that answers at once never reads the clock.
#[inline]
fn inline_context(timeout: Duration) -> CallContext {
    let outer = current::call_context();
    let outer_deadline = outer.map_or(Deadline::NEVER, |o| o.deadline);
    CallContext {
        request: request_of(outer),
        deadline: Deadline::after(timeout).within(outer_deadline),
    }
}

/// The number of the request being handled, or a fresh one.
#[inline]
fn request_of(outer: Option<CallContext>) -> u64 {
    match outer {
        Some(outer) if outer.request != 0 => outer.request,
        _ => fresh_request(),
    }
}

/// A number for a request that came from no other. Unique in the program; drawn per thread in blocks.
#[inline]
fn fresh_request() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    const BLOCK: u64 = 1 << 16;
    static NEXT: AtomicU64 = AtomicU64::new(1);
    std::thread_local!(static MINE: std::cell::Cell<u64> = const { std::cell::Cell::new(0) });
    MINE.try_with(|mine| {
        let mut next = mine.get();
        if next % BLOCK == 0 {
            next = NEXT.fetch_add(1, Relaxed) * BLOCK;
        }
        mine.set(next + 1);
        next + 1
    })
    .unwrap_or(1)
}

fn calling_oneself() -> Cycle {
    let me: Vec<ProcessArc> = current::process().into_iter().collect();
    cycle_of(me.iter().chain(me.iter()))
}

fn cycle_of<'a>(processes: impl Iterator<Item = &'a ProcessArc>) -> Cycle {
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

fn outcome<T, E>(answer: Answer<Result<T, E>>) -> Result<T, CallError<E>> {
    match answer {
        Answer::Value(Ok(value)) => Ok(value),
        Answer::Value(Err(error)) => Err(CallError::Failed(error)),
        Answer::NoReply => Err(CallError::NoReply),
        Answer::Died(reason) => Err(CallError::Exited(reason)),
    }
}

/// Asks a process whose messages are `M` and which is no server.
pub(crate) fn ask<M, T, E>(
    process: &ProcessArc,
    message: impl FnOnce(Reply<T, E>) -> M,
) -> Result<Pending<T, E>, CallError<E>>
where
    M: Send + 'static,
    T: Send + 'static,
    E: Send + 'static,
{
    let cell = process.clone().into_typed::<M>();
    let cell = cell.map_err(|_| CallError::NotRunning)?;
    let (token, waiting) = slot(0, CallContext::default());
    let message = message(Reply::new(token));
    let (waiting, limit) = prepare(&cell, waiting, Duration::MAX)?;
    push(&cell, message)?;
    Ok(Pending::new(process.clone(), waiting, limit))
}

/// A call that has been sent: await it for the answer, or drop it.
///
/// Dropping it before the handler has begun withdraws the call, as for [`Call`].
#[must_use = "dropping it withdraws the call; `.detach()` sends one whose answer is not wanted"]
pub struct Pending<T: Send + 'static, E: Send + 'static = Infallible> {
    process: ProcessArc,
    waiting: Option<Waiting<Result<T, E>>>,
    limit: Limit,
    timer: Alarm,
    /// Watched only while the token is parked: otherwise death answers through the token.
    exited: Option<Box<Exited>>,
}

impl<T: Send + 'static, E: Send + 'static> Pending<T, E> {
    fn new(process: ProcessArc, waiting: Waiting<Result<T, E>>, limit: Limit) -> Self {
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

    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Result<T, CallError<E>>> {
        let waiting = self.waiting.as_mut().expect("polled before it is over");
        if waiting.is_answered() {
            return Poll::Ready(self.take());
        }
        let me = current::process();
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
            && let Some(cycle) = me.as_ref().and_then(waits::cycle)
        {
            // At each look, not only the first: with several calls open this may have become the only one.
            self.waiting = None;
            return Poll::Ready(Err(CallError::Deadlock(cycle_of(cycle.iter()))));
        }
        ready!(self.timer.poll(cx, self.limit.at));
        self.waiting = None;
        let after = self.limit.after;
        Poll::Ready(Err(CallError::Timeout { after }))
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

impl<T: Send + 'static, E: Send + 'static> Future for Pending<T, E> {
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

impl<T: Send + 'static, E: Send + 'static> Unpin for Pending<T, E> {}

/// A deadline armed on the runtime's wheel, when the first poll has to wait.
#[derive(Debug, Default)]
pub(super) struct Alarm(Option<(Arc<Wheel>, Key, Waker)>);

impl Alarm {
    /// Ready when the deadline has passed.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, deadline: Option<Instant>) -> Poll<()> {
        let Some(at) = deadline else {
            return Poll::Pending;
        };
        if let Some((wheel, key, waker)) = &self.0 {
            if !wheel.holds(*key) && clock::now() >= at {
                return Poll::Ready(());
            }
            if wheel.holds(*key) && waker.will_wake(cx.waker()) {
                return Poll::Pending;
            }
            self.cancel();
        }
        if clock::now() >= at {
            return Poll::Ready(());
        }
        if let Some(wheel) = wheel::of_runtime() {
            let key = wheel.add(at, Due::Wake(cx.waker().clone()));
            self.0 = Some((wheel, key, cx.waker().clone()));
        }
        Poll::Pending
    }

    pub(super) fn cancel(&mut self) {
        if let Some((wheel, key, _)) = self.0.take() {
            wheel.cancel(key);
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.cancel();
    }
}

struct Unpark(std::thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl<S: GenServer, T: Send + 'static, E: Send + 'static> fmt::Debug for Call<'_, S, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("process", self.process)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl<T: Send + 'static, E: Send + 'static> fmt::Debug for Pending<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("process", &self.process)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
