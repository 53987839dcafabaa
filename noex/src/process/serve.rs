//! How a process works: the next item, its handler, and what follows.

use super::cell::{Cell, Head, KILL, URGENT};
use super::current;
use super::exit::ExitReason;
use super::life::{Behaviour, Flow, Notice};
use super::mailbox::{Inbox, Item, Next};
use super::pooled_future::PooledFuture;
use super::signal::{Signal, Urgent};
use super::waits;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

/// One poll of the body handles at most this many messages.
const BATCH: u32 = 128;

/// What a process that serves looks at.
pub(super) struct Server<'a, B: Behaviour> {
    cell: &'a Cell<B::Message>,
    state: &'a mut B,
    inbox: &'a mut Inbox<B::Message>,
    handled: u32,
}

/// Message after message until something ends it.
///
/// Nothing lives across an await here but pointers: this is part of the frame of a process that sleeps.
#[allow(
    clippy::manual_async_fn,
    reason = "an `async fn` keeps its arguments twice"
)]
pub(super) fn serve<B: Behaviour>(mut server: Server<'_, B>) -> impl Future<Output = ExitReason> {
    async move {
        if let Flow::Stop(reason) = PooledFuture::new(|| server.state.started()).await {
            return reason;
        }
        loop {
            waits::over(&server.cell.head);
            let item = match poll_fn(|_| server.look()).await {
                Ok(item) => item,
                Err(reason) => return reason,
            };
            let done = server.begin(item).await;
            {
                let rest = match server.conclude(done) {
                    Rest::Nothing => None,
                    Rest::Settle(rest) => Some(rest),
                    Rest::Stop(reason) => return reason,
                };
                if let Some(rest) = rest
                    && let Flow::Stop(reason) = rest.await
                {
                    return reason;
                }
            }
            if server.is_out_of_turn() {
                yield_now().await;
            }
        }
    }
}

/// A handler that runs, or a signal that is obeyed.
enum Work<'a, H, O> {
    Handle(PooledFuture<H>, &'a Head),
    Obey(PooledFuture<O>),
}

enum Done {
    Handled(Result<(), ExitReason>),
    Obeyed(Flow),
}

enum Rest<F> {
    Nothing,
    Stop(ExitReason),
    Settle(PooledFuture<F>),
}

impl<H, O> Future for Work<'_, H, O>
where
    H: Future<Output = Result<(), ExitReason>>,
    O: Future<Output = Flow>,
{
    type Output = Done;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Done> {
        match self.get_mut() {
            Work::Obey(work) => Pin::new(work).poll(cx).map(Done::Obeyed),
            Work::Handle(work, head) => {
                // Measured now and then: so long is a caller kept that runs it.
                let began = head.sampler.begin();
                let polled = Pin::new(work).poll(cx);
                if let Some(began) = began {
                    head.sampler.end(began);
                }
                polled.map(Done::Handled)
            }
        }
    }
}

impl<'a, B: Behaviour> Server<'a, B> {
    pub(super) fn new(
        cell: &'a Cell<B::Message>,
        state: &'a mut B,
        inbox: &'a mut Inbox<B::Message>,
    ) -> Self {
        Server {
            cell,
            state,
            inbox,
            handled: 0,
        }
    }

    #[inline]
    fn begin(&mut self, item: Item<B::Message>) -> impl Future<Output = Done> {
        let (cell, state) = (self.cell, &mut *self.state);
        match item {
            Item::User(message) => {
                Work::Handle(PooledFuture::new(|| state.handle(message)), &cell.head)
            }
            Item::Signal(signal) => Work::Obey(PooledFuture::new(|| obey(cell, state, signal))),
        }
    }

    #[inline]
    fn conclude(&mut self, done: Done) -> Rest<impl Future<Output = Flow>> {
        match done {
            Done::Handled(outcome) => {
                self.cell.head.counters.count_handled();
                match self.state.is_settled(&outcome) {
                    true => Rest::Nothing,
                    false => Rest::Settle(PooledFuture::new(|| self.state.settle(outcome))),
                }
            }
            Done::Obeyed(Flow::Go) => Rest::Nothing,
            Done::Obeyed(Flow::Stop(reason)) => Rest::Stop(reason),
        }
    }

    /// One item is done with; whether that was enough since it last slept.
    #[inline]
    fn is_out_of_turn(&mut self) -> bool {
        current::settle(self.cell.head.serial(), None);
        self.handled = self.handled.wrapping_add(1);
        self.handled.is_multiple_of(BATCH)
    }

    /// The next item, or a pause.
    #[inline]
    fn look(&mut self) -> Poll<Result<Item<B::Message>, ExitReason>> {
        let next = self.next();
        if next.is_pending() {
            self.handled = 0;
        }
        next
    }

    /// The next item, or the reason to end without one.
    #[inline]
    fn next(&mut self) -> Poll<Result<Item<B::Message>, ExitReason>> {
        let Server { cell, inbox, .. } = self;
        loop {
            // An item missed here is found by the locked look before going to sleep, a kill missed here by
            // the wake-up it causes.
            let signals = cell.head.signals();
            if signals & KILL != 0 {
                return Poll::Ready(Err(ExitReason::Killed));
            }
            if let Some(handed) = cell.take_handed() {
                if let Some(message) = handed {
                    cell.set_idle(false);
                    return Poll::Ready(Ok(Item::User(message)));
                }
                // What else there is, is the carrier's: whoever queued it has woken it.
                cell.set_idle(true);
                self.state.about_to_sleep();
                return Poll::Pending;
            }
            if signals & URGENT != 0 {
                cell.head.lower(URGENT);
                inbox.urgent = true;
            }
            match cell.mailbox.next(inbox) {
                Next::Item(item) => {
                    cell.set_idle(false);
                    return Poll::Ready(Ok(item));
                }
                Next::Empty => {
                    cell.set_idle(!inbox.suspended);
                    self.state.about_to_sleep();
                    return Poll::Pending;
                }
                Next::Urgent(urgent) => {
                    inbox.suspended = matches!(urgent, Urgent::Suspend);
                }
            }
        }
    }
}

async fn obey<B: Behaviour>(cell: &Cell<B::Message>, state: &mut B, signal: Signal) -> Flow {
    let notice = match signal {
        Signal::Stop(reason) | Signal::Shutdown(reason) => {
            cell.head.mark_stopping();
            return state.stop(*reason).await;
        }
        Signal::Exit(signal) => {
            let stands = match (signal.over_link, cell.head.arc()) {
                (Some(peer), Some(me)) => me.use_link(peer),
                _ => true,
            };
            if !stands {
                return Flow::Go;
            }
            if !signal.trapped {
                let from_itself = signal.exit.from == Some(cell.head.pid());
                return match signal.exit.reason {
                    ExitReason::Normal if !from_itself => Flow::Go,
                    reason => state.stop(reason).await,
                };
            }
            Notice::Exit(signal.exit)
        }
        Signal::Down(down) => {
            let wanted = cell
                .head
                .arc()
                .is_some_and(|me| me.forget_monitor(down.monitor));
            if !wanted {
                return Flow::Go;
            }
            Notice::Down(*down)
        }
        Signal::Timer(timer) => Notice::Timer(timer),
        Signal::Child(child) => Notice::Child(*child),
    };
    state.notice(notice).await
}

fn yield_now() -> impl Future<Output = ()> {
    let mut yielded = false;
    poll_fn(move |cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
}
