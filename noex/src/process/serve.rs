//! How a process works: the next item, its handler, and what follows.

use super::activity::Doing;
use super::cell::Cell;
use super::events::SystemEventKind;
use super::exit::ExitReason;
use super::head::{Head, KILL, SUSPENDED, URGENT};
use super::life::{Behaviour, Flow, Notice, Now};
use super::mailbox::{Inbox, Item, Next};
use super::signal::{Signal, Urgent};
use super::step::{Ended, Step};
use super::{contain, current, waits};
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
    /// Items done with since the process last slept.
    handled: u32,
    /// Others shall have a chance before it goes on.
    pause: bool,
}

/// What interrupts the handling of messages on the spot.
enum Turn<M> {
    /// Nothing is left; the process sleeps.
    Asleep,
    /// Others shall have a chance.
    Pause,
    Due(Due<M>),
    Over(ExitReason),
}

/// What has to be awaited before the next message.
enum Due<M> {
    Await(M),
    Obey(Signal),
    /// A handler is over and asks for more, or failed.
    Settle(Result<(), ExitReason>),
}

impl<M> Turn<M> {
    #[inline(always)]
    fn begin(item: Item<M>) -> Result<M, Self> {
        match item {
            Item::User(message) => Ok(message),
            Item::Signal(signal) => Err(Turn::Due(Due::Obey(signal))),
        }
    }
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
        if let Ended::Failed(why) | Ended::Panicked(why) =
            Step::new(|| server.state.started()).await
        {
            return *why;
        }
        loop {
            waits::over(&server.cell.head);
            let work = match poll_fn(|cx| server.run(cx)).await {
                Ok(due) => server.begin(due),
                Err(reason) => return reason,
            };
            {
                let rest = match work.await {
                    Done::Handled(ended) => match server.conclude(ended) {
                        Ok(rest) => rest,
                        Err(why) => return *why,
                    },
                    Done::Else(Ended::Well) => None,
                    Done::Else(Ended::Failed(why) | Ended::Panicked(why)) => return *why,
                };
                if let Some(rest) = rest
                    && let Ended::Failed(why) | Ended::Panicked(why) = rest.await
                {
                    return *why;
                }
            }
            server.pause = server.is_done_with_turn();
        }
    }
}

/// What is awaited before the next message: a pointer, whatever it is.
enum Work<'a, H, O, T> {
    Handle(Step<H>, &'a Head),
    Obey(Step<O>, &'a Head),
    Settle(Step<T>),
}

enum Done {
    /// A message, which may ask for more.
    Handled(Ended),
    Else(Ended),
}

impl<H, O, T> Future for Work<'_, H, O, T>
where
    H: Future<Output = Result<(), ExitReason>>,
    O: Future<Output = Flow>,
    T: Future<Output = Flow>,
{
    type Output = Done;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Done> {
        match self.get_mut() {
            Work::Handle(work, head) => {
                let began = head.sampler.begin();
                let polled = timed(head, || Pin::new(work).poll(cx), Poll::is_ready);
                if let Some(began) = began {
                    head.end_sample(began);
                }
                polled.map(Done::Handled)
            }
            Work::Obey(work, head) => {
                timed(head, || Pin::new(work).poll(cx), Poll::is_ready).map(Done::Else)
            }
            Work::Settle(work) => Pin::new(work).poll(cx).map(Done::Else),
        }
    }
}

/// Measures a poll of a handler where the option `timing` says so. Whether the handler is over, `is_over` tells.
#[inline(always)]
fn timed<T>(head: &Head, poll: impl FnOnce() -> T, is_over: impl FnOnce(&T) -> bool) -> T {
    if !head.kind.options.timing {
        return poll();
    }
    let timing = head.timing();
    let began = timing.poll_begins();
    let polled = poll();
    timing.poll_ends(began, is_over(&polled));
    polled
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
            pause: false,
        }
    }

    /// Handles what is there and awaits nothing, without a future for it, until something is to be awaited; `Err` with the reason
    /// to end.
    ///
    /// A frame of its own: a panic searches each frame that it passes, and that of the process is large.
    #[inline(never)]
    fn run(&mut self, cx: &Context<'_>) -> Poll<Result<Due<B::Message>, ExitReason>> {
        if !std::mem::take(&mut self.pause) {
            match contain(|| self.handle_ready()) {
                Ok(Turn::Asleep) => {
                    self.handled = 0;
                    self.state.about_to_sleep();
                    return Poll::Pending;
                }
                Ok(Turn::Due(due)) => return Poll::Ready(Ok(due)),
                Ok(Turn::Over(reason)) | Err(reason) => return Poll::Ready(Err(reason)),
                Ok(Turn::Pause) => {}
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    #[inline(always)]
    fn handle_ready(&mut self) -> Turn<B::Message> {
        loop {
            let message = match self.next() {
                Ok(message) => message,
                Err(turn) => return turn,
            };
            let head = &self.cell.head;
            head.note_begin(Doing::handler(B::handler_index(&message)));
            // Measured now and then: so long is a caller kept that runs it.
            let began = head.sampler.begin();
            let is_over = |now: &Now<B::Message>| matches!(now, Now::Done(_));
            let now = timed(head, || self.state.handle_now(message), is_over);
            if let Some(began) = began {
                head.end_sample(began);
            }
            // Looked at where it lies: copying it costs more than the rest of this.
            if !matches!(now, Now::Done(Ok(()))) {
                return self.not_done(now);
            }
            head.counters.count_handled();
            if !self.state.is_settled() {
                return Turn::Due(Due::Settle(Ok(())));
            }
            if self.is_done_with_turn() {
                return Turn::Pause;
            }
        }
    }

    /// One item is done with; whether that was enough since it last slept.
    #[inline(always)]
    fn is_done_with_turn(&mut self) -> bool {
        let head = &self.cell.head;
        head.note_done();
        current::settle(head.serial(), None);
        self.handled = self.handled.wrapping_add(1);
        self.handled.is_multiple_of(BATCH)
    }

    #[cold]
    fn not_done(&self, now: Now<B::Message>) -> Turn<B::Message> {
        match now {
            Now::Await(message) => Turn::Due(Due::Await(message)),
            Now::Done(outcome) => {
                self.cell.head.counters.count_handled();
                Turn::Due(Due::Settle(outcome))
            }
        }
    }

    /// The next message, or what comes first.
    #[inline(always)]
    fn next(&mut self) -> Result<B::Message, Turn<B::Message>> {
        let Server { cell, inbox, .. } = self;
        loop {
            // An item missed here is found by the locked look before going to sleep, a kill missed here by
            // the wake-up it causes.
            let signals = cell.head.signals();
            if signals & KILL != 0 {
                return Err(Turn::Over(ExitReason::Killed));
            }
            if let Some(handed) = cell.take_handed() {
                // What else there is, is the carrier's: whoever queued it has woken it.
                if handed.is_none() {
                    cell.head.activity.set(Doing::NOTHING);
                }
                cell.set_idle(handed.is_none());
                return handed.ok_or(Turn::Asleep);
            }
            if signals & URGENT != 0 {
                cell.head.lower(URGENT);
                inbox.urgent = true;
            }
            if let Some(item) = cell.mailbox.next_of_batch(inbox) {
                return Turn::begin(item);
            }
            match cell.mailbox.next(inbox) {
                Next::Item(item) => {
                    cell.set_idle(false);
                    return Turn::begin(item);
                }
                Next::Empty => {
                    cell.set_idle(!inbox.suspended);
                    cell.head.activity.set(Doing::NOTHING);
                    return Err(Turn::Asleep);
                }
                Next::Urgent(Urgent::Suspend) => {
                    inbox.suspended = true;
                    cell.head.raise(SUSPENDED);
                    cell.head.note(|| SystemEventKind::Suspended);
                }
                Next::Urgent(Urgent::Resume) => {
                    inbox.suspended = false;
                    cell.head.lower(SUSPENDED);
                    cell.head.note(|| SystemEventKind::Resumed);
                }
                Next::Urgent(Urgent::Ask(question)) => {
                    cell.head.activity.set(Doing::SYSTEM_MESSAGE);
                    question.put(self.state.state());
                }
            }
        }
    }

    /// What is due, as something to be awaited.
    fn begin(
        &mut self,
        due: Due<B::Message>,
    ) -> Work<
        '_,
        impl Future<Output = Result<(), ExitReason>>,
        impl Future<Output = Flow>,
        impl Future<Output = Flow>,
    > {
        let (cell, state) = (self.cell, &mut *self.state);
        match due {
            Due::Await(message) => Work::Handle(Step::new(|| state.handle(message)), &cell.head),
            Due::Obey(signal) => {
                cell.head.note_begin(Doing::of(&signal));
                Work::Obey(Step::new(|| obey(cell, state, signal)), &cell.head)
            }
            Due::Settle(outcome) => Work::Settle(Step::new(|| state.settle(outcome))),
        }
    }

    /// What is left to do about a message that was awaited, or the reason to end.
    fn conclude(
        &mut self,
        ended: Ended,
    ) -> Result<Option<Step<impl Future<Output = Flow>>>, Box<ExitReason>> {
        self.cell.head.counters.count_handled();
        let outcome = match ended {
            Ended::Well if self.state.is_settled() => return Ok(None),
            Ended::Well => Ok(()),
            Ended::Failed(why) => Err(*why),
            Ended::Panicked(why) => return Err(why),
        };
        Ok(Some(Step::new(|| self.state.settle(outcome))))
    }
}

async fn obey<B: Behaviour>(cell: &Cell<B::Message>, state: &mut B, signal: Signal) -> Flow {
    let notice = match signal {
        Signal::Stop(reason) => {
            cell.head.mark_stopping();
            return state.stop(reason.into()).await;
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
