//! How a process lives and dies.
//!
//! | state | door | handler | state | names | terminal | left by |
//! |---|---|---|---|---|---|---|
//! | starting | open | init runs | not yet | held | - | init ends, panics, is killed or too late |
//! | serving | open | runs or waits | there | held | - | stop, error, panic, kill |
//! | closing | shut, queue drained and answered | dropped | there | held | - | at once |
//! | terminating | shut | - | there | held | - | `terminate` ends, panics or is killed |
//! | gone | shut | - | dropped | free | set, then supervisor, then links and monitors | never |

use super::cell::{ABORT_INIT, Cell, Head, KILL, URGENT};
use super::exit::{Down, Exit, ExitReason};
use super::mailbox::{Inbox, Item, Next};
use super::signal::{ChildSignal, Signal, Urgent};
use super::{contain, current, waits};
use crate::error::StartError;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

/// One poll of the body handles at most this many messages.
const BATCH: u32 = 128;

/// What a process does with what it receives. Its state is in here.
pub(crate) trait Behaviour: Sized {
    type Message: Send + 'static;
    /// The start is over when the behaviour says so, not when its state is there.
    const STARTS_LATE: bool = false;

    /// Runs before anything is received.
    fn started(&mut self) -> impl Future<Output = Flow>;

    fn handle(&mut self, message: Self::Message) -> impl Future<Output = Flow>;

    fn notice(&mut self, notice: Notice) -> impl Future<Output = Flow>;

    /// Asked to stop, in order with its messages.
    fn stop(&mut self, reason: ExitReason) -> impl Future<Output = Flow> {
        async { Flow::Stop(reason) }
    }

    /// Runs after the door is shut, unless the process was killed. An `Err` replaces the reason.
    fn terminate(&mut self, reason: &ExitReason) -> impl Future<Output = Result<(), ExitReason>>;

    /// Nothing is queued, or only what comes with a wake-up of its own.
    fn about_to_sleep(&mut self) {}
}

/// What reaches a behaviour beside messages.
#[derive(Debug)]
pub(crate) enum Notice {
    Down(Down),
    Exit(Exit),
    Timer(u64),
    Child(ChildSignal),
}

/// Whether to go on.
#[derive(Debug)]
pub(crate) enum Flow {
    Go,
    Stop(ExitReason),
}

/// The body of every process: init, then one message after the other, then the order of death. The
/// state lies in this frame, outside everything that unwinds.
pub(crate) async fn live<B, I>(cell: Arc<Cell<B::Message>>, init: I)
where
    B: Behaviour,
    I: Future<Output = Result<B, StartError>>,
{
    let mut inbox = Inbox::default();
    let born = {
        let mut init = pin!(Some(init));
        let born = until(&cell, KILL | ABORT_INIT, init.as_mut()).await;
        let reason = match &born {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(error.exit_reason()),
            Err(reason) => Some(reason.clone()),
        };
        over(&cell, reason.as_ref(), || init.set(None));
        born
    };
    let mut state = match born {
        Ok(Ok(state)) => state,
        Ok(Err(error)) => return unborn(&cell, inbox, error.exit_reason(), Some(error)),
        Err(reason) => return unborn(&cell, inbox, reason, None),
    };
    if !B::STARTS_LATE {
        cell.head.report_started();
    }

    let mut reason = {
        let mut serving = pin!(Some(serve(&cell, &mut state, &mut inbox)));
        let reason = until_killed(&cell, serving.as_mut())
            .await
            .unwrap_or_else(|reason| reason);
        // A killed process refuses before its handler is dropped; else the handler is over already.
        cell.mailbox.shut();
        over(&cell, Some(&reason), || serving.set(None));
        reason
    };

    // 1. The door is shut; what was admitted is answered with the reason.
    let left = cell.mailbox.drain(&mut inbox);
    current::dying(&reason, || cell.discard(left));

    // 2. Terminate.
    if reason != ExitReason::Killed {
        let why = reason.clone();
        let mut ending = pin!(Some(state.terminate(&why)));
        match until_killed(&cell, ending.as_mut()).await {
            Ok(Ok(())) => {}
            Ok(Err(instead)) | Err(instead) => reason = instead,
        }
        over(&cell, Some(&reason), || ending.set(None));
    }

    // 3. The state.
    let dropped = current::dying(&reason, || contain(|| drop(state)));
    if let Err(panic) = dropped
        && reason.is_clean()
    {
        reason = panic;
    }
    // 4. and on.
    report(&cell.head, &reason);
    cell.head.depart(reason);
}

/// The last steps of a process whose state is gone and whose door is shut.
pub(super) fn bury<M: Send + 'static>(cell: &Cell<M>, mut inbox: Inbox<M>, reason: ExitReason) {
    let left = cell.mailbox.drain(&mut inbox);
    current::dying(&reason, || cell.discard(left));
    report(&cell.head, &reason);
    cell.head.depart(reason);
}

/// The end of a process that never began.
fn unborn<M: Send + 'static>(
    cell: &Arc<Cell<M>>,
    mut inbox: Inbox<M>,
    reason: ExitReason,
    error: Option<StartError>,
) {
    cell.mailbox.shut();
    let left = cell.mailbox.drain(&mut inbox);
    current::dying(&reason, || cell.discard(left));
    if let Some(error) = error {
        cell.head.extras(|e| {
            e.start_error.get_or_insert(error);
        });
    }
    cell.head.depart(reason);
}

/// Drops a future of the process's own, which is over or cut short, and settles the tokens it dropped.
pub(super) fn over<M: Send + 'static>(
    cell: &Cell<M>,
    reason: Option<&ExitReason>,
    drop_it: impl FnOnce(),
) {
    current::settle(cell.head.serial(), reason);
    match reason {
        Some(reason) => current::dying(reason, || drop(contain(drop_it))),
        None => drop(contain(drop_it)),
    }
}

/// Polls a future of the process's own until it is done, panics or the process is killed.
pub(super) async fn until_killed<M: Send + 'static, F: Future>(
    cell: &Cell<M>,
    future: Pin<&mut Option<F>>,
) -> Result<F::Output, ExitReason> {
    until(cell, KILL, future).await
}

/// The same, but for the signals of `mask`.
async fn until<M: Send + 'static, F: Future>(
    cell: &Cell<M>,
    mask: u32,
    mut future: Pin<&mut Option<F>>,
) -> Result<F::Output, ExitReason> {
    poll_fn(|cx| {
        let signals = cell.head.signals();
        if signals & mask != 0 {
            return Poll::Ready(Err(ExitReason::Killed));
        }
        let Some(future) = future.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        let looks = waits::poll_begins(&cell.head, signals);
        let polled = contain(|| future.poll(cx));
        waits::poll_ends(&cell.head, looks);
        match polled {
            Ok(Poll::Ready(done)) => Poll::Ready(Ok(done)),
            Err(panic) => Poll::Ready(Err(panic)),
            Ok(Poll::Pending) => {
                // The handler's poll is over and the server lives.
                current::settle(cell.head.serial(), None);
                Poll::Pending
            }
        }
    })
    .await
}

/// Message after message until something ends it.
async fn serve<B: Behaviour>(
    cell: &Arc<Cell<B::Message>>,
    state: &mut B,
    inbox: &mut Inbox<B::Message>,
) -> ExitReason {
    let head = &cell.head;
    if let Flow::Stop(reason) = state.started().await {
        return reason;
    }
    let mut handled = 0;
    loop {
        waits::over(head);
        let item = match next(cell, inbox, &mut || state.about_to_sleep()).await {
            Ok(item) => item,
            Err(reason) => return reason,
        };
        let flow = match item {
            Item::User(message) => {
                let began = head.sampler.begin();
                let flow = state.handle(message).await;
                if let Some(began) = began {
                    head.sampler.end(began);
                }
                head.counters.count_handled();
                flow
            }
            Item::Signal(signal) => obey(cell, state, signal).await,
        };
        if let Flow::Stop(reason) = flow {
            return reason;
        }
        current::settle(head.serial(), None);
        handled += 1;
        if handled % BATCH == 0 {
            yield_now().await;
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
                return match signal.exit.reason {
                    ExitReason::Normal => Flow::Go,
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

/// The next item, or the reason to end without one.
#[inline]
async fn next<M: Send + 'static>(
    cell: &Cell<M>,
    inbox: &mut Inbox<M>,
    about_to_sleep: &mut impl FnMut(),
) -> Result<Item<M>, ExitReason> {
    let mut more_urgent = false;
    poll_fn(|_| {
        loop {
            // An item missed here is found by the locked look before going to sleep, a kill missed here by
            // the wake-up it causes.
            let signals = cell.head.signals();
            if signals & KILL != 0 {
                return Poll::Ready(Err(ExitReason::Killed));
            }
            if cell.is_visited() {
                cell.set_idle(false);
                if let Some(message) = cell.take_handed() {
                    return Poll::Ready(Ok(Item::User(message)));
                }
                // What else there is, is the carrier's: whoever queued it has woken it.
                cell.set_idle(true);
                about_to_sleep();
                return Poll::Pending;
            }
            if signals & URGENT != 0 {
                cell.head.lower(URGENT);
            }
            let urgent = signals & URGENT != 0 || std::mem::take(&mut more_urgent);
            match cell.mailbox.next(inbox, urgent) {
                Next::Item(item) => {
                    cell.set_idle(false);
                    return Poll::Ready(Ok(item));
                }
                Next::Empty => {
                    cell.set_idle(!inbox.suspended);
                    about_to_sleep();
                    return Poll::Pending;
                }
                Next::Urgent(urgent) => {
                    more_urgent = true;
                    inbox.suspended = matches!(urgent, Urgent::Suspend);
                }
            }
        }
    })
    .await
}

/// Tells of an unclean end, once.
fn report(head: &Head, reason: &ExitReason) {
    if reason.is_clean() {
        tracing::debug!(target: "noex::lifecycle", pid = %head.pid(), server = head.kind.type_name, %reason, "process ended");
        return;
    }
    let name = head.look(|e| e.and_then(|e| e.names.first().cloned()));
    tracing::error!(
        target: "noex::crash",
        pid = %head.pid(),
        server = head.kind.type_name,
        name = name.as_ref().map(tracing::field::display),
        %reason,
        handled = head.counters.handled(),
        "process crashed"
    );
}

async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
