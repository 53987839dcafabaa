//! How a process works: the next item, its handler, and what follows.

use super::cell::{Cell, KILL, URGENT};
use super::current;
use super::exit::ExitReason;
use super::life::{Behaviour, Flow, Notice};
use super::mailbox::{Inbox, Item, Next};
use super::signal::{Signal, Urgent};
use super::step::{Ended, Step, at_once};
use super::waits;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

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
        if let Ended::Failed(why) | Ended::Panicked(why) = Step::new(|| server.state.started()).await
        {
            return *why;
        }
        loop {
            waits::over(&server.cell.head);
            let item = match server.next_of_batch() {
                Some(item) => item,
                None => match poll_fn(|_| server.look()).await {
                    Some(item) => item,
                    None => return ExitReason::Killed,
                },
            };
            let outcome = match item {
                Item::User(message) => {
                    let mut message = Some(message);
                    let ended = match server.handle_now(&mut message) {
                        Some(ended) => ended,
                        None => server.handle(message).await,
                    };
                    match ended {
                        Ended::Well if server.is_done() => None,
                        Ended::Well => Some(Ok(())),
                        Ended::Failed(why) => Some(Err(*why)),
                        Ended::Panicked(why) => return *why,
                    }
                }
                Item::Signal(signal) => match server.obey(signal).await {
                    Ended::Well => None,
                    Ended::Failed(why) | Ended::Panicked(why) => return *why,
                },
            };
            if let Some(outcome) = outcome {
                // What the handler asked for, or what its failure leads to.
                let rest = Step::new(|| server.state.settle(outcome));
                if let Ended::Failed(why) | Ended::Panicked(why) = rest.await {
                    return *why;
                }
            }
            if server.is_out_of_turn() {
                yield_now().await;
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

    /// Handles the message if nothing has to be awaited for it, else leaves it there.
    #[inline]
    fn handle_now(&mut self, message: &mut Option<B::Message>) -> Option<Ended> {
        // Measured now and then: so long is a caller kept that runs it.
        let began = self.cell.head.sampler.begin();
        let ended = at_once(self.state, message);
        if let Some(began) = began.filter(|_| ended.is_some()) {
            self.cell.head.sampler.end(began);
        }
        ended
    }

    /// Handles a message that was left.
    fn handle(&mut self, message: Option<B::Message>) -> impl Future<Output = Ended> {
        let (head, state) = (&self.cell.head, &mut *self.state);
        let mut work = message.map(|message| Step::new(|| state.handle(message)));
        poll_fn(move |cx| {
            let Some(work) = &mut work else {
                return Poll::Ready(Ended::Well);
            };
            let began = head.sampler.begin();
            let polled = Pin::new(work).poll(cx);
            if let Some(began) = began {
                head.sampler.end(began);
            }
            polled
        })
    }

    fn obey(&mut self, signal: Signal) -> Step<impl Future<Output = Flow>> {
        let (cell, state) = (self.cell, &mut *self.state);
        Step::new(|| obey(cell, state, signal))
    }

    /// A message has been handled well; whether nothing is left to do about it.
    #[inline]
    fn is_done(&mut self) -> bool {
        self.cell.head.counters.count_handled();
        self.state.is_settled()
    }

    /// One item is done with; whether that was enough since it last slept.
    #[inline]
    fn is_out_of_turn(&mut self) -> bool {
        current::settle(self.cell.head.serial(), None);
        self.handled = self.handled.wrapping_add(1);
        self.handled.is_multiple_of(BATCH)
    }

    /// The short way to the next item: unless something must come first, the batch has it.
    #[inline(always)]
    fn next_of_batch(&mut self) -> Option<Item<B::Message>> {
        if self.cell.head.signals() & (KILL | URGENT) != 0 {
            return None;
        }
        self.cell.mailbox.next_of_batch(self.inbox)
    }

    /// The next item, or a pause; `None` when killed.
    #[inline]
    fn look(&mut self) -> Poll<Option<Item<B::Message>>> {
        let next = self.next();
        if next.is_pending() {
            self.handled = 0;
            self.state.about_to_sleep();
        }
        next
    }

    #[inline]
    fn next(&mut self) -> Poll<Option<Item<B::Message>>> {
        let Server { cell, inbox, .. } = self;
        loop {
            // An item missed here is found by the locked look before going to sleep, a kill missed here by
            // the wake-up it causes.
            let signals = cell.head.signals();
            if signals & KILL != 0 {
                return Poll::Ready(None);
            }
            if let Some(handed) = cell.take_handed() {
                // What else there is, is the carrier's: whoever queued it has woken it.
                cell.set_idle(handed.is_none());
                return handed.map_or(Poll::Pending, |m| Poll::Ready(Some(Item::User(m))));
            }
            if signals & URGENT != 0 {
                cell.head.lower(URGENT);
                inbox.urgent = true;
            }
            match cell.mailbox.next(inbox) {
                Next::Item(item) => {
                    cell.set_idle(false);
                    return Poll::Ready(Some(item));
                }
                Next::Empty => {
                    cell.set_idle(!inbox.suspended);
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
